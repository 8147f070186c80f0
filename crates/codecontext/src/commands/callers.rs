//! `callers`: who calls a symbol.

use clap::Args;
use ctx_server::wire::v1::calls::{CallsAnswer, CallsRequest};
use ctx_server::wire::v1::freshness::Answer;

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, place, plain};
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
    if answer.edges.is_empty() {
        page.line("  no calls known");
    }
    for edge in &answer.edges {
        let indent = 2 * edge.depth.min(20) as usize;
        let (from, to) = (plain(&edge.from), plain(&edge.to));
        let place = place(&edge.path, edge.line);
        let mut how = plain(&edge.how);
        if edge.candidates > 1 {
            how.push_str(&format!(", one of {}", edge.candidates));
        }
        page.line(format!("{:indent$}{from} → {to}  {place}  {DIM}{how}{RESET}", ""));
    }
    if answer.unresolved_same_name > 0 {
        let calls = answer.unresolved_same_name;
        page.line(format!("  {DIM}{calls} calls of this name lead to no known target{RESET}"));
    }
    if !answer.complete {
        page.line(format!("  {DIM}there may be more{RESET}"));
    }
}
