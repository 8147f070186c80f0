//! `locate`: the code that a bug report or a wish is about.

use std::path::Path;
use std::time::Instant;

use ctx_graph::SymbolRef as Symbol;
use ctx_graph::neighbours::neighbours;
use ctx_model::facts::{DefinitionId, DefinitionKind};
use ctx_search::{FileHit, FilePrior, FileRole};
use rustc_hash::FxHashMap;

use super::places::place;
use super::status::empty_query;
use crate::answer::{Answer, LocateAnswer, LocatedFile, LocatedSymbol};
use crate::failure;
use crate::host::{Engine, Result};
use crate::project::Snapshot;
use crate::request::{Caller, LocateRequest};
use crate::tally::Count;

impl Engine {
    /// Finds the code that prose is about.
    pub fn locate(
        &self,
        caller: &Caller,
        root: &Path,
        request: &LocateRequest,
    ) -> Result<Answer<LocateAnswer>> {
        let started = Instant::now();
        if request.query.trim().is_empty() {
            return Err(empty_query());
        }
        let (project, snapshot, search) = self.searching(caller, root)?;
        let centrality = snapshot.graph.centrality();
        let prior = |file: u32| {
            let entry = &snapshot.files.get(file)?.entry;
            // PageRank is skewed: its logarithm tells central files apart.
            let centrality = (1.0 + centrality.file(file)).ln() / 5.0;
            Some(FilePrior {
                centrality: centrality.min(1.0),
                role: FileRole::of_path(&entry.path),
            })
        };
        let mut hits = search
            .locate(&request.query, &prior, request.limit.max(LEAST_RANKED))
            .map_err(|error| failure::of_search("locate", error))?;
        best_first(&snapshot, &mut hits);
        raise_neighbours(&snapshot, &mut hits);
        hits.truncate(request.limit);
        let mut answer = LocateAnswer::default();
        for hit in &hits {
            let Some(file) = snapshot.files.get(hit.file) else { continue };
            answer.files.push(LocatedFile {
                path: file.entry.path.clone(),
                score: f64::from(hit.score),
                why: reasons(hit),
            });
            answer.symbols.extend(symbols_of(&snapshot, hit));
        }
        answer.symbols.sort_by(|a, b| b.score.total_cmp(&a.score));
        answer.symbols.truncate(request.limit);
        answer.elapsed = started.elapsed();
        let receipt = self.receipt(Count::Locate, &project, &snapshot);
        Ok(Answer { receipt, ..Engine::answered(&project, &snapshot, answer) })
    }
}

/// What the best files' neighbours in the graph gain, as a share of those
/// files' scores. Measured on 17 repositories: it brings the second and third
/// file of a change nearer; more of it pushes the first one down.
const NEIGHBOUR_BONUS: f32 = 0.1;

/// How many of the best files raise their neighbours.
const RAISING: usize = 3;

/// Files ranked at least, so that a raised one can come up from below.
const LEAST_RANKED: usize = 60;

/// Raises files that the best ones use or are used by.
fn raise_neighbours(snapshot: &Snapshot, hits: &mut [FileHit]) {
    let mut gains: FxHashMap<u32, f32> = FxHashMap::default();
    for hit in hits.iter().take(RAISING) {
        for (file, share) in neighbours(&snapshot.graph, hit.file) {
            *gains.entry(file).or_default() += NEIGHBOUR_BONUS * hit.score * share;
        }
    }
    for hit in hits.iter_mut() {
        hit.score += gains.get(&hit.file).copied().unwrap_or(0.0);
    }
    best_first(snapshot, hits);
}

/// Sorts by score; of equal files the one with the lesser path comes first,
/// whatever their numbers: those tell when a file was first seen.
fn best_first(snapshot: &Snapshot, hits: &mut [FileHit]) {
    let path = |hit: &FileHit| snapshot.files.get(hit.file).map(|file| file.entry.path.as_str());
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| path(a).cmp(&path(b))));
}

/// What spoke for a file, the strongest evidence first.
fn reasons(hit: &FileHit) -> Vec<String> {
    let mut parts: Vec<(&str, f32)> = ctx_search::Evidence::NAMES
        .into_iter()
        .zip(hit.evidence.values())
        .filter(|(_, value)| *value > 0.05)
        .collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let words: Vec<&str> = hit.why.iter().take(5).map(|found| found.word.as_str()).collect();
    let mut reasons = Vec::new();
    if !words.is_empty() {
        reasons.push(format!("has {}", words.join(", ")));
    }
    // That several parts fit says that one does.
    let several = parts.iter().take(3).any(|(name, _)| *name == "several");
    let told = parts.iter().take(3).filter(|(name, _)| !(several && *name == "best"));
    reasons.extend(told.map(|(name, _)| spoken(name).to_string()));
    reasons
}

/// A kind of evidence as people say it.
fn spoken(evidence: &'static str) -> &'static str {
    match evidence {
        "best" => "one part fits",
        "several" => "several parts fit",
        "whole" => "fits as a whole",
        "path" => "words in its path",
        "defines" => "defines what is named",
        "named" => "named in the query",
        "commits" => "touched by such commits",
        "wording" => "its changes were worded so",
        "together" => "changes along with such files",
        "tests" => "changes along with such tests",
        "centrality" => "much depends on it",
        other => other,
    }
}

/// Definitions of the best chunk, those named by the query's words first.
fn symbols_of(snapshot: &Snapshot, hit: &FileHit) -> Vec<LocatedSymbol> {
    let (Some((start, end)), Some(node)) = (hit.best_chunk, snapshot.graph.node(hit.file)) else {
        return Vec::new();
    };
    let words: Vec<String> = hit.why.iter().map(|found| found.word.to_lowercase()).collect();
    let mut found: Vec<(usize, DefinitionId)> = node
        .symbols
        .iter()
        .enumerate()
        .filter(|(_, symbol)| {
            (symbol.kind.is_function() || symbol.kind.is_type())
                && symbol.kind != DefinitionKind::Lambda
                && symbol.start_line <= end
                && symbol.end_line >= start
        })
        .map(|(id, symbol)| {
            let name = node.name(symbol).to_lowercase();
            let matches = words.iter().filter(|word| name.contains(word.as_str())).count();
            (matches, id as DefinitionId)
        })
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    found
        .into_iter()
        .take(3)
        .enumerate()
        .map(|(rank, (matches, definition))| LocatedSymbol {
            symbol: place(&snapshot.graph, Symbol { file: hit.file, definition }),
            score: f64::from(hit.score) * (1.0 - 0.1 * rank as f64),
            why: vec![if matches > 0 {
                format!("{matches} words of the query in its name")
            } else {
                "in the best part of the file".to_string()
            }],
        })
        .collect()
}
