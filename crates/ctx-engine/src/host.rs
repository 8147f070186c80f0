//! The host: the store, the projects held open in it, and who may do what.
//!
//! Verbs are in [`verbs`](crate::verbs), one file each.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ctx_model::{Action, ProjectId};
use ctx_search::SearchIndex;
use ctx_security::{Permit, Policy, Secret, decide};
use ctx_storage::{RegisterError, Store, StoreOptions};

use crate::answer::{Answer, IndexReport};
use crate::error::{EngineError, ErrorKind};
use crate::failure;
use crate::indexing::{Job, now, search};
use crate::project::{Project, Snapshot};
use crate::request::{Caller, EngineOptions, IndexLimits, IndexOptions, Progress, Watching};
use crate::tally::{Count, Receipt, Tallies, Tally};
use crate::watching;

pub(crate) type Result<T> = std::result::Result<T, EngineError>;

/// One store and the projects held open in it. Share it in an `Arc`: every
/// verb takes `&self`, may block and may be called from any thread.
#[derive(Debug)]
pub struct Engine {
    pub(crate) options: EngineOptions,
    pub(crate) inner: Arc<Inner>,
}

/// What background threads share with the engine.
pub(crate) struct Inner {
    pub(crate) store: Store,
    policy: Policy,
    data_dir: PathBuf,
    pub(crate) limits: IndexLimits,
    release_memory: fn(),
    projects: Mutex<HashMap<ProjectId, Arc<Project>>>,
    secrets: Mutex<HashMap<ProjectId, Secret>>,
    tallies: Tallies,
    threads: Mutex<Vec<std::thread::JoinHandle<()>>>,
    closing: AtomicBool,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens the store in `options.data_dir`, or makes it.
    ///
    /// # Errors
    /// `Busy` if another process holds it, `Incompatible` if a newer version
    /// wrote it, `UnusableProject` if the folder cannot be used.
    pub fn open(options: EngineOptions) -> Result<Engine> {
        let store = Store::open(&options.data_dir.join("store"), StoreOptions::default())
            .map_err(failure::of_open)?;
        let inner = Inner {
            store,
            policy: Policy::local(),
            data_dir: options.data_dir.clone(),
            limits: options.limits,
            release_memory: options.release_memory,
            projects: Mutex::default(),
            secrets: Mutex::default(),
            tallies: Tallies::default(),
            threads: Mutex::default(),
            closing: AtomicBool::new(false),
        };
        Ok(Engine { options, inner: Arc::new(inner) })
    }

    /// The format of the store's files: higher is newer.
    pub fn data_format() -> u32 {
        ctx_storage::FORMAT
    }

    /// Brings the index of `root` up to date, from nothing if need be.
    ///
    /// # Errors
    /// `UnusableProject` if there is no file to index: an empty index is never
    /// a success.
    pub fn index(
        &self,
        caller: &Caller,
        root: &Path,
        options: IndexOptions,
        progress: &dyn Progress,
    ) -> Result<IndexReport> {
        let mut tries = 0;
        loop {
            let (project, permit) = self.permitted(caller, root, Action::IndexProject)?;
            self.register(&permit, &project)?;
            let report = match self.inner.index(&project, &permit, options, progress) {
                // Closed or sealed while this waited for its turn.
                Err(error)
                    if error.kind == ErrorKind::Busy && project.is_retired() && tries < 5 =>
                {
                    tries += 1;
                    continue;
                }
                indexed => indexed?,
            };
            if self.options.watching == Watching::On {
                self.inner.start_watching(&project);
            }
            // What was indexed before may be gone: that is stored, and told.
            return match report.files {
                0 => Err(project.holds_nothing(&project.snapshot())),
                _ => Ok(report),
            };
        }
    }

    /// Whether somebody may end the daemon; `Denied` if not.
    pub fn may_end(&self, caller: &Caller) -> Result<()> {
        self.inner.decide(caller, Action::ManageDaemon, ProjectId([0; 16])).map(drop)
    }

    /// Stores what was counted since the last time; called now and then.
    pub fn save_tallies(&self) {
        self.inner.save_tallies();
    }

    /// Closes projects that nobody asked about for `idle`; returns their roots.
    pub fn close_idle(&self, idle: Duration) -> Vec<PathBuf> {
        let mut closed = Vec::new();
        let mut taken = Vec::new();
        self.inner.lock_projects().retain(|_, project| {
            let keep = project.last_used().elapsed() < idle || project.is_changing();
            if !keep {
                closed.push(project.root.clone());
                taken.push(Arc::clone(project));
            }
            keep
        });
        // Watches end outside the lock: their threads may wait for it.
        taken.iter().for_each(|project| project.close());
        closed
    }

    /// Stops background work and makes everything durable. Verbs called
    /// afterwards fail with `Unavailable`.
    pub fn shut_down(&self) {
        self.inner.save_tallies();
        self.inner.closing.store(true, Ordering::SeqCst);
        let projects: Vec<_> = self.inner.lock_projects().drain().map(|entry| entry.1).collect();
        projects.iter().for_each(|project| project.close());
        let threads = std::mem::take(&mut *self.inner.lock_threads());
        for thread in threads {
            // Its panic has been printed; there is nothing to add.
            let _ = thread.join();
        }
        if let Err(error) = self.inner.store.sync() {
            tracing::error!(%error, "the store could not be synced");
        }
    }

    /// Lets go of a project's memory and watches; it opens again when asked for.
    pub fn close_project(&self, caller: &Caller, root: &Path) -> Result<()> {
        let (project, _) = self.permitted(caller, root, Action::ManageDaemon)?;
        self.inner.lock_projects().remove(&project.id);
        project.close();
        Ok(())
    }

    /// Starts or stops watching a project's files.
    pub fn watch(&self, caller: &Caller, root: &Path, watching: Watching) -> Result<Watching> {
        let (project, _) = self.permitted(caller, root, Action::IndexProject)?;
        match watching {
            Watching::On => self.inner.start_watching(&project),
            Watching::Off => project.stop_watching(),
        }
        Ok(if project.is_watched() { Watching::On } else { Watching::Off })
    }

    /// The project at `root`, opened, and a permit for an action on it.
    pub(crate) fn permitted(
        &self,
        caller: &Caller,
        root: &Path,
        action: Action,
    ) -> Result<(Arc<Project>, Permit)> {
        let root = self.inner.usable_root(root)?;
        let id = self.inner.id_of(&root);
        let permit = self.inner.decide(caller, action, id)?;
        let (project, fresh) = self.inner.open_project(id, &root)?;
        project.touch();
        let known = project.snapshot();
        if fresh && self.options.watching == Watching::On && known.indexed {
            self.inner.catch_up(&project);
        } else if fresh && known.state.unfinished && action != Action::IndexProject {
            // Nobody catches up here, and half a graph must not answer.
            self.inner.rescan(&project);
        }
        Ok((project, permit))
    }

    /// An indexed project with its latest snapshot, for reading.
    pub(crate) fn reading(
        &self,
        caller: &Caller,
        root: &Path,
    ) -> Result<(Arc<Project>, Arc<Snapshot>)> {
        let (project, _) = self.permitted(caller, root, Action::ReadProject)?;
        let snapshot = project.indexed()?;
        Ok((project, snapshot))
    }

    /// An indexed project with its latest snapshot and the search index that
    /// goes with it. One that does not (it was damaged, deleted, or written by
    /// an attempt that did not end) is filled again first.
    pub(crate) fn searching(
        &self,
        caller: &Caller,
        root: &Path,
    ) -> Result<(Arc<Project>, Arc<Snapshot>, Arc<SearchIndex>)> {
        let (project, snapshot) = self.reading(caller, root)?;
        let search = self.inner.search(&project)?;
        let fits = |search: &SearchIndex| {
            search.generation() == Some(project.snapshot().state.generation.to_string())
        };
        if fits(&search) {
            return Ok((project, snapshot, search));
        }
        if project.is_changing() {
            // What it knew before, or knows already, is an answer; nothing is none.
            if search.chunks() > 0 || fits(&search) {
                return Ok((Arc::clone(&project), project.snapshot(), search));
            }
            return Err(project.is_being_filled());
        }
        self.inner.rescan(&project);
        let search = self.inner.search(&project)?;
        if !fits(&search) && search.chunks() == 0 {
            return Err(project.is_being_filled());
        }
        Ok((Arc::clone(&project), project.snapshot(), search))
    }

    /// An answer with what it knows of the project.
    pub(crate) fn answered<T>(project: &Project, snapshot: &Snapshot, content: T) -> Answer<T> {
        let freshness = project.freshness(snapshot);
        Answer { content, freshness, receipt: Receipt::default() }
    }

    /// What an answer is counted under.
    pub(crate) fn receipt(
        &self,
        question: Count,
        project: &Project,
        snapshot: &Arc<Snapshot>,
    ) -> Receipt {
        Receipt::new(question, self.inner.tally(project.id), Arc::clone(snapshot))
    }

    /// Makes sure that the store knows the project.
    pub(crate) fn register(&self, permit: &Permit, project: &Project) -> Result<()> {
        self.inner.register(permit, project)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Watches must end here: one that ended on its own thread would wait
        // for itself.
        self.shut_down();
    }
}

impl Inner {
    fn register(&self, permit: &Permit, project: &Project) -> Result<()> {
        let root = project.root.to_string_lossy();
        match self.store.register_project(permit, &root) {
            Ok(_) => Ok(()),
            Err(RegisterError::NotWritten { source, .. }) => {
                Err(failure::of_write("register the project", source))
            }
            Err(error) => {
                Err(EngineError::new(ErrorKind::Denied, error.to_string()).because(error))
            }
        }
    }

    /// Indexes a project on behalf of whoever the permit names.
    pub(crate) fn index(
        &self,
        project: &Project,
        permit: &Permit,
        options: IndexOptions,
        progress: &dyn Progress,
    ) -> Result<IndexReport> {
        let limits = IndexLimits {
            max_file_bytes: options.max_file_bytes.unwrap_or(self.limits.max_file_bytes),
            history_commits: options.history_commits.unwrap_or(self.limits.history_commits),
        };
        let indexed = self.job(project, permit, limits, progress)?.whole();
        (self.release_memory)();
        match indexed {
            // Damaged or taken away while it was open: it is filled anew.
            Err(error) if failure::is_of_search(&error) => {
                tracing::warn!(root = %project.root.display(), %error, "the search index is opened anew");
                self.drop_search(project);
                self.job(project, permit, limits, progress)?.whole()
            }
            indexed => indexed,
        }
    }

    /// A job that indexes a project.
    pub(crate) fn job<'a>(
        &'a self,
        project: &'a Project,
        permit: &'a Permit,
        limits: IndexLimits,
        progress: &'a dyn Progress,
    ) -> Result<Job<'a>> {
        let search = self.search(project)?;
        let tally = self.tally(project.id);
        Ok(Job { store: &self.store, project, search, permit, limits, progress, tally })
    }

    /// Removes the search index, which cannot be used any more: the next
    /// indexing fills another.
    pub(crate) fn drop_search(&self, project: &Project) {
        let _turn = project.take_turn();
        project.drop_search();
        if let Err(error) = std::fs::remove_dir_all(self.search_folder(project.id)) {
            tracing::debug!(%error, "the search index was not removed");
        }
    }

    /// The project's search index.
    pub(crate) fn search(&self, project: &Project) -> Result<Arc<SearchIndex>> {
        project
            .search(|| search::open(&self.data_dir, project.id, self.secret(project.id).as_ref()))
            // Its folder may have been removed while it was opened.
            .map_err(|error| if project.is_retired() { project.was_closed() } else { error })
    }

    /// A permit for an action, or why not.
    pub(crate) fn decide(
        &self,
        caller: &Caller,
        action: Action,
        project: ProjectId,
    ) -> Result<Permit> {
        if self.closing.load(Ordering::SeqCst) {
            return Err(EngineError::new(ErrorKind::Unavailable, "CodeContext is shutting down")
                .with_hint("try again: a new daemon starts by itself"));
        }
        decide(&self.policy, &caller.actor, action, project, now()).map_err(|denied| {
            let hint = denied.hint();
            EngineError::new(ErrorKind::Denied, denied.to_string()).with_hint(hint).because(denied)
        })
    }

    /// The root without links, if it can serve as a project.
    pub(crate) fn usable_root(&self, root: &Path) -> Result<PathBuf> {
        let unusable = |text: String| EngineError::new(ErrorKind::UnusableProject, text);
        let canonical = root.canonicalize().map_err(|source| {
            unusable(format!("`{}` cannot be used as a project", root.display()))
                .with_hint("check the spelling and your rights on the folder")
                .because(source)
        })?;
        if !canonical.is_dir() {
            return Err(unusable(format!("`{}` is not a folder", root.display()))
                .with_hint("name the folder that holds the file"));
        }
        if canonical.starts_with(self.data_dir.join("store")) {
            return Err(unusable(format!("`{}` is CodeContext's own store", root.display()))
                .with_hint("name a project of yours"));
        }
        Ok(canonical)
    }

    pub(crate) fn id_of(&self, root: &Path) -> ProjectId {
        self.store.project_id(&root.to_string_lossy())
    }

    /// The open project, and whether it was opened just now.
    fn open_project(&self, id: ProjectId, root: &Path) -> Result<(Arc<Project>, bool)> {
        // Opened under the lock, so that two clients never open one project twice.
        let mut projects = self.lock_projects();
        if let Some(project) = projects.get(&id) {
            return Ok((Arc::clone(project), false));
        }
        let project = Arc::new(Project::open(&self.store, id, root)?);
        projects.insert(id, Arc::clone(&project));
        Ok((project, true))
    }

    /// What is counted of a project.
    pub(crate) fn tally(&self, id: ProjectId) -> Arc<Tally> {
        self.tallies.of(&self.store, id)
    }

    fn save_tallies(&self) {
        let caller = watching::own_caller();
        let permit = |project| self.decide(&caller, Action::IndexProject, project).ok();
        self.tallies.save(&self.store, permit);
    }

    pub(crate) fn open_projects(&self) -> Vec<Arc<Project>> {
        self.lock_projects().values().cloned().collect()
    }

    /// Closes a project if it is open.
    pub(crate) fn let_go(&self, id: ProjectId) {
        let project = self.lock_projects().remove(&id);
        if let Some(project) = project {
            project.close();
        }
    }

    /// Threads that run in the background.
    pub(crate) fn lock_threads(&self) -> MutexGuard<'_, Vec<std::thread::JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_projects(&self) -> MutexGuard<'_, HashMap<ProjectId, Arc<Project>>> {
        self.projects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    pub(crate) fn secret(&self, id: ProjectId) -> Option<Secret> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    pub(crate) fn keep_secret(&self, id: ProjectId, secret: Secret) {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).insert(id, secret);
    }

    pub(crate) fn forget_secret(&self, id: ProjectId) {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    pub(crate) fn search_folder(&self, id: ProjectId) -> PathBuf {
        search::folder(&self.data_dir, id)
    }
}
