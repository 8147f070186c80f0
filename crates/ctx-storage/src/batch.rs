//! Batches: writes to a project's views that happen together or not at all.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use ctx_model::{Action, ProjectId};
use ctx_security::{Permit, WrongPermit};

use crate::engine::{Changes, Durability, EngineError, Tree};
use crate::row::{self, Space};
use crate::store::{ReadError, Store};
use crate::vault::{Door, NoRandomness};

/// Why something could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The permit is for something else.
    #[error("the permit is not for this write")]
    WrongPermit {
        /// What it is for.
        #[source]
        source: WrongPermit,
    },
    /// No such project is registered here.
    #[error("project {project} is not registered")]
    UnknownProject {
        /// The project.
        project: ProjectId,
    },
    /// The project is sealed and its key was not given yet.
    #[error("project {project} is locked")]
    Locked {
        /// The project.
        project: ProjectId,
    },
    /// The project was sealed or deleted since the batch was started; nothing was written.
    #[error("project {project} was sealed or deleted meanwhile")]
    Changed {
        /// The project.
        project: ProjectId,
    },
    /// The disk is full, or nearly so. This write was not acknowledged: it is
    /// kept whole or not at all.
    #[error("no space left in `{}`", .folder.display())]
    DiskFull {
        /// The data folder.
        folder: PathBuf,
        /// What reported it.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The engine could not write. This write was not acknowledged: it is kept
    /// whole or not at all.
    #[error("could not write to the store")]
    Failed {
        /// What is wrong.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl WriteError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            WriteError::WrongPermit { .. } => "this is a defect of CodeContext: please report it",
            WriteError::UnknownProject { .. } => {
                "index the project, or remember something in it, first"
            }
            WriteError::Locked { .. } => "give the project's key: keyring, key file or passphrase",
            WriteError::Changed { .. } => "try again",
            WriteError::DiskFull { .. } => {
                "free some space and try again: what was acknowledged before is safe"
            }
            WriteError::Failed { .. } => "try again; if it stays, run `codecontext doctor`",
        }
    }
}

impl From<ReadError> for WriteError {
    fn from(error: ReadError) -> WriteError {
        match error {
            ReadError::UnknownProject { project } => WriteError::UnknownProject { project },
            ReadError::Locked { project } => WriteError::Locked { project },
            other => WriteError::Failed { source: other.into() },
        }
    }
}

impl From<EngineError> for WriteError {
    fn from(error: EngineError) -> WriteError {
        WriteError::Failed { source: error.into() }
    }
}

impl From<NoRandomness> for WriteError {
    fn from(error: NoRandomness) -> WriteError {
        WriteError::Failed { source: error.into() }
    }
}

/// Writes to one project's views, gathered until they are committed; dropped
/// without a commit, nothing happens.
#[must_use = "a batch does nothing until it is committed"]
pub struct Batch<'a> {
    store: &'a Store,
    door: Arc<Door>,
    changes: Changes,
}

impl std::fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch").field("changes", &self.changes).finish_non_exhaustive()
    }
}

impl<'a> Batch<'a> {
    pub(crate) fn start(store: &'a Store, permit: &Permit) -> Result<Batch<'a>, WriteError> {
        permit.covers(Action::IndexProject, permit.project())?;
        let door = store.door(permit.project())?;
        Ok(Batch { store, door, changes: Changes::default() })
    }

    /// Stores `value` for `key`.
    pub fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<(), WriteError> {
        let row = self.door.row(space, key);
        let sealed = self.door.seal(&row, value)?;
        self.changes.put(Tree::Views, row, sealed);
        Ok(())
    }

    /// Removes the value of `key`, if there is one.
    pub fn remove(&mut self, space: Space, key: &[u8]) {
        self.changes.remove(Tree::Views, self.door.row(space, key));
    }

    /// Removes all values that a space holds now, those put by this batch before
    /// too; facts that are shared with other projects stay.
    pub fn clear(&mut self, space: Space) -> Result<(), WriteError> {
        let prefix = row::prefix(space as u8, self.door.project());
        self.changes.forget(Tree::Views, &prefix);
        for name in self.store.engine()?.rows(Tree::Views, &prefix).names() {
            self.changes.remove(Tree::Views, name?);
        }
        Ok(())
    }

    /// Bytes gathered so far.
    pub fn bytes(&self) -> u64 {
        self.changes.bytes()
    }

    /// Writes everything at once. It survives the end of this process, but
    /// maybe not a loss of power.
    pub fn commit(self) -> Result<(), WriteError> {
        self.write(Durability::Buffered)
    }

    /// Writes everything at once, and returns when the disk has it.
    pub fn commit_durable(self) -> Result<(), WriteError> {
        self.write(Durability::Synced)
    }

    fn write(mut self, durability: Durability) -> Result<(), WriteError> {
        self.changes.settle();
        let mut turn = self.store.take_turn();
        if !self.store.vault.is_current(&self.door) {
            return Err(WriteError::Changed { project: self.door.project() });
        }
        self.store.write(&mut turn, &self.changes, durability)
    }
}
