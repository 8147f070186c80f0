//! Resources: what a client may attach to a conversation by itself.

use rmcp::ErrorData;
use rmcp::model::{
    CacheScope, CallToolResult, JsonObject, ReadResourceResult, Resource, ResourceContents,
    ResourceTemplate,
};
use serde_json::{Value, json};

use super::tools::{self, Call};
use crate::wire::percent_decode;

const MAP: &str = "codecontext://map";
const DECISIONS: &str = "codecontext://decisions";
const STATUS: &str = "codecontext://status";
const SYMBOL: &str = "codecontext://symbol/";
/// What its template leaves open.
pub(super) const SYMBOL_ARGUMENT: &str = "name";
/// Resources are read whole, so they are longer than a tool's answer.
const TOKENS: u64 = 8_000;

/// Resources with fixed names.
pub(super) fn listed() -> Vec<Resource> {
    let resource = |uri: &str, name: &str, title: &str, description: &str| {
        Resource::new(uri, name)
            .with_title(title)
            .with_description(description)
            .with_mime_type("text/plain")
    };
    vec![
        resource(
            MAP,
            "map",
            "Project map",
            "The project's most central files and their definitions",
        ),
        resource(DECISIONS, "decisions", "Decisions", "The project's decisions, newest first"),
        resource(STATUS, "status", "Index status", "What is indexed and remembered, how fresh"),
    ]
}

/// Resources that are named by a pattern.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new(symbol_template(), "symbol")
            .with_title("Definition")
            .with_description("Place, signature and documentation of a symbol, bare or qualified")
            .with_mime_type("text/plain"),
    ]
}

/// The pattern of resources that are one symbol.
pub(super) fn symbol_template() -> String {
    format!("{SYMBOL}{{{SYMBOL_ARGUMENT}}}")
}

/// Reads a resource: each is a tool's answer, for reading.
pub(super) async fn read(call: Call, uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let unknown = || {
        let message =
            format!("no resource is called `{uri}`; resources/list names those there are");
        ErrorData::resource_not_found(message, Some(json!({ "uri": uri })))
    };
    let (tool, arguments) = match uri {
        MAP => ("map", json!({ "max_tokens": 2 * TOKENS })),
        DECISIONS => ("decisions", json!({ "max_tokens": 2 * TOKENS })),
        STATUS => ("status", json!({})),
        _ => {
            let name = uri.strip_prefix(SYMBOL).filter(|name| !name.is_empty());
            let name = name.and_then(percent_decode).ok_or_else(unknown)?;
            ("find_symbol", json!({ "name": name, "max_tokens": TOKENS }))
        }
    };
    let offer = tools::named(tool).ok_or_else(unknown)?;
    let result = match offer.call(call, object(arguments)).await {
        Ok(reply) => CallToolResult::from(reply),
        Err(trouble) => CallToolResult::from(trouble),
    };
    let text: String =
        result.content.iter().filter_map(|block| Some(&*block.as_text()?.text)).collect();
    if result.is_error == Some(true) {
        return Err(ErrorData::internal_error(text, None));
    }
    let contents = ResourceContents::text(text, uri);
    let result = ReadResourceResult::new(vec![contents]);
    // It changes with every file that is saved and every memory that is made.
    Ok(result.with_ttl_ms(0).with_cache_scope(CacheScope::Private))
}

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(object) => object,
        _ => JsonObject::new(),
    }
}
