//! `callers`: who calls a symbol.

use clap::Args;
use ctx_server::wire::v1::calls::{CallEdge, CallsAnswer, CallsRequest, UnresolvedCalls};
use ctx_server::wire::v1::freshness::Answer;

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, count, counted, place, plain};
use crate::session::Session;

/// Show who calls a symbol
#[derive(Debug, Args)]
pub(crate) struct Callers {
    #[command(flatten)]
    about: CallsOf,
}

/// The symbol and how far to go: the same for callers and callees.
#[derive(Debug, Args)]
pub(super) struct CallsOf {
    /// Bare, qualified (`a.b.C.m`) or `path:line`
    name: String,
    /// How many calls away at most
    #[arg(long, default_value = "1", value_parser = super::depth)]
    depth: u32,
    /// At most this many calls
    #[arg(long, default_value = "500", value_parser = super::limit)]
    limit: usize,
}

impl Callers {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        self.about.run("/callers", session)
    }
}

impl CallsOf {
    /// Asks one of the two verbs and prints its answer.
    pub(super) fn run(self, verb: &'static str, session: &mut Session) -> Result<Exit, Failure> {
        let CallsOf { name, depth, limit } = self;
        let body = session.ask(verb, &CallsRequest { name, depth, limit })?;
        let output = session.output;
        session.print(&body, |answer: &Answer<CallsAnswer>, page| {
            output.note_freshness(&answer.freshness);
            write(&answer.content, page);
        })
    }
}

fn write(answer: &CallsAnswer, page: &mut Page) {
    for subject in &answer.subjects {
        let place = place(&subject.path, subject.line);
        page.line(format!("{BOLD}{}{RESET}  {place}", plain(&subject.qualified)));
    }
    let calls: Vec<&[CallEdge]> = answer.edges.chunk_by(is_one_call).collect();
    page.line(format!("  {DIM}{} known{RESET}", counted(calls.len() as u64, "call")));
    for targets in calls {
        let Some(edge) = targets.first() else { continue };
        let indent = 2 * edge.depth.min(20) as usize;
        let mut others: Vec<String> = targets.iter().map(|edge| other_end(answer, edge)).collect();
        others.dedup();
        let (place, others) = (place(&edge.path, edge.line), others.join(" or "));
        let mut how = format!("by {}", plain(&edge.how));
        if edge.candidates > 1 {
            how.push_str(&format!(", one of {}", edge.candidates));
        }
        page.line(format!("{:indent$}{place}  {others}  {DIM}{how}{RESET}", ""));
    }
    if answer.overridden_calls > 0 {
        let calls = counted(answer.overridden_calls, "call");
        page.line(format!("  {DIM}{calls} of a method that it overrides may run it too{RESET}"));
    }
    match &answer.unresolved_calls {
        // Of whom a symbol calls, its own calls tell.
        Some(calls) if calls.total > 0 => write_unresolved_calls(calls, page),
        None if answer.unresolved_same_name > 0 => {
            let calls = counted(answer.unresolved_same_name, "more call");
            page.line(format!("  {DIM}{calls} of this name whose target is not known{RESET}"));
        }
        _ if !answer.complete && answer.overridden_calls == 0 => {
            page.line(format!("  {DIM}there may be more: raise --limit, or index again{RESET}"));
        }
        _ => {}
    }
}

/// Whether two edges stand for one call that may reach either target.
fn is_one_call(a: &CallEdge, b: &CallEdge) -> bool {
    let site = |edge: &CallEdge| (edge.depth, edge.line, edge.col);
    a.candidates > 1
        && b.candidates > 1
        && site(a) == site(b)
        && (&a.path, &a.from) == (&b.path, &b.from)
}

fn write_unresolved_calls(calls: &UnresolvedCalls, page: &mut Page) {
    let total = counted(calls.total, "more call");
    page.line(format!("  {DIM}{total} whose target is not known{RESET}"));
    for call in &calls.sites {
        let place = place(&call.path, call.line);
        page.line(format!("    {place}  {DIM}{}{RESET}", plain(&call.name)));
    }
    let told = calls.sites.len() as u64;
    if told > 0 && told < calls.total {
        page.line(format!("    {DIM}and {} more{RESET}", count(calls.total - told)));
    }
}

/// What the reader does not know of an edge: its other end, or both ends where
/// neither is the symbol asked for.
fn other_end(answer: &CallsAnswer, edge: &CallEdge) -> String {
    let is_subject = |name: &str| answer.subjects.iter().any(|subject| subject.qualified == name);
    let (from, to) = (plain(&edge.from), plain(&edge.to));
    match (is_subject(&edge.from), is_subject(&edge.to)) {
        (false, true) => from,
        (true, false) => to,
        _ => format!("{from} → {to}"),
    }
}
