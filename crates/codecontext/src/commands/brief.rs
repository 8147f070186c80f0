//! `brief`: what an assistant should know when a session starts.

use clap::Args;
use ctx_server::wire::v1::freshness::Answer;
use ctx_server::wire::v1::map::{MapAnswer, MapRequest};
use ctx_server::wire::v1::memory::{DecisionsRequest, MemoriesAnswer, RecalledMemory};
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::output::{Page, plain};
use crate::session::{Session, read};

/// Characters of a decision that are shown: the rest can be recalled.
const WIDEST: usize = 300;

/// Print what to know when a session starts: a small map and the latest decisions
///
/// Hooks that `codecontext init` writes run it.
#[derive(Debug, Args)]
pub(crate) struct Brief {
    /// At most this many tokens of map
    #[arg(long, default_value = "800", value_parser = super::tokens)]
    tokens: usize,
    /// At most this many decisions
    #[arg(long, default_value = "8", value_parser = super::limit)]
    limit: usize,
}

/// A map and decisions.
#[derive(Debug, Serialize)]
struct Briefing {
    map: Answer<MapAnswer>,
    decisions: Vec<RecalledMemory>,
}

impl Brief {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let map = MapRequest { tokens: self.tokens, focus: Vec::new() };
        let map: Answer<MapAnswer> = read(&session.ask("/map", &map)?)?;
        let decisions = DecisionsRequest { about: Vec::new(), limit: self.limit };
        let decisions: Answer<MemoriesAnswer> = read(&session.ask("/decisions", &decisions)?)?;
        let briefing = Briefing { map, decisions: decisions.content.memories };
        if session.output.json {
            session.output.value(&briefing)?;
        } else {
            let mut page = Page::new();
            write(&briefing, &mut page);
            session.output.page(&page)?;
        }
        Ok(Exit::Done)
    }
}

fn write(briefing: &Briefing, page: &mut Page) {
    page.line(
        "CodeContext knows this project: ask its MCP tools, or `codecontext` in a shell, before \
         reading many files.",
    );
    page.line("");
    page.line("Most central files and definitions:");
    for line in briefing.map.content.text.lines() {
        page.line(plain(line));
    }
    if briefing.decisions.is_empty() {
        return;
    }
    page.line("");
    page.line("Latest decisions, newest first (`recall` finds more):");
    for decision in &briefing.decisions {
        page.line(one_line(decision));
    }
}

fn one_line(decision: &RecalledMemory) -> String {
    let text: Vec<&str> = decision.text.split_whitespace().collect();
    let text = text.join(" ");
    let mut shown: String = text.chars().take(WIDEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    let day = decision.provenance.at.split('T').next().unwrap_or_default();
    let status = match decision.status.as_str() {
        "valid" => String::new(),
        other => format!(" [{other}]"),
    };
    plain(&format!("- {day}{status} {shown}"))
}
