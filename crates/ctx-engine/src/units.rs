//! Facts at hand: those read lately are kept within a budget, the others are
//! read from the store again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use ctx_graph::{FactSource, FileNumber, Unit};
use ctx_model::project::IndexedFile;
use ctx_model::{Digest, ProjectId};
use ctx_storage::{Space, Store};
use rustc_hash::FxHashMap;

use crate::files::FileTable;

/// How much memory kept facts may take, in bytes.
const BUDGET: usize = 40 * 1024 * 1024;

/// Facts of one project while its names are bound.
pub(crate) struct Units<'a> {
    store: &'a Store,
    project: ProjectId,
    files: &'a FileTable,
    kept: Mutex<Kept>,
}

/// What is kept.
#[derive(Default)]
pub(crate) struct Kept {
    units: FxHashMap<FileNumber, Arc<Unit>>,
    order: VecDeque<FileNumber>,
    bytes: usize,
}

impl Kept {
    /// Keeps a file's facts; the oldest go when the budget is spent.
    pub(crate) fn keep(&mut self, file: FileNumber, unit: Arc<Unit>) {
        self.bytes += unit.heap_bytes();
        if let Some(old) = self.units.insert(file, unit) {
            self.bytes = self.bytes.saturating_sub(old.heap_bytes());
        } else {
            self.order.push_back(file);
        }
        while self.bytes > BUDGET {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(unit) = self.units.remove(&oldest) {
                self.bytes = self.bytes.saturating_sub(unit.heap_bytes());
            }
        }
    }
}

impl<'a> Units<'a> {
    pub(crate) fn new(
        store: &'a Store,
        project: ProjectId,
        files: &'a FileTable,
        kept: Kept,
    ) -> Units<'a> {
        Units { store, project, files, kept: Mutex::new(kept) }
    }

    /// What is known of a file.
    pub(crate) fn file(&self, number: FileNumber) -> Option<&'a IndexedFile> {
        self.files.get(number)
    }

    fn read(&self, content: Digest) -> Option<Unit> {
        let bytes = match self.store.get(Space::Facts, self.project, &content.0) {
            Ok(bytes) => bytes?,
            Err(error) => {
                tracing::warn!(%error, "facts could not be read");
                return None;
            }
        };
        match ctx_syntax::decode(&bytes) {
            Ok(facts) => Some(Unit::new(facts)),
            Err(error) => {
                tracing::warn!(%error, "facts are damaged");
                None
            }
        }
    }
}

impl FactSource for Units<'_> {
    fn facts(&self, file: FileNumber) -> Option<Arc<Unit>> {
        if let Some(unit) = self.lock().units.get(&file) {
            return Some(Arc::clone(unit));
        }
        let unit = Arc::new(self.read(self.files.get(file)?.content)?);
        self.lock().keep(file, Arc::clone(&unit));
        Some(unit)
    }
}

impl Units<'_> {
    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
