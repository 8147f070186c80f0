//! Tools that tell their client something while they run.

use std::time::Duration;

use rmcp::model::{CallToolResponse, CallToolResult, ProgressToken, ServerNotification};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Value, json};

use crate::fixtures::{complete, read};
use crate::plain;

const PROGRESS: &str = "test_tool_with_progress";
const LOGS: &str = "test_tool_with_logging";
const LOGS_IF_WANTED: &str = "test_logging_tool";
/// Between two notices, so that a client can hear each by itself.
const PAUSE: Duration = Duration::from_millis(50);

/// The definitions of these tools.
pub(crate) fn tools() -> Vec<Value> {
    vec![
        plain::simple(PROGRESS, "Tells how far it is, three times"),
        plain::simple(LOGS, "Logs three times"),
        plain::simple(LOGS_IF_WANTED, "Logs if the request asks for logs"),
    ]
}

/// Whether the tool is one of these.
pub(crate) fn is_one(name: &str) -> bool {
    [PROGRESS, LOGS, LOGS_IF_WANTED].contains(&name)
}

/// Tells what the tool tells, then answers.
pub(crate) async fn answer(
    name: &str,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let notices = match (name, context.meta.get_progress_token()) {
        (PROGRESS, Some(token)) => [0, 50, 100].map(|so_far| progress(&token, so_far)).to_vec(),
        (LOGS, _) => ["Tool execution started", "Tool processing data", "Tool execution completed"]
            .map(|text| log("info".into(), text))
            .to_vec(),
        (LOGS_IF_WANTED, _) => {
            let wanted = context.meta.log_level();
            wanted.map(|level| log(json!(level), "Logs were wanted")).into_iter().collect()
        }
        _ => Vec::new(),
    };
    for notice in notices {
        let notice: ServerNotification = read(notice);
        // A client that is gone hears nothing more.
        let _ = context.peer.send_notification(notice).await;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(complete::<CallToolResult>(plain::text("All was told.")).into())
}

fn progress(token: &ProgressToken, so_far: u32) -> Value {
    let params = json!({ "progressToken": token, "progress": so_far, "total": 100 });
    json!({ "method": "notifications/progress", "params": params })
}

fn log(level: Value, text: &str) -> Value {
    let params = json!({ "level": level, "logger": "conformance", "data": text });
    json!({ "method": "notifications/message", "params": params })
}
