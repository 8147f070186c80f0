//! Resources that the suite asks for by name.

use serde_json::{Value, json};

use crate::plain::PIXEL;

const TEXT: &str = "test://static-text";
const BINARY: &str = "test://static-binary";
/// Nothing is told about it; clients of the older era may subscribe to it.
const WATCHED: &str = "test://watched-resource";
/// What stands before and after the part that a template leaves open.
const OPEN: (&str, &str) = ("test://template/", "/data");

/// The definitions of these resources.
pub(crate) fn listed() -> impl Iterator<Item = Value> {
    let resources = [
        (TEXT, "A text", "text/plain"),
        (BINARY, "A picture", "image/png"),
        (WATCHED, "A text to watch", "text/plain"),
    ];
    resources.into_iter().map(|(uri, name, kind)| {
        json!({ "uri": uri, "name": name, "mimeType": kind, "description": name })
    })
}

/// The template that some of them follow.
pub(crate) fn template() -> Value {
    json!({
        "uriTemplate": format!("{}{{id}}{}", OPEN.0, OPEN.1),
        "name": "A resource by its number",
        "description": "Has its number in it",
        "mimeType": "application/json",
    })
}

/// The resource, if it is one of these.
pub(crate) fn read(uri: &str) -> Option<Value> {
    let content = match uri {
        TEXT => {
            let text = "This is the content of the static text resource.";
            json!({ "uri": uri, "mimeType": "text/plain", "text": text })
        }
        BINARY => json!({ "uri": uri, "mimeType": "image/png", "blob": PIXEL }),
        WATCHED => json!({ "uri": uri, "mimeType": "text/plain", "text": "It never changes." }),
        _ => {
            let id = uri.strip_prefix(OPEN.0)?.strip_suffix(OPEN.1)?;
            let text =
                json!({ "id": id, "templateTest": true, "data": format!("Data for ID: {id}") });
            json!({ "uri": uri, "mimeType": "application/json", "text": text.to_string() })
        }
    };
    Some(json!({ "contents": [content], "ttlMs": 60_000, "cacheScope": "public" }))
}
