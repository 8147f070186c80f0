//! A project's files and git history as snapshots, and watching them change.
//!
//! Owns every look at a project's folder: where it begins ([`root`]), which
//! files belong to it ([`mod@walk`], [`membership`]), their text ([`mod@read`]),
//! what differs from last time ([`compare`]), where git stands ([`git`], [`head`]),
//! what its history says ([`history`]) and being told of changes ([`watch`]). Never
//! writes there, never runs anything found there, never follows a link, never
//! looks outside.

pub mod compare;
mod content;
mod folder;
pub mod git;
pub mod head;
pub mod history;
pub mod membership;
mod names;
pub mod read;
mod repository;
pub mod root;
mod rules;
mod tree_diff;
pub mod walk;
pub mod watch;

pub use compare::{Changes, changes, stamp_of};
pub use git::{GitState, commit_time, git_state};
pub use head::{HeadFiles, HeadMark};
pub use history::{HistoryEnd, HistoryError, HistoryLimits, PastKnown, recent_commits};
pub use membership::{Found, look};
pub use read::{Encoding, Reader, SourceText, file_lines, read};
pub use root::enclosing_project;
pub use walk::{Walk, WalkError, WalkOptions, walk};
pub use watch::{Change, Watch, WatchError, WatchMode, WatchOptions};
