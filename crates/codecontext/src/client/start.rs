//! Starting a daemon, detached from this terminal.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use crate::config::Config;
use crate::daemon::{Place, tail};
use crate::exit::{Exit, Failure};
use crate::seal_key::PASSPHRASE_VARIABLE;

/// How much of its log is shown of a daemon that did not start.
const LOG_LINES: usize = 10;

/// Starts a daemon for the data folder. It may find another at work and end.
pub(super) fn start(config: &Config, place: &Place) -> Result<Child, Failure> {
    let unusable = |what: &str, error: std::io::Error| {
        Failure::unusable(what.to_owned())
            .because(error)
            .hint("--no-daemon does without a daemon; `codecontext doctor` may know more")
    };
    let program = std::env::current_exe()
        .map_err(|error| unusable("could not find this program's own file", error))?;
    let log = crate::daemon::open_log(&place.log_file())
        .map_err(|error| unusable("could not open the daemon's log", error))?;
    let errors = log.try_clone().map_err(|error| unusable("could not open the log", error))?;
    Command::new(program)
        .args(["daemon", "run", "--detached", "--data-dir"])
        .arg(config.data_dir())
        // It serves many clients: one client's secrets are not its business.
        .env_remove(PASSPHRASE_VARIABLE)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        // Its own group at once, so that Ctrl-C here never ends it.
        .process_group(0)
        .spawn()
        .map_err(|error| unusable("could not start the daemon", error))
}

/// What is told of a daemon that ended with `code` before it listened.
pub(super) fn did_not_start(place: &Place, code: Option<i32>) -> Failure {
    let log = place.log_file();
    let end = tail(&log, LOG_LINES);
    eprintln_lines(&end);
    let kind = match code {
        Some(code) if code == Exit::Refused as i32 => ctx_engine::ErrorKind::Denied,
        Some(code) if code == Exit::Defect as i32 => ctx_engine::ErrorKind::Internal,
        _ => ctx_engine::ErrorKind::Unavailable,
    };
    Failure::new(kind, "the daemon could not start; above is the end of its log")
        .hint(format!("the whole log is {}", log.display()))
}

/// What is told when no daemon listened in time.
pub(super) fn took_too_long(place: &Place, cause: String) -> Failure {
    let busy = crate::daemon::holder(&place.lock_file());
    match busy {
        Some(holder) => Failure::new(
            ctx_engine::ErrorKind::Busy,
            format!(
                "{holder} has the data folder `{}` open and does not answer",
                place.data_dir().display()
            ),
        )
        .because(cause)
        .hint("try again when it is done, or choose another folder with --data-dir"),
        None => did_not_start(place, None).because(cause),
    }
}

fn eprintln_lines(text: &str) {
    use std::io::Write;
    let mut errors = std::io::stderr().lock();
    for line in text.lines() {
        // A closed standard error leaves nobody to tell.
        let _ = writeln!(errors, "  {}", crate::output::plain(line));
    }
}
