//! Purging: destroying what a record says, but not that there was one.

use ctx_model::{Action, Digest, Draft, Event, ProjectId, RecordId};
use ctx_security::Permit;

use super::Journal;
use super::compose::Composed;
use super::read::stored_header;
use crate::batch::WriteError;
use crate::engine::{Changes, EngineError, Tree};
use crate::row::{self, Ledger, Space};
use crate::store::ReadError;

/// Why a record could not be purged.
#[derive(Debug, thiserror::Error)]
pub enum PurgeError {
    /// There is no such record in the permit's project, or it cannot be read.
    #[error("could not find record {id} to purge")]
    NotFound {
        /// The record.
        id: RecordId,
        /// Why.
        #[source]
        source: ReadError,
    },
    /// It was not written; the record is as it was.
    #[error("could not purge record {id}")]
    NotWritten {
        /// The record.
        id: RecordId,
        /// Why.
        #[source]
        source: WriteError,
    },
}

impl PurgeError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            PurgeError::NotFound { source, .. } => source.hint(),
            PurgeError::NotWritten { source, .. } => source.hint(),
        }
    }
}

impl Journal<'_> {
    /// Destroys the payload of `id` and its key, and records that. Nothing of
    /// them stays on the disk; the project's memory views go too, for they may
    /// repeat it, and can be built again. The chain still verifies. Returns the
    /// record of the purge.
    pub fn purge(&self, permit: &Permit, id: RecordId) -> Result<RecordId, PurgeError> {
        let project = permit.project();
        let not_found = |source| PurgeError::NotFound { id, source };
        let not_written = |source| PurgeError::NotWritten { id, source };
        permit.covers(Action::PurgeRecord, project).map_err(|error| not_written(error.into()))?;
        let mut turn = self.store.take_turn();
        let door = self.store.door(project).map_err(not_found)?;
        let engine = self.store.engine().map_err(|error| not_found(error.into()))?;
        let place = stored_header(&engine, id).map_err(not_found)?.map(|stored| stored.place);
        if place.is_none_or(|place| place.project != project) {
            return Err(not_found(ReadError::UnknownRecord { id }));
        }
        drop(engine);
        let draft = Draft::bare(Event::RecordPurged { id }, permit.at());
        let Composed { changes: extra, head, .. } =
            self.compose(&mut turn, permit, &door, draft, &[id]).map_err(not_written)?;
        let gone = [row::payload_row(project, id), row::payload_key_row(project, id)];
        let views = row::prefix(Space::Memory as u8, project);
        let mut rule = |tree, name: Vec<u8>, value, out: &mut Changes| {
            if !gone.contains(&name) && !name.starts_with(&views) {
                out.put(tree, name, value);
            }
            Ok(())
        };
        self.store.rewrite(&mut turn, &mut rule, &extra).map_err(not_written)?;
        Ok(head.id)
    }

    /// The records of a project whose payloads are there.
    pub(crate) fn payload_ids(&self, project: ProjectId) -> Result<Vec<RecordId>, EngineError> {
        let prefix = row::prefix(Ledger::Payload as u8, project);
        let mut ids = Vec::new();
        for name in self.store.engine()?.rows(Tree::Ledger, &prefix).names() {
            if let Some(id) = name?.last_chunk::<32>() {
                ids.push(RecordId(Digest(*id)));
            }
        }
        Ok(ids)
    }
}
