//! `search`: code by words.

use std::ops::Range;
use std::path::Path;

use ctx_graph::question::symbol_at;
use ctx_graph::{Symbol, SymbolRef};
use ctx_model::facts::{DefinitionId, DefinitionKind};
use ctx_search::{ChunkHit, FileRole, Query};
use ctx_workspace::Reader;
use globset::GlobMatcher;

use super::meant::pattern_proposal;
use super::status::empty_query;
use crate::answer::{Answer, Hit, SearchAnswer};
use crate::error::{EngineError, ErrorKind};
use crate::failure;
use crate::host::{Engine, Result};
use crate::project::Snapshot;
use crate::request::{Caller, SearchRequest};
use crate::tally::Count;

/// Lines of a snippet.
const SNIPPET_LINES: usize = 5;

/// At least so many candidates are weighed.
const CANDIDATES: usize = 60;

/// How much more a chunk is worth that defines a word of the query.
const NAMED: f64 = 2.0;

impl Engine {
    /// Finds code by words.
    pub fn search(
        &self,
        caller: &Caller,
        root: &Path,
        request: &SearchRequest,
    ) -> Result<Answer<SearchAnswer>> {
        if request.query.trim().is_empty() {
            return Err(empty_query());
        }
        let (project, snapshot, search) = self.searching(caller, root)?;
        let kind = request.kind.as_deref().map(known_kind).transpose()?;
        let glob = request.path.as_deref().map(glob).transpose()?;
        let accept = |file: u32| {
            snapshot.files.get(file).is_some_and(|file| {
                glob.as_ref().is_none_or(|glob| glob.is_match(&file.entry.path))
            })
        };
        // What the words alone say is weighed again by what the graph knows.
        let wanted = request.limit.saturating_mul(4).max(CANDIDATES);
        let found = search
            .search(&request.query, &accept, wanted)
            .map_err(|error| failure::of_search("search", error))?;
        let words: Vec<String> = request.query.split_whitespace().map(str::to_lowercase).collect();
        let mut ranked: Vec<Ranked> =
            found.into_iter().filter_map(|hit| Ranked::new(&snapshot, &words, kind, hit)).collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
        ranked.truncate(request.limit);
        let query = Query::parse(&request.query);
        let reader = Reader::open(&project.root).ok();
        let hits = ranked
            .into_iter()
            .filter_map(|ranked| ranked.shown(&snapshot, reader.as_ref(), &query))
            .collect();
        let notes = glob.and_then(|glob| unmatched(&snapshot, &glob)).into_iter().collect();
        let receipt = self.receipt(Count::Search, &project, &snapshot);
        let answer = SearchAnswer { hits, notes };
        Ok(Answer { receipt, ..Engine::answered(&project, &snapshot, answer) })
    }
}

/// That no file matches a pattern, if none does.
fn unmatched(snapshot: &Snapshot, glob: &GlobMatcher) -> Option<String> {
    if snapshot.files.iter().any(|(_, file)| glob.is_match(&file.entry.path)) {
        return None;
    }
    let pattern = glob.glob().glob();
    let proposal = pattern_proposal(snapshot, pattern);
    Some(format!("no file of the project matches `{pattern}`{proposal}"))
}

/// A hit, weighed by what the graph knows of it.
struct Ranked {
    hit: ChunkHit,
    /// The definition that it is shown as, if one stands out.
    definition: Option<(SymbolRef, Symbol)>,
    score: f64,
}

impl Ranked {
    /// Weighs a hit; none if it has no definition of the wanted kind.
    fn new(
        snapshot: &Snapshot,
        words: &[String],
        kind: Option<DefinitionKind>,
        hit: ChunkHit,
    ) -> Option<Ranked> {
        let path = &snapshot.files.get(hit.file)?.entry.path;
        let node = snapshot.graph.node(hit.file)?;
        let find = |wanted: &dyn Fn(&Symbol) -> bool| {
            let (at, symbol) = node.symbols.iter().enumerate().find(|(_, symbol)| {
                (hit.start_line..=hit.end_line).contains(&symbol.line)
                    && kind.is_none_or(|kind| symbol.kind == kind)
                    && wanted(symbol)
            })?;
            Some((SymbolRef { file: hit.file, definition: at as DefinitionId }, *symbol))
        };
        let named = find(&|symbol| words.contains(&node.name(symbol).to_lowercase()));
        let score = f64::from(hit.score)
            * role_prior(FileRole::of_path(path))
            * if named.is_some() { NAMED } else { 1.0 };
        let definition = match (named, kind) {
            (Some(named), _) => Some(named),
            (None, Some(_)) => Some(find(&|_| true)?),
            (None, None) => None,
        };
        Some(Ranked { hit, definition, score })
    }

    /// The hit as it is answered.
    fn shown(self, snapshot: &Snapshot, reader: Option<&Reader>, query: &Query) -> Option<Hit> {
        let Ranked { hit, definition, score } = self;
        let path = snapshot.files.get(hit.file)?.entry.path.clone();
        let from = definition.map_or(hit.start_line, |(_, symbol)| symbol.line);
        let text = reader
            .and_then(|reader| reader.lines(&path, from, hit.end_line).ok())
            .unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let best = if definition.is_some() {
            0..SNIPPET_LINES
        } else {
            ctx_search::snippet::best_lines(&text, query, SNIPPET_LINES)
        };
        let best = without_blank_ends(&lines, best);
        let line = from + best.start as u32;
        let end_line = line + best.len().saturating_sub(1) as u32;
        // Where none stands out, the one around the lines, or the first in them.
        let definition = definition.or_else(|| {
            let around = |line| symbol_at(&snapshot.graph, hit.file, line);
            let symbol = (line..=end_line).rev().find_map(around)?;
            Some((symbol, *snapshot.graph.symbol(symbol)?.1))
        });
        let why = hit.why.iter().map(|found| {
            let fields: Vec<&str> = found.fields.iter().map(|field| field.name()).collect();
            format!("{} in {}", found.word, fields.join(", "))
        });
        Some(Hit {
            path,
            line,
            end_line,
            symbol: definition.map(|(symbol, _)| snapshot.graph.qualified(symbol)),
            kind: definition.map_or("file", |(_, symbol)| symbol.kind.name()).to_string(),
            score,
            why: why.collect(),
            snippet: lines[best].join("\n"),
        })
    }
}

/// Who searches wants the code itself before what is written about it.
fn role_prior(role: FileRole) -> f64 {
    match role {
        FileRole::Source => 1.0,
        FileRole::Test | FileRole::Example => 0.7,
        FileRole::Doc => 0.6,
        FileRole::Other => 0.5,
    }
}

fn without_blank_ends(lines: &[&str], shown: Range<usize>) -> Range<usize> {
    let shown = shown.start.min(lines.len())..shown.end.min(lines.len());
    let is_text = |at: &usize| !lines[*at].trim().is_empty();
    match (shown.clone().find(is_text), shown.clone().rfind(is_text)) {
        (Some(first), Some(last)) => first..last + 1,
        _ => shown,
    }
}

fn known_kind(name: &str) -> Result<DefinitionKind> {
    DefinitionKind::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = DefinitionKind::ALL.iter().map(|kind| kind.name()).collect();
        EngineError::new(
            ErrorKind::InvalidRequest,
            format!("no kind of definition is called `{name}`"),
        )
        .with_hint(format!("use one of {}", names.join(", ")))
    })
}

fn glob(pattern: &str) -> Result<GlobMatcher> {
    globset::GlobBuilder::new(pattern)
        .literal_separator(false)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| {
            EngineError::new(
                ErrorKind::InvalidRequest,
                format!("`{pattern}` is not a path pattern"),
            )
            .with_hint("for example `src/**/*.py`")
            .because(error)
        })
}
