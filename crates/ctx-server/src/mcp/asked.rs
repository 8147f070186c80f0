//! Who asks, of which project, and which tools they chose.

use std::path::PathBuf;

use axum::http::HeaderMap;
use axum::http::request::Parts;
use ctx_engine::request::Caller;
use ctx_model::{Actor, ActorKind};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};

use super::tools::Preset;
use crate::extract::{NAME_LIMIT, absolute, text_in};
use crate::wire::header;

/// What an assistant is called that does not say.
const NAMELESS: &str = "assistant";

/// Who asks, and for what.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) caller: Caller,
    /// The project; none if whoever connected the assistant named none.
    pub(super) root: Option<PathBuf>,
    pub(super) preset: Preset,
}

impl Asked {
    /// Reads a request's headers, and its client's own words about itself.
    pub(super) fn of(context: &RequestContext<RoleServer>) -> Result<Asked, ErrorData> {
        let none = HeaderMap::new();
        let headers = context.extensions.get::<Parts>().map_or(&none, |parts| &parts.headers);
        let refused = |message: String| ErrorData::invalid_request(message, None);
        let text = |name| text_in(headers, name).map_err(|failure| refused(failure.error.message));
        let client = context.client_info().map(|client| client.name);
        let name = match text(header::ACTOR)?.or(client) {
            Some(name) if !name.trim().is_empty() => shortened(name.trim()),
            _ => NAMELESS.to_owned(),
        };
        let root = match text(header::PROJECT)? {
            None => None,
            Some(folder) => {
                Some(absolute(&folder).map_err(|failure| refused(failure.error.message))?)
            }
        };
        let preset = match text(header::TOOLS)? {
            None => Preset::default(),
            Some(name) => Preset::from_name(&name)
                .ok_or_else(|| refused(format!("`{name}` is not a set of tools")))?,
        };
        let actor = Actor { kind: ActorKind::Assistant, name, model: text(header::MODEL)? };
        let caller = Caller { actor, session: text(header::SESSION)? };
        Ok(Asked { caller, root, preset })
    }
}

fn shortened(name: &str) -> String {
    let mut end = name.len().min(NAME_LIMIT);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].to_owned()
}
