//! The store: open it, read from it, see how large it is.

use std::error::Error;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use ctx_model::{ProjectId, RecordId};
use ctx_security::chain::WriterId;
use ctx_security::{Permit, Sealer, Unsealable, WrongPermit, keyed_digest};

use crate::batch::{Batch, WriteError};
use crate::engine::{Changes, Durability, Engine, EngineError, Limits, Rows, Tree};
use crate::folder::{FORMAT, Folder, Format, OpenError};
use crate::journal::Journal;
use crate::row::{self, Space};
use crate::turn::Turn;
use crate::vault::{Door, Shut, Vault};
use crate::{migrate, registry};

/// How much room a store may take.
#[derive(Debug, Clone, Copy)]
pub struct StoreOptions {
    /// Cache for blocks read from disk, in bytes.
    pub cache_bytes: u64,
    /// Newest rows held in memory before they go to a file, in bytes; a busy
    /// store may hold a few times as much for a moment.
    pub memtable_bytes: u64,
    /// Space on the disk that writes leave free, in bytes, so that the store can
    /// always tidy itself up.
    pub reserve_bytes: u64,
}

impl Default for StoreOptions {
    fn default() -> StoreOptions {
        StoreOptions {
            cache_bytes: 8 * 1024 * 1024,
            memtable_bytes: 2 * 1024 * 1024,
            reserve_bytes: 32 * 1024 * 1024,
        }
    }
}

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No such project is registered here.
    #[error("project {project} is not registered")]
    UnknownProject {
        /// The project.
        project: ProjectId,
    },
    /// The project is sealed and its key was not given yet.
    #[error("project {project} is locked")]
    Locked {
        /// The project.
        project: ProjectId,
    },
    /// A stored value is not what was written.
    #[error("a stored value of project {project} is damaged")]
    Damaged {
        /// The project.
        project: ProjectId,
        /// How it shows.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// No such record is in the journal.
    #[error("no record {id}")]
    UnknownRecord {
        /// The record.
        id: RecordId,
    },
    /// The engine could not read.
    #[error("could not read from the store")]
    Failed {
        /// What is wrong.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

impl ReadError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ReadError::UnknownProject { .. } => {
                "index the project, or remember something in it, first"
            }
            ReadError::Locked { .. } => "give the project's key: keyring, key file or passphrase",
            ReadError::Damaged { .. } => {
                "run `codecontext audit verify`; what can be computed again comes back with `index`"
            }
            ReadError::UnknownRecord { .. } => "list what there is with `codecontext memory log`",
            ReadError::Failed { .. } => "free disk space if it is full, and try again",
        }
    }

    pub(crate) fn shut(project: ProjectId, shut: Shut) -> ReadError {
        match shut {
            Shut::Unknown => ReadError::UnknownProject { project },
            Shut::Locked => ReadError::Locked { project },
        }
    }

    pub(crate) fn damaged(project: ProjectId, source: Unsealable) -> ReadError {
        ReadError::Damaged { project, source: source.into() }
    }
}

impl From<EngineError> for ReadError {
    fn from(error: EngineError) -> ReadError {
        ReadError::Failed { source: error.into() }
    }
}

/// The store of one data folder. Share it behind an `Arc`: every method takes `&self`.
pub struct Store {
    /// None for the moment in which a failed engine is opened anew.
    pub(crate) engine: RwLock<Option<Arc<Engine>>>,
    /// A write failed: before the next one the engine must be opened anew.
    pub(crate) suspect: AtomicBool,
    pub(crate) generation: Mutex<Format>,
    pub(crate) turn: Mutex<Turn>,
    pub(crate) vault: Vault,
    /// The store's random number, from which its writers' numbers follow.
    number: [u8; 16],
    pub(crate) options: StoreOptions,
    // Last, so that the lock outlives the engine.
    pub(crate) folder: Folder,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.folder.path()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store in the data folder `dir`, making both if they are not
    /// there, migrating an older format and refusing a newer one.
    pub fn open(dir: &Path, options: StoreOptions) -> Result<Store, OpenError> {
        let (folder, mut format) = Folder::claim(dir)?;
        let limits = limits(options);
        let engine = if format.generation == 0 {
            create(&folder, &mut format, limits)?
        } else if format.number < FORMAT {
            migrate::migrate(&folder, &mut format, limits)?
        } else {
            open_engine(&folder, format, limits)?
        };
        let number = check_store(&folder, &engine)?;
        let vault = Vault::default();
        registry::load(&engine, folder.root(), &vault)
            .map_err(|source| OpenError::Damaged { folder: folder.path().into(), source })?;
        Ok(Store {
            engine: RwLock::new(Some(Arc::new(engine))),
            suspect: AtomicBool::new(false),
            generation: Mutex::new(format),
            turn: Mutex::default(),
            vault,
            number,
            options,
            folder,
        })
    }

    /// The folder that this store lives in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The project whose root is at `root`: the path in its canonical form.
    pub fn project_id(&self, root: &str) -> ProjectId {
        let digest = keyed_digest(self.folder.root(), "project", &[root.as_bytes()]);
        let mut id = [0; 16];
        id.copy_from_slice(&digest.0[..16]);
        ProjectId(id)
    }

    /// Names the chain that this store writes for `project`: each project has
    /// its own, so that one can be exported without the others.
    pub(crate) fn writer(&self, project: ProjectId) -> WriterId {
        let digest = keyed_digest(self.folder.root(), "writer", &[&self.number, &project.0]);
        let mut writer = [0; 16];
        writer.copy_from_slice(&digest.0[..16]);
        writer
    }

    /// The value stored for `key`.
    pub fn get(
        &self,
        space: Space,
        project: ProjectId,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>, ReadError> {
        let door = self.door(project)?;
        let row = door.row(space, key);
        let Some(stored) = self.engine()?.get(Tree::Views, &row)? else { return Ok(None) };
        let plain = door.open(&row, &stored);
        plain.map(Some).map_err(|error| ReadError::damaged(project, error))
    }

    /// Whether there is a value for `key`.
    pub fn contains(
        &self,
        space: Space,
        project: ProjectId,
        key: &[u8],
    ) -> Result<bool, ReadError> {
        let row = self.door(project)?.row(space, key);
        Ok(self.engine()?.contains(Tree::Views, &row)?)
    }

    /// All values of a space, in no particular order, as they are now: later
    /// writes do not show. An unsealed project's facts are those of all of them.
    pub fn scan(&self, space: Space, project: ProjectId) -> Result<Scan, ReadError> {
        let door = self.door(project)?;
        let engine = self.engine()?;
        let rows = engine.rows(Tree::Views, &door.prefix(space));
        Ok(Scan { rows, door, _engine: engine })
    }

    /// Starts a batch of writes to the views of the permit's project.
    pub fn batch(&self, permit: &Permit) -> Result<Batch<'_>, WriteError> {
        Batch::start(self, permit)
    }

    /// Removes all values of a space; facts that are shared with other projects stay.
    pub fn clear(&self, permit: &Permit, space: Space) -> Result<(), WriteError> {
        let mut batch = self.batch(permit)?;
        batch.clear(space)?;
        batch.commit()
    }

    /// The journal in this store.
    pub fn journal(&self) -> Journal<'_> {
        Journal::of(self)
    }

    /// Bytes of the values and row names of `project`, before compression;
    /// shared facts and other projects left out.
    pub fn size_bytes(&self, project: ProjectId) -> Result<u64, ReadError> {
        let engine = self.engine()?;
        let mut bytes = 0;
        for space in Space::ALL {
            for row in engine.rows(Tree::Views, &row::prefix(space as u8, project)) {
                let (name, value) = row?;
                bytes += (name.len() + value.len()) as u64;
            }
        }
        Ok(bytes)
    }

    /// Bytes that the whole data folder takes on the disk.
    pub fn disk_bytes(&self) -> Result<u64, ReadError> {
        self.folder.disk_bytes().map_err(|source| ReadError::Failed { source: source.into() })
    }

    /// Waits until the disk has everything written so far.
    pub fn sync(&self) -> Result<(), WriteError> {
        let _turn = self.take_turn();
        self.healthy_engine()?.sync().map_err(|error| self.write_failed(error))
    }

    pub(crate) fn door(&self, project: ProjectId) -> Result<Arc<Door>, ReadError> {
        self.vault.door(project).map_err(|shut| ReadError::shut(project, shut))
    }

    pub(crate) fn engine(&self) -> Result<Arc<Engine>, EngineError> {
        let engine = self.engine.read().unwrap_or_else(PoisonError::into_inner);
        engine.clone().ok_or(EngineError::Poisoned)
    }
}

/// The values of a space, read as they are asked for.
pub struct Scan {
    rows: Rows,
    door: Arc<Door>,
    _engine: Arc<Engine>,
}

impl std::fmt::Debug for Scan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scan").field("project", &self.door.project()).finish_non_exhaustive()
    }
}

impl Iterator for Scan {
    type Item = Result<Vec<u8>, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        Some(row.map_err(ReadError::from).and_then(|(name, stored)| {
            let plain = self.door.open(&name, &stored);
            plain.map_err(|error| ReadError::damaged(self.door.project(), error))
        }))
    }
}

pub(crate) fn limits(options: StoreOptions) -> Limits {
    Limits { cache: options.cache_bytes, memtable: options.memtable_bytes }
}

pub(crate) fn open_engine(
    folder: &Folder,
    format: Format,
    limits: Limits,
) -> Result<Engine, OpenError> {
    Engine::open(&folder.generation(format.generation), limits)
        .map_err(|error| open_failed(folder, error))
}

pub(crate) fn open_failed(folder: &Folder, error: EngineError) -> OpenError {
    let folder = folder.path().to_owned();
    match error {
        EngineError::NoSpace(source) => OpenError::DiskFull { folder, source: source.into() },
        EngineError::Io(source) => OpenError::Unusable { path: folder, source },
        other => OpenError::Damaged { folder, source: other.into() },
    }
}

/// Makes the first generation.
fn create(folder: &Folder, format: &mut Format, limits: Limits) -> Result<Engine, OpenError> {
    let unusable = |source| OpenError::Unusable { path: folder.path().to_owned(), source };
    *format = Format { number: FORMAT, generation: 1 };
    folder.make_generation(1).map_err(unusable)?;
    let engine = open_engine(folder, *format, limits)?;
    let mut number = [0; 16];
    getrandom::fill(&mut number).map_err(|error| unusable(error.into()))?;
    let check = keyed_digest(folder.root(), "store check", &[]);
    let mut changes = Changes::default();
    for (name, value) in [("number", &number[..]), ("check", &check.0[..])] {
        let row = row::store_row(name);
        let value = Sealer::plain().seal([0; 24], &row, value);
        changes.put(Tree::Ledger, row, value);
    }
    engine
        .write(&changes, Durability::Synced)
        .and_then(|()| engine.sync())
        .map_err(|error| open_failed(folder, error))?;
    folder.set_format(*format)?;
    Ok(engine)
}

/// Checks that the secret is this store's and reads the store's number.
fn check_store(folder: &Folder, engine: &Engine) -> Result<[u8; 16], OpenError> {
    let read = |name| -> Result<Vec<u8>, OpenError> {
        let row = row::store_row(name);
        let damaged = |source| OpenError::Damaged { folder: folder.path().to_owned(), source };
        let stored = engine.get(Tree::Ledger, &row).map_err(|error| open_failed(folder, error))?;
        let stored = stored.ok_or_else(|| damaged(format!("`{name}` is missing").into()))?;
        Sealer::plain().open(&row, &stored).map_err(|error| damaged(error.into()))
    };
    if read("check")? != keyed_digest(folder.root(), "store check", &[]).0 {
        return Err(OpenError::SecretWrong { file: folder.path().join("secret") });
    }
    read("number")?.try_into().map_err(|_| OpenError::Damaged {
        folder: folder.path().to_owned(),
        source: "`number` has the wrong length".into(),
    })
}

impl From<WrongPermit> for WriteError {
    fn from(source: WrongPermit) -> WriteError {
        WriteError::WrongPermit { source }
    }
}
