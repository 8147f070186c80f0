//! Opening things beneath a folder and nowhere else.
//!
//! Every open starts at the project's own open folder and refuses links on the
//! way, so a parent that is swapped for a link between two looks leads to an
//! error and not out of the project.

use std::{
    ffi::{CStr, CString},
    fs::File,
    io::Read,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use ctx_model::project::{FileStamp, SkipReason};
use rustix::{
    fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, fstat, openat, statat},
    io::Errno,
};

/// An open folder.
#[derive(Debug)]
pub(crate) struct Folder {
    fd: OwnedFd,
}

/// One name in a folder.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Its name, in whatever bytes the file system has.
    pub(crate) name: CString,
    /// What it is, as far as the listing says.
    pub(crate) kind: FileType,
}

// O_NONBLOCK: opening a pipe must not wait for its writer.
const FILE_FLAGS: OFlags = OFlags::RDONLY
    .union(OFlags::CLOEXEC)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY);
const FOLDER_FLAGS: OFlags =
    OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NOFOLLOW).union(OFlags::DIRECTORY);

impl Folder {
    /// Opens the folder at `path`; the path itself may lead through links.
    pub(crate) fn open(path: &Path) -> Result<Folder, Errno> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::DIRECTORY;
        Ok(Folder { fd: openat(CWD, path, flags, Mode::empty())? })
    }

    /// Opens the folder at `path` (relative, with `/`; `""` is this one).
    pub(crate) fn folder(&self, path: &str) -> Result<Folder, Errno> {
        let path = if path.is_empty() { "." } else { path };
        Ok(Folder { fd: open_beneath(self.fd.as_fd(), path, FOLDER_FLAGS)? })
    }

    /// Opens what is at `path` (relative, with `/`) for reading; it may turn
    /// out to be anything but a link.
    pub(crate) fn file(&self, path: &str) -> Result<File, Errno> {
        Ok(File::from(open_beneath(self.fd.as_fd(), path, FILE_FLAGS)?))
    }

    /// Which folder it is, whatever its name (device and inode).
    pub(crate) fn identity(&self) -> Option<(u64, u64)> {
        let stat = fstat(&self.fd).ok()?;
        Some((stat.st_dev as u64, stat.st_ino as u64))
    }

    /// Everything in it but `.` and `..`, in no order.
    pub(crate) fn list(&self) -> Result<Vec<Listed>, Errno> {
        let mut listed = Vec::new();
        for entry in Dir::read_from(&self.fd)? {
            let entry = entry?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            listed.push(Listed { name: name.to_owned(), kind: entry.file_type() });
        }
        Ok(listed)
    }

    /// The metadata of `name`, links not followed.
    pub(crate) fn stat(&self, name: &CStr) -> Result<Stat, Errno> {
        statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW)
    }

    /// Whether there is anything called `name`.
    pub(crate) fn has(&self, name: &str) -> bool {
        statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW).is_ok()
    }

    /// The first `limit` bytes of the regular file at `path`; none if it is
    /// missing, unreadable or something else.
    pub(crate) fn read_small(&self, path: &str, limit: u64) -> Option<Vec<u8>> {
        read_regular(self.file(path).ok()?, limit)
    }
}

/// The first `limit` bytes of the regular file at `path`, which may be anywhere
/// and lead through links: for git's own files only.
pub(crate) fn read_small_anywhere(path: &Path, limit: u64) -> Option<Vec<u8>> {
    let flags = FILE_FLAGS.difference(OFlags::NOFOLLOW);
    read_regular(File::from(openat(CWD, path, flags, Mode::empty()).ok()?), limit)
}

fn read_regular(file: File, limit: u64) -> Option<Vec<u8>> {
    let stat = fstat(&file).ok()?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The stamp that a file's metadata makes.
#[expect(
    clippy::unnecessary_cast,
    clippy::cast_sign_loss,
    reason = "the fields have other widths on other platforms; sizes are not negative"
)]
pub(crate) fn stamp(stat: &Stat) -> FileStamp {
    let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000) + rest;
    FileStamp {
        size: stat.st_size as u64,
        modified_ns: nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
        inode: stat.st_ino as u64,
        changed_ns: nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
    }
}

/// Why something that can't be opened is left out.
pub(crate) fn refusal(error: Errno) -> SkipReason {
    match error {
        Errno::NOENT | Errno::NOTDIR => SkipReason::Vanished,
        Errno::LOOP | Errno::XDEV => SkipReason::Link,
        Errno::NXIO | Errno::NODEV | Errno::OPNOTSUPP => SkipReason::NotRegular,
        _ => SkipReason::Unreadable,
    }
}

/// Set once the kernel has said that it knows no `openat2`.
static WITHOUT_OPENAT2: AtomicBool = AtomicBool::new(false);

#[cfg(target_os = "linux")]
fn open_beneath(start: BorrowedFd<'_>, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    use rustix::fs::{ResolveFlags, openat2};

    if !path.contains('/') && path != ".." {
        return openat(start, path, flags, Mode::empty());
    }
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let mut tries = 0;
    while !WITHOUT_OPENAT2.load(Ordering::Relaxed) {
        match openat2(start, path, flags, Mode::empty(), resolve) {
            // Some folder on the way was renamed meanwhile: the kernel asks to try again.
            Err(Errno::AGAIN) if tries < 8 => tries += 1,
            Err(Errno::NOSYS) => WITHOUT_OPENAT2.store(true, Ordering::Relaxed),
            // Older container sandboxes answer so to a call that they don't know.
            Err(Errno::PERM) => break,
            answer => return answer,
        }
    }
    open_step_by_step(start, path, flags)
}

#[cfg(not(target_os = "linux"))]
fn open_beneath(start: BorrowedFd<'_>, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    open_step_by_step(start, path, flags)
}

/// The same promise without `openat2`: one open a folder, none through a link.
fn open_step_by_step(start: BorrowedFd<'_>, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    let mut parent: Option<OwnedFd> = None;
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    for step in folders.split('/').filter(|step| !step.is_empty()) {
        if step == ".." {
            return Err(Errno::XDEV);
        }
        let from = parent.as_ref().map_or(start, |fd| fd.as_fd());
        parent = Some(openat(from, step, FOLDER_FLAGS, Mode::empty())?);
    }
    if name == ".." {
        return Err(Errno::XDEV);
    }
    let from = parent.as_ref().map_or(start, |fd| fd.as_fd());
    openat(from, name, flags, Mode::empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_opening_refuse_what_leads_out() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret"), "s").unwrap();
        let inside = tempfile::tempdir().unwrap();
        std::fs::create_dir(inside.path().join("a")).unwrap();
        std::fs::write(inside.path().join("a/b"), "text").unwrap();
        std::os::unix::fs::symlink(outside.path(), inside.path().join("out")).unwrap();
        let root = Folder::open(inside.path()).unwrap();
        for open in [open_beneath, open_step_by_step] {
            let try_open = |path| open(root.fd.as_fd(), path, FILE_FLAGS);
            assert!(try_open("a/b").is_ok());
            assert!(try_open("out/secret").is_err());
            assert!(try_open("a/../../secret").is_err());
            assert!(try_open("out").is_err());
        }
    }
}
