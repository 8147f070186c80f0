//! Find code by words.

use ctx_engine::{answer, request};
use ctx_model::text::one_line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Effect, Tool, answer_of, arguments_of};
use crate::mcp::answer::{Freshness, Reply, Trouble};
use crate::mcp::budget::{Item, Paging, halve, page};

pub(super) const TOOL: Tool = Tool {
    name: "search",
    aliases: &["search_code"],
    title: "Search code",
    description: "Find code by words, identifiers or parts of them: definitions first, ranked. \
                  Better than grep when the exact text is not known.",
    effect: Effect::Reads,
    arguments: arguments_of::<Arguments>,
    answer: answer_of::<Answer>,
    call: |call, raw| Box::pin(async move { handle(&call, raw.read()?).await }),
};

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    query: String,
    /// Kind of definition: function, class, method …
    #[serde(default)]
    #[schemars(with = "String")]
    kind: Option<String>,
    /// Glob: src/**/*.py
    #[serde(default)]
    #[schemars(with = "String")]
    path: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize, JsonSchema)]
struct Answer {
    /// Best first
    hits: Vec<Hit>,
    /// Pass it as cursor for more
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    freshness: Freshness,
}

#[derive(Serialize, JsonSchema)]
struct Hit {
    path: String,
    line: u32,
    end_line: u32,
    /// Qualified name of the definition it is, or lies in
    #[serde(skip_serializing_if = "Option::is_none")]
    symbol: Option<String>,
    kind: String,
    snippet: String,
}

impl From<answer::Hit> for Hit {
    fn from(hit: answer::Hit) -> Hit {
        let answer::Hit { path, line, end_line, symbol, kind, snippet, .. } = hit;
        Hit { path, line, end_line, symbol, kind, snippet }
    }
}

impl Item for Hit {
    fn text(&self) -> String {
        let Hit { path, line, end_line, kind, .. } = self;
        let path = one_line(path);
        let symbol = one_line(self.symbol.as_deref().unwrap_or_default());
        let mut text = format!("{path}:{line}-{end_line} {kind} {symbol}\n");
        for line in self.snippet.lines() {
            // A tab is code's own; anything else that moves the cursor is not.
            let line = line.split('\t').map(one_line).collect::<Vec<_>>().join("\t");
            text += format!("    {line}").trim_end();
            text.push('\n');
        }
        text
    }

    fn shorten(&mut self) -> bool {
        halve(&mut self.snippet)
    }
}

async fn handle(call: &Call, arguments: Arguments) -> Result<Reply, Trouble> {
    let Arguments { query, kind, path, paging } = arguments;
    let question = ("search", query.clone(), kind.clone(), path.clone());
    let span = paging.span(&question)?;
    let request = request::SearchRequest { query, limit: span.reach, kind, path };
    let found =
        call.ask_code(move |engine, caller, root| engine.search(caller, root, &request)).await?;
    let freshness = Freshness::from(&found.freshness);
    let mut room = paging.room(&freshness)?;
    let hits: Vec<Hit> = found.content.hits.into_iter().map(Hit::from).collect();
    let nothing = hits.len() <= span.start;
    let page = page(&mut room, hits, &span);
    let mut text = page.text;
    if nothing {
        text += "Nothing matches. Try other words, parts of words, or `locate` with prose.\n";
    }
    let text = page.ending.told(text) + &freshness.text();
    let next_cursor = page.ending.next_cursor;
    let answer = Answer { hits: page.items, next_cursor, freshness };
    let paths = answer.hits.iter().map(|item| item.path.as_str());
    Ok(Reply::new(text, &answer).counted(&found.receipt, paths))
}
