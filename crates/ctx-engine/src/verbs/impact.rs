//! `impact`: what a change would touch.

use std::path::Path;

use ctx_graph::question::{edges_to, impact, is_test, symbol_at, symbols_named};
use ctx_graph::{CodeGraph, Edge, SymbolRef as Symbol};
use ctx_model::edge::EdgeKind;
use rustc_hash::FxHashSet;

use super::places::{confidence, place};
use crate::answer::{AffectedFile, AffectedSymbol, Answer, ImpactAnswer, ImpactStep};
use crate::error::{EngineError, ErrorKind};
use crate::host::{Engine, Result};
use crate::project::Snapshot;
use crate::request::{Caller, ImpactRequest, ImpactSubject};

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
            ImpactSubject::Names(names) => by_name(&snapshot, names, &mut answer.not_found),
            ImpactSubject::Patch(patch) => by_patch(&snapshot, patch, &mut answer.not_found)?,
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
        answer.complete = !touched.cut && freshness.complete;
        Ok(Answer { content: answer, freshness })
    }
}

fn by_name(snapshot: &Snapshot, names: &[String], missing: &mut Vec<String>) -> Vec<Symbol> {
    let mut subjects = Vec::new();
    for name in names {
        let file = snapshot.graph.file_at(name.trim_start_matches("./"));
        let found = match file {
            Some(file) => vec![Symbol::file(file)],
            None => symbols_named(&snapshot.graph, name),
        };
        if found.is_empty() {
            missing.push(format!("`{name}`"));
        }
        subjects.extend(found);
    }
    subjects
}

/// The definitions around the lines that a unified diff takes away or adds to.
fn by_patch(snapshot: &Snapshot, patch: &str, missing: &mut Vec<String>) -> Result<Vec<Symbol>> {
    let graph = &snapshot.graph;
    let mut subjects: Vec<Symbol> = Vec::new();
    let mut file = None;
    let mut line = 0u32;
    let mut hunks = 0;
    for text in patch.lines() {
        if let Some(path) = text.strip_prefix("--- ") {
            let path = path.split('\t').next().unwrap_or(path).trim();
            let path = path.strip_prefix("a/").unwrap_or(path);
            file = graph.file_at(path);
            if file.is_none() && path != "/dev/null" {
                missing.push(format!("`{path}`"));
            }
        } else if let Some(range) = text.strip_prefix("@@ -") {
            let start = range.split([',', ' ']).next().unwrap_or("");
            line = start.parse().map_err(|_| malformed(text))?;
            hunks += 1;
        } else if text.starts_with('-') || text.starts_with('+') {
            if let Some(file) = file {
                let symbol = symbol_at(graph, file, line.max(1)).unwrap_or(Symbol::file(file));
                if !subjects.contains(&symbol) && hunks > 0 {
                    subjects.push(symbol);
                }
            }
            line += u32::from(text.starts_with('-'));
        } else if text.starts_with(' ') {
            line += 1;
        }
    }
    if hunks == 0 {
        return Err(EngineError::new(ErrorKind::InvalidRequest, "this is not a unified diff")
            .with_hint("make one with `git diff` or `diff -u`"));
    }
    Ok(subjects)
}

fn malformed(line: &str) -> EngineError {
    EngineError::new(ErrorKind::InvalidRequest, format!("the patch has a malformed line: `{line}`"))
        .with_hint("make it with `git diff` or `diff -u`")
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
