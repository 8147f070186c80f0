//! Export and import: how records travel between stores.
//!
//! A project's records are exported with the bytes that name them, so that the
//! receiving store can check every one and merges the same record only once.

use std::collections::{BTreeMap, HashMap, HashSet};

use ctx_model::{Action, ProjectId, RecordId};
use ctx_security::Permit;
use ctx_security::chain::{WriterId, header_digest, salted_payload_hash};

use super::Journal;
use super::compose::{Parts, put_record};
use super::read::{chain_value, payload, stored_header};
use crate::batch::WriteError;
use crate::engine::{Changes, Durability, Tree};
use crate::row;
use crate::store::ReadError;
use crate::wire::{Header, Payload, WireError};

/// A record on its way between stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedRecord {
    /// Its header: an encoded `RecordHeaderV1`.
    pub header: Vec<u8>,
    /// Its payload in the clear: an encoded `PayloadV1`; none if it was purged.
    pub payload: Option<Vec<u8>>,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportOutcome {
    /// Records that are new here.
    pub added: usize,
    /// Records that were here already.
    pub known: usize,
}

/// Why records could not be imported. None of them was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A header or payload is not well formed, or was written by a later version.
    #[error("imported record number {position} is not readable")]
    Malformed {
        /// Which of the given records, from 1.
        position: usize,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A payload is not the one that its header was made for.
    #[error("the payload of imported record {id} was changed")]
    Tampered {
        /// The record.
        id: RecordId,
    },
    /// A payload is missing though no record says that it was purged.
    #[error("the payload of imported record {id} is missing though no record purged it")]
    PayloadMissing {
        /// The record.
        id: RecordId,
    },
    /// The chain does not go on where it ends here.
    #[error("imported record {id} does not follow what is known of its chain")]
    Disconnected {
        /// The record.
        id: RecordId,
    },
    /// The same place in a chain is taken by another record here: two stores
    /// wrote on with the same chain, for example after a folder was copied.
    #[error("imported record {id} claims the place of {known}")]
    Forked {
        /// The imported record.
        id: RecordId,
        /// The record that is there.
        known: RecordId,
    },
    /// It was not written.
    #[error("could not write the imported records")]
    NotWritten {
        /// Why.
        #[source]
        source: WriteError,
    },
}

impl ImportError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ImportError::Malformed { .. } => "update CodeContext if a later version exported this",
            ImportError::Tampered { .. } | ImportError::PayloadMissing { .. } => {
                "export again from the store that wrote it"
            }
            ImportError::Disconnected { .. } => "export the whole project, not a part of it",
            ImportError::Forked { .. } => "keep one of the two copies of the data folder",
            ImportError::NotWritten { source } => source.hint(),
        }
    }
}

impl<T: Into<WriteError>> From<T> for ImportError {
    fn from(source: T) -> ImportError {
        ImportError::NotWritten { source: source.into() }
    }
}

/// A record that came in, read and checked on its own.
struct Arrival {
    id: RecordId,
    header: Header,
    header_bytes: Vec<u8>,
    payload: Option<Vec<u8>>,
}

impl Journal<'_> {
    /// Every record of a project, payloads in the clear, in the order of
    /// [`Journal::records`].
    pub fn export(&self, project: ProjectId) -> Result<Vec<ExportedRecord>, ReadError> {
        let door = self.store.door(project)?;
        let engine = self.store.engine()?;
        let mut exported = Vec::new();
        for record in self.records(project)? {
            let id = record?.id;
            let stored = stored_header(&engine, id)?.ok_or(ReadError::UnknownRecord { id })?;
            let payload = payload(&engine, &door, id, &stored.header)?;
            exported.push(ExportedRecord {
                header: stored.bytes,
                payload: payload.map(|payload| payload.encode()),
            });
        }
        Ok(exported)
    }

    /// Merges records from another store's journal into the permit's project,
    /// all or none; records that are here already are left alone. A purge that
    /// comes in removes the payload from reach here too.
    pub fn import(
        &self,
        permit: &Permit,
        records: &[ExportedRecord],
    ) -> Result<ImportOutcome, ImportError> {
        let project = permit.project();
        permit.covers(Action::WriteMemory, project)?;
        let arrivals = records
            .iter()
            .enumerate()
            .map(|(at, record)| arrival(at + 1, record))
            .collect::<Result<Vec<_>, _>>()?;
        let mut turn = self.store.take_turn();
        let door = self.store.door(project)?;
        self.store.healthy_engine()?;
        let fresh = self.fresh(&arrivals)?;
        let purged = purged_by(&arrivals);
        let mut changes = Changes::default();
        let next = self.last_ordinal(project)? + 1;
        for (ordinal, arrival) in (next..).zip(&fresh) {
            let is_purged = purged.contains(&(arrival.header.writer, arrival.id));
            if arrival.payload.is_none() && !is_purged {
                return Err(ImportError::PayloadMissing { id: arrival.id });
            }
            let parts = Parts {
                id: arrival.id,
                header: &arrival.header,
                header_bytes: &arrival.header_bytes,
                payload: arrival.payload.as_deref().filter(|_| !is_purged),
            };
            put_record(&mut changes, &parts, super::Placement { project, ordinal }, &door)?;
            self.remove_purged(&arrival.header, project, &mut changes)?;
        }
        self.store.write(&mut turn, &changes, Durability::Synced)?;
        turn.heads.clear();
        Ok(ImportOutcome { added: fresh.len(), known: arrivals.len() - fresh.len() })
    }

    /// The arrivals that are new here, in an order in which every chain goes on
    /// where it ends.
    fn fresh<'r>(&self, arrivals: &'r [Arrival]) -> Result<Vec<&'r Arrival>, ImportError> {
        let engine = self.store.engine().map_err(WriteError::from)?;
        let mut known: HashMap<(WriterId, u64), RecordId> = HashMap::new();
        for writer in arrivals.iter().map(|arrival| arrival.header.writer).collect::<HashSet<_>>() {
            for row in engine.rows(Tree::Ledger, &row::chain_prefix(writer)) {
                let (name, stored) = row.map_err(WriteError::from)?;
                let (sequence, id) = chain_value(&name, &stored).map_err(WriteError::from)?;
                known.insert((writer, sequence), id);
            }
        }
        let mut fresh = BTreeMap::new();
        for (position, arrival) in arrivals.iter().enumerate() {
            let place = (arrival.header.writer, arrival.header.sequence);
            match known.get(&place) {
                Some(id) if *id == arrival.id => {}
                Some(id) => return Err(ImportError::Forked { id: arrival.id, known: *id }),
                None => {
                    let earlier = fresh.insert(place, (position, arrival));
                    if let Some((_, earlier)) = earlier.filter(|(_, other)| other.id != arrival.id)
                    {
                        return Err(ImportError::Forked { id: arrival.id, known: earlier.id });
                    }
                }
            }
        }
        for (&(writer, sequence), (_, arrival)) in &fresh {
            let before = sequence.checked_sub(1).and_then(|before| {
                let here = known.get(&(writer, before)).copied();
                here.or_else(|| fresh.get(&(writer, before)).map(|(_, arrival)| arrival.id))
            });
            if sequence == 0
                || before != arrival.header.previous
                || (sequence > 1 && before.is_none())
            {
                return Err(ImportError::Disconnected { id: arrival.id });
            }
        }
        let mut fresh: Vec<_> = fresh.into_values().collect();
        fresh.sort_by_key(|(position, _)| *position);
        Ok(fresh.into_iter().map(|(_, arrival)| arrival).collect())
    }

    /// Removes the payloads that an incoming header purges: those of its own
    /// chain alone, so that no other store can take away what was written here.
    fn remove_purged(
        &self,
        header: &Header,
        project: ProjectId,
        changes: &mut Changes,
    ) -> Result<(), ImportError> {
        let engine = self.store.engine().map_err(WriteError::from)?;
        for id in &header.purges {
            let stored = stored_header(&engine, *id).map_err(WriteError::from)?;
            if stored.is_some_and(|stored| {
                stored.header.writer == header.writer && stored.place.project == project
            }) {
                changes.remove(Tree::Ledger, row::payload_row(project, *id));
                changes.remove(Tree::Ledger, row::payload_key_row(project, *id));
            }
        }
        Ok(())
    }
}

/// The records that arrivals purge, with the chain that says so.
fn purged_by(arrivals: &[Arrival]) -> HashSet<(WriterId, RecordId)> {
    arrivals
        .iter()
        .flat_map(|arrival| arrival.header.purges.iter().map(|id| (arrival.header.writer, *id)))
        .collect()
}

fn arrival(position: usize, record: &ExportedRecord) -> Result<Arrival, ImportError> {
    let malformed = |error: WireError| ImportError::Malformed { position, source: error.into() };
    let header = Header::decode(&record.header).map_err(malformed)?;
    let id = RecordId(header_digest(&record.header));
    if let Some(bytes) = &record.payload {
        let payload = Payload::decode(bytes).map_err(malformed)?;
        if salted_payload_hash(&payload.salt, &payload.entry) != header.payload_hash {
            return Err(ImportError::Tampered { id });
        }
    }
    Ok(Arrival { id, header, header_bytes: record.header.clone(), payload: record.payload.clone() })
}
