//! Failures of the crates below, as the engine tells them.

use ctx_storage::{OpenError, ReadError, WriteError};

use crate::error::{EngineError, ErrorKind};

/// A read from the store failed.
pub(crate) fn of_read(attempt: &str, error: ReadError) -> EngineError {
    let kind = match &error {
        ReadError::Locked { .. } => ErrorKind::Locked,
        ReadError::UnknownProject { .. } => ErrorKind::NotFound,
        _ => ErrorKind::Internal,
    };
    let hint = error.hint();
    EngineError::new(kind, format!("could not {attempt}: {error}")).with_hint(hint).because(error)
}

/// A write to the store failed.
pub(crate) fn of_write(attempt: &str, error: WriteError) -> EngineError {
    let kind = match &error {
        WriteError::DiskFull { .. } => ErrorKind::StorageFull,
        WriteError::Locked { .. } => ErrorKind::Locked,
        _ => ErrorKind::Internal,
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
    let full = std::iter::successors(
        Some(&error as &(dyn std::error::Error + 'static)),
        |error| error.source(),
    )
    .filter_map(|error| error.downcast_ref::<std::io::Error>())
    .any(|error| error.kind() == std::io::ErrorKind::StorageFull);
    let kind = match (&error, full) {
        (_, true) => ErrorKind::StorageFull,
        (ctx_search::IndexError::Busy, _) => ErrorKind::Busy,
        _ => ErrorKind::Internal,
    };
    let hint = if full {
        "free some space on the disk and try again; nothing that was acknowledged is lost"
    } else {
        "run `codecontext index` again; the search index is rebuilt if it is damaged"
    };
    EngineError::new(kind, format!("could not {attempt}")).with_hint(hint).because(error)
}
