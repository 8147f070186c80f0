//! Purging: a payload destroyed, the chain whole.

use ctx_model::{Action, RecordId};
use ctx_storage::{PurgeError, Space};
use expect_test::expect;

use crate::setup::{Setup, permit, register};

#[test]
fn a_purged_record_is_gone_from_the_disk_and_the_chain_still_verifies() {
    let setup = Setup::new();
    setup.remember("before");
    let id = setup.remember("the password is hunter2");
    let mut batch = setup.store.batch(&setup.permit(Action::IndexProject)).unwrap();
    batch.put(Space::Memory, b"view", b"a view that repeats hunter2").unwrap();
    batch.put(Space::Files, b"file", b"unrelated").unwrap();
    batch.commit_durable().unwrap();
    let key = stored_payload_of(&setup, id);
    setup.store.journal().purge(&setup.permit(Action::PurgeRecord), id).unwrap();
    assert!(!setup.is_on_disk("hunter2"));
    assert!(stored_payload_of(&setup, id).is_none() && key.is_some());
    assert!(setup.store.contains(Space::Files, setup.project, b"file").unwrap());
    let setup = setup.reopened();
    setup.remember("after");
    expect![[r#"
        1 #1 remembered "before"
        2 #2 (purged)
        3 #3 purged a record
        4 #4 remembered "after""#]]
    .assert_eq(&setup.log());
    expect!["4 records, 1 purged, 0 unchecked"].assert_eq(&setup.audit());
}

fn stored_payload_of(setup: &Setup, id: RecordId) -> Option<Vec<u8>> {
    let exported = setup.store.journal().export(setup.project).unwrap();
    let at = setup.records().iter().position(|record| record.id == id).unwrap();
    exported[at].payload.clone()
}

#[test]
fn purging_needs_its_permit_in_the_records_project() {
    let setup = Setup::new();
    let id = setup.remember("x");
    let journal = setup.store.journal();
    let wrong = journal.purge(&setup.permit(Action::ForgetMemory), id);
    assert!(matches!(wrong, Err(PurgeError::NotWritten { .. })));
    let other = register(&setup.store, "/home/ada/src/other");
    let elsewhere = journal.purge(&permit(Action::PurgeRecord, other), id);
    assert!(matches!(elsewhere, Err(PurgeError::NotFound { .. })));
    assert_eq!(setup.log(), "1 #1 remembered \"x\"");
}

#[test]
fn purging_works_in_a_sealed_project() {
    let setup = Setup::new();
    let id = setup.remember("x");
    setup.store.seal_project(&setup.permit(Action::SealProject), &Setup::secret()).unwrap();
    setup.store.journal().purge(&setup.permit(Action::PurgeRecord), id).unwrap();
    let setup = setup.reopened();
    assert_eq!(setup.audit(), "3 records, 1 purged, 2 unchecked");
    setup.store.unlock(setup.project, &Setup::secret()).unwrap();
    assert_eq!(setup.audit(), "3 records, 1 purged, 0 unchecked");
}
