//! How much of the project an answer knows.

use serde::{Deserialize, Serialize};

use ctx_engine::answer;

/// How much of the project an answer knows, and how old that knowledge is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Freshness {
    /// The commit checked out when the project was last indexed.
    pub indexed_commit: Option<String>,
    /// The branch checked out then.
    pub branch: Option<String>,
    /// Files changed since; at most a hundred.
    pub stale_files: Vec<String>,
    /// How many there are.
    pub stale_file_count: u64,
    /// Files that answers draw on.
    pub indexed_files: u64,
    /// Files that the project has.
    pub total_files: u64,
    /// Whether every file is indexed as it is now, as far as is known.
    pub complete: bool,
    /// Whether indexing runs now.
    pub indexing: bool,
    /// Whether another commit or branch is checked out than was indexed: which
    /// files differ is not known yet. A watched project catches up by itself.
    #[serde(default)]
    pub head_moved: bool,
}

impl From<answer::Freshness> for Freshness {
    fn from(freshness: answer::Freshness) -> Freshness {
        Freshness {
            indexed_commit: freshness.indexed_commit,
            branch: freshness.branch,
            stale_files: freshness.stale_files,
            stale_file_count: freshness.stale_file_count as u64,
            indexed_files: freshness.indexed_files,
            total_files: freshness.total_files,
            complete: freshness.complete,
            indexing: freshness.indexing,
            head_moved: freshness.head_moved,
        }
    }
}

/// An answer's own fields, with its freshness beside them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer<T> {
    /// The answer.
    #[serde(flatten)]
    pub content: T,
    /// How much of the project it knows.
    pub freshness: Freshness,
}

impl<D, T: From<D>> From<answer::Answer<D>> for Answer<T> {
    fn from(answer: answer::Answer<D>) -> Answer<T> {
        Answer { content: answer.content.into(), freshness: answer.freshness.into() }
    }
}
