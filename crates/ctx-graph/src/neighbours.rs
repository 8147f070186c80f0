//! Files that a file uses or is used by, and how strongly.

use rustc_hash::FxHashMap;

use crate::graph::CodeGraph;
use crate::node::FileNumber;

/// Neighbours of a file, each with its share of all the file's ties: more uses
/// weigh more, by their logarithm. Shares add up to 1.
pub fn neighbours(graph: &CodeGraph, file: FileNumber) -> Vec<(FileNumber, f32)> {
    let mut uses: FxHashMap<FileNumber, u32> = FxHashMap::default();
    let Some(node) = graph.node(file) else { return Vec::new() };
    for edge in node.edges(file).filter(|edge| edge.to.file != file) {
        *uses.entry(edge.to.file).or_default() += 1;
    }
    for (other, node) in graph.files() {
        if other != file && node.targets.binary_search(&file).is_ok() {
            let ties = node.edges(other).filter(|edge| edge.to.file == file).count() as u32;
            *uses.entry(other).or_default() += ties;
        }
    }
    let weight = |uses: u32| (1.0 + uses as f32).ln();
    let total: f32 = uses.values().map(|uses| weight(*uses)).sum();
    let mut shares: Vec<(FileNumber, f32)> =
        uses.into_iter().map(|(other, uses)| (other, weight(uses) / total.max(1.0))).collect();
    shares.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    shares
}
