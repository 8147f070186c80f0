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

use generated::{
    AboutV1, ActorKindV1, ActorV1, EntryV1, EventV1, FeedbackGivenV1, ForgottenV1, MemoryKindV1,
    OutcomeV1, PayloadV1, ProjectDeletedV1, ProjectSealedV1, ProjectUnsealedV1, RecordHeaderV1,
    RecordPurgedV1, RememberedV1, SupersededV1, event_v1,
};
pub(crate) use generated::{ProjectDetailsV1, ProjectV1};

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
        Event::Remembered(remembered) => event_v1::Event::Remembered(remembered_out(remembered)),
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
        Event::ProjectUnsealed => event_v1::Event::ProjectUnsealed(ProjectUnsealedV1 {}),
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
        event_v1::Event::FeedbackGiven(feedback) => {
            Event::FeedbackGiven { outcome: outcome_in(feedback.outcome())?, id: id(feedback.id)? }
        }
        event_v1::Event::ProjectSealed(_) => Event::ProjectSealed,
        event_v1::Event::RecordPurged(purged) => Event::RecordPurged { id: id(purged.id)? },
        event_v1::Event::ProjectDeleted(_) => Event::ProjectDeleted,
        event_v1::Event::ProjectUnsealed(_) => Event::ProjectUnsealed,
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

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn id(byte: u8) -> RecordId {
        RecordId(Digest([byte; 32]))
    }

    /// What is stored today must decode to the same tomorrow, and the other way round.
    fn check_entry(event: Event, golden: Expect) {
        let entry = Entry {
            event,
            actor: Actor {
                kind: ActorKind::Assistant,
                name: "claude".into(),
                model: Some("opus".into()),
            },
            session: Some("s1".into()),
            commit: None,
            branch: Some("main".into()),
        };
        let bytes = encode_entry(&entry);
        golden.assert_eq(&hex(&bytes));
        assert_eq!(decode_entry(&bytes).unwrap(), entry);
    }

    #[test]
    fn the_stored_form_of_a_header_stays_what_it_is() {
        let header = Header {
            writer: [1; 16],
            sequence: 300,
            previous: Some(id(2)),
            payload_hash: Digest([3; 32]),
            project: ProjectId([4; 16]),
            at: Timestamp(-1),
            purges: vec![id(5)],
        };
        let bytes = header.encode();
        expect!["0a100101010101010101010101010101010110ac021a200202020202020202020202020202020202020202020202020202020202020202222003030303030303030303030303030303030303030303030303030303030303032a100404040404040404040404040404040430013a200505050505050505050505050505050505050505050505050505050505050505"].assert_eq(&hex(&bytes));
        assert_eq!(Header::decode(&bytes).unwrap(), header);
        let first = Header { sequence: 1, previous: None, purges: Vec::new(), ..header };
        assert_eq!(Header::decode(&first.encode()).unwrap(), first);
    }

    #[test]
    fn the_stored_form_of_a_payload_stays_what_it_is() {
        let payload = Payload { salt: [9; 32], entry: b"entry".to_vec() };
        let bytes = payload.encode();
        expect![
            "0a2009090909090909090909090909090909090909090909090909090909090909091205656e747279"
        ]
        .assert_eq(&hex(&bytes));
        assert_eq!(Payload::decode(&bytes).unwrap(), payload);
    }

    #[test]
    fn the_stored_form_of_each_event_stays_what_it_is() {
        let remembered = Remembered {
            kind: MemoryKind::Preference,
            text: "tabs".into(),
            about: vec![About {
                path: Some("a.rs".into()),
                symbol: Some("a::b".into()),
                fingerprint: Some("ff".into()),
            }],
            tags: vec!["style".into()],
            external_id: Some("x".into()),
            said_by: Some(Actor::person("ada")),
            said_at: Some(Timestamp(7)),
        };
        check_entry(
            Event::Remembered(remembered),
            expect![
                "0a1008021206636c617564651a046f7075731202733122046d61696e2a310a2f08031204746162731a100a04612e72731204613a3a621a02666622057374796c652a0178320708011203616461380e"
            ],
        );
        check_entry(
            Event::Forgotten { id: id(1), reason: Some("old".into()) },
            expect![
                "0a1008021206636c617564651a046f7075731202733122046d61696e2a2912270a20010101010101010101010101010101010101010101010101010101010101010112036f6c64"
            ],
        );
        check_entry(
            Event::Superseded { id: id(1), by: id(2) },
            expect![
                "0a1008021206636c617564651a046f7075731202733122046d61696e2a461a440a20010101010101010101010101010101010101010101010101010101010101010112200202020202020202020202020202020202020202020202020202020202020202"
            ],
        );
        check_entry(
            Event::FeedbackGiven { id: id(1), outcome: Outcome::Reverted },
            expect![
                "0a1008021206636c617564651a046f7075731202733122046d61696e2a2622240a2001010101010101010101010101010101010101010101010101010101010101011005"
            ],
        );
        check_entry(
            Event::ProjectSealed,
            expect!["0a1008021206636c617564651a046f7075731202733122046d61696e2a022a00"],
        );
        check_entry(
            Event::RecordPurged { id: id(1) },
            expect![
                "0a1008021206636c617564651a046f7075731202733122046d61696e2a2432220a200101010101010101010101010101010101010101010101010101010101010101"
            ],
        );
        check_entry(
            Event::ProjectDeleted,
            expect!["0a1008021206636c617564651a046f7075731202733122046d61696e2a023a00"],
        );
        check_entry(
            Event::ProjectUnsealed,
            expect!["0a1008021206636c617564651a046f7075731202733122046d61696e2a024200"],
        );
    }

    #[test]
    fn every_kind_and_outcome_has_a_stored_form() {
        for kind in MemoryKind::ALL {
            let remembered = Remembered {
                kind,
                text: String::new(),
                about: Vec::new(),
                tags: Vec::new(),
                external_id: None,
                said_by: None,
                said_at: None,
            };
            let stored = remembered_out(&remembered);
            assert_eq!(remembered_in(stored).unwrap(), remembered);
        }
        for outcome in Outcome::ALL {
            assert_eq!(outcome_in(outcome_out(outcome)).unwrap(), outcome);
        }
    }

    #[test]
    fn bytes_that_are_no_record_are_errors() {
        for bytes in [&b""[..], b"\xff\xff\xff\xff", b"hello", &[0x0a; 100]] {
            assert!(Header::decode(bytes).is_err());
            assert!(decode_entry(bytes).is_err());
            assert!(Payload::decode(bytes).is_err());
        }
    }

    proptest::proptest! {
        #[test]
        fn reading_any_bytes_never_panics(
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
        ) {
            let _ = (Header::decode(&bytes), decode_entry(&bytes), Payload::decode(&bytes));
        }
    }
}
