//! Callers and callees.

use serde::{Deserialize, Serialize};

use ctx_engine::{answer, request};

use super::symbol::SymbolRef;

fn default_depth() -> u32 {
    1
}

fn default_limit() -> usize {
    500
}

/// Walk calls from a symbol.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallsRequest {
    /// Bare, qualified or `path:line`.
    pub name: String,
    /// How many calls away at most, from 1.
    #[serde(default = "default_depth", deserialize_with = "super::depth")]
    pub depth: u32,
    /// At most this many edges.
    #[serde(default = "default_limit", deserialize_with = "super::limit")]
    pub limit: usize,
}

impl From<CallsRequest> for request::CallsRequest {
    fn from(request: CallsRequest) -> request::CallsRequest {
        request::CallsRequest { name: request.name, depth: request.depth, limit: request.limit }
    }
}

/// A call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallEdge {
    /// Qualified name of who calls.
    pub from: String,
    /// Qualified name of who is called.
    pub to: String,
    /// The file of the call.
    pub path: String,
    /// Line of the call, from 1.
    pub line: u32,
    /// Column of the call in UTF-8 bytes, from 1; 0 from an older daemon.
    #[serde(default)]
    pub col: u32,
    /// The rule that bound it.
    pub how: String,
    /// 0 to 1.
    pub confidence: f64,
    /// How many definitions that call may reach.
    pub candidates: u32,
    /// How many calls away from the symbol asked for.
    pub depth: u32,
    /// Where the caller is defined.
    pub from_symbol: SymbolRef,
    /// Where the called is defined.
    pub to_symbol: SymbolRef,
}

impl From<answer::CallEdge> for CallEdge {
    fn from(edge: answer::CallEdge) -> CallEdge {
        CallEdge {
            from: edge.from.qualified.clone(),
            to: edge.to.qualified.clone(),
            path: edge.path,
            line: edge.line,
            col: edge.col,
            how: edge.how.name().into(),
            confidence: edge.confidence,
            candidates: edge.candidates,
            depth: edge.depth,
            from_symbol: edge.from.into(),
            to_symbol: edge.to.into(),
        }
    }
}

/// Calls into or out of a symbol, nearest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CallsAnswer {
    /// The definitions that the name was taken for.
    pub subjects: Vec<SymbolRef>,
    /// Calls.
    pub edges: Vec<CallEdge>,
    /// Calls of the same bare name whose target is not known.
    pub unresolved_same_name: u64,
    /// Calls whose target is not known in the functions whose calls were asked
    /// for; left out if callers were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unresolved_calls: Option<UnresolvedCalls>,
    /// Calls of methods that a subject takes the place of: each may run it.
    #[serde(default)]
    pub overridden_calls: u64,
    /// Whether these are all.
    pub complete: bool,
}

/// Calls whose target is not known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnresolvedCalls {
    /// How many.
    pub total: u64,
    /// The first of them.
    pub sites: Vec<UnresolvedCall>,
}

impl From<answer::UnresolvedCalls> for UnresolvedCalls {
    fn from(calls: answer::UnresolvedCalls) -> UnresolvedCalls {
        UnresolvedCalls {
            total: calls.total,
            sites: calls.sites.into_iter().map(UnresolvedCall::from).collect(),
        }
    }
}

/// A call whose target is not known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnresolvedCall {
    /// What is called, as it is written.
    pub name: String,
    /// The file of the call.
    pub path: String,
    /// Line of the call, from 1.
    pub line: u32,
}

impl From<answer::UnresolvedCall> for UnresolvedCall {
    fn from(call: answer::UnresolvedCall) -> UnresolvedCall {
        UnresolvedCall { name: call.name, path: call.path, line: call.line }
    }
}

impl From<answer::CallsAnswer> for CallsAnswer {
    fn from(answer: answer::CallsAnswer) -> CallsAnswer {
        CallsAnswer {
            subjects: answer.subjects.into_iter().map(SymbolRef::from).collect(),
            edges: answer.edges.into_iter().map(CallEdge::from).collect(),
            unresolved_same_name: answer.unresolved_same_name,
            unresolved_calls: answer.unresolved_calls.map(UnresolvedCalls::from),
            overridden_calls: answer.overridden_calls,
            complete: answer.complete,
        }
    }
}
