//! How central files and symbols are: PageRank over files, uses from other
//! files for symbols.
//!
//! Page, Brin, Motwani, Winograd: 'The PageRank Citation Ranking', 1999.

use rustc_hash::FxHashMap;

use crate::graph::CodeGraph;
use crate::node::{FileNumber, SymbolRef};

const DAMPING: f64 = 0.85;
const ROUNDS: usize = 20;

/// How central files and symbols are.
#[derive(Debug, Default)]
pub struct Centrality {
    files: Vec<f32>,
    symbols: Vec<Box<[u32]>>,
}

impl Centrality {
    /// Works it out for a snapshot.
    pub fn of(graph: &CodeGraph) -> Centrality {
        let count = graph.files().map(|(file, _)| file as usize + 1).max().unwrap_or(0);
        let mut symbols: Vec<Box<[u32]>> = vec![Box::default(); count];
        for (file, node) in graph.files() {
            symbols[file as usize] = vec![0; node.symbols.len()].into();
        }
        let mut links: Vec<Vec<(FileNumber, f32)>> = vec![Vec::new(); count];
        for (file, node) in graph.files() {
            let mut weights: FxHashMap<FileNumber, u32> = FxHashMap::default();
            for edge in node.edges(file).filter(|edge| edge.to.file != file) {
                *weights.entry(edge.to.file).or_default() += 1;
                let target = symbols
                    .get_mut(edge.to.file as usize)
                    .and_then(|symbols| symbols.get_mut(edge.to.definition as usize));
                if let Some(uses) = target {
                    *uses += 1;
                }
            }
            // Many uses of one file say little more than a few.
            links[file as usize] = weights
                .into_iter()
                .map(|(target, uses)| (target, (1.0 + uses as f32).ln()))
                .collect();
        }
        let mut present = vec![false; count];
        graph.files().for_each(|(file, _)| present[file as usize] = true);
        Centrality { files: page_rank(&links, &present), symbols }
    }

    /// A file's rank; the mean over files is 1.
    pub fn file(&self, file: FileNumber) -> f32 {
        self.files.get(file as usize).copied().unwrap_or(0.0)
    }

    /// How often other files use a symbol.
    pub fn uses(&self, symbol: SymbolRef) -> u32 {
        self.symbols
            .get(symbol.file as usize)
            .and_then(|symbols| symbols.get(symbol.definition as usize))
            .copied()
            .unwrap_or(0)
    }
}

/// Ranks by file number; numbers that no file has now have none, or else the
/// ranks of the others would depend on what was removed before.
fn page_rank(links: &[Vec<(FileNumber, f32)>], present: &[bool]) -> Vec<f32> {
    let count = present.iter().filter(|present| **present).count();
    let only_present = |rank: f64| move |present: &bool| if *present { rank } else { 0.0 };
    let totals: Vec<f64> =
        links.iter().map(|links| links.iter().map(|link| f64::from(link.1)).sum()).collect();
    let mut ranks: Vec<f64> = present.iter().map(only_present(1.0)).collect();
    for _ in 0..ROUNDS {
        let mut next: Vec<f64> = present.iter().map(only_present(1.0 - DAMPING)).collect();
        let mut spare = 0.0;
        for (file, links) in links.iter().enumerate() {
            if totals[file] <= 0.0 {
                spare += ranks[file];
                continue;
            }
            for (target, weight) in links {
                if let Some(rank) = next.get_mut(*target as usize) {
                    *rank += DAMPING * ranks[file] * f64::from(*weight) / totals[file];
                }
            }
        }
        let share = DAMPING * spare / count.max(1) as f64;
        next.iter_mut().zip(present).filter(|(_, present)| **present).for_each(|(rank, _)| {
            *rank += share;
        });
        ranks = next;
    }
    ranks.into_iter().map(|rank| rank as f32).collect()
}
