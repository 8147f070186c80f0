//! Find the code that prose is about.

use ctx_engine::{answer, request};
use ctx_model::text::one_line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Effect, Tool, answer_of, arguments_of};
use crate::mcp::answer::{Freshness, Reply, Trouble};
use crate::mcp::budget::{Item, Paging, page};

/// Definitions named for one file.
const SYMBOLS: usize = 4;

pub(super) const TOOL: Tool = Tool {
    name: "locate",
    aliases: &["locate_code"],
    title: "Locate code for a report",
    description: "Find the files and definitions that a bug report, stack trace or feature wish \
                  is about. Pass its whole text. Start here for a task given in prose.",
    effect: Effect::Reads,
    arguments: arguments_of::<Arguments>,
    answer: answer_of::<Answer>,
    call: |call, raw| Box::pin(async move { handle(&call, raw.read()?).await }),
};

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    /// The report, as it was written
    query: String,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize, JsonSchema)]
struct Answer {
    /// Best first
    files: Vec<File>,
    /// Pass it as cursor for more
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    freshness: Freshness,
}

#[derive(Serialize, JsonSchema)]
struct File {
    path: String,
    /// What spoke for it
    why: Vec<String>,
    /// Definitions in it to look at first
    #[serde(skip_serializing_if = "Vec::is_empty")]
    symbols: Vec<Symbol>,
}

#[derive(Serialize, JsonSchema)]
struct Symbol {
    name: String,
    kind: String,
    line: u32,
    end_line: u32,
}

impl Item for File {
    fn text(&self) -> String {
        let mut text = format!("{} ({})\n", one_line(&self.path), one_line(&self.why.join("; ")));
        for Symbol { name, kind, line, end_line } in &self.symbols {
            let name = one_line(name);
            text += &format!("    {line}-{end_line} {kind} {name}\n");
        }
        text
    }

    fn shorten(&mut self) -> bool {
        self.symbols.pop().is_some() || self.why.pop().is_some()
    }
}

async fn handle(call: &Call, arguments: Arguments) -> Result<Reply, Trouble> {
    let Arguments { query, paging } = arguments;
    let question = ("locate", query.clone());
    let span = paging.span(&question)?;
    let request = request::LocateRequest { query, limit: span.reach };
    let found =
        call.ask_code(move |engine, caller, root| engine.locate(caller, root, &request)).await?;
    let freshness = Freshness::from(&found.freshness);
    let mut room = paging.room(&freshness)?;
    let files = with_symbols(found.content);
    let nothing = files.len() <= span.start;
    let page = page(&mut room, files, &span);
    let mut text = page.text;
    if nothing {
        text += "Nothing fits. Add names, messages or paths from the report, or try `search`.\n";
    }
    let text = page.ending.told(text) + &freshness.text();
    let next_cursor = page.ending.next_cursor;
    let answer = Answer { files: page.items, next_cursor, freshness };
    let paths = answer.files.iter().map(|item| item.path.as_str());
    Ok(Reply::new(text, &answer).counted(&found.receipt, paths))
}

/// Files with the definitions that were found in them.
fn with_symbols(found: answer::LocateAnswer) -> Vec<File> {
    let symbols = &found.symbols;
    let of_file = |path: &str| {
        let inside = symbols.iter().filter(|located| located.symbol.path == path);
        inside
            .take(SYMBOLS)
            .map(|located| Symbol {
                name: located.symbol.qualified.clone(),
                kind: located.symbol.kind.clone(),
                line: located.symbol.line,
                end_line: located.symbol.end_line,
            })
            .collect()
    };
    found
        .files
        .iter()
        .map(|file| File {
            path: file.path.clone(),
            why: file.why.clone(),
            symbols: of_file(&file.path),
        })
        .collect()
}
