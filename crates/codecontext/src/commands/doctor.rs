//! `doctor`: what is installed, what is missing, how to mend it. Writes nothing.

use std::path::Path;

use clap::Args;
use ctx_engine::Engine;
use ctx_engine::answer::{Finding, Health};
use ctx_server::wire::v1::doctor::DoctorAnswer;

use crate::client::{Client, DaemonClient, Question};
use crate::config::Config;
use crate::daemon::{Place, holder};
use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, GREEN, Page, RED, RESET, YELLOW, bytes, plain};
use crate::project;
use crate::session::{Session, read};

/// Fewer open files than this are too few for a large store.
const OPEN_FILES_MIN: u64 = 1024;
/// Less free space than this, in bytes, is soon used up.
const FREE_BYTES_MIN: u64 = 512 * 1024 * 1024;

/// Show what is installed, what is missing and how to mend it
#[derive(Debug, Args)]
pub(crate) struct Doctor {}

impl Doctor {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let config = session.config.clone();
        let mut findings = vec![program(), configuration(&config), data_folder(&config)];
        findings.extend([free_space(&config), open_files(), keyring()]);
        let (daemon, running) = daemon(&config);
        findings.push(daemon);
        let mut answer = DoctorAnswer::from(findings);
        match running {
            Some(client) => {
                let mut question = Question::plain("/doctor");
                let root = match &session.globals.project {
                    Some(folder) => Some(project::given(folder)?),
                    None => project::current().ok().and_then(|here| project::marked_around(&here)),
                };
                if let Some(root) = root {
                    question = question.about(&root);
                }
                let body = Client::Daemon(Box::new(client)).ask(&question)?;
                add(&mut answer, read::<DoctorAnswer>(&body)?);
            }
            None => {
                let seen = Engine::examine(config.data_dir());
                add(&mut answer, DoctorAnswer::from(seen));
            }
        }
        let broken = answer.findings.iter().any(|finding| finding.health == "broken");
        if session.output.json {
            session.output.value(&answer)?;
        } else {
            let mut page = Page::new();
            write(&answer, &mut page);
            session.output.page(&page)?;
        }
        Ok(if broken { Exit::Found } else { Exit::Done })
    }
}

/// Adds what the engine saw and this command did not look at itself.
fn add(answer: &mut DoctorAnswer, seen: DoctorAnswer) {
    for finding in seen.findings {
        if answer.findings.iter().all(|known| known.name != finding.name) {
            answer.findings.push(finding);
        }
    }
}

fn finding(name: &str, health: Health, detail: impl Into<String>, remedy: &str) -> Finding {
    let remedy = (!remedy.is_empty()).then(|| remedy.to_owned());
    Finding { name: name.into(), health, detail: detail.into(), remedy }
}

fn program() -> Finding {
    let file = std::env::current_exe().map(|file| file.display().to_string());
    let file = file.unwrap_or_else(|_| "an unknown place".into());
    finding("program", Health::Good, format!("{} at {file}", env!("CARGO_PKG_VERSION")), "")
}

fn configuration(config: &Config) -> Finding {
    match config.warnings.first() {
        None => finding("configuration", Health::Good, "every setting is known", ""),
        Some(warning) => {
            let remedy = "mend the file; `codecontext config show --origin` shows what counts";
            finding("configuration", Health::Limited, warning, remedy)
        }
    }
}

fn data_folder(config: &Config) -> Finding {
    let folder = config.data_dir();
    let shown = folder.display();
    match std::fs::metadata(folder) {
        Ok(found) if found.is_dir() => {
            let writable = rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok();
            if writable {
                return finding("data folder", Health::Good, shown.to_string(), "");
            }
            let remedy = "give yourself the right to write there, or use --data-dir";
            finding("data folder", Health::Broken, format!("{shown} cannot be written"), remedy)
        }
        Ok(_) => {
            let remedy = "move it away, or use --data-dir";
            finding("data folder", Health::Broken, format!("{shown} is not a folder"), remedy)
        }
        Err(_) => finding(
            "data folder",
            Health::Good,
            format!("{shown} will be made by the first command"),
            "",
        ),
    }
}

fn free_space(config: &Config) -> Finding {
    let there = config.data_dir().ancestors().find(|folder| folder.is_dir());
    let Ok(disk) = rustix::fs::statvfs(there.unwrap_or(Path::new("/"))) else {
        return finding("free space", Health::Limited, "cannot be told", "");
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < FREE_BYTES_MIN {
        let remedy = "make room, or use --data-dir on another disk";
        return finding("free space", Health::Limited, bytes(free), remedy);
    }
    finding("free space", Health::Good, bytes(free), "")
}

fn open_files() -> Finding {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    match limit.current {
        Some(limit) if limit < OPEN_FILES_MIN => {
            finding("open files", Health::Limited, format!("at most {limit}"), "ulimit -n 4096")
        }
        Some(limit) => finding("open files", Health::Good, format!("up to {limit}"), ""),
        None => finding("open files", Health::Good, "no limit", ""),
    }
}

fn keyring() -> Finding {
    if cfg!(feature = "os-keyring") {
        return finding("keyring", Health::Good, "built in, for keys of sealed projects", "");
    }
    let detail = "not built in; sealed projects take a passphrase or a key file";
    let remedy = "only if you want it: build with `--features os-keyring`";
    finding("keyring", Health::Missing, detail, remedy)
}

fn daemon(config: &Config) -> (Finding, Option<DaemonClient>) {
    match DaemonClient::running(config) {
        Ok(Some((client, daemon))) => {
            let detail = format!("process {}, version {}", daemon.pid, daemon.version);
            (finding("daemon", Health::Good, detail, ""), Some(client))
        }
        Ok(None) => {
            let place = Place::existing(config.data_dir()).ok().flatten();
            let found = match place.and_then(|place| holder(&place.lock_file())) {
                Some(holder) => finding(
                    "daemon",
                    Health::Limited,
                    format!("{holder} has the store open and does not listen"),
                    "wait until it is done",
                ),
                None => finding("daemon", Health::Good, "not running; it starts by itself", ""),
            };
            (found, None)
        }
        Err(Failure::Told(error)) => {
            let remedy = error.hint.unwrap_or_else(|| "codecontext daemon logs".into());
            (finding("daemon", Health::Broken, error.message, &remedy), None)
        }
        Err(_) => (finding("daemon", Health::Broken, "cannot be asked", ""), None),
    }
}

fn write(answer: &DoctorAnswer, page: &mut Page) {
    let width = answer.findings.iter().map(|found| found.name.chars().count()).max().unwrap_or(0);
    for found in &answer.findings {
        let color = match found.health.as_str() {
            "good" => GREEN,
            "broken" => RED,
            _ => YELLOW,
        };
        let (health, name) = (plain(&found.health), plain(&found.name));
        page.line(format!(
            "{color}{health:8}{RESET} {BOLD}{name:width$}{RESET}  {}",
            plain(&found.detail)
        ));
        if let Some(remedy) = &found.remedy {
            page.line(format!("{:8} {:width$}  {DIM}mend: {}{RESET}", "", "", plain(remedy)));
        }
    }
}
