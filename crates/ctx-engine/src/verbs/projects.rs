//! `projects` and `export`: what the store holds.

use std::path::{Path, PathBuf};

use super::super::answer::{Answer, ProjectExport, ProjectSummary, SealState};
use crate::failure;
use crate::host::{Engine, Result};
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
        Ok(entries
            .into_iter()
            .map(|entry| {
                let held = open.iter().find(|project| project.id == entry.id);
                let snapshot = held.map(|project| project.snapshot());
                ProjectSummary {
                    id: entry.id,
                    seal: match (entry.sealed, entry.is_locked()) {
                        (false, _) => SealState::Open,
                        (true, false) => SealState::Unlocked,
                        (true, true) => SealState::Locked,
                    },
                    root: entry.root.map(PathBuf::from),
                    open: held.is_some(),
                    watching: held.is_some_and(|project| project.is_watched()),
                    files: snapshot.as_ref().map_or(0, |snapshot| snapshot.files.len() as u64),
                    indexed_at: snapshot
                        .filter(|snapshot| snapshot.indexed)
                        .map(|snapshot| snapshot.state.indexed_at),
                }
            })
            .collect())
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
