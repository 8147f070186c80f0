//! Sockets outside data folders: those of folders whose paths are too long for one.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::kept::Kept;
use crate::client::DaemonClient;
use crate::daemon;
use crate::exit::Failure;

/// Sockets of ours outside data folders.
#[derive(Debug, Default)]
pub(super) struct Sockets {
    /// Nobody listens there, or the daemon of the data folder at hand does.
    pub(super) files: Vec<PathBuf>,
    /// Daemons of other data folders listen there.
    pub(super) of_others: Vec<Kept>,
}

impl Sockets {
    /// Looks into the folders in which they may lie.
    pub(super) fn find(data_dir: &Path) -> Sockets {
        let mut sockets = Sockets::default();
        for folder in daemon::socket_folders() {
            for file in in_folder(&folder) {
                match DaemonClient::at(&file) {
                    Ok(Some(daemon)) if Path::new(&daemon.data_dir) != data_dir => {
                        let folder = &daemon.data_dir;
                        let why = format!("serves another data folder, `{folder}`");
                        sockets.of_others.push(Kept::rightly(file, why));
                    }
                    Ok(_) => sockets.files.push(file),
                    Err(Failure::Told(error)) => {
                        sockets.of_others.push(Kept::oddly(file, error.message));
                    }
                    Err(_) => sockets.of_others.push(Kept::oddly(file, "cannot be asked")),
                }
            }
        }
        sockets
    }
}

/// Files in `folder` that are sockets of ours, sorted; the folder must be ours.
fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let us = rustix::process::geteuid().as_raw();
    let is_ours = |found: &fs::Metadata| found.uid() == us;
    let is_folder =
        fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir() && is_ours(&found));
    if !is_folder {
        return Vec::new();
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_socket = |entry: &fs::DirEntry| {
        entry.file_name().to_str().is_some_and(daemon::is_socket_name)
            && entry.metadata().is_ok_and(|found| found.file_type().is_socket() && is_ours(&found))
    };
    let mut files: Vec<PathBuf> = entries.filter(is_socket).map(|entry| entry.path()).collect();
    files.sort_unstable();
    files
}
