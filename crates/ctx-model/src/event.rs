//! Events and records: what the journal keeps.

use crate::memory::{About, Memory, MemoryKind, Provenance};
use crate::{Actor, ProjectId, RecordId, Timestamp};

/// Something that happened and cannot be computed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A memory was made.
    Remembered(Remembered),
    /// A memory was withdrawn; its record stays in the chain.
    Forgotten {
        /// The record that made the memory.
        id: RecordId,
        /// Why, where someone said so.
        reason: Option<String>,
    },
    /// A memory was replaced by a newer one.
    Superseded {
        /// The record that made the older memory.
        id: RecordId,
        /// The record that made the newer one.
        by: RecordId,
    },
    /// Somebody or something judged what came of a memory or an answer.
    FeedbackGiven {
        /// The record that the judgement is about.
        id: RecordId,
        /// The judgement.
        outcome: Outcome,
    },
    /// The project's values were sealed, or sealed with another key.
    ProjectSealed,
    /// The project's values were stored readable again.
    ProjectUnsealed,
    /// A record's payload and key were destroyed.
    RecordPurged {
        /// The record that lost its payload.
        id: RecordId,
    },
    /// The project was deleted, with the payloads of all its earlier records.
    ProjectDeleted,
}

/// What a new memory consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// What kind of memory.
    pub kind: MemoryKind,
    /// What is remembered, as it was said.
    pub text: String,
    /// What it speaks of.
    pub about: Vec<About>,
    /// Free words to find it by.
    pub tags: Vec<String>,
    /// The name it has in the system it came from.
    pub external_id: Option<String>,
    /// Who said it, where that is not who recorded it.
    pub said_by: Option<Actor>,
    /// When it was said, where that is not when it was recorded.
    pub said_at: Option<Timestamp>,
}

/// What came of a memory or an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A person took it.
    Accepted,
    /// A person turned it down.
    Rejected,
    /// What followed from it passed its tests.
    Passed,
    /// What followed from it failed its tests.
    Failed,
    /// What followed from it was taken back later.
    Reverted,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 5] =
        [Outcome::Accepted, Outcome::Rejected, Outcome::Passed, Outcome::Failed, Outcome::Reverted];

    /// The name printed and accepted everywhere, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Accepted => "accepted",
            Outcome::Rejected => "rejected",
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Reverted => "reverted",
        }
    }

    /// The outcome with this name.
    pub fn from_name(name: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// A record about to be written. Who writes it comes from the permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What happened.
    pub event: Event,
    /// The session it happened in.
    pub session: Option<String>,
    /// The git commit checked out then.
    pub commit: Option<String>,
    /// The git branch checked out then.
    pub branch: Option<String>,
    /// When it is recorded.
    pub at: Timestamp,
}

impl Draft {
    /// A record of `event` alone: no session, commit or branch.
    pub fn bare(event: Event, at: Timestamp) -> Draft {
        Draft { event, session: None, commit: None, branch: None, at }
    }
}

/// A record as the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its name: the digest of its header.
    pub id: RecordId,
    /// The project it is listed under here.
    pub project: ProjectId,
    /// Its place among that project's records in this store, from 1: a view's
    /// checkpoint. Records keep their place; new ones only come after.
    pub ordinal: u64,
    /// Whose chain it belongs to.
    pub writer: [u8; 16],
    /// Its place in that chain, from 1.
    pub sequence: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// What it says; none once its payload was purged.
    pub entry: Option<Entry>,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What happened.
    pub event: Event,
    /// Who recorded it.
    pub actor: Actor,
    /// The session it happened in.
    pub session: Option<String>,
    /// The git commit checked out then.
    pub commit: Option<String>,
    /// The git branch checked out then.
    pub branch: Option<String>,
}

impl Record {
    /// The memory that this record made, if it made one and was not purged.
    pub fn memory(&self) -> Option<Memory> {
        let entry = self.entry.as_ref()?;
        let Event::Remembered(remembered) = &entry.event else { return None };
        Some(Memory {
            id: self.id,
            kind: remembered.kind,
            text: remembered.text.clone(),
            about: remembered.about.clone(),
            tags: remembered.tags.clone(),
            external_id: remembered.external_id.clone(),
            provenance: Provenance {
                actor: remembered.said_by.clone().unwrap_or_else(|| entry.actor.clone()),
                session: entry.session.clone(),
                at: remembered.said_at.unwrap_or(self.at),
                commit: entry.commit.clone(),
                branch: entry.branch.clone(),
            },
        })
    }
}
