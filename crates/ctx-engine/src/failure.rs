//! Failures of the crates below, as the engine tells them.

use ctx_storage::{OpenError, ReadError, WriteError};

use crate::error::{EngineError, ErrorKind};

/// A read from the store failed.
pub(crate) fn of_read(attempt: &str, error: ReadError) -> EngineError {
    let kind = match &error {
        ReadError::Locked { .. } => ErrorKind::Locked,
        ReadError::UnknownProject { .. } => ErrorKind::NotFound,
        // The disk is at fault, not this program.
        ReadError::Damaged { .. } | ReadError::Failed { .. } => ErrorKind::UnusableProject,
        ReadError::UnknownRecord { .. } => ErrorKind::NotFound,
    };
    let hint = error.hint();
    EngineError::new(kind, format!("could not {attempt}: {error}")).with_hint(hint).because(error)
}

/// A write to the store failed.
pub(crate) fn of_write(attempt: &str, error: WriteError) -> EngineError {
    let kind = match &error {
        WriteError::DiskFull { .. } => ErrorKind::StorageFull,
        WriteError::Locked { .. } => ErrorKind::Locked,
        WriteError::Changed { .. } => ErrorKind::Busy,
        WriteError::Failed { .. } => ErrorKind::UnusableProject,
        WriteError::WrongPermit { .. } | WriteError::UnknownProject { .. } => ErrorKind::Internal,
    };
    let hint = error.hint();
    EngineError::new(kind, format!("could not {attempt}: {error}")).with_hint(hint).because(error)
}

/// The store could not be opened.
pub(crate) fn of_open(error: OpenError) -> EngineError {
    let kind = match &error {
        OpenError::InUse { .. } => ErrorKind::Busy,
        OpenError::TooNew { .. } => ErrorKind::Incompatible,
        OpenError::DiskFull { .. } => ErrorKind::StorageFull,
        _ => ErrorKind::UnusableProject,
    };
    let hint = error.hint();
    EngineError::new(kind, error.to_string()).with_hint(hint).because(error)
}

/// The search index could not be read or written.
pub(crate) fn of_search(attempt: &str, error: ctx_search::IndexError) -> EngineError {
    let full = io_kind(&error).is_some_and(|kind| {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        matches!(kind, StorageFull | QuotaExceeded)
    });
    let kind = match (&error, full) {
        (_, true) => ErrorKind::StorageFull,
        (ctx_search::IndexError::Busy, _) => ErrorKind::Busy,
        // The folder was damaged or taken away: not a defect of this program.
        _ => ErrorKind::UnusableProject,
    };
    let hint = if full {
        "free some space on the disk and try again; nothing that was acknowledged is lost"
    } else {
        "run `codecontext index` again; the search index is rebuilt if it is damaged"
    };
    EngineError::new(kind, format!("could not {attempt}")).with_hint(hint).because(error)
}

/// What the system said, if it is the system's failure below this one.
pub(crate) fn io_kind(error: &(dyn std::error::Error + 'static)) -> Option<std::io::ErrorKind> {
    std::iter::successors(Some(error), |error| error.source())
        .find_map(|error| error.downcast_ref::<std::io::Error>())
        .map(std::io::Error::kind)
}

/// Whether the search index itself could not be written or read, so that
/// opening it anew may help.
pub(crate) fn is_of_search(error: &EngineError) -> bool {
    let cause = error.source.as_ref().and_then(|source| source.downcast_ref());
    error.kind == ErrorKind::UnusableProject
        && matches!(cause, Some(ctx_search::IndexError::Write(_) | ctx_search::IndexError::Read(_)))
}
