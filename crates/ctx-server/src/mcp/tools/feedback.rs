//! Say what came of a memory or a suggestion.

use ctx_engine::request::{self, Outcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Effect, Tool, answer_of, arguments_of};
use crate::mcp::answer::{Freshness, Reply, Trouble};

pub(super) const TOOL: Tool = Tool {
    name: "feedback",
    aliases: &[],
    title: "Give feedback",
    description: "Say what came of a memory that you followed, so that the next recall knows.",
    effect: Effect::Adds,
    arguments: arguments_of::<Arguments>,
    answer: answer_of::<Answer>,
    call: |call, raw| Box::pin(async move { handle(&call, raw.read()?).await }),
};

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    /// The record's id, or the only one that starts so
    id: String,
    outcome: What,
    #[serde(default)]
    #[schemars(with = "String")]
    note: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum What {
    Accepted,
    Rejected,
    Passed,
    Failed,
    Reverted,
}

impl From<What> for Outcome {
    fn from(what: What) -> Outcome {
        match what {
            What::Accepted => Outcome::Accepted,
            What::Rejected => Outcome::Rejected,
            What::Passed => Outcome::Passed,
            What::Failed => Outcome::Failed,
            What::Reverted => Outcome::Reverted,
        }
    }
}

#[derive(Serialize, JsonSchema)]
struct Answer {
    /// The record that says so
    id: String,
    freshness: Freshness,
}

async fn handle(call: &Call, arguments: Arguments) -> Result<Reply, Trouble> {
    let Arguments { id, outcome, note } = arguments;
    let request = request::FeedbackRequest { id, outcome: outcome.into(), note };
    let (record, freshness) = call
        .ask(move |engine, caller, root| {
            Ok((engine.feedback(caller, root, &request)?, engine.freshness(caller, root)?))
        })
        .await?;
    let freshness = Freshness::from(&freshness);
    let told = format!("Noted.\n{}", freshness.text());
    Ok(Reply::new(told, &Answer { id: record.to_string(), freshness }))
}
