//! Facts at hand: those read lately are kept within a budget, the others are
//! read from the store again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use ctx_graph::{FactSource, FileNumber, Unit};
use ctx_model::Digest;
use ctx_model::project::IndexedFile;
use ctx_security::Permit;
use ctx_storage::{Space, Store};
use rustc_hash::FxHashMap;

use crate::files::FileTable;
use crate::project::Project;

/// How much memory kept facts may take, in bytes.
const BUDGET: usize = 20 * 1024 * 1024;

/// Facts of one project while its names are bound.
pub(crate) struct Units<'a> {
    store: &'a Store,
    project: &'a Project,
    files: &'a FileTable,
    /// Allows facts that had to be made again to be stored.
    repairing: Option<&'a Permit>,
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
        project: &'a Project,
        files: &'a FileTable,
        kept: Kept,
    ) -> Units<'a> {
        Units { store, project, files, repairing: None, kept: Mutex::new(kept) }
    }

    /// Has facts that are made again stored.
    pub(crate) fn repairing(self, permit: &'a Permit) -> Units<'a> {
        Units { repairing: Some(permit), ..self }
    }

    /// What is known of a file.
    pub(crate) fn file(&self, number: FileNumber) -> Option<&'a IndexedFile> {
        self.files.get(number)
    }

    /// The facts that are stored under a content's digest.
    fn read(&self, content: Digest) -> Option<Unit> {
        let bytes = match self.store.get(Space::Facts, self.project.id, &content.0) {
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

    /// Facts that are not there (they were damaged, or went when another project
    /// was sealed) are made again from the file, if it still is what was indexed.
    fn make_again(&self, file: &IndexedFile) -> Option<Unit> {
        let language = file.entry.language;
        let text = ctx_workspace::read(&self.project.root, &file.entry).ok()?.text;
        let version = ctx_syntax::FACTS_VERSION;
        let content = ctx_security::content_digest(language as u8, version, text.as_bytes());
        if content != file.content {
            return None;
        }
        let facts = ctx_syntax::Extractor::new().extract(language, &text);
        if let Some(permit) = self.repairing {
            let stored = self.store.batch(permit).and_then(|mut batch| {
                batch.put(Space::Facts, &content.0, &ctx_syntax::encode(&facts))?;
                batch.commit()
            });
            if let Err(error) = stored {
                tracing::warn!(%error, "facts that were made again could not be stored");
            }
        }
        Some(Unit::new(facts))
    }
}

impl FactSource for Units<'_> {
    fn facts(&self, file: FileNumber) -> Option<Arc<Unit>> {
        if let Some(unit) = self.lock().units.get(&file) {
            return Some(Arc::clone(unit));
        }
        let known = self.files.get(file)?;
        let unit = Arc::new(self.read(known.content).or_else(|| self.make_again(known))?);
        self.lock().keep(file, Arc::clone(&unit));
        Some(unit)
    }
}

impl Units<'_> {
    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
