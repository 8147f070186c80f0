//! Finding code by words.

use serde::{Deserialize, Serialize};

use ctx_engine::{answer, request};

fn default_limit() -> usize {
    20
}

/// Find code by words.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    /// Words, identifiers or parts of them.
    pub query: String,
    /// At most this many hits.
    #[serde(default = "default_limit", deserialize_with = "super::limit")]
    pub limit: usize,
    /// Only definitions of this kind.
    #[serde(default)]
    pub kind: Option<String>,
    /// Only files that match this glob.
    #[serde(default)]
    pub path: Option<String>,
}

impl From<SearchRequest> for request::SearchRequest {
    fn from(request: SearchRequest) -> request::SearchRequest {
        request::SearchRequest {
            query: request.query,
            limit: request.limit,
            kind: request.kind,
            path: request.path,
        }
    }
}

/// Something that a search found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Hit {
    /// The file it is in.
    pub path: String,
    /// First line, from 1.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// Qualified name of the definition it is, or lies in.
    pub symbol: Option<String>,
    /// The definition's kind, or `file`.
    pub kind: String,
    /// Higher is better.
    pub score: f64,
    /// What spoke for it.
    pub why: Vec<String>,
    /// A few lines of its text.
    pub snippet: String,
}

impl From<answer::Hit> for Hit {
    fn from(hit: answer::Hit) -> Hit {
        Hit {
            path: hit.path,
            line: hit.line,
            end_line: hit.end_line,
            symbol: hit.symbol,
            kind: hit.kind,
            score: hit.score,
            why: hit.why,
            snippet: hit.snippet,
        }
    }
}

/// What a search found, best first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SearchAnswer {
    /// Hits.
    pub hits: Vec<Hit>,
    /// What of the question meant nothing here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl From<answer::SearchAnswer> for SearchAnswer {
    fn from(answer: answer::SearchAnswer) -> SearchAnswer {
        SearchAnswer { hits: answer.hits.into_iter().map(Hit::from).collect(), notes: answer.notes }
    }
}
