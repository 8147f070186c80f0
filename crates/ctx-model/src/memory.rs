//! Memories: what people and assistants want a project to remember.

use crate::{Actor, RecordId, Timestamp};

/// What a memory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MemoryKind {
    /// An architectural decision.
    Decision,
    /// What failed or what worked.
    Lesson,
    /// How a person or a team likes things.
    Preference,
    /// Something that is so.
    Fact,
    /// A turn of a conversation.
    Conversation,
}

impl MemoryKind {
    /// Every kind.
    pub const ALL: [MemoryKind; 5] = [
        MemoryKind::Decision,
        MemoryKind::Lesson,
        MemoryKind::Preference,
        MemoryKind::Fact,
        MemoryKind::Conversation,
    ];

    /// The name printed and accepted everywhere, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            MemoryKind::Decision => "decision",
            MemoryKind::Lesson => "lesson",
            MemoryKind::Preference => "preference",
            MemoryKind::Fact => "fact",
            MemoryKind::Conversation => "conversation",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<MemoryKind> {
        MemoryKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a memory speaks of, and what that looked like when it was made.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct About {
    /// A path relative to the project's root, with `/`.
    pub path: Option<String>,
    /// A qualified symbol name.
    pub symbol: Option<String>,
    /// Digest of the named text when the memory was made, in hexadecimal;
    /// none if it could not be found then.
    pub fingerprint: Option<String>,
}

/// Where a memory came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Who said it.
    pub actor: Actor,
    /// The session it was said in.
    pub session: Option<String>,
    /// When it was said, or when it is said to have been.
    pub at: Timestamp,
    /// The git commit checked out then.
    pub commit: Option<String>,
    /// The git branch checked out then.
    pub branch: Option<String>,
}

/// One memory, as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// The journal record that made it.
    pub id: RecordId,
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
    /// Where it came from.
    pub provenance: Provenance,
}
