//! Finding the code that prose is about.

use serde::{Deserialize, Serialize};

use ctx_engine::{answer, request};

use super::milliseconds;

fn default_limit() -> usize {
    10
}

/// Find the code that a bug report or a feature wish is about.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocateRequest {
    /// Prose.
    pub query: String,
    /// At most this many files, and as many symbols.
    #[serde(default = "default_limit", deserialize_with = "super::limit")]
    pub limit: usize,
}

impl From<LocateRequest> for request::LocateRequest {
    fn from(request: LocateRequest) -> request::LocateRequest {
        request::LocateRequest { query: request.query, limit: request.limit }
    }
}

/// A file that prose may be about.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LocatedFile {
    /// The file.
    pub path: String,
    /// Higher is better.
    pub score: f64,
    /// What spoke for it.
    pub why: Vec<String>,
}

/// A definition that prose may be about.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LocatedSymbol {
    /// Qualified name.
    pub qualified: String,
    /// Kind.
    pub kind: String,
    /// The file it is in.
    pub path: String,
    /// Line of its name, from 1.
    pub line: u32,
    /// Last line of its body.
    pub end_line: u32,
    /// Higher is better.
    pub score: f64,
    /// What spoke for it.
    pub why: Vec<String>,
}

/// Where prose leads, best first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LocateAnswer {
    /// Files.
    pub files: Vec<LocatedFile>,
    /// Definitions.
    pub symbols: Vec<LocatedSymbol>,
    /// Wall time.
    pub elapsed_ms: f64,
}

impl From<answer::LocateAnswer> for LocateAnswer {
    fn from(answer: answer::LocateAnswer) -> LocateAnswer {
        let file = |file: answer::LocatedFile| LocatedFile {
            path: file.path,
            score: file.score,
            why: file.why,
        };
        let symbol = |located: answer::LocatedSymbol| LocatedSymbol {
            qualified: located.symbol.qualified,
            kind: located.symbol.kind,
            path: located.symbol.path,
            line: located.symbol.line,
            end_line: located.symbol.end_line,
            score: located.score,
            why: located.why,
        };
        LocateAnswer {
            files: answer.files.into_iter().map(file).collect(),
            symbols: answer.symbols.into_iter().map(symbol).collect(),
            elapsed_ms: milliseconds(answer.elapsed),
        }
    }
}
