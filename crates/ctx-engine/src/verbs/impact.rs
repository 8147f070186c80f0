//! `impact`: what a change would touch.

use std::path::Path;

use ctx_graph::question::{edges_to, impact, is_test, symbol_at, symbols_named, unresolved_named};
use ctx_graph::{CodeGraph, Edge, SymbolRef as Symbol};
use ctx_model::edge::EdgeKind;
use ctx_workspace::Reader;
use rustc_hash::FxHashSet;

use super::calls::calls_of_overridden;
use super::given::{given, inside};
use super::patch::hunks;
use super::places::{confidence, place};
use crate::answer::{AffectedFile, AffectedSymbol, Answer, ImpactAnswer, ImpactStep};
use crate::error::{EngineError, ErrorKind};
use crate::host::{Engine, Result};
use crate::project::{Project, Snapshot};
use crate::request::{Caller, ImpactRequest, ImpactSubject};
use crate::tally::Count;

impl Engine {
    /// What a change to some symbols, files or lines would touch.
    pub fn impact(
        &self,
        caller: &Caller,
        root: &Path,
        request: &ImpactRequest,
    ) -> Result<Answer<ImpactAnswer>> {
        let (project, snapshot) = self.reading(caller, root)?;
        let graph = &snapshot.graph;
        let mut answer = ImpactAnswer::default();
        let subjects = match &request.subject {
            ImpactSubject::Names(names) => {
                by_name(&project, &snapshot, names, &mut answer.not_found)?
            }
            ImpactSubject::Patch(patch) => {
                by_patch(&project, &snapshot, patch, &mut answer.not_found)?
            }
        };
        if subjects.is_empty() {
            return Err(EngineError::new(
                ErrorKind::NotFound,
                format!("nothing in the project is called {}", answer.not_found.join(", ")),
            )
            .with_hint("name a definition, a path of the project, or a patch against it"));
        }
        let touched = impact(graph, &subjects, request.depth.max(1), request.limit);
        answer.changed = subjects.iter().map(|symbol| place(graph, *symbol)).collect();
        let mut files: Vec<(u32, Vec<Edge>)> = Vec::new();
        for (symbol, path) in &touched.symbols {
            let affected =
                AffectedSymbol { symbol: place(graph, *symbol), via: steps(graph, path) };
            if is_test(graph, *symbol) {
                answer.tests.push(affected);
            } else if !symbol.is_file() {
                answer.symbols.push(affected);
            }
            let own = subjects.iter().any(|subject| subject.file == symbol.file);
            if !own && !files.iter().any(|(file, _)| *file == symbol.file) {
                files.push((symbol.file, path.clone()));
            }
        }
        for edge in importers(graph, &subjects) {
            if !files.iter().any(|(file, _)| *file == edge.from.file) {
                files.push((edge.from.file, vec![edge]));
            }
        }
        answer.files = files
            .into_iter()
            .take(request.limit)
            .filter_map(|(file, path)| {
                let node = graph.node(file)?;
                Some(AffectedFile { path: node.path.to_string(), via: steps(graph, &path) })
            })
            .collect();
        let freshness = project.freshness(&snapshot);
        // Calls that no rule could bind may be calls of what changes.
        let unbound = subjects
            .iter()
            .filter_map(|symbol| graph.symbol(*symbol))
            .filter(|(_, symbol)| symbol.kind.is_function())
            .any(|(node, symbol)| unresolved_named(graph, node.name(symbol)) > 0);
        // Calls of a method that a changed one takes the place of may run it.
        let replaced = calls_of_overridden(graph, &subjects) > 0;
        answer.complete = !touched.cut && freshness.complete && !unbound && !replaced;
        let receipt = self.receipt(Count::Impact, &project, &snapshot);
        Ok(Answer { content: answer, freshness, receipt })
    }
}

fn by_name(
    project: &Project,
    snapshot: &Snapshot,
    names: &[String],
    missing: &mut Vec<String>,
) -> Result<Vec<Symbol>> {
    let mut subjects = Vec::new();
    for name in names {
        let file = snapshot.graph.file_at(&inside(&project.root, name));
        let found = match file {
            Some(file) => vec![Symbol::file(file)],
            None => symbols_named(&snapshot.graph, &given(&project.root, name)?),
        };
        if found.is_empty() {
            missing.push(format!("`{name}`"));
        }
        subjects.extend(found);
    }
    Ok(subjects)
}

/// The definitions around the lines that a unified diff takes away or adds to.
/// What is added outside any definition changes none: only if that is all, the
/// files themselves stand for the change.
fn by_patch(
    project: &Project,
    snapshot: &Snapshot,
    patch: &str,
    missing: &mut Vec<String>,
) -> Result<Vec<Symbol>> {
    let graph = &snapshot.graph;
    let reader = Reader::open(&project.root).ok();
    let (mut subjects, mut files) = (Vec::new(), Vec::new());
    for hunk in hunks(patch)? {
        let Some(file) = graph.file_at(&hunk.path) else {
            if hunk.path != "/dev/null" && !missing.contains(&format!("`{}`", hunk.path)) {
                missing.push(format!("`{}`", hunk.path));
            }
            continue;
        };
        let read = |start, end| reader.as_ref()?.lines(&hunk.path, start, end).ok();
        for line in &hunk.fitting(&read).changed {
            match symbol_at(graph, file, *line) {
                Some(symbol) if !subjects.contains(&symbol) => subjects.push(symbol),
                Some(_) => {}
                None if !files.contains(&Symbol::file(file)) => files.push(Symbol::file(file)),
                None => {}
            }
        }
    }
    Ok(if subjects.is_empty() { files } else { subjects })
}

/// Imports of the files that changed symbols are in.
fn importers(graph: &CodeGraph, subjects: &[Symbol]) -> Vec<Edge> {
    let files: FxHashSet<Symbol> = subjects
        .iter()
        .filter(|symbol| symbol.is_file())
        .map(|symbol| Symbol::file(symbol.file))
        .collect();
    if files.is_empty() {
        return Vec::new();
    }
    edges_to(graph, &files, &[EdgeKind::Imports])
}

fn steps(graph: &CodeGraph, path: &[Edge]) -> Vec<ImpactStep> {
    path.iter()
        .map(|edge| ImpactStep {
            kind: edge.kind,
            from: graph.qualified(edge.from),
            to: graph.qualified(edge.to),
            path: graph.node(edge.from.file).map_or(String::new(), |node| node.path.to_string()),
            line: edge.at.line,
            how: edge.how,
            confidence: confidence(edge.how, edge.candidates),
        })
        .collect()
}
