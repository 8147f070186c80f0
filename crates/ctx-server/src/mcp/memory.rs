//! Memories as assistants see them: one shape for every tool that lists them.

use ctx_engine::answer::{MemoriesAnswer, RecalledMemory};
use ctx_model::text::one_line;
use schemars::JsonSchema;
use serde::Serialize;

use super::budget::{Item, halve};
use crate::wire::v1::rfc3339;

/// A memory, and how much it is worth now
#[derive(Serialize, JsonSchema)]
pub(super) struct Memory {
    id: String,
    kind: String,
    text: String,
    /// valid, stale, superseded, disputed or tainted
    status: String,
    /// Symbols and paths that it speaks of
    #[serde(skip_serializing_if = "Vec::is_empty")]
    about: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    /// Who said it
    by: String,
    /// When, in RFC 3339
    at: String,
}

impl From<RecalledMemory> for Memory {
    fn from(recalled: RecalledMemory) -> Memory {
        let memory = recalled.memory;
        let about = memory.about.into_iter().filter_map(|about| about.symbol.or(about.path));
        Memory {
            id: memory.id.to_string(),
            kind: memory.kind.name().to_owned(),
            text: memory.text,
            status: recalled.status.name().to_owned(),
            about: about.collect(),
            tags: memory.tags,
            by: memory.provenance.actor.name,
            at: rfc3339(memory.provenance.at),
        }
    }
}

/// Memories in their order.
pub(super) fn shown(answer: MemoriesAnswer) -> Vec<Memory> {
    answer.memories.into_iter().map(Memory::from).collect()
}

/// How many of these are stale.
pub(super) fn stale(memories: &[Memory]) -> usize {
    memories.iter().filter(|memory| memory.status == "stale").count()
}

impl Item for Memory {
    fn text(&self) -> String {
        let Memory { id, kind, status, by, at, .. } = self;
        let day = at.get(..10).unwrap_or(at);
        let id = id.get(..12).unwrap_or(id);
        let by = one_line(by);
        let mut text = format!("- {kind} ({status}, {by}, {day}, id {id})");
        if !self.about.is_empty() {
            text += &format!(" about {}", one_line(&self.about.join(", ")));
        }
        for line in self.text.lines() {
            // Marked, so that a reader tells a memory's words from ours.
            text += &format!("\n    > {}", one_line(line));
        }
        text + "\n"
    }

    fn shorten(&mut self) -> bool {
        let listed =
            self.tags.pop().is_some() || (self.about.len() > 3 && self.about.pop().is_some());
        listed || halve(&mut self.text) || self.about.pop().is_some()
    }
}
