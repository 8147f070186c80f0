//! `completions`: scripts that complete commands in a shell, and manual pages.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use clap_complete::shells::{Bash, Elvish, Fish, PowerShell, Zsh};
use clap_complete::{Generator, generate};
use clap_complete_nushell::Nushell;

use crate::cli::Cli;
use crate::exit::{Exit, Failure};
use crate::session::Session;

/// Print a script that completes commands in a shell, or write manual pages
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum, required_unless_present = "man")]
    shell: Option<Shell>,
    /// Write a manual page a command into this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "shell")]
    man: Option<PathBuf>,
}

/// A shell that completions are written for.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Nushell,
    Powershell,
    Zsh,
}

impl Completions {
    pub(super) fn run(self, _session: &mut Session) -> Result<Exit, Failure> {
        if let Some(folder) = &self.man {
            write_pages(folder)?;
        }
        if let Some(shell) = self.shell {
            std::io::stdout().lock().write_all(&shell.script())?;
        }
        Ok(Exit::Done)
    }
}

impl Shell {
    fn script(self) -> Vec<u8> {
        match self {
            Shell::Bash => script(Bash),
            Shell::Elvish => script(Elvish),
            Shell::Fish => script(Fish),
            Shell::Nushell => script(Nushell),
            Shell::Powershell => script(PowerShell),
            Shell::Zsh => script(Zsh),
        }
    }
}

/// The generators panic where their output cannot be written, so they write to
/// memory.
fn script(generator: impl Generator) -> Vec<u8> {
    let mut script = Vec::new();
    generate(generator, &mut Cli::definition(), "codecontext", &mut script);
    script
}

fn write_pages(folder: &Path) -> Result<(), Failure> {
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Cli::definition(), folder));
    written.map_err(|error| {
        let message = format!("could not write manual pages into `{}`", folder.display());
        Failure::unusable(message).because(error).hint("give a folder that you may write to")
    })
}
