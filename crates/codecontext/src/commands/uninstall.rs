//! `uninstall`: what of CodeContext is on this machine, and how it goes.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, YELLOW, bytes, counted, plain};
use crate::session::Session;
use crate::uninstall::{Kept, Program, Purged, Scope, Traces, purge};

/// Show what of CodeContext is on this machine; with --purge, remove all state
///
/// Without --purge nothing is changed. With it assistants are disconnected, the
/// daemon is stopped, and the data folder, its logs and sockets, your configuration and your keys in the
/// desktop's keyring are removed; with --data-dir only that folder. Files that
/// CodeContext did not make stay. The program itself is removed by whatever
/// installed it: the command for that is shown.
#[derive(Debug, Args)]
pub(crate) struct Uninstall {
    /// Remove all state for good: index, memories, logs, configuration
    #[arg(long)]
    purge: bool,
    /// Show what --purge would remove, and remove nothing
    #[arg(long, requires = "purge")]
    dry_run: bool,
    /// Do not ask before removing
    #[arg(long, requires = "purge")]
    yes: bool,
}

/// What is printed with `--json`.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    data_folder: DataFolder<'a>,
    /// Files outside the data folder.
    files: &'a [PathBuf],
    programs: &'a [Program],
    notes: &'a [String],
    /// Whether state was removed.
    purged: bool,
    removed: &'a [PathBuf],
    #[serde(skip_serializing_if = "Option::is_none")]
    would_remove: Option<&'a [PathBuf]>,
    removed_keys: u64,
    kept: &'a [Kept],
}

#[derive(Debug, Serialize)]
struct DataFolder<'a> {
    path: &'a PathBuf,
    exists: bool,
    files: u64,
    bytes: u64,
    daemon: Option<u32>,
    projects: &'a [PathBuf],
    /// Those whose assistants were connected by `init`.
    connected: &'a [PathBuf],
}

impl Uninstall {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let scope = match session.globals.data_dir {
            Some(_) => Scope::Folder,
            None => Scope::Everything,
        };
        let config = session.config.clone();
        let traces = Traces::find(&config, scope)?;
        for note in &traces.notes {
            session.output.note(note);
        }
        if !self.purge {
            return tell(session, &traces, &Outcome::Found);
        }
        traces.refuse_strangers()?;
        if self.dry_run {
            return tell(session, &traces, &Outcome::Planned(traces.removable()));
        }
        if !self.yes {
            confirm(session, &traces)?;
        }
        let purged = purge(&config, &traces)?;
        tell(session, &traces, &Outcome::Purged(purged))
    }
}

/// What came of it.
enum Outcome {
    /// It was only looked for.
    Found,
    /// These files would be removed.
    Planned(Vec<PathBuf>),
    Purged(Purged),
}

/// Asks at the terminal; anything but `yes` refuses.
fn confirm(session: &Session, traces: &Traces) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::usage("removing for good needs to be confirmed")
            .hint("answer at a terminal, or add --yes"));
    }
    if !session.output.json {
        let mut page = Page::new();
        write_state(&mut page, traces);
        session.output.page(&page)?;
    }
    let failed = |error: io::Error| Failure::unusable("could not ask").because(error);
    let mut errors = io::stderr().lock();
    write!(errors, "Remove all of this for good? Only `yes` does: ")
        .and_then(|()| errors.flush())
        .map_err(failed)?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(failed)?;
    if line.trim() != "yes" {
        return Err(Failure::usage("nothing was removed"));
    }
    Ok(())
}

fn tell(session: &Session, traces: &Traces, outcome: &Outcome) -> Result<Exit, Failure> {
    let kept = match outcome {
        Outcome::Purged(purged) => &purged.kept,
        Outcome::Found | Outcome::Planned(_) => &traces.kept,
    };
    if session.output.json {
        session.output.value(&answer(traces, outcome, kept))?;
    } else {
        let mut page = Page::new();
        match outcome {
            Outcome::Found => write_state(&mut page, traces),
            Outcome::Planned(files) => write_planned(&mut page, files),
            Outcome::Purged(purged) => write_purged(&mut page, purged),
        }
        write_kept(&mut page, kept);
        write_programs(&mut page, &traces.programs);
        if matches!(outcome, Outcome::Found) {
            page.line(format!("\n{DIM}`codecontext uninstall --purge` removes the state{RESET}"));
        }
        session.output.page(&page)?;
    }
    Ok(if kept.iter().any(|kept| kept.is_odd) { Exit::Found } else { Exit::Done })
}

fn answer<'a>(traces: &'a Traces, outcome: &'a Outcome, kept: &'a [Kept]) -> Answer<'a> {
    let (files, bytes) = traces.data_size();
    let purged = match outcome {
        Outcome::Purged(purged) => Some(purged),
        Outcome::Found | Outcome::Planned(_) => None,
    };
    Answer {
        data_folder: DataFolder {
            path: &traces.data_dir,
            exists: traces.has_data(),
            files,
            bytes,
            daemon: traces.daemon.filter(|_| purged.is_none()),
            projects: &traces.roots,
            connected: &traces.connected,
        },
        files: &traces.files,
        programs: &traces.programs,
        notes: &traces.notes,
        purged: purged.is_some(),
        removed: purged.map_or(&[], |purged| &purged.removed),
        would_remove: match outcome {
            Outcome::Planned(files) => Some(files),
            Outcome::Found | Outcome::Purged(_) => None,
        },
        removed_keys: purged.map_or(0, |purged| purged.keys),
        kept,
    }
}

/// What `--purge` removes.
fn write_state(page: &mut Page, traces: &Traces) {
    page.line(format!("{BOLD}State{RESET}"));
    let folder = plain(&traces.data_dir.display().to_string());
    if traces.has_data() {
        let (files, size) = traces.data_size();
        page.line(format!("  {folder}: {}, {}", counted(files, "file"), bytes(size)));
        for root in &traces.roots {
            page.line(format!("    {DIM}of {}{RESET}", plain(&root.display().to_string())));
        }
    } else {
        page.line(format!("  {folder}: not there"));
    }
    if let Some(daemon) = traces.daemon {
        page.line(format!("  a daemon, process {daemon}"));
    }
    for root in &traces.connected {
        let root = plain(&root.display().to_string());
        page.line(format!("  assistants connected to {root}, which `init --uninstall` undoes too"));
    }
    for file in &traces.files {
        page.line(format!("  {}", plain(&file.display().to_string())));
    }
}

fn write_planned(page: &mut Page, files: &[PathBuf]) {
    page.line(format!("{BOLD}Would be removed{RESET}"));
    for file in files {
        page.line(format!("  {}", plain(&file.display().to_string())));
    }
}

fn write_purged(page: &mut Page, purged: &Purged) {
    let removed = counted(purged.removed.len() as u64, "file");
    page.line(format!("{BOLD}Removed{RESET} {removed}"));
    if purged.keys > 0 {
        page.line(format!("  and {} from the desktop's keyring", counted(purged.keys, "key")));
    }
}

fn write_kept(page: &mut Page, kept: &[Kept]) {
    if kept.is_empty() {
        return;
    }
    page.line(format!("\n{BOLD}Stays{RESET}"));
    for kept in kept {
        let color = if kept.is_odd { YELLOW } else { DIM };
        let path = plain(&kept.path.display().to_string());
        page.line(format!("  {path} {color}{}{RESET}", plain(&kept.why)));
    }
}

fn write_programs(page: &mut Page, programs: &[Program]) {
    page.line(format!("\n{BOLD}Programs{RESET}"));
    for program in programs {
        let path = plain(&program.path.display().to_string());
        page.line(format!("  {path}, owned by {}", program.owner));
        if !program.remove.is_empty() {
            page.line(format!("    {DIM}remove:{RESET} {}", plain(&command(&program.remove))));
        }
    }
}

/// Words as a shell takes them.
fn command(words: &[String]) -> String {
    let is_bare = |word: &String| {
        word.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '@' | '+'))
    };
    let quoted = |word: &String| match is_bare(word) {
        true => word.clone(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn commands_can_be_copied_into_a_shell() {
        let words = ["rm", "/a/b-c.1", "/it's here"].map(str::to_owned);
        assert_eq!(command(&words), r"rm /a/b-c.1 '/it'\''s here'");
    }
}
