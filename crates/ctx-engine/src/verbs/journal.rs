//! `memory log`, `audit verify` and `purge`: the journal itself.

use std::path::Path;

use ctx_model::event::{Event, Record};
use ctx_model::{Action, RecordId};

use crate::answer::{AuditReport, ChainReport, LogEntry};
use crate::error::{EngineError, ErrorKind};
use crate::failure;
use crate::host::{Engine, Result};
use crate::project::Project;
use crate::request::{Caller, LogRequest, PurgeRequest};

/// Longest summary of a record, in characters.
const SUMMARY: usize = 120;

impl Engine {
    /// The journal's records, newest first.
    pub fn memory_log(
        &self,
        caller: &Caller,
        root: &Path,
        request: LogRequest,
    ) -> Result<Vec<LogEntry>> {
        let (project, _) = self.permitted(caller, root, Action::ReadProject)?;
        let mut records = self.records(&project)?;
        records.reverse();
        records.truncate(request.limit);
        Ok(records.into_iter().map(entry).collect())
    }

    /// Checks every chain of the journal.
    pub fn audit_verify(&self, caller: &Caller, root: &Path) -> Result<AuditReport> {
        let (_, _) = self.permitted(caller, root, Action::ReadProject)?;
        let report = self
            .inner
            .store
            .journal()
            .verify()
            .map_err(|error| failure::of_read("verify the journal", error))?;
        let mut chains: Vec<ChainReport> = report
            .chains
            .iter()
            .map(|end| ChainReport {
                writer: hex(&end.writer),
                records: end.sequence,
                purged: 0,
                problems: Vec::new(),
            })
            .collect();
        if let Some(first) = chains.first_mut() {
            first.purged = report.purged;
        }
        for finding in &report.findings {
            let problem = match finding.record {
                Some(record) => format!("record {record}: {}", finding.fault),
                None => finding.fault.to_string(),
            };
            let writer = finding.place.map_or(String::new(), |(writer, _)| hex(&writer));
            match chains.iter_mut().find(|chain| chain.writer == writer) {
                Some(chain) => chain.problems.push(problem),
                None => chains.push(ChainReport {
                    writer,
                    records: 0,
                    purged: 0,
                    problems: vec![problem],
                }),
            }
        }
        Ok(AuditReport { chains })
    }

    /// Destroys a record's payload and its key; the chain still verifies.
    pub fn purge(&self, caller: &Caller, root: &Path, request: &PurgeRequest) -> Result<RecordId> {
        let (project, permit) = self.permitted(caller, root, Action::PurgeRecord)?;
        let id = request.id.parse::<RecordId>().map_err(|error| {
            EngineError::new(ErrorKind::InvalidRequest, error.to_string())
                .with_hint("a purge needs the whole id, so that nothing else is destroyed")
        })?;
        let purged = self.inner.store.journal().purge(&permit, id).map_err(|error| {
            let hint = error.hint();
            EngineError::new(ErrorKind::NotFound, error.to_string()).with_hint(hint).because(error)
        })?;
        project.forget_memories();
        Ok(purged)
    }

    /// Records of a project, oldest first; none if it was never registered.
    pub(super) fn records(&self, project: &Project) -> Result<Vec<Record>> {
        match self.inner.store.journal().records(project.id) {
            Ok(records) => records
                .collect::<std::result::Result<_, _>>()
                .map_err(|error| failure::of_read("read the journal", error)),
            Err(ctx_storage::ReadError::UnknownProject { .. }) => Ok(Vec::new()),
            Err(error) => Err(failure::of_read("read the journal", error)),
        }
    }
}

fn entry(record: Record) -> LogEntry {
    let (event, subject, summary) = match record.entry.as_ref().map(|entry| &entry.event) {
        None => ("purged", None, None),
        Some(Event::Remembered(memory)) => ("memory", None, Some(one_line(&memory.text))),
        Some(Event::Forgotten { id, reason }) => ("forget", Some(*id), reason.clone()),
        Some(Event::Superseded { id, by }) => ("supersede", Some(*id), Some(format!("by {by}"))),
        Some(Event::FeedbackGiven { id, outcome }) => {
            ("feedback", Some(*id), Some(outcome.name().to_string()))
        }
        Some(Event::ProjectSealed) => ("seal", None, None),
        Some(Event::ProjectUnsealed) => ("unseal", None, None),
        Some(Event::RecordPurged { id }) => ("purge", Some(*id), None),
        Some(Event::ProjectDeleted) => ("delete", None, None),
    };
    let session = record.entry.as_ref().and_then(|entry| entry.session.clone());
    LogEntry {
        id: record.id,
        sequence: record.sequence,
        actor: record.entry.map_or_else(ctx_model::Actor::system, |entry| entry.actor),
        session,
        at: record.at,
        event: event.to_string(),
        subject,
        summary,
    }
}

fn one_line(text: &str) -> String {
    let mut line: String =
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SUMMARY + 1).collect();
    if line.chars().count() > SUMMARY {
        line = line.chars().take(SUMMARY).chain(['…']).collect();
    }
    line
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
