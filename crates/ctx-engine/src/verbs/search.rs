//! `search`: code by words.

use std::path::Path;

use ctx_graph::question::symbol_at;
use ctx_model::facts::DefinitionKind;
use ctx_search::Query;
use ctx_workspace::Reader;

use super::status::empty_query;
use crate::answer::{Answer, Hit, SearchAnswer};
use crate::error::{EngineError, ErrorKind};
use crate::failure;
use crate::host::{Engine, Result};
use crate::project::{Project, Snapshot};
use crate::request::{Caller, SearchRequest};

/// Lines of a snippet.
const SNIPPET_LINES: usize = 5;

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
        let (project, snapshot) = self.reading(caller, root)?;
        let kind = request.kind.as_deref().map(known_kind).transpose()?;
        let glob = request.path.as_deref().map(glob).transpose()?;
        let accept = |file: u32| {
            snapshot.files.get(file).is_some_and(|file| {
                glob.as_ref().is_none_or(|glob| glob.is_match(&file.entry.path))
            })
        };
        // A kind is told by the graph, so more hits are asked for and sifted.
        let wanted = if kind.is_some() { request.limit.saturating_mul(8) } else { request.limit };
        let hits = self
            .inner
            .search(&project)?
            .search(&request.query, &accept, wanted)
            .map_err(|error| failure::of_search("search", error))?;
        let query = Query::parse(&request.query);
        let reader = Reader::open(&project.root).ok();
        let hits = hits
            .into_iter()
            .filter_map(|hit| describe(&project, &snapshot, reader.as_ref(), &query, hit))
            .filter(|hit| kind.is_none_or(|kind| hit.kind == kind.name()))
            .take(request.limit)
            .collect();
        Ok(Engine::answered(&project, &snapshot, SearchAnswer { hits }))
    }
}

fn describe(
    _project: &Project,
    snapshot: &Snapshot,
    reader: Option<&Reader>,
    query: &Query,
    hit: ctx_search::ChunkHit,
) -> Option<Hit> {
    let path = snapshot.files.get(hit.file)?.entry.path.clone();
    let text = reader
        .and_then(|reader| reader.lines(&path, hit.start_line, hit.end_line).ok())
        .unwrap_or_default();
    let best = ctx_search::snippet::best_lines(&text, query, SNIPPET_LINES);
    let line = hit.start_line + best.start as u32;
    let snippet: Vec<&str> =
        text.lines().skip(best.start).take(best.end - best.start).collect();
    // The definition around the best lines, or else the first in them.
    let end = line + snippet.len().saturating_sub(1) as u32;
    let symbol = (line..=end).rev().find_map(|line| symbol_at(&snapshot.graph, hit.file, line));
    let known = symbol.and_then(|symbol| snapshot.graph.symbol(symbol));
    let why = hit
        .why
        .iter()
        .map(|found| {
            let fields: Vec<&str> = found.fields.iter().map(|field| field.name()).collect();
            format!("{} in {}", found.word, fields.join(", "))
        })
        .collect();
    Some(Hit {
        path,
        line,
        end_line: end,
        symbol: symbol.map(|symbol| snapshot.graph.qualified(symbol)),
        kind: known.map_or("file", |(_, symbol)| symbol.kind.name()).to_string(),
        score: f64::from(hit.score),
        why,
        snippet: snippet.join("\n"),
    })
}

fn known_kind(name: &str) -> Result<DefinitionKind> {
    DefinitionKind::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = DefinitionKind::ALL.iter().map(|kind| kind.name()).collect();
        EngineError::new(ErrorKind::InvalidRequest, format!("no kind of definition is called `{name}`"))
            .with_hint(format!("use one of {}", names.join(", ")))
    })
}

fn glob(pattern: &str) -> Result<globset::GlobMatcher> {
    globset::GlobBuilder::new(pattern)
        .literal_separator(false)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| {
            EngineError::new(ErrorKind::InvalidRequest, format!("`{pattern}` is not a path pattern"))
                .with_hint("for example `src/**/*.py`")
                .because(error)
        })
}
