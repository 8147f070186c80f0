//! Migration: an older store becomes a new generation in the current format.
//!
//! Format 1 kept a record's header bare and listed records only by their chain.
//! Format 2 keeps, with each header, the project that it is listed under and its
//! place in that project's list, and the list itself, so that a project's
//! records are read in order without reading everybody's.

use std::collections::HashMap;

use ctx_model::{Digest, ProjectId, RecordId};
use ctx_security::Sealer;

use crate::engine::{Changes, Engine, EngineError, Limits, Tree};
use crate::folder::{FORMAT, Folder, Format, OpenError, Settled};
use crate::journal::Placement;
use crate::row::{self, Ledger};
use crate::store::{open_engine, open_failed};
use crate::wire::Header;
use crate::{rewrite, vault};

type Damage = Box<dyn std::error::Error + Send + Sync>;

/// Why a row could not be taken over.
#[derive(Debug, thiserror::Error)]
enum RowError {
    #[error("the engine failed")]
    Engine(#[from] EngineError),
    #[error("a row is damaged")]
    Damaged(#[source] Damage),
}

/// Brings the store to the current format and opens it. The old generation
/// stays current until the new one is complete on the disk.
pub(crate) fn migrate(
    folder: &Folder,
    format: &mut Format,
    limits: Limits,
) -> Result<Engine, OpenError> {
    let mut engine = open_engine(folder, *format, limits)?;
    while format.number < FORMAT {
        let next = Format { number: format.number + 1, generation: format.generation + 1 };
        tracing::info!(from = format.number, to = next.number, "migrating the store");
        let path = folder.make_generation(next.generation).map_err(|source| {
            OpenError::Unusable { path: folder.generation(next.generation), source }
        })?;
        let new = Engine::open(&path, limits).map_err(|error| open_failed(folder, error))?;
        let failed = |error| match error {
            RowError::Engine(error) => open_failed(folder, error),
            RowError::Damaged(source) => {
                OpenError::Damaged { folder: folder.path().to_owned(), source }
            }
        };
        match format.number {
            1 => list_by_project(&engine, &new).map_err(failed)?,
            _ => {
                return Err(OpenError::FormatDamaged { file: folder.path().join("format") });
            }
        }
        if folder.set_format(next)? == Settled::OnDisk {
            engine.retire();
        }
        *format = next;
        engine = new;
    }
    Ok(engine)
}

/// From format 1 to format 2.
fn list_by_project(old: &Engine, new: &Engine) -> Result<(), RowError> {
    let mut ordinals: HashMap<ProjectId, u64> = HashMap::new();
    let mut rule = |tree, name: Vec<u8>, value: Vec<u8>, out: &mut Changes| {
        match name.first() {
            // Headers are taken over with their place in the chain, below.
            Some(&space) if tree == Tree::Ledger && space == Ledger::Header as u8 => {}
            Some(&space) if tree == Tree::Ledger && space == Ledger::Chain as u8 => {
                place_record(old, &name, &value, &mut ordinals, out)?;
                out.put(tree, name, value);
            }
            _ => out.put(tree, name, value),
        }
        Ok(())
    };
    rewrite::copy(old, new, &mut rule, &Changes::default())
}

fn place_record(
    old: &Engine,
    chain_row: &[u8],
    chain_value: &[u8],
    ordinals: &mut HashMap<ProjectId, u64>,
    out: &mut Changes,
) -> Result<(), RowError> {
    let damaged = |error: Damage| RowError::Damaged(error);
    let plain = Sealer::plain();
    let id = plain.open(chain_row, chain_value).map_err(|error| damaged(error.into()))?;
    let id: [u8; 32] = id.try_into().map_err(|_| damaged("a record's name is cut".into()))?;
    let id = RecordId(Digest(id));
    let row = row::header_row(id);
    let stored = old.get(Tree::Ledger, &row)?;
    let stored = stored.ok_or_else(|| damaged("a record's header is missing".into()))?;
    let header = plain.open(&row, &stored).map_err(|error| damaged(error.into()))?;
    let project = Header::decode(&header).map_err(|error| damaged(error.into()))?.project;
    let ordinal = ordinals.entry(project).or_default();
    *ordinal += 1;
    let placement = Placement { project, ordinal: *ordinal };
    let seal = |row: &[u8], value: &[u8]| {
        vault::seal(&plain, row, value).map_err(|error| damaged(error.into()))
    };
    let value = seal(&row, &placement.with_header(&header))?;
    out.put(Tree::Ledger, row, value);
    let listing = row::listing_row(project, *ordinal);
    let value = seal(&listing, &id.0.0)?;
    out.put(Tree::Ledger, listing, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use ctx_model::Event;

    use super::*;
    use crate::engine::Durability;
    use crate::store::{Store, StoreOptions};

    /// A store of format 1, row by row: `secret HEX`, then `TREE NAME VALUE` a
    /// line, in hexadecimal. Two projects, three records in one and one in the
    /// other, a file in the first.
    const FORMAT_1: &str = include_str!("../tests/fixtures/format-1.rows");

    fn bytes(hex: &str) -> Vec<u8> {
        let digits = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        (0..hex.len()).step_by(2).map(digits).collect()
    }

    fn write_format_1(dir: &Path) {
        let mut lines = FORMAT_1.lines();
        let secret = lines.next().unwrap().strip_prefix("secret ").unwrap();
        fs::write(dir.join("secret"), bytes(secret)).unwrap();
        fs::write(dir.join("format"), "codecontext store\nformat 1\ngeneration 7\n").unwrap();
        let limits = Limits { cache: 1 << 20, memtable: 1 << 20 };
        let engine = Engine::open(&dir.join("db-7"), limits).unwrap();
        let mut changes = Changes::default();
        for line in lines {
            let mut words = line.split(' ');
            let tree = if words.next() == Some("views") { Tree::Views } else { Tree::Ledger };
            let (name, value) = (words.next().unwrap(), words.next().unwrap());
            changes.put(tree, bytes(name), bytes(value));
        }
        engine.write(&changes, Durability::Synced).unwrap();
    }

    #[test]
    fn a_store_of_format_1_is_taken_over_whole() {
        let dir = tempfile::tempdir().unwrap();
        write_format_1(dir.path());
        // Opening a second time finds the current format.
        for _ in 0..2 {
            let store = Store::open(dir.path(), StoreOptions::default()).unwrap();
            let (site, other) = (store.project_id("/site"), store.project_id("/other"));
            let texts = |project| -> Vec<String> {
                let records = store.journal().records(project).unwrap().map(Result::unwrap);
                records
                    .map(|record| match record.entry.unwrap().event {
                        Event::Remembered(said) => format!("{} {}", record.ordinal, said.text),
                        other => format!("{} {other:?}", record.ordinal),
                    })
                    .collect()
            };
            assert_eq!(texts(site), ["1 one", "2 two", "3 three"]);
            assert_eq!(texts(other), ["1 elsewhere"]);
            let file = store.get(crate::Space::Files, site, b"a.rs").unwrap();
            assert_eq!(file.as_deref(), Some(&b"a file"[..]));
            assert_eq!(store.projects().unwrap().len(), 2);
            let report = store.journal().verify().unwrap();
            assert_eq!((report.records, report.findings), (4, Vec::new()));
        }
        let format = fs::read_to_string(dir.path().join("format")).unwrap();
        assert_eq!(format, "codecontext store\nformat 2\ngeneration 8\n");
        assert!(!dir.path().join("db-7").exists());
    }

    #[test]
    fn a_migration_that_is_interrupted_or_fails_leaves_the_old_store() {
        let dir = tempfile::tempdir().unwrap();
        write_format_1(dir.path());
        // Half of an earlier attempt, and rubbish where the next one goes.
        fs::create_dir(dir.path().join("db-8")).unwrap();
        fs::write(dir.path().join("db-8/0.jnl"), "half").unwrap();
        // A header that is damaged stops it with an error.
        let limits = Limits { cache: 1 << 20, memtable: 1 << 20 };
        let engine = Engine::open(&dir.path().join("db-7"), limits).unwrap();
        let (name, value) =
            engine.rows(Tree::Ledger, &[Ledger::Header as u8]).next().unwrap().unwrap();
        let put = |value: Vec<u8>| {
            let mut changes = Changes::default();
            changes.put(Tree::Ledger, name.clone(), value);
            changes
        };
        let damaged: Vec<u8> = value.iter().map(|byte| byte ^ 1).collect();
        engine.write(&put(damaged), Durability::Synced).unwrap();
        drop(engine);
        let error = Store::open(dir.path(), StoreOptions::default()).unwrap_err();
        assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
        let engine = Engine::open(&dir.path().join("db-7"), limits).unwrap();
        engine.write(&put(value), Durability::Synced).unwrap();
        drop(engine);
        assert!(Store::open(dir.path(), StoreOptions::default()).is_ok());
    }
}
