//! One message's way: to the daemon as an HTTP request, and its answers back.

use axum::body::Body;
use ctx_server::mcp::{PATH, repeatable};
use ctx_server::wire::v1::error::ErrorBody;
use ctx_server::wire::{header, percent_encode};
use http_body_util::BodyExt;
use hyper::body::Bytes;
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST};
use hyper::{Response, StatusCode};
use serde_json::Value;
use tokio::sync::mpsc;

use super::Connected;
use super::envelope::{self, Request};
use super::events::Events;
use crate::client::Relay;
use crate::exit::Failure;

/// What `initialize` agreed on.
#[derive(Debug, Clone)]
pub(super) struct Handshake {
    /// The protocol revision.
    version: String,
    /// The client's name.
    client: Option<String>,
}

/// A request on its way.
pub(super) struct Passing {
    pub(super) relay: Relay,
    pub(super) connected: Connected,
    pub(super) answers: mpsc::Sender<Vec<u8>>,
    /// None in the stateless era.
    pub(super) handshake: Option<Handshake>,
    pub(super) request: Request,
}

impl Passing {
    /// Passes the message on, and its answers back as they come. Says what was
    /// agreed if it was a handshake.
    pub(super) async fn pass(&self, line: Bytes) -> Option<Handshake> {
        let may_repeat = self.request.method != "tools/call"
            || self.request.name.as_deref().is_none_or(repeatable);
        let sent = match self.as_http(line) {
            Ok(request) => self.relay.send(&request, may_repeat).await,
            Err(failure) => Err(failure),
        };
        let told = match sent {
            Ok(response) => self.receive(response).await,
            Err(failure) => Err(words_of(failure)),
        };
        match told {
            Ok(agreed) => agreed,
            Err(message) => {
                let answer = envelope::not_passed(&self.request.id, &message);
                self.answer(answer.to_string().into_bytes()).await;
                None
            }
        }
    }

    fn as_http(&self, line: Bytes) -> Result<hyper::Request<Bytes>, Failure> {
        let Request { method, name, version, client, .. } = &self.request;
        let mut request = hyper::Request::post(PATH)
            .header(HOST, "localhost")
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json, text/event-stream");
        let agreed = self.handshake.as_ref();
        let client = client.as_ref().or_else(|| agreed.and_then(|agreed| agreed.client.as_ref()));
        if let Some(client) = client.filter(|client| !client.is_empty() && client.len() <= 512) {
            request = request.header(header::ACTOR, percent_encode(client));
        }
        let version = version.as_ref().or_else(|| agreed.map(|agreed| &agreed.version));
        if let Some(version) = version {
            request = request.header("mcp-protocol-version", version);
        }
        if self.request.version.is_some() {
            request = request.header("mcp-method", method);
            if let (Some(name), "tools/call" | "prompts/get" | "resources/read") = (name, &**method)
            {
                request = request.header("mcp-name", as_header(name));
            }
        }
        self.connected
            .tell(request)
            .body(line)
            .map_err(|error| Failure::usage("the message cannot be passed on").because(error))
    }

    async fn receive(&self, response: Response<Body>) -> Result<Option<Handshake>, String> {
        let (head, mut body) = response.into_parts();
        let kind = head.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
            let mut events = Events::default();
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| broken(&error))?;
                for message in events.feed(&frame.into_data().unwrap_or_default()) {
                    self.answer(message).await;
                }
            }
            return Ok(None);
        }
        let text = body.collect().await.map_err(|error| broken(&error))?.to_bytes();
        if head.status == StatusCode::ACCEPTED && text.is_empty() {
            return Ok(None);
        }
        let Ok(mut answer) = serde_json::from_slice::<Value>(&text) else {
            // The transport's own refusals are plain text.
            return Err(String::from_utf8_lossy(&text).into_owned());
        };
        if answer.get("jsonrpc").is_none() {
            let message = serde_json::from_slice::<ErrorBody>(&text)
                .map(|body| words_of(Failure::Told(body.error)));
            return Err(message.unwrap_or_else(|_| format!("status {}", head.status)));
        }
        if answer.get("id").is_none_or(Value::is_null) {
            answer["id"] = self.request.id.clone();
        }
        self.answer(answer.to_string().into_bytes()).await;
        Ok(self.agreed(&answer))
    }

    /// What was agreed on, if this answers a handshake.
    fn agreed(&self, answer: &Value) -> Option<Handshake> {
        if self.request.method != "initialize" {
            return None;
        }
        let version = answer.get("result")?.get("protocolVersion")?.as_str()?.to_owned();
        Some(Handshake { version, client: self.request.client.clone() })
    }

    async fn answer(&self, line: Vec<u8>) {
        // Where nobody reads any more, the writing ends, and all with it.
        let _ = self.answers.send(line).await;
    }
}

fn broken(error: &dyn std::fmt::Display) -> String {
    format!("the answer broke off: {error}; ask again")
}

fn words_of(failure: Failure) -> String {
    match failure {
        Failure::Told(error) => {
            let mut text = error.message;
            for cause in error.causes {
                text += &format!(": {cause}");
            }
            match error.hint {
                Some(hint) => format!("{text} ({hint})"),
                None => text,
            }
        }
        Failure::Output(error) => error.to_string(),
    }
}

/// A value as a header may carry it: as it is where that is safe, else in
/// Base64 with the marks that MCP's revision 2026-07-28 gives it.
fn as_header(value: &str) -> String {
    let is_plain = value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && value.trim() == value
        && !value.starts_with("=?base64?");
    if is_plain { value.to_owned() } else { format!("=?base64?{}?=", base64(value.as_bytes())) }
}

/// Base64 by RFC 4648, padded.
fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.encode(bytes)
}
