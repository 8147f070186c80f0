//! Find what a change would touch.

use ctx_engine::{answer, request};
use ctx_model::text::one_line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Effect, Tool, answer_of, arguments_of};
use crate::mcp::answer::{Freshness, Reply, Trouble};
use crate::mcp::budget::{Item, Paging, page};

/// Symbols, and tests, looked at; the same for every page, so that the order is.
const AFFECTED: usize = 300;

/// What is said where the graph does not know all.
const INCOMPLETE: &str = "There may be others: uses that could not be resolved, or beyond depth.\n";

pub(super) const TOOL: Tool = Tool {
    name: "trace_impact",
    aliases: &["impact"],
    title: "Trace the impact of a change",
    description: "What a change to symbols or files, or a unified diff, would touch: dependent \
                  symbols and the tests to run, each with the edge that leads there. Use it \
                  before changing a signature.",
    effect: Effect::Reads,
    arguments: arguments_of::<Arguments>,
    answer: answer_of::<Answer>,
    call: |call, raw| Box::pin(async move { handle(&call, raw.read()?).await }),
};

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    /// Symbols or paths that change
    #[serde(default)]
    names: Vec<String>,
    /// A unified diff instead of names
    #[serde(default)]
    #[schemars(with = "String")]
    patch: Option<String>,
    /// Edges away, 1 to 10 (default 3)
    #[serde(default)]
    #[schemars(with = "u32")]
    depth: Option<u32>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Serialize, JsonSchema)]
struct Answer {
    /// What changes
    changed: Vec<String>,
    /// Tests first, then nearest first
    affected: Vec<Affected>,
    /// Names and paths that are not in the project
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_found: Vec<String>,
    /// How many tests there are in all
    tests: usize,
    /// Whether there are no others
    complete: bool,
    /// Pass it as cursor for more
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    freshness: Freshness,
}

#[derive(Serialize, JsonSchema)]
struct Affected {
    /// Qualified name
    name: String,
    kind: String,
    path: String,
    line: u32,
    test: bool,
    /// Edges to what changes
    distance: usize,
    /// The first of them, for example `calls a.b`
    via: String,
}

impl Affected {
    fn new(affected: answer::AffectedSymbol, test: bool) -> Affected {
        let via = affected.via.first().map(|step| format!("{} {}", step.kind.name(), step.to));
        Affected {
            name: affected.symbol.qualified,
            kind: affected.symbol.kind,
            path: affected.symbol.path,
            line: affected.symbol.line,
            test,
            distance: affected.via.len(),
            via: via.unwrap_or_default(),
        }
    }
}

impl Item for Affected {
    fn text(&self) -> String {
        let Affected { name, path, line, via, distance, .. } = self;
        let (name, path, via) = (one_line(name), one_line(path), one_line(via));
        let test = if self.test { "TEST " } else { "" };
        format!("{test}{path}:{line} {name} ({via}; distance {distance})\n")
    }

    fn shorten(&mut self) -> bool {
        !std::mem::take(&mut self.via).is_empty()
    }
}

async fn handle(call: &Call, arguments: Arguments) -> Result<Reply, Trouble> {
    let Arguments { names, patch, depth, paging } = arguments;
    let depth = depth.unwrap_or(3);
    if !(1..=10).contains(&depth) {
        return Err(Trouble::of_argument(
            format!("`depth` is {depth}"),
            "give a number from 1 to 10",
        ));
    }
    let question = ("trace_impact", names.clone(), patch.clone(), depth);
    let span = paging.span(&question)?;
    let subject = match (patch, names.is_empty()) {
        (Some(patch), true) => request::ImpactSubject::Patch(patch),
        (None, false) => request::ImpactSubject::Names(names),
        _ => {
            return Err(Trouble::of_argument(
                "it takes either `names` or a `patch`",
                "give one of the two",
            ));
        }
    };
    let request = request::ImpactRequest { subject, depth, limit: AFFECTED };
    let found =
        call.ask_code(move |engine, caller, root| engine.impact(caller, root, &request)).await?;
    let freshness = Freshness::from(&found.freshness);
    let mut room = paging.room(&freshness)?;
    let (found, receipt) = (found.content, found.receipt);
    let tests = found.tests.len();
    let mut changed: Vec<String> =
        found.changed.into_iter().map(|symbol| symbol.qualified).take(20).collect();
    let mut not_found = found.not_found;
    not_found.truncate(10);
    let head = |changed: &[String], not_found: &[String]| {
        let mut text = format!("Changed: {}\n", one_line(&changed.join(", ")));
        if !not_found.is_empty() {
            text += &format!("NOT in the project: {}\n", one_line(&not_found.join(", ")));
        }
        text
    };
    room.spend(INCOMPLETE, &());
    while !room.take(&head(&changed, &not_found), &(&changed, &not_found))
        && (changed.pop().is_some() || not_found.pop().is_some())
    {}
    let tested = found.tests.into_iter().map(|test| Affected::new(test, true));
    let others = found.symbols.into_iter().map(|symbol| Affected::new(symbol, false));
    let affected: Vec<Affected> = tested.chain(others).collect();
    let nothing = affected.len() <= span.start;
    let page = page(&mut room, affected, &span.whole());
    let mut text = head(&changed, &not_found) + &page.text;
    if nothing {
        text += "Nothing else in the index is known to depend on it.\n";
    }
    if !found.complete {
        text += INCOMPLETE;
    }
    let text = page.ending.told(text) + &freshness.text();
    let next_cursor = page.ending.next_cursor;
    let complete = found.complete && next_cursor.is_none() && page.ending.too_long == 0;
    let answer = Answer {
        changed,
        affected: page.items,
        not_found,
        tests,
        complete,
        next_cursor,
        freshness,
    };
    let paths = answer.affected.iter().map(|affected| affected.path.as_str());
    Ok(Reply::new(text, &answer).counted(&receipt, paths))
}
