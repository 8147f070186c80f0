//! The data folder: its rights, its lock, its format and its root secret.
//!
//! ```text
//! lock      held by the one process that owns the folder, with its number in it
//! format    the format's number and the current generation's
//! secret    thirty-two random bytes that key every row name
//! db-N/     the current generation
//! ```
//!
//! A rewrite (migration, sealing, purging) makes a new generation and swaps it in
//! by replacing `format`, which is atomic.

use std::error::Error;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use ctx_security::Secret;

/// The format that this version reads and writes.
pub const FORMAT: u32 = 2;

/// Why a data folder could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process owns it.
    #[error("data folder `{}` is in use{}", .folder.display(), holder_text(*.holder))]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// The number of the process that owns it, where it could be read.
        holder: Option<u32>,
    },
    /// It was written by a later version of CodeContext.
    #[error("data folder `{}` has format {found}; this version knows up to {FORMAT}", .folder.display())]
    TooNew {
        /// The folder.
        folder: PathBuf,
        /// The format found.
        found: u32,
    },
    /// The file that tells its format is missing or unreadable though there is something in it.
    #[error("`{}` does not tell the data folder's format", .file.display())]
    FormatDamaged {
        /// The file.
        file: PathBuf,
    },
    /// The file with the root secret is missing, of the wrong size or another folder's.
    #[error("`{}` is missing or not the secret of this data folder", .file.display())]
    SecretWrong {
        /// The file.
        file: PathBuf,
    },
    /// The disk is full.
    #[error("no space left to open data folder `{}`", .folder.display())]
    DiskFull {
        /// The folder.
        folder: PathBuf,
        /// What reported it.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// What is stored is not what was written.
    #[error("the store in `{}` is damaged", .folder.display())]
    Damaged {
        /// The folder.
        folder: PathBuf,
        /// What is wrong.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The folder or a file in it could not be used.
    #[error("could not use `{}`", .path.display())]
    Unusable {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}

impl OpenError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            OpenError::InUse { .. } => {
                "let the running daemon answer, stop it, or choose another --data-dir"
            }
            OpenError::TooNew { .. } => {
                "use the version of CodeContext that wrote it, or choose another --data-dir"
            }
            OpenError::FormatDamaged { .. } | OpenError::SecretWrong { .. } => {
                "restore the file from a backup, or choose another --data-dir"
            }
            OpenError::DiskFull { .. } => "free some space and try again; nothing was lost",
            OpenError::Damaged { .. } => {
                "restore the folder from a backup, or move it away to start anew"
            }
            OpenError::Unusable { .. } => "check that the folder exists and belongs to you",
        }
    }
}

/// Whether a path, relative to a store's folder, is one that a store makes
/// there: tells by name, looks at nothing.
pub fn belongs(path: &Path) -> bool {
    let mut names = path.iter().map(|name| name.to_str().unwrap_or_default());
    let first = names.next().unwrap_or_default();
    let is_file = matches!(first, "lock" | "format" | "secret" | "format.next" | "secret.next");
    // Whatever lies in a generation, the engine has put there.
    (is_file && names.next().is_none()) || generation_of(first).is_some()
}

/// Whether a folder says that it holds a store, of whatever format.
pub fn is_store(folder: &Path) -> bool {
    fs::read(folder.join("format")).is_ok_and(|text| text.starts_with(MARK.as_bytes()))
}

/// What the file `format` begins with.
const MARK: &str = "codecontext store";

/// The number of a generation whose folder has this name.
fn generation_of(name: &str) -> Option<u64> {
    name.strip_prefix("db-")?.parse().ok()
}

fn holder_text(holder: Option<u32>) -> String {
    holder.map_or_else(|| " by another process".into(), |number| format!(" by process {number}"))
}

/// Where a store stands: its format and which generation is current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) number: u32,
    /// 0 while the first generation is being made.
    pub(crate) generation: u64,
}

/// How far a change of the format file got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It survives a loss of power.
    OnDisk,
    /// Everyone sees it, but after a loss of power the old one may be back: what
    /// the old one names must stay until the folder is opened again.
    Visible,
}

/// A data folder that this process owns for as long as the value lives.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    root: Secret,
    _lock: File,
}

impl Folder {
    /// Makes the folder if needed and takes its lock.
    pub(crate) fn claim(path: &Path) -> Result<(Folder, Format), OpenError> {
        let unusable = |source| OpenError::Unusable { path: path.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        let path = path.canonicalize().map_err(unusable)?;
        let lock = take_lock(&path)?;
        let format = match read_format(&path)? {
            Some(format) => format,
            None => {
                let format = Format { number: FORMAT, generation: 0 };
                write_format(&path, format)?;
                format
            }
        };
        if format.number > FORMAT {
            return Err(OpenError::TooNew { folder: path, found: format.number });
        }
        let root = root_secret(&path, format)?;
        let folder = Folder { path, root, _lock: lock };
        folder.sweep(format)?;
        Ok((folder, format))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn root(&self) -> &Secret {
        &self.root
    }

    /// The folder of a generation.
    pub(crate) fn generation(&self, generation: u64) -> PathBuf {
        self.path.join(format!("db-{generation}"))
    }

    /// Makes an empty folder for a generation, readable by its owner alone.
    pub(crate) fn make_generation(&self, generation: u64) -> io::Result<PathBuf> {
        let path = self.generation(generation);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(path)
    }

    /// Makes `format` the current one, atomically. After an error the old one is.
    pub(crate) fn set_format(&self, format: Format) -> Result<Settled, OpenError> {
        write_format(&self.path, format)
    }

    /// Bytes that the folder takes on the disk.
    pub(crate) fn disk_bytes(&self) -> io::Result<u64> {
        fn of(path: &Path) -> io::Result<u64> {
            let mut bytes = 0;
            for entry in fs::read_dir(path)? {
                let entry = entry?;
                bytes += match entry.metadata() {
                    Ok(metadata) if metadata.is_dir() => of(&entry.path())?,
                    Ok(metadata) => metadata.blocks() * 512,
                    // The engine removes files while this counts.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
                    Err(error) => return Err(error),
                };
            }
            Ok(bytes)
        }
        of(&self.path)
    }

    /// Bytes that are free on the folder's disk for its owner.
    pub(crate) fn free_bytes(&self) -> io::Result<u64> {
        let space = rustix::fs::statvfs(&self.path)?;
        Ok(space.f_bavail.saturating_mul(space.f_frsize))
    }

    /// Removes what an interrupted rewrite left behind.
    fn sweep(&self, format: Format) -> Result<(), OpenError> {
        let unusable = |source| OpenError::Unusable { path: self.path.clone(), source };
        let current = self.generation(format.generation);
        for entry in fs::read_dir(&self.path).map_err(unusable)? {
            let path = entry.map_err(unusable)?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            if name.and_then(generation_of).is_some() && path != current {
                fs::remove_dir_all(&path).map_err(unusable)?;
            }
        }
        Ok(())
    }
}

fn take_lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("lock");
    let unusable = |source| OpenError::Unusable { path: path.clone(), source };
    let mut lock = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            // Only a courtesy: the holder may be writing its number right now.
            let holder = lock.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
            return Err(OpenError::InUse { folder: folder.to_owned(), holder });
        }
        Err(TryLockError::Error(source)) => return Err(unusable(source)),
    }
    // Its number is a courtesy too: a full disk must not keep the store shut.
    let number = format!("{}\n", std::process::id());
    if let Err(error) = lock.set_len(0).and_then(|()| lock.write_all(number.as_bytes())) {
        tracing::warn!(%error, "could not write the process number into the lock file");
    }
    Ok(lock)
}

fn read_format(folder: &Path) -> Result<Option<Format>, OpenError> {
    let file = folder.join("format");
    let text = match fs::read(&file) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Without it, a generation must not be taken for rubbish.
            if folder.join("secret").exists() || has_generation(folder) {
                return Err(OpenError::FormatDamaged { file });
            }
            return Ok(None);
        }
        Err(source) => return Err(OpenError::Unusable { path: file, source }),
    };
    let format = parse_format(&text).ok_or(OpenError::FormatDamaged { file })?;
    Ok(Some(format))
}

fn has_generation(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("db-"))
    })
}

fn parse_format(text: &str) -> Option<Format> {
    let mut lines = text.lines();
    if lines.next()? != MARK {
        return None;
    }
    let number = lines.next()?.strip_prefix("format ")?.parse().ok()?;
    // A newer format may say more and otherwise; its number is all we need.
    if number > FORMAT {
        return Some(Format { number, generation: 0 });
    }
    let generation = lines.next()?.strip_prefix("generation ")?.parse().ok()?;
    lines.next().is_none().then_some(Format { number, generation })
}

fn write_format(folder: &Path, format: Format) -> Result<Settled, OpenError> {
    let text = format!("{MARK}\nformat {}\ngeneration {}\n", format.number, format.generation);
    write_atomically(folder, "format", text.as_bytes())
}

/// Replaces a file so that a crash leaves the old or the new one, whole. After
/// an error the old one is there.
fn write_atomically(folder: &Path, name: &str, bytes: &[u8]) -> Result<Settled, OpenError> {
    let next = folder.join(format!("{name}.next"));
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&next)
        .and_then(|mut file| {
            // A leftover of an earlier attempt keeps the rights it had.
            file.set_permissions(Permissions::from_mode(0o600))?;
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&next, folder.join(name)));
    written.map_err(|source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            OpenError::DiskFull { folder: folder.to_owned(), source: source.into() }
        }
        _ => OpenError::Unusable { path: folder.join(name), source },
    })?;
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Ok(()) => Ok(Settled::OnDisk),
        Err(error) => {
            tracing::warn!(%error, name, "a replaced file may not survive a loss of power");
            Ok(Settled::Visible)
        }
    }
}

fn root_secret(folder: &Path, format: Format) -> Result<Secret, OpenError> {
    let file = folder.join("secret");
    match fs::read(&file) {
        Ok(bytes) => match <[u8; 32]>::try_from(bytes) {
            Ok(bytes) => Ok(Secret::new(bytes)),
            Err(_) => Err(OpenError::SecretWrong { file }),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound && format.generation == 0 => {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes)
                .map_err(|error| OpenError::Unusable { path: file, source: error.into() })?;
            write_atomically(folder, "secret", &bytes)?;
            Ok(Secret::new(bytes))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(OpenError::SecretWrong { file })
        }
        Err(source) => Err(OpenError::Unusable { path: file, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_store_makes_belongs_to_it() {
        let ours = |path: &str| belongs(Path::new(path));
        for path in ["lock", "format", "secret", "secret.next", "db-12", "db-1/keyspaces/0/v0"] {
            assert!(ours(path), "{path}");
        }
        for path in ["", "notes", "db-", "db-x", "db-1.bak", "lock/notes", "format.old"] {
            assert!(!ours(path), "{path}");
        }
    }

    #[test]
    fn a_store_says_that_it_is_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_store(folder.path()));
        write_format(folder.path(), Format { number: FORMAT, generation: 1 }).unwrap();
        assert!(is_store(folder.path()));
        fs::write(folder.path().join("format"), "paperback").unwrap();
        assert!(!is_store(folder.path()));
    }
}
