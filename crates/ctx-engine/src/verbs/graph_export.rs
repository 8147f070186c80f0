//! `graph export`: every edge, passed on as it is read.

use std::ops::ControlFlow;
use std::path::Path;

use ctx_graph::bind::Outcome;
use ctx_graph::{Binder, CodeGraph, SymbolRef as Symbol};
use ctx_model::edge::{EdgeKind, How};
use ctx_model::facts::Role;
use ctx_model::{Language, Position};

use super::places::confidence;
use crate::answer::{Answer, GraphExport, GraphNode, GraphRow, GraphTarget};
use crate::host::{Engine, Result};
use crate::project::{Project, Snapshot};
use crate::request::{Caller, GraphExportRequest};
use crate::units::{Kept, Units};

/// Passes rows on until the sink has had enough.
struct Rows<'a> {
    sink: &'a mut dyn FnMut(GraphRow) -> ControlFlow<()>,
    kinds: &'a [EdgeKind],
    edges: u64,
    stopped: bool,
}

impl Rows<'_> {
    fn wants(&self, kind: EdgeKind) -> bool {
        !self.stopped && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }

    fn pass(&mut self, row: GraphRow) {
        if self.wants(row.kind) {
            self.edges += 1;
            self.stopped = (self.sink)(row).is_break();
        }
    }
}

impl Engine {
    /// Passes on every edge of the graph, file by file, until `sink` breaks.
    pub fn graph_export(
        &self,
        caller: &Caller,
        root: &Path,
        request: &GraphExportRequest,
        sink: &mut dyn FnMut(GraphRow) -> ControlFlow<()>,
    ) -> Result<Answer<GraphExport>> {
        let (project, snapshot) = self.reading(caller, root)?;
        let mut rows = Rows { sink, kinds: &request.kinds, edges: 0, stopped: false };
        contains(&snapshot.graph, &mut rows);
        if request.kinds.iter().any(|kind| *kind != EdgeKind::Contains) || request.kinds.is_empty()
        {
            self.uses(&project, &snapshot, &mut rows);
        }
        let edges = rows.edges;
        Ok(Engine::answered(&project, &snapshot, GraphExport { edges }))
    }

    /// Edges of uses, and of uses that leave the project, which the graph does
    /// not keep: files are bound again for them.
    fn uses(&self, project: &Project, snapshot: &Snapshot, rows: &mut Rows<'_>) {
        let graph = &snapshot.graph;
        let units = Units::new(&self.inner.store, project, &snapshot.files, Kept::default());
        let layout = crate::indexing::layout(&project.root, &snapshot.files);
        let binder = Binder::new(&layout, &units, graph.extensions());
        for (file, _) in graph.files().filter(|(_, node)| node.language != Language::Text) {
            if rows.stopped {
                return;
            }
            binder.uses_of(file, &mut |_, bound| match &bound.outcome {
                Outcome::Edges(edges) => {
                    for edge in edges {
                        rows.pass(row(
                            graph,
                            edge.kind,
                            edge.from,
                            edge.at,
                            edge.how,
                            edge.candidates,
                            GraphTarget::Node(node(graph, edge.to)),
                        ));
                        if is_test_edge(graph, edge) {
                            rows.pass(row(
                                graph,
                                EdgeKind::Tests,
                                edge.from,
                                edge.at,
                                edge.how,
                                edge.candidates,
                                GraphTarget::Node(node(graph, edge.to)),
                            ));
                        }
                    }
                }
                Outcome::External(name) => {
                    let kind = match bound.role {
                        Role::Callee => EdgeKind::Calls,
                        Role::Constructed => EdgeKind::Instantiates,
                        Role::Base => EdgeKind::Inherits,
                        _ => EdgeKind::References,
                    };
                    let target = GraphTarget::External(name.clone());
                    rows.pass(row(graph, kind, bound.from, bound.at, How::Import, 1, target));
                }
                Outcome::Local | Outcome::Module | Outcome::Unresolved => {}
            });
        }
    }
}

/// What is written in what.
fn contains(graph: &CodeGraph, rows: &mut Rows<'_>) {
    if !rows.wants(EdgeKind::Contains) {
        return;
    }
    for (file, found) in graph.files() {
        for (id, symbol) in found.symbols.iter().enumerate() {
            let inner = Symbol { file, definition: id as u32 };
            let outer = symbol
                .parent()
                .map_or(Symbol::file(file), |definition| Symbol { file, definition });
            let at = Position { line: symbol.line, column: u32::from(symbol.column) };
            let target = GraphTarget::Node(node(graph, inner));
            rows.pass(row(graph, EdgeKind::Contains, outer, at, How::Syntax, 1, target));
        }
    }
}

/// A call from a test to what is none.
fn is_test_edge(graph: &CodeGraph, edge: &ctx_graph::Edge) -> bool {
    matches!(edge.kind, EdgeKind::Calls | EdgeKind::Instantiates)
        && ctx_graph::question::is_test(graph, edge.from)
        && !ctx_graph::question::is_test(graph, edge.to)
}

fn row(
    graph: &CodeGraph,
    kind: EdgeKind,
    from: Symbol,
    site: Position,
    how: How,
    candidates: u32,
    to: GraphTarget,
) -> GraphRow {
    GraphRow {
        kind,
        from: node(graph, from),
        to,
        site_path: graph.node(from.file).map_or(String::new(), |node| node.path.to_string()),
        site,
        how,
        confidence: confidence(how, candidates),
    }
}

fn node(graph: &CodeGraph, symbol: Symbol) -> GraphNode {
    let place = super::places::place(graph, symbol);
    GraphNode {
        path: place.path,
        line: place.line,
        end_line: place.end_line,
        qualified: place.qualified,
    }
}
