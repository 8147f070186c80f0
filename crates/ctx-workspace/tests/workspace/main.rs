//! What a project looks like from outside, on real folders.

mod git;
mod history;
mod read;
mod tree;
mod walk;
mod watch;
