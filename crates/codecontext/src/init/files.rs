//! Somebody's files: read whole, written whole or not at all.
//!
//! A project is not trusted: what it holds may lead elsewhere, and nothing
//! outside it is written because it says so. A person's own links are followed.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::assistants::Scope;

/// A configuration file above this size, in bytes, is none.
const BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    /// A link in a project leads out of it.
    #[error("it leads to `{target}`, outside the project")]
    LeadsAway { target: String },
    /// A link leads to another kind of file, or into git's own folder.
    #[error("it is a link to `{target}`, which is no file of this kind")]
    LeadsToAnother { target: String },
    /// A link leads to nothing.
    #[error("it is a link to nothing")]
    LeadsNowhere,
    /// It is a folder, a pipe or the like.
    #[error("it is not a plain file")]
    NotAFile,
    /// It is far larger than configuration is.
    #[error("it is larger than 32 MiB")]
    TooLarge,
    /// It is not UTF-8.
    #[error("it is not UTF-8 text")]
    NotText,
    /// Nobody may write it.
    #[error("it is read-only")]
    ReadOnly,
    /// Somebody wrote it while it was being changed.
    #[error("somebody else changed it just now")]
    ChangedMeanwhile,
    /// The system says no.
    #[error("could not {what}: {source}")]
    Refused { what: &'static str, source: io::Error },
}

fn refused(what: &'static str) -> impl FnOnce(io::Error) -> FileError {
    move |source| FileError::Refused { what, source }
}

/// Where a file is really written, links followed.
pub(super) fn resolved(file: &Path, scope: Scope, root: &Path) -> Result<PathBuf, FileError> {
    let is_link = fs::symlink_metadata(file).is_ok_and(|found| found.is_symlink());
    let target = match fs::canonicalize(file) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound && is_link => {
            return Err(FileError::LeadsNowhere);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => through_folders(file)?,
        Err(error) => return Err(refused("open it")(error)),
    };
    if scope == Scope::User {
        return Ok(target);
    }
    let root = fs::canonicalize(root).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => FileError::LeadsNowhere,
        _ => refused("open the project")(error),
    })?;
    let shown = || target.display().to_string();
    let Ok(inside) = target.strip_prefix(&root) else {
        return Err(FileError::LeadsAway { target: shown() });
    };
    let is_gits = inside.components().any(|part| part.as_os_str() == ".git");
    if is_gits || target.extension() != file.extension() {
        return Err(FileError::LeadsToAnother { target: shown() });
    }
    Ok(target)
}

/// The path of a file that is not there, with the links among its folders
/// followed.
fn through_folders(file: &Path) -> Result<PathBuf, FileError> {
    let there = file.ancestors().skip(1).find(|folder| folder.symlink_metadata().is_ok());
    let there = there.unwrap_or(Path::new("/"));
    let real = fs::canonicalize(there).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => FileError::LeadsNowhere,
        _ => refused("open its folder")(error),
    })?;
    if !real.is_dir() {
        return Err(refused("make its folder")(io::ErrorKind::NotADirectory.into()));
    }
    Ok(real.join(file.strip_prefix(there).unwrap_or(file)))
}

/// A file's text; none if it is not there.
pub(super) fn read(file: &Path) -> Result<Option<String>, FileError> {
    let found = match fs::symlink_metadata(file) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused("look at it")(error)),
    };
    if !found.is_file() {
        return Err(FileError::NotAFile);
    }
    if found.len() > BYTES_MAX {
        return Err(FileError::TooLarge);
    }
    let bytes = fs::read(file).map_err(refused("read it"))?;
    String::from_utf8(bytes).map(Some).map_err(|_| FileError::NotText)
}

/// Whether a file that is there, or the folder that it would lie in, may be
/// written.
pub(super) fn check_writable(file: &Path) -> Result<(), FileError> {
    let Ok(found) = fs::symlink_metadata(file) else { return Ok(()) };
    let is_ours = rustix::fs::access(file, rustix::fs::Access::WRITE_OK).is_ok();
    // Root may write anything, and somebody who locks a file means root too.
    if found.mode() & 0o222 == 0 || !is_ours {
        return Err(FileError::ReadOnly);
    }
    Ok(())
}

/// Makes the folders that a file needs; gives those that were not there, the
/// outermost first.
pub(super) fn make_folders(file: &Path, scope: Scope) -> Result<Vec<PathBuf>, FileError> {
    let mut missing: Vec<&Path> =
        file.ancestors().skip(1).take_while(|folder| !folder.exists()).collect();
    missing.reverse();
    let Some(first) = missing.first() else { return Ok(Vec::new()) };
    let mode = match scope {
        Scope::Project => mode_of(first.parent().unwrap_or(Path::new("/"))),
        Scope::User => 0o700,
    };
    let mut made = Vec::new();
    for folder in missing {
        let new = DirBuilder::new().mode(0o700).create(folder);
        match new.and_then(|()| fs::set_permissions(folder, Permissions::from_mode(mode))) {
            Ok(()) => made.push(folder.to_path_buf()),
            Err(error) => {
                remove_folders(&made);
                return Err(refused("make its folder")(error));
            }
        }
    }
    Ok(made)
}

/// Removes folders, the innermost first, as far as they are empty.
pub(super) fn remove_folders(outermost_first: &[PathBuf]) {
    for folder in outermost_first.iter().rev() {
        // One that somebody uses is not empty, and stays.
        let _ = fs::remove_dir(folder);
    }
}

/// Puts `text` in the place of `before`, all at once; the file keeps its rights.
/// A new one of a project is for whoever may read the folder, a person's own
/// for that person.
pub(super) fn write(
    file: &Path,
    before: Option<&str>,
    text: &str,
    scope: Scope,
) -> Result<(), FileError> {
    check_writable(file)?;
    let folder = file.parent().ok_or(FileError::NotAFile)?;
    let found = fs::symlink_metadata(file).ok();
    let mode = match (&found, scope) {
        (Some(found), _) => found.mode() & 0o7777,
        (None, Scope::Project) => mode_of(folder) & 0o666,
        (None, Scope::User) => 0o600,
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let new = folder.join(format!(".{name}.{}.new", std::process::id()));
    let written = write_new(&new, text, mode, found.as_ref()).and_then(|()| {
        if read(file)?.as_deref() != before {
            return Err(FileError::ChangedMeanwhile);
        }
        fs::rename(&new, file).map_err(refused("write it"))
    });
    if written.is_err() {
        let _ = fs::remove_file(&new);
        return written;
    }
    // The name survives a crash only with its folder written; the text is safe.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

fn write_new(
    new: &Path,
    text: &str,
    mode: u32,
    like: Option<&fs::Metadata>,
) -> Result<(), FileError> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(new);
    let mut file = opened.map_err(refused("write beside it"))?;
    if let Some(like) = like {
        let us = file.metadata().map_err(refused("look at it"))?;
        if (us.uid(), us.gid()) != (like.uid(), like.gid()) {
            std::os::unix::fs::fchown(&file, Some(like.uid()), Some(like.gid()))
                .map_err(refused("keep its owner"))?;
        }
    }
    file.set_permissions(Permissions::from_mode(mode)).map_err(refused("keep its rights"))?;
    file.write_all(text.as_bytes()).map_err(refused("write beside it"))?;
    file.sync_all().map_err(refused("write beside it"))
}

/// Deletes a file whose text is still `before`.
pub(super) fn delete(file: &Path, before: &str) -> Result<(), FileError> {
    check_writable(file)?;
    if read(file)?.as_deref() != Some(before) {
        return Err(FileError::ChangedMeanwhile);
    }
    fs::remove_file(file).map_err(refused("delete it"))
}

fn mode_of(folder: &Path) -> u32 {
    fs::metadata(folder).map_or(0o700, |found| found.mode() & 0o777)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_project_leads_nowhere_else() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("project");
        fs::create_dir_all(root.join(".git")).unwrap();
        fs::write(root.join(".git/config.md"), "").unwrap();
        fs::write(root.join("build.sh"), "").unwrap();
        fs::write(root.join("CLAUDE.md"), "").unwrap();
        fs::write(outer.path().join("profile.md"), "").unwrap();
        let resolve = |name: &str, target: &Path, scope| {
            let link = root.join(name);
            let _ = fs::remove_file(&link);
            symlink(target, &link).unwrap();
            resolved(&link.join("").components().collect::<PathBuf>(), scope, &root)
        };
        let away = outer.path().join("profile.md");
        let led = resolve("AGENTS.md", &away, Scope::Project);
        assert!(matches!(led, Err(FileError::LeadsAway { .. })), "{led:?}");
        assert!(resolve("AGENTS.md", &away, Scope::User).is_ok());
        for other in ["build.sh", ".git/config.md"] {
            let led = resolve("AGENTS.md", Path::new(other), Scope::Project);
            assert!(matches!(led, Err(FileError::LeadsToAnother { .. })), "{led:?}");
        }
        let led = resolve("AGENTS.md", Path::new("gone.md"), Scope::Project);
        assert!(matches!(led, Err(FileError::LeadsNowhere)), "{led:?}");
        let led = resolve("AGENTS.md", Path::new("CLAUDE.md"), Scope::Project).unwrap();
        assert_eq!(led, fs::canonicalize(root.join("CLAUDE.md")).unwrap());
        symlink(outer.path(), root.join(".cursor")).unwrap();
        let led = resolved(&root.join(".cursor/a/mcp.json"), Scope::Project, &root);
        assert!(matches!(led, Err(FileError::LeadsAway { .. })), "{led:?}");
    }

    #[test]
    fn a_file_keeps_its_rights_and_a_new_one_has_those_of_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let mode = |file: &Path| fs::metadata(file).unwrap().mode() & 0o777;
        let old = folder.path().join("old");
        fs::write(&old, "a").unwrap();
        fs::set_permissions(&old, Permissions::from_mode(0o640)).unwrap();
        write(&old, Some("a"), "b", Scope::Project).unwrap();
        assert_eq!((mode(&old), read(&old).unwrap().as_deref()), (0o640, Some("b")));
        let new = folder.path().join("x/y/new");
        let made = make_folders(&new, Scope::Project).unwrap();
        assert_eq!(made, [folder.path().join("x"), folder.path().join("x/y")]);
        write(&new, None, "b", Scope::Project).unwrap();
        assert_eq!((mode(&new), mode(&made[1])), (0o644, 0o755));
        delete(&new, "b").unwrap();
        remove_folders(&made);
        assert!(!made[0].exists());
    }

    #[test]
    fn nothing_is_written_over_what_somebody_just_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "theirs").unwrap();
        let wrote = write(&file, Some("before"), "ours", Scope::Project);
        assert!(matches!(wrote, Err(FileError::ChangedMeanwhile)), "{wrote:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_is_no_text_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read(folder.path()), Err(FileError::NotAFile)));
        let file = folder.path().join("a");
        fs::write(&file, [0xff, 0xfe]).unwrap();
        assert!(matches!(read(&file), Err(FileError::NotText)));
        fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
        assert!(matches!(check_writable(&file), Err(FileError::ReadOnly)));
    }
}
