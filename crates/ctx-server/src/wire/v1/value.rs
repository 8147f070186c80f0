//! What a project was asked so far, and what the answers were.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use ctx_engine::answer;
use ctx_model::tokens;

use super::rfc3339;

/// What was counted of a project, on this machine alone. How each number comes
/// about stands in the docs, in `docs/value.md`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ValueAnswer {
    /// The project's root.
    pub root: String,
    /// When counting began; null if nothing was counted yet.
    pub since: Option<String>,
    /// How many answers were sent, by what was asked; what was never asked is
    /// left out.
    pub questions: BTreeMap<String, u64>,
    /// Bytes of the answers about code.
    pub answer_bytes: u64,
    /// About how many tokens these are.
    pub answer_tokens: u64,
    /// Bytes of the whole files that they point into, each file once an answer.
    pub pointed_bytes: u64,
    /// About how many tokens these are.
    pub pointed_tokens: u64,
    /// Memories that `recall` repeated.
    pub memories_recalled: u64,
    /// Of these, how many it marked as stale.
    pub memories_stale: u64,
    /// Files that were read because their text was new to the project.
    pub texts_read: u64,
    /// Of these, how many were not parsed, for their facts were at hand.
    pub texts_reused: u64,
}

impl From<answer::Value> for ValueAnswer {
    fn from(value: answer::Value) -> ValueAnswer {
        let asked = value.questions.into_iter().filter(|(_, count)| *count > 0);
        ValueAnswer {
            root: value.root.to_string_lossy().into_owned(),
            since: value.since.map(rfc3339),
            questions: asked.map(|(name, count)| (name.to_owned(), count)).collect(),
            answer_bytes: value.answer_bytes,
            answer_tokens: tokens::of_bytes(value.answer_bytes),
            pointed_bytes: value.pointed_bytes,
            pointed_tokens: tokens::of_bytes(value.pointed_bytes),
            memories_recalled: value.recalled,
            memories_stale: value.recalled_stale,
            texts_read: value.texts_read,
            texts_reused: value.texts_read.saturating_sub(value.texts_parsed),
        }
    }
}
