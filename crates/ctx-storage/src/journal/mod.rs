//! The journal: what cannot be computed again, append-only.
//!
//! A record has a header, which stays forever, and a payload, which is encrypted
//! with a key of its own and can be destroyed with it. Each store writes one
//! chain for each project; chains of other stores can be imported.

mod audit;
mod compose;
mod import;
mod purge;
mod read;

#[cfg(test)]
mod tests;

pub use audit::{AuditFault, AuditFinding, AuditReport, ChainEnd};
pub use compose::{AppendError, Appended};
pub use import::{ExportedRecord, ImportError, ImportOutcome};
pub use purge::PurgeError;
pub(crate) use read::Placement;
pub use read::Records;

use crate::store::Store;

/// The journal of a store: see [`Store::journal`].
#[derive(Debug, Clone, Copy)]
pub struct Journal<'a> {
    store: &'a Store,
}

impl<'a> Journal<'a> {
    pub(crate) fn of(store: &'a Store) -> Journal<'a> {
        Journal { store }
    }
}
