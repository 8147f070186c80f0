//! Rewriting: a new generation of the store without what must be gone.
//!
//! An engine that only ever appends keeps removed bytes for a while. Where that
//! matters (sealing, purging, deleting a project) the store is copied row by row
//! into a new generation, the new one is swapped in atomically, and the old one
//! is removed. Costs time and, for that long, disk space in proportion to the
//! store; all of these are rare.

use crate::batch::WriteError;
use crate::engine::{Changes, Durability, Engine, TREES, Tree};
use crate::store::{Store, limits};
use crate::turn::Turn;

/// Bytes that are copied at once.
const CHUNK: u64 = 1024 * 1024;

/// Decides, row by row, what the new generation gets.
pub(crate) type Rule<'a, E> =
    &'a mut dyn FnMut(Tree, Vec<u8>, Vec<u8>, &mut Changes) -> Result<(), E>;

/// Copies all rows of `old` into `new` as `rule` says, then `extra`, and waits
/// until the disk has them.
pub(crate) fn copy<E: From<crate::engine::EngineError>>(
    old: &Engine,
    new: &Engine,
    rule: Rule<'_, E>,
    extra: &Changes,
) -> Result<(), E> {
    let mut chunk = Changes::default();
    for tree in TREES {
        for row in old.rows(tree, &[]) {
            let (name, value) = row?;
            rule(tree, name, value, &mut chunk)?;
            if chunk.bytes() >= CHUNK {
                new.write(&std::mem::take(&mut chunk), Durability::Buffered)?;
            }
        }
    }
    new.write(&chunk, Durability::Buffered)?;
    new.write(extra, Durability::Buffered)?;
    Ok(new.sync()?)
}

impl Store {
    /// Replaces this generation by one that `rule` and `extra` make of it. The
    /// caller holds its turn; readers go on meanwhile.
    pub(crate) fn rewrite(
        &self,
        turn: &mut Turn,
        rule: Rule<'_, WriteError>,
        extra: &Changes,
    ) -> Result<(), WriteError> {
        self.check_room(self.folder.disk_bytes().unwrap_or(0))?;
        let old = self.healthy_engine()?;
        let number = self.next_generation();
        let failed =
            |source: Box<dyn std::error::Error + Send + Sync>| WriteError::Failed { source };
        let path = self.folder.make_generation(number).map_err(|error| failed(error.into()))?;
        let rewritten = Engine::open(&path, limits(self.options))
            .map_err(WriteError::from)
            .and_then(|new| copy(&old, &new, rule, extra).map(|()| new))
            .and_then(|new| self.swap_in(new, number).map_err(|error| failed(error.into())));
        if rewritten.is_err() {
            // The next opening removes it anyway.
            let _ = std::fs::remove_dir_all(&path);
        }
        turn.heads.clear();
        rewritten
    }
}
