//! `memory`: the journal behind the memories.

use clap::{Args, Subcommand};
use ctx_server::wire::v1::journal::{LogAnswer, LogRequest};

use crate::exit::{Exit, Failure};
use crate::output::moment;
use crate::session::Session;

/// Look at the journal behind the memories
#[derive(Debug, Subcommand)]
pub(crate) enum Memory {
    Log(Log),
}

/// List the journal's records, newest first
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// At most this many
    #[arg(long, default_value = "50", value_parser = super::limit)]
    limit: usize,
}

impl Memory {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let Memory::Log(log) = self;
        let body = session.ask("/memory/log", &LogRequest { limit: log.limit })?;
        session.print(&body, |answer: &LogAnswer, page| {
            if answer.records.is_empty() {
                page.line("the journal is empty");
            }
            let rows: Vec<Vec<String>> = answer
                .records
                .iter()
                .map(|record| {
                    vec![
                        moment(&record.at),
                        record.id.chars().take(12).collect(),
                        record.event.clone(),
                        record.actor.clone(),
                        record.summary.clone().unwrap_or_else(|| "(purged)".into()),
                    ]
                })
                .collect();
            page.table(&rows);
        })
    }
}
