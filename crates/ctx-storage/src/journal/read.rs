//! Reading records back.

use std::sync::Arc;

use ctx_model::{Digest, ProjectId, Record, RecordId};
use ctx_security::chain::{header_digest, salted_payload_hash};
use ctx_security::{Sealer, Secret};

use super::Journal;
use crate::engine::{Engine, Rows, Tree};
use crate::row::{self, Ledger};
use crate::store::ReadError;
use crate::vault::Door;
use crate::wire::{Header, Payload, decode_entry};

/// Where a record stands in this store; kept with its header, but no part of
/// what names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placement {
    /// The project it is listed under here.
    pub(crate) project: ProjectId,
    /// Its place in that list, from 1.
    pub(crate) ordinal: u64,
}

impl Placement {
    const LENGTH: usize = 24;

    /// The value of a header's row.
    pub(crate) fn with_header(self, header: &[u8]) -> Vec<u8> {
        [&self.project.0[..], &self.ordinal.to_be_bytes(), header].concat()
    }

    fn split(value: &[u8]) -> Option<(Placement, &[u8])> {
        let (place, header) = value.split_first_chunk::<{ Placement::LENGTH }>()?;
        let (project, ordinal) = place.split_first_chunk::<16>()?;
        let ordinal = u64::from_be_bytes(ordinal.try_into().ok()?);
        Some((Placement { project: ProjectId(*project), ordinal }, header))
    }
}

/// A header as it is stored.
pub(super) struct StoredHeader {
    pub(super) place: Placement,
    pub(super) bytes: Vec<u8>,
    pub(super) header: Header,
}

const NO_PROJECT: ProjectId = ProjectId([0; 16]);

fn damaged(
    project: ProjectId,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> ReadError {
    ReadError::Damaged { project, source: source.into() }
}

/// The sequence and the record of a row of a chain.
pub(super) fn chain_value(name: &[u8], stored: &[u8]) -> Result<(u64, RecordId), ReadError> {
    let sequence = name.last_chunk::<8>().ok_or_else(|| damaged(NO_PROJECT, "cut row name"))?;
    Ok((u64::from_be_bytes(*sequence), listed_id(NO_PROJECT, name, stored)?))
}

/// The record that a row of a chain or a listing names.
pub(super) fn listed_id(
    project: ProjectId,
    name: &[u8],
    stored: &[u8],
) -> Result<RecordId, ReadError> {
    let id = Sealer::plain().open(name, stored).map_err(|error| damaged(project, error))?;
    let id = id.try_into().map_err(|_| damaged(project, "a record's name is cut"))?;
    Ok(RecordId(Digest(id)))
}

/// The header of `id`; none if there is no such record. Its digest is not
/// checked here.
pub(super) fn stored_header(
    engine: &Engine,
    id: RecordId,
) -> Result<Option<StoredHeader>, ReadError> {
    let row = row::header_row(id);
    let Some(stored) = engine.get(Tree::Ledger, &row)? else { return Ok(None) };
    let value = Sealer::plain().open(&row, &stored).map_err(|error| damaged(NO_PROJECT, error))?;
    let (place, bytes) =
        Placement::split(&value).ok_or_else(|| damaged(NO_PROJECT, "a header is cut"))?;
    let header = Header::decode(bytes).map_err(|error| damaged(place.project, error))?;
    Ok(Some(StoredHeader { place, bytes: bytes.to_vec(), header }))
}

/// The payload of a record, checked against the hash in its header; none if it
/// is not there.
pub(super) fn payload(
    engine: &Engine,
    door: &Door,
    id: RecordId,
    header: &Header,
) -> Result<Option<Payload>, ReadError> {
    let project = door.project();
    let row = row::payload_row(project, id);
    let key_row = row::payload_key_row(project, id);
    let (key, sealed) = match (engine.get(Tree::Ledger, &key_row)?, engine.get(Tree::Ledger, &row)?)
    {
        (Some(key), Some(sealed)) => (key, sealed),
        (None, None) => return Ok(None),
        _ => return Err(damaged(project, "a payload or its key is missing")),
    };
    let key = door.open(&key_row, &key).map_err(|error| damaged(project, error))?;
    let key = key.try_into().map_err(|_| damaged(project, "a payload's key is cut"))?;
    let bytes = Sealer::sealed(Secret::new(key))
        .open(&row, &sealed)
        .map_err(|error| damaged(project, error))?;
    let payload = Payload::decode(&bytes).map_err(|error| damaged(project, error))?;
    if salted_payload_hash(&payload.salt, &payload.entry) != header.payload_hash {
        return Err(damaged(project, "a payload is not the one its header was made for"));
    }
    Ok(Some(payload))
}

impl Journal<'_> {
    /// The record named `id`.
    pub fn get(&self, id: RecordId) -> Result<Record, ReadError> {
        let engine = self.store.engine()?;
        let stored = stored_header(&engine, id)?.ok_or(ReadError::UnknownRecord { id })?;
        let door = self.store.door(stored.place.project)?;
        record(&engine, &door, id, stored)
    }

    /// The records of a project in the order in which they came to this store.
    pub fn records(&self, project: ProjectId) -> Result<Records, ReadError> {
        self.records_after(project, 0)
    }

    /// How many records a project has; needs no key.
    pub fn record_count(&self, project: ProjectId) -> Result<u64, ReadError> {
        Ok(self.last_ordinal(project)?)
    }

    /// The records of a project that come after the place `ordinal` in its list.
    pub fn records_after(&self, project: ProjectId, ordinal: u64) -> Result<Records, ReadError> {
        let door = self.store.door(project)?;
        let engine = self.store.engine()?;
        let prefix = row::prefix(Ledger::Listing as u8, project);
        let from = row::listing_row(project, ordinal.saturating_add(1));
        Ok(Records { rows: engine.rows_from(Tree::Ledger, &prefix, &from), door, engine })
    }
}

/// Records of one project, read as they are asked for.
pub struct Records {
    rows: Rows,
    door: Arc<Door>,
    engine: Arc<Engine>,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("project", &self.door.project()).finish_non_exhaustive()
    }
}

impl Iterator for Records {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        Some(row.map_err(ReadError::from).and_then(|(name, stored)| {
            let project = self.door.project();
            let id = listed_id(project, &name, &stored)?;
            let stored = stored_header(&self.engine, id)?
                .ok_or_else(|| damaged(project, "a listed record has no header"))?;
            record(&self.engine, &self.door, id, stored)
        }))
    }
}

fn record(
    engine: &Engine,
    door: &Door,
    id: RecordId,
    stored: StoredHeader,
) -> Result<Record, ReadError> {
    let StoredHeader { place, bytes, header } = stored;
    if header_digest(&bytes) != id.0 {
        return Err(damaged(place.project, "a header is not the one that names its record"));
    }
    let payload = payload(engine, door, id, &header)?;
    let entry = payload.map(|payload| decode_entry(&payload.entry)).transpose();
    Ok(Record {
        id,
        project: place.project,
        ordinal: place.ordinal,
        writer: header.writer,
        sequence: header.sequence,
        at: header.at,
        entry: entry.map_err(|error| damaged(place.project, error))?,
    })
}
