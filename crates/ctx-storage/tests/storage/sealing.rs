//! Sealing: a project's values encrypted, and out of reach without its key.

use ctx_model::{Action, Actor, ActorKind, Timestamp};
use ctx_security::{Policy, Secret, decide};
use ctx_storage::{ReadError, Space, UnlockError, WriteError};

use crate::setup::{ROOT, Setup, register};

fn filled() -> Setup {
    let setup = Setup::new();
    let mut batch = setup.store.batch(&setup.permit(Action::IndexProject)).unwrap();
    batch.put(Space::Files, b"k", b"a file of the hidden cat").unwrap();
    batch.put(Space::Facts, b"d", b"facts of the hidden cat").unwrap();
    batch.commit_durable().unwrap();
    setup.remember("the hidden cat sleeps");
    setup
}

#[test]
fn sealing_leaves_nothing_in_the_clear_on_the_disk() {
    let setup = filled();
    assert!(setup.is_on_disk("hidden cat") && setup.is_on_disk(ROOT));
    setup.store.seal_project(&setup.permit(Action::SealProject), &Setup::secret()).unwrap();
    assert!(!setup.is_on_disk("hidden cat"));
    assert!(!setup.is_on_disk(ROOT));
    let get = |space, key: &[u8]| setup.store.get(space, setup.project, key).unwrap();
    assert_eq!(get(Space::Files, b"k").as_deref(), Some(&b"a file of the hidden cat"[..]));
    // Shared facts can be computed again, and are not shared any more.
    assert_eq!(get(Space::Facts, b"d"), None);
    assert_eq!(setup.log(), "1 #1 remembered \"the hidden cat sleeps\"\n2 #2 sealed");
    assert_eq!(setup.audit(), "2 records, 0 purged, 0 unchecked");
}

#[test]
fn a_locked_project_tells_nothing_until_it_gets_its_key() {
    let setup = filled();
    setup.store.seal_project(&setup.permit(Action::SealProject), &Setup::secret()).unwrap();
    let other = register(&setup.store, "/home/ada/src/open");
    let setup = setup.reopened();
    let locked = setup.store.get(Space::Files, setup.project, b"k");
    assert!(matches!(locked, Err(ReadError::Locked { .. })));
    assert!(matches!(setup.store.journal().records(setup.project), Err(ReadError::Locked { .. })));
    let write = setup.store.batch(&setup.permit(Action::IndexProject));
    assert!(matches!(write, Err(WriteError::Locked { .. })));
    assert!(setup.store.get(Space::Files, other, b"k").is_ok());
    let mut projects = setup.store.projects().unwrap();
    projects.sort_by_key(|project| project.is_locked());
    assert_eq!((projects[1].is_locked(), &projects[1].root), (true, &None));
    assert_eq!(setup.audit(), "2 records, 0 purged, 2 unchecked");

    let wrong = setup.store.unlock(setup.project, &Secret::new([1; 32])).unwrap_err();
    assert!(matches!(wrong, UnlockError::WrongKey { .. }));
    setup.store.unlock(setup.project, &Setup::secret()).unwrap();
    assert_eq!(setup.records().len(), 2);
    setup.remember("awake");
    assert_eq!(setup.audit(), "3 records, 0 purged, 0 unchecked");
    assert!(!setup.is_on_disk("awake"));
    setup.store.lock(setup.project);
    assert!(matches!(setup.store.journal().records(setup.project), Err(ReadError::Locked { .. })));
}

#[test]
fn a_sealed_project_shares_no_facts() {
    let setup = filled();
    let other = register(&setup.store, "/home/ada/src/open");
    setup.store.seal_project(&setup.permit(Action::SealProject), &Setup::secret()).unwrap();
    let mut batch = setup.store.batch(&setup.permit(Action::IndexProject)).unwrap();
    batch.put(Space::Facts, b"digest", b"facts").unwrap();
    batch.commit().unwrap();
    assert!(setup.store.contains(Space::Facts, setup.project, b"digest").unwrap());
    assert!(!setup.store.contains(Space::Facts, other, b"digest").unwrap());
    assert_eq!(setup.store.scan(Space::Facts, setup.project).unwrap().count(), 1);
}

#[test]
fn the_key_can_be_changed() {
    let setup = filled();
    let sealing = setup.permit(Action::SealProject);
    setup.store.seal_project(&sealing, &Setup::secret()).unwrap();
    setup.store.seal_project(&sealing, &Secret::new([5; 32])).unwrap();
    let setup = setup.reopened();
    assert!(setup.store.unlock(setup.project, &Setup::secret()).is_err());
    setup.store.unlock(setup.project, &Secret::new([5; 32])).unwrap();
    assert!(setup.store.contains(Space::Files, setup.project, b"k").unwrap());
    assert_eq!(setup.audit(), "3 records, 0 purged, 0 unchecked");
}

#[test]
fn unsealing_makes_everything_readable_without_a_key() {
    let setup = filled();
    let sealing = setup.permit(Action::SealProject);
    setup.store.seal_project(&sealing, &Setup::secret()).unwrap();
    setup.remember("the hidden cat eats");
    let mut batch = setup.store.batch(&setup.permit(Action::IndexProject)).unwrap();
    batch.put(Space::Facts, b"d", b"facts of the hidden cat").unwrap();
    batch.commit_durable().unwrap();
    setup.store.unseal_project(&sealing).unwrap();
    // A second time there is nothing to do.
    setup.store.unseal_project(&sealing).unwrap();
    let setup = setup.reopened();
    let get = |space, key: &[u8]| setup.store.get(space, setup.project, key).unwrap();
    assert_eq!(get(Space::Files, b"k").as_deref(), Some(&b"a file of the hidden cat"[..]));
    // They were the sealed project's own, and can be computed again.
    assert_eq!(get(Space::Facts, b"d"), None);
    assert_eq!(
        setup.log(),
        "1 #1 remembered \"the hidden cat sleeps\"\n2 #2 sealed\n\
         3 #3 remembered \"the hidden cat eats\"\n4 #4 unsealed"
    );
    assert_eq!(setup.audit(), "4 records, 0 purged, 0 unchecked");
    assert!(setup.is_on_disk(ROOT));
    assert!(setup.store.projects().unwrap().iter().all(|project| !project.sealed));
}

#[test]
fn unsealing_takes_the_key() {
    let setup = filled();
    setup.store.seal_project(&setup.permit(Action::SealProject), &Setup::secret()).unwrap();
    let setup = setup.reopened();
    let error = setup.store.unseal_project(&setup.permit(Action::SealProject)).unwrap_err();
    assert!(matches!(error, ctx_storage::SealError::Unreachable { .. }), "{error:?}");
    let wrong = setup.permit(Action::WriteMemory);
    setup.store.unlock(setup.project, &Setup::secret()).unwrap();
    assert!(setup.store.unseal_project(&wrong).is_err());
    assert_eq!(setup.log(), "1 #1 remembered \"the hidden cat sleeps\"\n2 #2 sealed");
}

#[test]
fn a_batch_begun_before_sealing_cannot_slip_in_plain_values() {
    let setup = filled();
    let mut batch = setup.store.batch(&setup.permit(Action::IndexProject)).unwrap();
    batch.put(Space::Files, b"late", b"plain").unwrap();
    setup.store.seal_project(&setup.permit(Action::SealProject), &Setup::secret()).unwrap();
    assert!(matches!(batch.commit(), Err(WriteError::Changed { .. })));
}

#[test]
fn a_reader_that_began_before_sealing_finishes_and_then_the_old_values_go() {
    let setup = filled();
    let scan = setup.store.scan(Space::Files, setup.project).unwrap();
    setup.store.seal_project(&setup.permit(Action::SealProject), &Setup::secret()).unwrap();
    let values: Vec<_> = scan.map(Result::unwrap).collect();
    assert_eq!(values, [b"a file of the hidden cat"]);
    assert!(!setup.is_on_disk("hidden cat"));
}

#[test]
fn a_locked_project_can_be_deleted() {
    let setup = filled();
    setup.store.seal_project(&setup.permit(Action::SealProject), &Setup::secret()).unwrap();
    let setup = setup.reopened();
    setup.store.delete_project(&setup.permit(Action::PurgeRecord)).unwrap();
    assert!(setup.store.projects().unwrap().is_empty());
    assert_eq!(setup.audit(), "3 records, 2 purged, 1 unchecked");
}

#[test]
fn an_assistant_gets_no_permit_to_seal() {
    let setup = Setup::new();
    let assistant = Actor { kind: ActorKind::Assistant, name: "claude".into(), model: None };
    let denied =
        decide(&Policy::local(), &assistant, Action::SealProject, setup.project, Timestamp(0));
    assert!(denied.is_err());
    let wrong = setup.permit(Action::WriteMemory);
    assert!(setup.store.seal_project(&wrong, &Setup::secret()).is_err());
}
