//! `callees`: whom a symbol calls.

use clap::Args;

use super::callers::CallsOf;
use crate::exit::{Exit, Failure};
use crate::session::Session;

/// Show whom a symbol calls
#[derive(Debug, Args)]
pub(crate) struct Callees {
    #[command(flatten)]
    about: CallsOf,
}

impl Callees {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        self.about.run("/callees", session)
    }
}
