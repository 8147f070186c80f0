//! `callers`: who calls a symbol.

use clap::Args;
use ctx_server::wire::v1::calls::{CallEdge, CallsAnswer, CallsRequest};
use ctx_server::wire::v1::freshness::Answer;

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, counted, place, plain};
use crate::session::Session;

/// The verb of this command; `callees` asks another with the same words.
const CALLERS: &str = "/callers";

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
        self.about.run(CALLERS, session)
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
            // Calls of the same name may be calls of it; whom it calls is another matter.
            if verb == CALLERS {
                write_unresolved(&answer.content, page);
            }
        })
    }
}

fn write(answer: &CallsAnswer, page: &mut Page) {
    for subject in &answer.subjects {
        let place = place(&subject.path, subject.line);
        page.line(format!("{BOLD}{}{RESET}  {place}", plain(&subject.qualified)));
    }
    let calls = counted(answer.edges.len() as u64, "call");
    page.line(format!("  {DIM}{calls} known{RESET}"));
    for edge in &answer.edges {
        let indent = 2 * edge.depth.min(20) as usize;
        let other = other_end(answer, edge);
        let place = place(&edge.path, edge.line);
        let mut how = format!("by {}", plain(&edge.how));
        if edge.candidates > 1 {
            how.push_str(&format!(", one of {}", edge.candidates));
        }
        page.line(format!("{:indent$}{place}  {other}  {DIM}{how}{RESET}", ""));
    }
    // Calls without a known target are told of by themselves.
    if !answer.complete && answer.unresolved_same_name == 0 {
        page.line(format!("  {DIM}there may be more: raise --limit, or index again{RESET}"));
    }
}

fn write_unresolved(answer: &CallsAnswer, page: &mut Page) {
    if answer.unresolved_same_name > 0 {
        let calls = counted(answer.unresolved_same_name, "more call");
        page.line(format!("  {DIM}{calls} of this name whose target is not known{RESET}"));
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
