//! `watch`: start or stop watching a project's files.

use clap::{Args, ValueEnum};
use ctx_server::wire::v1::project::{WatchAnswer, WatchRequest};

use crate::exit::{Exit, Failure};
use crate::session::Session;

/// Start or stop watching a project's files
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// Whether to watch
    #[arg(value_enum)]
    state: State,
}

/// Whether to watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    On,
    Off,
}

impl Watch {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let request = WatchRequest { watching: self.state == State::On };
        let body = session.ask("/watch", &request)?;
        session.print(&body, |answer: &WatchAnswer, page| {
            page.line(if answer.watching { "watched" } else { "not watched" });
        })
    }
}
