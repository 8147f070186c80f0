//! `daemon`: look at the daemon, start and stop it.

use clap::{Args, Subcommand};
use ctx_server::wire::v1::daemon::DaemonAnswer;
use serde::Serialize;

use crate::client::DaemonClient;
use crate::daemon::{self, Mode, Place};
use crate::exit::{Exit, Failure};
use crate::output::{Page, moment, plain};
use crate::session::Session;

/// Look at the daemon, start and stop it
#[derive(Debug, Subcommand)]
pub(crate) enum Daemon {
    Run(Run),
    /// Start the daemon, unless it runs
    Start,
    /// Let the daemon finish what it is asked, then end it
    Stop,
    /// Show whether the daemon runs
    Status,
    Logs(Logs),
}

/// Run a daemon in the foreground
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// In a session of its own, with a log instead of a terminal
    #[arg(long, hide = true)]
    detached: bool,
}

/// Show the end of the daemon's log
#[derive(Debug, Args)]
pub(crate) struct Logs {
    /// How many lines
    #[arg(long, short = 'n', default_value = "50", value_parser = super::limit)]
    lines: usize,
}

/// What `start`, `stop` and `status` print.
#[derive(Debug, Serialize)]
struct State {
    running: bool,
    #[serde(flatten)]
    daemon: Option<DaemonAnswer>,
}

impl Daemon {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        match self {
            Daemon::Run(run) => {
                let mode = if run.detached { Mode::Detached } else { Mode::Foreground };
                daemon::run(&session.config, mode)
            }
            Daemon::Start => {
                let daemon = DaemonClient::new(&session.config)?.ensure()?;
                tell(Some(daemon), session)
            }
            Daemon::Stop => {
                let Some((client, daemon)) = DaemonClient::running(&session.config)? else {
                    return tell(None, session);
                };
                client.stop()?;
                if session.output.json {
                    return tell(None, session);
                }
                let mut page = Page::new();
                page.line(format!("stopped process {}", daemon.pid));
                session.output.page(&page)?;
                Ok(Exit::Done)
            }
            Daemon::Status => {
                let running = DaemonClient::running(&session.config)?;
                tell(running.map(|(_, daemon)| daemon), session)
            }
            Daemon::Logs(logs) => show_log(&logs, session),
        }
    }
}

fn tell(daemon: Option<DaemonAnswer>, session: &Session) -> Result<Exit, Failure> {
    let state = State { running: daemon.is_some(), daemon };
    if session.output.json {
        session.output.value(&state)?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    match &state.daemon {
        None => page.line("no daemon runs; the next command starts one"),
        Some(daemon) => page.table(&[
            vec!["running".into(), format!("process {}", daemon.pid)],
            vec!["version".into(), daemon.version.clone()],
            vec!["since".into(), moment(&daemon.started_at)],
            vec!["data folder".into(), daemon.data_dir.clone()],
            vec!["requests".into(), daemon.in_flight.to_string()],
        ]),
    }
    session.output.page(&page)?;
    Ok(Exit::Done)
}

fn show_log(logs: &Logs, session: &Session) -> Result<Exit, Failure> {
    let place = Place::existing(session.config.data_dir())?;
    let end = place.map(|place| daemon::tail(&place.log_file(), logs.lines)).unwrap_or_default();
    let lines: Vec<&str> = end.lines().collect();
    if session.output.json {
        session.output.value(&serde_json::json!({ "lines": lines }))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    for line in lines {
        page.line(plain(line));
    }
    session.output.page(&page)?;
    Ok(Exit::Done)
}
