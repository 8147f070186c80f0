//! Memories: made, recalled, forgotten.

use serde::{Deserialize, Serialize};

use ctx_engine::request::{self, AsOf};
use ctx_engine::{ErrorKind, answer, parse_when};
use ctx_model::memory::MemoryKind;
use ctx_model::{Actor, ActorKind, RecordId, Timestamp};

use super::error::WireError;
use super::{milliseconds, rfc3339};

fn invalid(message: String) -> WireError {
    WireError::new(ErrorKind::InvalidRequest, message)
}

/// Something to remember; also a line of `remember --batch`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RememberRequest {
    /// What to remember.
    pub text: String,
    /// `decision`, `lesson`, `preference`, `fact` (the default) or `conversation`.
    #[serde(default)]
    pub kind: Option<String>,
    /// Symbols or paths that it speaks of.
    #[serde(default)]
    pub about: Vec<String>,
    /// Free words to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Who said it, if not who asks.
    #[serde(default)]
    pub actor: Option<String>,
    /// The session it was said in, if not this one.
    #[serde(default)]
    pub session: Option<String>,
    /// The name it has in the system it comes from.
    #[serde(default)]
    pub external_id: Option<String>,
    /// When it was said, in RFC 3339.
    #[serde(default)]
    pub at: Option<String>,
    /// When it was said, as people write it; read as UTC.
    #[serde(default)]
    pub at_text: Option<String>,
}

impl TryFrom<RememberRequest> for request::MemoryDraft {
    type Error = WireError;

    fn try_from(request: RememberRequest) -> Result<request::MemoryDraft, WireError> {
        let kind = match &request.kind {
            None => MemoryKind::Fact,
            Some(name) => MemoryKind::from_name(name).ok_or_else(|| {
                invalid(format!("`{name}` is not a kind of memory"))
                    .with_hint("kinds are decision, lesson, preference, fact and conversation")
            })?,
        };
        let at = match (&request.at, &request.at_text) {
            (Some(at), None) => Some(exact_time(at)?),
            (None, Some(text)) => Some(spoken_time(text)?),
            (None, None) => None,
            (Some(_), Some(_)) => {
                return Err(invalid("a memory has either `at` or `at_text`".into()));
            }
        };
        Ok(request::MemoryDraft {
            text: request.text,
            kind,
            about: request.about,
            tags: request.tags,
            said_by: request.actor.map(Actor::person),
            session: request.session,
            external_id: request.external_id,
            at,
        })
    }
}

fn exact_time(text: &str) -> Result<Timestamp, WireError> {
    let at: jiff::Timestamp = text.parse().map_err(|_| {
        invalid(format!("`{text}` is not a time in RFC 3339"))
            .with_hint("write it like 2023-05-08T13:56:00Z, or give `at_text` instead")
    })?;
    Ok(Timestamp(at.as_microsecond()))
}

fn spoken_time(text: &str) -> Result<Timestamp, WireError> {
    parse_when(text).ok_or_else(|| {
        invalid(format!("`{text}` names no time"))
            .with_hint("write it like `1:56 pm on 8 May, 2023`")
    })
}

/// Many things to remember.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RememberBatchRequest {
    /// In order.
    pub memories: Vec<RememberRequest>,
}

/// A memory that was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RememberAnswer {
    /// Its id.
    pub id: String,
    /// How many secrets were struck out of it.
    pub redactions: u32,
    /// What it speaks of and the project does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl From<answer::Remembered> for RememberAnswer {
    fn from(remembered: answer::Remembered) -> RememberAnswer {
        RememberAnswer {
            id: remembered.id.to_string(),
            redactions: remembered.redactions,
            notes: remembered.notes,
        }
    }
}

/// What became of one of many: it has either `id` or `error`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RememberRow {
    /// The memory's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name it has in the system it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What it speaks of and the project does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Why it was not remembered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<WireError>,
}

/// What became of many.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RememberBatchAnswer {
    /// How many were remembered.
    pub remembered: u64,
    /// How many were not.
    pub failed: u64,
    /// One for each, in order.
    pub rows: Vec<RememberRow>,
}

fn default_recall_limit() -> usize {
    10
}

/// Find memories worth repeating.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallRequest {
    /// Prose or words.
    pub query: String,
    /// At most this many.
    #[serde(default = "default_recall_limit", deserialize_with = "super::limit")]
    pub limit: usize,
    /// A commit, branch or tag, or a time: as they stood then.
    #[serde(default)]
    pub as_of: Option<String>,
    /// Only those about these symbols or paths.
    #[serde(default)]
    pub about: Vec<String>,
}

impl From<RecallRequest> for request::RecallRequest {
    fn from(request: RecallRequest) -> request::RecallRequest {
        // No branch or commit reads as a time, except by somebody's bad joke.
        let as_of = request.as_of.map(|text| match parse_when(&text) {
            Some(at) => AsOf::Time(at),
            None => AsOf::Commit(text),
        });
        request::RecallRequest {
            query: request.query,
            limit: request.limit,
            as_of,
            about: request.about,
        }
    }
}

fn default_decisions_limit() -> usize {
    50
}

/// List decisions, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionsRequest {
    /// Only those about these symbols or paths.
    #[serde(default)]
    pub about: Vec<String>,
    /// At most this many.
    #[serde(default = "default_decisions_limit", deserialize_with = "super::limit")]
    pub limit: usize,
}

impl From<DecisionsRequest> for request::DecisionsRequest {
    fn from(request: DecisionsRequest) -> request::DecisionsRequest {
        request::DecisionsRequest { about: request.about, limit: request.limit }
    }
}

/// Mark a memory as forgotten, or destroy a record.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForgetRequest {
    /// A record's id.
    pub id: String,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

impl From<ForgetRequest> for request::ForgetRequest {
    fn from(request: ForgetRequest) -> request::ForgetRequest {
        request::ForgetRequest { id: request.id, reason: request.reason }
    }
}

impl From<ForgetRequest> for request::PurgeRequest {
    fn from(request: ForgetRequest) -> request::PurgeRequest {
        request::PurgeRequest { id: request.id, reason: request.reason }
    }
}

/// The record that a verb made or changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordAnswer {
    /// Its id.
    pub id: String,
}

impl From<RecordId> for RecordAnswer {
    fn from(id: RecordId) -> RecordAnswer {
        RecordAnswer { id: id.to_string() }
    }
}

/// What a memory speaks of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct About {
    /// A path.
    pub path: Option<String>,
    /// A qualified symbol name.
    pub symbol: Option<String>,
}

/// Where a memory came from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Provenance {
    /// Who said it.
    pub actor: String,
    /// `person`, `assistant` or `system`.
    pub actor_kind: String,
    /// The model behind an assistant.
    pub model: Option<String>,
    /// The session it was said in.
    pub session: Option<String>,
    /// When it was said.
    pub at: String,
    /// The commit checked out then.
    pub commit: Option<String>,
    /// The branch checked out then.
    pub branch: Option<String>,
}

/// A memory, and how much it is worth now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecalledMemory {
    /// Its id.
    pub id: String,
    /// The name it has in the system it comes from.
    pub external_id: Option<String>,
    /// Kind.
    pub kind: String,
    /// What is remembered.
    pub text: String,
    /// Higher is better.
    pub score: f64,
    /// What spoke for it.
    pub why: Vec<String>,
    /// `valid`, `stale`, `superseded`, `disputed` or `tainted`.
    pub status: String,
    /// What it speaks of.
    pub about: Vec<About>,
    /// Free words to find it by.
    pub tags: Vec<String>,
    /// Where it came from.
    pub provenance: Provenance,
}

impl From<answer::RecalledMemory> for RecalledMemory {
    fn from(recalled: answer::RecalledMemory) -> RecalledMemory {
        let memory = recalled.memory;
        let about =
            |about: ctx_model::memory::About| About { path: about.path, symbol: about.symbol };
        RecalledMemory {
            id: memory.id.to_string(),
            external_id: memory.external_id,
            kind: memory.kind.name().into(),
            text: memory.text,
            score: recalled.score,
            why: recalled.why,
            status: recalled.status.name().into(),
            about: memory.about.into_iter().map(about).collect(),
            tags: memory.tags,
            provenance: memory.provenance.into(),
        }
    }
}

impl From<ctx_model::memory::Provenance> for Provenance {
    fn from(provenance: ctx_model::memory::Provenance) -> Provenance {
        Provenance {
            actor: provenance.actor.name,
            actor_kind: actor_kind_name(provenance.actor.kind).into(),
            model: provenance.actor.model,
            session: provenance.session,
            at: rfc3339(provenance.at),
            commit: provenance.commit,
            branch: provenance.branch,
        }
    }
}

fn actor_kind_name(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Person => "person",
        ActorKind::Assistant => "assistant",
        ActorKind::System => "system",
    }
}

/// Memories.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemoriesAnswer {
    /// Best first for recall, newest first in lists.
    pub memories: Vec<RecalledMemory>,
    /// What of the question meant nothing here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Wall time.
    pub elapsed_ms: f64,
}

impl From<answer::MemoriesAnswer> for MemoriesAnswer {
    fn from(answer: answer::MemoriesAnswer) -> MemoriesAnswer {
        MemoriesAnswer {
            memories: answer.memories.into_iter().map(RecalledMemory::from).collect(),
            notes: answer.notes,
            elapsed_ms: milliseconds(answer.elapsed),
        }
    }
}
