//! List decisions, newest first.

use ctx_engine::request;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Effect, Tool, answer_of, arguments_of};
use crate::mcp::answer::{Freshness, Reply, Trouble};
use crate::mcp::budget::{Paging, page};
use crate::mcp::memory::{Memory, shown, stale};

pub(super) const TOOL: Tool = Tool {
    name: "decisions",
    aliases: &["list_decisions"],
    title: "List decisions",
    description: "The project's decisions, newest first.",
    effect: Effect::Reads,
    arguments: arguments_of::<Arguments>,
    answer: answer_of::<Answer>,
    call: |call, raw| Box::pin(async move { handle(&call, raw.read()?).await }),
};

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    /// Only about these symbols or paths
    #[serde(default)]
    about: Vec<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize, JsonSchema)]
struct Answer {
    decisions: Vec<Memory>,
    /// Pass it as cursor for more
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    freshness: Freshness,
}

async fn handle(call: &Call, arguments: Arguments) -> Result<Reply, Trouble> {
    let Arguments { about, paging } = arguments;
    let question = ("decisions", about.clone());
    let span = paging.span(&question)?;
    let request = request::DecisionsRequest { about, limit: span.reach };
    let found =
        call.ask(move |engine, caller, root| engine.decisions(caller, root, &request)).await?;
    let freshness = Freshness::from(&found.freshness);
    let mut room = paging.room(&freshness)?;
    let decisions: Vec<Memory> = shown(found.content);
    let nothing = decisions.len() <= span.start;
    let page = page(&mut room, decisions, &span);
    let mut text = page.text;
    if nothing {
        text += "No decisions are remembered.\n";
    }
    let text = page.ending.told(text) + &freshness.text();
    let next_cursor = page.ending.next_cursor;
    found.receipt.repeated(page.items.len(), stale(&page.items));
    Ok(Reply::new(text, &Answer { decisions: page.items, next_cursor, freshness }))
}
