//! Where `HEAD` stands, told in microseconds from git's own files.
//!
//! [`crate::git_state`] asks git's library, which takes milliseconds: too long
//! for every answer. What is read here is only ever compared with itself.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use ctx_model::project::FileStamp;
use rustix::fs::{AtFlags, CWD, statat};

use crate::{
    folder::{Folder, read_small_anywhere, stamp},
    rules::{Rules, git_pointer},
};

/// `HEAD` and branches are longer than this only if they are none, in bytes.
const LONGEST_REFERENCE: u64 = 4096;
/// Lists of packed branches above this size, in bytes, are not read on.
const LONGEST_LIST: u64 = 64 * 1024 * 1024;

/// The files of a repository that say what is checked out.
#[derive(Debug)]
pub struct HeadFiles {
    /// The work tree's own `HEAD`.
    head: PathBuf,
    /// The folder that holds the branches, which work trees share.
    common: PathBuf,
    packed: Mutex<Packed>,
}

/// What `HEAD` and its branch said at one moment: two that are equal mean the
/// same commit and branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadMark {
    head: Option<Vec<u8>>,
    branch: Option<Vec<u8>>,
}

impl HeadMark {
    /// The commit that it names, in full.
    pub fn commit(&self) -> Option<&str> {
        let commit = self.branch.as_deref().or(self.head.as_deref())?;
        let commit = std::str::from_utf8(commit).ok()?.trim();
        let is_id = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then_some(commit)
    }

    /// The short name of the branch.
    pub fn branch(&self) -> Option<&str> {
        let name = self.reference()?;
        Some(name.strip_prefix("refs/heads/").unwrap_or(name))
    }

    /// What `HEAD` refers to, unless it names a commit.
    fn reference(&self) -> Option<&str> {
        let head = std::str::from_utf8(self.head.as_deref()?).ok()?;
        head.strip_prefix("ref:").map(str::trim)
    }
}

/// What the list of packed branches says of one of them.
#[derive(Debug, Default)]
struct Packed {
    stamp: Option<FileStamp>,
    name: String,
    commit: Option<Vec<u8>>,
}

impl HeadFiles {
    /// Those of the repository that `root` (without links) lies in; none without
    /// one, or if it ignores `root`.
    pub fn find(root: &Path) -> Option<HeadFiles> {
        let top = root.ancestors().find(|top| top.join(".git").symlink_metadata().is_ok())?;
        if Rules::repository_leaves_out(root) {
            return None;
        }
        let pointer = Folder::open(top).ok().and_then(|folder| git_pointer(&folder));
        let git = pointer.map_or_else(|| top.join(".git"), |pointer| top.join(pointer));
        let common = read_small_anywhere(&git.join("commondir"), LONGEST_REFERENCE)
            .and_then(|common| String::from_utf8(common).ok())
            .map_or_else(|| git.clone(), |common| git.join(common.trim()));
        Some(HeadFiles { head: git.join("HEAD"), common, packed: Mutex::default() })
    }

    /// What they say now. Files that cannot be read say nothing.
    pub fn look(&self) -> HeadMark {
        let head = read_small_anywhere(&self.head, LONGEST_REFERENCE);
        let mut mark = HeadMark { head, branch: None };
        // Nothing but a branch is followed, and never out of git's folder.
        let is_inside =
            |name: &&str| name.starts_with("refs/") && name.split('/').all(|part| part != "..");
        mark.branch = mark.reference().filter(is_inside).and_then(|name| {
            read_small_anywhere(&self.common.join(name), LONGEST_REFERENCE)
                .map(|branch| branch.trim_ascii().to_vec())
                .or_else(|| self.packed(name))
        });
        mark
    }

    /// The commit of a branch that has no file of its own. The list is read when
    /// its stamp changes: git replaces it, and it can be long.
    fn packed(&self, name: &str) -> Option<Vec<u8>> {
        let list = self.common.join("packed-refs");
        let now = statat(CWD, &list, AtFlags::empty()).ok().map(|stat| stamp(&stat));
        let mut packed = self.packed.lock().unwrap_or_else(PoisonError::into_inner);
        if now.is_none() || packed.stamp != now || packed.name != name {
            let text = read_small_anywhere(&list, LONGEST_LIST).unwrap_or_default();
            let commit = text.split(|byte| *byte == b'\n').find_map(|line| {
                line.strip_suffix(name.as_bytes())?.strip_suffix(b" ").map(<[u8]>::to_vec)
            });
            *packed = Packed { stamp: now, name: name.to_owned(), commit };
        }
        packed.commit.clone()
    }
}
