//! `remember`, `forget` and `feedback`.

use std::path::Path;

use ctx_model::RecordId;

use crate::answer::Remembered;
use crate::error::{EngineError, ErrorKind};
use crate::host::{Engine, Result};
use crate::request::{Caller, FeedbackRequest, ForgetRequest, MemoryDraft};

fn unavailable<T>(verb: &str) -> Result<T> {
    Err(EngineError::new(ErrorKind::Unavailable, format!("`{verb}` is not built in")))
}

impl Engine {
    /// Remembers.
    pub fn remember(&self, _c: &Caller, _r: &Path, _d: &MemoryDraft) -> Result<Remembered> {
        unavailable("remember")
    }

    /// Remembers several.
    pub fn remember_batch(
        &self,
        _c: &Caller,
        _r: &Path,
        _d: &[MemoryDraft],
    ) -> Result<Vec<Result<Remembered>>> {
        unavailable("remember")
    }

    /// Forgets.
    pub fn forget(&self, _c: &Caller, _r: &Path, _q: &ForgetRequest) -> Result<RecordId> {
        unavailable("forget")
    }

    /// Judges.
    pub fn feedback(&self, _c: &Caller, _r: &Path, _q: &FeedbackRequest) -> Result<RecordId> {
        unavailable("feedback")
    }
}
