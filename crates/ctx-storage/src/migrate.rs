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
