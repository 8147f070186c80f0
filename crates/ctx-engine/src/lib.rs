//! One API: authorise, do, record. A mutable host and immutable snapshots.
//!
//! Owns what can be asked ([`request`]), what is answered ([`answer`]) and how
//! it fails ([`error`]). Knows no protocol.

pub mod request;
pub mod answer;
pub mod error;
pub mod data_folder;
mod host;
mod verbs;
mod project;
mod checkout;
mod indexing;
mod watching;
mod memories;
mod files;
mod units;
mod stored;
mod tally;
mod process;
mod failure;

pub use ctx_memory::parse_when;
pub use error::{EngineError, ErrorKind};
pub use host::Engine;
pub use tally::Receipt;
