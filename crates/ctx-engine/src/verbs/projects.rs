//! `projects` and `export`: what the store holds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ctx_storage::ProjectEntry;

use super::super::answer::{Answer, ProjectExport, ProjectSummary, SealState};
use crate::failure;
use crate::host::{Engine, Result};
use crate::project::{Project, stored_files};
use crate::request::Caller;
use ctx_model::{Action, ProjectId};

impl Engine {
    /// Every project that the store knows.
    pub fn projects(&self, caller: &Caller) -> Result<Vec<ProjectSummary>> {
        self.inner.decide(caller, Action::ReadProject, ProjectId([0; 16]))?;
        let entries = self
            .inner
            .store
            .projects()
            .map_err(|error| failure::of_read("list the projects", error))?;
        let open = self.inner.open_projects();
        entries
            .into_iter()
            .map(|entry| {
                let held = open.iter().find(|project| project.id == entry.id);
                self.summary(entry, held)
            })
            .collect()
    }

    fn summary(&self, entry: ProjectEntry, held: Option<&Arc<Project>>) -> Result<ProjectSummary> {
        // Files and the time of the indexing, where they can be known.
        let indexed = match held.map(|project| project.snapshot()) {
            _ if entry.is_locked() => None,
            Some(held) if !held.indexed => Some((0, None)),
            Some(held) => Some((held.files.len() as u64, Some(held.state.indexed_at))),
            None => match stored_files(&self.inner.store, entry.id) {
                Ok(stored) => Some(stored.map_or((0, None), |(files, at)| (files, Some(at)))),
                Err(error) => {
                    // The others are listed all the same.
                    tracing::warn!(id = %entry.id, %error, "a project's files are not counted");
                    None
                }
            },
        };
        let records = self.inner.store.journal().record_count(entry.id);
        Ok(ProjectSummary {
            id: entry.id,
            seal: match (entry.sealed, entry.is_locked()) {
                (false, _) => SealState::Open,
                (true, false) => SealState::Unlocked,
                (true, true) => SealState::Locked,
            },
            open: held.is_some(),
            watching: held.is_some_and(|project| project.is_watched()),
            files: indexed.map(|(files, _)| files),
            indexed_at: indexed.and_then(|(_, at)| at),
            records: records.map_err(|error| failure::of_read("count records", error))?,
            root: entry.root.map(PathBuf::from),
        })
    }

    /// Everything of a project that cannot be computed again.
    pub fn export(&self, caller: &Caller, root: &Path) -> Result<Answer<ProjectExport>> {
        let status = self.status(caller, root)?;
        let memories = self.all_memories(caller, root)?;
        Ok(Answer {
            content: ProjectExport { status: status.content, memories },
            freshness: status.freshness,
            receipt: status.receipt,
        })
    }
}
