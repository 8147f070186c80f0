//! A data folder's content: what is ours, and what is not.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use ctx_engine::data_folder;

use crate::{daemon, init};

/// What lies in a data folder.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// Files of ours, and the bytes that they take on the disk.
    pub(super) files: Vec<PathBuf>,
    pub(super) bytes: u64,
    /// Folders of ours, inner ones first.
    pub(super) folders: Vec<PathBuf>,
    /// What we did not make; what lies in such folders is not looked at.
    pub(super) strange: Vec<PathBuf>,
}

impl Content {
    /// Looks at a data folder; one that is not there holds nothing.
    pub(super) fn of(data_dir: &Path) -> io::Result<Content> {
        let mut content = Content::default();
        match content.look(data_dir, Path::new("")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(content),
            looked => looked.map(|()| content),
        }
    }

    /// Whether it can be told that the folder is a data folder: by its mark,
    /// or because there is nothing in it that we did not make.
    pub(super) fn is_ours(&self, data_dir: &Path) -> bool {
        self.strange.is_empty() || data_folder::is_marked(data_dir)
    }

    fn look(&mut self, data_dir: &Path, inside: &Path) -> io::Result<()> {
        let mut entries: Vec<_> = fs::read_dir(data_dir.join(inside))?.collect::<Result<_, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let relative = inside.join(entry.file_name());
            // Links are not followed: a link is a file here.
            let found = entry.metadata()?;
            let is_ours = data_folder::belongs(&relative)
                || daemon::belongs(&relative)
                || init::belongs(&relative);
            if !is_ours {
                self.strange.push(entry.path());
            } else if found.is_dir() {
                self.look(data_dir, &relative)?;
                self.folders.push(entry.path());
            } else {
                self.bytes += found.blocks() * 512;
                self.files.push(entry.path());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, paths: &[&str]) {
        for path in paths {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "text").unwrap();
        }
    }

    #[test]
    fn what_we_made_is_told_from_what_we_did_not() {
        let folder = tempfile::tempdir().unwrap();
        write(
            folder.path(),
            &[
                "store/lock",
                "store/db-1/v0",
                "run/daemon.lock",
                "init/lock",
                "init/x",
                "notes/a",
                "log/b",
            ],
        );
        let content = Content::of(folder.path()).unwrap();
        let names = |paths: &[PathBuf]| -> Vec<String> {
            let relative = |path: &PathBuf| path.strip_prefix(folder.path()).map(Path::to_path_buf);
            paths.iter().map(|path| relative(path).unwrap().display().to_string()).collect()
        };
        assert_eq!(
            names(&content.files),
            ["init/lock", "run/daemon.lock", "store/db-1/v0", "store/lock"]
        );
        assert_eq!(names(&content.folders), ["init", "log", "run", "store/db-1", "store"]);
        assert_eq!(names(&content.strange), ["init/x", "log/b", "notes"]);
        assert!(content.bytes > 0);
    }

    #[test]
    fn a_folder_with_other_things_is_ours_only_if_it_says_so() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Content::of(&folder.path().join("none")).unwrap().is_ours(folder.path()));
        write(folder.path(), &["notes", "store/lock"]);
        assert!(!Content::of(folder.path()).unwrap().is_ours(folder.path()));
        fs::write(folder.path().join("store/format"), "codecontext store\nformat 2\n").unwrap();
        assert!(Content::of(folder.path()).unwrap().is_ours(folder.path()));
    }

    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        write(elsewhere.path(), &["precious"]);
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("store")).unwrap();
        let content = Content::of(folder.path()).unwrap();
        assert_eq!(content.files, [folder.path().join("store")]);
    }
}
