//! The record formats, generated from `proto/journal.proto`, and their
//! conversion to and from the domain's nouns.

use ctx_model::memory::{About, MemoryKind};
use ctx_model::{
    Actor, ActorKind, Digest, Entry, Event, Outcome, ProjectId, RecordId, Remembered, Timestamp,
};
use ctx_security::chain::WriterId;
use prost::Message;

#[expect(unreachable_pub, reason = "generated code does not know how far it is visible")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/codecontext.journal.rs"));
}

pub(crate) use generated::{ProjectDetailsV1, ProjectV1};
use generated::{
    AboutV1, ActorKindV1, ActorV1, EntryV1, EventV1, FeedbackGivenV1, ForgottenV1, MemoryKindV1,
    OutcomeV1, PayloadV1, ProjectDeletedV1, ProjectSealedV1, RecordHeaderV1, RecordPurgedV1,
    RememberedV1, SupersededV1, event_v1,
};

/// Bytes that are no record, or one that a later version wrote.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    /// Not Protocol Buffers.
    #[error("record is not well formed")]
    Malformed(#[from] prost::DecodeError),
    /// A field is missing or has a value that it cannot have.
    #[error("record has no valid {field}")]
    Invalid {
        /// Which field.
        field: &'static str,
    },
}

/// What a record's header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) writer: WriterId,
    pub(crate) sequence: u64,
    pub(crate) previous: Option<RecordId>,
    pub(crate) payload_hash: Digest,
    pub(crate) project: ProjectId,
    pub(crate) at: Timestamp,
    pub(crate) purges: Vec<RecordId>,
}

impl Header {
    pub(crate) fn encode(&self) -> Vec<u8> {
        RecordHeaderV1 {
            writer: self.writer.to_vec(),
            sequence: self.sequence,
            previous: self.previous.map_or_else(Vec::new, |id| id.0.0.to_vec()),
            payload_hash: self.payload_hash.0.to_vec(),
            project: self.project.0.to_vec(),
            at: self.at.0,
            purges: self.purges.iter().map(|id| id.0.0.to_vec()).collect(),
        }
        .encode_to_vec()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Header, WireError> {
        let header = RecordHeaderV1::decode(bytes)?;
        let previous = if header.previous.is_empty() {
            None
        } else {
            Some(record_id(&header.previous, "previous record")?)
        };
        let purges = header.purges.iter().map(|id| record_id(id, "purged record"));
        Ok(Header {
            writer: fixed(&header.writer, "writer")?,
            sequence: header.sequence,
            previous,
            payload_hash: Digest(fixed(&header.payload_hash, "payload hash")?),
            project: ProjectId(fixed(&header.project, "project")?),
            at: Timestamp(header.at),
            purges: purges.collect::<Result<_, _>>()?,
        })
    }
}

/// A record's payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Payload {
    pub(crate) salt: [u8; 32],
    /// An encoded entry.
    pub(crate) entry: Vec<u8>,
}

impl Payload {
    pub(crate) fn encode(&self) -> Vec<u8> {
        PayloadV1 { salt: self.salt.to_vec(), entry: self.entry.clone() }.encode_to_vec()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Payload, WireError> {
        let payload = PayloadV1::decode(bytes)?;
        Ok(Payload { salt: fixed(&payload.salt, "salt")?, entry: payload.entry })
    }
}

/// An entry in its stored form.
pub(crate) fn encode_entry(entry: &Entry) -> Vec<u8> {
    EntryV1 {
        actor: Some(actor_out(&entry.actor)),
        session: entry.session.clone(),
        commit: entry.commit.clone(),
        branch: entry.branch.clone(),
        event: Some(EventV1 { event: Some(event_out(&entry.event)) }),
    }
    .encode_to_vec()
}

/// The entry of its stored form.
pub(crate) fn decode_entry(bytes: &[u8]) -> Result<Entry, WireError> {
    let entry = EntryV1::decode(bytes)?;
    let event = entry.event.and_then(|event| event.event);
    Ok(Entry {
        event: event_in(event.ok_or(WireError::Invalid { field: "event" })?)?,
        actor: actor_in(entry.actor.ok_or(WireError::Invalid { field: "actor" })?)?,
        session: entry.session,
        commit: entry.commit,
        branch: entry.branch,
    })
}

fn fixed<const N: usize>(bytes: &[u8], field: &'static str) -> Result<[u8; N], WireError> {
    bytes.try_into().map_err(|_| WireError::Invalid { field })
}

fn record_id(bytes: &[u8], field: &'static str) -> Result<RecordId, WireError> {
    Ok(RecordId(Digest(fixed(bytes, field)?)))
}

fn actor_out(actor: &Actor) -> ActorV1 {
    let kind = match actor.kind {
        ActorKind::Person => ActorKindV1::Person,
        ActorKind::Assistant => ActorKindV1::Assistant,
        ActorKind::System => ActorKindV1::System,
    };
    ActorV1 { kind: kind.into(), name: actor.name.clone(), model: actor.model.clone() }
}

fn actor_in(actor: ActorV1) -> Result<Actor, WireError> {
    let kind = match actor.kind() {
        ActorKindV1::Person => ActorKind::Person,
        ActorKindV1::Assistant => ActorKind::Assistant,
        ActorKindV1::System => ActorKind::System,
        ActorKindV1::Unspecified => return Err(WireError::Invalid { field: "actor kind" }),
    };
    Ok(Actor { kind, name: actor.name, model: actor.model })
}

fn event_out(event: &Event) -> event_v1::Event {
    let bytes = |id: &RecordId| id.0.0.to_vec();
    match event {
        Event::Remembered(remembered) => {
            event_v1::Event::Remembered(remembered_out(remembered))
        }
        Event::Forgotten { id, reason } => {
            event_v1::Event::Forgotten(ForgottenV1 { id: bytes(id), reason: reason.clone() })
        }
        Event::Superseded { id, by } => {
            event_v1::Event::Superseded(SupersededV1 { id: bytes(id), by: bytes(by) })
        }
        Event::FeedbackGiven { id, outcome } => event_v1::Event::FeedbackGiven(FeedbackGivenV1 {
            id: bytes(id),
            outcome: outcome_out(*outcome).into(),
        }),
        Event::ProjectSealed => event_v1::Event::ProjectSealed(ProjectSealedV1 {}),
        Event::RecordPurged { id } => {
            event_v1::Event::RecordPurged(RecordPurgedV1 { id: bytes(id) })
        }
        Event::ProjectDeleted => event_v1::Event::ProjectDeleted(ProjectDeletedV1 {}),
    }
}

fn event_in(event: event_v1::Event) -> Result<Event, WireError> {
    let id = |bytes: Vec<u8>| record_id(&bytes, "record id");
    Ok(match event {
        event_v1::Event::Remembered(remembered) => Event::Remembered(remembered_in(remembered)?),
        event_v1::Event::Forgotten(forgotten) => {
            Event::Forgotten { id: id(forgotten.id)?, reason: forgotten.reason }
        }
        event_v1::Event::Superseded(superseded) => {
            Event::Superseded { id: id(superseded.id)?, by: id(superseded.by)? }
        }
        event_v1::Event::FeedbackGiven(feedback) => Event::FeedbackGiven {
            outcome: outcome_in(feedback.outcome())?,
            id: id(feedback.id)?,
        },
        event_v1::Event::ProjectSealed(_) => Event::ProjectSealed,
        event_v1::Event::RecordPurged(purged) => Event::RecordPurged { id: id(purged.id)? },
        event_v1::Event::ProjectDeleted(_) => Event::ProjectDeleted,
    })
}

fn outcome_out(outcome: Outcome) -> OutcomeV1 {
    match outcome {
        Outcome::Accepted => OutcomeV1::Accepted,
        Outcome::Rejected => OutcomeV1::Rejected,
        Outcome::Passed => OutcomeV1::Passed,
        Outcome::Failed => OutcomeV1::Failed,
        Outcome::Reverted => OutcomeV1::Reverted,
    }
}

fn outcome_in(outcome: OutcomeV1) -> Result<Outcome, WireError> {
    Ok(match outcome {
        OutcomeV1::Accepted => Outcome::Accepted,
        OutcomeV1::Rejected => Outcome::Rejected,
        OutcomeV1::Passed => Outcome::Passed,
        OutcomeV1::Failed => Outcome::Failed,
        OutcomeV1::Reverted => Outcome::Reverted,
        OutcomeV1::Unspecified => return Err(WireError::Invalid { field: "outcome" }),
    })
}

fn remembered_out(remembered: &Remembered) -> RememberedV1 {
    let kind = match remembered.kind {
        MemoryKind::Decision => MemoryKindV1::Decision,
        MemoryKind::Lesson => MemoryKindV1::Lesson,
        MemoryKind::Preference => MemoryKindV1::Preference,
        MemoryKind::Fact => MemoryKindV1::Fact,
        MemoryKind::Conversation => MemoryKindV1::Conversation,
    };
    let about = remembered.about.iter().map(|about| AboutV1 {
        path: about.path.clone(),
        symbol: about.symbol.clone(),
        fingerprint: about.fingerprint.clone(),
    });
    RememberedV1 {
        kind: kind.into(),
        text: remembered.text.clone(),
        about: about.collect(),
        tags: remembered.tags.clone(),
        external_id: remembered.external_id.clone(),
        said_by: remembered.said_by.as_ref().map(actor_out),
        said_at: remembered.said_at.map(|at| at.0),
    }
}

fn remembered_in(remembered: RememberedV1) -> Result<Remembered, WireError> {
    let kind = match remembered.kind() {
        MemoryKindV1::Decision => MemoryKind::Decision,
        MemoryKindV1::Lesson => MemoryKind::Lesson,
        MemoryKindV1::Preference => MemoryKind::Preference,
        MemoryKindV1::Fact => MemoryKind::Fact,
        MemoryKindV1::Conversation => MemoryKind::Conversation,
        MemoryKindV1::Unspecified => return Err(WireError::Invalid { field: "memory kind" }),
    };
    let about = remembered.about.into_iter().map(|about| About {
        path: about.path,
        symbol: about.symbol,
        fingerprint: about.fingerprint,
    });
    Ok(Remembered {
        kind,
        text: remembered.text,
        about: about.collect(),
        tags: remembered.tags,
        external_id: remembered.external_id,
        said_by: remembered.said_by.map(actor_in).transpose()?,
        said_at: remembered.said_at.map(Timestamp),
    })
}
