//! What every verb answers when it cannot: a kind, a message and a hint.

use std::error::Error;
use std::fmt;

/// What kind of failure; transports map it to their own codes in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The named symbol, memory, commit or project does not exist.
    NotFound,
    /// The request itself is wrong: an empty query, a malformed pattern or patch.
    InvalidRequest,
    /// The folder cannot serve as a project: absent, not a folder, unreadable.
    UnusableProject,
    /// Refused by policy.
    Denied,
    /// Somebody else holds what is needed; asking again later may work.
    Busy,
    /// The disk or a quota is full; nothing that was acknowledged is lost.
    StorageFull,
    /// The project is sealed and its key was not given.
    Locked,
    /// Written by a newer version, or in a format that this one cannot read.
    Incompatible,
    /// Not able to serve now: not built in, shutting down or interrupted.
    Unavailable,
    /// A defect of ours.
    Internal,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [ErrorKind; 10] = [
        ErrorKind::NotFound,
        ErrorKind::InvalidRequest,
        ErrorKind::UnusableProject,
        ErrorKind::Denied,
        ErrorKind::Busy,
        ErrorKind::StorageFull,
        ErrorKind::Locked,
        ErrorKind::Incompatible,
        ErrorKind::Unavailable,
        ErrorKind::Internal,
    ];

    /// The name sent to clients.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::NotFound => "not-found",
            ErrorKind::InvalidRequest => "invalid-request",
            ErrorKind::UnusableProject => "unusable-project",
            ErrorKind::Denied => "denied",
            ErrorKind::Busy => "busy",
            ErrorKind::StorageFull => "storage-full",
            ErrorKind::Locked => "locked",
            ErrorKind::Incompatible => "incompatible",
            ErrorKind::Unavailable => "unavailable",
            ErrorKind::Internal => "internal",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<ErrorKind> {
        ErrorKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A failure as it leaves the engine: what was attempted and on what, how to
/// mend it, and the cause for whoever reads the log.
#[derive(Debug)]
pub struct EngineError {
    /// What kind of failure.
    pub kind: ErrorKind,
    /// What was attempted, on what, and what went wrong: one sentence, no cause.
    pub message: String,
    /// What the person can do about it.
    pub hint: Option<String>,
    /// The failure below this one.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl EngineError {
    /// An error without hint or cause.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> EngineError {
        EngineError { kind, message: message.into(), hint: None, source: None }
    }

    /// Adds what the person can do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> EngineError {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the failure below this one.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> EngineError {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for EngineError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_round_trip_through_their_names() {
        for kind in ErrorKind::ALL {
            assert_eq!(ErrorKind::from_name(kind.name()), Some(kind));
        }
    }

    #[test]
    fn the_cause_stays_out_of_the_message() {
        let cause = std::io::Error::other("disk on fire");
        let error = EngineError::new(ErrorKind::Internal, "could not save").because(cause);
        assert_eq!(error.to_string(), "could not save");
        assert_eq!(error.source().map(ToString::to_string), Some("disk on fire".into()));
    }
}
