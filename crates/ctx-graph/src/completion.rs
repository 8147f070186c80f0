//! Completion: the names of symbols that begin as somebody types.

use std::borrow::Cow;
use std::cmp::Reverse;

use ctx_model::facts::DefinitionId;
use rustc_hash::FxHashMap;

use crate::graph::CodeGraph;
use crate::node::{FileNode, SymbolRef};
use crate::question::{dotted, is_test_path};

/// Names that go on from what was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// The best ones, the best first; each names at least one symbol.
    pub names: Vec<String>,
    /// How many there are in all.
    pub total: usize,
}

/// Names that begin with `typed`, at most `limit` of them: bare ones, or as
/// qualified as what was typed. What stands before its last dot (or `::`) must
/// be written exactly; capital letters after it need not be.
pub fn completions(graph: &CodeGraph, typed: &str, limit: usize) -> Completions {
    let (head, start) = typed.split_at(typed.rfind(SEPARATORS).map_or(0, |place| place + 1));
    let mut found: FxHashMap<Cow<'_, str>, Standing> = FxHashMap::default();
    for (file, node) in graph.files() {
        let names = match head {
            "" => bare(node, start),
            _ => qualified(node, head, start),
        };
        let is_code = !is_test_path(&node.path);
        for Found { definition, name, depth } in names {
            let standing = Standing {
                as_typed: name.starts_with(typed),
                is_code,
                near: Reverse(depth),
                uses: graph.centrality().uses(SymbolRef { file, definition }),
            };
            let known = found.entry(name).or_insert(standing);
            *known = standing.max(*known);
        }
    }
    let mut ordered: Vec<(Cow<'_, str>, Standing)> = found.into_iter().collect();
    ordered.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let total = ordered.len();
    let names = ordered.into_iter().take(limit).map(|(name, _)| name.into_owned()).collect();
    Completions { names, total }
}

/// What stands between the parts of a name, as people write it.
const SEPARATORS: [char; 4] = ['.', ':', '#', '/'];

/// A name that begins as typed.
struct Found<'a> {
    definition: DefinitionId,
    name: Cow<'a, str>,
    /// How many parts further it goes than what was typed.
    depth: usize,
}

/// How good a completion a name is; greater is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    /// Whether its capital letters are those that were typed.
    as_typed: bool,
    /// Whether it is defined outside tests.
    is_code: bool,
    near: Reverse<usize>,
    /// How often other files use it.
    uses: u32,
}

fn bare<'a>(node: &'a FileNode, start: &str) -> Vec<Found<'a>> {
    let named = node.symbols.iter().map(|symbol| node.name(symbol)).enumerate();
    named
        .filter(|(_, name)| begins(name, start))
        .map(|(id, name)| Found { definition: id as DefinitionId, name: name.into(), depth: 0 })
        .collect()
}

fn qualified<'a>(node: &'a FileNode, head: &str, start: &str) -> Vec<Found<'a>> {
    let wanted = head.replace("::", ".").replace(['#', '/'], ".");
    let Some(parts) = wanted.strip_suffix('.') else { return Vec::new() };
    if parts.split('.').any(str::is_empty) {
        return Vec::new();
    }
    // Only a file whose module or definitions are called so can have any.
    let first = parts.split('.').next().unwrap_or(parts);
    let is_module = dotted(&node.module).split('.').any(|part| part == first);
    if !is_module && node.named(first).next().is_none() {
        return Vec::new();
    }
    let separator = if head.contains("::") { "::" } else { "." };
    (0..node.symbols.len() as DefinitionId)
        .filter_map(|definition| {
            let qualified = dotted(&node.qualified(definition));
            let rest = after(&qualified, &wanted).filter(|rest| begins(rest, start))?;
            Some(Found {
                definition,
                name: format!("{head}{}", rest.replace('.', separator)).into(),
                depth: rest.matches('.').count(),
            })
        })
        .collect()
}

/// What follows the last `wanted` that begins at the border of a part.
fn after<'a>(name: &'a str, wanted: &str) -> Option<&'a str> {
    let mut places = name.rmatch_indices(wanted).map(|(place, _)| place);
    let place = places.find(|place| *place == 0 || name.as_bytes()[place - 1] == b'.')?;
    Some(&name[place + wanted.len()..])
}

/// Whether a name begins with `start`, capital letters aside.
fn begins(name: &str, start: &str) -> bool {
    let beginning = name.get(..start.len());
    !name.is_empty() && beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(start))
}
