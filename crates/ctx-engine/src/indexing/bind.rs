//! Binding: the nodes of changed files, and of those that what they show to
//! others reaches.

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use ctx_graph::bind::Extensions;
use ctx_graph::layout::LayoutFile;
use ctx_graph::{Binder, CodeGraph, FileExtensions, FileNode, FileNumber, Layout, Manifest};
use ctx_model::Language;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Job, NewNode, ReadFiles};
use crate::error::EngineError;
use crate::files::FileTable;
use crate::project::Snapshot;
use crate::request::IndexPhase;
use crate::stored::ProjectState;
use crate::units::Units;

/// Threads that bind.
const WORKERS: usize = 2;

impl Job<'_> {
    /// Binds, stores and publishes what the read files change.
    ///
    /// Changed files come first and are published at once, so that new symbols
    /// answer before everything that depends on them is bound again.
    pub(super) fn bind_and_save(
        &self,
        before: &Snapshot,
        mut read: ReadFiles,
        mut state: ProjectState,
    ) -> Result<(), EngineError> {
        let kept = std::mem::take(&mut read.kept);
        let files = &read.files;
        let units = Units::new(self.store, self.project, files, kept).repairing(self.permit);
        let layout = layout(&self.project.root, files);
        let cold = !before.indexed || before.state.unfinished;
        let gone: Vec<FileNumber> = read.gone.iter().map(|(number, _)| *number).collect();
        let first: Vec<FileNumber> = if cold {
            files.iter().map(|(number, _)| number).collect()
        } else {
            read.changed.clone()
        };
        // A number may be given to a new file in the same change.
        let removed = gone.iter().filter(|number| files.get(**number).is_none());
        let base = before.graph.with(removed.map(|number| (*number, None)));
        let nodes = self.bind(&layout, &units, &base, &first)?;
        let graph = base.with(nodes.iter().map(|(n, node)| (*n, Some(Arc::clone(node)))));
        let mut rest = if cold {
            Vec::new()
        } else {
            let mut rest = reached(before, &read.added, &gone, files, &nodes);
            rest.extend(before.graph.reached_by(&graph, &shown(&before.graph, &nodes)));
            listed(rest, files, &first)
        };
        state.unfinished = !rest.is_empty();
        self.save(before, &read, &nodes, &state)?;
        self.publish(graph, files, &state);
        // What a file adds to types of others may change with what it imports,
        // and then reaches further. It depends on facts alone, so this ends.
        while !rest.is_empty() {
            let before = self.project.snapshot();
            let nodes = self.bind(&layout, &units, &before.graph, &rest)?;
            let graph =
                before.graph.with(nodes.iter().map(|(n, node)| (*n, Some(Arc::clone(node)))));
            let reached = before.graph.reached_by(&graph, &shown(&before.graph, &nodes));
            rest = listed(reached, files, &rest);
            state.unfinished = !rest.is_empty();
            self.save_nodes(&nodes, &state)?;
            self.publish(graph, files, &state);
        }
        Ok(())
    }

    fn publish(&self, graph: CodeGraph, files: &FileTable, state: &ProjectState) {
        self.project.publish(Snapshot {
            graph,
            files: files.clone(),
            state: state.clone(),
            indexed: true,
        });
    }

    /// Binds some files over a graph that has the others.
    fn bind(
        &self,
        layout: &Layout,
        units: &Units<'_>,
        graph: &CodeGraph,
        numbers: &[FileNumber],
    ) -> Result<Vec<NewNode>, EngineError> {
        let fresh: FxHashSet<FileNumber> = numbers.iter().copied().collect();
        let mut extensions = Extensions::default();
        for (file, node) in graph.files().filter(|(file, _)| !fresh.contains(file)) {
            extensions.add(file, &node.extensions);
        }
        let none = Extensions::default();
        let given: FxHashMap<FileNumber, FileExtensions> = each(numbers, |numbers| {
            let binder = Binder::new(layout, units, &none);
            numbers.map(|number| (number, binder.extensions_of(number))).collect()
        })
        .into_iter()
        .collect();
        for (file, given) in &given {
            extensions.add(*file, given);
        }
        let total = numbers.len() as u64;
        let done = AtomicUsize::new(0);
        let mut nodes: Vec<NewNode> = each(numbers, |numbers| {
            let binder = Binder::new(layout, units, &extensions);
            numbers
                .filter_map(|number| {
                    let extensions = given.get(&number).cloned().unwrap_or_default();
                    let node = binder
                        .bind_file(number, extensions)
                        .or_else(|| plain_node(units, number))?;
                    let done = done.fetch_add(1, Ordering::Relaxed) as u64 + 1;
                    self.step(IndexPhase::Resolving, done, Some(total));
                    Some((number, Arc::new(node)))
                })
                .collect()
        });
        self.check_wanted()?;
        nodes.sort_unstable_by_key(|(number, _)| *number);
        Ok(nodes)
    }
}

/// Where a project's modules live, manifests read afresh.
pub(crate) fn layout(root: &Path, files: &FileTable) -> Layout {
    let listed: Vec<LayoutFile<'_>> = files
        .iter()
        .map(|(number, file)| LayoutFile {
            number,
            path: &file.entry.path,
            language: file.entry.language,
        })
        .collect();
    let manifests: Vec<Manifest> = files
        .iter()
        .filter(|(_, file)| Manifest::is_one(&file.entry.path))
        .filter_map(|(_, file)| {
            let text = ctx_workspace::read(root, &file.entry).ok()?.text;
            Some(Manifest { path: file.entry.path.clone(), text })
        })
        .collect();
    Layout::new(&listed, &manifests)
}

/// The node of a file that has no facts any more: nothing but its name.
fn plain_node(units: &Units<'_>, number: FileNumber) -> Option<FileNode> {
    let file = units.file(number)?;
    let module = String::new();
    Some(FileNode::new(ctx_graph::node::NodeParts {
        path: &file.entry.path,
        language: Some(Language::Text),
        lines: file.lines,
        module,
        ..Default::default()
    }))
}

/// Files whose imports may mean something else because files came, went or
/// are laid out anew.
fn reached(
    before: &Snapshot,
    added: &[FileNumber],
    gone: &[FileNumber],
    files: &FileTable,
    nodes: &[NewNode],
) -> Vec<FileNumber> {
    let mut families: Vec<Language> =
        added.iter().filter_map(|n| files.get(*n)).map(|file| file.entry.language).collect();
    families.extend(gone.iter().filter_map(|n| before.files.get(*n)).map(|f| f.entry.language));
    families.retain(|language| language.is_parsed());
    let manifest_changed = nodes.iter().any(|(_, node)| Manifest::is_one(&node.path));
    if families.is_empty() && !manifest_changed {
        return Vec::new();
    }
    files
        .iter()
        .filter(|(_, file)| {
            let language = file.entry.language;
            language.is_parsed()
                && (manifest_changed || families.iter().any(|f| f.shares_modules_with(language)))
        })
        .map(|(number, _)| number)
        .collect()
}

/// Those of some new nodes that show something else to others than before.
fn shown(before: &CodeGraph, nodes: &[NewNode]) -> Vec<FileNumber> {
    nodes
        .iter()
        .filter(|(number, node)| before.node(*number).is_none_or(|old| old.shows_others(node)))
        .map(|(number, _)| *number)
        .collect()
}

/// Those of some files that are there and were not bound just now, each once.
fn listed(mut some: Vec<FileNumber>, files: &FileTable, bound: &[FileNumber]) -> Vec<FileNumber> {
    let bound: FxHashSet<FileNumber> = bound.iter().copied().collect();
    some.retain(|number| !bound.contains(number) && files.get(*number).is_some());
    some.sort_unstable();
    some.dedup();
    some
}

/// Runs `work` over shares of `numbers` on a few threads and gathers what they give.
fn each<T: Send>(
    numbers: &[FileNumber],
    work: impl Fn(&mut dyn Iterator<Item = FileNumber>) -> Vec<T> + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take = || {
        let index = next.fetch_add(1, Ordering::Relaxed);
        numbers.get(index).copied()
    };
    if numbers.len() < 4 {
        return work(&mut std::iter::from_fn(take));
    }
    let gathered = Mutex::new(Vec::with_capacity(numbers.len()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                let given = work(&mut std::iter::from_fn(take));
                gathered.lock().unwrap_or_else(PoisonError::into_inner).extend(given);
            });
        }
    });
    gathered.into_inner().unwrap_or_else(PoisonError::into_inner)
}
