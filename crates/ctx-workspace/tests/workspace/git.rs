use std::path::Path;

use ctx_workspace::{HeadFiles, git_state};
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

/// What git's files say of `HEAD`, which must be what its library says.
fn mark(root: &Path) -> ctx_workspace::HeadMark {
    let root = root.canonicalize().unwrap();
    let mark = HeadFiles::find(&root).unwrap().look();
    let state = git_state(&root);
    assert_eq!(mark.commit(), state.commit.as_deref());
    assert_eq!(mark.branch(), state.branch.as_deref());
    mark
}

#[test]
fn gits_files_tell_when_head_moves() {
    let top = tree("main/a.py = x\nmain/sub/b.py = y");
    let place = top.path().join("main");
    let repository = repository(&place);
    let mut marks = vec![mark(&place)];
    commit(&repository, "first", 1);
    marks.push(mark(&place));
    let second = commit(&repository, "second", 2);
    marks.push(mark(&place));
    repository.branch("topic/a", &repository.find_commit(second).unwrap(), false).unwrap();
    repository.set_head("refs/heads/topic/a").unwrap();
    marks.push(mark(&place));
    repository.set_head_detached(second).unwrap();
    marks.push(mark(&place));
    assert_eq!(marks[4], mark(&place.join("sub")));
    for (number, mark) in marks.iter().enumerate() {
        assert!(marks.iter().skip(number + 1).all(|later| later != mark), "{marks:?}");
    }
    // Another worktree is elsewhere, and its branch lies with all others.
    repository.worktree("other", &top.path().join("other"), None).unwrap();
    assert_eq!(mark(&top.path().join("other")).branch(), Some("other"));
}

#[test]
fn packed_branches_are_read_when_their_list_changes() {
    let top = tree("a.py = x");
    let repository = repository(top.path());
    let ids = [commit(&repository, "first", 1), commit(&repository, "second", 2)];
    let files = HeadFiles::find(&top.path().canonicalize().unwrap()).unwrap();
    let before = files.look();
    std::fs::remove_file(top.path().join(".git/refs/heads/main")).unwrap();
    for id in [ids[0], ids[1], ids[0]] {
        let list = format!("# pack-refs with: peeled\n{id} refs/heads/main\n^{}\n", ids[1]);
        std::fs::write(top.path().join("list"), list).unwrap();
        std::fs::rename(top.path().join("list"), top.path().join(".git/packed-refs")).unwrap();
        assert_eq!(files.look().commit(), Some(&id.to_string()[..]));
        assert_eq!(mark(top.path()), files.look());
    }
    assert_ne!(files.look().commit(), before.commit());
    std::fs::remove_file(top.path().join(".git/packed-refs")).unwrap();
    assert_eq!((files.look().commit(), files.look().branch()), (None, Some("main")));
}

#[test]
fn no_file_outside_of_git_is_followed() {
    let top = tree("secret = abc\n.git/HEAD = ref: refs/../../secret\\n\n.git/refs/");
    let mark = HeadFiles::find(top.path()).unwrap().look();
    assert_eq!(mark.commit(), None);
    assert!(HeadFiles::find(tree("a.py").path()).is_none());
    let top = tree(".git/refs/\na.py");
    rustix::fs::mkfifoat(rustix::fs::CWD, top.path().join(".git/HEAD"), rustix::fs::Mode::RWXU)
        .unwrap();
    assert_eq!(HeadFiles::find(top.path()).unwrap().look().branch(), None);
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
