//! Views: values by key, batches, scans.

use ctx_model::{Action, ProjectId};
use ctx_storage::{ReadError, Space, WriteError};

use crate::setup::{ROOT, Setup, permit, register};

#[test]
fn what_is_put_is_read_back_after_closing() {
    let setup = Setup::new();
    let mut batch = setup.store.batch(&setup.permit(Action::IndexProject)).unwrap();
    batch.put(Space::Files, b"src/a.rs", b"one").unwrap();
    batch.put(Space::Files, b"src/b.rs", b"").unwrap();
    batch.put(Space::Graph, b"src/a.rs", &[7; 300_000]).unwrap();
    batch.commit().unwrap();
    let setup = setup.reopened();
    let get = |space, key: &[u8]| setup.store.get(space, setup.project, key).unwrap();
    assert_eq!(get(Space::Files, b"src/a.rs").as_deref(), Some(&b"one"[..]));
    assert_eq!(get(Space::Files, b"src/b.rs").as_deref(), Some(&b""[..]));
    assert_eq!(get(Space::Graph, b"src/a.rs").map(|value| value.len()), Some(300_000));
    assert_eq!(get(Space::Commits, b"src/a.rs"), None);
    assert!(setup.store.contains(Space::Files, setup.project, b"src/b.rs").unwrap());
    assert!(!setup.store.contains(Space::Files, setup.project, b"src/c.rs").unwrap());
}

#[test]
fn a_dropped_batch_does_nothing_and_the_last_change_to_a_key_wins() {
    let setup = Setup::new();
    let indexing = setup.permit(Action::IndexProject);
    let mut dropped = setup.store.batch(&indexing).unwrap();
    dropped.put(Space::Files, b"k", b"dropped").unwrap();
    drop(dropped);
    assert_eq!(setup.store.get(Space::Files, setup.project, b"k").unwrap(), None);

    let mut batch = setup.store.batch(&indexing).unwrap();
    batch.put(Space::Files, b"k", b"1").unwrap();
    batch.remove(Space::Files, b"k");
    batch.put(Space::Files, b"k", b"2").unwrap();
    batch.put(Space::Files, b"gone", b"1").unwrap();
    batch.remove(Space::Files, b"gone");
    batch.commit_durable().unwrap();
    assert_eq!(setup.store.get(Space::Files, setup.project, b"k").unwrap(), Some(b"2".to_vec()));
    assert_eq!(setup.store.get(Space::Files, setup.project, b"gone").unwrap(), None);
}

#[test]
fn a_space_is_replaced_in_one_batch() {
    let setup = Setup::new();
    let indexing = setup.permit(Action::IndexProject);
    let mut batch = setup.store.batch(&indexing).unwrap();
    batch.put(Space::Files, b"old", b"old").unwrap();
    batch.put(Space::Files, b"both", b"old").unwrap();
    batch.commit().unwrap();
    let mut batch = setup.store.batch(&indexing).unwrap();
    batch.put(Space::Files, b"early", b"lost").unwrap();
    batch.clear(Space::Files).unwrap();
    batch.put(Space::Files, b"both", b"new").unwrap();
    batch.put(Space::Files, b"new", b"new").unwrap();
    // A scan sees what was there when it began.
    let scan = setup.store.scan(Space::Files, setup.project).unwrap();
    batch.commit().unwrap();
    assert_eq!(sorted(scan), ["old", "old"]);
    assert_eq!(sorted(setup.store.scan(Space::Files, setup.project).unwrap()), ["new", "new"]);
    setup.store.clear(&indexing, Space::Files).unwrap();
    assert_eq!(setup.store.scan(Space::Files, setup.project).unwrap().count(), 0);
}

fn sorted(scan: ctx_storage::Scan) -> Vec<String> {
    let mut values: Vec<_> = scan.map(|value| String::from_utf8(value.unwrap()).unwrap()).collect();
    values.sort();
    values
}

#[test]
fn facts_are_shared_among_projects_and_nothing_else_is() {
    let setup = Setup::new();
    let other = register(&setup.store, "/home/ada/src/fork");
    let mut batch = setup.store.batch(&setup.permit(Action::IndexProject)).unwrap();
    batch.put(Space::Facts, b"digest", b"facts").unwrap();
    batch.put(Space::Files, b"path", b"file").unwrap();
    batch.commit().unwrap();
    assert!(setup.store.contains(Space::Facts, other, b"digest").unwrap());
    assert!(!setup.store.contains(Space::Files, other, b"path").unwrap());
    // What other projects use too is not this project's to clear.
    setup.store.clear(&setup.permit(Action::IndexProject), Space::Facts).unwrap();
    assert!(setup.store.contains(Space::Facts, other, b"digest").unwrap());
}

#[test]
fn neither_keys_nor_roots_show_in_row_names() {
    let setup = Setup::new();
    let mut batch = setup.store.batch(&setup.permit(Action::IndexProject)).unwrap();
    batch.put(Space::Files, b"src/secret_name.rs", b"value").unwrap();
    batch.commit_durable().unwrap();
    assert!(setup.is_on_disk("value"));
    assert!(!setup.is_on_disk("secret_name"));
}

#[test]
fn reads_and_writes_of_an_unregistered_project_are_refused() {
    let setup = Setup::new();
    let unknown = ProjectId([9; 16]);
    let read = setup.store.get(Space::Files, unknown, b"k");
    assert!(matches!(read, Err(ReadError::UnknownProject { project }) if project == unknown));
    let write = setup.store.batch(&permit(Action::IndexProject, unknown));
    assert!(matches!(write, Err(WriteError::UnknownProject { .. })));
}

#[test]
fn a_permit_for_something_else_does_not_write() {
    let setup = Setup::new();
    let wrong = setup.store.batch(&setup.permit(Action::WriteMemory));
    assert!(matches!(wrong, Err(WriteError::WrongPermit { .. })));
    let other_root = permit(Action::IndexProject, setup.store.project_id("/elsewhere"));
    assert!(setup.store.register_project(&other_root, ROOT).is_err());
}

#[test]
fn projects_are_listed_with_their_roots_and_sizes() {
    let setup = Setup::new();
    assert_eq!(register(&setup.store, ROOT), setup.project);
    register(&setup.store, "/home/ada/src/other");
    let mut batch = setup.store.batch(&setup.permit(Action::IndexProject)).unwrap();
    batch.put(Space::Files, b"k", &[0; 1000]).unwrap();
    batch.commit().unwrap();
    let setup = setup.reopened();
    let mut roots: Vec<_> =
        setup.store.projects().unwrap().into_iter().map(|project| project.root.unwrap()).collect();
    roots.sort();
    assert_eq!(roots, ["/home/ada/src/other", ROOT]);
    assert!((1000..1200).contains(&setup.store.size_bytes(setup.project).unwrap()));
    assert!(setup.store.disk_bytes().unwrap() > 1000);
}

#[test]
fn a_deleted_project_is_gone_and_can_be_registered_anew() {
    let setup = Setup::new();
    setup.remember("the cat is called Schroedinger");
    let mut batch = setup.store.batch(&setup.permit(Action::IndexProject)).unwrap();
    batch.put(Space::Files, b"k", b"files of the cat").unwrap();
    batch.commit_durable().unwrap();
    setup.store.delete_project(&setup.permit(Action::PurgeRecord)).unwrap();
    assert!(setup.store.get(Space::Files, setup.project, b"k").is_err());
    assert!(setup.store.projects().unwrap().is_empty());
    assert!(!setup.is_on_disk("files of the cat"));
    let setup = setup.reopened();
    assert_eq!(setup.audit(), "2 records, 1 purged, 1 unchecked");
    register(&setup.store, ROOT);
    assert_eq!(setup.store.get(Space::Files, setup.project, b"k").unwrap(), None);
    assert_eq!(setup.log(), "1 #1 (purged)\n2 #2 deleted");
    setup.remember("anew");
    assert_eq!(setup.audit(), "3 records, 1 purged, 0 unchecked");
}
