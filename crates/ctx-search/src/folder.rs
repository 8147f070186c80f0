//! Where the index lies: a plain folder, or one whose files are sealed.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, fs};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, OwnedBytes, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

/// Turns bytes into sealed ones or back; also given the file's name, so that
/// one file cannot stand in for another.
pub type Seal = dyn Fn(&str, &[u8]) -> io::Result<Vec<u8>> + Send + Sync;

/// How the files of a sealed index are closed and opened.
#[derive(Clone)]
pub struct Sealing {
    /// Seals a finished file.
    pub seal: Arc<Seal>,
    /// Opens a sealed file; an error if it is not what was sealed.
    pub open: Arc<Seal>,
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealing")
    }
}

/// A folder whose files are sealed when finished and opened into memory.
///
/// Names are tantivy's own (random segment names and endings), so they tell
/// nothing of the project.
#[derive(Debug, Clone)]
pub(crate) struct SealedFolder {
    root: PathBuf,
    sealing: Sealing,
}

impl SealedFolder {
    pub(crate) fn new(root: &Path, sealing: Sealing) -> SealedFolder {
        SealedFolder { root: root.to_owned(), sealing }
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(error, path.to_owned()),
        };
        let sealed = fs::read(self.root.join(path)).map_err(failed)?;
        (self.sealing.open)(&name(path), &sealed)
            .map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    /// Writes `plain` sealed under another name first, then renames.
    fn write(&self, path: &Path, plain: &[u8]) -> io::Result<()> {
        let sealed = (self.sealing.seal)(&name(path), plain)?;
        let target = self.root.join(path);
        let temporary = self.root.join(format!("{}.unfinished", name(path)));
        let mut file = fs::File::create(&temporary)?;
        file.write_all(&sealed)?;
        file.sync_data()?;
        fs::rename(temporary, target)
    }
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Collects a file in memory and seals it when it is finished.
struct SealedWriter {
    folder: SealedFolder,
    path: PathBuf,
    plain: Vec<u8>,
}

impl Write for SealedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.plain.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for SealedWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.folder.write(&self.path, &std::mem::take(&mut self.plain))
    }
}

impl Directory for SealedFolder {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        Ok(Arc::new(OwnedBytes::new(self.read(path)?)))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        fs::remove_file(self.root.join(path)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => DeleteError::FileDoesNotExist(path.to_owned()),
            _ => DeleteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() },
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.root
            .join(path)
            .try_exists()
            .map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        if self.root.join(path).exists() {
            return Err(OpenWriteError::FileAlreadyExists(path.to_owned()));
        }
        let writer =
            SealedWriter { folder: self.clone(), path: path.to_owned(), plain: Vec::new() };
        Ok(BufWriter::new(Box::new(writer)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.read(path)
    }

    fn atomic_write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.write(path, bytes)
    }

    fn sync_directory(&self) -> io::Result<()> {
        fs::File::open(&self.root)?.sync_data()
    }

    /// One daemon owns the folder, and [`crate::SearchIndex`] lends one session
    /// at a time, so there is nobody to lock out.
    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
