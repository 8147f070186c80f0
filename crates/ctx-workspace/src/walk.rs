//! Which files belong to a project, and why the others don't.

use std::{
    ffi::CStr,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use ctx_model::project::{FileEntry, SkipReason, Skipped};
use rustix::fs::FileType;

use crate::{
    folder::{Folder, Listed, refusal},
    membership::{Member, Project},
    names::Markers,
    rules::Rules,
};

/// Files larger than this are left out by default, in bytes (2 MiB).
pub const DEFAULT_MAX_FILE_BYTES: u64 = 2 * 1024 * 1024;

/// What a walk takes in.
#[derive(Debug, Clone)]
pub struct WalkOptions {
    /// Larger files are left out, in bytes.
    pub max_file_bytes: u64,
    /// The user's own ignore file (git's `core.excludesFile`), lowest in rank.
    pub user_ignore_file: Option<PathBuf>,
    /// Threads to walk with, at least 1.
    pub threads: usize,
}

impl Default for WalkOptions {
    /// 2 MiB, two threads, and the ignore file that the user's git is configured with.
    fn default() -> WalkOptions {
        WalkOptions {
            max_file_bytes: DEFAULT_MAX_FILE_BYTES,
            user_ignore_file: ignore::gitignore::gitconfig_excludes_path(),
            threads: 2,
        }
    }
}

/// A project's files as they were seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walk {
    /// The files that belong to it, sorted by path.
    pub files: Vec<FileEntry>,
    /// What was left out, sorted by path; a folder stands for all it holds.
    pub skipped: Vec<Skipped>,
    /// The folders that were entered, relative to the root (which is `""`), sorted.
    pub folders: Vec<String>,
}

/// Why a project could not be walked at all.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// Nothing has this name.
    #[error("`{root}` does not exist")]
    Missing {
        /// The root as given.
        root: PathBuf,
    },
    /// It is a file or something else.
    #[error("`{root}` is not a folder")]
    NotAFolder {
        /// The root as given.
        root: PathBuf,
    },
    /// The system refused.
    #[error("could not read the folder `{root}`")]
    Unreadable {
        /// The root as given.
        root: PathBuf,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
}

impl WalkError {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            WalkError::Missing { .. } => "check the spelling, or create the folder first",
            WalkError::NotAFolder { .. } => "name the folder that holds the file",
            WalkError::Unreadable { .. } => {
                "give yourself read and execute rights on it, or run as its owner"
            }
        }
    }
}

/// Walks the project at `root`. `progress` hears the number of files found so
/// far, once a folder, on any thread.
///
/// Every folder is listed and every file that belongs is looked at once; none
/// is opened but ignore files. A folder or file that can't be read is a
/// [`Skipped`], not an error: only the root must be readable.
pub fn walk(
    root: &Path,
    options: &WalkOptions,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Walk, WalkError> {
    let project = Project::open(root, options)?;
    let first = Pending { path: String::new(), above: project.above_root(), kept: true };
    let queue = Queue { state: Mutex::new((vec![first], 0)), more: Condvar::new() };
    let found = AtomicUsize::new(0);
    let walker = Walker { project: &project, queue: &queue, found: &found, progress };
    let mut walk = std::thread::scope(|scope| {
        let others: Vec<_> =
            (1..options.threads.max(1)).map(|_| scope.spawn(|| walker.work())).collect();
        let mut walk = walker.work();
        for other in others {
            let part = other.join().expect("a walker thread has nothing to panic about");
            walk.files.extend(part.files);
            walk.skipped.extend(part.skipped);
            walk.folders.extend(part.folders);
        }
        walk
    });
    if walk.folders.is_empty() {
        let source = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        return Err(WalkError::Unreadable { root: root.to_path_buf(), source });
    }
    walk.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    walk.skipped.sort_unstable();
    walk.folders.sort_unstable();
    Ok(walk)
}

/// A folder to enter.
struct Pending {
    /// `""`, or its path with a `/` at its end.
    path: String,
    above: Arc<Rules>,
    /// The project insists on it: its name and markers don't matter.
    kept: bool,
}

/// Folders to enter, and how many threads may still find more.
struct Queue {
    state: Mutex<(Vec<Pending>, usize)>,
    more: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, (Vec<Pending>, usize)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next folder; none once no thread can find another.
    fn take(&self) -> Option<Pending> {
        let mut state = self.lock();
        loop {
            if let Some(folder) = state.0.pop() {
                state.1 += 1;
                return Some(folder);
            }
            if state.1 == 0 {
                return None;
            }
            state = self.more.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// One folder is done and led to these.
    fn done(&self, found: &mut Vec<Pending>) {
        let mut state = self.lock();
        state.1 -= 1;
        let wake = !found.is_empty() || state.1 == 0;
        state.0.append(found);
        drop(state);
        if wake {
            self.more.notify_all();
        }
    }
}

struct Walker<'a> {
    project: &'a Project,
    queue: &'a Queue,
    found: &'a AtomicUsize,
    progress: &'a (dyn Fn(usize) + Sync),
}

impl Walker<'_> {
    fn work(&self) -> Walk {
        let mut walk = Walk::default();
        let mut deeper = Vec::new();
        while let Some(pending) = self.queue.take() {
            let before = walk.files.len();
            if let Err(reason) = self.enter(&pending, &mut walk, &mut deeper) {
                walk.skipped.push(Skipped { path: pending.path, reason });
            }
            let new = walk.files.len() - before;
            self.queue.done(&mut deeper);
            (self.progress)(self.found.fetch_add(new, Ordering::Relaxed) + new);
        }
        walk
    }

    fn enter(
        &self,
        pending: &Pending,
        walk: &mut Walk,
        deeper: &mut Vec<Pending>,
    ) -> Result<(), SkipReason> {
        let path = pending.path.trim_end_matches('/');
        let folder = self.project.folder.folder(path).map_err(refusal)?;
        let listed = folder.list().map_err(refusal)?;
        let mut markers = Markers::default();
        for entry in &listed {
            markers.note(entry.name.to_bytes());
        }
        if !pending.kept
            && let Some(reason) = self.project.marked(path, &folder, markers)
        {
            return Err(reason);
        }
        let rules = pending.above.enter(&folder, &pending.path, markers);
        for entry in &listed {
            self.sort_in(&pending.path, &folder, entry, &rules, walk, deeper);
        }
        walk.folders.push(path.to_owned());
        Ok(())
    }

    fn sort_in(
        &self,
        parent: &str,
        folder: &Folder,
        entry: &Listed,
        rules: &Arc<Rules>,
        walk: &mut Walk,
        deeper: &mut Vec<Pending>,
    ) {
        let Ok(name) = entry.name.to_str() else {
            let path = format!("{parent}{}", printable(&entry.name));
            walk.skipped.push(Skipped { path, reason: SkipReason::UnprintableName });
            return;
        };
        let mut path = String::with_capacity(parent.len() + name.len() + 1);
        path.push_str(parent);
        path.push_str(name);
        match self.project.member(rules, folder, &path, &entry.name, entry.kind) {
            Member::File(entry) => walk.files.push(entry),
            Member::Folder { kept } => {
                path.push('/');
                deeper.push(Pending { path, above: Arc::clone(rules), kept });
            }
            Member::Skipped(reason) => {
                if entry.kind == FileType::Directory {
                    path.push('/');
                }
                walk.skipped.push(Skipped { path, reason });
            }
            Member::Unmentioned => {}
        }
    }
}

/// A name that is not UTF-8, with its odd bytes written as `\xHH`.
fn printable(name: &CStr) -> String {
    let mut printable = String::new();
    for chunk in name.to_bytes().utf8_chunks() {
        printable.push_str(chunk.valid());
        for byte in chunk.invalid() {
            printable.push_str(&format!("\\x{byte:02x}"));
        }
    }
    printable
}
