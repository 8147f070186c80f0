//! The registry: which projects there are, and how each is sealed.

use std::error::Error;

use ctx_model::{Action, ProjectId, Timestamp};
use ctx_security::{Permit, Sealer, Secret, WrongPermit};
use prost::Message;

use crate::batch::WriteError;
use crate::engine::{Changes, Durability, Engine, Tree};
use crate::row::{self, Ledger};
use crate::store::{ReadError, Store};
use crate::vault::{self, Door, Vault, random};
use crate::wire::{ProjectDetailsV1, ProjectV1};

/// A registered project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectEntry {
    /// Its name in this store.
    pub id: ProjectId,
    /// The path of its root; none while it is locked.
    pub root: Option<String>,
    /// When it was registered; none while it is locked.
    pub registered_at: Option<Timestamp>,
    /// Whether its values are sealed.
    pub sealed: bool,
}

impl ProjectEntry {
    /// Whether its key is needed before anything of it can be read.
    pub fn is_locked(&self) -> bool {
        self.sealed && self.root.is_none()
    }
}

/// Why a project could not be registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The permit is for another project, or for neither indexing nor remembering.
    #[error("the permit is not for registering `{root}`")]
    WrongPermit {
        /// The path of the project's root.
        root: String,
        /// What the permit is for.
        #[source]
        source: WrongPermit,
    },
    /// It could not be written.
    #[error("could not register `{root}`")]
    NotWritten {
        /// The path of the project's root.
        root: String,
        /// Why.
        #[source]
        source: WriteError,
    },
}

/// Why a project could not be unlocked.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// No such project, or what is known of it cannot be read.
    #[error("could not read what is known of project {project}")]
    Unreadable {
        /// The project.
        project: ProjectId,
        /// Why.
        #[source]
        source: ReadError,
    },
    /// The key is another one than the project was sealed with.
    #[error("this is not the key of project {project}")]
    WrongKey {
        /// The project.
        project: ProjectId,
    },
}

impl RegisterError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            RegisterError::WrongPermit { .. } => {
                "this is a defect of CodeContext: please report it"
            }
            RegisterError::NotWritten { source, .. } => source.hint(),
        }
    }
}

impl UnlockError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            UnlockError::Unreadable { source, .. } => source.hint(),
            UnlockError::WrongKey { .. } => {
                "check the key source: another keyring entry, key file or passphrase may be meant"
            }
        }
    }
}

/// What the registry knows of an open project.
pub(crate) struct Details {
    root: String,
    registered_at: Timestamp,
    rows: Secret,
}

impl Details {
    fn encode(&self) -> Vec<u8> {
        ProjectDetailsV1 {
            root: self.root.clone(),
            registered_at: self.registered_at.0,
            row_secret: self.rows.expose().to_vec(),
        }
        .encode_to_vec()
    }

    pub(crate) fn open(
        sealer: &Sealer,
        row: &[u8],
        project: &ProjectV1,
    ) -> Result<Details, RowDamage> {
        let bytes = sealer.open(row, &project.details)?;
        let details = ProjectDetailsV1::decode(&bytes[..])?;
        let rows = details.row_secret.try_into().map_err(|_| "row secret has the wrong length")?;
        Ok(Details {
            root: details.root,
            registered_at: Timestamp(details.registered_at),
            rows: Secret::new(rows),
        })
    }
}

pub(crate) type RowDamage = Box<dyn Error + Send + Sync>;

/// Reads every project into the vault: unsealed ones open, sealed ones locked.
pub(crate) fn load(engine: &Engine, root: &Secret, vault: &Vault) -> Result<(), RowDamage> {
    for row in engine.rows(Tree::Ledger, &[Ledger::Project as u8]) {
        let (name, stored) = row?;
        let id = project_of(&name).ok_or("a project's row has a damaged name")?;
        match decode(&name, &stored) {
            Ok(project) if !project.sealed => {
                match Details::open(&Sealer::plain(), &name, &project) {
                    Ok(details) => {
                        vault.set_open(Door::new(id, Sealer::plain(), details.rows, root));
                        continue;
                    }
                    Err(error) => tracing::warn!(%id, error, "a project's details are damaged"),
                }
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%id, error, "a project's registration is damaged"),
        }
        // One damaged project must not keep the others shut.
        vault.set_locked(id);
    }
    Ok(())
}

fn project_of(name: &[u8]) -> Option<ProjectId> {
    Some(ProjectId(name.get(1..)?.try_into().ok()?))
}

fn decode(row: &[u8], stored: &[u8]) -> Result<ProjectV1, RowDamage> {
    Ok(ProjectV1::decode(&Sealer::plain().open(row, stored)?[..])?)
}

pub(crate) fn project_value(
    project: ProjectId,
    sealer: &Sealer,
    key: Option<&Secret>,
    details: &Details,
) -> Result<(Vec<u8>, Vec<u8>), WriteError> {
    let row = row::project_row(project);
    let check = key.map_or_else(Vec::new, |key| vault::key_check(key, project).0.to_vec());
    let value = ProjectV1 {
        sealed: key.is_some(),
        key_check: check,
        details: vault::seal(sealer, &row, &details.encode())?,
    };
    let value = vault::seal(&Sealer::plain(), &row, &value.encode_to_vec())?;
    Ok((row, value))
}

impl Store {
    /// Registers the project whose root has the canonical path `root`; does
    /// nothing if it is registered. The permit must be for
    /// [`Store::project_id`] of that path, to index or to remember.
    pub fn register_project(
        &self,
        permit: &Permit,
        root: &str,
    ) -> Result<ProjectId, RegisterError> {
        let id = self.project_id(root);
        permit
            .covers(Action::IndexProject, id)
            .or_else(|_| permit.covers(Action::WriteMemory, id))
            .map_err(|source| RegisterError::WrongPermit { root: root.into(), source })?;
        self.write_registration(permit.at(), id, root)
            .map_err(|source| RegisterError::NotWritten { root: root.into(), source })?;
        Ok(id)
    }

    fn write_registration(
        &self,
        at: Timestamp,
        id: ProjectId,
        root: &str,
    ) -> Result<(), WriteError> {
        let mut turn = self.take_turn();
        if !matches!(self.vault.door(id), Err(vault::Shut::Unknown)) {
            return Ok(());
        }
        let details =
            Details { root: root.into(), registered_at: at, rows: Secret::new(random()?) };
        let (row, value) = project_value(id, &Sealer::plain(), None, &details)?;
        let mut changes = Changes::default();
        changes.put(Tree::Ledger, row, value);
        self.write(&mut turn, &changes, Durability::Synced)?;
        self.vault.set_open(Door::new(id, Sealer::plain(), details.rows, self.folder.root()));
        Ok(())
    }

    /// Every registered project.
    pub fn projects(&self) -> Result<Vec<ProjectEntry>, ReadError> {
        let mut entries = Vec::new();
        for row in self.engine()?.rows(Tree::Ledger, &[Ledger::Project as u8]) {
            let (name, stored) = row?;
            let Some(id) = project_of(&name) else { continue };
            let damaged = |source| ReadError::Damaged { project: id, source };
            let project = decode(&name, &stored).map_err(damaged)?;
            let details = match self.vault.door(id) {
                Ok(door) => Some(Details::open(door.sealer(), &name, &project).map_err(damaged)?),
                Err(_) => None,
            };
            entries.push(ProjectEntry {
                id,
                registered_at: details.as_ref().map(|details| details.registered_at),
                root: details.map(|details| details.root),
                sealed: project.sealed,
            });
        }
        Ok(entries)
    }

    pub(crate) fn project_row(
        &self,
        project: ProjectId,
    ) -> Result<(Vec<u8>, ProjectV1), ReadError> {
        let row = row::project_row(project);
        let stored = self.engine()?.get(Tree::Ledger, &row)?;
        let stored = stored.ok_or(ReadError::UnknownProject { project })?;
        let value =
            decode(&row, &stored).map_err(|source| ReadError::Damaged { project, source })?;
        Ok((row, value))
    }

    /// Makes a sealed project's values readable until the store is closed or
    /// [`Store::lock`] is called. An unsealed project is left as it is.
    pub fn unlock(&self, project: ProjectId, secret: &Secret) -> Result<(), UnlockError> {
        let unreadable = |source| UnlockError::Unreadable { project, source };
        let _turn = self.take_turn();
        let (row, value) = self.project_row(project).map_err(unreadable)?;
        if !value.sealed {
            return Ok(());
        }
        if value.key_check != vault::key_check(secret, project).0 {
            return Err(UnlockError::WrongKey { project });
        }
        let sealer = Sealer::sealed(secret.clone());
        let details = Details::open(&sealer, &row, &value)
            .map_err(|source| unreadable(ReadError::Damaged { project, source }))?;
        self.vault.set_open(Door::new(project, sealer, details.rows, self.folder.root()));
        Ok(())
    }

    /// Forgets a sealed project's key. An unsealed project is left as it is.
    pub fn lock(&self, project: ProjectId) {
        let _turn = self.take_turn();
        if self.vault.door(project).is_ok_and(|door| door.sealer().is_sealed()) {
            self.vault.set_locked(project);
        }
    }
}
