//! The nouns of CodeContext: identifiers, facts, records and how they are named.
//!
//! Owns the types that travel between crates. Never does IO, reads a clock or
//! the environment, and derives no serialisation: storage and server own
//! versioned copies of what they persist or send.

pub mod actor;
pub mod codec;
pub mod edge;
pub mod event;
pub mod facts;
pub mod id;
pub mod language;
pub mod memory;
pub mod project;
pub mod text;
pub mod tokens;

pub use actor::{Action, Actor, ActorKind};
pub use event::{Draft, Entry, Event, Outcome, Record, Remembered};
pub use id::{Digest, IdError, ProjectId, RecordId};
pub use language::Language;
pub use text::{Position, Timestamp};
