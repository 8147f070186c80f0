//! The one place that every value passes on its way in and out: here a
//! project's seal is applied, and here its row names are keyed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use ctx_model::{Digest, ProjectId};
use ctx_security::{Sealer, Secret, Unsealable, keyed_digest};

use crate::row::{self, Space};

/// A project's values are out of reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shut {
    /// The project was never registered, or was deleted.
    Unknown,
    /// The project is sealed and its key was not given yet.
    Locked,
}

/// A project as the vault knows it.
#[derive(Debug)]
enum Access {
    /// Sealed, and its key not given yet.
    Locked,
    /// Its values can be reached.
    Open(Arc<Door>),
}

/// The way to an open project's values.
#[derive(Debug)]
pub(crate) struct Door {
    project: ProjectId,
    sealer: Sealer,
    /// Keys the names of the project's own rows.
    rows: Secret,
    /// Keys the names of shared rows; none for a sealed project, which shares nothing.
    shared: Option<Secret>,
}

/// Random bytes could not be had.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub(crate) struct NoRandomness(#[source] getrandom::Error);

/// `N` random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}

impl Door {
    /// The door to a project whose rows are named with `rows` and sealed by `sealer`.
    pub(crate) fn new(project: ProjectId, sealer: Sealer, rows: Secret, root: &Secret) -> Door {
        let shared = (!sealer.is_sealed()).then(|| root.derive("shared rows"));
        Door { project, sealer, rows, shared }
    }

    pub(crate) fn project(&self) -> ProjectId {
        self.project
    }

    pub(crate) fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// The secret that keys the names of this project's own rows.
    pub(crate) fn rows(&self) -> &Secret {
        &self.rows
    }

    /// The name of the row for `key` in `space`.
    pub(crate) fn row(&self, space: Space, key: &[u8]) -> Vec<u8> {
        match (space, &self.shared) {
            (Space::Facts, Some(shared)) => row::view_row(row::shared_prefix(space), shared, key),
            _ => row::view_row(row::prefix(space as u8, self.project), &self.rows, key),
        }
    }

    /// The start of the names of all rows in `space`.
    pub(crate) fn prefix(&self, space: Space) -> Vec<u8> {
        match (space, &self.shared) {
            (Space::Facts, Some(_)) => row::shared_prefix(space),
            _ => row::prefix(space as u8, self.project),
        }
    }

    /// What may be stored under `row` for `plain`.
    pub(crate) fn seal(&self, row: &[u8], plain: &[u8]) -> Result<Vec<u8>, NoRandomness> {
        seal(&self.sealer, row, plain)
    }

    /// The plain value of what is stored under `row`.
    pub(crate) fn open(&self, row: &[u8], stored: &[u8]) -> Result<Vec<u8>, Unsealable> {
        self.sealer.open(row, stored)
    }
}

/// What may be stored under `row` for `plain`.
pub(crate) fn seal(sealer: &Sealer, row: &[u8], plain: &[u8]) -> Result<Vec<u8>, NoRandomness> {
    let nonce = if sealer.is_sealed() { random()? } else { [0; 24] };
    Ok(sealer.seal(nonce, row, plain))
}

/// What tells the right key of a sealed project from a wrong one.
pub(crate) fn key_check(secret: &Secret, project: ProjectId) -> Digest {
    keyed_digest(secret, "seal check", &[&project.0])
}

/// Every project's access.
#[derive(Debug, Default)]
pub(crate) struct Vault {
    projects: RwLock<HashMap<ProjectId, Access>>,
}

impl Vault {
    /// The door to `project`.
    pub(crate) fn door(&self, project: ProjectId) -> Result<Arc<Door>, Shut> {
        let projects = self.projects.read().unwrap_or_else(PoisonError::into_inner);
        match projects.get(&project) {
            Some(Access::Open(door)) => Ok(Arc::clone(door)),
            Some(Access::Locked) => Err(Shut::Locked),
            None => Err(Shut::Unknown),
        }
    }

    /// Whether `door` is still the way to its project's values.
    pub(crate) fn is_current(&self, door: &Arc<Door>) -> bool {
        self.door(door.project).is_ok_and(|current| Arc::ptr_eq(&current, door))
    }

    pub(crate) fn set_open(&self, door: Door) {
        self.projects
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(door.project, Access::Open(Arc::new(door)));
    }

    pub(crate) fn set_locked(&self, project: ProjectId) {
        self.projects
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(project, Access::Locked);
    }

    pub(crate) fn forget(&self, project: ProjectId) {
        self.projects.write().unwrap_or_else(PoisonError::into_inner).remove(&project);
    }
}
