//! One API: authorise, do, record. A mutable host and immutable snapshots.
//!
//! Owns what can be asked ([`request`]), what is answered ([`answer`]) and how
//! it fails ([`error`]). Knows no protocol.

pub mod answer;
pub mod error;
mod host;
pub mod request;

pub use error::{EngineError, ErrorKind};
pub use host::Engine;
