//! Removing all state, file by file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ctx_engine::ErrorKind;
use serde::Serialize;

use super::data_folder::Content;
use super::kept::Kept;
use super::traces::{Scope, Traces};
use crate::client::DaemonClient;
use crate::config::Config;
use crate::daemon::{self, Held, Lock, Place, holder};
use crate::exit::Failure;
use crate::init::{self, Outcome};
use crate::seal_key;

/// How long to wait for a command that has the store open.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// What became of it.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Purged {
    /// Files removed, and those of assistants that were changed.
    pub(crate) removed: Vec<PathBuf>,
    /// Keys removed from the desktop's keyring.
    pub(crate) keys: u64,
    /// What is still there.
    pub(crate) kept: Vec<Kept>,
}

/// Stops the daemon and removes what was found.
pub(crate) fn purge(config: &Config, traces: &Traces) -> Result<Purged, Failure> {
    let mut purged = Purged { kept: traces.kept.clone(), ..Purged::default() };
    if let Some((client, _)) = DaemonClient::running(config)? {
        client.stop()?;
    }
    purged.disconnect(traces);
    let held = hold(config)?;
    if traces.scope == Scope::Everything {
        match seal_key::forget_keyring_keys() {
            Ok(keys) => purged.keys = keys,
            Err(Failure::Told(error)) => {
                purged.kept.push(Kept::oddly("the desktop's keyring", error.message));
            }
            Err(failure) => return Err(failure),
        }
    }
    // The daemon wrote some and removed others while it ended.
    let content = Content::of(&traces.data_dir).map_err(|error| {
        let shown = traces.data_dir.display();
        Failure::unusable(format!("could not look into `{shown}`")).because(error)
    })?;
    for file in content.files.iter().chain(&traces.files) {
        purged.remove(file);
    }
    for folder in content.folders.iter().chain([&traces.data_dir]) {
        remove_empty(folder);
    }
    for folder in traces.files.iter().filter_map(|file| file.parent()) {
        remove_empty(folder);
    }
    if traces.scope == Scope::Everything {
        daemon::socket_folders().iter().for_each(|folder| remove_empty(folder));
    }
    drop(held);
    if traces.has_data() && content.strange.is_empty() {
        let why = "is there again: something has started CodeContext meanwhile";
        purged.kept.push(Kept::oddly(&traces.data_dir, why));
    }
    Ok(purged)
}

/// Keeps everybody else from opening the store meanwhile.
fn hold(config: &Config) -> Result<Option<Held>, Failure> {
    let Some(place) = Place::existing(config.data_dir())? else { return Ok(None) };
    let lock = place.lock_file();
    if !lock.exists() {
        return Ok(None);
    }
    let held = Lock::open(&lock)?.take_within("codecontext uninstall", LOCK_PATIENCE, || false)?;
    if held.is_none() {
        let holder = holder(&lock).unwrap_or_else(|| "another process".into());
        let message = format!("{holder} has the data folder open");
        return Err(Failure::new(ErrorKind::Busy, message).hint("try again when it is done"));
    }
    Ok(held)
}

impl Purged {
    /// Takes out of assistants' files what `init` wrote there: afterwards they
    /// would start a program that knows nothing, or is gone.
    fn disconnect(&mut self, traces: &Traces) {
        for root in &traces.connected {
            match init::disconnect_whole(root, &traces.data_dir) {
                Ok(done) => {
                    for change in done.changes {
                        match change.outcome {
                            Outcome::Failed | Outcome::Kept => {
                                let why = change.reason.unwrap_or_else(|| "names us still".into());
                                self.kept.push(Kept::oddly(change.file, why));
                            }
                            outcome if outcome.is_change() => self.removed.push(change.file),
                            _ => {}
                        }
                    }
                }
                Err(Failure::Told(error)) => self.kept.push(Kept::oddly(root, error.message)),
                Err(Failure::Output(error)) => self.kept.push(Kept::oddly(root, error.to_string())),
            }
        }
    }

    fn remove(&mut self, file: &Path) {
        match fs::remove_file(file) {
            Ok(()) => self.removed.push(file.to_path_buf()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                self.kept.push(Kept::oddly(file, format!("could not be removed: {error}")));
            }
        }
    }
}

/// Removes a folder if nothing is in it; what is in it has been told already.
fn remove_empty(folder: &Path) {
    let _ = fs::remove_dir(folder);
}
