//! Where git stands.

use std::{error::Error, path::Path};

use ctx_model::Timestamp;
use git2::{ErrorCode, Repository};

use crate::repository;

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
/// filter or configured command; doesn't mind who owns the repository. A
/// repository that ignores `root` has nothing to say about it.
pub fn git_state(root: &Path) -> GitState {
    let repository = match repository::open(root) {
        Ok(None) => return GitState::default(),
        Ok(Some((repository, _))) => repository,
        Err(error) => return GitState { problem: Some(chain(&error)), ..GitState::default() },
    };
    match repository.head() {
        Ok(head) => GitState {
            commit: head.target().map(|id| id.to_string()),
            branch: branch(&repository),
            problem: None,
        },
        Err(error) if error.code() == ErrorCode::UnbornBranch => {
            GitState { branch: branch(&repository), ..GitState::default() }
        }
        Err(error) => GitState { problem: Some(chain(&error)), ..GitState::default() },
    }
}

/// The time of the commit that `name` (a commit, branch or tag) means in the
/// repository that `root` lies in; none if there is no such commit.
pub fn commit_time(root: &Path, name: &str) -> Option<Timestamp> {
    let (repository, _) = repository::open(root).ok()??;
    let commit = repository.revparse_single(name).ok()?.peel_to_commit().ok()?;
    Some(Timestamp(commit.time().seconds().saturating_mul(1_000_000)))
}

fn branch(repository: &Repository) -> Option<String> {
    let head = repository.find_reference("HEAD").ok()?;
    let target = head.symbolic_target().ok()??;
    Some(target.strip_prefix("refs/heads/").unwrap_or(target).to_owned())
}

/// An error and its causes in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
