//! `feedback`: say what came of a memory or a suggestion.

use clap::{Args, ValueEnum};
use ctx_server::wire::v1::journal::FeedbackRequest;
use ctx_server::wire::v1::memory::RecordAnswer;

use crate::exit::{Exit, Failure};
use crate::output::plain;
use crate::session::Session;

/// Say what came of a memory or a suggestion
#[derive(Debug, Args)]
pub(crate) struct Feedback {
    /// The record's id, or the only one that starts so
    id: String,
    /// What came of it
    #[arg(long, value_enum)]
    outcome: Outcome,
    /// Anything to add
    #[arg(long)]
    note: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Outcome {
    Accepted,
    Rejected,
    Passed,
    Failed,
    Reverted,
}

impl Feedback {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let outcome = match self.outcome {
            Outcome::Accepted => "accepted",
            Outcome::Rejected => "rejected",
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Reverted => "reverted",
        };
        let request = FeedbackRequest { id: self.id, outcome: outcome.into(), note: self.note };
        let body = session.ask("/feedback", &request)?;
        session.print(&body, |answer: &RecordAnswer, page| page.line(plain(&answer.id)))
    }
}
