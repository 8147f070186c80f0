//! Connecting: putting every piece into its file, and noting how to undo it.

use std::path::{Path, PathBuf};

use super::assistants::{Assistant, Placement, Site};
use super::change::{Change, Outcome, name_in};
use super::files::{self, FileError};
use super::ledger::{Ledger, Row};
use super::patch::{Patch, unified};
use super::pieces::{Clash, Piece, Problem, Put};
use crate::exit::Failure;

/// Whether files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They are.
    Write,
    /// They are only looked at.
    Look,
}

/// A piece in its file, and the assistants that read it there.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) placement: Placement,
    pub(super) assistants: Vec<&'static Assistant>,
}

impl Task {
    /// What became of its file.
    pub(super) fn change(&self, outcome: Outcome) -> Change {
        Change {
            file: self.placement.file.clone(),
            assistants: self.assistants.clone(),
            noun: self.placement.piece.noun(),
            outcome,
            reason: None,
            diff: String::new(),
        }
    }

    /// Its file is left for this reason.
    pub(super) fn left(&self, outcome: Outcome, reason: impl ToString) -> Change {
        Change { reason: Some(reason.to_string()), ..self.change(outcome) }
    }
}

/// Puts every piece into its file. A file that cannot be used does not keep the
/// others from being written.
pub(super) fn connect(
    site: &Site,
    tasks: &[Task],
    ledger: &mut Ledger,
    mode: Mode,
    clash: Clash,
) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    for task in tasks {
        changes.push(put(site, task, ledger, mode, clash)?);
    }
    Ok(changes)
}

/// What a file is before our piece and after.
struct Plan {
    /// Its text now; none if it is not there.
    now: Option<String>,
    /// Its text afterwards.
    then: String,
    /// What undoing comes back to.
    row: Row,
}

fn put(
    site: &Site,
    task: &Task,
    ledger: &mut Ledger,
    mode: Mode,
    clash: Clash,
) -> Result<Change, Failure> {
    let placement = &task.placement;
    let read = files::resolved(&placement.file, placement.scope, &site.root)
        .and_then(|file| files::read(&file).map(|text| (file, text)));
    let (file, now) = match read {
        Ok(read) => read,
        Err(error) => return Ok(task.left(Outcome::Failed, error)),
    };
    let plan = match plan(site, task, ledger.row(&file), now.clone(), clash) {
        Ok(Some(plan)) => plan,
        Ok(None) => {
            let reason = now.as_deref().and_then(|text| placement.piece.complaint(text));
            let reason = reason.map(str::to_owned);
            share(task, &file, ledger, mode)?;
            return Ok(Change { reason, ..task.change(Outcome::Unchanged) });
        }
        Err(problem) => {
            let skipped = problem.can_be_forced();
            let outcome = if skipped { Outcome::Skipped } else { Outcome::Failed };
            return Ok(task.left(outcome, problem));
        }
    };
    if let Err(error) = files::check_writable(&file) {
        return Ok(task.left(Outcome::Failed, error));
    }
    if mode == Mode::Write
        && let Err(error) = write(task, &file, &plan, ledger)?
    {
        return Ok(task.left(Outcome::Failed, error));
    }
    let outcome = if plan.now.is_some() { Outcome::Updated } else { Outcome::Created };
    Ok(Change {
        reason: placement.piece.complaint(&plan.then).map(str::to_owned),
        diff: unified(&name_in(&site.root, &placement.file), plan.now.as_deref(), Some(&plan.then)),
        ..task.change(outcome)
    })
}

/// What is to be written; none where the file says it all already.
fn plan(
    site: &Site,
    task: &Task,
    row: Option<&Row>,
    now: Option<String>,
    clash: Clash,
) -> Result<Option<Plan>, Problem> {
    let piece = &task.placement.piece;
    let text = now.as_deref().unwrap_or_default();
    let noted = row.filter(|row| now.is_some() && row.patch.is_as_written(text));
    // Nobody has touched the skill since another version wrote it.
    let is_ours_alone = noted.is_some() && matches!(piece, Piece::OwnFile(_));
    let clash = if is_ours_alone { Clash::Replace } else { clash };
    let Put::Text { text: then, made } = piece.put(text, clash)? else { return Ok(None) };
    let (existed, before, made) = match noted {
        Some(noted) => {
            (noted.existed, noted.patch.undone(text).unwrap_or_default(), noted.made.max(made))
        }
        None => before_us(piece, row, now.as_deref(), made)?,
    };
    let mut assistants = row.map(|row| row.assistants.clone()).unwrap_or_default();
    assistants.extend(task.assistants.iter().map(|one| one.name.to_owned()));
    let patch = Patch::between(&before, &then);
    let row = Row { root: site.real_root.clone(), assistants, existed, made, patch };
    Ok(Some(Plan { now, then, row }))
}

/// Whether a file was there before us, and what it was then: what it is now
/// without what of ours is in it.
fn before_us(
    piece: &Piece,
    row: Option<&Row>,
    now: Option<&str>,
    made: usize,
) -> Result<(bool, String, usize), Problem> {
    let Some(text) = now else { return Ok((false, String::new(), made)) };
    let made_before = row.map_or(0, |row| row.made);
    match piece.remove(text, made_before)? {
        None => Ok((true, text.to_owned(), made)),
        Some(removed) => {
            let existed = !removed.is_bare || row.is_none_or(|row| row.existed);
            let text = if existed { removed.text } else { String::new() };
            Ok((existed, text, made_before.max(made)))
        }
    }
}

fn write(
    task: &Task,
    file: &Path,
    plan: &Plan,
    ledger: &mut Ledger,
) -> Result<Result<(), FileError>, Failure> {
    let scope = task.placement.scope;
    let folders: Vec<PathBuf> = match files::make_folders(file, scope) {
        Ok(folders) => folders,
        Err(error) => return Ok(Err(error)),
    };
    ledger.note_folders(&folders)?;
    let before = ledger.row(file).cloned();
    ledger.note(file, plan.row.clone())?;
    let written = files::write(file, plan.now.as_deref(), &plan.then, scope);
    if written.is_err() {
        match before {
            Some(row) => ledger.note(file, row)?,
            None => ledger.strike(file)?,
        }
        files::remove_folders(&ledger.take_free_folders()?);
    }
    Ok(written)
}

/// Notes that these assistants read a file too that was written for others.
fn share(task: &Task, file: &Path, ledger: &mut Ledger, mode: Mode) -> Result<(), Failure> {
    let Some(row) = ledger.row(file) else { return Ok(()) };
    let mut row = row.clone();
    let known = row.assistants.len();
    row.assistants.extend(task.assistants.iter().map(|one| one.name.to_owned()));
    if mode == Mode::Write && row.assistants.len() > known {
        ledger.note(file, row)?;
    }
    Ok(())
}
