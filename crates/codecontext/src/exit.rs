//! How commands end: exit codes, and failures as people read them.

use std::io;
use std::process::ExitCode;

use ctx_engine::ErrorKind;
use ctx_server::wire::v1::error::WireError;

/// How a command ended. The numbers are a promise to scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; also a question that finds nothing.
    Done = 0,
    /// Done, and a check found something or failed.
    Found = 1,
    /// Wrong usage.
    Usage = 2,
    /// The project or the input cannot be used.
    Unusable = 3,
    /// Refused by policy.
    Refused = 4,
    /// A defect of ours.
    Defect = 70,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// With a kind, a message and a hint.
    Told(WireError),
    /// Standard output could not be written.
    Output(io::Error),
}

impl Failure {
    /// A failure of this kind.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Failure {
        Failure::Told(WireError::new(kind, message))
    }

    /// Wrong usage that clap could not see.
    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure::new(ErrorKind::InvalidRequest, message)
    }

    /// An input that cannot be used.
    pub(crate) fn unusable(message: impl Into<String>) -> Failure {
        Failure::new(ErrorKind::UnusableProject, message)
    }

    /// Adds what the person can do about it.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Failure {
        if let Failure::Told(error) = &mut self {
            error.hint = Some(hint.into());
        }
        self
    }

    /// Adds the failure below this one.
    #[must_use]
    pub(crate) fn because(mut self, cause: impl ToString) -> Failure {
        if let Failure::Told(error) = &mut self {
            error.causes.push(cause.to_string());
        }
        self
    }

    /// How the process ends.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            // Whoever read our output has heard enough: `codecontext … | head`.
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
            Failure::Output(_) => Exit::Unusable,
            Failure::Told(error) => exit_of(error.kind()),
        }
    }
}

impl From<WireError> for Failure {
    fn from(error: WireError) -> Failure {
        Failure::Told(error)
    }
}

impl From<io::Error> for Failure {
    /// Only writing to standard output uses `?` on an `io::Error`; everything
    /// else says what it was about.
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

fn exit_of(kind: ErrorKind) -> Exit {
    match kind {
        ErrorKind::InvalidRequest => Exit::Usage,
        ErrorKind::Denied => Exit::Refused,
        ErrorKind::Internal => Exit::Defect,
        ErrorKind::NotFound
        | ErrorKind::UnusableProject
        | ErrorKind::Busy
        | ErrorKind::StorageFull
        | ErrorKind::Locked
        | ErrorKind::Incompatible
        | ErrorKind::Unavailable => Exit::Unusable,
    }
}
