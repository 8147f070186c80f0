//! Who may do what, and what keeps a secret secret: permits, hashes, sealing,
//! the journal's chain and redaction.
//!
//! Owns every use of cryptography. Never does IO, reads a clock or the
//! environment, or draws random bytes: callers pass nonces, salts and times in.

pub mod chain;
pub mod hash;
pub mod passphrase;
pub mod permit;
pub mod redact;
pub mod seal;

pub use hash::{Secret, content_digest, digest, keyed_digest};
pub use permit::{Denied, Permit, Policy, WrongPermit, decide};
pub use redact::{Found, Redaction, SecretKind, redact, redact_entry, redact_memory};
pub use seal::{Sealer, Unsealable};
