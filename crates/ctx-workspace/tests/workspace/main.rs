//! What a project looks like from outside, on real folders.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop")]

mod git;
mod history;
mod read;
mod tree;
mod walk;
mod watch;
