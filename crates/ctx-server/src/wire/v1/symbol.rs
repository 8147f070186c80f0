//! Definitions.

use serde::{Deserialize, Serialize};

use ctx_engine::{answer, request};

fn default_limit() -> usize {
    50
}

/// Find definitions by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymbolRequest {
    /// Bare, qualified or `path:line`.
    pub name: String,
    /// At most this many.
    #[serde(default = "default_limit", deserialize_with = "super::limit")]
    pub limit: usize,
}

impl From<SymbolRequest> for request::SymbolRequest {
    fn from(request: SymbolRequest) -> request::SymbolRequest {
        request::SymbolRequest { name: request.name, limit: request.limit }
    }
}

/// A definition, as much of it as other answers need.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SymbolRef {
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
}

impl From<answer::SymbolRef> for SymbolRef {
    fn from(symbol: answer::SymbolRef) -> SymbolRef {
        SymbolRef {
            qualified: symbol.qualified,
            kind: symbol.kind,
            path: symbol.path,
            line: symbol.line,
            end_line: symbol.end_line,
        }
    }
}

/// A definition.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Symbol {
    /// Stays the same while its qualified name, kind and file do.
    pub id: String,
    /// Bare name.
    pub name: String,
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
    /// As written, on one line.
    pub signature: String,
    /// Doc comment.
    pub doc: Option<String>,
    /// As the language has it.
    pub visibility: String,
}

impl From<answer::Symbol> for Symbol {
    fn from(symbol: answer::Symbol) -> Symbol {
        Symbol {
            id: symbol.id,
            name: symbol.name,
            qualified: symbol.place.qualified,
            kind: symbol.place.kind,
            path: symbol.place.path,
            line: symbol.place.line,
            end_line: symbol.place.end_line,
            signature: symbol.signature,
            doc: symbol.doc,
            visibility: symbol.visibility,
        }
    }
}

/// Definitions with a name, best first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SymbolAnswer {
    /// Definitions.
    pub symbols: Vec<Symbol>,
    /// Names close to one that no definition has.
    #[serde(default)]
    pub near: Vec<String>,
}

impl From<answer::SymbolAnswer> for SymbolAnswer {
    fn from(answer: answer::SymbolAnswer) -> SymbolAnswer {
        SymbolAnswer {
            symbols: answer.symbols.into_iter().map(Symbol::from).collect(),
            near: answer.near,
        }
    }
}
