//! A map of the project.

use serde::{Deserialize, Serialize};

use ctx_engine::{answer, request};

use super::symbol::SymbolRef;

fn default_tokens() -> usize {
    2_000
}

/// Draw a map of the project.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MapRequest {
    /// At most this many tokens of text.
    #[serde(default = "default_tokens", deserialize_with = "super::tokens")]
    pub tokens: usize,
    /// Paths or symbols that the reader cares about most.
    #[serde(default)]
    pub focus: Vec<String>,
}

impl From<MapRequest> for request::MapRequest {
    fn from(request: MapRequest) -> request::MapRequest {
        request::MapRequest { tokens: request.tokens, focus: request.focus }
    }
}

/// A file on the map.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MapFile {
    /// The file.
    pub path: String,
    /// Higher is more central.
    pub rank: f64,
    /// Its definitions that the map shows.
    pub symbols: Vec<SymbolRef>,
}

/// A map of the project.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MapAnswer {
    /// For reading.
    pub text: String,
    /// About how many tokens the text takes.
    pub tokens: usize,
    /// What the text shows, in the same order.
    pub files: Vec<MapFile>,
    /// How many files found no room.
    pub omitted_files: u64,
    /// What of the question meant nothing here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl From<answer::MapAnswer> for MapAnswer {
    fn from(answer: answer::MapAnswer) -> MapAnswer {
        let file = |file: answer::MapFile| MapFile {
            path: file.path,
            rank: file.rank,
            symbols: file.symbols.into_iter().map(SymbolRef::from).collect(),
        };
        MapAnswer {
            text: answer.text,
            tokens: answer.tokens,
            files: answer.files.into_iter().map(file).collect(),
            omitted_files: answer.omitted_files,
            notes: answer.notes,
        }
    }
}
