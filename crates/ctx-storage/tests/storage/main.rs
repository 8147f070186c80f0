//! What the store promises, feature by feature.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop")]

mod disk_full;
mod journal;
mod kill;
mod opening;
mod purging;
mod sealing;
mod setup;
mod travelling;
mod views;
