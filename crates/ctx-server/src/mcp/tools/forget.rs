//! Mark a memory as forgotten.

use ctx_engine::request;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Effect, Tool, answer_of, arguments_of};
use crate::mcp::answer::{Freshness, Reply, Trouble};

pub(super) const TOOL: Tool = Tool {
    name: "forget",
    aliases: &[],
    title: "Forget",
    description: "Forget a memory that is wrong or no longer wanted. Its record stays in the \
                  journal.",
    effect: Effect::Hides,
    arguments: arguments_of::<Arguments>,
    answer: answer_of::<Answer>,
    call: |call, raw| Box::pin(async move { handle(&call, raw.read()?).await }),
};

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    /// The memory's id, or the only one that starts so
    id: String,
    #[serde(default)]
    #[schemars(with = "String")]
    reason: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Answer {
    /// The record that says so
    id: String,
    freshness: Freshness,
}

async fn handle(call: &Call, arguments: Arguments) -> Result<Reply, Trouble> {
    let Arguments { id, reason } = arguments;
    let request = request::ForgetRequest { id, reason };
    let (record, freshness) = call
        .ask(move |engine, caller, root| {
            Ok((engine.forget(caller, root, &request)?, engine.freshness(caller, root)?))
        })
        .await?;
    let freshness = Freshness::from(&freshness);
    let told = format!("Forgotten.\n{}", freshness.text());
    Ok(Reply::new(told, &Answer { id: record.to_string(), freshness }))
}
