//! `decisions`: list what was decided.

use clap::Args;
use ctx_server::wire::v1::freshness::Answer;
use ctx_server::wire::v1::memory::{DecisionsRequest, MemoriesAnswer};

use crate::exit::{Exit, Failure};
use crate::session::Session;

/// List decisions, newest first
#[derive(Debug, Args)]
pub(crate) struct Decisions {
    /// Only those about these symbols or paths
    #[arg(long, num_args = 1.., value_name = "SYMBOL|PATH")]
    about: Vec<String>,
    /// At most this many
    #[arg(long, default_value = "50", value_parser = super::limit)]
    limit: usize,
}

impl Decisions {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let request = DecisionsRequest { about: self.about, limit: self.limit };
        let body = session.ask("/decisions", &request)?;
        let output = session.output;
        session.print(&body, |answer: &Answer<MemoriesAnswer>, page| {
            output.notes(&answer.content.notes);
            super::recall::write(&answer.content, page);
        })
    }
}
