//! `unseal`: decrypt a sealed project for good.

use clap::Args;
use ctx_server::wire::v1::seal::SealAnswer;

use crate::exit::{Exit, Failure};
use crate::seal_key::{KeySource, Need};
use crate::session::Session;

/// Decrypt a sealed project for good
#[derive(Debug, Args)]
pub(crate) struct Unseal {
    #[command(flatten)]
    key: KeySource,
}

impl Unseal {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let root = session.root()?;
        let secret = self.key.secret(&root, Need::MustExist)?;
        let body = session.ask("/unseal", &secret)?;
        session.print(&body, |_: &SealAnswer, page| {
            page.line("no longer sealed");
        })
    }
}
