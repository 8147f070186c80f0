//! Questions to the graph: which symbol, who calls it, what it calls, what a
//! change to it would touch.

use std::cmp::Reverse;

use ctx_model::Language;
use ctx_model::edge::{EdgeKind, How};
use ctx_model::facts::{DefinitionFlags, DefinitionId, DefinitionKind, ExpressionId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::CodeGraph;
use crate::node::{Edge, FileNode, FileNumber, Symbol, SymbolRef, name_hash};

/// Symbols that a name means, the best first: bare (`save`), qualified
/// (`a.b.C.save`, also by its end: `C.save`; in Rust also from its own crate:
/// `crate::a::save`) or a place (`path:line`).
pub fn symbols_named(graph: &CodeGraph, name: &str) -> Vec<SymbolRef> {
    if let Some((path, line)) = name.rsplit_once(':')
        && let Ok(line) = line.parse()
        && let Some(file) = graph.file_at(path)
    {
        return symbol_at(graph, file, line).into_iter().collect();
    }
    let wanted = dotted(name);
    let last = wanted.rsplit('.').next().unwrap_or(&wanted);
    let mut found = Vec::new();
    for (file, node) in graph.files() {
        for definition in node.named(last) {
            let symbol = SymbolRef { file, definition };
            let qualified = dotted(&graph.qualified(symbol));
            let exact = qualified == wanted || is_within_crate(node, &qualified, &wanted);
            if exact || ends_with_segments(&qualified, &wanted) {
                let test = is_test_path(&node.path);
                let better = Reverse((exact, !test, graph.centrality().uses(symbol)));
                found.push((better, &node.path, symbol));
            }
        }
    }
    if found.is_empty() {
        return offered_as(graph, &wanted);
    }
    found.sort();
    found.into_iter().map(|entry| entry.2).collect()
}

/// Symbols that a module of the project offers on under a name without defining
/// them: `flask.Flask`, which `flask/__init__.py` imports from `flask.app`.
fn offered_as(graph: &CodeGraph, wanted: &str) -> Vec<SymbolRef> {
    let Some((module, name)) = wanted.rsplit_once('.') else { return Vec::new() };
    let mut found = Vec::new();
    for (file, node) in graph.files() {
        let own = dotted(&node.module);
        if !ends_with_segments(&own, module) && !is_within_crate(node, &own, module) {
            continue;
        }
        let imported = node.edges(file).filter(|edge| {
            edge.from.is_file() && edge.kind == EdgeKind::References && edge.how == How::Import
        });
        found.extend(imported.map(|edge| edge.to).filter(|symbol| {
            graph.symbol(*symbol).is_some_and(|(node, symbol)| node.name(symbol) == name)
        }));
    }
    found.sort_by_key(|symbol| (graph.node(symbol.file).map(|node| &node.path), symbol.definition));
    found.dedup();
    found
}

/// The innermost symbol around a line of a file.
pub fn symbol_at(graph: &CodeGraph, file: FileNumber, line: u32) -> Option<SymbolRef> {
    let node = graph.node(file)?;
    let definition = node
        .symbols
        .iter()
        .enumerate()
        .filter(|(_, symbol)| symbol.start_line <= line && line <= symbol.end_line)
        .min_by_key(|(_, symbol)| symbol.end_line - symbol.start_line)?
        .0;
    Some(SymbolRef { file, definition: definition as DefinitionId })
}

/// Edges of some kinds that lead to any of some symbols.
pub fn edges_to(graph: &CodeGraph, to: &FxHashSet<SymbolRef>, kinds: &[EdgeKind]) -> Vec<Edge> {
    let mut files: Vec<FileNumber> = to.iter().map(|symbol| symbol.file).collect();
    files.sort_unstable();
    files.dedup();
    let mut found = Vec::new();
    for (file, node) in graph.files() {
        if shares(&node.targets, &files) {
            found.extend(
                node.edges(file).filter(|edge| to.contains(&edge.to) && wanted(graph, edge, kinds)),
            );
        }
    }
    found
}

/// Edges of some kinds that start in any of some symbols.
pub fn edges_from(graph: &CodeGraph, from: &FxHashSet<SymbolRef>, kinds: &[EdgeKind]) -> Vec<Edge> {
    let mut files: Vec<FileNumber> = from.iter().map(|symbol| symbol.file).collect();
    files.sort_unstable();
    files.dedup();
    let mut found = Vec::new();
    for file in files {
        let Some(node) = graph.node(file) else { continue };
        found.extend(
            node.edges(file).filter(|edge| from.contains(&edge.from) && wanted(graph, edge, kinds)),
        );
    }
    found
}

/// Whether an edge is of one of some kinds. To read a property is to run it,
/// so a reference to one counts among calls.
fn wanted(graph: &CodeGraph, edge: &Edge, kinds: &[EdgeKind]) -> bool {
    kinds.contains(&edge.kind)
        || edge.kind == EdgeKind::References
            && kinds.contains(&EdgeKind::Calls)
            && graph.symbol(edge.to).is_some_and(|(_, symbol)| {
                symbol.flags.has(DefinitionFlags::PROPERTY) && symbol.kind.is_function()
            })
}

/// Calls in some functions of which no rule tells what they run, file by file
/// in order: the function around each, and what is called as an expression of
/// its file's facts.
pub fn unknown_calls(
    graph: &CodeGraph,
    functions: &FxHashSet<SymbolRef>,
) -> Vec<(SymbolRef, ExpressionId)> {
    let mut files: Vec<FileNumber> = functions.iter().map(|symbol| symbol.file).collect();
    files.sort_unstable();
    files.dedup();
    let mut found = Vec::new();
    for file in files {
        let Some(node) = graph.node(file) else { continue };
        let calls = node
            .unknown_calls()
            .map(|(definition, called)| (SymbolRef { file, definition }, called))
            .filter(|(around, _)| functions.contains(around));
        let first = found.len();
        found.extend(calls);
        found[first..].sort_unstable_by_key(|(_, called)| *called);
    }
    found
}

/// Functions with the lambdas written in them, however deep: what those call,
/// they call.
pub fn with_lambdas(graph: &CodeGraph, functions: &[SymbolRef]) -> FxHashSet<SymbolRef> {
    let mut all: FxHashSet<SymbolRef> = functions.iter().copied().collect();
    let mut files: Vec<FileNumber> = functions.iter().map(|symbol| symbol.file).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let Some(node) = graph.node(file) else { continue };
        for (id, symbol) in node.symbols.iter().enumerate() {
            // A parent stands before its children.
            if symbol.kind == DefinitionKind::Lambda
                && symbol
                    .parent()
                    .is_some_and(|definition| all.contains(&SymbolRef { file, definition }))
            {
                all.insert(SymbolRef { file, definition: id as DefinitionId });
            }
        }
    }
    all
}

/// An edge met on a walk, with its distance from where the walk began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// The edge.
    pub edge: Edge,
    /// 1 for an edge that touches a subject.
    pub depth: u32,
}

/// Which way a walk goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From targets to those that depend on them.
    Inwards,
    /// From sources to what they depend on.
    Outwards,
}

/// What a walk met.
#[derive(Debug, Default)]
pub struct Walked {
    /// Edges, nearest first.
    pub met: Vec<Met>,
    /// Whether the limit cut anything off.
    pub cut: bool,
    /// Symbols whose edges were followed.
    pub followed: FxHashSet<SymbolRef>,
}

/// Walks edges of some kinds from some subjects, breadth first. Stops at
/// `depth` or when `limit` edges were met. On the way outwards a function's
/// lambdas count as parts of it.
pub fn walk(
    graph: &CodeGraph,
    subjects: &[SymbolRef],
    kinds: &[EdgeKind],
    direction: Direction,
    depth: u32,
    limit: usize,
) -> Walked {
    let whole = |symbols: &[SymbolRef]| match direction {
        Direction::Inwards => symbols.iter().copied().collect(),
        Direction::Outwards => with_lambdas(graph, symbols),
    };
    let mut frontier: FxHashSet<SymbolRef> = whole(subjects);
    let mut walked = Walked { followed: frontier.clone(), ..Walked::default() };
    for level in 1..=depth {
        let mut edges = match direction {
            Direction::Inwards => edges_to(graph, &frontier, kinds),
            Direction::Outwards => edges_from(graph, &frontier, kinds),
        };
        // By path, not by number: numbers go by which file was read first.
        edges.sort_by_cached_key(|edge| {
            (path(graph, edge.from), edge.at, path(graph, edge.to), edge.to.definition)
        });
        let mut next = Vec::new();
        for edge in edges {
            if walked.met.len() >= limit {
                walked.cut = true;
                return walked;
            }
            let other = match direction {
                Direction::Inwards => edge.from,
                Direction::Outwards => edge.to,
            };
            walked.met.push(Met { edge, depth: level });
            if !walked.followed.contains(&other) {
                next.push(other);
            }
        }
        if next.is_empty() || level == depth {
            break;
        }
        frontier = whole(&next);
        frontier.retain(|symbol| walked.followed.insert(*symbol));
    }
    walked
}

/// Methods that a method takes the place of: those of its name in the types
/// above its own, as far as the project defines them. A call that is bound to
/// one of them may run the method at hand.
pub fn overridden(graph: &CodeGraph, method: SymbolRef) -> Vec<SymbolRef> {
    let Some((node, symbol)) = graph.symbol(method) else { return Vec::new() };
    let (Some(parent), true) = (symbol.parent(), symbol.kind.is_function()) else {
        return Vec::new();
    };
    let name = node.name(symbol);
    let own = SymbolRef { file: method.file, definition: parent };
    let mut known = FxHashSet::from_iter([own]);
    let mut below = known.clone();
    let mut found = Vec::new();
    while !below.is_empty() {
        let above = edges_from(graph, &below, &[EdgeKind::Inherits, EdgeKind::Implements]);
        below = above.iter().map(|edge| edge.to).filter(|base| known.insert(*base)).collect();
        for base in &below {
            let Some(node) = graph.node(base.file) else { continue };
            let members = node.symbols.iter().enumerate().filter(|(_, member)| {
                member.parent() == Some(base.definition)
                    && member.kind.is_function()
                    && node.name(member) == name
            });
            found.extend(
                members
                    .map(|(id, _)| SymbolRef { file: base.file, definition: id as DefinitionId }),
            );
        }
    }
    found
}

/// Calls of a name whose target no rule could tell, over all files.
pub fn unresolved_named(graph: &CodeGraph, name: &str) -> u64 {
    let hash = name_hash(name);
    graph.files().map(|(_, node)| u64::from(node.unresolved_sites(hash))).sum()
}

/// Kinds of edges along which a change is felt.
pub const FELT: [EdgeKind; 5] = [
    EdgeKind::Calls,
    EdgeKind::Instantiates,
    EdgeKind::References,
    EdgeKind::Inherits,
    EdgeKind::Implements,
];

/// Kinds of edges that pass control.
pub const CALLS: [EdgeKind; 2] = [EdgeKind::Calls, EdgeKind::Instantiates];

/// What a change touches.
#[derive(Debug, Default)]
pub struct Impact {
    /// Symbols that depend on the change, nearest first, each with the edges
    /// from it to a subject.
    pub symbols: Vec<(SymbolRef, Vec<Edge>)>,
    /// Whether the limit cut something off.
    pub cut: bool,
}

/// What depends on some symbols, directly or through others.
pub fn impact(graph: &CodeGraph, subjects: &[SymbolRef], depth: u32, limit: usize) -> Impact {
    let subjects = with_members(graph, subjects);
    let Walked { met, cut, .. } =
        walk(graph, &subjects, &FELT, Direction::Inwards, depth, limit * 8);
    let mut towards: FxHashMap<SymbolRef, Edge> = FxHashMap::default();
    let mut order = Vec::new();
    for step in &met {
        let from = step.edge.from;
        if !subjects.contains(&from) && !towards.contains_key(&from) {
            towards.insert(from, step.edge);
            order.push(from);
        }
    }
    let more = order.len() > limit;
    order.truncate(limit);
    let symbols = order
        .into_iter()
        .map(|symbol| {
            let mut path = Vec::new();
            let mut at = symbol;
            while let Some(edge) = towards.get(&at) {
                path.push(*edge);
                at = edge.to;
                if path.len() > depth as usize {
                    break;
                }
            }
            (symbol, path)
        })
        .collect();
    Impact { symbols, cut: cut || more }
}

/// Subjects with what is written inside them: changing a class changes its methods.
fn with_members(graph: &CodeGraph, subjects: &[SymbolRef]) -> Vec<SymbolRef> {
    let mut all: Vec<SymbolRef> = subjects.to_vec();
    for subject in subjects {
        let Some(node) = graph.node(subject.file) else { continue };
        for (id, symbol) in node.symbols.iter().enumerate() {
            let inside = subject.is_file() || symbol.parent() == Some(subject.definition);
            let member = SymbolRef { file: subject.file, definition: id as DefinitionId };
            if inside && !all.contains(&member) {
                all.push(member);
            }
        }
    }
    all
}

/// Whether a symbol is a test, or lies in one.
pub fn is_test(graph: &CodeGraph, symbol: SymbolRef) -> bool {
    let Some(node) = graph.node(symbol.file) else { return false };
    let tested =
        |symbol: &Symbol| symbol.flags.has(DefinitionFlags::TEST) && symbol.kind.is_function();
    if node.outwards(symbol.definition).any(tested) {
        return true;
    }
    is_test_path(&node.path) && node.symbol(symbol.definition).is_some_and(|s| s.kind.is_function())
}

/// Whether a file holds tests, as far as its path tells.
pub fn is_test_path(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let folder = path.split('/').rev().skip(1).any(|part| {
        matches!(part, "test" | "tests" | "testing" | "__tests__" | "spec" | "specs" | "testdata")
    });
    folder
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("Test")
        || stem.ends_with("Tests")
        || name.contains(".test.")
        || name.contains(".spec.")
        || stem == "conftest"
}

/// Definitions that a symbol is written in, from the outermost.
pub fn parents(node: &FileNode, definition: DefinitionId) -> Vec<&str> {
    let mut names: Vec<&str> =
        node.outwards(definition).skip(1).map(|symbol| node.name(symbol)).collect();
    names.reverse();
    names
}

/// The path of the file that a symbol is in.
fn path(graph: &CodeGraph, symbol: SymbolRef) -> &str {
    graph.node(symbol.file).map_or("", |node| &node.path)
}

/// Whether a symbol's qualified name is one, written out or as its own crate's
/// code writes it.
pub fn is_called(graph: &CodeGraph, symbol: SymbolRef, name: &str) -> bool {
    let qualified = graph.qualified(symbol);
    qualified == name
        || graph
            .node(symbol.file)
            .is_some_and(|node| is_within_crate(node, &dotted(&qualified), &dotted(name)))
}

/// Whether `crate.a.b` means what has a qualified name in Rust, as its own crate
/// writes it.
fn is_within_crate(node: &FileNode, qualified: &str, wanted: &str) -> bool {
    let inner = |name: &str| name.find('.').map_or(String::new(), |dot| name[dot..].to_string());
    node.language == Language::Rust
        && wanted.split('.').next() == Some("crate")
        && inner(wanted) == inner(qualified)
}

/// A name with a dot between its parts, however its language writes them.
pub(crate) fn dotted(name: &str) -> String {
    name.replace("::", ".").replace(['#', '/'], ".").trim_matches('.').to_string()
}

/// Whether `name` ends with `wanted` at the border of a segment.
fn ends_with_segments(name: &str, wanted: &str) -> bool {
    name.strip_suffix(wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether two sorted lists share an item.
fn shares(a: &[FileNumber], b: &[FileNumber]) -> bool {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    few.iter().any(|item| many.binary_search(item).is_ok())
}
