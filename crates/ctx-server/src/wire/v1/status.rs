//! How a project stands.

use serde::{Deserialize, Serialize};

use ctx_engine::answer;

use super::freshness::Freshness;
use super::index::EdgeCounts;
use super::rfc3339;

/// How a project stands; its freshness lies flat among the other fields.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatusAnswer {
    /// The project's id.
    pub project: String,
    /// Its root.
    pub root: String,
    /// How much of it is known.
    #[serde(flatten)]
    pub freshness: Freshness,
    /// When it was last indexed.
    pub indexed_at: Option<String>,
    /// Definitions known.
    pub symbols: u64,
    /// Edges known.
    pub edges: EdgeCounts,
    /// Memories that were not forgotten.
    pub memories: u64,
    /// What its views and facts take on disk.
    pub index_bytes: u64,
    /// Resident memory of the process that answered.
    pub rss_bytes: u64,
    /// Whether its files are watched.
    pub watching: bool,
    /// `open`, `unlocked` or `locked`.
    pub seal: String,
}

impl From<answer::Answer<answer::Status>> for StatusAnswer {
    fn from(answer: answer::Answer<answer::Status>) -> StatusAnswer {
        let status = answer.content;
        StatusAnswer {
            project: status.project.to_string(),
            root: status.root.to_string_lossy().into_owned(),
            freshness: answer.freshness.into(),
            indexed_at: status.indexed_at.map(rfc3339),
            symbols: status.symbols,
            edges: status.edges.into(),
            memories: status.memories,
            index_bytes: status.index_bytes,
            rss_bytes: status.rss_bytes,
            watching: status.watching,
            seal: status.seal.name().into(),
        }
    }
}
