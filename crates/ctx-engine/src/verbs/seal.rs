//! `seal`, `unseal` and `unlock`: who can read what is stored of a project.

use std::path::Path;
use std::sync::Arc;

use ctx_model::{Action, ProjectId};
use ctx_security::Secret;
use ctx_security::passphrase::{Cost, derive_key};
use ctx_storage::{SealError, UnlockError};

use crate::answer::SealState;
use crate::error::{EngineError, ErrorKind};
use crate::failure;
use crate::host::{Engine, Result};
use crate::project::Project;
use crate::request::{Caller, SealSecret};

impl Engine {
    /// Encrypts everything stored about a project from now on, and what is there.
    pub fn seal_project(
        &self,
        caller: &Caller,
        root: &Path,
        secret: &SealSecret,
    ) -> Result<SealState> {
        let (project, permit) = self.permitted(caller, root, Action::SealProject)?;
        let index_permit = self.inner.decide(caller, Action::IndexProject, project.id)?;
        self.register(&index_permit, &project)?;
        let key = key_of(project.id, secret)?;
        self.start_over(&project, || {
            self.inner.store.seal_project(&permit, &key).map_err(of_seal)?;
            self.inner.keep_secret(project.id, key);
            Ok(SealState::Unlocked)
        })
    }

    /// Stores a project readable again.
    pub fn unseal_project(
        &self,
        caller: &Caller,
        root: &Path,
        secret: &SealSecret,
    ) -> Result<SealState> {
        let (usable, id) = self.root_and_id(root)?;
        self.inner.decide(caller, Action::SealProject, id)?;
        let key = key_of(id, secret)?;
        self.inner.store.unlock(id, &key).map_err(of_unlock)?;
        if self.seal_state(id)? == SealState::Open {
            return Ok(SealState::Open);
        }
        self.inner.keep_secret(id, key);
        let (project, permit) = self.permitted(caller, &usable, Action::SealProject)?;
        self.start_over(&project, || {
            self.inner.store.unseal_project(&permit).map_err(of_seal)?;
            self.inner.forget_secret(id);
            tracing::info!(root = %usable.display(), "unsealed");
            Ok(SealState::Open)
        })
    }

    /// Gives a sealed project's key to this process, which keeps it in memory
    /// until it ends or the project is closed.
    pub fn unlock(&self, caller: &Caller, root: &Path, secret: &SealSecret) -> Result<SealState> {
        let (_, id) = self.root_and_id(root)?;
        self.inner.decide(caller, Action::ReadProject, id)?;
        let key = key_of(id, secret)?;
        self.inner.store.unlock(id, &key).map_err(of_unlock)?;
        let state = self.seal_state(id)?;
        if state == SealState::Unlocked {
            self.inner.keep_secret(id, key);
            self.inner.let_go(id);
        }
        Ok(state)
    }

    fn root_and_id(&self, root: &Path) -> Result<(std::path::PathBuf, ProjectId)> {
        let root = self.inner.usable_root(root)?;
        let id = self.inner.id_of(&root);
        Ok((root, id))
    }

    /// Changes how a project is stored, while nobody else changes anything of
    /// it. The search index holds words in another form afterwards: it goes, and
    /// the next indexing fills it again under the new key.
    fn start_over(
        &self,
        project: &Arc<Project>,
        change: impl FnOnce() -> Result<SealState>,
    ) -> Result<SealState> {
        let turn = project.take_turn();
        if project.is_retired() {
            return Err(project.was_closed());
        }
        let state = change()?;
        // Whoever waits for the turn knows the old key and the old index.
        project.retire();
        let emptied = remove_folder(&self.inner.search_folder(project.id));
        drop(turn);
        self.inner.let_go(project.id);
        emptied.map(|()| state)
    }
}

/// How often a folder is emptied again that somebody still writes into.
const REMOVALS: u32 = 200;

/// Removes a search index. Threads of an index that is being closed may still
/// add a file to it while it is emptied; they end soon.
fn remove_folder(folder: &Path) -> Result<()> {
    let mut removed = std::fs::remove_dir_all(folder);
    for _ in 0..REMOVALS {
        match &removed {
            Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty => {
                std::thread::sleep(std::time::Duration::from_millis(5));
                removed = std::fs::remove_dir_all(folder);
            }
            _ => break,
        }
    }
    match removed {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(EngineError::new(
            ErrorKind::UnusableProject,
            format!("could not remove the search index in `{}`", folder.display()),
        )
        .with_hint("remove that folder by hand, then run `codecontext index`")
        .because(error)),
    }
}

fn key_of(project: ProjectId, secret: &SealSecret) -> Result<Secret> {
    match secret {
        SealSecret::Key(key) => Ok(Secret::new(*key)),
        // The id follows from the store's random secret, so no two stores or
        // projects share a salt.
        SealSecret::Passphrase(words) => {
            derive_key(words, &project.0, Cost::RECOMMENDED).map_err(|error| {
                EngineError::new(ErrorKind::InvalidRequest, error.to_string())
                    .with_hint("give a passphrase of several words")
                    .because(error)
            })
        }
    }
}

fn of_unlock(error: UnlockError) -> EngineError {
    let kind = match &error {
        UnlockError::WrongKey { .. } => ErrorKind::Denied,
        UnlockError::Unreadable { .. } => ErrorKind::NotFound,
    };
    let hint = error.hint();
    EngineError::new(kind, error.to_string()).with_hint(hint).because(error)
}

fn of_seal(error: SealError) -> EngineError {
    match error {
        SealError::NotWritten { source, .. } => failure::of_write("seal the project", source),
        SealError::Unreachable { source, .. } => failure::of_read("seal the project", source),
    }
}
