//! The command line: global flags, and how a command is run and its end told.

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser};

use crate::commands::Command;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::session::Session;

/// What a process's end means; the same for every command.
const EXIT_CODES: &str = "\
Exit codes:
  0   Done. A question that finds nothing is done, too: its answer is empty
  1   Done, and a check found something or failed (`audit verify`, `doctor`)
  2   Wrong usage
  3   The project, an input, or what a question starts from cannot be used: not
      indexed, not there, no such name (`callers`, `callees`, `impact`), no such
      memory (`forget`, `feedback`), or a row of a batch
  4   Refused by policy
  70  A defect of ours";

/// Knows a project's code, remembers what was decided about it, and tells
/// people and assistants.
#[derive(Debug, Parser)]
#[command(name = "codecontext", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Globals {
    /// The project's root; without it the project around the current folder
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) project: Option<PathBuf>,
    /// Where all state lives [env: CODECONTEXT_DATA_DIR=]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Open the store in this process instead of asking the daemon
    #[arg(long, global = true)]
    pub(crate) no_daemon: bool,
    /// Print exactly one JSON document
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// No notes and no progress
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Cli {
    /// The whole command line, for completions.
    pub(crate) fn definition() -> clap::Command {
        Cli::command()
    }
}

/// Runs what the process's arguments say.
pub(crate) fn main() -> ExitCode {
    panic::set_hook(Box::new(tell_panic));
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match panic::catch_unwind(AssertUnwindSafe(|| run(&arguments))) {
        Ok(exit) => exit.into(),
        Err(_) => Exit::Defect.into(),
    }
}

fn run(arguments: &[OsString]) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let wrong = error.use_stderr();
            // A closed standard error leaves nobody to tell.
            let _ = error.print();
            return if wrong { Exit::Usage } else { Exit::Done };
        }
    };
    let output = Output { json: cli.globals.json, quiet: cli.globals.quiet };
    let outcome =
        Session::new(cli.globals, output).and_then(|mut session| cli.command.run(&mut session));
    outcome.unwrap_or_else(|failure| {
        match &failure {
            Failure::Told(error) => output.failure(error),
            Failure::Output(error) if failure.exit() != Exit::Done => {
                let kind = ctx_engine::ErrorKind::Unavailable;
                let message = format!("could not write to standard output: {error}");
                let error = ctx_server::wire::v1::error::WireError::new(kind, message);
                crate::output::tell_failure(&error);
            }
            Failure::Output(_) => {}
        }
        failure.exit()
    })
}

/// Tells a panic as what it is: a defect of ours. In the daemon this goes to
/// its log.
fn tell_panic(panic: &panic::PanicHookInfo<'_>) {
    use std::io::Write;
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let payload = panic.payload();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    let trace = std::backtrace::Backtrace::capture();
    let text = format!(
        "error: codecontext {version} hit a defect at {place}: {message}\n\
         hint: nothing stored is lost; please report this at {repository}/issues\n",
        version = env!("CARGO_PKG_VERSION"),
        repository = env!("CARGO_PKG_REPOSITORY"),
    );
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
    if trace.status() == std::backtrace::BacktraceStatus::Captured {
        let _ = writeln!(std::io::stderr().lock(), "{trace}");
    }
}
