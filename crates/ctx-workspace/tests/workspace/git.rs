use std::path::Path;

use ctx_workspace::git_state;
use expect_test::{Expect, expect};
use git2::{Repository, Signature, Time};

use crate::tree::{grow, tree};

/// A new repository at `top` on the branch `main`.
pub(crate) fn repository(top: &Path) -> Repository {
    // Our crate sets git's library up on its first look; nobody may use it before.
    std::fs::create_dir_all(top.join(".git")).unwrap();
    git_state(top);
    let mut options = git2::RepositoryInitOptions::new();
    Repository::init_opts(top, options.initial_head("main")).unwrap()
}

/// Commits everything in the work tree, at a second of the reader's choice.
pub(crate) fn commit(repository: &Repository, message: &str, second: i64) -> git2::Oid {
    let mut index = repository.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.update_all(["*"], None).unwrap();
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let parent = repository.head().ok().map(|head| head.peel_to_commit().unwrap());
    let parents: Vec<_> = parent.iter().collect();
    let who = Signature::new("A", "a@example.org", &Time::new(second, 0)).unwrap();
    repository.commit(Some("HEAD"), &who, &who, message, &tree, &parents).unwrap()
}

fn check(root: &Path, expected: Expect) {
    let state = git_state(root);
    let short = state.commit.map_or("no commit".to_owned(), |id| id[..7].to_owned());
    let branch = state.branch.unwrap_or("no branch".to_owned());
    let place = root.canonicalize().unwrap().display().to_string();
    let problem = state.problem.unwrap_or("no problem".to_owned()).replace(&place, "ROOT");
    expected.assert_eq(&format!("{short}, {branch}, {problem}"));
}

#[test]
fn the_commit_and_branch_are_known() {
    let top = tree("a.py = x\nsub/b.py = y");
    let repository = repository(top.path());
    check(top.path(), expect!["no commit, main, no problem"]);
    let id = commit(&repository, "first", 1);
    check(top.path(), expect!["2b11489, main, no problem"]);
    check(&top.path().join("sub"), expect!["2b11489, main, no problem"]);
    repository.set_head_detached(id).unwrap();
    check(top.path(), expect!["2b11489, no branch, no problem"]);
}

#[test]
fn a_worktree_has_its_own_branch() {
    let top = tree("main/a.py = x");
    let repository = repository(&top.path().join("main"));
    commit(&repository, "first", 1);
    repository.worktree("topic", &top.path().join("topic"), None).unwrap();
    check(&top.path().join("topic"), expect!["fa1844e, topic, no problem"]);
}

#[test]
fn objects_of_another_repository_are_found() {
    let top = tree("base/a.py = x\nclone/");
    let base = repository(&top.path().join("base"));
    let id = commit(&base, "first", 1);
    repository(&top.path().join("clone"));
    let alternates = format!("{}\n", top.path().join("base/.git/objects").display());
    let clone = top.path().join("clone/.git");
    std::fs::write(clone.join("objects/info/alternates"), alternates).unwrap();
    std::fs::write(clone.join("refs/heads/main"), format!("{id}\n")).unwrap();
    check(&top.path().join("clone"), expect!["fa1844e, main, no problem"]);
}

#[test]
fn no_repository_is_no_problem() {
    check(tree("a.py").path(), expect!["no commit, no branch, no problem"]);
}

#[test]
fn a_folder_that_its_repository_ignores_has_no_history() {
    let top = tree(".gitignore = demo/\\n\na.py = x\ndemo/p/b.py = y");
    commit(&repository(top.path()), "first", 1);
    check(&top.path().join("demo/p"), expect!["no commit, no branch, no problem"]);
}

#[test]
fn a_damaged_repository_is_a_problem_in_words() {
    let top = tree(".git/HEAD = garbage");
    check(
        top.path(),
        expect![
            "no commit, no branch, the repository is damaged or of an unknown format: could not find repository at 'ROOT'; class=Repository (6); code=NotFound (-3)"
        ],
    );
    let top = tree("a.py = x");
    commit(&repository(top.path()), "first", 1);
    grow(top.path(), ".git/refs/heads/main = nonsense");
    check(
        top.path(),
        expect![
            "no commit, no branch, corrupted loose reference file: refs/heads/main; class=Reference (4)"
        ],
    );
    grow(top.path(), ".git/config = [core\\nnonsense");
    check(
        top.path(),
        expect![
            "no commit, no branch, the repository is damaged or of an unknown format: failed to parse config file: missing ']' in section header (in ROOT/.git/config:1); class=Config (7)"
        ],
    );
}

#[test]
fn a_repository_with_a_pipe_in_it_is_not_waited_for() {
    let top = tree("a.py = x");
    commit(&repository(top.path()), "first", 1);
    let head = top.path().join(".git/HEAD");
    std::fs::remove_file(&head).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, &head, rustix::fs::Mode::RWXU).unwrap();
    check(
        top.path(),
        expect![
            "no commit, no branch, `ROOT/.git/HEAD` is a pipe or a device, which has no place in a repository"
        ],
    );
}
