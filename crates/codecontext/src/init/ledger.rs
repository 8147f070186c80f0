//! The ledger: what init wrote where, so that it can be undone to the byte.
//!
//! It lies in the data folder, for its owner alone. Without it, only our piece
//! is taken out of a file and everything else stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::patch::Patch;
use crate::daemon::{Held, Lock, holder};
use crate::exit::Failure;

/// How long another run may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Where it lies in a data folder.
const FOLDER: &str = "init";
/// Raised when rows come to mean something else.
const VERSION: u32 = 1;

/// What init wrote, held by one run at a time.
#[derive(Debug)]
pub(super) struct Ledger {
    file: PathBuf,
    book: Book,
    _held: Option<Held>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Book {
    version: u32,
    /// By the file's real path.
    files: BTreeMap<PathBuf, Row>,
    /// Folders that were not there before.
    folders: BTreeSet<PathBuf>,
}

/// What was written into one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    /// The project that it was for.
    pub(super) root: PathBuf,
    /// The assistants that it was for.
    pub(super) assistants: BTreeSet<String>,
    /// Whether the file was there before.
    pub(super) existed: bool,
    /// How many containers around the piece were made for it.
    pub(super) made: usize,
    #[serde(with = "PatchRow")]
    pub(super) patch: Patch,
}

/// A patch as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Patch")]
struct PatchRow {
    at: usize,
    removed: String,
    inserted: usize,
    length: usize,
    hash: u64,
}

impl Ledger {
    /// Opens the ledger of a data folder, made if it is not there, and keeps
    /// other runs waiting.
    pub(super) fn open(data_dir: &Path) -> Result<Ledger, Failure> {
        let folder = folder_in(data_dir);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(|error| {
            Failure::unusable(format!("could not make the folder `{}`", folder.display()))
                .because(error)
                .hint("choose another data folder with --data-dir or CODECONTEXT_DATA_DIR")
        })?;
        let lock = folder.join("lock");
        let held = Lock::open(&lock)?.take_within("init", PATIENCE, || false)?;
        let held = held.ok_or_else(|| {
            let holder = holder(&lock).unwrap_or_else(|| "another process".into());
            Failure::new(ctx_engine::ErrorKind::Busy, format!("{holder} is at the same work"))
                .hint("try again when it is done")
        })?;
        Ok(Ledger { _held: Some(held), ..Ledger::seen(data_dir) })
    }

    /// The ledger as it is, for looking only; nothing is made.
    pub(super) fn seen(data_dir: &Path) -> Ledger {
        let file = folder_in(data_dir).join("ledger.json");
        let text = fs::read(&file).unwrap_or_default();
        // One that cannot be read counts as lost, which undoing can live with.
        let book = serde_json::from_slice(&text).ok().filter(|book: &Book| book.version == VERSION);
        Ledger { file, book: book.unwrap_or_default(), _held: None }
    }

    /// What was written into a file.
    pub(super) fn row(&self, file: &Path) -> Option<&Row> {
        self.book.files.get(file)
    }

    /// Files that were written for a project.
    pub(super) fn files_of(&self, root: &Path) -> impl Iterator<Item = &Path> {
        let rows = self.book.files.iter().filter(move |(_, row)| row.root == root);
        rows.map(|(file, _)| file.as_path())
    }

    /// Projects that something was written for.
    pub(super) fn roots(&self) -> BTreeSet<PathBuf> {
        self.book.files.values().map(|row| row.root.clone()).collect()
    }

    /// Notes what is about to be written, before it is.
    pub(super) fn note(&mut self, file: &Path, row: Row) -> Result<(), Failure> {
        self.book.files.insert(file.to_path_buf(), row);
        self.save()
    }

    /// Notes folders that were made.
    pub(super) fn note_folders(&mut self, folders: &[PathBuf]) -> Result<(), Failure> {
        if folders.is_empty() {
            return Ok(());
        }
        self.book.folders.extend(folders.iter().cloned());
        self.save()
    }

    /// Strikes out what was noted of a file.
    pub(super) fn strike(&mut self, file: &Path) -> Result<(), Failure> {
        match self.book.files.remove(file) {
            Some(_) => self.save(),
            None => Ok(()),
        }
    }

    /// Folders that were made and that no file noted here needs any more, the
    /// outermost first. They are struck out.
    pub(super) fn take_free_folders(&mut self) -> Result<Vec<PathBuf>, Failure> {
        let files = &self.book.files;
        let is_free = |folder: &PathBuf| !files.keys().any(|file| file.starts_with(folder));
        let free: Vec<PathBuf> =
            self.book.folders.iter().filter(|one| is_free(one)).cloned().collect();
        if !free.is_empty() {
            self.book.folders.retain(|folder| !free.contains(folder));
            self.save()?;
        }
        Ok(free)
    }

    fn save(&mut self) -> Result<(), Failure> {
        self.book.version = VERSION;
        let text = serde_json::to_vec_pretty(&self.book).expect("rows hold only text and numbers");
        let new = self.file.with_extension("new");
        let written = write_own(&new, &text).and_then(|()| fs::rename(&new, &self.file));
        written.map_err(|error| {
            Failure::unusable(format!("could not write `{}`", self.file.display()))
                .because(error)
                .hint("nothing is written that could not be undone; make room and try again")
        })
    }
}

fn folder_in(data_dir: &Path) -> PathBuf {
    data_dir.join(FOLDER)
}

/// Whether a path in a data folder is one of the ledger's.
pub(super) fn belongs(path: &Path) -> bool {
    let files = ["", "lock", "ledger.json", "ledger.new"];
    path.strip_prefix(FOLDER).is_ok_and(|inside| files.iter().any(|file| inside == Path::new(file)))
}

fn write_own(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn row(root: &str) -> Row {
        Row {
            root: root.into(),
            assistants: BTreeSet::from(["claude".into()]),
            existed: true,
            made: 1,
            patch: Patch::between("a", "b"),
        }
    }

    #[test]
    fn what_is_noted_is_there_later_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(folder.path()).unwrap();
        ledger.note(Path::new("/p/a"), row("/p")).unwrap();
        ledger.note_folders(&["/p/x".into(), "/p/x/y".into()]).unwrap();
        drop(ledger);
        let mut ledger = Ledger::seen(folder.path());
        assert_eq!(ledger.row(Path::new("/p/a")), Some(&row("/p")));
        assert_eq!(ledger.files_of(Path::new("/p")).count(), 1);
        let mode = fs::metadata(&ledger.file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let free: Vec<PathBuf> = vec!["/p/x".into(), "/p/x/y".into()];
        assert_eq!(ledger.take_free_folders().unwrap(), free);
        ledger.strike(Path::new("/p/a")).unwrap();
        assert_eq!(Ledger::seen(folder.path()).files_of(Path::new("/p")).count(), 0);
    }

    #[test]
    fn a_ledger_that_cannot_be_read_counts_as_lost() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("init")).unwrap();
        for text in ["", "{", "{\"version\": 99, \"files\": {}, \"folders\": []}"] {
            fs::write(folder.path().join("init/ledger.json"), text).unwrap();
            assert_eq!(Ledger::seen(folder.path()).files_of(Path::new("/p")).count(), 0);
        }
    }
}
