//! Walk calls from a symbol.

use ctx_engine::{answer, request};
use ctx_model::text::one_line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Effect, Tool, answer_of, arguments_of};
use crate::mcp::answer::{Freshness, Reply, Trouble};
use crate::mcp::budget::{Item, Paging, page};

pub(super) const TOOL: Tool = Tool {
    name: "find_callers",
    aliases: &["callers", "callees"],
    title: "Find callers or callees",
    description: "Who calls a symbol (or whom it calls), resolved through imports and types, \
                  each with how it is known. `complete` is false while calls of that name are \
                  unresolved: then no callers does not mean unused.",
    effect: Effect::Reads,
    arguments: arguments_of::<Arguments>,
    answer: answer_of::<Answer>,
    call: |call, raw| Box::pin(async move { handle(&call, raw.read()?).await }),
};

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    /// Bare, qualified (a.b.C.m) or path:line
    name: String,
    #[serde(default)]
    direction: Direction,
    /// Calls away, 1 to 10 (default 1)
    #[serde(default)]
    #[schemars(with = "u32")]
    depth: Option<u32>,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Direction {
    #[default]
    Callers,
    Callees,
}

#[derive(Serialize, JsonSchema)]
struct Answer {
    /// Definitions that the name was taken for
    subjects: Vec<String>,
    /// Nearest first
    calls: Vec<Edge>,
    /// Calls whose target is not known: of that name, or for callees its own
    unresolved_calls: u64,
    /// Calls of a method that it overrides: each may run it
    overridden_calls: u64,
    /// Whether there are no others
    complete: bool,
    /// Pass it as cursor for more
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    freshness: Freshness,
}

#[derive(Serialize, JsonSchema)]
struct Edge {
    from: String,
    to: String,
    /// Place of the call
    path: String,
    line: u32,
    /// The rule that bound it
    how: String,
    /// 0 to 1
    confidence: f64,
    /// Definitions that this call may reach
    candidates: u32,
    depth: u32,
}

impl From<answer::CallEdge> for Edge {
    fn from(edge: answer::CallEdge) -> Edge {
        Edge {
            from: edge.from.qualified,
            to: edge.to.qualified,
            path: edge.path,
            line: edge.line,
            how: edge.how.name().to_owned(),
            confidence: (edge.confidence * 100.0).round() / 100.0,
            candidates: edge.candidates,
            depth: edge.depth,
        }
    }
}

impl Item for Edge {
    fn text(&self) -> String {
        let Edge { from, to, path, line, how, confidence, candidates, .. } = self;
        let (path, from, to) = (one_line(path), one_line(from), one_line(to));
        let mut text = format!("{path}:{line} {from} -> {to} ({how}, {confidence}");
        if *candidates > 1 {
            text += &format!(", one of {candidates}");
        }
        text + ")\n"
    }

    fn shorten(&mut self) -> bool {
        false
    }
}

async fn handle(call: &Call, arguments: Arguments) -> Result<Reply, Trouble> {
    let Arguments { name, direction, depth, paging } = arguments;
    let depth = depth.unwrap_or(1);
    if !(1..=10).contains(&depth) {
        return Err(Trouble::of_argument(
            format!("`depth` is {depth}"),
            "give a number from 1 to 10",
        ));
    }
    let question = ("find_callers", name.clone(), direction, depth);
    let span = paging.span(&question)?;
    let request = request::CallsRequest { name, depth, limit: span.reach };
    let found = call
        .ask_code(move |engine, caller, root| match direction {
            Direction::Callers => engine.callers(caller, root, &request),
            Direction::Callees => engine.callees(caller, root, &request),
        })
        .await?;
    let freshness = Freshness::from(&found.freshness);
    let mut room = paging.room(&freshness)?;
    let (answer, receipt) = (found.content, found.receipt);
    let complete = answer.complete;
    let unknown = Unknown {
        // Of whom a symbol calls, its own calls tell.
        unresolved: answer
            .unresolved_calls
            .map_or(answer.unresolved_same_name, |calls| calls.total),
        overridden: answer.overridden_calls,
    };
    let mut subjects: Vec<String> =
        answer.subjects.into_iter().map(|subject| subject.qualified).take(8).collect();
    let head =
        |subjects: &[String]| format!("{direction:?} of {}:\n", one_line(&subjects.join(", ")));
    while !room.take(&head(&subjects), &subjects) && subjects.pop().is_some() {}
    room.spend(&unknown.text(complete), &(unknown.unresolved, unknown.overridden));
    let edges: Vec<Edge> = answer.edges.into_iter().map(Edge::from).collect();
    let nothing = edges.len() <= span.start;
    let page = page(&mut room, edges, &span);
    let mut text = head(&subjects) + &page.text;
    if nothing {
        text += "None known.\n";
    }
    // What is on later pages is not here.
    let is_last = page.ending.next_cursor.is_none() && page.ending.too_long == 0;
    if is_last || unknown.unresolved + unknown.overridden > 0 {
        text += &unknown.text(complete);
    }
    let text = page.ending.told(text) + &freshness.text();
    let next_cursor = page.ending.next_cursor;
    let complete = complete && is_last;
    let answer = Answer {
        subjects,
        calls: page.items,
        unresolved_calls: unknown.unresolved,
        overridden_calls: unknown.overridden,
        complete,
        next_cursor,
        freshness,
    };
    let paths = answer.calls.iter().map(|call| call.path.as_str());
    Ok(Reply::new(text, &answer).counted(&receipt, paths))
}

/// Calls that may or may not belong to the answer.
struct Unknown {
    unresolved: u64,
    overridden: u64,
}

impl Unknown {
    fn text(&self, complete: bool) -> String {
        let Unknown { unresolved, overridden } = self;
        let mut text = String::new();
        if *unresolved > 0 {
            text += &format!("{unresolved} calls could not be resolved: there may be others.\n");
        }
        if *overridden > 0 {
            text += &format!("{overridden} calls of a method that it overrides may run it too.\n");
        }
        match (text.is_empty(), complete) {
            (true, true) => "These are all.\n".to_owned(),
            (true, false) => "There may be others.\n".to_owned(),
            _ => text,
        }
    }
}
