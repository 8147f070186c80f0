//! MCP's ways in: standard input and output, and HTTP on this machine.
//!
//! Both are thin. The daemon speaks the protocol; here messages are framed,
//! checked for being messages at all, and passed on with what the daemon cannot
//! know: the project, the set of tools, and who asks. A daemon that ends or is
//! replaced meanwhile is found or started anew, and the client never notices.

mod stdio;
mod frames;
mod envelope;
mod passing;
mod events;
mod http;
mod neighbour;

use std::path::PathBuf;

use ctx_server::mcp::Preset;
use ctx_server::wire::{header, percent_encode};
use hyper::http::request::Builder;

pub(crate) use http::serve as serve_http;
pub(crate) use stdio::serve as serve_stdio;

/// What an assistant is connected to.
#[derive(Debug, Clone)]
pub(crate) struct Connected {
    /// The project; none if the current folder cannot be meant.
    pub(crate) root: Option<PathBuf>,
    /// The tools that it is offered.
    pub(crate) tools: Preset,
    /// Tells this client's records from others' in the journal.
    pub(crate) session: String,
}

impl Connected {
    /// Adds to a request what the daemon is to know.
    fn tell(&self, mut request: Builder) -> Builder {
        if let Some(root) = &self.root {
            request = request.header(header::PROJECT, percent_encode(&root.to_string_lossy()));
        }
        request
            .header(header::TOOLS, self.tools.name())
            .header(header::SESSION, percent_encode(&self.session))
    }
}
