//! A map of the project within a budget: the most central files, and in each
//! the definitions that others use most.

use ctx_model::facts::{DefinitionId, DefinitionKind, Visibility};

use crate::graph::CodeGraph;
use crate::node::{FileNode, FileNumber, SymbolRef};
use crate::question::is_test_path;

/// How much nearness to a focus outweighs centrality.
const FOCUS: f32 = 50.0;

/// A file that the map shows.
#[derive(Debug, Clone, PartialEq)]
pub struct MapEntry {
    /// The file.
    pub file: FileNumber,
    /// Its weight: PageRank, raised by the focus.
    pub rank: f32,
    /// Definitions to show, in order of appearance.
    pub symbols: Vec<SymbolRef>,
}

/// Files and definitions worth showing first, best file first: at most
/// `most_files`, each with at most `most_symbols` definitions.
///
/// `focus` names paths (or folders) that the reader cares about; files that
/// they lead to, or that lead to them, are raised too.
pub fn entries(
    graph: &CodeGraph,
    focus: &[String],
    most_files: usize,
    most_symbols: usize,
) -> Vec<MapEntry> {
    let centrality = graph.centrality();
    let focused = |node: &FileNode| {
        focus.iter().any(|path| {
            let path = path.trim_end_matches('/');
            &*node.path == path
                || node.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let near: Vec<FileNumber> = graph
        .files()
        .filter(|(_, node)| focused(node))
        .flat_map(|(file, node)| std::iter::once(file).chain(node.targets.iter().copied()))
        .collect();
    let mut ranked: Vec<(f32, FileNumber)> = graph
        .files()
        .filter(|(_, node)| node.symbols.iter().any(|symbol| symbol.kind != DefinitionKind::Lambda))
        .map(|(file, node)| {
            let mut rank = centrality.file(file);
            if is_test_path(&node.path) {
                rank *= 0.1;
            }
            if focused(node) {
                rank *= FOCUS;
            } else if near.contains(&file) {
                rank *= FOCUS.sqrt();
            }
            (rank, file)
        })
        .collect();
    // Numbers are given as files are read, which differs from run to run; so do
    // the last digits of a sum. Paths do not.
    let path = |file: FileNumber| graph.node(file).map(|node| &node.path);
    let digits = |rank: f32| (rank * 1000.0).round();
    ranked.sort_by(|a, b| {
        digits(b.0).total_cmp(&digits(a.0)).then_with(|| path(a.1).cmp(&path(b.1)))
    });
    ranked
        .into_iter()
        .filter_map(|(rank, file)| {
            let symbols = best_symbols(graph, file, graph.node(file)?, most_symbols);
            // A bare path tells a reader nothing.
            (!symbols.is_empty()).then_some(MapEntry { file, rank, symbols })
        })
        .take(most_files)
        .collect()
}

fn best_symbols(
    graph: &CodeGraph,
    file: FileNumber,
    node: &FileNode,
    most: usize,
) -> Vec<SymbolRef> {
    let centrality = graph.centrality();
    let mut symbols: Vec<(u32, SymbolRef)> = node
        .symbols
        .iter()
        .enumerate()
        .filter(|(_, symbol)| {
            let visible = symbol.visibility != Visibility::Private;
            match symbol.kind {
                DefinitionKind::Lambda => false,
                DefinitionKind::Macro => true,
                kind => visible && (kind.is_function() || kind.is_type()),
            }
        })
        .map(|(id, symbol)| {
            let reference = SymbolRef { file, definition: id as DefinitionId };
            let uses = centrality.uses(reference);
            // A type stands for its members.
            let weight = if symbol.kind.is_type() { uses * 2 + 1 } else { uses };
            (weight, reference)
        })
        .collect();
    symbols.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    symbols.truncate(most);
    let mut shown: Vec<SymbolRef> = symbols.into_iter().map(|entry| entry.1).collect();
    shown
        .sort_by_key(|symbol| node.symbol(symbol.definition).map_or(0, |symbol| symbol.start_line));
    shown
}
