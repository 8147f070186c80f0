//! What can be asked of the engine, one type per verb.

use std::fmt;
use std::path::PathBuf;

use ctx_model::edge::EdgeKind;
pub use ctx_model::event::Outcome;
use ctx_model::memory::MemoryKind;
use ctx_model::{Actor, Timestamp};

/// On whose behalf a verb runs; permits and journal records name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who asks.
    pub actor: Actor,
    /// The session they ask in, for example an assistant's conversation.
    pub session: Option<String>,
}

/// How to open an engine.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The folder where all state lives; made with owner-only rights if absent.
    pub data_dir: PathBuf,
    /// Whether opened projects are watched.
    pub watching: Watching,
    /// Defaults for projects that do not say otherwise.
    pub limits: IndexLimits,
    /// Gives freed memory back to the system; called after an indexing. An
    /// allocator keeps what it freed for later, and a daemon that has indexed
    /// would hold on to it for hours.
    pub release_memory: fn(),
}

/// Whether a project's files are watched and re-indexed as they change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watching {
    /// Changes are indexed as they happen.
    On,
    /// Changes are seen only when somebody indexes.
    Off,
}

/// What is too large or too old to index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexLimits {
    /// Files above this size, in bytes, are skipped.
    pub max_file_bytes: u64,
    /// How many past commits are searched, newest first.
    pub history_commits: u32,
}

impl Default for IndexLimits {
    fn default() -> IndexLimits {
        IndexLimits { max_file_bytes: 2 * 1024 * 1024, history_commits: 3_000 }
    }
}

/// How to index; what is `None` stays as it was for this project, or else is
/// as the engine was opened with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IndexOptions {
    /// Files above this size, in bytes, are skipped.
    pub max_file_bytes: Option<u64>,
    /// How many past commits are searched, newest first.
    pub history_commits: Option<u32>,
}

/// The stage that indexing is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexPhase {
    /// Finding the project's files; counts files.
    Walking,
    /// Reading and parsing files; counts files.
    Parsing,
    /// Binding names to definitions across files; counts files.
    Resolving,
    /// Reading past commits; counts commits.
    History,
    /// Making it searchable; counts files.
    Searching,
    /// Making it durable.
    Saving,
}

impl IndexPhase {
    /// The name printed everywhere.
    pub fn name(self) -> &'static str {
        match self {
            IndexPhase::Walking => "walking",
            IndexPhase::Parsing => "parsing",
            IndexPhase::Resolving => "resolving",
            IndexPhase::History => "history",
            IndexPhase::Searching => "searching",
            IndexPhase::Saving => "saving",
        }
    }
}

/// How far indexing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgressStep {
    /// The stage.
    pub phase: IndexPhase,
    /// How many of the stage's items are done.
    pub done: u64,
    /// How many there are, where that is known.
    pub total: Option<u64>,
}

/// Whoever wants to hear how far indexing has come. Called from any thread and
/// often, so it must be cheap.
pub trait Progress: Send + Sync {
    /// Takes note of a step.
    fn report(&self, step: ProgressStep);

    /// Whether nobody waits for the result any more; indexing then stops at
    /// the next safe point with `Unavailable`.
    fn is_abandoned(&self) -> bool {
        false
    }
}

/// Nobody listens.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unheard;

impl Progress for Unheard {
    fn report(&self, _step: ProgressStep) {}
}

/// Find code by words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// Words, identifiers or parts of them.
    pub query: String,
    /// At most this many hits.
    pub limit: usize,
    /// Only definitions of this kind, by its printed name.
    pub kind: Option<String>,
    /// Only files that match this glob, relative to the project's root.
    pub path: Option<String>,
}

/// Find the code that a bug report or a feature wish is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocateRequest {
    /// Prose.
    pub query: String,
    /// At most this many files, and as many symbols.
    pub limit: usize,
}

/// Find definitions by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SymbolRequest {
    /// Bare, qualified (`a.b.C.m`) or `path:line`.
    pub name: String,
    /// At most this many.
    pub limit: usize,
}

/// Complete a name of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamesRequest {
    /// What was typed of it: bare (`sa`) or qualified (`a.b.C.sa`).
    pub typed: String,
    /// At most this many.
    pub limit: usize,
}

/// Walk calls from a symbol, outwards for callees, inwards for callers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallsRequest {
    /// Bare, qualified (`a.b.C.m`) or `path:line`.
    pub name: String,
    /// How many calls away at most, from 1.
    pub depth: u32,
    /// At most this many edges.
    pub limit: usize,
}

/// What changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImpactSubject {
    /// Symbols, as for [`SymbolRequest`], or paths.
    Names(Vec<String>),
    /// A unified diff against the project's files.
    Patch(String),
}

/// Find what a change would touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpactRequest {
    /// What changes.
    pub subject: ImpactSubject,
    /// How many edges away at most, from 1.
    pub depth: u32,
    /// At most this many symbols, and as many files and tests.
    pub limit: usize,
}

/// Draw a map of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapRequest {
    /// At most this many tokens of text.
    pub tokens: usize,
    /// Paths or symbols that the reader cares about most.
    pub focus: Vec<String>,
}

/// Write out the graph's edges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GraphExportRequest {
    /// Only edges of these kinds; every kind if empty.
    pub kinds: Vec<EdgeKind>,
}

/// Something to remember.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryDraft {
    /// What to remember, as it was said.
    pub text: String,
    /// What kind of memory.
    pub kind: MemoryKind,
    /// Symbols or paths that it speaks of.
    pub about: Vec<String>,
    /// Free words to find it by.
    pub tags: Vec<String>,
    /// Who said it, if not the caller.
    pub said_by: Option<Actor>,
    /// The session it was said in, if not the caller's.
    pub session: Option<String>,
    /// The name it has in the system it comes from; remembering the same
    /// name again is a revision.
    pub external_id: Option<String>,
    /// When it was said, if not now.
    pub at: Option<Timestamp>,
}

/// A moment in a project's past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AsOf {
    /// A git commit, branch or tag.
    Commit(String),
    /// A time.
    Time(Timestamp),
}

/// Find memories worth repeating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecallRequest {
    /// Prose or words.
    pub query: String,
    /// At most this many.
    pub limit: usize,
    /// As they stood then, instead of now.
    pub as_of: Option<AsOf>,
    /// Only those about these symbols or paths.
    pub about: Vec<String>,
}

/// Mark a memory as forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgetRequest {
    /// A memory's id, or the only one that starts so.
    pub id: String,
    /// Why.
    pub reason: Option<String>,
}

/// Destroy a record's payload and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgeRequest {
    /// A record's whole id.
    pub id: String,
    /// Why.
    pub reason: Option<String>,
}

/// List decisions, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionsRequest {
    /// Only those about these symbols or paths.
    pub about: Vec<String>,
    /// At most this many.
    pub limit: usize,
}

/// List the journal's records, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRequest {
    /// At most this many.
    pub limit: usize,
}

/// Say what came of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackRequest {
    /// A record's id, or the only one that starts so.
    pub id: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Anything to add.
    pub note: Option<String>,
}

/// What opens a sealed project. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub enum SealSecret {
    /// Words that a person knows; stretched before use.
    Passphrase(String),
    /// A random key, from the OS keyring or a file.
    Key([u8; 32]),
}

impl fmt::Debug for SealSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SealSecret::Passphrase(_) => "Passphrase(…)",
            SealSecret::Key(_) => "Key(…)",
        })
    }
}
