//! `mcp`: serve assistants.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ctx_server::mcp::{PATH, Preset};

use crate::client::{Relay, small_runtime};
use crate::exit::{Exit, Failure};
use crate::mcp::{Connected, serve_http, serve_stdio};
use crate::session::Session;

/// Serve assistants that speak MCP, over standard input and output
///
/// Assistants start this themselves; `codecontext init` tells them how. Both the
/// stateless protocol revision 2026-07-28 and the older ones that open with
/// `initialize` are served.
#[derive(Debug, Args)]
pub(crate) struct Mcp {
    /// The tools to offer
    #[arg(long, value_enum, default_value = "core", value_name = "SET")]
    tools: Tools,
    /// Serve over HTTP at this address of this machine instead, at the path /mcp
    #[arg(
        long,
        value_name = "ADDRESS",
        num_args = 0..=1,
        default_missing_value = "127.0.0.1:7423"
    )]
    http: Option<SocketAddr>,
}

/// A set of tools.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Tools {
    /// What most tasks need: search, locate, symbols, callers, impact, map, memory
    Core,
    /// Reading code only
    Code,
    /// Memory only
    Memory,
    /// Every tool
    All,
}

impl From<Tools> for Preset {
    fn from(tools: Tools) -> Preset {
        match tools {
            Tools::Core => Preset::Core,
            Tools::Code => Preset::Code,
            Tools::Memory => Preset::Memory,
            Tools::All => Preset::All,
        }
    }
}

impl Mcp {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let root = meant_root(session)?;
        let connected = Connected { root, tools: self.tools.into(), session: session_name()? };
        // It has its own way to ask: what was opened so far would hold the store.
        session.disconnect();
        let runtime = small_runtime()?;
        let relay = match session.globals.no_daemon {
            true => Relay::in_process(&session.config)?,
            false => Relay::to_daemon(&session.config)?,
        };
        let passed = relay.clone();
        let served = match self.http {
            None => runtime.block_on(serve_stdio(passed, connected)),
            Some(address) => {
                let listening = |address: SocketAddr| {
                    session.output.note(&format!("MCP is served at http://{address}{PATH}"));
                    Ok(())
                };
                runtime.block_on(serve_http(passed, connected, address, listening))
            }
        };
        // Standard input is read on a thread that only its end ends.
        runtime.shutdown_background();
        // A store that was opened here has a runtime of its own, which must not
        // end within another.
        drop(relay);
        served
    }
}

/// The project, unless it would be a person's whole home or the whole disk only
/// because that is where an assistant happened to be started.
fn meant_root(session: &mut Session) -> Result<Option<PathBuf>, Failure> {
    let is_given = session.globals.project.is_some();
    let root = session.root()?;
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let is_too_wide = root == Path::new("/") || Some(&root) == home.as_ref();
    Ok((is_given || !is_too_wide).then_some(root))
}

fn session_name() -> Result<String, Failure> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::unusable("the system gives no random numbers").because(error))?;
    Ok(format!("mcp-{:016x}", u64::from_ne_bytes(bytes)))
}
