//! How the project's index stands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Effect, Tool, answer_of, arguments_of};
use crate::mcp::answer::{Freshness, Reply, Trouble};

pub(super) const TOOL: Tool = Tool {
    name: "status",
    aliases: &[],
    title: "Index status",
    description: "What is indexed and remembered of this project, and how fresh it is.",
    effect: Effect::Reads,
    arguments: arguments_of::<Arguments>,
    answer: answer_of::<Answer>,
    call: |call, raw| Box::pin(async move { handle(&call, raw.read()?).await }),
};

#[derive(Deserialize, JsonSchema)]
struct Arguments {}

#[derive(Serialize, JsonSchema)]
struct Answer {
    root: String,
    symbols: u64,
    resolved_edges: u64,
    unresolved_edges: u64,
    memories: u64,
    watching: bool,
    freshness: Freshness,
}

async fn handle(call: &Call, _: Arguments) -> Result<Reply, Trouble> {
    let found = call.ask(|engine, caller, root| engine.status(caller, root)).await?;
    let status = found.content;
    let freshness = Freshness::from(&found.freshness);
    let answer = Answer {
        root: status.root.to_string_lossy().into_owned(),
        symbols: status.symbols,
        resolved_edges: status.edges.resolved,
        unresolved_edges: status.edges.unresolved,
        memories: status.memories,
        watching: status.watching,
        freshness,
    };
    let text = format!(
        "{}: {} symbols, {} resolved and {} unresolved edges, {} memories{}\n{}",
        answer.root,
        answer.symbols,
        answer.resolved_edges,
        answer.unresolved_edges,
        answer.memories,
        if answer.watching { ", watched" } else { "" },
        answer.freshness.text(),
    );
    Ok(Reply::new(text, &answer))
}
