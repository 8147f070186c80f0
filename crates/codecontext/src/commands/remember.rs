//! `remember`: keep something for later.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ctx_server::wire::v1::error::WireError;
use ctx_server::wire::v1::memory::{
    RememberAnswer, RememberBatchAnswer, RememberBatchRequest, RememberRequest, RememberRow,
};

use crate::batch;
use crate::client::Question;
use crate::exit::{Exit, Failure};
use crate::output::{count, plain, tell_failure};
use crate::session::{Session, read};

/// Rows are sent in groups of this many: each group is durable before the next.
const GROUP: usize = 256;
/// Texts from standard input above this size, in bytes, are refused.
const TEXT_BYTES_MAX: u64 = 1024 * 1024;

/// Remember a decision, a lesson, a preference, a fact or a conversation
#[derive(Debug, Args)]
pub(crate) struct Remember {
    /// What to remember; `-` is standard input
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    text: Option<String>,
    /// What kind of memory it is
    #[arg(long, value_enum, default_value = "fact")]
    kind: Kind,
    /// Symbols or paths that it speaks of
    #[arg(long, num_args = 1.., value_name = "SYMBOL|PATH")]
    about: Vec<String>,
    /// A word to find it by; may be repeated
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// When it was said: RFC 3339, or as people write it
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Who said it
    #[arg(long)]
    actor: Option<String>,
    /// The session it was said in
    #[arg(long)]
    session: Option<String>,
    /// The name it has in the system it comes from
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
    /// Take memories from this file, a JSON object a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    /// Print what became of each row, a line each
    #[arg(long, requires = "batch")]
    jsonl: bool,
}

/// What a memory is.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Kind {
    Decision,
    Lesson,
    Preference,
    Fact,
    Conversation,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Decision => "decision",
            Kind::Lesson => "lesson",
            Kind::Preference => "preference",
            Kind::Fact => "fact",
            Kind::Conversation => "conversation",
        }
    }
}

impl Remember {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        if let Some(file) = &self.batch {
            return Batch::default().run(batch::rows(file)?, self.jsonl, session);
        }
        let text = self.text.unwrap_or_default();
        let text = if text == "-" { standard_input()? } else { text };
        let is_exact = self.at.as_deref().is_some_and(|at| at.parse::<jiff::Timestamp>().is_ok());
        let (at, at_text) = if is_exact { (self.at, None) } else { (None, self.at) };
        let request = RememberRequest {
            text,
            kind: Some(self.kind.name().into()),
            about: self.about,
            tags: self.tags,
            actor: self.actor,
            session: self.session,
            external_id: self.external_id,
            at,
            at_text,
        };
        let body = session.ask("/remember", &request)?;
        let output = session.output;
        session.print(&body, |answer: &RememberAnswer, page| {
            if answer.redactions > 0 {
                output.note(&format!("{} secrets were struck out", answer.redactions));
            }
            output.notes(&answer.notes);
            page.line(plain(&answer.id));
        })
    }
}

fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    let unusable = |error: std::io::Error| {
        Failure::unusable("could not read the text from standard input").because(error)
    };
    std::io::stdin().take(TEXT_BYTES_MAX + 1).read_to_string(&mut text).map_err(unusable)?;
    if text.len() as u64 > TEXT_BYTES_MAX {
        return Err(Failure::unusable("the text on standard input is larger than 1 MiB"));
    }
    Ok(text.trim_end().to_owned())
}

/// What became of the rows so far.
#[derive(Debug, Default)]
struct Batch {
    answer: RememberBatchAnswer,
    /// The first note of a row, and how many there are.
    note: Option<String>,
    noted: usize,
}

impl Batch {
    fn run(
        mut self,
        rows: batch::Rows<RememberRequest>,
        jsonl: bool,
        session: &mut Session,
    ) -> Result<Exit, Failure> {
        let root = session.root()?;
        let mut group: Vec<Result<RememberRequest, WireError>> = Vec::new();
        for row in rows {
            group.push(row);
            if group.len() == GROUP {
                self.send(std::mem::take(&mut group), &root, jsonl, session)?;
            }
        }
        self.send(group, &root, jsonl, session)?;
        let failed = self.answer.failed;
        if session.output.json && !jsonl {
            session.output.value(&self.answer)?;
        } else if !jsonl {
            session.output.note(&format!(
                "remembered {}, failed {}",
                count(self.answer.remembered),
                count(failed)
            ));
            if let Some(first) = &self.note {
                let more = match self.noted {
                    1 => String::new(),
                    noted => format!(" (and {} more such notes)", noted - 1),
                };
                session.output.note(&format!("{first}{more}"));
            }
        }
        Ok(if failed > 0 { Exit::Unusable } else { Exit::Done })
    }

    /// Sends a group; rows that could not be read keep their place.
    fn send(
        &mut self,
        group: Vec<Result<RememberRequest, WireError>>,
        root: &Path,
        jsonl: bool,
        session: &mut Session,
    ) -> Result<(), Failure> {
        let mut memories = Vec::with_capacity(group.len());
        let mut refused = Vec::with_capacity(group.len());
        for row in group {
            match row {
                Ok(memory) => {
                    memories.push(memory);
                    refused.push(None);
                }
                Err(error) => refused.push(Some(error)),
            }
        }
        let mut answered = Vec::new().into_iter();
        if !memories.is_empty() {
            let request = RememberBatchRequest { memories };
            let question = Question::with_body("/remember/batch", &request).about(root);
            let body = session.client()?.ask(&question)?;
            answered = read::<RememberBatchAnswer>(&body)?.rows.into_iter();
        }
        for refusal in refused {
            let row = match refusal {
                Some(error) => RememberRow {
                    id: None,
                    external_id: None,
                    notes: Vec::new(),
                    error: Some(error),
                },
                None => match answered.next() {
                    Some(row) => row,
                    None => continue,
                },
            };
            self.take(row, jsonl, session)?;
        }
        Ok(())
    }

    fn take(&mut self, row: RememberRow, jsonl: bool, session: &Session) -> Result<(), Failure> {
        match &row.error {
            None => {
                self.answer.remembered += 1;
                self.noted += row.notes.len();
                self.note = self.note.take().or_else(|| row.notes.first().cloned());
            }
            Some(error) => {
                self.answer.failed += 1;
                if !jsonl && !session.output.json {
                    tell_failure(error);
                }
            }
        }
        if jsonl {
            return session.output.value(&row);
        }
        self.answer.rows.push(row);
        Ok(())
    }
}
