//! What a tool answers: text for reading, the same as structured content, and
//! how fresh it is; or what the model should change.

use ctx_engine::{Receipt, answer};
use ctx_model::text::one_line;
use rmcp::model::{CallToolResult, ContentBlock};
use schemars::JsonSchema;
use serde::Serialize;

use crate::failure::Failure;
use crate::wire::v1::error::WireError;

/// An answer names at most this many changed files.
const STALE_SHOWN: usize = 5;
/// Hints and messages are cut at this many bytes.
const TROUBLE_BYTES: usize = 2_000;

/// What a tool found.
#[derive(Debug)]
pub(super) struct Reply {
    text: String,
    structured: serde_json::Value,
}

impl Reply {
    /// An answer for reading, and the same for programs.
    pub(super) fn new(text: String, structured: &impl Serialize) -> Reply {
        let structured =
            serde_json::to_value(structured).expect("answers hold only text and numbers");
        Reply { text, structured }
    }

    /// Counts it as an answer about code that points into these files. Its text
    /// counts, not the structured copy.
    pub(super) fn counted<'a>(
        self,
        receipt: &Receipt,
        paths: impl IntoIterator<Item = &'a str>,
    ) -> Reply {
        receipt.sent(self.text.len(), paths);
        self
    }
}

impl From<Reply> for CallToolResult {
    fn from(reply: Reply) -> CallToolResult {
        let mut result = CallToolResult::structured(reply.structured);
        result.content = vec![ContentBlock::text(reply.text)];
        result
    }
}

/// Why a tool has no answer, said to the model: what is wrong, what to change.
#[derive(Debug)]
pub(super) struct Trouble {
    message: String,
    hint: Option<String>,
}

impl Trouble {
    /// An argument is wrong.
    pub(super) fn of_argument(message: impl Into<String>, hint: impl Into<String>) -> Trouble {
        Trouble { message: message.into(), hint: Some(hint.into()) }
    }

    /// What is wrong and what to do, for reading.
    pub(super) fn told(&self) -> String {
        let mut text = format!("Error: {}", sentence(&self.message));
        if let Some(hint) = &self.hint {
            text += &format!("\nWhat to do: {}", sentence(hint));
        }
        text
    }
}

impl From<WireError> for Trouble {
    fn from(error: WireError) -> Trouble {
        let mut message = error.message;
        for cause in error.causes {
            message = format!("{message}: {cause}");
        }
        Trouble { message, hint: error.hint }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        failure.error.into()
    }
}

impl From<Trouble> for CallToolResult {
    fn from(trouble: Trouble) -> CallToolResult {
        CallToolResult::error(vec![ContentBlock::text(trouble.told())])
    }
}

/// A text that is not too long and ends as a sentence does.
fn sentence(text: &str) -> String {
    let mut end = text.len().min(TROUBLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = one_line(&text[..end]);
    if text.ends_with(['.', '?', '!']) { text } else { format!("{text}.") }
}

/// How much of the project an answer knows.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Freshness {
    /// Commit that the index shows
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    indexed_files: u64,
    total_files: u64,
    /// Files changed since, at most five
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stale_files: Vec<String>,
    stale_file_count: u64,
    /// Whether every file is indexed
    complete: bool,
    indexing: bool,
    /// Another commit or branch is checked out than was indexed
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    head_moved: bool,
}

impl From<&answer::Freshness> for Freshness {
    fn from(freshness: &answer::Freshness) -> Freshness {
        let short = |commit: &String| commit.chars().take(12).collect();
        let named = freshness.stale_files.iter().filter(|path| path.len() <= 120);
        Freshness {
            commit: freshness.indexed_commit.as_ref().map(short),
            branch: freshness.branch.as_ref().map(|branch| branch.chars().take(60).collect()),
            indexed_files: freshness.indexed_files,
            total_files: freshness.total_files,
            stale_files: named.take(STALE_SHOWN).cloned().collect(),
            stale_file_count: freshness.stale_file_count as u64,
            complete: freshness.complete,
            indexing: freshness.indexing,
            head_moved: freshness.head_moved,
        }
    }
}

impl Freshness {
    /// One line, for reading.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("[index:");
        if let Some(commit) = &self.commit {
            text += &format!(" commit {}", &commit[..commit.len().min(8)]);
        }
        if let Some(branch) = &self.branch {
            text += &format!(" on {}", one_line(branch));
        }
        if self.head_moved {
            text += &format!(" {} files, NOT what is checked out now", self.indexed_files);
        } else if self.complete {
            text += &format!(" {} files", self.indexed_files);
        } else {
            text += &format!(" INCOMPLETE {} of {} files", self.indexed_files, self.total_files);
        }
        if self.indexing {
            text += ", indexing now";
        }
        if self.stale_file_count > 0 {
            text += &format!(", {} changed since", self.stale_file_count);
            if !self.stale_files.is_empty() {
                text += &format!(": {}", one_line(&self.stale_files.join(", ")));
            }
        }
        text + "]\n"
    }
}
