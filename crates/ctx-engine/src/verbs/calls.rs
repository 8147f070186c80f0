//! `callers` and `callees`: calls into and out of a symbol.

use std::path::Path;

use ctx_graph::question::{
    CALLS, Direction, edges_to, overridden, unknown_calls, unresolved_named, walk,
};
use ctx_graph::{CodeGraph, SymbolRef as Symbol, Unit};
use rustc_hash::FxHashSet;

use super::given::named;
use super::places::{confidence, place};
use crate::answer::{Answer, CallEdge, CallsAnswer, UnresolvedCall, UnresolvedCalls};
use crate::host::{Engine, Result};
use crate::project::{Project, Snapshot};
use crate::request::{Caller, CallsRequest};
use crate::tally::Count;

/// How many calls without a known target are told one by one.
const MOST_SITES: usize = 10;

impl Engine {
    /// Calls into a symbol.
    pub fn callers(
        &self,
        caller: &Caller,
        root: &Path,
        request: &CallsRequest,
    ) -> Result<Answer<CallsAnswer>> {
        self.calls(caller, root, request, Direction::Inwards)
    }

    /// Calls out of a symbol.
    pub fn callees(
        &self,
        caller: &Caller,
        root: &Path,
        request: &CallsRequest,
    ) -> Result<Answer<CallsAnswer>> {
        self.calls(caller, root, request, Direction::Outwards)
    }

    fn calls(
        &self,
        caller: &Caller,
        root: &Path,
        request: &CallsRequest,
        direction: Direction,
    ) -> Result<Answer<CallsAnswer>> {
        let (project, snapshot) = self.reading(caller, root)?;
        let graph = &snapshot.graph;
        let subjects = named(&project, &snapshot, &request.name)?;
        let (depth, limit) = (request.depth.max(1), request.limit);
        let walked = walk(graph, &subjects, &CALLS, direction, depth, limit);
        let edges = walked
            .met
            .iter()
            .map(|met| CallEdge {
                from: place(graph, met.edge.from),
                to: place(graph, met.edge.to),
                path: graph.node(met.edge.from.file).map_or(String::new(), |n| n.path.to_string()),
                line: met.edge.at.line,
                col: met.edge.at.column,
                how: met.edge.how,
                confidence: confidence(met.edge.how, met.edge.candidates),
                candidates: met.edge.candidates,
                depth: met.depth,
            })
            .collect();
        let freshness = project.freshness(&snapshot);
        let unresolved_same_name = subjects
            .first()
            .and_then(|symbol| graph.symbol(*symbol))
            .map_or(0, |(node, symbol)| unresolved_named(graph, node.name(symbol)));
        let unresolved_calls = match direction {
            Direction::Inwards => None,
            Direction::Outwards => {
                Some(self.unresolved_calls(&project, &snapshot, &walked.followed))
            }
        };
        // Calls of the name may be calls of the symbol; of whom it calls, only
        // its own calls tell.
        let unknown = match &unresolved_calls {
            None => unresolved_same_name > 0,
            Some(calls) => calls.total > 0,
        };
        let overridden_calls = match direction {
            Direction::Inwards => calls_of_overridden(graph, &subjects),
            Direction::Outwards => 0,
        };
        let answer = CallsAnswer {
            subjects: subjects.iter().map(|symbol| place(graph, *symbol)).collect(),
            edges,
            unresolved_same_name,
            unresolved_calls,
            overridden_calls,
            complete: !walked.cut && freshness.complete && !unknown && overridden_calls == 0,
        };
        let question = match direction {
            Direction::Inwards => Count::Callers,
            Direction::Outwards => Count::Callees,
        };
        let receipt = self.receipt(question, &project, &snapshot);
        Ok(Answer { content: answer, freshness, receipt })
    }

    /// Calls in some functions whose targets no rule tells.
    fn unresolved_calls(
        &self,
        project: &Project,
        snapshot: &Snapshot,
        functions: &FxHashSet<Symbol>,
    ) -> UnresolvedCalls {
        let graph = &snapshot.graph;
        let calls = unknown_calls(graph, functions);
        let mut sites = Vec::new();
        let mut facts: Option<(u32, Unit)> = None;
        for (around, called) in calls.iter().take(MOST_SITES) {
            if facts.as_ref().is_none_or(|(file, _)| *file != around.file) {
                facts = self.unit(project, snapshot, around.file).map(|u| (around.file, u));
            }
            let site = facts.as_ref().and_then(|(_, unit)| {
                let at = unit.facts.expressions.get(*called as usize)?.at;
                let path = graph.node(around.file)?.path.to_string();
                Some(UnresolvedCall { name: unit.called(*called), path, line: at.line })
            });
            sites.extend(site);
        }
        UnresolvedCalls { total: calls.len() as u64, sites }
    }
}

/// How many calls are bound to methods that some symbols take the place of, and
/// that were not asked about themselves.
pub(super) fn calls_of_overridden(graph: &CodeGraph, subjects: &[Symbol]) -> u64 {
    let replaced: FxHashSet<Symbol> = subjects
        .iter()
        .flat_map(|subject| overridden(graph, *subject))
        .filter(|method| !subjects.contains(method))
        .collect();
    if replaced.is_empty() { 0 } else { edges_to(graph, &replaced, &CALLS).len() as u64 }
}
