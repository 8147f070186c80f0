//! Find definitions by name.

use ctx_engine::{answer, request};
use ctx_model::text::one_line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Effect, Tool, answer_of, arguments_of};
use crate::mcp::answer::{Freshness, Reply, Trouble};
use crate::mcp::budget::{Item, Paging, halve, page};

pub(super) const TOOL: Tool = Tool {
    name: "find_symbol",
    aliases: &["symbol", "find_definition"],
    title: "Find a definition",
    description: "Definitions with a name: place, signature, documentation. An empty answer \
                  names the nearest names: use it before calling something that may not exist.",
    effect: Effect::Reads,
    arguments: arguments_of::<Arguments>,
    answer: answer_of::<Answer>,
    call: |call, raw| Box::pin(async move { handle(&call, raw.read()?).await }),
};

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    /// Bare, qualified (a.b.C.m) or path:line
    name: String,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize, JsonSchema)]
struct Answer {
    symbols: Vec<Symbol>,
    /// Names close to one that no definition has
    #[serde(skip_serializing_if = "Vec::is_empty")]
    near: Vec<String>,
    /// Pass it as cursor for more
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    freshness: Freshness,
}

#[derive(Serialize, JsonSchema)]
struct Symbol {
    /// Qualified name
    name: String,
    kind: String,
    path: String,
    line: u32,
    end_line: u32,
    signature: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    doc: String,
    visibility: String,
}

impl From<answer::Symbol> for Symbol {
    fn from(symbol: answer::Symbol) -> Symbol {
        Symbol {
            name: symbol.place.qualified,
            kind: symbol.place.kind,
            path: symbol.place.path,
            line: symbol.place.line,
            end_line: symbol.place.end_line,
            signature: symbol.signature,
            doc: symbol.doc.unwrap_or_default(),
            visibility: symbol.visibility,
        }
    }
}

impl Item for Symbol {
    fn text(&self) -> String {
        let Symbol { name, kind, path, line, end_line, signature, .. } = self;
        let (path, name, signature) = (one_line(path), one_line(name), one_line(signature));
        let mut text = format!("{path}:{line}-{end_line} {kind} {name}\n    {signature}\n");
        for line in self.doc.lines() {
            text += &format!("    | {}\n", one_line(line));
        }
        text
    }

    fn shorten(&mut self) -> bool {
        halve(&mut self.doc) || halve(&mut self.signature)
    }
}

async fn handle(call: &Call, arguments: Arguments) -> Result<Reply, Trouble> {
    let Arguments { name, paging } = arguments;
    let question = ("find_symbol", name.clone());
    let span = paging.span(&question)?;
    let request = request::SymbolRequest { name: name.clone(), limit: span.reach };
    let found =
        call.ask_code(move |engine, caller, root| engine.symbol(caller, root, &request)).await?;
    let freshness = Freshness::from(&found.freshness);
    let mut room = paging.room(&freshness)?;
    let answer::SymbolAnswer { symbols, mut near } = found.content;
    near.truncate(10);
    let nothing = symbols.is_empty();
    let mut told = String::new();
    if nothing {
        told = not_defined(&name, &near);
        if !room.take(&told, &near) {
            near.clear();
            told = not_defined(&name, &near);
        }
    }
    let symbols = symbols.into_iter().map(Symbol::from).collect();
    let page = page(&mut room, symbols, &span);
    let text = page.ending.told(told + &page.text) + &freshness.text();
    let next_cursor = page.ending.next_cursor;
    let answer = Answer { symbols: page.items, near, next_cursor, freshness };
    let paths = answer.symbols.iter().map(|item| item.path.as_str());
    Ok(Reply::new(text, &answer).counted(&found.receipt, paths))
}

fn not_defined(name: &str, near: &[String]) -> String {
    let name = one_line(&name.chars().take(80).collect::<String>());
    let mut text = format!("No definition in the index is called `{name}`.");
    if !near.is_empty() {
        text += &format!(" Near: {}.", one_line(&near.join(", ")));
    }
    text + "\n"
}
