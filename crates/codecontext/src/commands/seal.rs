//! `seal`: encrypt everything stored about a project.

use clap::Args;
use ctx_server::wire::v1::seal::SealAnswer;

use crate::exit::{Exit, Failure};
use crate::seal_key::{KeySource, Need};
use crate::session::Session;

/// Encrypt everything stored about a project
#[derive(Debug, Args)]
pub(crate) struct Seal {
    #[command(flatten)]
    key: KeySource,
}

impl Seal {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let root = session.root()?;
        let secret = self.key.secret(&root, Need::MayMake)?;
        let body = session.ask("/seal", &secret)?;
        session.print(&body, |_: &SealAnswer, page| {
            page.line("sealed; keep the secret: without it nothing can be read again");
        })
    }
}
