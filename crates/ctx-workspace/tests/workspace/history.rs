use std::{ops::ControlFlow, path::Path, time::Duration};

use ctx_workspace::{HistoryLimits, PastKnown, recent_commits};
use expect_test::{Expect, expect};
use git2::{Signature, Time};

use crate::{
    git::{commit, repository},
    tree::{grow, tree},
};

fn report(root: &Path, limits: HistoryLimits, known: &dyn Fn(&str) -> bool) -> String {
    let mut lines = String::new();
    let end = recent_commits(root, limits, known, &mut |commit| {
        lines.push_str(&format!("{} {:?} {:?}\n", commit.at_seconds, commit.message, commit.paths));
        ControlFlow::Continue(())
    });
    match end {
        Ok(end) => format!("{lines}{end:?}"),
        Err(error) => format!("{lines}{error}"),
    }
}

fn check(root: &Path, expected: Expect) {
    expected.assert_eq(&report(root, HistoryLimits::default(), &|_| false));
}

#[test]
fn commits_come_newest_first_with_what_they_changed() {
    let top = tree("a.py = 1\nsub/b.py = 1\nsub/deep/c.py = 1");
    let repository = repository(top.path());
    commit(&repository, "first\n\nbody é", 10);
    grow(top.path(), "sub/b.py = 2");
    commit(&repository, "second", 20);
    std::fs::remove_dir_all(top.path().join("sub/deep")).unwrap();
    grow(top.path(), "sub/deep = now a file\nsub.x = y");
    commit(&repository, "third", 30);
    check(
        top.path(),
        expect![[r#"
            30 "third" ["sub.x", "sub/deep", "sub/deep/c.py"]
            20 "second" ["sub/b.py"]
            10 "first\n\nbody é" ["a.py", "sub/b.py", "sub/deep/c.py"]
            Complete"#]],
    );
    check(
        &top.path().join("sub"),
        expect![[r#"
            30 "third" ["deep", "deep/c.py"]
            20 "second" ["b.py"]
            10 "first\n\nbody é" ["b.py", "deep/c.py"]
            Complete"#]],
    );
}

#[test]
fn merges_are_passed_over_and_both_sides_visited() {
    let top = tree("a.py = 1");
    let repository = repository(top.path());
    let first = repository.find_commit(commit(&repository, "first", 10)).unwrap();
    grow(top.path(), "b.py = 1");
    let left = repository.find_commit(commit(&repository, "left", 20)).unwrap();
    let who = Signature::new("A", "a@example.org", &Time::new(15, 0)).unwrap();
    let tree = first.tree().unwrap();
    let mut builder = repository.treebuilder(Some(&tree)).unwrap();
    builder.insert("c.py", tree.get_name("a.py").unwrap().id(), 0o100_644).unwrap();
    let tree = repository.find_tree(builder.write().unwrap()).unwrap();
    let right = repository.commit(None, &who, &who, "right", &tree, &[&first]).unwrap();
    let right = repository.find_commit(right).unwrap();
    let parents = [&left, &right];
    repository.commit(Some("HEAD"), &who, &who, "merge", &tree, &parents).unwrap();
    check(
        top.path(),
        expect![[r#"
            20 "left" ["b.py"]
            15 "right" ["c.py"]
            10 "first" ["a.py"]
            Complete"#]],
    );
}

#[test]
fn limits_are_kept() {
    let top = tree("a.py = 1\nb.py = 1\nc.py = 1");
    let repository = repository(top.path());
    commit(&repository, "big", 10);
    grow(top.path(), "a.py = 2");
    let second = commit(&repository, "second", 20).to_string();
    grow(top.path(), "a.py = 3");
    commit(&repository, "third", 30);
    let check = |limits: HistoryLimits, known: &dyn Fn(&str) -> bool, expected: Expect| {
        expected.assert_eq(&report(top.path(), limits, known));
    };
    let all = HistoryLimits { max_files_per_commit: 2, ..HistoryLimits::default() };
    let none = |_: &str| false;
    check(
        all,
        &none,
        expect![[r#"
            30 "third" ["a.py"]
            20 "second" ["a.py"]
            Complete"#]],
    );
    check(
        HistoryLimits { max_commits: 1, ..all },
        &none,
        expect![[r#"
            30 "third" ["a.py"]
            CommitLimit"#]],
    );
    check(HistoryLimits { budget: Duration::ZERO, ..all }, &none, expect!["TimeLimit"]);
    let known = |id: &str| id == second;
    let few = HistoryLimits { max_files_per_commit: 9, ..all };
    check(
        few,
        &known,
        expect![[r#"
            30 "third" ["a.py"]
            Complete"#]],
    );
    check(
        HistoryLimits { past_known: PastKnown::Continue, ..few },
        &known,
        expect![[r#"
            30 "third" ["a.py"]
            10 "big" ["a.py", "b.py", "c.py"]
            Complete"#]],
    );
}

#[test]
fn a_history_with_missing_objects_is_read_as_far_as_it_goes() {
    let top = tree("a.py = 1");
    let repository = repository(top.path());
    let first = commit(&repository, "first", 10).to_string();
    grow(top.path(), "a.py = 2");
    commit(&repository, "second", 20);
    grow(top.path(), "a.py = 3");
    let third = commit(&repository, "third", 30).to_string();
    let object = |id: &str| top.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    std::fs::remove_file(object(&first)).unwrap();
    check(
        top.path(),
        expect![[r#"
            30 "third" ["a.py"]
            MissingObjects"#]],
    );
    std::fs::remove_file(object(&third)).unwrap();
    let text = report(top.path(), HistoryLimits::default(), &|_| false);
    assert!(text.starts_with("could not read commit"), "{text}");
}

#[test]
fn without_a_repository_or_a_commit_there_is_no_history() {
    check(tree("a.py").path(), expect!["Complete"]);
    let top = tree("a.py");
    repository(top.path());
    check(top.path(), expect!["Complete"]);
}

#[test]
fn a_tree_made_to_exhaust_is_given_up() {
    let top = tree("a.py = 1");
    let repository = repository(top.path());
    commit(&repository, "first", 10);
    // Thirty levels of ten times the same tree: 10^30 folders, and no file that would end it.
    let mut tree = repository.treebuilder(None).unwrap().write().unwrap();
    for _ in 0..30 {
        let mut builder = repository.treebuilder(None).unwrap();
        for name in 0..10 {
            builder.insert(name.to_string(), tree, 0o040_000).unwrap();
        }
        tree = builder.write().unwrap();
    }
    let tree = repository.find_tree(tree).unwrap();
    let who = Signature::new("A", "a@example.org", &Time::new(20, 0)).unwrap();
    let parent = repository.head().unwrap().peel_to_commit().unwrap();
    repository.commit(Some("HEAD"), &who, &who, "bomb", &tree, &[&parent]).unwrap();
    check(
        top.path(),
        expect![[r#"
            10 "first" ["a.py"]
            Complete"#]],
    );
}
