//! `status`: what is known of a project and how old that is.

use std::path::Path;

use crate::answer::{Answer, EdgeCounts, Freshness, SealState, Status};
use crate::error::EngineError;
use crate::host::{Engine, Result};
use crate::process;
use crate::request::Caller;
use ctx_model::Action;

impl Engine {
    /// What is known of a project.
    pub fn status(&self, caller: &Caller, root: &Path) -> Result<Answer<Status>> {
        let (project, _) = self.permitted(caller, root, Action::ReadProject)?;
        let snapshot = project.snapshot();
        let counts = snapshot.graph.counts();
        let stored = self.inner.store.size_bytes(project.id).unwrap_or(0);
        let memories = self.memory_count(&project)?;
        let status = Status {
            project: project.id,
            root: root.to_path_buf(),
            indexed_at: snapshot.indexed.then_some(snapshot.state.indexed_at),
            symbols: snapshot.graph.symbol_count() as u64,
            edges: EdgeCounts {
                resolved: snapshot.graph.edge_count(),
                external: u64::from(counts.external),
                unresolved: u64::from(counts.unresolved),
            },
            memories,
            index_bytes: stored + folder_bytes(&self.inner.search_folder(project.id)),
            rss_bytes: process::rss_bytes(),
            watching: project.is_watched(),
            seal: self.seal_state(project.id)?,
        };
        Ok(Engine::answered(&project, &snapshot, status))
    }

    /// How much of a project an answer given now would know.
    pub fn freshness(&self, caller: &Caller, root: &Path) -> Result<Freshness> {
        let (project, _) = self.permitted(caller, root, Action::ReadProject)?;
        Ok(project.freshness(&project.snapshot()))
    }

    /// Whether a project was ever indexed: until then only its memories answer.
    pub fn is_indexed(&self, caller: &Caller, root: &Path) -> Result<bool> {
        let (project, _) = self.permitted(caller, root, Action::ReadProject)?;
        Ok(project.snapshot().indexed)
    }

    pub(super) fn seal_state(&self, id: ctx_model::ProjectId) -> Result<SealState> {
        let projects = self
            .inner
            .store
            .projects()
            .map_err(|error| crate::failure::of_read("list the projects", error))?;
        Ok(match projects.into_iter().find(|entry| entry.id == id) {
            Some(entry) if entry.is_locked() => SealState::Locked,
            Some(entry) if entry.sealed => SealState::Unlocked,
            _ => SealState::Open,
        })
    }
}

/// Bytes of the files directly in a folder; 0 if there is none.
fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .filter(std::fs::Metadata::is_file)
        .map(|metadata| metadata.len())
        .sum()
}

/// An error for a query without any word.
pub(super) fn empty_query() -> EngineError {
    EngineError::new(crate::ErrorKind::InvalidRequest, "the query is empty")
        .with_hint("give at least one word or identifier")
}
