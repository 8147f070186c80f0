//! `completions`: a script that completes commands in a shell.

use std::io::Write;

use clap::Args;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::exit::{Exit, Failure};
use crate::session::Session;

/// Print a script that completes commands in a shell
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, _session: &mut Session) -> Result<Exit, Failure> {
        // The generator panics where its output cannot be written, so it
        // writes to memory.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::definition(), "codecontext", &mut script);
        std::io::stdout().lock().write_all(&script)?;
        Ok(Exit::Done)
    }
}
