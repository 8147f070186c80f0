//! `symbol`: find definitions by name.

use clap::Args;
use ctx_server::wire::v1::freshness::Answer;
use ctx_server::wire::v1::symbol::{SymbolAnswer, SymbolRequest};

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, place, plain};
use crate::session::Session;

/// Find definitions by name
#[derive(Debug, Args)]
pub(crate) struct Symbol {
    /// Bare, qualified (`a.b.C.m`) or `path:line`
    name: String,
    /// At most this many
    #[arg(long, default_value = "50", value_parser = super::limit)]
    limit: usize,
}

impl Symbol {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let request = SymbolRequest { name: self.name, limit: self.limit };
        let body = session.ask("/symbol", &request)?;
        let output = session.output;
        session.print(&body, |answer: &Answer<SymbolAnswer>, page| {
            output.note_freshness(&answer.freshness);
            write(&answer.content, page);
        })
    }
}

fn write(answer: &SymbolAnswer, page: &mut Page) {
    if answer.symbols.is_empty() {
        page.line("no definition has this name; `codecontext search` finds parts of names");
        if !answer.near.is_empty() {
            page.line(format!("did you mean {}?", plain(&answer.near.join(", "))));
        }
    }
    for symbol in &answer.symbols {
        let place = place(&symbol.path, symbol.line);
        let (name, kind) = (plain(&symbol.qualified), plain(&symbol.kind));
        let visibility = plain(&symbol.visibility);
        page.line(format!("{place}  {BOLD}{name}{RESET} {DIM}{visibility} {kind}{RESET}"));
        page.line(format!("    {}", plain(&symbol.signature)));
        if let Some(doc) = &symbol.doc {
            let first: Vec<&str> = doc.lines().take(3).collect();
            page.block(&first.join("\n"), 4);
        }
    }
}
