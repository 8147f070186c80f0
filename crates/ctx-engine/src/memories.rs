//! A project's memories, folded from its journal as it grows.

use std::path::Path;

use ctx_memory::{MemoryView, Presence};
use ctx_model::ProjectId;
use ctx_model::memory::About;
use ctx_storage::{ReadError, Store};

use crate::error::EngineError;
use crate::failure;
use crate::project::Snapshot;
use ctx_graph::SymbolRef;
use ctx_graph::question::{is_called, symbols_named};
use ctx_workspace::Reader;

use crate::verbs::inside;

/// Memories of an open project; read from the journal at first use.
#[derive(Debug, Default)]
pub(crate) struct Memories {
    view: Option<MemoryView>,
}

impl Memories {
    /// The memories as the journal has them now.
    pub(crate) fn up_to_date(
        &mut self,
        store: &Store,
        project: ProjectId,
    ) -> Result<&mut MemoryView, EngineError> {
        let view = self.view.get_or_insert_with(|| MemoryView::new(project));
        match store.journal().records_after(project, view.checkpoint()) {
            Ok(records) => {
                for record in records {
                    let record = record.map_err(|e| failure::of_read("read the journal", e))?;
                    view.apply(&record);
                }
            }
            // Nothing was ever remembered there.
            Err(ReadError::UnknownProject { .. }) => {}
            Err(error) => return Err(failure::of_read("read the journal", error)),
        }
        Ok(view)
    }
}

/// What the code says now of the things that memories speak of.
pub(crate) struct Code<'a> {
    pub(crate) root: &'a Path,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) reader: Option<Reader>,
}

impl Code<'_> {
    /// What a name as people give it means: a path of the project, or a symbol.
    pub(crate) fn about(&self, name: &str) -> About {
        let name = name.trim();
        let path = inside(self.root, name);
        if self.snapshot.files.number(&path).is_some() {
            return self.with_fingerprint(About {
                path: Some(path),
                symbol: None,
                fingerprint: None,
            });
        }
        let folder = path.trim_end_matches('/');
        if self.snapshot.files.has_folder(folder) {
            // What is in a folder changes all the time: it has no fingerprint.
            return About { path: Some(folder.to_string()), symbol: None, fingerprint: None };
        }
        let graph = &self.snapshot.graph;
        let found = symbols_named(graph, name).first().copied();
        match found {
            Some(symbol) => self.with_fingerprint(About {
                path: graph.node(symbol.file).map(|node| node.path.to_string()),
                symbol: Some(graph.qualified(symbol)),
                fingerprint: None,
            }),
            // Not known here: kept as it was said.
            None if path.contains('/') => {
                About { path: Some(path), symbol: None, fingerprint: None }
            }
            None => About { path: None, symbol: Some(name.to_string()), fingerprint: None },
        }
    }

    fn with_fingerprint(&self, about: About) -> About {
        let fingerprint = match self.presence(&about) {
            Presence::Present(fingerprint) => Some(fingerprint),
            Presence::Gone | Presence::Unknown => None,
        };
        About { fingerprint, ..about }
    }

    /// What has become of a thing that a memory speaks of.
    pub(crate) fn presence(&self, about: &About) -> Presence {
        if !self.snapshot.indexed || about.fingerprint.is_none() && about.path.is_none() {
            return Presence::Unknown;
        }
        match (&about.symbol, &about.path) {
            (Some(symbol), path) => self.symbol_presence(symbol, path.as_deref()),
            (None, Some(path)) => self.file_presence(path),
            (None, None) => Presence::Unknown,
        }
    }

    fn file_presence(&self, path: &str) -> Presence {
        let file = self.snapshot.files.number(path).and_then(|n| self.snapshot.files.get(n));
        file.map_or(Presence::Gone, |file| Presence::Present(file.content.to_string()))
    }

    fn symbol_presence(&self, name: &str, path: Option<&str>) -> Presence {
        let graph = &self.snapshot.graph;
        let mut found = symbols_named(graph, name);
        found.retain(|symbol| is_called(graph, *symbol, name));
        // Several crates may have a symbol of this name: the file tells them apart.
        let in_file = |symbol: &&SymbolRef| {
            graph.node(symbol.file).is_some_and(|node| Some(&*node.path) == path)
        };
        let symbol = found.iter().find(in_file).or(found.first()).copied();
        let Some(symbol) = symbol else { return Presence::Gone };
        self.text_of(symbol).map_or(Presence::Unknown, |text| {
            Presence::Present(ctx_security::digest(text.as_bytes()).to_string())
        })
    }

    /// The lines of a definition as they stand on the disk.
    fn text_of(&self, symbol: SymbolRef) -> Option<String> {
        let (node, known) = self.snapshot.graph.symbol(symbol)?;
        self.reader.as_ref()?.lines(&node.path, known.start_line, known.end_line).ok()
    }
}
