//! Tools whose answer never changes, or is what they were given.

use rmcp::model::CallToolRequestParams;
use serde_json::{Value, json};

/// A picture of one red pixel (PNG).
pub(crate) const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==";
/// A sound of no length (WAV).
const SILENCE: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";

/// The definitions of these tools.
pub(crate) fn tools() -> Vec<Value> {
    let mut tools = vec![
        simple("test_simple_text", "Answers with text"),
        simple("test_image_content", "Answers with a picture"),
        simple("test_audio_content", "Answers with a sound"),
        simple("test_embedded_resource", "Answers with a resource"),
        simple("test_multiple_content_types", "Answers with text, a picture and a resource"),
        simple("test_error_handling", "Always fails"),
    ];
    tools.push(json!({
        "name": "test_custom_header",
        "description": "Takes an argument that HTTP clients repeat in a header",
        "inputSchema": {
            "type": "object",
            "properties": { "value": { "type": "string", "x-mcp-header": "Value" } },
            "required": ["value"],
        },
    }));
    tools.push(json!({
        "name": "json_schema_2020_12_tool",
        "description": "Tool with JSON Schema 2020-12 features",
        "inputSchema": rich_schema(),
    }));
    tools
}

/// A tool without arguments.
pub(crate) fn simple(name: &str, description: &str) -> Value {
    json!({
        "name": name,
        "description": description,
        "inputSchema": { "type": "object", "properties": {} },
    })
}

/// A result that is one text.
pub(crate) fn text(text: &str) -> Value {
    json!({ "content": [{ "type": "text", "text": text }] })
}

/// What the tool answers, if it is one of these.
pub(crate) fn answer(request: &CallToolRequestParams) -> Option<Value> {
    let picture = || json!({ "type": "image", "data": PIXEL, "mimeType": "image/png" });
    let resource = |uri: &str, kind: &str, text: &str| {
        let content = json!({ "uri": uri, "mimeType": kind, "text": text });
        json!({ "type": "resource", "resource": content })
    };
    let argument = |name: &str| {
        let arguments = request.arguments.as_ref()?;
        arguments.get(name)?.as_str().map(str::to_owned)
    };
    Some(match &*request.name {
        "test_simple_text" => text("This is a simple text response for testing."),
        "test_image_content" => json!({ "content": [picture()] }),
        "test_audio_content" => {
            json!({ "content": [{ "type": "audio", "data": SILENCE, "mimeType": "audio/wav" }] })
        }
        "test_embedded_resource" => {
            let content = "This is an embedded resource content.";
            json!({ "content": [resource("test://embedded-resource", "text/plain", content)] })
        }
        "test_multiple_content_types" => json!({ "content": [
            { "type": "text", "text": "Multiple content types test:" },
            picture(),
            resource(
                "test://mixed-content-resource",
                "application/json",
                r#"{"test":"data","value":123}"#,
            ),
        ] }),
        "test_error_handling" => {
            let mut answer = text("This tool intentionally returns an error for testing");
            answer["isError"] = true.into();
            answer
        }
        "test_custom_header" => text(&argument("value").unwrap_or_default()),
        "json_schema_2020_12_tool" => text("The arguments were taken."),
        _ => return None,
    })
}

/// A schema of words that a server must hand on untouched.
fn rich_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": { "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": { "street": { "type": "string" }, "city": { "type": "string" } },
        } },
        "properties": {
            "name": { "type": "string" },
            "address": { "$ref": "#/$defs/address" },
            "contactMethod": { "type": "string", "enum": ["phone", "email"] },
            "phone": { "type": "string" },
            "email": { "type": "string" },
        },
        "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
        "if": {
            "properties": { "contactMethod": { "const": "phone" } },
            "required": ["contactMethod"],
        },
        "then": { "required": ["phone"] },
        "else": { "required": ["email"] },
        "additionalProperties": false,
    })
}
