//! Translate: the HTTP API and its wire types.
//!
//! Owns the paths under `/api/v1`, the JSON that travels, how failures map to
//! status codes, and the accept loop. Knows nothing of how answers come about:
//! every verb is one call of the engine.

pub mod wire;
pub mod human_time;
mod api;
mod serving;
mod life;
mod extract;
mod failure;
mod guard;
mod stream;
mod render;
mod listen;

#[cfg(test)]
mod tests;

pub use api::{VERBS, Verb, router};
pub use failure::status_of;
pub use life::Life;
pub use listen::listen;
pub use serving::{Identity, Serving};
