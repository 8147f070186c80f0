//! Tools that ask their client something within a call, as servers of the older
//! era do.

use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult, ServerRequest};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Value, json};

use crate::fixtures::{complete, read};
use crate::plain;

const SAMPLING: &str = "test_sampling";
const ELICITATION: &str = "test_elicitation";
const DEFAULTS: &str = "test_elicitation_sep1034_defaults";
const CHOICES: &str = "test_elicitation_sep1330_enums";

/// The definitions of these tools.
pub(crate) fn tools() -> Vec<Value> {
    let with = |name: &str, description: &str, argument: &str| {
        json!({
            "name": name,
            "description": description,
            "inputSchema": {
                "type": "object",
                "properties": { argument: { "type": "string" } },
                "required": [argument],
            },
        })
    };
    vec![
        with(SAMPLING, "Asks the client's model", "prompt"),
        with(ELICITATION, "Asks the client's user", "message"),
        plain::simple(DEFAULTS, "Asks the client's user, with defaults of every type"),
        plain::simple(CHOICES, "Asks the client's user to choose, in every way"),
    ]
}

/// What the tool asks its client, if it is one of these.
pub(crate) fn question(request: &CallToolRequestParams) -> Option<Value> {
    let argument = |name: &str| {
        let arguments = request.arguments.as_ref();
        arguments.and_then(|arguments| arguments.get(name)).cloned().unwrap_or_default()
    };
    Some(match &*request.name {
        SAMPLING => {
            let content = json!({ "type": "text", "text": argument("prompt") });
            let messages = json!([{ "role": "user", "content": content }]);
            json!({
                "method": "sampling/createMessage",
                "params": { "messages": messages, "maxTokens": 100 },
            })
        }
        ELICITATION => form(
            argument("message"),
            json!({
                "username": { "type": "string", "description": "User's response" },
                "email": { "type": "string", "description": "User's email address" },
            }),
            &["username", "email"],
        ),
        DEFAULTS => form("Please check these values".into(), defaults(), &[]),
        CHOICES => form("Please choose".into(), choices(), &[]),
        _ => return None,
    })
}

/// Asks the client and answers with what it said.
pub(crate) async fn answer(
    name: &str,
    question: Value,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let question: ServerRequest = read(question);
    let said = match context.peer.send_request(question).await {
        Ok(said) => json!(said),
        Err(error) => {
            let mut answer = plain::text(&format!("the client was not asked: {error}"));
            answer["isError"] = true.into();
            return Ok(complete::<CallToolResult>(answer).into());
        }
    };
    let text = match name {
        SAMPLING => format!("LLM response: {}", said["content"]["text"].as_str().unwrap_or("")),
        ELICITATION => format!("User response: {said}"),
        _ => {
            let action = said["action"].as_str().unwrap_or("");
            format!("Elicitation completed: action={action}, content={}", said["content"])
        }
    };
    Ok(complete::<CallToolResult>(plain::text(&text)).into())
}

/// A question that the client shows its user as a form.
pub(crate) fn form(message: Value, properties: Value, required: &[&str]) -> Value {
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    json!({
        "method": "elicitation/create",
        "params": { "message": message, "requestedSchema": schema },
    })
}

fn defaults() -> Value {
    json!({
        "name": { "type": "string", "default": "John Doe" },
        "age": { "type": "integer", "default": 30 },
        "score": { "type": "number", "default": 95.5 },
        "status": {
            "type": "string",
            "enum": ["active", "inactive", "pending"],
            "default": "active",
        },
        "verified": { "type": "boolean", "default": true },
    })
}

fn choices() -> Value {
    let titled = |first: &str, second: &str, third: &str| {
        json!([
            { "const": "value1", "title": first },
            { "const": "value2", "title": second },
            { "const": "value3", "title": third },
        ])
    };
    let plain = json!(["option1", "option2", "option3"]);
    json!({
        "untitledSingle": { "type": "string", "enum": plain },
        "titledSingle": {
            "type": "string",
            "oneOf": titled("First Option", "Second Option", "Third Option"),
        },
        "legacyEnum": {
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": { "type": "array", "items": { "type": "string", "enum": plain } },
        "titledMulti": {
            "type": "array",
            "items": { "anyOf": titled("First Choice", "Second Choice", "Third Choice") },
        },
    })
}
