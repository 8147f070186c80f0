//! The graph of a project: an immutable snapshot of its files' nodes.
//!
//! A change makes a new snapshot that shares every unchanged node.

use std::sync::{Arc, OnceLock};

use crate::bind::Extensions;
use crate::node::{FileNode, FileNumber, Symbol, SymbolRef, UseCounts};
use crate::rank::Centrality;

/// A snapshot.
#[derive(Debug, Default)]
pub struct CodeGraph {
    files: Vec<Option<Arc<FileNode>>>,
    extensions: OnceLock<Extensions>,
    centrality: OnceLock<Centrality>,
}

impl CodeGraph {
    /// A snapshot of some nodes.
    pub fn new(nodes: impl IntoIterator<Item = (FileNumber, Arc<FileNode>)>) -> CodeGraph {
        let changes = nodes.into_iter().map(|(file, node)| (file, Some(node)));
        CodeGraph::default().with(changes)
    }

    /// This snapshot with some nodes replaced, added or (`None`) removed.
    pub fn with(
        &self,
        changes: impl IntoIterator<Item = (FileNumber, Option<Arc<FileNode>>)>,
    ) -> CodeGraph {
        let mut files = self.files.clone();
        for (file, node) in changes {
            let index = file as usize;
            if files.len() <= index {
                files.resize(index + 1, None);
            }
            files[index] = node;
        }
        CodeGraph { files, ..CodeGraph::default() }
    }

    /// The node of a file.
    pub fn node(&self, file: FileNumber) -> Option<&Arc<FileNode>> {
        self.files.get(file as usize)?.as_ref()
    }

    /// Every file's node.
    pub fn files(&self) -> impl Iterator<Item = (FileNumber, &Arc<FileNode>)> {
        self.files
            .iter()
            .enumerate()
            .filter_map(|(file, node)| Some((file as FileNumber, node.as_ref()?)))
    }

    /// The number of the file at a path.
    pub fn file_at(&self, path: &str) -> Option<FileNumber> {
        self.files().find(|(_, node)| &*node.path == path).map(|(file, _)| file)
    }

    /// A symbol with its node.
    pub fn symbol(&self, symbol: SymbolRef) -> Option<(&FileNode, &Symbol)> {
        let node = self.node(symbol.file)?;
        Some((node, node.symbol(symbol.definition)?))
    }

    /// The qualified name of a symbol, or the module's for a file.
    pub fn qualified(&self, symbol: SymbolRef) -> String {
        self.node(symbol.file).map_or_else(String::new, |node| {
            let name = node.qualified(symbol.definition);
            if name.is_empty() { node.path.to_string() } else { name }
        })
    }

    /// Members and traits that types are given away from their definition.
    pub fn extensions(&self) -> &Extensions {
        self.extensions.get_or_init(|| {
            let mut extensions = Extensions::default();
            for (file, node) in self.files() {
                extensions.add(file, &node.extensions);
            }
            extensions
        })
    }

    /// How central files and symbols are; worked out once a snapshot.
    pub fn centrality(&self) -> &Centrality {
        self.centrality.get_or_init(|| Centrality::of(self))
    }

    /// Files whose names must be bound again when what `changed` files show to
    /// others has changed: those that looked at them, and those that looked at
    /// a type that a changed file adds members to.
    pub fn dependents(&self, changed: &[FileNumber]) -> Vec<FileNumber> {
        let mut seen: Vec<FileNumber> = changed.to_vec();
        for file in changed {
            if let Some(node) = self.node(*file) {
                let members = node.extensions.members.iter().map(|(owner, _)| owner.file);
                let traits = node.extensions.traits.iter().map(|(owner, _)| owner.file);
                seen.extend(members.chain(traits));
            }
        }
        seen.sort_unstable();
        seen.dedup();
        self.files()
            .filter(|(file, node)| {
                !changed.contains(file)
                    && seen.iter().any(|other| node.consulted.binary_search(other).is_ok())
            })
            .map(|(file, _)| file)
            .collect()
    }

    /// Files to bind again when this graph became `after` by new nodes of files,
    /// of which `shown` show something else to others: the dependents in both.
    pub fn reached_by(&self, after: &CodeGraph, shown: &[FileNumber]) -> Vec<FileNumber> {
        let mut reached = self.dependents(shown);
        reached.extend(after.dependents(shown));
        reached.sort_unstable();
        reached.dedup();
        reached
    }

    /// What became of the uses of all files.
    pub fn counts(&self) -> UseCounts {
        let mut counts = UseCounts::default();
        self.files().for_each(|(_, node)| counts.add(node.counts));
        counts
    }

    /// Number of symbols.
    pub fn symbol_count(&self) -> usize {
        self.files().map(|(_, node)| node.symbols.len()).sum()
    }

    /// Number of edges.
    pub fn edge_count(&self) -> u64 {
        self.files().map(|(_, node)| u64::from(node.edge_count())).sum()
    }
}
