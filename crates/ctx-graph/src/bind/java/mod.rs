//! Java's overloads: which of several methods of one name a call means.
//!
//! Nothing here is guessed: what cannot be told is no type, and fits nothing for
//! certain.

mod overloads;
mod static_types;
mod fit;
mod hierarchy;
mod types;

pub(super) use overloads::Signature;
pub(super) use types::JavaType;
