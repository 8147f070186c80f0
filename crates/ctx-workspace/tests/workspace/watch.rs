use std::{
    path::Path,
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use ctx_workspace::{Change, Watch, WatchMode, WatchOptions};

use crate::{
    git::{commit, repository},
    tree::{grow, tree},
    walk::options,
};

/// Far more than a healthy machine needs.
const PATIENCE: Duration = Duration::from_secs(20);

fn watch(root: &Path, mode: WatchMode) -> (Watch, Receiver<Change>) {
    let (send, changes) = channel();
    let options = WatchOptions { mode, walk: options(), ..WatchOptions::default() };
    let tell = Box::new(move |change| drop(send.send(change)));
    (Watch::start_with(root, options, tell).unwrap(), changes)
}

/// Waits until every one of `paths` was named; returns all that were.
fn wait_for(changes: &Receiver<Change>, paths: &[&str]) -> Vec<String> {
    let deadline = Instant::now() + PATIENCE;
    let mut named: Vec<String> = Vec::new();
    while !paths.iter().all(|path| named.iter().any(|name| name == path)) {
        let left = deadline.saturating_duration_since(Instant::now());
        match changes.recv_timeout(left) {
            Ok(Change::Paths(more)) => named.extend(more),
            Ok(Change::Rescan) => panic!("a rescan instead of {paths:?}"),
            Err(_) => panic!("only {named:?} of {paths:?}"),
        }
    }
    named
}

fn wait_for_rescan(changes: &Receiver<Change>) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if changes.recv_timeout(left).expect("a rescan") == Change::Rescan {
            return;
        }
    }
}

#[test]
fn a_saved_file_is_named_and_an_ignored_one_is_not() {
    let top = tree(".gitignore = *.log\\n\na.py = 1\nsub/b.py = 1\nnode_modules/x.js");
    let (_watch, changes) = watch(top.path(), WatchMode::Native);
    grow(top.path(), "x.log = 1\nnode_modules/x.js = 2\nsub/b.py = 2\nnew.py = 1");
    std::fs::remove_file(top.path().join("a.py")).unwrap();
    let mut named = wait_for(&changes, &["a.py", "new.py", "sub/b.py"]);
    named.sort();
    named.dedup();
    assert_eq!(named, ["a.py", "new.py", "sub/b.py"]);
}

#[test]
fn a_save_by_renaming_is_named() {
    let top = tree("a.py = 1");
    let (_watch, changes) = watch(top.path(), WatchMode::Native);
    grow(top.path(), "a.py.tmp = 2");
    std::fs::rename(top.path().join("a.py.tmp"), top.path().join("a.py")).unwrap();
    wait_for(&changes, &["a.py"]);
}

#[test]
fn new_folders_are_watched_with_all_that_is_in_them() {
    let top = tree("a.py\nelsewhere/");
    let outside = tree("moved/in/c.py");
    let (_watch, changes) = watch(top.path(), WatchMode::Native);
    grow(top.path(), "one/two/three/b.py = 1");
    wait_for(&changes, &["one/two/three/b.py"]);
    grow(top.path(), "one/two/three/b2.py = 1");
    wait_for(&changes, &["one/two/three/b2.py"]);
    if std::fs::rename(outside.path().join("moved"), top.path().join("moved")).is_ok() {
        wait_for(&changes, &["moved/in/c.py"]);
    }
    std::fs::remove_dir_all(top.path().join("one")).unwrap();
    wait_for(&changes, &["one/two/three/b.py", "one/two/three/b2.py"]);
    grow(top.path(), "one/again.py = 1");
    wait_for(&changes, &["one/again.py"]);
}

#[test]
fn a_folder_that_moves_takes_a_walk() {
    let top = tree("from/a.py\nb.py");
    let (_watch, changes) = watch(top.path(), WatchMode::Native);
    std::fs::rename(top.path().join("from"), top.path().join("to")).unwrap();
    wait_for_rescan(&changes);
    grow(top.path(), "to/a.py = 2");
    wait_for(&changes, &["to/a.py"]);
}

#[test]
fn a_changed_ignore_file_takes_a_walk_and_holds_at_once() {
    let top = tree("build/a.py\nb.py");
    let (_watch, changes) = watch(top.path(), WatchMode::Native);
    grow(top.path(), ".codecontextignore = build/\\n");
    wait_for_rescan(&changes);
    grow(top.path(), "build/a.py = 2");
    grow(top.path(), "b.py = 2");
    assert!(!wait_for(&changes, &["b.py"]).contains(&"build/a.py".to_owned()));
}

#[test]
fn a_commit_and_another_branch_take_a_walk() {
    let top = tree("a.py = 1");
    let repository = repository(top.path());
    commit(&repository, "first", 1);
    let (_watch, changes) = watch(top.path(), WatchMode::Native);
    grow(top.path(), "a.py = 2");
    wait_for(&changes, &["a.py"]);
    let second = commit(&repository, "second", 2);
    wait_for_rescan(&changes);
    let second = repository.find_commit(second).unwrap();
    repository.branch("team/topic", &second, false).unwrap();
    repository.set_head("refs/heads/team/topic").unwrap();
    wait_for_rescan(&changes);
    grow(top.path(), "a.py = 3");
    commit(&repository, "third", 3);
    wait_for_rescan(&changes);
}

#[test]
fn very_many_changes_take_a_walk() {
    let top = tree("a.py");
    let (_watch, changes) = watch(top.path(), WatchMode::Native);
    for number in 0..5_000 {
        std::fs::write(top.path().join(format!("{number}.py")), "").unwrap();
    }
    // However they were batched: nothing may be missing.
    let deadline = Instant::now() + PATIENCE;
    let mut named = 0;
    while named < 5_000 {
        match changes.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Change::Paths(paths)) => named += paths.len(),
            Ok(Change::Rescan) => return,
            Err(_) => panic!("only {named} paths"),
        }
    }
}

#[test]
fn the_end_of_the_root_is_told_and_its_return() {
    let top = tree("project/a.py");
    let root = top.path().join("project");
    let (_watch, changes) = watch(&root, WatchMode::Native);
    std::fs::remove_dir_all(&root).unwrap();
    wait_for_rescan(&changes);
    grow(top.path(), "project/a.py = 2");
    wait_for_rescan(&changes);
}

#[test]
fn polling_tells_the_same() {
    let top = tree(".gitignore = *.log\\n\na.py = 1\nb.py = 1");
    let (_watch, changes) = watch(top.path(), WatchMode::Poll(Duration::from_millis(20)));
    grow(top.path(), "a.py = 22\nsub/c.py = 1\nx.log = 1");
    std::fs::remove_file(top.path().join("b.py")).unwrap();
    let named = wait_for(&changes, &["a.py", "b.py", "sub/c.py"]);
    assert!(!named.contains(&"x.log".to_owned()));
}

#[test]
fn a_dropped_watch_is_silent() {
    let top = tree("a.py = 1");
    let (watch, changes) = watch(top.path(), WatchMode::Native);
    drop(watch);
    grow(top.path(), "a.py = 2");
    assert!(changes.recv().is_err());
}
