//! Audit: does the journal hold what was written into it, all of it and nothing else?

use std::collections::HashSet;

use ctx_model::{ProjectId, RecordId};
use ctx_security::chain::{
    ChainCheck, Fault, Finding, Link, PayloadState, WriterId, header_digest,
};

use super::Journal;
use super::read::{StoredHeader, chain_value, listed_id, payload, stored_header};
use crate::engine::{Engine, Tree};
use crate::row::{self, Ledger};
use crate::store::ReadError;

/// What an audit of the whole journal found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditReport {
    /// Records whose headers were checked.
    pub records: u64,
    /// Records among them whose payloads were purged.
    pub purged: u64,
    /// Records among them whose payloads could not be checked because their
    /// projects are locked or deleted.
    pub unchecked: u64,
    /// Where each chain ends. A chain cannot tell that records after its end
    /// were cut off; who noted an earlier end elsewhere can.
    pub chains: Vec<ChainEnd>,
    /// Everything that is wrong.
    pub findings: Vec<AuditFinding>,
}

impl AuditReport {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// The last record of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainEnd {
    /// Whose chain.
    pub writer: WriterId,
    /// The last record's place in it, which is how many there are.
    pub sequence: u64,
    /// The last record.
    pub record: RecordId,
}

/// One thing that is wrong with the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFinding {
    /// The record where it shows, if it is known.
    pub record: Option<RecordId>,
    /// Its chain and place in it, if they are known.
    pub place: Option<(WriterId, u64)>,
    /// What is wrong.
    pub fault: AuditFault,
}

/// What can be wrong with a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// The chain itself does not hold.
    #[error(transparent)]
    Chain(Fault),
    /// The row that names a record in its chain is damaged.
    #[error("a link of the chain is damaged")]
    LinkDamaged,
    /// A record of the chain has no header.
    #[error("the header is missing")]
    HeaderMissing,
    /// A record's header is damaged.
    #[error("the header is damaged")]
    HeaderDamaged,
    /// The header stands at another place than it says.
    #[error("the header belongs to another place in a chain")]
    HeaderMisplaced,
    /// The record is missing from its project's list, so that readers do not see it.
    #[error("the record is not listed in its project")]
    NotListed,
    /// There is a header that is in no chain.
    #[error("the record is in no chain")]
    NotChained,
    /// There is a payload or a key that belongs to no record.
    #[error("there is a payload that belongs to no record")]
    PayloadStray,
}

/// An audit under way.
struct Audit<'a> {
    journal: Journal<'a>,
    engine: &'a Engine,
    purged: HashSet<RecordId>,
    seen: HashSet<RecordId>,
    chains: ChainCheck,
    report: AuditReport,
}

impl Journal<'_> {
    /// Checks every chain, header, list and payload that can be reached. Fails
    /// only if the engine cannot read at all; what is damaged is a finding.
    pub fn verify(&self) -> Result<AuditReport, ReadError> {
        let engine = self.store.engine()?;
        let mut audit = Audit {
            journal: *self,
            engine: &engine,
            purged: HashSet::new(),
            seen: HashSet::new(),
            chains: ChainCheck::default(),
            report: AuditReport::default(),
        };
        audit.collect_purges()?;
        audit.check_chains()?;
        audit.check_strays()?;
        Ok(audit.finish())
    }
}

impl Audit<'_> {
    fn find(
        &mut self,
        record: Option<RecordId>,
        place: Option<(WriterId, u64)>,
        fault: AuditFault,
    ) {
        self.report.findings.push(AuditFinding { record, place, fault });
    }

    /// Learns which records were purged by a later record of their own chain or
    /// of the chain that this store writes for their project.
    fn collect_purges(&mut self) -> Result<(), ReadError> {
        for name in self.engine.rows(Tree::Ledger, &[Ledger::Header as u8]).names() {
            let Some(id) = header_id(&name?) else { continue };
            // Damage is reported where the chain is checked.
            let Ok(Some(purging)) = stored_header(self.engine, id) else { continue };
            for &target in &purging.header.purges {
                let Ok(Some(target_header)) = stored_header(self.engine, target) else { continue };
                let own = self.journal.store.writer(target_header.place.project);
                if [target_header.header.writer, own].contains(&purging.header.writer) {
                    self.purged.insert(target);
                }
            }
        }
        Ok(())
    }

    fn check_chains(&mut self) -> Result<(), ReadError> {
        for row in self.engine.rows(Tree::Ledger, &[Ledger::Chain as u8]) {
            let (name, stored) = row?;
            let Some(&writer) = name.get(1..17).and_then(|writer| writer.first_chunk::<16>())
            else {
                self.find(None, None, AuditFault::LinkDamaged);
                continue;
            };
            let sequence = name.last_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
            let place = Some((writer, sequence));
            let Ok((_, id)) = chain_value(&name, &stored) else {
                self.find(None, place, AuditFault::LinkDamaged);
                continue;
            };
            self.check_record(writer, sequence, id)?;
        }
        Ok(())
    }

    fn check_record(
        &mut self,
        writer: WriterId,
        sequence: u64,
        id: RecordId,
    ) -> Result<(), ReadError> {
        let place = Some((writer, sequence));
        self.seen.insert(id);
        let stored = match stored_header(self.engine, id) {
            Ok(Some(stored)) => stored,
            Ok(None) => {
                self.find(Some(id), place, AuditFault::HeaderMissing);
                return Ok(());
            }
            Err(ReadError::Damaged { .. }) => {
                self.find(Some(id), place, AuditFault::HeaderDamaged);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        self.report.records += 1;
        if (stored.header.writer, stored.header.sequence) != (writer, sequence) {
            self.find(Some(id), place, AuditFault::HeaderMisplaced);
        }
        self.check_listing(id, place, &stored)?;
        let payload = self.payload_state(id, &stored)?;
        match payload {
            PayloadState::Purged => self.report.purged += 1,
            PayloadState::Locked => self.report.unchecked += 1,
            PayloadState::Intact | PayloadState::Tampered | PayloadState::Missing => {}
        }
        self.chains.next(&Link {
            id: id.0,
            header: header_digest(&stored.bytes),
            writer,
            sequence,
            previous: stored.header.previous.map(|previous| previous.0),
            payload,
        });
        let end = ChainEnd { writer, sequence, record: id };
        match self.report.chains.last_mut() {
            Some(last) if last.writer == writer => *last = end,
            _ => self.report.chains.push(end),
        }
        Ok(())
    }

    fn check_listing(
        &mut self,
        id: RecordId,
        place: Option<(WriterId, u64)>,
        stored: &StoredHeader,
    ) -> Result<(), ReadError> {
        let project = stored.place.project;
        let row = row::listing_row(project, stored.place.ordinal);
        let listed = self.engine.get(Tree::Ledger, &row)?;
        let listed = listed.and_then(|value| listed_id(project, &row, &value).ok());
        if listed != Some(id) {
            self.find(Some(id), place, AuditFault::NotListed);
        }
        Ok(())
    }

    fn payload_state(
        &self,
        id: RecordId,
        stored: &StoredHeader,
    ) -> Result<PayloadState, ReadError> {
        let project = stored.place.project;
        let door = match self.journal.store.door(project) {
            Ok(door) => door,
            Err(_) => return self.unopened_state(project, id),
        };
        match payload(self.engine, &door, id, &stored.header) {
            Ok(Some(_)) => Ok(PayloadState::Intact),
            Ok(None) if self.purged.contains(&id) => Ok(PayloadState::Purged),
            Ok(None) => Ok(PayloadState::Missing),
            Err(ReadError::Damaged { .. }) => Ok(PayloadState::Tampered),
            Err(error) => Err(error),
        }
    }

    /// The state of a payload whose project is locked or deleted.
    fn unopened_state(&self, project: ProjectId, id: RecordId) -> Result<PayloadState, ReadError> {
        let rows = [row::payload_row(project, id), row::payload_key_row(project, id)];
        let mut there = 0;
        for row in rows {
            there += usize::from(self.engine.contains(Tree::Ledger, &row)?);
        }
        Ok(match there {
            2 => PayloadState::Locked,
            0 if self.purged.contains(&id) => PayloadState::Purged,
            _ => PayloadState::Missing,
        })
    }

    /// Looks for rows that no chain accounts for.
    fn check_strays(&mut self) -> Result<(), ReadError> {
        for name in self.engine.rows(Tree::Ledger, &[Ledger::Header as u8]).names() {
            let id = header_id(&name?);
            if id.is_none_or(|id| !self.seen.contains(&id)) {
                self.find(id, None, AuditFault::NotChained);
            }
        }
        for space in [Ledger::Payload, Ledger::PayloadKey] {
            for name in self.engine.rows(Tree::Ledger, &[space as u8]).names() {
                let id = name?.last_chunk::<32>().map(|id| RecordId(ctx_model::Digest(*id)));
                if id.is_none_or(|id| !self.seen.contains(&id)) {
                    self.find(id, None, AuditFault::PayloadStray);
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> AuditReport {
        let mut report = self.report;
        for Finding { writer, sequence, fault } in self.chains.finish() {
            let chained = row::chain_row(writer, sequence);
            let stored = self.engine.get(Tree::Ledger, &chained).ok().flatten();
            let record = stored.and_then(|value| Some(chain_value(&chained, &value).ok()?.1));
            report.findings.push(AuditFinding {
                record,
                place: Some((writer, sequence)),
                fault: AuditFault::Chain(fault),
            });
        }
        report
    }
}

fn header_id(name: &[u8]) -> Option<RecordId> {
    Some(RecordId(ctx_model::Digest(name.get(1..)?.try_into().ok()?)))
}
