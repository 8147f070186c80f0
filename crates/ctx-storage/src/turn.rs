//! Writing: one writer at a time, and what happens after a write failed.
//!
//! A failed write leaves the engine reading only, and what it holds in memory
//! may differ from what the disk has. The next writer opens it anew: everything
//! that was acknowledged is there, what was not is there whole or not at all.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use ctx_model::RecordId;
use ctx_security::chain::WriterId;

use crate::batch::WriteError;
use crate::engine::{Changes, Durability, Engine, EngineError};
use crate::folder::{FORMAT, Format, OpenError, Settled};
use crate::store::{Store, limits};

/// The end of a chain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    pub(crate) sequence: u64,
    pub(crate) id: RecordId,
}

/// Held by whoever writes: one at a time.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    /// The chains whose ends are known; the others are read from the store.
    pub(crate) heads: HashMap<WriterId, Head>,
}

impl Store {
    /// Waits for the turn to write.
    pub(crate) fn take_turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(|poisoned| {
            // Whoever held it panicked: what it knew of the chain may be wrong.
            let mut turn = poisoned.into_inner();
            turn.heads.clear();
            turn
        })
    }

    /// Writes `changes`, all or none. The caller holds its turn.
    pub(crate) fn write(
        &self,
        turn: &mut Turn,
        changes: &Changes,
        durability: Durability,
    ) -> Result<(), WriteError> {
        if changes.is_empty() {
            return Ok(());
        }
        self.check_room(changes.bytes())?;
        let mut written = self.healthy_engine()?.write(changes, durability);
        if matches!(written, Err(EngineError::Poisoned)) {
            // Work in the background failed earlier; nothing of this was written.
            self.suspect.store(true, Ordering::Relaxed);
            written = self.healthy_engine()?.write(changes, durability);
        }
        written.map_err(|error| {
            turn.heads.clear();
            self.write_failed(error)
        })
    }

    /// Refuses a write that would not leave the reserve free.
    pub(crate) fn check_room(&self, bytes: u64) -> Result<(), WriteError> {
        if self.options.reserve_bytes == 0 {
            return Ok(());
        }
        match self.folder.free_bytes() {
            Ok(free) if free < bytes.saturating_add(self.options.reserve_bytes) => {
                Err(WriteError::DiskFull {
                    folder: self.folder.path().into(),
                    source: std::io::Error::from(std::io::ErrorKind::StorageFull).into(),
                })
            }
            // Where the system does not tell, the write itself will.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    pub(crate) fn write_failed(&self, error: EngineError) -> WriteError {
        self.suspect.store(true, Ordering::Relaxed);
        match error {
            EngineError::NoSpace(source) => {
                WriteError::DiskFull { folder: self.folder.path().into(), source: source.into() }
            }
            other => WriteError::Failed { source: other.into() },
        }
    }

    /// The engine, opened anew if an earlier write failed: after a failure it
    /// only reads, and what it holds in memory may not be what the disk has.
    pub(crate) fn healthy_engine(&self) -> Result<Arc<Engine>, WriteError> {
        if !self.suspect.load(Ordering::Relaxed)
            && let Ok(engine) = self.engine()
        {
            return Ok(engine);
        }
        let mut slot = self.engine.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = slot.take() {
            match Arc::try_unwrap(engine) {
                Ok(engine) => drop(engine),
                Err(engine) => {
                    // Someone still reads; the folder cannot be opened twice.
                    *slot = Some(engine);
                    return Err(self.write_failed(EngineError::Poisoned));
                }
            }
        }
        let format = *self.generation.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.generation(format.generation);
        let engine =
            Engine::open(&path, limits(self.options)).map_err(|error| self.write_failed(error))?;
        let engine = Arc::new(engine);
        *slot = Some(Arc::clone(&engine));
        self.suspect.store(false, Ordering::Relaxed);
        Ok(engine)
    }

    /// The number that the next generation gets.
    pub(crate) fn next_generation(&self) -> u64 {
        self.generation.lock().unwrap_or_else(PoisonError::into_inner).generation + 1
    }

    /// Makes `engine`, which has everything on disk, the current generation.
    /// After an error the old one is.
    pub(crate) fn swap_in(&self, engine: Engine, generation: u64) -> Result<(), OpenError> {
        let mut slot = self.engine.write().unwrap_or_else(PoisonError::into_inner);
        let format = Format { number: FORMAT, generation };
        let settled = self.folder.set_format(format)?;
        *self.generation.lock().unwrap_or_else(PoisonError::into_inner) = format;
        let old = slot.replace(Arc::new(engine));
        if let (Some(old), Settled::OnDisk) = (old, settled) {
            old.retire();
        }
        self.suspect.store(false, Ordering::Relaxed);
        Ok(())
    }
}
