//! `unlock`: give the daemon a sealed project's key.

use clap::Args;
use ctx_server::wire::v1::seal::SealAnswer;

use crate::exit::{Exit, Failure};
use crate::seal_key::{KeySource, Need};
use crate::session::Session;

/// Let the daemon read a sealed project until it is closed
#[derive(Debug, Args)]
pub(crate) struct Unlock {
    #[command(flatten)]
    key: KeySource,
}

impl Unlock {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let root = session.root()?;
        let secret = self.key.secret(&root, Need::MustExist)?;
        let body = session.ask("/unlock", &secret)?;
        session.print(&body, |_: &SealAnswer, page| {
            page.line("unlocked until the project is closed");
        })
    }
}
