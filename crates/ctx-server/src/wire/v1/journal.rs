//! The journal: its records, what came of them, and whether it is intact.

use serde::{Deserialize, Serialize};

use ctx_engine::request::{self, Outcome};
use ctx_engine::{ErrorKind, answer};

use super::error::WireError;
use super::rfc3339;

fn default_limit() -> usize {
    50
}

/// List the journal's records, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogRequest {
    /// At most this many.
    #[serde(default = "default_limit", deserialize_with = "super::limit")]
    pub limit: usize,
}

impl From<LogRequest> for request::LogRequest {
    fn from(request: LogRequest) -> request::LogRequest {
        request::LogRequest { limit: request.limit }
    }
}

/// A record of the journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LogEntry {
    /// The record.
    pub id: String,
    /// Its place in its writer's chain, from 0.
    pub sequence: u64,
    /// Who wrote it.
    pub actor: String,
    /// The session it was written in.
    pub session: Option<String>,
    /// When.
    pub at: String,
    /// What it is.
    pub event: String,
    /// The record it speaks of.
    pub subject: Option<String>,
    /// One line of its content; null if it was purged.
    pub summary: Option<String>,
}

impl From<answer::LogEntry> for LogEntry {
    fn from(entry: answer::LogEntry) -> LogEntry {
        LogEntry {
            id: entry.id.to_string(),
            sequence: entry.sequence,
            actor: entry.actor.to_string(),
            session: entry.session,
            at: rfc3339(entry.at),
            event: entry.event,
            subject: entry.subject.map(|subject| subject.to_string()),
            summary: entry.summary,
        }
    }
}

/// Records, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LogAnswer {
    /// Records.
    pub records: Vec<LogEntry>,
}

impl From<Vec<answer::LogEntry>> for LogAnswer {
    fn from(entries: Vec<answer::LogEntry>) -> LogAnswer {
        LogAnswer { records: entries.into_iter().map(LogEntry::from).collect() }
    }
}

/// Say what came of a record.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedbackRequest {
    /// A record's id, or the only one that starts so.
    pub id: String,
    /// `accepted`, `rejected`, `passed`, `failed` or `reverted`.
    pub outcome: String,
    /// Anything to add.
    #[serde(default)]
    pub note: Option<String>,
}

impl TryFrom<FeedbackRequest> for request::FeedbackRequest {
    type Error = WireError;

    fn try_from(request: FeedbackRequest) -> Result<request::FeedbackRequest, WireError> {
        let outcome = Outcome::from_name(&request.outcome).ok_or_else(|| {
            let message = format!("`{}` is not an outcome", request.outcome);
            WireError::new(ErrorKind::InvalidRequest, message)
                .with_hint("outcomes are accepted, rejected, passed, failed and reverted")
        })?;
        Ok(request::FeedbackRequest { id: request.id, outcome, note: request.note })
    }
}

/// The check of one writer's chain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChainReport {
    /// The writer.
    pub writer: String,
    /// Records in the chain.
    pub records: u64,
    /// Of those, how many were purged.
    pub purged: u64,
    /// What is wrong with it.
    pub problems: Vec<String>,
}

/// The check of every chain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AuditAnswer {
    /// Whether every chain verifies.
    pub intact: bool,
    /// Records in all chains.
    pub records: u64,
    /// Chains.
    pub chains: Vec<ChainReport>,
}

impl From<answer::AuditReport> for AuditAnswer {
    fn from(report: answer::AuditReport) -> AuditAnswer {
        let intact = report.is_intact();
        let chain = |chain: answer::ChainReport| ChainReport {
            writer: chain.writer,
            records: chain.records,
            purged: chain.purged,
            problems: chain.problems,
        };
        AuditAnswer {
            intact,
            records: report.chains.iter().map(|chain| chain.records).sum(),
            chains: report.chains.into_iter().map(chain).collect(),
        }
    }
}
