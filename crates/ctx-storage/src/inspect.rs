//! A look at the engine's files before the engine opens them.
//!
//! The engine (lsm-tree 3.1, sfa 1.0) stores checksums of its manifests and of
//! its tables' directories, but reads counts from them before it compares, or
//! does not compare at all: a damaged count can make it ask for more memory
//! than there is, which ends the process. Blocks it checks itself.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_128;

use crate::engine::EngineError;

/// How a table's trailer begins.
const TRAILER_MAGIC: &[u8] = b"SFA!\x01\x00";
/// Length of a table's trailer in bytes: magic, checksum, position and length
/// of the directory.
const TRAILER: usize = 6 + 16 + 8 + 8;

/// Checks the manifests and table directories of the generation in `path`.
pub(crate) fn check_generation(path: &Path) -> Result<(), EngineError> {
    for tree in entries(&path.join("keyspaces"))? {
        check_manifest(&tree)?;
        for folder in ["tables", "blobs"] {
            for file in entries(&tree.join(folder))? {
                check_directory(file)?;
            }
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, EngineError> {
    match fs::read_dir(folder) {
        Ok(entries) => {
            Ok(entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// `current` names a tree's manifest and holds its checksum.
fn check_manifest(tree: &Path) -> Result<(), EngineError> {
    let file = tree.join("current");
    let current = match fs::read(&file) {
        Ok(current) => current,
        // A tree that was being made when the process ended.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let Some((version, rest)) = current.split_first_chunk::<8>() else {
        return Err(EngineError::FileDamaged { file });
    };
    let manifest = tree.join(format!("v{}", u64::from_le_bytes(*version)));
    let bytes = fs::read(&manifest)?;
    let stored = rest.first_chunk::<16>().map(|bytes| u128::from_le_bytes(*bytes));
    if stored == Some(xxh3_128(&bytes)) {
        Ok(())
    } else {
        Err(EngineError::FileDamaged { file: manifest })
    }
}

/// A table ends with a directory and a trailer that holds its checksum.
fn check_directory(path: PathBuf) -> Result<(), EngineError> {
    let file = File::open(&path)?;
    let length = file.metadata()?.len();
    let Some(trailer_at) = length.checked_sub(TRAILER as u64) else { return Ok(()) };
    let mut trailer = [0; TRAILER];
    file.read_exact_at(&mut trailer, trailer_at)?;
    let Some(rest) = trailer.strip_prefix(TRAILER_MAGIC) else {
        // Not finished when the process ended, or damaged in a way that the
        // engine tells.
        return Ok(());
    };
    let number = |at: usize| {
        rest[at..].first_chunk::<8>().map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes))
    };
    let (at, size) = (number(16), number(24));
    let is_inside = at.checked_add(size).is_some_and(|end| end <= trailer_at);
    let stored = rest.first_chunk::<16>().map(|bytes| u128::from_le_bytes(*bytes));
    let mut directory = vec![0; if is_inside { size as usize } else { 0 }];
    file.read_exact_at(&mut directory, if is_inside { at } else { 0 })?;
    if is_inside && stored == Some(xxh3_128(&directory)) {
        Ok(())
    } else {
        Err(EngineError::FileDamaged { file: path })
    }
}
