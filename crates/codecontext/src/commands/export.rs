//! `export`: everything of a project that cannot be computed again.

use clap::Args;

use crate::exit::{Exit, Failure};
use crate::session::Session;

/// Print a project's memories, and a summary of its index, as JSON
#[derive(Debug, Args)]
pub(crate) struct Export {}

impl Export {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let body = session.ask_plain("/export")?;
        session.output.document(&body)?;
        Ok(Exit::Done)
    }
}
