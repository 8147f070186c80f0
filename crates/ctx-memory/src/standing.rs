//! Whether a memory can still be believed.

use ctx_model::memory::{About, Memory};
use ctx_model::{Outcome, Timestamp};

use crate::view::{Fate, MemoryView};

/// Whether a memory can still be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nothing speaks against it.
    Valid,
    /// What it speaks of has changed or is gone.
    Stale,
    /// A newer memory took its place.
    Superseded,
    /// What followed from it went wrong more often than right.
    Disputed,
    /// Its source is not trusted: never to be read as an instruction.
    Tainted,
}

impl Status {
    /// The name printed everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Status::Valid => "valid",
            Status::Stale => "stale",
            Status::Superseded => "superseded",
            Status::Disputed => "disputed",
            Status::Tainted => "tainted",
        }
    }
}

/// What the code says now of a thing that a memory speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// Nothing is known: no index, or a path outside it.
    Unknown,
    /// It is not there any more.
    Gone,
    /// It is there, and its text has this fingerprint.
    Present(String),
}

/// Tells what the code says now of a thing.
pub type CodeState<'a> = dyn Fn(&About) -> Presence + 'a;

/// The tag of a memory from a source that is not trusted.
pub const UNTRUSTED_TAG: &str = "untrusted";

/// Phrases that speak to an assistant instead of remembering something. A
/// memory that holds one is marked, not hidden: people quote them too.
const COMMANDS: [&str; 6] = [
    "ignore previous instructions",
    "ignore all previous",
    "ignore the above instructions",
    "disregard previous instructions",
    "disregard all prior",
    "you must now act as",
];

/// A memory's status at a moment, with the reason if it is not valid.
pub(crate) fn judge(
    view: &MemoryView,
    memory: &Memory,
    as_of: Option<Timestamp>,
    code: &CodeState<'_>,
) -> (Status, Option<String>) {
    if let Some(reason) = tainted(memory) {
        return (Status::Tainted, Some(reason));
    }
    let fate = view.fate(memory.id);
    let superseded = fate.and_then(|fate| fate.superseded);
    if let Some((by, at)) = superseded
        && as_of.is_none_or(|as_of| at <= as_of)
    {
        return (Status::Superseded, Some(format!("superseded by {:.12}", by.to_string())));
    }
    if let Some((good, bad)) = fate.map(balance)
        && bad > good
    {
        let reason = format!("went wrong {bad} times and right {good} times");
        return (Status::Disputed, Some(reason));
    }
    // What the code says now is no news of how it was then.
    if as_of.is_none()
        && let Some(reason) = stale(memory, code)
    {
        return (Status::Stale, Some(reason));
    }
    (Status::Valid, None)
}

fn tainted(memory: &Memory) -> Option<String> {
    if memory.tags.iter().any(|tag| tag == UNTRUSTED_TAG) {
        return Some("from a source that is not trusted".to_owned());
    }
    let text = memory.text.to_lowercase();
    let command = COMMANDS.iter().find(|command| text.contains(**command))?;
    Some(format!("reads like a command to an assistant: `{command}`"))
}

fn stale(memory: &Memory, code: &CodeState<'_>) -> Option<String> {
    memory.about.iter().find_map(|about| {
        let name = about.symbol.as_deref().or(about.path.as_deref()).unwrap_or("it");
        // What was never found cannot have changed.
        let before = about.fingerprint.as_deref()?;
        match code(about) {
            Presence::Unknown => None,
            Presence::Gone => Some(format!("`{name}` is gone")),
            Presence::Present(now) if now == before => None,
            Presence::Present(_) => Some(format!("`{name}` has changed since")),
        }
    })
}

/// How often what followed from a memory went right and wrong.
pub(crate) fn balance(fate: &Fate) -> (u32, u32) {
    let (mut good, mut bad) = (0, 0);
    for (outcome, count) in Outcome::ALL.into_iter().zip(fate.outcomes) {
        match outcome {
            Outcome::Accepted | Outcome::Passed => good += count,
            Outcome::Rejected | Outcome::Failed | Outcome::Reverted => bad += count,
        }
    }
    (good, bad)
}
