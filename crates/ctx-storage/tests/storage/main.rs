//! What the store promises, feature by feature.

mod setup;
mod views;
mod opening;
mod sealing;
mod journal;
mod purging;
mod travelling;
mod disk_full;
mod kill;
