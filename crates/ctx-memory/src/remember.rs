//! Remember, forget, supersede and judge: events ready to be appended.
//!
//! Nothing is written here. Each function checks the permit and what it was
//! given, and gives back the event for the journal. The journal strikes secrets
//! out of all that it takes; a memory loses them here already, for its names are
//! compared with those of memories without secrets.

use ctx_model::{Action, Event, Outcome, RecordId, Remembered};
use ctx_security::{Permit, WrongPermit, redact_memory};

use crate::view::MemoryView;

/// Longest text of a memory, in bytes.
pub const LONGEST_TEXT: usize = 64 * 1024;

/// Longest tag, external id, path or symbol, in bytes.
pub const LONGEST_NAME: usize = 1024;

/// Most tags, and most things that a memory speaks of.
pub const MOST_NAMES: usize = 256;

/// A memory ready to be appended to the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// What to append.
    pub event: Event,
    /// How many of its texts had secrets struck out.
    pub redacted: u32,
    /// The memory that this one is a revision of: one with its external id.
    pub revises: Option<RecordId>,
}

/// Why something cannot be remembered.
#[derive(Debug, thiserror::Error)]
pub enum RememberError {
    /// There is nothing to remember.
    #[error("a memory needs a text")]
    Empty,
    /// The text is too long to be of use to anybody.
    #[error("a memory's text of {bytes} bytes is longer than {LONGEST_TEXT} bytes")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// A tag, external id, path or symbol is too long.
    #[error("a memory's {what} of {bytes} bytes is longer than {LONGEST_NAME} bytes")]
    NameTooLong {
        /// What it is.
        what: &'static str,
        /// How long it is.
        bytes: usize,
    },
    /// There are too many tags, or things that it speaks of.
    #[error("{count} {what} are more than the {MOST_NAMES} that a memory can have")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there are.
        count: usize,
    },
    /// The permit is for something else.
    #[error("could not remember")]
    Permit(#[source] WrongPermit),
}

/// Why a memory cannot be revised, judged or forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ReviseError {
    /// There is no such memory, or it was forgotten.
    #[error("there is no memory {id}")]
    Unknown {
        /// The record that was named.
        id: RecordId,
    },
    /// The permit is for something else.
    #[error("could not revise memory {id}")]
    Permit {
        /// The record that was named.
        id: RecordId,
        /// What is wrong with the permit.
        #[source]
        source: WrongPermit,
    },
}

/// Prepares a memory: its text is checked and cleared of secrets, its tags are
/// brought into one form. The permit must cover `WriteMemory`.
pub fn remember(
    permit: &Permit,
    view: &MemoryView,
    draft: Remembered,
) -> Result<Prepared, RememberError> {
    permit.covers(Action::WriteMemory, view.project()).map_err(RememberError::Permit)?;
    check(&draft)?;
    let mut memory = draft;
    let redacted = redact_memory(&mut memory);
    memory.text = plain(memory.text.trim());
    if memory.text.trim().is_empty() {
        return Err(RememberError::Empty);
    }
    let mut tags: Vec<String> = Vec::new();
    for tag in &memory.tags {
        let tag = normal_tag(&plain(tag));
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    memory.tags = tags;
    memory.external_id = memory.external_id.filter(|id| !id.trim().is_empty()).map(|id| plain(&id));
    memory.about.retain(|about| about.path.is_some() || about.symbol.is_some());
    for about in &mut memory.about {
        for name in about.path.iter_mut().chain(&mut about.symbol) {
            *name = plain(name);
        }
    }
    let revises = memory.external_id.as_ref().and_then(|id| view.with_external_id(id));
    Ok(Prepared { event: Event::Remembered(memory), redacted, revises })
}

fn check(draft: &Remembered) -> Result<(), RememberError> {
    if draft.text.trim().is_empty() {
        return Err(RememberError::Empty);
    }
    if draft.text.len() > LONGEST_TEXT {
        return Err(RememberError::TooLong { bytes: draft.text.len() });
    }
    for (what, count) in [("tags", draft.tags.len()), ("things", draft.about.len())] {
        if count > MOST_NAMES {
            return Err(RememberError::TooMany { what, count });
        }
    }
    let tags = draft.tags.iter().map(|tag| ("tag", tag));
    let external = draft.external_id.iter().map(|id| ("external id", id));
    let paths = draft.about.iter().flat_map(|about| &about.path).map(|path| ("path", path));
    let symbols = draft.about.iter().flat_map(|about| &about.symbol).map(|name| ("symbol", name));
    for (what, name) in tags.chain(external).chain(paths).chain(symbols) {
        if name.len() > LONGEST_NAME {
            return Err(RememberError::NameTooLong { what, bytes: name.len() });
        }
    }
    Ok(())
}

/// A text without control characters.
fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\t'), "")
}

/// A tag in lower case, with `-` between its words.
fn normal_tag(tag: &str) -> String {
    let lower = tag.trim().trim_start_matches('#').to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join("-")
}

/// Prepares to forget a memory. The permit must cover `ForgetMemory`.
pub fn forget(
    permit: &Permit,
    view: &MemoryView,
    id: RecordId,
    reason: Option<&str>,
) -> Result<Event, ReviseError> {
    allowed(permit, Action::ForgetMemory, view, id)?;
    let reason = reason.map(|reason| plain(reason.trim()));
    Ok(Event::Forgotten { id, reason: reason.filter(|reason| !reason.is_empty()) })
}

/// Prepares to put a newer memory in an older one's place. The permit must
/// cover `WriteMemory`.
pub fn supersede(
    permit: &Permit,
    view: &MemoryView,
    id: RecordId,
    by: RecordId,
) -> Result<Event, ReviseError> {
    allowed(permit, Action::WriteMemory, view, id)?;
    if id == by || view.get(by).is_none() {
        return Err(ReviseError::Unknown { id: by });
    }
    Ok(Event::Superseded { id, by })
}

/// Prepares to record what came of a memory. The permit must cover `WriteMemory`.
pub fn feedback(
    permit: &Permit,
    view: &MemoryView,
    id: RecordId,
    outcome: Outcome,
) -> Result<Event, ReviseError> {
    allowed(permit, Action::WriteMemory, view, id)?;
    Ok(Event::FeedbackGiven { id, outcome })
}

fn allowed(
    permit: &Permit,
    action: Action,
    view: &MemoryView,
    id: RecordId,
) -> Result<(), ReviseError> {
    permit.covers(action, view.project()).map_err(|source| ReviseError::Permit { id, source })?;
    if view.get(id).is_none() {
        return Err(ReviseError::Unknown { id });
    }
    Ok(())
}
