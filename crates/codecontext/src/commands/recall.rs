//! `recall`: find memories worth repeating.

use std::path::PathBuf;

use clap::Args;
use ctx_server::wire::v1::error::WireError;
use ctx_server::wire::v1::freshness::Answer;
use ctx_server::wire::v1::memory::{MemoriesAnswer, RecallRequest, RecalledMemory};
use serde::Serialize;

use super::locate::QueryRow;
use crate::batch;
use crate::client::Question;
use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, YELLOW, moment, plain};
use crate::session::{Session, read};

/// Find memories worth repeating
#[derive(Debug, Args)]
pub(crate) struct Recall {
    /// Prose or words
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    query: Option<String>,
    /// At most this many
    #[arg(long, default_value = "10", value_parser = super::limit)]
    limit: usize,
    /// As they stood at a commit, branch, tag or time
    #[arg(long, value_name = "COMMIT|TIME")]
    as_of: Option<String>,
    /// Only those about these symbols or paths
    #[arg(long, num_args = 1.., value_name = "SYMBOL|PATH")]
    about: Vec<String>,
    /// Take queries from this file, `{"id","query"}` a line; `-` is standard input
    #[arg(long, value_name = "FILE", requires = "jsonl")]
    batch: Option<PathBuf>,
    /// Print an answer a line
    #[arg(long, requires = "batch")]
    jsonl: bool,
}

impl Recall {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let Recall { query, limit, as_of, about, batch, jsonl: _ } = self;
        let request = RecallRequest { query: query.unwrap_or_default(), limit, as_of, about };
        if let Some(file) = &batch {
            return run_batch(batch::rows(file)?, &request, session);
        }
        let body = session.ask("/recall", &request)?;
        let output = session.output;
        session.print(&body, |answer: &Answer<MemoriesAnswer>, page| {
            output.notes(&answer.content.notes);
            write(&answer.content, page);
        })
    }
}

#[derive(Debug, Serialize)]
struct AnswerRow {
    id: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    memories: Option<Vec<RecalledMemory>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<WireError>,
}

fn run_batch(
    rows: batch::Rows<QueryRow>,
    pattern: &RecallRequest,
    session: &mut Session,
) -> Result<Exit, Failure> {
    let root = session.root()?;
    let mut exit = Exit::Done;
    for row in rows {
        let id = serde_json::Value::Null;
        let mut answer = AnswerRow { id, memories: None, elapsed_ms: None, error: None };
        let outcome = match row {
            Ok(row) => {
                answer.id = row.id;
                let request = RecallRequest { query: row.query, ..pattern.clone() };
                let question = Question::with_body("/recall", &request).about(&root);
                session.client()?.ask(&question)
            }
            Err(error) => Err(Failure::Told(error)),
        };
        match outcome {
            Ok(body) => {
                let found: Answer<MemoriesAnswer> = read(&body)?;
                answer.memories = Some(found.content.memories);
                answer.elapsed_ms = Some(found.content.elapsed_ms);
            }
            Err(Failure::Told(error)) => {
                exit = Exit::Unusable;
                answer.error = Some(error);
            }
            Err(failure) => return Err(failure),
        }
        session.output.value(&answer)?;
    }
    Ok(exit)
}

/// Writes memories: also for `decisions`.
pub(super) fn write(answer: &MemoriesAnswer, page: &mut Page) {
    if answer.memories.is_empty() {
        page.line("nothing is remembered about this");
    }
    for memory in &answer.memories {
        let short: String = memory.id.chars().take(12).collect();
        let said = &memory.provenance;
        let status = if memory.status == "valid" {
            String::new()
        } else {
            format!("  {YELLOW}{}{RESET}", plain(&memory.status))
        };
        page.line(format!(
            "{BOLD}{}{RESET}  {DIM}{short}  {} by {}{RESET}{status}",
            plain(&memory.kind),
            moment(&said.at),
            plain(&said.actor)
        ));
        for line in memory.text.lines() {
            page.line(format!("    {}", plain(line)));
        }
        let about: Vec<&str> = memory
            .about
            .iter()
            .filter_map(|about| about.symbol.as_deref().or(about.path.as_deref()))
            .collect();
        if !about.is_empty() {
            page.line(format!("    {DIM}about {}{RESET}", plain(&about.join(", "))));
        }
    }
}
