//! `callers` and `callees`: calls into and out of a symbol.

use std::path::Path;

use ctx_graph::question::{CALLS, Direction, unresolved_named, walk};
use ctx_graph::{CodeGraph, SymbolRef as Symbol};
use ctx_model::facts::DefinitionKind;

use super::places::{confidence, place};
use crate::answer::{Answer, CallEdge, CallsAnswer};
use crate::host::{Engine, Result};
use crate::request::{Caller, CallsRequest};
use crate::tally::Count;

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
        let subjects = self.named(&project, &snapshot, &request.name)?;
        let with_inner = with_inner_functions(graph, &subjects, direction);
        let (met, cut) =
            walk(graph, &with_inner, &CALLS, direction, request.depth.max(1), request.limit);
        let edges = met
            .iter()
            .map(|met| CallEdge {
                from: place(graph, met.edge.from),
                to: place(graph, met.edge.to),
                path: graph.node(met.edge.from.file).map_or(String::new(), |n| n.path.to_string()),
                line: met.edge.at.line,
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
        let unknown = direction == Direction::Inwards && unresolved_same_name > 0;
        let answer = CallsAnswer {
            subjects: subjects.iter().map(|symbol| place(graph, *symbol)).collect(),
            edges,
            unresolved_same_name,
            complete: !cut && freshness.complete && !unknown,
        };
        let question = match direction {
            Direction::Inwards => Count::Callers,
            Direction::Outwards => Count::Callees,
        };
        let receipt = self.receipt(question, &project, &snapshot);
        Ok(Answer { content: answer, freshness, receipt })
    }
}

/// What a function calls, its lambdas call; and whoever makes a class runs its
/// constructor.
fn with_inner_functions(
    graph: &CodeGraph,
    subjects: &[Symbol],
    direction: Direction,
) -> Vec<Symbol> {
    let mut all = subjects.to_vec();
    if direction == Direction::Inwards {
        return all;
    }
    for subject in subjects {
        let Some(node) = graph.node(subject.file) else { continue };
        for (id, symbol) in node.symbols.iter().enumerate() {
            if symbol.kind == DefinitionKind::Lambda && symbol.parent() == Some(subject.definition)
            {
                all.push(Symbol { file: subject.file, definition: id as u32 });
            }
        }
    }
    all
}
