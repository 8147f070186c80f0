//! Tools that need something from their client before they can answer, as
//! servers of the stateless era say it: the call ends with what is needed, and
//! the client calls again with that.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientCapabilities,
    InputRequiredResult, InputResponses,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Map, Value, json};

use crate::asking::form;
use crate::fixtures::{complete, read};
use crate::plain;

const MISSING_CAPABILITY: &str = "test_missing_capability";
const STREAMING: &str = "test_streaming_elicitation";
/// How the names of the other tools begin.
const COMMON: &str = "test_input_required_result_";
/// How they go on.
const TOOLS: [&str; 8] = [
    "elicitation",
    "sampling",
    "list_roots",
    "request_state",
    "multiple_inputs",
    "multi_round",
    "tampered_state",
    "capabilities",
];

/// The definitions of these tools.
pub(crate) fn tools() -> Vec<Value> {
    let needs = "Needs something from its client first";
    let mut tools = vec![
        plain::simple(MISSING_CAPABILITY, "Needs a client that can sample"),
        plain::simple(STREAMING, needs),
    ];
    tools.extend(TOOLS.map(|name| plain::simple(&format!("{COMMON}{name}"), needs)));
    tools
}

/// States that calls were left in, by what the client carries to name each.
///
/// What it carries cannot be guessed, and means nothing without this table: a
/// changed one names no state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rounds {
    states: Arc<Mutex<HashMap<String, usize>>>,
}

impl Rounds {
    /// What the tool answers, if it is one of these.
    pub(crate) fn answer(
        &self,
        request: &CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Option<Result<CallToolResponse, ErrorData>> {
        let name = &*request.name;
        if name == MISSING_CAPABILITY {
            return Some(with_sampling(context));
        }
        let name = if name == STREAMING { STREAMING } else { name.strip_prefix(COMMON)? };
        let round = match request.request_state.as_deref().map(|state| self.round_of(state)) {
            None => 0,
            Some(Some(round)) => round,
            Some(None) => {
                let message = "requestState is not one that was returned";
                return Some(Err(ErrorData::invalid_params(message, None)));
            }
        };
        let needed = needed(name, round, context)?;
        let is_given = |key: &str| given(request.input_responses.as_ref(), key).is_some();
        let is_done = needed.keys().all(|key| is_given(key));
        let last_round = if name == "multi_round" { 1 } else { 0 };
        if is_done && round == last_round {
            let text = match name {
                "request_state" | "tampered_state" => "state-ok",
                _ => "All that was needed is there.",
            };
            return Some(Ok(complete::<CallToolResult>(plain::text(text)).into()));
        }
        let has_state =
            ["request_state", "tampered_state", "multiple_inputs", "multi_round"].contains(&name);
        let (round, needed) = match is_done {
            true => (round + 1, self::needed(name, round + 1, context)?),
            false => (round, needed),
        };
        let mut answer = json!({ "resultType": "input_required", "inputRequests": needed });
        if has_state {
            answer["requestState"] = self.state_at(round).into();
        }
        Some(Ok(read::<InputRequiredResult>(answer).into()))
    }

    fn round_of(&self, state: &str) -> Option<usize> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).get(state).copied()
    }

    fn state_at(&self, round: usize) -> String {
        let random = || RandomState::new().hash_one(round);
        let state = format!("{:016x}{:016x}", random(), random());
        self.states.lock().unwrap_or_else(PoisonError::into_inner).insert(state.clone(), round);
        state
    }
}

/// What a client gave for `key`, if it is a result at all.
pub(crate) fn given<'a>(
    responses: Option<&'a InputResponses>,
    key: &str,
) -> Option<&'a Map<String, Value>> {
    responses?.get(key)?.as_object()
}

/// What the tool needs in this round.
fn needed(
    name: &str,
    round: usize,
    context: &RequestContext<RoleServer>,
) -> Option<Map<String, Value>> {
    let asked = |message: &str, field: &str, kind: &str| {
        form(message.into(), json!({ field: { "type": kind } }), &[field])
    };
    let sampled = |prompt: &str| {
        let content = json!({ "type": "text", "text": prompt });
        let messages = json!([{ "role": "user", "content": content }]);
        json!({
            "method": "sampling/createMessage",
            "params": { "messages": messages, "maxTokens": 100 },
        })
    };
    let roots = || json!({ "method": "roots/list", "params": {} });
    let user_name = || asked("What is your name?", "name", "string");
    let needed = match (name, round) {
        ("elicitation", _) => json!({ "user_name": user_name() }),
        ("sampling", _) => json!({ "capital_question": sampled("What is the capital of France?") }),
        ("list_roots", _) => json!({ "client_roots": roots() }),
        ("request_state" | "tampered_state", _) => {
            json!({ "confirm": asked("Please confirm", "ok", "boolean") })
        }
        ("multi_round", 0) => json!({ "step1": user_name() }),
        ("multi_round", _) => {
            json!({ "step2": asked("What is your favorite color?", "color", "string") })
        }
        (STREAMING, _) => json!({ "value": asked("Please give a value", "value", "string") }),
        ("multiple_inputs" | "capabilities", _) => json!({
            "user_name": user_name(),
            "greeting": sampled("Generate a greeting"),
            "client_roots": roots(),
        }),
        _ => return None,
    };
    let mut needed: Map<String, Value> = read(needed);
    if name == "capabilities" {
        let able = context.meta.client_capabilities().unwrap_or_default();
        needed.retain(|key, _| match &**key {
            "user_name" => able.elicitation.is_some(),
            "greeting" => able.sampling.is_some(),
            _ => able.roots.is_some(),
        });
    }
    Some(needed)
}

fn with_sampling(context: &RequestContext<RoleServer>) -> Result<CallToolResponse, ErrorData> {
    let able = context.client_capabilities().unwrap_or_default();
    if able.sampling.is_some() {
        return Ok(complete::<CallToolResult>(plain::text("The client can sample.")).into());
    }
    let wanted: ClientCapabilities = read(json!({ "sampling": {} }));
    Err(ErrorData::missing_required_client_capability(wanted))
}
