//! Translate: the HTTP API and its wire types, and MCP.
//!
//! Owns the paths under `/api/v1`, the JSON that travels, how failures map to
//! status codes, what assistants see at `/mcp`, and the accept loop. Knows
//! nothing of how answers come about: every verb is one call of the engine.

mod api;
mod connections;
mod counted;
mod extract;
mod failure;
mod guard;
mod life;
mod listen;
pub mod mcp;
mod render;
mod serving;
mod stream;
pub mod wire;

#[cfg(test)]
mod tests;

pub use api::{VERBS, Verb, router};
pub use failure::status_of;
pub use life::Life;
pub use listen::listen;
pub use serving::{Identity, Serving};
