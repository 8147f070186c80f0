//! Watching: what changes on the disk is indexed as it happens.

use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use ctx_model::{Action, Actor};
use ctx_workspace::{Change, Watch};

use crate::failure;
use crate::host::Inner;
use crate::project::Project;
use crate::request::{Caller, IndexOptions, Unheard};

/// Quiet time after which changes are indexed.
const DEBOUNCE: Duration = Duration::from_millis(15);

impl Inner {
    /// Watches a project; where the system will not, says so in the log and
    /// leaves the project unwatched, which its answers then tell.
    pub(crate) fn start_watching(self: &Arc<Self>, project: &Arc<Project>) {
        let mut watch = project.watch.lock().unwrap_or_else(PoisonError::into_inner);
        if watch.is_some() || project.is_retired() || self.is_closing() {
            return;
        }
        let (inner, watched) = (Arc::downgrade(self), Arc::downgrade(project));
        let listener = move |change| on_change(&inner, &watched, change);
        match Watch::start(&project.root, DEBOUNCE, Box::new(listener)) {
            Ok(started) => *watch = Some(started),
            Err(error) => tracing::warn!(
                root = %project.root.display(),
                %error,
                hint = error.hint(),
                "the project is not watched"
            ),
        }
    }

    /// Starts watching, and indexes in the background what changed while
    /// nobody watched.
    pub(crate) fn catch_up(self: &Arc<Self>, project: &Arc<Project>) {
        let (inner, project) = (Arc::clone(self), Arc::clone(project));
        let started = std::thread::Builder::new().name("catch-up".into()).spawn(move || {
            inner.start_watching(&project);
            inner.rescan(&project);
        });
        match started {
            Ok(thread) => {
                let mut threads = self.lock_threads();
                threads.retain(|thread| !thread.is_finished());
                threads.push(thread);
            }
            Err(error) => tracing::warn!(%error, "no thread to catch up with"),
        }
    }

    /// Indexes what changed while nobody watched, or told what; a failure is
    /// for the log.
    pub(crate) fn rescan(&self, project: &Project) {
        let caller = own_caller();
        let done = self.decide(&caller, Action::IndexProject, project.id).and_then(|permit| {
            self.index(project, &permit, IndexOptions::default(), &Unheard).map(drop)
        });
        if let Err(error) = done {
            tracing::warn!(root = %project.root.display(), %error, "could not catch up");
        }
    }

    fn index_paths(&self, project: &Project, paths: &[String]) {
        let caller = own_caller();
        let done = self
            .decide(&caller, Action::IndexProject, project.id)
            .and_then(|permit| self.job(project, &permit, self.limits, &Unheard)?.paths(paths));
        if let Err(error) = done {
            if failure::is_of_search(&error) {
                self.drop_search(project);
                return self.rescan(project);
            }
            tracing::warn!(root = %project.root.display(), %error, "could not index changes");
        }
    }
}

impl Project {
    /// Has the watch, if there is one, look for what it may not have seen.
    pub(crate) fn look_again(&self) {
        if let Some(watch) = &*self.watch.lock().unwrap_or_else(PoisonError::into_inner) {
            watch.look_again();
        }
    }

    /// Ends the watch, if there is one, and waits for its thread.
    pub(crate) fn stop_watching(&self) {
        let watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(watch);
    }
}

/// Called on the watch's own thread: one change at a time.
fn on_change(inner: &Weak<Inner>, project: &Weak<Project>, change: Change) {
    let (Some(inner), Some(project)) = (inner.upgrade(), project.upgrade()) else { return };
    if inner.is_closing() || !project.snapshot().indexed {
        return;
    }
    match change {
        Change::Paths(mut paths) => {
            with_replaced_files(&project, &mut paths);
            let mut pending = project.lock_pending();
            let files = &project.snapshot().files;
            pending.extend(paths.iter().filter(|path| files.number(path).is_some()).cloned());
            drop(pending);
            inner.index_paths(&project, &paths);
        }
        Change::Rescan => inner.rescan(&project),
    }
}

/// Adds files that a folder took the place of: only what is in it is named.
fn with_replaced_files(project: &Project, paths: &mut Vec<String>) {
    let files = &project.snapshot().files;
    let above = |path: &String| {
        let ends = path.match_indices('/').map(|(at, _)| at);
        ends.map(|at| path[..at].to_string())
            .filter(|folder| files.number(folder).is_some())
            .collect::<Vec<_>>()
    };
    let replaced: Vec<String> = paths.iter().flat_map(above).collect();
    if !replaced.is_empty() {
        paths.extend(replaced);
        paths.sort_unstable();
        paths.dedup();
    }
}

pub(crate) fn own_caller() -> Caller {
    Caller { actor: Actor::system(), session: None }
}
