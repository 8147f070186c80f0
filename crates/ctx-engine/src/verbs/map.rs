//! `map`: a project map within a token budget.

use std::path::Path;

use ctx_graph::map::{MapEntry, entries};
use ctx_graph::question::symbols_named;
use ctx_model::text::one_line;

use super::meant::{as_path, proposal};
use super::places::place;
use crate::answer::{Answer, MapAnswer, MapFile};
use crate::host::{Engine, Result};
use crate::project::{Project, Snapshot};
use crate::request::{Caller, MapRequest};
use crate::tally::Count;

/// Definitions shown of one file at most.
const MOST_SYMBOLS: usize = 12;

/// So many files may find no room before the map is taken for full.
const MOST_TOO_LARGE: u32 = 5;

impl Engine {
    /// Draws a map of the project.
    pub fn map(
        &self,
        caller: &Caller,
        root: &Path,
        request: &MapRequest,
    ) -> Result<Answer<MapAnswer>> {
        let (project, snapshot) = self.reading(caller, root)?;
        // A file's lines take some twenty tokens at least.
        let most_files = (request.tokens / 20).clamp(1, 2_000);
        let mut answer = MapAnswer::default();
        let focus = focused(&snapshot, &request.focus, &mut answer.notes);
        let ranked = entries(&snapshot.graph, &focus, most_files, MOST_SYMBOLS);
        let mut too_large = 0;
        for entry in ranked {
            let text = self.drawn(&project, &snapshot, &entry);
            let tokens = ctx_model::tokens::estimate(&text);
            if answer.tokens + tokens > request.tokens {
                // A smaller file may still fit.
                too_large += 1;
                if too_large > MOST_TOO_LARGE {
                    break;
                }
                continue;
            }
            let Some(node) = snapshot.graph.node(entry.file) else { continue };
            answer.tokens += tokens;
            answer.text.push_str(&text);
            answer.files.push(MapFile {
                path: node.path.to_string(),
                rank: f64::from(entry.rank),
                symbols: entry.symbols.iter().map(|s| place(&snapshot.graph, *s)).collect(),
            });
        }
        answer.omitted_files = (snapshot.files.len() - answer.files.len()) as u64;
        let receipt = self.receipt(Count::Map, &project, &snapshot);
        Ok(Answer { receipt, ..Engine::answered(&project, &snapshot, answer) })
    }

    fn drawn(&self, project: &Project, snapshot: &Snapshot, entry: &MapEntry) -> String {
        let Some(node) = snapshot.graph.node(entry.file) else { return String::new() };
        let unit = self.unit(project, snapshot, entry.file);
        let mut text = format!("{}\n", one_line(&node.path));
        for symbol in &entry.symbols {
            let Some(known) = node.symbol(symbol.definition) else { continue };
            let signature = unit
                .as_ref()
                .and_then(|unit| {
                    let definition = unit.facts.definitions.get(symbol.definition as usize)?;
                    Some(unit.facts.name(definition.signature).to_string())
                })
                .filter(|signature| !signature.is_empty())
                .unwrap_or_else(|| node.name(known).to_string());
            let depth = ctx_graph::question::parents(node, symbol.definition).len();
            text += &format!("{:>6}  {}{}\n", known.line, "  ".repeat(depth), one_line(&signature));
        }
        text
    }
}

/// The paths that a focus means, those of definitions included; notes what means
/// nothing.
fn focused(snapshot: &Snapshot, focus: &[String], notes: &mut Vec<String>) -> Vec<String> {
    let mut paths = Vec::new();
    for name in focus {
        let path = as_path(name);
        if snapshot.files.number(path).is_some() || snapshot.files.has_folder(path) {
            paths.push(path.to_string());
            continue;
        }
        let symbols = symbols_named(&snapshot.graph, name.trim());
        if symbols.is_empty() {
            let proposal = proposal(snapshot, name);
            notes.push(format!("the project has no path or symbol called `{name}`{proposal}"));
        }
        let nodes = symbols.iter().filter_map(|symbol| snapshot.graph.node(symbol.file));
        paths.extend(nodes.map(|node| node.path.to_string()));
    }
    paths
}
