//! Remember something.

use ctx_engine::request::MemoryDraft;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Effect, Tool, answer_of, arguments_of};
use crate::mcp::answer::{Freshness, Reply, Trouble};
use crate::wire::v1::memory::RememberRequest;

pub(super) const TOOL: Tool = Tool {
    name: "remember",
    aliases: &[],
    title: "Remember",
    description: "Keep a decision (with its reason), a lesson, a preference or a fact beyond this \
                  conversation, for every assistant on this project. Name the code it is about: \
                  the memory turns stale when that changes. Secrets are struck out.",
    effect: Effect::Adds,
    arguments: arguments_of::<Arguments>,
    answer: answer_of::<Answer>,
    call: |call, raw| Box::pin(async move { handle(&call, raw.read()?).await }),
};

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    /// Self-contained, with the reason
    text: String,
    #[serde(default)]
    kind: Kind,
    /// Symbols or paths
    #[serde(default)]
    about: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Decision,
    Lesson,
    Preference,
    #[default]
    Fact,
    Conversation,
}

#[derive(Serialize, JsonSchema)]
struct Answer {
    id: String,
    /// Secrets struck out of it
    redactions: u32,
    freshness: Freshness,
}

async fn handle(call: &Call, arguments: Arguments) -> Result<Reply, Trouble> {
    let Arguments { text, kind, about, tags } = arguments;
    let kind = serde_json::to_value(kind).ok().and_then(|name| name.as_str().map(str::to_owned));
    let request = RememberRequest { text, kind, about, tags, ..RememberRequest::default() };
    let draft = MemoryDraft::try_from(request)?;
    let (made, freshness) = call
        .ask(move |engine, caller, root| {
            Ok((engine.remember(caller, root, &draft)?, engine.freshness(caller, root)?))
        })
        .await?;
    let freshness = Freshness::from(&freshness);
    let answer = Answer { id: made.id.to_string(), redactions: made.redactions, freshness };
    let mut told = format!("Remembered as {}.\n", answer.id);
    if answer.redactions > 0 {
        told += &format!("{} secrets were struck out of it.\n", answer.redactions);
    }
    Ok(Reply::new(told + &answer.freshness.text(), &answer))
}
