//! Symbols of the graph as answers name them.

use ctx_graph::{CodeGraph, SymbolRef as Symbol};
use ctx_model::edge::How;

use crate::answer::SymbolRef;

/// A symbol, or a whole file, as an answer names it.
pub(super) fn place(graph: &CodeGraph, symbol: Symbol) -> SymbolRef {
    let Some(node) = graph.node(symbol.file) else {
        return SymbolRef {
            qualified: String::new(),
            kind: "file".into(),
            path: String::new(),
            line: 1,
            end_line: 1,
        };
    };
    match node.symbol(symbol.definition) {
        Some(found) => SymbolRef {
            qualified: node.qualified(symbol.definition),
            kind: found.kind.name().into(),
            path: node.path.to_string(),
            line: found.line,
            end_line: found.end_line,
        },
        None => SymbolRef {
            qualified: graph.qualified(symbol),
            kind: "file".into(),
            path: node.path.to_string(),
            line: 1,
            end_line: node.lines.max(1),
        },
    }
}

/// How sure a rule is, 0 to 1.
pub(super) fn confidence(how: How, candidates: u32) -> f64 {
    let sure = match how {
        How::Syntax => 1.0,
        How::Scope | How::Import | How::Package => 0.98,
        How::SelfType => 0.95,
        How::ReceiverType => 0.94,
        How::Wildcard => 0.92,
        How::Inferred => 0.85,
    };
    sure / f64::from(candidates.max(1))
}
