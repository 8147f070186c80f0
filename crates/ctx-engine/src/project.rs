//! A project held open: its latest snapshot, its search index, its memories.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use ctx_graph::{CodeGraph, FileNode};
use ctx_model::{ProjectId, Timestamp};
use ctx_search::SearchIndex;
use ctx_storage::{Space, Store};
use ctx_workspace::Watch;

use crate::answer::Freshness;
use crate::checkout::Checkout;
use crate::error::{EngineError, ErrorKind};
use crate::failure;
use crate::files::FileTable;
use crate::stored::{self, FileRow, ProjectState};

/// Most stale paths that an answer names.
const MOST_STALE: usize = 100;

/// What a project's files said at one moment. Never changes.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    pub(crate) graph: CodeGraph,
    pub(crate) files: FileTable,
    pub(crate) state: ProjectState,
    /// Whether the project was ever indexed.
    pub(crate) indexed: bool,
}

/// How far a running indexing has come.
#[derive(Debug, Default)]
pub(crate) struct Running {
    pub(crate) now: AtomicBool,
    pub(crate) done: AtomicU64,
    pub(crate) total: AtomicU64,
}

/// A project held open.
pub(crate) struct Project {
    pub(crate) id: ProjectId,
    pub(crate) root: PathBuf,
    snapshot: RwLock<Arc<Snapshot>>,
    search: Mutex<Option<Arc<SearchIndex>>>,
    /// Held by whoever changes the views: one at a time.
    turn: Mutex<()>,
    pub(crate) running: Running,
    /// Paths known to have changed and not indexed yet.
    pending: Mutex<BTreeSet<String>>,
    pub(crate) watch: Mutex<Option<Watch>>,
    pub(crate) checkout: Checkout,
    /// Let go of: another may be open in its place, so nothing is changed
    /// through this one any more.
    retired: AtomicBool,
    used: Mutex<Instant>,
    pub(crate) memory: Mutex<crate::memories::Memories>,
}

impl std::fmt::Debug for Project {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Project").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Project {
    /// Opens a project from what the store has of it, if anything.
    pub(crate) fn open(store: &Store, id: ProjectId, root: &Path) -> Result<Project, EngineError> {
        Ok(Project {
            id,
            root: root.to_path_buf(),
            snapshot: RwLock::new(Arc::new(load(store, id)?)),
            search: Mutex::new(None),
            turn: Mutex::new(()),
            running: Running::default(),
            pending: Mutex::default(),
            watch: Mutex::new(None),
            checkout: Checkout::default(),
            retired: AtomicBool::new(false),
            used: Mutex::new(Instant::now()),
            memory: Mutex::default(),
        })
    }

    /// The latest snapshot.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The latest snapshot, if the project was ever indexed: an empty index is
    /// an error, not an answer.
    pub(crate) fn indexed(&self) -> Result<Arc<Snapshot>, EngineError> {
        let snapshot = self.snapshot();
        if snapshot.indexed && snapshot.files.len() == 0 {
            return Err(self.holds_nothing(&snapshot));
        }
        if snapshot.indexed {
            return Ok(snapshot);
        }
        if self.running.now.load(Ordering::Relaxed) {
            return Err(EngineError::new(
                ErrorKind::Busy,
                format!(
                    "`{}` is being indexed for the first time: {} of {} files so far",
                    self.root.display(),
                    self.running.done.load(Ordering::Relaxed),
                    self.running.total.load(Ordering::Relaxed)
                ),
            )
            .with_hint("ask again in a moment"));
        }
        Err(EngineError::new(
            ErrorKind::UnusableProject,
            format!("`{}` is not indexed yet", self.root.display()),
        )
        .with_hint("run `codecontext index` in it first"))
    }

    /// Why an index without a single file cannot answer.
    pub(crate) fn holds_nothing(&self, snapshot: &Snapshot) -> EngineError {
        let mut reasons: std::collections::BTreeMap<&str, usize> = Default::default();
        for skipped in snapshot.state.all_skipped() {
            *reasons.entry(skipped.reason.name()).or_default() += 1;
        }
        let root = self.root.display();
        if reasons.is_empty() {
            return EngineError::new(
                ErrorKind::UnusableProject,
                format!("`{root}` is empty: there is nothing to index"),
            )
            .with_hint("name the folder that holds your source files");
        }
        let reasons: Vec<String> =
            reasons.into_iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        EngineError::new(
            ErrorKind::UnusableProject,
            format!("`{root}` holds no file that can be indexed; left out: {}", reasons.join(", ")),
        )
        .with_hint(
            "name the folder that holds your source files, or take files in with a \
             `!` line in .codecontextignore",
        )
    }

    /// Why an empty search index cannot answer.
    pub(crate) fn is_being_filled(&self) -> EngineError {
        EngineError::new(
            ErrorKind::Busy,
            format!(
                "the search index of `{}` is being filled again: {} of {} files so far",
                self.root.display(),
                self.running.done.load(Ordering::Relaxed),
                self.running.total.load(Ordering::Relaxed)
            ),
        )
        .with_hint("ask again in a moment, or run `codecontext index`")
    }

    /// Makes a snapshot the latest one.
    pub(crate) fn publish(&self, snapshot: Snapshot) {
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }

    /// Paths known to have changed and not indexed yet.
    pub(crate) fn lock_pending(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn to change the views.
    pub(crate) fn take_turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the watch, waits for whoever changes the views, and lets nobody
    /// change them afterwards.
    pub(crate) fn close(&self) {
        self.retire();
        self.stop_watching();
        drop(self.take_turn());
    }

    /// Nothing is changed through this project any more, but by the job that
    /// has its turn now.
    pub(crate) fn retire(&self) {
        self.retired.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::SeqCst)
    }

    /// What is told to whoever held on to a retired project.
    pub(crate) fn was_closed(&self) -> EngineError {
        EngineError::new(ErrorKind::Busy, format!("`{}` was closed meanwhile", self.root.display()))
            .with_hint("try again")
    }

    /// Whether somebody changes the views just now.
    pub(crate) fn is_changing(&self) -> bool {
        matches!(self.turn.try_lock(), Err(std::sync::TryLockError::WouldBlock))
    }

    /// Lets go of the search index, so that the next use opens it anew.
    pub(crate) fn drop_search(&self) {
        *self.search.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The search index, opened at first use.
    pub(crate) fn search(
        &self,
        open: impl FnOnce() -> Result<SearchIndex, EngineError>,
    ) -> Result<Arc<SearchIndex>, EngineError> {
        let mut search = self.search.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = &*search {
            return Ok(Arc::clone(index));
        }
        let index = Arc::new(open()?);
        *search = Some(Arc::clone(&index));
        Ok(index)
    }

    /// Drops the folded memories; they are read from the journal again.
    pub(crate) fn forget_memories(&self) {
        *self.memory.lock().unwrap_or_else(PoisonError::into_inner) = Default::default();
    }

    /// Notes that somebody asked for the project now.
    pub(crate) fn touch(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// When somebody last asked for it.
    pub(crate) fn last_used(&self) -> Instant {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether its files are watched.
    pub(crate) fn is_watched(&self) -> bool {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Whether another commit or branch is checked out than `snapshot` is of.
    fn has_moved(&self, snapshot: &Snapshot) -> bool {
        let (known, latest) = (&snapshot.state, self.snapshot());
        // What was indexed while somebody still read an older snapshot is not
        // what they read.
        let is_older =
            (&known.commit, &known.branch) != (&latest.state.commit, &latest.state.branch);
        is_older || self.checkout.has_moved(&self.root, known)
    }

    /// How much of the project an answer from this snapshot knows.
    pub(crate) fn freshness(&self, snapshot: &Snapshot) -> Freshness {
        let indexing = self.running.now.load(Ordering::Relaxed);
        let head_moved = snapshot.indexed && self.has_moved(snapshot);
        if head_moved && !indexing && self.checkout.should_tell() {
            self.look_again();
        }
        let stale = if self.is_watched() {
            let pending = self.lock_pending();
            pending.iter().cloned().collect()
        } else {
            stale_files(&self.root, &snapshot.files)
        };
        let known = snapshot.files.len() as u64;
        let total = if indexing { self.running.total.load(Ordering::Relaxed) } else { 0 };
        Freshness {
            indexed_commit: snapshot.state.commit.clone(),
            branch: snapshot.state.branch.clone(),
            stale_file_count: stale.len(),
            stale_files: stale.into_iter().take(MOST_STALE).collect(),
            indexed_files: known,
            total_files: known.max(total),
            complete: snapshot.indexed
                && !snapshot.state.unfinished
                && !head_moved
                && total <= known,
            indexing,
            head_moved,
        }
    }
}

/// Files whose stamp on disk is not the indexed one.
fn stale_files(root: &Path, files: &FileTable) -> Vec<String> {
    let mut stale: Vec<String> = files
        .iter()
        .filter(|(_, file)| {
            ctx_workspace::stamp_of(root, &file.entry.path) != Some(file.entry.stamp)
        })
        .map(|(_, file)| file.entry.path.clone())
        .collect();
    stale.sort_unstable();
    stale
}

/// What the store has of a project that is not held open: how many files, and
/// when they were indexed. None if it never was.
pub(crate) fn stored_files(
    store: &Store,
    id: ProjectId,
) -> Result<Option<(u64, Timestamp)>, EngineError> {
    let Some(state) = stored_state(store, id)? else { return Ok(None) };
    let rows = store.scan(Space::Files, id).map_err(|e| failure::of_read("count files", e))?;
    let is_file = |row: &Vec<u8>| matches!(stored::decode_file(row), Ok(FileRow::File(..)));
    let files = rows.filter(|row| row.as_ref().is_ok_and(is_file)).count() as u64;
    Ok(Some((files, state.indexed_at)))
}

fn stored_state(store: &Store, id: ProjectId) -> Result<Option<ProjectState>, EngineError> {
    match store.get(Space::Project, id, STATE_KEY) {
        Ok(Some(bytes)) => Ok(ProjectState::decode(&bytes).ok()),
        Ok(None) | Err(ctx_storage::ReadError::UnknownProject { .. }) => Ok(None),
        Err(error) => Err(failure::of_read("open the project", error)),
    }
}

/// What the store has of a project. Rows that cannot be read are left out:
/// they are views, and the next indexing makes them again.
fn load(store: &Store, id: ProjectId) -> Result<Snapshot, EngineError> {
    let Some(state) = stored_state(store, id)? else { return Ok(Snapshot::default()) };
    let mut damaged = state.graph_version != ctx_graph::GRAPH_VERSION;
    let (mut files, mut former) = (Vec::new(), Vec::new());
    for row in store.scan(Space::Files, id).map_err(|e| failure::of_read("read files", e))? {
        match row.ok().and_then(|row| stored::decode_file(&row).ok()) {
            Some(FileRow::File(number, file)) => files.push((number, file)),
            Some(FileRow::Former(number, path)) => former.push((number, path)),
            None => damaged = true,
        }
    }
    let mut nodes = Vec::new();
    for row in store.scan(Space::Graph, id).map_err(|e| failure::of_read("read the graph", e))? {
        let node = row.ok().and_then(|row| {
            let (number, bytes) = stored::decode_node(&row).ok()?;
            Some((number, Arc::new(FileNode::decode(bytes).ok()?)))
        });
        match node {
            Some(node) => nodes.push(node),
            None => damaged = true,
        }
    }
    let files = FileTable::of(files, former);
    let count = nodes.len();
    nodes.retain(|(number, _)| files.get(*number).is_some());
    damaged |= nodes.len() != files.len() || nodes.len() != count;
    let mut state = state;
    state.unfinished |= damaged;
    Ok(Snapshot { graph: CodeGraph::new(nodes), files, state, indexed: true })
}

/// The key of the row that holds a [`ProjectState`].
pub(crate) const STATE_KEY: &[u8] = b"state";
