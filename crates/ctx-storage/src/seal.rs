//! Sealing a project, unsealing it, and deleting it: what changes or takes away
//! everything that is stored of it.

use ctx_model::{Action, Draft, Event, ProjectId};
use ctx_security::{Permit, Sealer, Secret};

use crate::batch::WriteError;
use crate::engine::{Changes, Tree};
use crate::registry::{Details, project_value};
use crate::row::{self, Ledger, Space};
use crate::store::{ReadError, Store};
use crate::vault::{self, Door, random};

/// Why a project could not be sealed or unsealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// It must be registered and unlocked first.
    #[error("could not reach the values of project {project}")]
    Unreachable {
        /// The project.
        project: ProjectId,
        /// Why.
        #[source]
        source: ReadError,
    },
    /// It could not be written; the project is as it was.
    #[error("could not change the seal of project {project}")]
    NotWritten {
        /// The project.
        project: ProjectId,
        /// Why.
        #[source]
        source: WriteError,
    },
}

impl SealError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            SealError::Unreachable { source, .. } => source.hint(),
            SealError::NotWritten { source, .. } => source.hint(),
        }
    }
}

impl Store {
    /// Seals everything of the permit's project with `secret`, or, if it is
    /// sealed and unlocked, with `secret` from now on. Nothing of the project
    /// stays on the disk unsealed, so the shared facts of all projects go too:
    /// they can be computed again.
    pub fn seal_project(&self, permit: &Permit, secret: &Secret) -> Result<(), SealError> {
        let sealer = Sealer::sealed(secret.clone());
        self.change_seal(permit, sealer, Some(secret), Event::ProjectSealed)
    }

    /// Stores everything of the permit's project readable again. It must be
    /// unlocked; one that is not sealed is left as it is.
    pub fn unseal_project(&self, permit: &Permit) -> Result<(), SealError> {
        let project = permit.project();
        permit
            .covers(Action::SealProject, project)
            .map_err(|error| SealError::NotWritten { project, source: error.into() })?;
        let door =
            self.door(project).map_err(|source| SealError::Unreachable { project, source })?;
        if !door.sealer().is_sealed() {
            return Ok(());
        }
        self.change_seal(permit, Sealer::plain(), None, Event::ProjectUnsealed)
    }

    /// Puts everything of the permit's project under `sealer`, whose key is
    /// `key`, and records `event`; all or nothing.
    fn change_seal(
        &self,
        permit: &Permit,
        sealer: Sealer,
        key: Option<&Secret>,
        event: Event,
    ) -> Result<(), SealError> {
        let project = permit.project();
        let not_written = |source| SealError::NotWritten { project, source };
        permit.covers(Action::SealProject, project).map_err(|e| not_written(e.into()))?;
        let mut turn = self.take_turn();
        let old =
            self.door(project).map_err(|source| SealError::Unreachable { project, source })?;
        let new = Door::new(project, sealer, old.rows().clone(), self.folder.root());
        let (project_row, value) = self
            .project_row(project)
            .map_err(|source| SealError::Unreachable { project, source })?;
        let details = Details::open(old.sealer(), &project_row, &value).map_err(|source| {
            SealError::Unreachable { project, source: ReadError::Damaged { project, source } }
        })?;
        let mut extra = Changes::default();
        let (row, value) =
            project_value(project, new.sealer(), key, &details).map_err(not_written)?;
        extra.put(Tree::Ledger, row, value);
        let draft = Draft::bare(event, permit.at());
        let record =
            self.journal().compose(&mut turn, permit, &new, draft, &[]).map_err(not_written)?;
        extra.extend(record.changes);
        self.rewrite(&mut turn, &mut reseal(&old, &new), &extra).map_err(not_written)?;
        self.vault.set_open(new);
        Ok(())
    }

    /// Deletes the permit's project: its views, its registration, and the
    /// payloads and keys of all its records. The bare headers stay, so that the
    /// chain still verifies. Takes a permit to purge records; needs no key.
    pub fn delete_project(&self, permit: &Permit) -> Result<(), WriteError> {
        let project = permit.project();
        permit.covers(Action::PurgeRecord, project)?;
        let mut turn = self.take_turn();
        if matches!(self.vault.door(project), Err(vault::Shut::Unknown)) {
            return Err(WriteError::UnknownProject { project });
        }
        let purged = self.journal().payload_ids(project)?;
        let rows = Secret::new(random()?);
        let door = Door::new(project, Sealer::plain(), rows, self.folder.root());
        let draft = Draft::bare(Event::ProjectDeleted, permit.at());
        let extra = self.journal().compose(&mut turn, permit, &door, draft, &purged)?.changes;
        let gone = own_prefixes(project);
        let mut rule = |tree, name: Vec<u8>, value, out: &mut Changes| {
            if !gone.iter().any(|prefix| name.starts_with(prefix)) {
                out.put(tree, name, value);
            }
            Ok(())
        };
        self.rewrite(&mut turn, &mut rule, &extra)?;
        self.vault.forget(project);
        Ok(())
    }
}

/// The starts of the names of all rows that hold something of `project`.
fn own_prefixes(project: ProjectId) -> Vec<Vec<u8>> {
    let views = Space::ALL.map(|space| space as u8);
    let ledger = [Ledger::Project, Ledger::Payload, Ledger::PayloadKey].map(|space| space as u8);
    views.into_iter().chain(ledger).map(|space| row::prefix(space, project)).collect()
}

/// The rule that takes a project's values out of `old`'s seal and puts them under `new`'s.
fn reseal(
    old: &Door,
    new: &Door,
) -> impl FnMut(Tree, Vec<u8>, Vec<u8>, &mut Changes) -> Result<(), WriteError> {
    let project = new.project();
    let (was_sealed, is_sealed) = (old.sealer().is_sealed(), new.sealer().is_sealed());
    let registration = row::project_row(project);
    let keys = row::prefix(Ledger::PayloadKey as u8, project);
    let shared = row::shared_prefix(Space::Facts);
    let own_facts = row::prefix(Space::Facts as u8, project);
    move |tree, name, value, out| {
        let is_own_view = tree == Tree::Views && name.get(1..17) == Some(&project.0[..]);
        if is_own_view && !is_sealed && name.starts_with(&own_facts) {
            // Under a name that nobody looks up any more: computed again.
        } else if is_own_view || name.starts_with(&keys) {
            match old.open(&name, &value) {
                Ok(plain) => {
                    let value = new.seal(&name, &plain)?;
                    out.put(tree, name, value);
                }
                // A damaged view can be computed again. A damaged key must not
                // be lost silently: audit will report it.
                Err(_) if is_own_view => {}
                Err(_) => out.put(tree, name, value),
            }
        } else if name != registration && (was_sealed || !name.starts_with(&shared)) {
            out.put(tree, name, value);
        }
        Ok(())
    }
}
