//! Row names: which bytes a logical key becomes.
//!
//! A name is one byte for the space, sixteen for the project and what follows;
//! it never holds a path or any other text, only ids and keyed digests.

use ctx_model::{ProjectId, RecordId};
use ctx_security::chain::WriterId;
use ctx_security::{Secret, keyed_digest};

/// A kind of value that can be computed again. Numbers are stored: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Space {
    /// A file's facts by content digest, shared among all unsealed projects.
    Facts = 1,
    /// What is known of each file: path, version, content digest.
    Files = 2,
    /// The knowledge graph.
    Graph = 3,
    /// The search index's own bookkeeping.
    Search = 4,
    /// Past commits.
    Commits = 5,
    /// Views of the journal: memories and what recall needs.
    Memory = 6,
    /// What is known of the project as a whole: indexed commit, versions, checkpoints.
    Project = 7,
}

impl Space {
    /// Every space.
    pub const ALL: [Space; 7] = [
        Space::Facts,
        Space::Files,
        Space::Graph,
        Space::Search,
        Space::Commits,
        Space::Memory,
        Space::Project,
    ];
}

/// Spaces of what cannot be computed again. Numbers are stored: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Ledger {
    /// The store's own facts: writer id, secret check.
    Store = 0x40,
    /// Registered projects.
    Project = 0x41,
    /// Record headers by id.
    Header = 0x50,
    /// Record ids by writer and sequence.
    Chain = 0x51,
    /// Record ids by project and ordinal.
    Listing = 0x52,
    /// Record payloads, each encrypted with its own key.
    Payload = 0x53,
    /// Keys of record payloads.
    PayloadKey = 0x54,
}

/// A project number that no project has: the owner of shared rows.
const SHARED: ProjectId = ProjectId([0; 16]);

/// The start of the names of all rows of `project` in the space numbered `space`.
pub(crate) fn prefix(space: u8, project: ProjectId) -> Vec<u8> {
    let mut name = Vec::with_capacity(49);
    name.push(space);
    name.extend_from_slice(&project.0);
    name
}

/// The start of the names of all shared rows of `space`.
pub(crate) fn shared_prefix(space: Space) -> Vec<u8> {
    prefix(space as u8, SHARED)
}

/// The name of a row of a view, from a key that `secret` hides.
pub(crate) fn view_row(prefix: Vec<u8>, secret: &Secret, key: &[u8]) -> Vec<u8> {
    let mut name = prefix;
    let digest = keyed_digest(secret, "row", &[&name[..1], key]);
    name.extend_from_slice(&digest.0[..16]);
    name
}

/// The name of a row of the store itself.
pub(crate) fn store_row(name: &str) -> Vec<u8> {
    [&[Ledger::Store as u8], name.as_bytes()].concat()
}

/// The name of a project's row in the registry.
pub(crate) fn project_row(project: ProjectId) -> Vec<u8> {
    prefix(Ledger::Project as u8, project)
}

/// The name of a record's header.
pub(crate) fn header_row(id: RecordId) -> Vec<u8> {
    [&[Ledger::Header as u8][..], &id.0.0].concat()
}

/// The start of the names of a writer's chain.
pub(crate) fn chain_prefix(writer: WriterId) -> Vec<u8> {
    [&[Ledger::Chain as u8][..], &writer].concat()
}

/// The name of a place in a writer's chain.
pub(crate) fn chain_row(writer: WriterId, sequence: u64) -> Vec<u8> {
    [&chain_prefix(writer)[..], &sequence.to_be_bytes()].concat()
}

/// The name of a place in a project's list of records.
pub(crate) fn listing_row(project: ProjectId, ordinal: u64) -> Vec<u8> {
    [&prefix(Ledger::Listing as u8, project)[..], &ordinal.to_be_bytes()].concat()
}

/// The name of a record's payload.
pub(crate) fn payload_row(project: ProjectId, id: RecordId) -> Vec<u8> {
    [&prefix(Ledger::Payload as u8, project)[..], &id.0.0].concat()
}

/// The name of the key of a record's payload.
pub(crate) fn payload_key_row(project: ProjectId, id: RecordId) -> Vec<u8> {
    [&prefix(Ledger::PayloadKey as u8, project)[..], &id.0.0].concat()
}
