//! `map`: a map of the project.

use clap::Args;
use ctx_server::wire::v1::freshness::Answer;
use ctx_server::wire::v1::map::{MapAnswer, MapRequest};

use crate::exit::{Exit, Failure};
use crate::output::{DIM, RESET, plain};
use crate::session::Session;

/// Draw a map of the project within a budget of tokens
#[derive(Debug, Args)]
pub(crate) struct Map {
    /// At most this many tokens
    #[arg(long, default_value = "2000", value_parser = super::tokens)]
    tokens: usize,
    /// Paths or symbols to show most of
    #[arg(long, num_args = 1.., value_name = "PATH")]
    focus: Vec<String>,
}

impl Map {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let request = MapRequest { tokens: self.tokens, focus: self.focus };
        let body = session.ask("/map", &request)?;
        let output = session.output;
        session.print(&body, |answer: &Answer<MapAnswer>, page| {
            output.note_freshness(&answer.freshness);
            output.notes(&answer.content.notes);
            for line in answer.content.text.lines() {
                page.line(plain(line));
            }
            if answer.content.omitted_files > 0 {
                let omitted = answer.content.omitted_files;
                page.line(format!("{DIM}{omitted} more files found no room{RESET}"));
            }
        })
    }
}
