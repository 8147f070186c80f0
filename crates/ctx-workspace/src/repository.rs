//! Opening the git repository around a project, to read and never to run.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use git2::{ConfigLevel, Repository, RepositoryOpenFlags, opts};
use rustix::fs::FileType;

use crate::{folder::Folder, rules::Rules};

/// Why a repository that is there can't be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RepositoryError {
    #[error("`{path}` is a pipe or a device, which has no place in a repository")]
    NotRegular { path: PathBuf },
    #[error("git's library could not be set up")]
    Library(#[source] git2::Error),
    #[error("the repository is damaged or of an unknown format")]
    Unreadable(#[source] git2::Error),
}

/// The repository that `root` lies in, and the path that leads from its top to
/// `root` (`""` or ending with `/`). None without one, or if it ignores `root`.
pub(crate) fn open(root: &Path) -> Result<Option<(Repository, String)>, RepositoryError> {
    let Ok(root) = root.canonicalize() else { return Ok(None) };
    let Some(top) = root.ancestors().find(|top| top.join(".git").symlink_metadata().is_ok()) else {
        return Ok(None);
    };
    if Rules::repository_leaves_out(&root) {
        return Ok(None);
    }
    set_up_library()?;
    refuse_pipes(top)?;
    // The top is known, so nothing above it needs a look, nor the environment.
    let flags = RepositoryOpenFlags::NO_SEARCH;
    let none: [&OsStr; 0] = [];
    match Repository::open_ext(top, flags, none) {
        Ok(repository) => {
            let below = root.strip_prefix(top).unwrap_or(Path::new(""));
            let below = below.to_string_lossy();
            let prefix = if below.is_empty() { String::new() } else { format!("{below}/") };
            Ok(Some((repository, prefix)))
        }
        Err(error) => Err(RepositoryError::Unreadable(error)),
    }
}

/// Settings of the library that hold for the whole process; only this crate uses it.
#[expect(unsafe_code, reason = "libgit2 keeps its settings in globals without a lock")]
fn set_up_library() -> Result<(), RepositoryError> {
    static DONE: OnceLock<Result<(), String>> = OnceLock::new();
    let set = || -> Result<(), git2::Error> {
        // SAFETY: `OnceLock` runs this once, before any other call into libgit2
        // in this process, as every use goes through `open`.
        unsafe {
            // We only read, and whose files these are is the caller's question.
            opts::set_verify_owner_validation(false)?;
            // The user's and the system's settings have no say in reading objects.
            for level in [
                ConfigLevel::ProgramData,
                ConfigLevel::System,
                ConfigLevel::XDG,
                ConfigLevel::Global,
            ] {
                opts::set_search_path(level, "")?;
            }
            // As git's own commands do: what a pack says is checked when it
            // arrives, and rehashing it here is a third of the time.
            opts::strict_hash_verification(false);
            // A history is read once, front to back: keeping objects costs more
            // than it saves (pytest's 17,000 commits: 500 against 350 ms).
            opts::enable_caching(false);
            opts::set_mwindow_size(MAPPED_WINDOW_BYTES)?;
            opts::set_mwindow_mapped_limit(8 * MAPPED_WINDOW_BYTES)?;
        }
        Ok(())
    };
    DONE.get_or_init(|| set().map_err(|error| error.message().to_owned()))
        .clone()
        .map_err(|message| RepositoryError::Library(git2::Error::from_str(&message)))
}

/// How much of a pack is mapped at a time, in bytes.
const MAPPED_WINDOW_BYTES: usize = 1024 * 1024;
/// More files than this are not looked at for pipes.
const MAX_LOOKED_AT: usize = 200_000;

/// Opening a pipe waits for its writer, perhaps for ever, and git's library
/// opens whatever has the right name. An unpacked archive can hold one.
fn refuse_pipes(top: &Path) -> Result<(), RepositoryError> {
    let git = top.join(".git");
    let pointer = Folder::open(top).ok().and_then(|folder| crate::rules::git_pointer(&folder));
    let git = pointer.map_or(git, |pointer| top.join(pointer));
    if !git.is_dir() {
        let regular = git.metadata().is_ok_and(|found| found.is_file());
        return if regular { Ok(()) } else { Err(RepositoryError::NotRegular { path: git }) };
    }
    let common = std::fs::symlink_metadata(git.join("commondir"))
        .is_ok_and(|found| found.is_file())
        .then(|| std::fs::read_to_string(git.join("commondir")).ok())
        .flatten();
    let mut folders = vec![git.clone()];
    if let Some(common) = common {
        folders.push(git.join(common.trim()));
    }
    let mut looked_at = 0;
    while let Some(path) = folders.pop() {
        let Ok(listed) = Folder::open(&path).and_then(|folder| folder.list()) else { continue };
        for entry in listed {
            looked_at += 1;
            if looked_at > MAX_LOOKED_AT {
                return Ok(());
            }
            let path = || {
                path.join(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(
                    entry.name.to_bytes(),
                ))
            };
            match entry.kind {
                FileType::RegularFile => {}
                // Work trees and submodules keep their own records in these.
                FileType::Directory => folders.push(path()),
                FileType::Symlink | FileType::Unknown => {
                    let path = path();
                    let odd = path.metadata().is_ok_and(|to| !to.is_file() && !to.is_dir());
                    if odd {
                        return Err(RepositoryError::NotRegular { path });
                    }
                }
                // A running file watcher's socket is not opened by the library.
                FileType::Socket => {}
                _ => return Err(RepositoryError::NotRegular { path: path() }),
            }
        }
    }
    Ok(())
}
