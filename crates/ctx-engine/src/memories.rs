//! A project's memories, folded from its journal as it grows.

/// Memories of an open project; read from the journal at first use.
#[derive(Debug, Default)]
pub(crate) struct Memories {
    count: u64,
}

impl Memories {
    /// Memories that were not forgotten.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }
}
