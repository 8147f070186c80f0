//! What past commits say.

use std::{ops::ControlFlow, path::Path, time::Duration};

use ctx_model::project::Commit;

/// Where a look at the history ends at the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryLimits {
    /// Commits to visit, known ones and merges included.
    pub max_commits: usize,
    /// Commits that change more files are passed over: imports and
    /// reformatting say nothing about a file.
    pub max_files_per_commit: usize,
    /// Time to spend.
    pub budget: Duration,
    /// What is behind a known commit.
    pub past_known: PastKnown,
}

impl Default for HistoryLimits {
    /// 20,000 commits, 60 files each, 10 seconds, stopping at known commits.
    fn default() -> HistoryLimits {
        HistoryLimits {
            max_commits: 20_000,
            max_files_per_commit: 60,
            budget: Duration::from_secs(10),
            past_known: PastKnown::Stop,
        }
    }
}

/// What to do behind a known commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PastKnown {
    /// Its ancestors are known too, as far as they matter.
    Stop,
    /// An earlier look may have ended before them.
    Continue,
}

/// Why a look at the history ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryEnd {
    /// Everything was visited (or there is no repository).
    Complete,
    /// `max_commits` were visited.
    CommitLimit,
    /// The time was used up.
    TimeLimit,
    /// `each` said so.
    Stopped,
}

/// Why the history could not be read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The repository can't be opened.
    #[error("could not open the git repository of `{root}`")]
    Open {
        /// The project's root.
        root: std::path::PathBuf,
        /// Git's reason.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A commit can't be read.
    #[error("could not read commit {id}")]
    Commit {
        /// Its name.
        id: String,
        /// Git's reason.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Calls `each` with the commits behind `HEAD`, newest first: no merges, none
/// that `known` knows (by full hexadecimal name), none without a path inside
/// the project at `root`.
pub fn recent_commits(
    _root: &Path,
    _limits: HistoryLimits,
    _known: &dyn Fn(&str) -> bool,
    _each: &mut dyn FnMut(Commit) -> ControlFlow<()>,
) -> Result<HistoryEnd, HistoryError> {
    Ok(HistoryEnd::Complete)
}
