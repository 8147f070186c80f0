//! `value`: what a project was asked so far, and what the answers were.

use std::path::Path;

use ctx_model::Action;

use crate::answer::Value;
use crate::host::{Engine, Result};
use crate::request::Caller;
use crate::tally::Count;

impl Engine {
    /// What was counted of a project.
    pub fn value(&self, caller: &Caller, root: &Path) -> Result<Value> {
        let (project, _) = self.permitted(caller, root, Action::ReadProject)?;
        let tally = self.inner.tally(project.id);
        let questions = Count::QUESTIONS.iter().map(|count| (count.name(), tally.number(*count)));
        Ok(Value {
            root: root.to_path_buf(),
            since: tally.since(),
            questions: questions.collect(),
            answer_bytes: tally.number(Count::AnswerBytes),
            pointed_bytes: tally.number(Count::PointedBytes),
            recalled: tally.number(Count::Recalled),
            recalled_stale: tally.number(Count::RecalledStale),
            texts_read: tally.number(Count::TextsRead),
            texts_parsed: tally.number(Count::TextsParsed),
        })
    }
}
