//! `forget`: mark a memory as forgotten, or destroy it.

use clap::Args;
use ctx_server::wire::v1::memory::{ForgetRequest, RecordAnswer};

use crate::exit::{Exit, Failure};
use crate::output::plain;
use crate::session::Session;

/// Forget a memory; its record stays in the journal unless it is purged
#[derive(Debug, Args)]
pub(crate) struct Forget {
    /// The memory's id, or the only one that starts so
    id: String,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    /// Destroy its content and key for good; takes the whole id
    #[arg(long)]
    purge: bool,
}

impl Forget {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let verb = if self.purge { "/purge" } else { "/forget" };
        let done = if self.purge { "purged" } else { "forgotten" };
        let body = session.ask(verb, &ForgetRequest { id: self.id, reason: self.reason })?;
        session.print(&body, |answer: &RecordAnswer, page| {
            page.line(format!("{done} {}", plain(&answer.id)));
        })
    }
}
