//! `locate`: find the code that prose is about.

use std::path::PathBuf;

use clap::Args;
use ctx_server::wire::v1::error::WireError;
use ctx_server::wire::v1::freshness::Answer;
use ctx_server::wire::v1::locate::{LocateAnswer, LocateRequest, LocatedFile};
use serde::{Deserialize, Serialize};

use crate::batch;
use crate::client::Question;
use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, place, plain};
use crate::session::{Session, read};

/// Find the code that a bug report or a feature wish is about
#[derive(Debug, Args)]
pub(crate) struct Locate {
    /// Prose
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    query: Option<String>,
    /// At most this many files, and as many symbols
    #[arg(long, default_value = "10", value_parser = super::limit)]
    limit: usize,
    /// Take queries from this file, `{"id","query"}` a line; `-` is standard input
    #[arg(long, value_name = "FILE", requires = "jsonl")]
    batch: Option<PathBuf>,
    /// Print an answer a line
    #[arg(long, requires = "batch")]
    jsonl: bool,
}

impl Locate {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        if let Some(file) = &self.batch {
            let rows = batch::rows::<QueryRow>(file)?;
            return run_batch(rows, self.limit, session);
        }
        let query = self.query.unwrap_or_default();
        let body = session.ask("/locate", &LocateRequest { query, limit: self.limit })?;
        let output = session.output;
        session.print(&body, |answer: &Answer<LocateAnswer>, page| {
            output.note_freshness(&answer.freshness);
            write(&answer.content, page);
        })
    }
}

/// A line of the batch. Other fields are the asker's own business.
#[derive(Debug, Deserialize)]
pub(super) struct QueryRow {
    /// Printed again as it came.
    pub(super) id: serde_json::Value,
    /// Prose.
    pub(super) query: String,
}

#[derive(Debug, Serialize)]
struct AnswerRow {
    id: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Vec<LocatedFile>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<WireError>,
}

fn run_batch(
    rows: batch::Rows<QueryRow>,
    limit: usize,
    session: &mut Session,
) -> Result<Exit, Failure> {
    let root = session.root()?;
    let mut exit = Exit::Done;
    for row in rows {
        let mut answer =
            AnswerRow { id: serde_json::Value::Null, files: None, elapsed_ms: None, error: None };
        let outcome = match row {
            Ok(row) => {
                answer.id = row.id;
                let request = LocateRequest { query: row.query, limit };
                let question = Question::with_body("/locate", &request).about(&root);
                session.client()?.ask(&question)
            }
            Err(error) => Err(Failure::Told(error)),
        };
        match outcome {
            Ok(body) => {
                let found: Answer<LocateAnswer> = read(&body)?;
                answer.files = Some(found.content.files);
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

fn write(answer: &LocateAnswer, page: &mut Page) {
    if answer.files.is_empty() {
        page.line("nothing found");
        return;
    }
    page.line(format!("{BOLD}Files{RESET}"));
    for file in &answer.files {
        let (path, why) = (plain(&file.path), plain(&file.why.join(", ")));
        page.line(format!("  {:7.2}  {path}  {DIM}{why}{RESET}", file.score));
    }
    if !answer.symbols.is_empty() {
        page.line(format!("{BOLD}Symbols{RESET}"));
    }
    for symbol in &answer.symbols {
        let (name, kind) = (plain(&symbol.qualified), plain(&symbol.kind));
        let place = place(&symbol.path, symbol.line);
        page.line(format!("  {:7.2}  {place}  {name} {DIM}{kind}{RESET}", symbol.score));
    }
}
