//! Something that stays, and why.

use std::path::PathBuf;

use serde::Serialize;

/// Something that stays.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Kept {
    pub(crate) path: PathBuf,
    /// Why, in words that follow the path.
    pub(crate) why: String,
    /// Whether somebody should look at it: it is not where it belongs, or it
    /// could not be removed.
    pub(crate) is_odd: bool,
}

impl Kept {
    /// Something that belongs where it is.
    pub(crate) fn rightly(path: impl Into<PathBuf>, why: impl Into<String>) -> Kept {
        Kept { path: path.into(), why: why.into(), is_odd: false }
    }

    /// Something that somebody should look at.
    pub(crate) fn oddly(path: impl Into<PathBuf>, why: impl Into<String>) -> Kept {
        Kept { path: path.into(), why: why.into(), is_odd: true }
    }
}
