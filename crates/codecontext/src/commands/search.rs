//! `search`: find code by words.

use clap::Args;
use ctx_server::wire::v1::freshness::Answer;
use ctx_server::wire::v1::search::{SearchAnswer, SearchRequest};

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, place, plain};
use crate::session::Session;

/// Find code by words, identifiers or parts of them
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// What to find
    query: String,
    /// At most this many hits
    #[arg(long, default_value = "20", value_parser = super::limit)]
    limit: usize,
    /// Only definitions of this kind, for example `function`
    #[arg(long)]
    kind: Option<String>,
    /// Only files that match this glob
    #[arg(long, value_name = "GLOB")]
    path: Option<String>,
}

impl Search {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let Search { query, limit, kind, path } = self;
        let body = session.ask("/search", &SearchRequest { query, limit, kind, path })?;
        let output = session.output;
        session.print(&body, |answer: &Answer<SearchAnswer>, page| {
            output.note_freshness(&answer.freshness);
            output.notes(&answer.content.notes);
            write(&answer.content, page);
        })
    }
}

fn write(answer: &SearchAnswer, page: &mut Page) {
    if answer.hits.is_empty() {
        page.line("nothing found");
    }
    for hit in &answer.hits {
        let name = hit.symbol.as_deref().unwrap_or_default();
        let (kind, why) = (plain(&hit.kind), plain(&hit.why.join(", ")));
        let place = place(&hit.path, hit.line);
        page.line(format!("{place}  {BOLD}{}{RESET} {DIM}{kind}  {why}{RESET}", plain(name)));
        page.block(&hit.snippet, 4);
    }
}
