//! Configuration files.

use std::path::PathBuf;

use super::kept::Kept;
use crate::config;

/// The user's configuration file, if there is one.
pub(super) fn users() -> Option<PathBuf> {
    config::user_file().filter(|file| file.symlink_metadata().is_ok())
}

/// What lies beside it and is not ours.
pub(super) fn beside_users() -> Vec<Kept> {
    let Some(file) = config::user_file() else { return Vec::new() };
    let entries = file.parent().and_then(|folder| std::fs::read_dir(folder).ok());
    let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    let strange = paths.filter(|path| *path != file);
    strange.map(|path| Kept::oddly(path, "is not ours")).collect()
}

/// Configuration that others wrote: the system's, and the projects'.
pub(super) fn of_others(roots: &[PathBuf]) -> Vec<Kept> {
    let systems = config::system_file().into_iter().map(|file| (file, "belongs to the system"));
    let project = |root: &PathBuf| (root.join(".codecontext"), "belongs to the project");
    let all = systems.chain(roots.iter().map(project));
    let there = all.filter(|(path, _)| path.symlink_metadata().is_ok());
    there.map(|(path, why)| Kept::rightly(path, why)).collect()
}
