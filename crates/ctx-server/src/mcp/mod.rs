//! MCP: how assistants ask.
//!
//! Owns the tools, resources and prompts that assistants see, and how answers
//! are cut to a budget of tokens. Both eras of the protocol, the stateless one
//! of 2026-07-28 and those before it that open with `initialize`, are served at
//! one path and without sessions: a daemon that was replaced goes on where the
//! old one stopped. Every tool is one call of the engine, like every verb of
//! the HTTP API; frames, versions and headers are the official SDK's work.

mod handler;
mod asked;
mod tools;
mod schema;
mod arguments;
mod answer;
mod budget;
mod memory;
mod readiness;
mod resources;
mod prompts;
mod completions;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use crate::serving::Serving;

pub use handler::Assistants;
pub use tools::{Preset, repeatable};

/// Where MCP is served.
pub const PATH: &str = "/mcp";

/// Messages above this size, in bytes, are refused: a large patch fits.
pub const MESSAGE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Pages that a browser shows may ask only if they come from this machine.
const ALLOWED_ORIGINS: [&str; 6] = [
    "http://localhost:*",
    "http://127.0.0.1:*",
    "http://[::1]:*",
    "https://localhost:*",
    "https://127.0.0.1:*",
    "https://[::1]:*",
];

/// The streamable HTTP service over what `serving` knows.
pub(crate) fn service(
    serving: &Arc<Serving>,
) -> StreamableHttpService<Assistants, NeverSessionManager> {
    let assistants = Assistants::new(Arc::clone(serving));
    StreamableHttpService::new(
        move || Ok(assistants.clone()),
        Arc::new(NeverSessionManager::default()),
        configuration(),
    )
}

/// How the service is set up, for whoever serves another handler beside ours.
pub fn configuration() -> StreamableHttpServerConfig {
    StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_allowed_origins(ALLOWED_ORIGINS)
        .enforce_origin_validation()
        .with_max_request_body_bytes(MESSAGE_BYTES_MAX)
}
