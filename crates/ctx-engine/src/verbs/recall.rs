//! `recall` and `decisions`.

use std::path::Path;

use crate::answer::{Answer, MemoriesAnswer, RecalledMemory};
use crate::error::{EngineError, ErrorKind};
use crate::host::{Engine, Result};
use crate::project::Project;
use crate::request::{Caller, DecisionsRequest, RecallRequest};

impl Engine {
    /// Recalls.
    pub fn recall(&self, _c: &Caller, _r: &Path, _q: &RecallRequest) -> Result<Answer<MemoriesAnswer>> {
        Err(EngineError::new(ErrorKind::Unavailable, "`recall` is not built in"))
    }

    /// Decisions.
    pub fn decisions(&self, _c: &Caller, _r: &Path, _q: &DecisionsRequest) -> Result<Answer<MemoriesAnswer>> {
        Err(EngineError::new(ErrorKind::Unavailable, "`decisions` is not built in"))
    }

    pub(super) fn all_memories(&self, _c: &Caller, _r: &Path) -> Result<Vec<RecalledMemory>> {
        Ok(Vec::new())
    }

    pub(super) fn load_memories(&self, _project: &Project) -> Result<()> {
        Ok(())
    }
}
