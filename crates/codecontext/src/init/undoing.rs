//! Disconnecting: taking every piece out again. A file that nobody touched since
//! becomes what it was, to the byte; of any other only our piece goes.

use std::path::Path;

use super::assistants::Site;
use super::change::{Change, Outcome, name_in};
use super::files::{self, FileError};
use super::ledger::{Ledger, Row};
use super::patch::unified;
use super::pieces::{Piece, Problem};
use super::writing::{Mode, Task};
use crate::exit::Failure;

/// Takes every piece out of its file. Files without one are not mentioned.
pub(super) fn disconnect(
    site: &Site,
    tasks: &[Task],
    ledger: &mut Ledger,
    mode: Mode,
) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    for task in tasks {
        changes.extend(take_out(site, task, ledger, mode)?);
    }
    if mode == Mode::Write {
        files::remove_folders(&ledger.take_free_folders()?);
    }
    Ok(changes)
}

/// What a file becomes.
enum Fate {
    /// It gets this text.
    Text(Outcome, String),
    /// It goes.
    Gone,
    /// It stays for this reason.
    Stays(String),
    /// Nothing of ours is in it.
    Untouched,
}

fn take_out(
    site: &Site,
    task: &Task,
    ledger: &mut Ledger,
    mode: Mode,
) -> Result<Option<Change>, Failure> {
    let placement = &task.placement;
    let read = files::resolved(&placement.file, placement.scope, &site.root)
        .and_then(|file| files::read(&file).map(|text| (file, text)));
    let (file, now) = match read {
        Ok((file, Some(now))) => (file, now),
        Ok((file, None)) => {
            if mode == Mode::Write {
                ledger.strike(&file)?;
            }
            return Ok(None);
        }
        // What cannot be read was never written by us.
        Err(FileError::LeadsAway { .. } | FileError::LeadsToAnother { .. }) => return Ok(None),
        Err(FileError::LeadsNowhere | FileError::NotAFile | FileError::NotText) => return Ok(None),
        Err(error) => return Ok(Some(task.left(Outcome::Failed, error))),
    };
    let row = ledger.row(&file).cloned();
    if let Some(others) = row.as_ref().and_then(|row| others(task, row)) {
        if mode == Mode::Write {
            ledger.note(&file, others.clone())?;
        }
        let names: Vec<&str> = others.assistants.iter().map(String::as_str).collect();
        let reason = format!("{} reads it too", names.join(", "));
        return Ok(Some(task.left(Outcome::Kept, reason)));
    }
    let is_this_projects = row.as_ref().is_none_or(|row| row.root == site.real_root);
    let fate = match fate(&placement.piece, row.as_ref(), &now, is_this_projects) {
        Ok(fate) => fate,
        // Nothing was noted of it, so it was broken before us.
        Err(_) if row.is_none() => return Ok(None),
        Err(problem) => return Ok(Some(task.left(Outcome::Failed, problem))),
    };
    let name = name_in(&site.root, &placement.file);
    let (outcome, then) = match fate {
        Fate::Text(outcome, then) => (outcome, Some(then)),
        Fate::Gone => (Outcome::Deleted, None),
        Fate::Stays(reason) => return Ok(Some(task.left(Outcome::Kept, reason))),
        Fate::Untouched => {
            if mode == Mode::Write && is_this_projects {
                ledger.strike(&file)?;
            }
            return Ok(None);
        }
    };
    let done = match mode {
        Mode::Look => files::check_writable(&file),
        Mode::Write => match &then {
            Some(then) => files::write(&file, Some(&now), then, placement.scope),
            None => files::delete(&file, &now),
        },
    };
    if let Err(error) = done {
        return Ok(Some(task.left(Outcome::Failed, error)));
    }
    if mode == Mode::Write {
        forget(&placement.piece, &file, outcome, ledger)?;
    }
    let diff = unified(&name, Some(&now), then.as_deref());
    Ok(Some(Change { diff, ..task.change(outcome) }))
}

/// The row without these assistants, if others remain that read the file.
fn others(task: &Task, row: &Row) -> Option<Row> {
    let mut row = row.clone();
    row.assistants.retain(|name| task.assistants.iter().all(|one| one.name != name));
    (!row.assistants.is_empty()).then_some(row)
}

fn fate(
    piece: &Piece,
    row: Option<&Row>,
    now: &str,
    is_this_projects: bool,
) -> Result<Fate, Problem> {
    let removed = piece.remove(now, row.map_or(0, |row| row.made));
    // A person's file may connect an assistant to another project.
    if !is_this_projects && removed == Ok(None) {
        return Ok(Fate::Untouched);
    }
    if let Some(row) = row
        && let Some(before) = row.patch.undone(now)
    {
        return Ok(match row.existed {
            true => Fate::Text(Outcome::Restored, before),
            false => Fate::Gone,
        });
    }
    let existed = row.is_none_or(|row| row.existed);
    Ok(match removed? {
        Some(removed) if removed.text.trim().is_empty() => Fate::Gone,
        Some(removed) if removed.is_bare && !existed => Fate::Gone,
        Some(removed) => Fate::Text(Outcome::Removed, removed.text),
        None if row.is_some() && matches!(piece, Piece::OwnFile(_)) => Fate::Stays(
            "somebody changed it since it was written; delete it if nobody needs it".into(),
        ),
        None => Fate::Untouched,
    })
}

/// Strikes a file out, and removes the skill's own folder where no ledger says
/// that we made it.
fn forget(
    piece: &Piece,
    file: &Path,
    outcome: Outcome,
    ledger: &mut Ledger,
) -> Result<(), Failure> {
    ledger.strike(file)?;
    if let (Piece::OwnFile(_), Outcome::Deleted, Some(folder)) = (piece, outcome, file.parent()) {
        files::remove_folders(&[folder.to_path_buf()]);
    }
    Ok(())
}
