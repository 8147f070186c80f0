//! Saving: file rows, nodes and the project's state in one atomic batch.

use ctx_storage::{Batch, Space};

use super::{Job, NewNode, ReadFiles};
use crate::error::EngineError;
use crate::failure;
use crate::project::{STATE_KEY, Snapshot};
use crate::request::IndexPhase;
use crate::stored::{self, ProjectState};

/// Bytes of one batch at most. Beyond it, the change is split: the state says
/// `unfinished` until the last part is written.
const BATCH_BYTES: u64 = 8 * 1024 * 1024;

impl Job<'_> {
    /// Stores what became of read files.
    pub(super) fn save(
        &self,
        before: &Snapshot,
        read: &ReadFiles,
        nodes: &[NewNode],
        state: &ProjectState,
    ) -> Result<(), EngineError> {
        self.step(IndexPhase::Saving, 0, None);
        let mut rows = Rows { job: self, batch: self.begin()? };
        let anew = !before.indexed || before.state.unfinished;
        if anew {
            // Rows of an earlier attempt, or damaged ones, must not come back.
            for space in [Space::Files, Space::Graph] {
                rows.batch
                    .clear(space)
                    .map_err(|error| failure::of_write("save the index", error))?;
            }
            for (number, path) in read.files.former() {
                rows.put(Space::Files, number, &stored::encode_former(number, path), state)?;
            }
        }
        for (number, path) in &read.gone {
            if read.files.get(*number).is_none() {
                rows.batch.remove(Space::Graph, &number.to_le_bytes());
                rows.put(Space::Files, *number, &stored::encode_former(*number, path), state)?;
            }
        }
        for (number, file) in read.files.iter() {
            if anew || before.files.get(number) != Some(file) {
                rows.put(Space::Files, number, &stored::encode_file(number, file), state)?;
            }
        }
        rows.finish(nodes, state)
    }

    /// Stores nodes that were bound again.
    pub(super) fn save_nodes(
        &self,
        nodes: &[NewNode],
        state: &ProjectState,
    ) -> Result<(), EngineError> {
        Rows { job: self, batch: self.begin()? }.finish(nodes, state)
    }

    /// Stores the state alone.
    pub(super) fn save_state(&self, state: &ProjectState) -> Result<(), EngineError> {
        self.save_nodes(&[], state)
    }

    fn begin(&self) -> Result<Batch<'_>, EngineError> {
        self.store.batch(self.permit).map_err(|error| failure::of_write("begin to save", error))
    }
}

/// Rows on their way to the store.
struct Rows<'j, 'a> {
    job: &'j Job<'a>,
    batch: Batch<'j>,
}

impl Rows<'_, '_> {
    fn put(
        &mut self,
        space: Space,
        number: u32,
        value: &[u8],
        state: &ProjectState,
    ) -> Result<(), EngineError> {
        self.batch
            .put(space, &number.to_le_bytes(), value)
            .map_err(|error| failure::of_write("save the index", error))?;
        if self.batch.bytes() > BATCH_BYTES {
            self.put_state(&ProjectState { unfinished: true, ..state.clone() })?;
            let fresh = self.job.begin()?;
            std::mem::replace(&mut self.batch, fresh)
                .commit()
                .map_err(|error| failure::of_write("save the index", error))?;
        }
        Ok(())
    }

    fn put_state(&mut self, state: &ProjectState) -> Result<(), EngineError> {
        self.batch
            .put(Space::Project, STATE_KEY, &state.encode())
            .map_err(|error| failure::of_write("save the index", error))
    }

    fn finish(mut self, nodes: &[NewNode], state: &ProjectState) -> Result<(), EngineError> {
        for (number, node) in nodes {
            let value = stored::encode_node(*number, &node.encode());
            self.put(Space::Graph, *number, &value, state)?;
        }
        self.put_state(state)?;
        self.batch.commit().map_err(|error| failure::of_write("save the index", error))
    }
}
