//! What a message is: JSON-RPC's envelope, read without its content, and the
//! answers that this end gives by itself.

use serde_json::{Value, json};

/// A parse error, by JSON-RPC 2.0.
const PARSE_ERROR: i32 = -32_700;
/// An invalid request, by JSON-RPC 2.0.
const INVALID_REQUEST: i32 = -32_600;
/// An internal error, by JSON-RPC 2.0.
const INTERNAL_ERROR: i32 = -32_603;

/// Where a request of the stateless era names its protocol revision.
const VERSION_KEY: &str = "io.modelcontextprotocol/protocolVersion";

/// A message from a client.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Message {
    Request(Request),
    /// Nothing more is wanted of the request with this id.
    Cancelled(Value),
    /// Nothing to do for it: every other notification, and answers to
    /// questions that this server never asks.
    Idle,
}

/// A request, as far as it has to be known here.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    pub(super) id: Value,
    pub(super) method: String,
    /// The tool, prompt or resource that it is about.
    pub(super) name: Option<String>,
    /// The protocol revision that it names itself: it then needs no handshake.
    pub(super) version: Option<String>,
    /// The client's name, in the handshake.
    pub(super) client: Option<String>,
}

/// Reads a line; an answer that says what is wrong with one that is no message.
pub(super) fn read(line: &[u8]) -> Result<Message, Value> {
    let value: Value = serde_json::from_slice(line).map_err(|error| {
        failure(&Value::Null, PARSE_ERROR, &format!("the message is not JSON: {error}"))
    })?;
    let Value::Object(mut object) = value else {
        let wanted = match value {
            Value::Array(_) => "batches are not served: send one message a line",
            _ => "a message is a JSON object",
        };
        return Err(failure(&Value::Null, INVALID_REQUEST, wanted));
    };
    let id = object.remove("id");
    let told = id.clone().filter(|id| id.is_string() || id.is_number()).unwrap_or(Value::Null);
    let invalid = |text: &str| Err(failure(&told, INVALID_REQUEST, text));
    if object.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return invalid("`jsonrpc` must be \"2.0\"");
    }
    let method = match object.remove("method") {
        Some(Value::String(method)) => method,
        None if object.contains_key("result") || object.contains_key("error") => {
            return Ok(Message::Idle);
        }
        _ => return invalid("`method` must be a string"),
    };
    let params = object.remove("params").unwrap_or(Value::Null);
    if !params.is_object() && !params.is_null() {
        return invalid("`params` must be an object");
    }
    let Some(id) = id else {
        return Ok(match params.get("requestId") {
            Some(request) if method == "notifications/cancelled" => {
                Message::Cancelled(request.clone())
            }
            _ => Message::Idle,
        });
    };
    if told.is_null() {
        return invalid("`id` must be a string or a number");
    }
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let about = if method == "resources/read" { "uri" } else { "name" };
    Ok(Message::Request(Request {
        id,
        name: text(params.get(about)),
        version: text(params.get("_meta").and_then(|meta| meta.get(VERSION_KEY))),
        client: text(params.get("clientInfo").and_then(|client| client.get("name"))),
        method,
    }))
}

/// The answer to a line that was too long to read.
pub(super) fn too_long(limit: usize) -> Value {
    let message = format!("the message is longer than {} MiB", limit / (1024 * 1024));
    failure(&Value::Null, INVALID_REQUEST, &message)
}

/// The answer to a request that came before it could be served.
pub(super) fn out_of_order(request: &Request) -> Value {
    let message = format!(
        "`{}` came before `initialize`; send that first, or name the protocol revision in \
         `_meta[\"{VERSION_KEY}\"]`",
        request.method
    );
    failure(&request.id, INVALID_REQUEST, &message)
}

/// The answer to a request that could not be passed on.
pub(super) fn not_passed(id: &Value, message: &str) -> Value {
    failure(id, INTERNAL_ERROR, message)
}

fn failure(id: &Value, code: i32, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(line: &str) -> String {
        let answer = read(line.as_bytes()).expect_err("it is no message");
        format!("{} {} {}", answer["id"], answer["error"]["code"], answer["error"]["message"])
    }

    #[test]
    fn what_is_no_message_is_answered_with_what_is_wrong() {
        assert!(refused("{\"jsonrpc\":").starts_with("null -32700 \"the message is not JSON"));
        assert!(refused("\u{feff}{}").starts_with("null -32700"));
        assert_eq!(
            refused("[]"),
            "null -32600 \"batches are not served: send one message a line\""
        );
        assert_eq!(refused("3"), "null -32600 \"a message is a JSON object\"");
        assert_eq!(refused("{\"id\":7}"), "7 -32600 \"`jsonrpc` must be \\\"2.0\\\"\"");
        assert_eq!(
            refused(r#"{"jsonrpc":"2.0","id":7,"method":4}"#),
            "7 -32600 \"`method` must be a string\""
        );
        assert_eq!(
            refused(r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#),
            "null -32600 \"`id` must be a string or a number\""
        );
        assert_eq!(
            refused(r#"{"jsonrpc":"2.0","id":"a","method":"ping","params":[1]}"#),
            "\"a\" -32600 \"`params` must be an object\""
        );
    }

    #[test]
    fn both_eras_are_told_apart() {
        let request = |line: &str| match read(line.as_bytes()) {
            Ok(Message::Request(request)) => request,
            other => panic!("{other:?}"),
        };
        let old = request(
            r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"name":"c"}}}"#,
        );
        assert_eq!((old.client.as_deref(), old.version), (Some("c"), None));
        let new = request(
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search",
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#,
        );
        assert_eq!(new.name.as_deref(), Some("search"));
        assert_eq!(new.version.as_deref(), Some("2026-07-28"));
    }

    #[test]
    fn notifications_and_stray_answers_want_no_answer() {
        let cancelled =
            r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}"#;
        assert_eq!(read(cancelled.as_bytes()), Ok(Message::Cancelled(json!(3))));
        for idle in [
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            r#"{"jsonrpc":"2.0","id":9,"result":{}}"#,
        ] {
            assert_eq!(read(idle.as_bytes()), Ok(Message::Idle));
        }
    }
}
