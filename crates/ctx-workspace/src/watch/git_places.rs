//! Where git writes when its `HEAD` moves.

use std::path::{Path, PathBuf};

use crate::{git::GitState, git_state, repository};

/// The folders to watch for a repository's `HEAD`, and where it stands.
#[derive(Debug, Default)]
pub(super) struct GitPlaces {
    /// Folders that hold `HEAD`, its log and the branch.
    pub(super) folders: Vec<PathBuf>,
    /// Beneath it, every file is a branch.
    branches: PathBuf,
    state: GitState,
}

impl GitPlaces {
    /// Those of the repository around `root`; none without one.
    pub(super) fn find(root: &Path) -> GitPlaces {
        let state = git_state(root);
        let Ok(Some((repository, _))) = repository::open(root) else {
            return GitPlaces { state, ..GitPlaces::default() };
        };
        let branches = repository.commondir().join("refs/heads");
        let mut folders =
            vec![repository.path().to_path_buf(), repository.path().join("logs"), branches.clone()];
        // A branch called `team/topic` lies one folder down.
        if let Some((folder, _)) = state.branch.as_deref().and_then(|name| name.rsplit_once('/')) {
            folders.push(branches.join(folder));
        }
        folders.retain(|folder| folder.is_dir());
        GitPlaces { folders, branches, state }
    }

    /// Whether `path` is in one of the folders; then whether it may mean that `HEAD` moved.
    pub(super) fn concerns(&self, path: &Path) -> Option<bool> {
        let parent = path.parent()?;
        if !self.folders.iter().any(|folder| folder == parent || folder == path) {
            return None;
        }
        let is_lock = path.extension().is_some_and(|ending| ending == "lock");
        let is_head = path.file_name().is_some_and(|name| name == "HEAD");
        Some(!is_lock && (is_head || path.starts_with(&self.branches)))
    }

    /// Whether `HEAD` names another commit or branch than these places knew.
    pub(super) fn moved(&self, root: &Path) -> bool {
        git_state(root) != self.state
    }
}
