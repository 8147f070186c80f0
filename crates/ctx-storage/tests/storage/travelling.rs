//! Records that travel between stores.

use ctx_model::Action;
use ctx_storage::{ExportedRecord, ImportError, ImportOutcome};
use expect_test::expect;

use crate::setup::Setup;

fn import(setup: &Setup, records: &[ExportedRecord]) -> Result<ImportOutcome, ImportError> {
    setup.store.journal().import(&setup.permit(Action::WriteMemory), records)
}

fn export(setup: &Setup) -> Vec<ExportedRecord> {
    setup.store.journal().export(setup.project).unwrap()
}

#[test]
fn chains_merge_and_merging_again_changes_nothing() {
    let (ada, bob) = (Setup::new(), Setup::new());
    ada.remember("ada 1");
    bob.remember("bob 1");
    ada.remember("ada 2");
    assert_eq!(import(&bob, &export(&ada)).unwrap(), ImportOutcome { added: 2, known: 0 });
    bob.remember("bob 2");
    assert_eq!(import(&bob, &export(&ada)).unwrap(), ImportOutcome { added: 0, known: 2 });
    ada.remember("ada 3");
    assert_eq!(import(&bob, &export(&ada)).unwrap(), ImportOutcome { added: 1, known: 2 });
    expect![[r#"
        1 #1 remembered "bob 1"
        2 #1 remembered "ada 1"
        3 #2 remembered "ada 2"
        4 #2 remembered "bob 2"
        5 #3 remembered "ada 3""#]]
    .assert_eq(&bob.log());
    // And back: both hold the same records then.
    assert_eq!(import(&ada, &export(&bob)).unwrap(), ImportOutcome { added: 2, known: 3 });
    let ids = |setup: &Setup| {
        let mut ids: Vec<_> = setup.records().iter().map(|record| record.id).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&ada), ids(&bob));
    for setup in [ada.reopened(), bob.reopened()] {
        expect!["5 records, 0 purged, 0 unchecked"].assert_eq(&setup.audit());
    }
}

#[test]
fn order_of_arrival_does_not_matter_but_gaps_do() {
    let (ada, bob) = (Setup::new(), Setup::new());
    for text in ["1", "2", "3"] {
        ada.remember(text);
    }
    let mut records = export(&ada);
    records.reverse();
    assert!(matches!(import(&bob, &records[..2]), Err(ImportError::Disconnected { .. })));
    assert_eq!(bob.records().len(), 0);
    assert_eq!(import(&bob, &records).unwrap().added, 3);
    expect!["3 records, 0 purged, 0 unchecked"].assert_eq(&bob.audit());
}

#[test]
fn a_purge_travels_too() {
    let (ada, bob) = (Setup::new(), Setup::new());
    let id = ada.remember("secret");
    let stays = bob.remember("bob's own");
    import(&bob, &export(&ada)).unwrap();
    ada.store.journal().purge(&ada.permit(Action::PurgeRecord), id).unwrap();
    import(&bob, &export(&ada)).unwrap();
    assert!(bob.store.journal().get(id).unwrap().entry.is_none());
    assert!(bob.store.journal().get(stays).unwrap().entry.is_some());
    expect!["3 records, 1 purged, 0 unchecked"].assert_eq(&bob.audit());
    let carol = Setup::new();
    import(&carol, &export(&bob)).unwrap();
    expect!["3 records, 1 purged, 0 unchecked"].assert_eq(&carol.audit());
}

#[test]
fn changed_cut_and_foreign_bytes_are_refused_as_a_whole() {
    let (ada, bob) = (Setup::new(), Setup::new());
    ada.remember("one");
    ada.remember("two");
    let records = export(&ada);
    for at in 0..records[1].payload.as_ref().unwrap().len() {
        let mut changed = records.clone();
        changed[1].payload.as_mut().unwrap()[at] ^= 1;
        assert!(import(&bob, &changed).is_err(), "flipped byte {at} of the payload");
    }
    for at in 0..records[0].header.len() {
        let mut changed = records.clone();
        changed[0].header[at] ^= 1;
        assert!(import(&bob, &changed).is_err(), "flipped byte {at} of the header");
    }
    let mut cut = records.clone();
    cut[1].payload = None;
    assert!(matches!(import(&bob, &cut), Err(ImportError::PayloadMissing { .. })));
    let garbage = ExportedRecord { header: vec![0xff; 40], payload: None };
    assert!(matches!(import(&bob, &[garbage]), Err(ImportError::Malformed { position: 1, .. })));
    assert_eq!(bob.records().len(), 0);
}

#[test]
fn a_copied_folder_that_wrote_on_is_a_fork() {
    let ada = Setup::new();
    ada.remember("common");
    let Setup { dir, store, project } = ada;
    drop(store);
    let copy = tempfile::tempdir().unwrap();
    let status = std::process::Command::new("cp")
        .args(["-r", &format!("{}/.", dir.path().display())])
        .arg(copy.path())
        .status()
        .unwrap();
    assert!(status.success());
    let ada = Setup { store: crate::setup::open(dir.path()), dir, project };
    let twin = Setup { store: crate::setup::open(copy.path()), dir: copy, project };
    ada.remember("ada's");
    twin.remember("the twin's");
    assert!(matches!(import(&ada, &export(&twin)), Err(ImportError::Forked { .. })));
    expect!["2 records, 0 purged, 0 unchecked"].assert_eq(&ada.audit());
}
