//! `audit`: whether the journal is intact.

use clap::{Args, Subcommand};
use ctx_server::wire::v1::journal::AuditAnswer;

use crate::exit::{Exit, Failure};
use crate::output::{GREEN, RED, RESET, count, counted, plain};
use crate::session::{Session, read};

/// Check the journal
#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    Verify(Verify),
}

/// Check that no record of the journal was changed, dropped or reordered
#[derive(Debug, Args)]
pub(crate) struct Verify {}

impl Audit {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let Audit::Verify(Verify {}) = self;
        let body = session.ask_plain("/audit/verify")?;
        let intact = read::<AuditAnswer>(&body)?.intact;
        session.print(&body, |answer: &AuditAnswer, page| {
            for chain in &answer.chains {
                let writer: String = chain.writer.chars().take(16).collect();
                let (records, purged) = (counted(chain.records, "record"), count(chain.purged));
                page.line(format!("{}  {records}, {purged} purged", plain(&writer)));
                for problem in &chain.problems {
                    page.line(format!("    {RED}{}{RESET}", plain(problem)));
                }
            }
            if answer.intact {
                page.line(format!("{GREEN}intact{RESET}, {}", counted(answer.records, "record")));
            } else {
                page.line(format!("{RED}not intact{RESET}"));
            }
        })?;
        Ok(if intact { Exit::Done } else { Exit::Found })
    }
}
