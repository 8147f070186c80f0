//! Prompts that the suite asks for by name.

use rmcp::model::{
    GetPromptRequestParams, GetPromptResponse, GetPromptResult, InputRequiredResult, Reference,
};
use serde_json::{Value, json};

use crate::asking::form;
use crate::fixtures::{complete, read};
use crate::plain::PIXEL;
use crate::rounds::given;

const SIMPLE: &str = "test_simple_prompt";
const ARGUMENTS: &str = "test_prompt_with_arguments";
const RESOURCE: &str = "test_prompt_with_embedded_resource";
const PICTURE: &str = "test_prompt_with_image";
const NEEDING: &str = "test_input_required_result_prompt";
/// What the last one needs from its client.
const NEEDED: &str = "user_context";

/// The definitions of these prompts.
pub(crate) fn listed() -> impl Iterator<Item = Value> {
    let argument = |name: &str| json!({ "name": name, "required": true });
    let prompts = [
        (SIMPLE, "Is one text", vec![]),
        (ARGUMENTS, "Has its arguments in it", vec![argument("arg1"), argument("arg2")]),
        (RESOURCE, "Has a resource in it", vec![argument("resourceUri")]),
        (PICTURE, "Has a picture in it", vec![]),
        (NEEDING, "Needs something from its client first", vec![]),
    ];
    prompts.into_iter().map(|(name, description, arguments)| {
        json!({ "name": name, "description": description, "arguments": arguments })
    })
}

/// Whether this refers to one of these prompts.
pub(crate) fn is_one(reference: &Reference) -> bool {
    match reference {
        Reference::Prompt(prompt) => {
            [SIMPLE, ARGUMENTS, RESOURCE, PICTURE, NEEDING].contains(&&*prompt.name)
        }
        _ => false,
    }
}

/// The prompt as it is asked for, if it is one of these.
pub(crate) fn written(request: &GetPromptRequestParams) -> Option<GetPromptResponse> {
    let argument = |name: &str| {
        let arguments = request.arguments.as_ref();
        let given = arguments.and_then(|arguments| arguments.get(name)?.as_str());
        given.unwrap_or_default().to_owned()
    };
    let text = |text: &str| json!({ "type": "text", "text": text });
    let contents = match &*request.name {
        SIMPLE => vec![text("This is a simple prompt for testing.")],
        ARGUMENTS => {
            let (first, second) = (argument("arg1"), argument("arg2"));
            vec![text(&format!("Prompt with arguments: arg1='{first}', arg2='{second}'"))]
        }
        RESOURCE => {
            let resource = json!({
                "uri": argument("resourceUri"),
                "mimeType": "text/plain",
                "text": "Embedded resource content for testing.",
            });
            let embedded = json!({ "type": "resource", "resource": resource });
            vec![embedded, text("Please process the embedded resource above.")]
        }
        PICTURE => {
            let picture = json!({ "type": "image", "data": PIXEL, "mimeType": "image/png" });
            vec![picture, text("Please analyze the image above.")]
        }
        NEEDING => match given(request.input_responses.as_ref(), NEEDED) {
            Some(given) => vec![text(&format!("Context: {}", json!(given)))],
            None => {
                let context = json!({ "context": { "type": "string" } });
                let asked = form("Which context should it use?".into(), context, &["context"]);
                let needed =
                    json!({ "resultType": "input_required", "inputRequests": { NEEDED: asked } });
                return Some(read::<InputRequiredResult>(needed).into());
            }
        },
        _ => return None,
    };
    let messages: Vec<Value> =
        contents.into_iter().map(|content| json!({ "role": "user", "content": content })).collect();
    Some(complete::<GetPromptResult>(json!({ "messages": messages })).into())
}
