//! What became of one file.

use std::path::{Path, PathBuf};

use super::assistants::Assistant;

/// What became of one file, or would.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// The file as its assistants name it.
    pub(crate) file: PathBuf,
    /// Whose file it is.
    pub(crate) assistants: Vec<&'static Assistant>,
    /// What of ours stands in it.
    pub(crate) noun: &'static str,
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// Why, or what else there is to say.
    pub(crate) reason: Option<String>,
    /// What changed in it, as `diff -u` shows it.
    pub(crate) diff: String,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was not there.
    Created,
    /// It says something else now.
    Updated,
    /// It said all that already.
    Unchanged,
    /// Somebody else's will stands against it.
    Skipped,
    /// It cannot be used.
    Failed,
    /// It is again what it was, to the byte.
    Restored,
    /// Only our piece was taken out.
    Removed,
    /// It was only ours.
    Deleted,
    /// It stays, with what is ours in it.
    Kept,
}

impl Outcome {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Outcome::Created => "created",
            Outcome::Updated => "updated",
            Outcome::Unchanged => "unchanged",
            Outcome::Skipped => "skipped",
            Outcome::Failed => "failed",
            Outcome::Restored => "restored",
            Outcome::Removed => "removed",
            Outcome::Deleted => "deleted",
            Outcome::Kept => "kept",
        }
    }

    /// Whether the file was written, or would be.
    pub(crate) fn is_change(self) -> bool {
        !matches!(self, Outcome::Unchanged | Outcome::Skipped | Outcome::Failed | Outcome::Kept)
    }
}

/// A file's name for people: from the root on where it is in the project.
pub(crate) fn name_in(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).to_string_lossy().into_owned()
}
