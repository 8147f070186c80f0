//! Appending: from a draft to rows on the disk, without the secrets in its texts.

use ctx_model::{Action, Draft, Entry, Event, ProjectId, RecordId};
use ctx_security::chain::{WriterId, header_digest, salted_payload_hash};
use ctx_security::{Permit, Sealer, Secret, redact_entry};

use super::Journal;
use super::read::{Placement, chain_value};
use crate::batch::WriteError;
use crate::engine::{Changes, Durability, EngineError, Tree};
use crate::row;
use crate::store::ReadError;
use crate::turn::{Head, Turn};
use crate::vault::{self, Door, NoRandomness, random};
use crate::wire::{Header, Payload, encode_entry};

/// Why a record could not be appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Sealing, purging and deleting write their own records when they are done.
    #[error("a record of this kind is written by what it records, not by hand")]
    Reserved,
    /// It was not acknowledged: it is kept whole or not at all.
    #[error("could not append to the journal")]
    NotWritten {
        /// Why.
        #[source]
        source: WriteError,
    },
}

impl AppendError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            AppendError::Reserved => "this is a defect of CodeContext: please report it",
            AppendError::NotWritten { source } => source.hint(),
        }
    }
}

impl<T: Into<WriteError>> From<T> for AppendError {
    fn from(source: T) -> AppendError {
        AppendError::NotWritten { source: source.into() }
    }
}

/// A record's parts, ready to be stored.
pub(super) struct Parts<'a> {
    pub(super) id: RecordId,
    pub(super) header: &'a Header,
    pub(super) header_bytes: &'a [u8],
    /// An encoded payload; none if it was purged.
    pub(super) payload: Option<&'a [u8]>,
}

/// A record that the journal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Its name.
    pub id: RecordId,
    /// How many of its texts had secrets, which were struck out.
    pub redacted: u32,
}

/// A record's rows, and the end of the chain once they are written.
pub(crate) struct Composed {
    pub(crate) changes: Changes,
    pub(crate) head: Head,
    pub(crate) redacted: u32,
}

impl Journal<'_> {
    /// Appends a record to the chain of the permit's project, without the
    /// secrets in its texts; returns when the disk has it.
    pub fn append(&self, permit: &Permit, draft: Draft) -> Result<Appended, AppendError> {
        let project = permit.project();
        permit.covers(action_of(&draft.event)?, project)?;
        let mut turn = self.store.take_turn();
        let door = self.store.door(project)?;
        let composed = self.compose(&mut turn, permit, &door, draft, &[])?;
        self.store.write(&mut turn, &composed.changes, Durability::Synced)?;
        turn.heads.insert(self.store.writer(project), composed.head);
        Ok(Appended { id: composed.head.id, redacted: composed.redacted })
    }

    /// A new record at the end of the chain. Every record of this store passes
    /// here, and loses the secrets in its texts.
    pub(crate) fn compose(
        &self,
        turn: &mut Turn,
        permit: &Permit,
        door: &Door,
        draft: Draft,
        purges: &[RecordId],
    ) -> Result<Composed, WriteError> {
        // A store that failed may hold less on its disk than in its memory.
        self.store.healthy_engine()?;
        let project = permit.project();
        let writer = self.store.writer(project);
        let head = self.head(turn, writer)?;
        let at = draft.at;
        let mut entry = entry(permit, draft);
        let redacted = redact_entry(&mut entry);
        let payload = Payload { salt: random()?, entry: encode_entry(&entry) };
        let header = Header {
            writer,
            sequence: head.map_or(1, |head| head.sequence + 1),
            previous: head.map(|head| head.id),
            payload_hash: salted_payload_hash(&payload.salt, &payload.entry),
            project,
            at,
            purges: purges.to_vec(),
        };
        let header_bytes = header.encode();
        let id = RecordId(header_digest(&header_bytes));
        let parts = Parts {
            id,
            header: &header,
            header_bytes: &header_bytes,
            payload: Some(&payload.encode()),
        };
        let place = Placement { project, ordinal: self.last_ordinal(project)? + 1 };
        let mut changes = Changes::default();
        put_record(&mut changes, &parts, place, door)?;
        Ok(Composed { changes, head: Head { sequence: header.sequence, id }, redacted })
    }

    /// The end of a chain, as far as it is in the store.
    pub(super) fn head(
        &self,
        turn: &mut Turn,
        writer: WriterId,
    ) -> Result<Option<Head>, ReadError> {
        if let Some(head) = turn.heads.get(&writer) {
            return Ok(Some(*head));
        }
        let prefix = row::chain_prefix(writer);
        let last = self.store.engine()?.last_row(Tree::Ledger, &prefix)?;
        let Some((name, stored)) = last else { return Ok(None) };
        let (sequence, id) = chain_value(&name, &stored)?;
        let head = Head { sequence, id };
        turn.heads.insert(writer, head);
        Ok(Some(head))
    }

    /// The last place in a project's list of records; 0 if it is empty.
    pub(super) fn last_ordinal(&self, project: ProjectId) -> Result<u64, EngineError> {
        let prefix = row::prefix(row::Ledger::Listing as u8, project);
        let last = self.store.engine()?.last_row(Tree::Ledger, &prefix)?;
        let ordinal = last.and_then(|(name, _)| name.last_chunk::<8>().copied());
        Ok(ordinal.map_or(0, u64::from_be_bytes))
    }
}

/// The rows of one record.
pub(super) fn put_record(
    changes: &mut Changes,
    parts: &Parts<'_>,
    place: Placement,
    door: &Door,
) -> Result<(), NoRandomness> {
    let plain = Sealer::plain();
    let Parts { id, header, .. } = *parts;
    let mut put = |row: Vec<u8>, value: Vec<u8>| changes.put(Tree::Ledger, row, value);

    let row = row::header_row(id);
    let value = vault::seal(&plain, &row, &place.with_header(parts.header_bytes))?;
    put(row, value);
    let row = row::chain_row(header.writer, header.sequence);
    let value = vault::seal(&plain, &row, &id.0.0)?;
    put(row, value);
    let row = row::listing_row(place.project, place.ordinal);
    let value = vault::seal(&plain, &row, &id.0.0)?;
    put(row, value);

    if let Some(payload) = parts.payload {
        let key = random()?;
        let row = row::payload_key_row(place.project, id);
        let value = door.seal(&row, &key)?;
        put(row, value);
        let row = row::payload_row(place.project, id);
        let value = vault::seal(&Sealer::sealed(Secret::new(key)), &row, payload)?;
        put(row, value);
    }
    Ok(())
}

fn entry(permit: &Permit, draft: Draft) -> Entry {
    let Draft { event, session, commit, branch, at: _ } = draft;
    Entry { event, actor: permit.actor().clone(), session, commit, branch }
}

/// What a permit must allow for an event to be recorded.
fn action_of(event: &Event) -> Result<Action, AppendError> {
    match event {
        Event::Remembered(_) | Event::Superseded { .. } | Event::FeedbackGiven { .. } => {
            Ok(Action::WriteMemory)
        }
        Event::Forgotten { .. } => Ok(Action::ForgetMemory),
        Event::ProjectSealed
        | Event::ProjectUnsealed
        | Event::RecordPurged { .. }
        | Event::ProjectDeleted => Err(AppendError::Reserved),
    }
}
