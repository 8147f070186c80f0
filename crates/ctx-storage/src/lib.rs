//! What survives a restart: one store per data folder, and the journal in it.
//!
//! Owns the folder's lock, its format, the embedded key-value engine and the
//! record formats (Protocol Buffers). Every value passes one place, where its
//! project's seal is applied; every key holds only ids and keyed hashes; every
//! write takes a [`ctx_security::Permit`]. Never interprets views: it keeps the
//! bytes that other crates encode. Reads no clock and no environment.
//!
//! ```no_run
//! use ctx_model::{Action, Actor, Timestamp};
//! use ctx_security::{Policy, decide};
//! use ctx_storage::{Space, Store, StoreOptions};
//!
//! let store = Store::open("/home/ada/.local/share/codecontext".as_ref(), StoreOptions::default())?;
//! let project = store.project_id("/home/ada/src/site");
//! let permit =
//!     decide(&Policy::local(), &Actor::person("ada"), Action::IndexProject, project, Timestamp(0))?;
//! store.register_project(&permit, "/home/ada/src/site")?;
//! let mut batch = store.batch(&permit)?;
//! batch.put(Space::Files, b"src/main.rs", b"anything")?;
//! batch.commit()?;
//! assert_eq!(store.get(Space::Files, project, b"src/main.rs")?, Some(b"anything".to_vec()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod batch;
mod engine;
mod folder;
mod inspect;
pub mod journal;
mod migrate;
pub mod registry;
mod rewrite;
mod row;
pub mod seal;
pub mod store;
mod turn;
mod vault;
mod wire;

pub use batch::{Batch, WriteError};
pub use folder::{FORMAT, OpenError, belongs, is_store};
pub use journal::{
    AppendError, Appended, AuditFault, AuditFinding, AuditReport, ChainEnd, ExportedRecord,
    ImportError, ImportOutcome, Journal, PurgeError, Records,
};
pub use registry::{ProjectEntry, RegisterError, UnlockError};
pub use row::Space;
pub use seal::SealError;
pub use store::{ReadError, Scan, Store, StoreOptions};
