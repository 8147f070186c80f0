//! The embedded key-value engine (fjall), and nothing of it outside this file.
//!
//! One [`Engine`] is one open generation of the store. Its limits keep a store
//! within about 20 MB of memory.

use std::io;
use std::panic;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::inspect;
use fjall::compaction::Leveled;
use fjall::{
    Database, Keyspace, KeyspaceCreateOptions, KvSeparationOptions, PersistMode, Readable,
};

/// Both trees.
pub(crate) const TREES: [Tree; 2] = [Tree::Views, Tree::Ledger];

/// Which of the two trees a row lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tree {
    /// What can be computed again.
    Views,
    /// What cannot: registry and journal.
    Ledger,
}

/// How much must have happened before a write returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The operating system has it: survives the end of this process.
    Buffered,
    /// The disk has it: survives a loss of power.
    Synced,
}

/// Rows to write or remove, all or none.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    rows: Vec<(Tree, Vec<u8>, Option<Vec<u8>>)>,
    bytes: u64,
}

impl Changes {
    /// Adds everything of `other`.
    pub(crate) fn extend(&mut self, other: Changes) {
        self.bytes += other.bytes;
        self.rows.extend(other.rows);
    }

    pub(crate) fn put(&mut self, tree: Tree, name: Vec<u8>, value: Vec<u8>) {
        self.bytes += (name.len() + value.len()) as u64;
        self.rows.push((tree, name, Some(value)));
    }

    pub(crate) fn remove(&mut self, tree: Tree, name: Vec<u8>) {
        self.bytes += name.len() as u64;
        self.rows.push((tree, name, None));
    }

    /// Takes back every change to a row whose name starts with `prefix`.
    pub(crate) fn forget(&mut self, tree: Tree, prefix: &[u8]) {
        self.rows.retain(|(row_tree, name, _)| *row_tree != tree || !name.starts_with(prefix));
    }

    /// Leaves one change for each row, the last: within a batch the engine does
    /// not promise which of two changes to a row wins.
    pub(crate) fn settle(&mut self) {
        self.rows.reverse();
        self.rows.sort_by(|(a_tree, a, _), (b_tree, b, _)| (a_tree, a).cmp(&(b_tree, b)));
        self.rows.dedup_by(|(a_tree, a, _), (b_tree, b, _)| a_tree == b_tree && a == b);
    }

    /// Size of names and values, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// What the engine can fail with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EngineError {
    /// The disk, a quota or a size limit is exhausted.
    #[error("no space left")]
    NoSpace(#[source] io::Error),
    /// An earlier write failed; the engine only reads until it is opened anew.
    #[error("an earlier write failed, the store must be opened anew")]
    Poisoned,
    /// What is on the disk is not what was written.
    #[error("stored bytes are damaged")]
    Damaged(#[source] fjall::Error),
    /// What is on the disk makes no sense to the engine.
    #[error("stored bytes are damaged beyond what the engine can tell")]
    RecoveryPanicked,
    /// A file of the engine is not what was written.
    #[error("`{}` is damaged", .file.display())]
    FileDamaged {
        /// The file.
        file: PathBuf,
    },
    /// Anything else that the operating system reported.
    #[error("input or output failed")]
    Io(#[source] io::Error),
}

impl From<fjall::Error> for EngineError {
    fn from(error: fjall::Error) -> EngineError {
        match error {
            fjall::Error::Io(error) | fjall::Error::Storage(fjall::LsmError::Io(error)) => {
                EngineError::from(error)
            }
            fjall::Error::Poisoned => EngineError::Poisoned,
            other => EngineError::Damaged(other),
        }
    }
}

impl From<io::Error> for EngineError {
    fn from(error: io::Error) -> EngineError {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => EngineError::NoSpace(error),
            _ => EngineError::Io(error),
        }
    }
}

/// Room that the engine may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Block cache, in bytes.
    pub(crate) cache: u64,
    /// A tree's newest rows that are held in memory before they go to a file, in bytes.
    pub(crate) memtable: u64,
}

/// One open generation.
pub(crate) struct Engine {
    // Fields are dropped in this order: the folder may go only after the database.
    views: Keyspace,
    ledger: Keyspace,
    database: Database,
    /// Rows in memory that make a writer wait, in bytes.
    buffer: u64,
    folder: Generation,
}

/// A generation's folder, removed with its last user once it is retired.
struct Generation {
    path: PathBuf,
    retired: AtomicBool,
}

impl Drop for Generation {
    fn drop(&mut self) {
        if *self.retired.get_mut()
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, "a retired generation stays until the store is opened again");
        }
    }
}

impl Engine {
    /// Opens the generation in `path`, making it if it is not there.
    pub(crate) fn open(path: &Path, limits: Limits) -> Result<Engine, EngineError> {
        inspect::check_generation(path)?;
        // Damaged bytes meet assertions in the engine's recovery; to us they are
        // bad input like any other.
        panic::catch_unwind(|| Engine::recover(path, limits))
            .unwrap_or(Err(EngineError::RecoveryPanicked))
    }

    fn recover(path: &Path, limits: Limits) -> Result<Engine, EngineError> {
        let database = Database::builder(path)
            .cache_size(limits.cache)
            .worker_threads(1)
            .max_cached_files(Some(64))
            .max_journaling_size(64 * 1024 * 1024)
            .open()?;
        // A table that is being merged pins what it was made of: its size is a
        // limit on memory as much as on disk.
        let merging = || Arc::new(Leveled::default().with_table_target_size(limits.memtable * 4));
        let options = || {
            KeyspaceCreateOptions::default()
                .max_memtable_size(limits.memtable)
                .compaction_strategy(merging())
        };
        // Facts are large and seldom replaced. Kept apart from their names, they
        // are not copied by every merge: less work, and less memory while at it.
        let views = database.keyspace("views", || {
            options().with_kv_separation(Some(KvSeparationOptions::default()))
        })?;
        let ledger = database.keyspace("ledger", options)?;
        let folder = Generation { path: path.to_owned(), retired: AtomicBool::new(false) };
        // Each tree may hold as much as its memtable; the rest is on its way out.
        let buffer = limits.memtable * 4;
        Ok(Engine { views, ledger, database, buffer, folder })
    }

    fn keyspace(&self, tree: Tree) -> &Keyspace {
        match tree {
            Tree::Views => &self.views,
            Tree::Ledger => &self.ledger,
        }
    }

    pub(crate) fn get(&self, tree: Tree, name: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        Ok(self.keyspace(tree).get(name)?.map(|value| value.to_vec()))
    }

    pub(crate) fn contains(&self, tree: Tree, name: &[u8]) -> Result<bool, EngineError> {
        Ok(self.keyspace(tree).contains_key(name)?)
    }

    /// Rows whose names start with `prefix`, in the order of their names, as
    /// they are now: later writes do not show.
    pub(crate) fn rows(&self, tree: Tree, prefix: &[u8]) -> Rows {
        Rows(self.database.snapshot().prefix(self.keyspace(tree), prefix))
    }

    /// Rows as [`Engine::rows`] gives them, from the name `from` on.
    pub(crate) fn rows_from(&self, tree: Tree, prefix: &[u8], from: &[u8]) -> Rows {
        let (_, end) = fjall::util::prefix_to_range(prefix);
        let start = std::ops::Bound::Included(from.into());
        Rows(self.database.snapshot().range::<fjall::Slice, _>(self.keyspace(tree), (start, end)))
    }

    /// The row with the greatest name that starts with `prefix`.
    pub(crate) fn last_row(&self, tree: Tree, prefix: &[u8]) -> Result<Option<Row>, EngineError> {
        let mut rows = self.rows(tree, prefix).0;
        rows.next_back().map(row).transpose()
    }

    pub(crate) fn write(
        &self,
        changes: &Changes,
        durability: Durability,
    ) -> Result<(), EngineError> {
        // Without a mode the engine would keep the rows in this process, where
        // a kill -9 finds them.
        let mode = match durability {
            Durability::Buffered => PersistMode::Buffer,
            Durability::Synced => PersistMode::SyncData,
        };
        let mut batch = self.database.batch().durability(Some(mode));
        for (tree, name, value) in &changes.rows {
            let keyspace = self.keyspace(*tree);
            match value {
                Some(value) => batch.insert(keyspace, name.as_slice(), value.as_slice()),
                None => batch.remove(keyspace, name.as_slice()),
            }
        }
        batch.commit()?;
        self.wait_for_room();
        Ok(())
    }

    /// Holds a writer back while the worker is behind: it rotates and flushes
    /// between compactions, and until then the newest rows pile up in memory.
    fn wait_for_room(&self) {
        const STEP: Duration = Duration::from_millis(1);
        // The engine's own count decides; were it ever wrong, writing would be
        // slow, but it would not stop.
        const LONGEST: Duration = Duration::from_secs(1);
        let began = Instant::now();
        while self.database.write_buffer_size() > self.buffer && began.elapsed() < LONGEST {
            std::thread::sleep(STEP);
        }
    }

    /// Waits until the disk has everything written so far.
    pub(crate) fn sync(&self) -> Result<(), EngineError> {
        Ok(self.database.persist(PersistMode::SyncAll)?)
    }

    /// Has the folder removed when the last reader of this generation is done.
    pub(crate) fn retire(&self) {
        self.folder.retired.store(true, Ordering::Relaxed);
    }
}

/// A row's name and value.
pub(crate) type Row = (Vec<u8>, Vec<u8>);

/// Rows of one tree, read as they are asked for.
pub(crate) struct Rows(fjall::Iter);

impl Iterator for Rows {
    type Item = Result<Row, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(row)
    }
}

impl Rows {
    /// Names alone.
    pub(crate) fn names(self) -> impl Iterator<Item = Result<Vec<u8>, EngineError>> {
        self.0.map(|guard| Ok(guard.key()?.to_vec()))
    }
}

fn row(guard: fjall::Guard) -> Result<Row, EngineError> {
    let (name, value) = guard.into_inner()?;
    Ok((name.to_vec(), value.to_vec()))
}
