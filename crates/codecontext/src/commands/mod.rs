//! Every command: one file each, and the one list that names them all.

mod audit;
mod brief;
mod callees;
mod callers;
mod completions;
mod config;
mod daemon;
mod decisions;
mod doctor;
mod export;
mod feedback;
mod forget;
mod graph;
mod impact;
mod index;
mod init;
mod locate;
mod map;
mod mcp;
mod memory;
mod projects;
mod recall;
mod remember;
mod seal;
mod search;
mod status;
mod symbol;
mod uninstall;
mod unlock;
mod unseal;
mod watch;

use clap::Subcommand;

use crate::exit::{Exit, Failure};
use crate::session::Session;

/// A command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Init),
    Index(index::Index),
    Status(status::Status),
    Search(search::Search),
    Locate(locate::Locate),
    Symbol(symbol::Symbol),
    Callers(callers::Callers),
    Callees(callees::Callees),
    Impact(impact::Impact),
    Map(map::Map),
    Brief(brief::Brief),
    #[command(subcommand)]
    Graph(graph::Graph),
    Remember(remember::Remember),
    Recall(recall::Recall),
    Forget(forget::Forget),
    Decisions(decisions::Decisions),
    #[command(subcommand)]
    Memory(memory::Memory),
    Feedback(feedback::Feedback),
    #[command(subcommand)]
    Audit(audit::Audit),
    Export(export::Export),
    Projects(projects::Projects),
    Watch(watch::Watch),
    Mcp(mcp::Mcp),
    Seal(seal::Seal),
    Unseal(unseal::Unseal),
    Unlock(unlock::Unlock),
    #[command(subcommand)]
    Daemon(daemon::Daemon),
    Doctor(doctor::Doctor),
    #[command(subcommand)]
    Config(config::Config),
    Completions(completions::Completions),
    Uninstall(uninstall::Uninstall),
}

impl Command {
    /// Runs it.
    pub(crate) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        match self {
            Command::Init(command) => command.run(session),
            Command::Index(command) => command.run(session),
            Command::Status(command) => command.run(session),
            Command::Search(command) => command.run(session),
            Command::Locate(command) => command.run(session),
            Command::Symbol(command) => command.run(session),
            Command::Callers(command) => command.run(session),
            Command::Callees(command) => command.run(session),
            Command::Impact(command) => command.run(session),
            Command::Map(command) => command.run(session),
            Command::Brief(command) => command.run(session),
            Command::Graph(command) => command.run(session),
            Command::Remember(command) => command.run(session),
            Command::Recall(command) => command.run(session),
            Command::Forget(command) => command.run(session),
            Command::Decisions(command) => command.run(session),
            Command::Memory(command) => command.run(session),
            Command::Feedback(command) => command.run(session),
            Command::Audit(command) => command.run(session),
            Command::Export(command) => command.run(session),
            Command::Projects(command) => command.run(session),
            Command::Watch(command) => command.run(session),
            Command::Mcp(command) => command.run(session),
            Command::Seal(command) => command.run(session),
            Command::Unseal(command) => command.run(session),
            Command::Unlock(command) => command.run(session),
            Command::Daemon(command) => command.run(session),
            Command::Doctor(command) => command.run(session),
            Command::Config(command) => command.run(session),
            Command::Completions(command) => command.run(session),
            Command::Uninstall(command) => command.run(session),
        }
    }
}

/// How many items a flag may ask for.
fn limit(text: &str) -> Result<usize, String> {
    within(text, ctx_server::wire::v1::LIMIT_MAX)
}

/// How many tokens a flag may ask for.
fn tokens(text: &str) -> Result<usize, String> {
    within(text, ctx_server::wire::v1::TOKENS_MAX)
}

/// How many steps a flag may ask for.
fn depth(text: &str) -> Result<u32, String> {
    within(text, ctx_server::wire::v1::DEPTH_MAX)
}

fn within<N>(text: &str, most: N) -> Result<N, String>
where
    N: std::str::FromStr + PartialOrd + From<u8> + std::fmt::Display,
{
    let number = text.parse().ok().filter(|number| *number >= N::from(1) && *number <= most);
    number.ok_or_else(|| format!("must be a number from 1 to {most}"))
}
