//! Who has the store open: at most one process, told by a lock that the
//! system lets go of when that process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::exit::Failure;

/// The lock, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    _file: File,
}

/// A lock that may be held by us or by another process.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Opens the lock file; takes nothing yet.
    pub(crate) fn open(path: &Path) -> Result<Lock, Failure> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(|error| {
                Failure::unusable(format!("could not open the lock `{}`", path.display()))
                    .because(error)
            })?;
        Ok(Lock { file })
    }

    /// Takes the lock for `role` if it is free. None if another process holds it.
    pub(crate) fn take(self, role: &str) -> Result<Result<Held, Lock>, Failure> {
        match self.file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Err(self)),
            Err(TryLockError::Error(error)) => {
                return Err(Failure::unusable("the data folder's lock cannot be taken")
                    .because(error)
                    .hint("the data folder must be on a file system with locks"));
            }
        }
        let mut file = self.file;
        // Only people read this; the lock itself is what counts.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{} {role}", std::process::id()));
        Ok(Ok(Held { _file: file }))
    }

    /// Takes the lock for `role`, waiting up to `patience`. None if another
    /// process still holds it then, or `give_up` says so before.
    pub(crate) fn take_within(
        mut self,
        role: &str,
        patience: Duration,
        mut give_up: impl FnMut() -> bool,
    ) -> Result<Option<Held>, Failure> {
        let deadline = Instant::now() + patience;
        loop {
            self = match self.take(role)? {
                Ok(held) => return Ok(Some(held)),
                Err(busy) => busy,
            };
            if Instant::now() >= deadline || give_up() {
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The process that holds a lock and its role, as it noted them; none if
/// nobody holds it.
pub(crate) fn holder(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    if file.try_lock_shared().is_ok() {
        return None;
    }
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    match text.trim().split_once(' ') {
        Some((process, role)) => Some(format!("process {process} ({role})")),
        None => Some("another process".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holder_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert_eq!(holder(&path), None);
        let held = Lock::open(&path).unwrap().take("daemon").unwrap().unwrap();
        assert!(Lock::open(&path).unwrap().take("daemon").unwrap().is_err());
        assert_eq!(holder(&path), Some(format!("process {} (daemon)", std::process::id())));
        drop(held);
        assert!(Lock::open(&path).unwrap().take("daemon").unwrap().is_ok());
    }
}
