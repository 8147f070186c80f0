//! Whether what is checked out is what was indexed.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ctx_workspace::{HeadFiles, HeadMark, git_state};

use crate::stored::ProjectState;

/// How long the watch has to see by itself that it is asked to look again.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where git's `HEAD` stood when the project was indexed. A checkout is done
/// before the watch has looked: until then, answers must not say that they are
/// fresh.
#[derive(Debug, Default)]
pub(crate) struct Checkout(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// None without a repository.
    files: Option<HeadFiles>,
    looked_for: bool,
    indexed: Option<HeadMark>,
    told: Option<Instant>,
}

impl Checkout {
    /// Where `HEAD` stands as an indexing begins.
    pub(crate) fn begin(&self, root: &Path) -> Option<HeadMark> {
        let mut known = self.lock();
        known.find(root);
        known.files.as_ref().map(HeadFiles::look)
    }

    /// An indexing that began at `mark` is done.
    pub(crate) fn indexed(&self, mark: Option<HeadMark>) {
        self.lock().indexed = mark;
    }

    /// Whether another commit or branch is checked out than was indexed.
    pub(crate) fn has_moved(&self, root: &Path, state: &ProjectState) -> bool {
        let mut known = self.lock();
        if !known.looked_for {
            known.find(root);
        }
        let Some(now) = known.files.as_ref().map(HeadFiles::look) else { return false };
        if known.indexed.is_none() {
            // Not indexed since it was opened. Where the files do not say the
            // same, only git knows what they mean.
            let is_same = is_indexed(state, now.commit(), now.branch()) || {
                let git = git_state(root);
                is_indexed(state, git.commit.as_deref(), git.branch.as_deref())
            };
            known.indexed = is_same.then_some(now);
            return !is_same;
        }
        known.indexed.as_ref() != Some(&now)
    }

    /// Whether the watch should be told that `HEAD` moved: it looks by itself, so
    /// once in a while is enough.
    pub(crate) fn should_tell(&self) -> bool {
        let mut known = self.lock();
        let is_due = known.told.is_none_or(|told| told.elapsed() > PATIENCE);
        if is_due {
            known.told = Some(Instant::now());
        }
        is_due
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_indexed(state: &ProjectState, commit: Option<&str>, branch: Option<&str>) -> bool {
    state.commit.as_deref() == commit && state.branch.as_deref() == branch
}

impl Known {
    fn find(&mut self, root: &Path) {
        self.files = HeadFiles::find(root);
        self.looked_for = true;
    }
}
