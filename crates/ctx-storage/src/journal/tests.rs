use std::path::Path;

use ctx_model::memory::MemoryKind;
use ctx_model::{Action, Actor, Draft, Event, ProjectId, RecordId, Remembered, Timestamp};
use ctx_security::{Permit, Policy, decide};

use super::AuditFault;
use crate::engine::{Changes, Durability, Tree};
use crate::row::Ledger;
use crate::store::{Store, StoreOptions};

const JOURNAL: [Ledger; 5] =
    [Ledger::Header, Ledger::Chain, Ledger::Listing, Ledger::Payload, Ledger::PayloadKey];

fn permit(action: Action, project: ProjectId) -> Permit {
    decide(&Policy::local(), &Actor::person("ada"), action, project, Timestamp(1)).unwrap()
}

/// A store with six records, one of them purged.
fn filled(dir: &Path) -> Store {
    let store = Store::open(dir, StoreOptions::default()).unwrap();
    let project = store.project_id("/p");
    store.register_project(&permit(Action::IndexProject, project), "/p").unwrap();
    let journal = store.journal();
    let ids: Vec<RecordId> = (0..5)
        .map(|number| {
            let event = Event::Remembered(Remembered {
                kind: MemoryKind::Fact,
                text: format!("fact {number}"),
                about: Vec::new(),
                tags: Vec::new(),
                external_id: None,
                said_by: None,
                said_at: None,
            });
            let draft = Draft::bare(event, Timestamp(number));
            journal.append(&permit(Action::WriteMemory, project), draft).unwrap().id
        })
        .collect();
    journal.purge(&permit(Action::PurgeRecord, project), ids[1]).unwrap();
    store
}

fn journal_rows(store: &Store) -> Vec<(Vec<u8>, Vec<u8>)> {
    let engine = store.engine().unwrap();
    let rows = JOURNAL.iter().flat_map(|space| engine.rows(Tree::Ledger, &[*space as u8]));
    rows.map(Result::unwrap).collect()
}

fn write(store: &Store, name: &[u8], value: Option<Vec<u8>>) {
    let mut changes = Changes::default();
    match value {
        Some(value) => changes.put(Tree::Ledger, name.to_vec(), value),
        None => changes.remove(Tree::Ledger, name.to_vec()),
    }
    store.engine().unwrap().write(&changes, Durability::Buffered).unwrap();
}

fn faults(store: &Store) -> Vec<AuditFault> {
    let report = store.journal().verify().unwrap();
    report.findings.into_iter().map(|finding| finding.fault).collect()
}

#[test]
fn any_flipped_byte_of_any_journal_row_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    assert_eq!(faults(&store), []);
    let rows = journal_rows(&store);
    // Six headers, links and listings; five payloads with a key each.
    assert_eq!(rows.len(), 3 * 6 + 2 * 5);
    let mut flips = 0;
    for (name, value) in &rows {
        for at in 0..value.len() {
            let mut flipped = value.clone();
            flipped[at] ^= 1 << (at % 8);
            write(&store, name, Some(flipped));
            assert!(!faults(&store).is_empty(), "byte {at} of row {name:02x?}");
            flips += 1;
        }
        write(&store, name, Some(value.clone()));
    }
    assert_eq!(faults(&store), []);
    assert!(flips > 2000, "{flips}");
}

#[test]
fn any_removed_or_swapped_journal_row_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    let rows = journal_rows(&store);
    for (name, value) in &rows {
        write(&store, name, None);
        assert!(!faults(&store).is_empty(), "removed row {name:02x?}");
        write(&store, name, Some(value.clone()));
    }
    for pair in rows.windows(2).filter(|pair| pair[0].0[0] == pair[1].0[0]) {
        write(&store, &pair[0].0, Some(pair[1].1.clone()));
        assert!(!faults(&store).is_empty(), "swapped into {:02x?}", pair[0].0);
        write(&store, &pair[0].0, Some(pair[0].1.clone()));
    }
    assert_eq!(faults(&store), []);
}

#[test]
fn a_forged_record_shows_even_when_its_checksums_are_right() {
    use super::read::{Placement, stored_header};
    use crate::row;
    use ctx_security::Sealer;

    let dir = tempfile::tempdir().unwrap();
    let store = filled(dir.path());
    let engine = store.engine().unwrap();
    let (chain, link) = engine.rows(Tree::Ledger, &[Ledger::Chain as u8]).nth(2).unwrap().unwrap();
    let (_, id) = super::read::chain_value(&chain, &link).unwrap();
    let stored = stored_header(&engine, id).unwrap().unwrap();
    let mut header = stored.header.clone();
    header.at = Timestamp(999);
    let place = Placement { ..stored.place };
    let row = row::header_row(id);
    let forged = Sealer::plain().seal([0; 24], &row, &place.with_header(&header.encode()));
    write(&store, &row, Some(forged));
    let found = faults(&store);
    assert_eq!(found, [AuditFault::Chain(ctx_security::chain::Fault::HeaderChanged)]);
    assert!(store.journal().get(id).is_err());
}
