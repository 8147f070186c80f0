//! What the engine answers, one type per verb.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use ctx_model::edge::{EdgeKind, How};
use ctx_model::memory::Memory;
use ctx_model::project::Skipped;
use ctx_model::{Actor, Position, ProjectId, RecordId, Timestamp};

use crate::tally::Receipt;

/// How much of the project an answer knows, and how old that knowledge is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Freshness {
    /// The commit checked out when the project was last indexed.
    pub indexed_commit: Option<String>,
    /// The branch checked out then.
    pub branch: Option<String>,
    /// Files whose text has changed since; the first hundred of them.
    pub stale_files: Vec<String>,
    /// How many such files there are.
    pub stale_file_count: usize,
    /// Files that answers draw on.
    pub indexed_files: u64,
    /// Files that the project has, as far as is known.
    pub total_files: u64,
    /// Whether every file is indexed: false during the first indexing, in a
    /// folder that never was, and while another commit is checked out.
    pub complete: bool,
    /// Whether indexing runs now.
    pub indexing: bool,
    /// Whether another commit or branch is checked out than was indexed: which
    /// files differ is not known yet.
    pub head_moved: bool,
}

/// An answer about a project, and how much it knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// The answer.
    pub content: T,
    /// How much of the project it knows.
    pub freshness: Freshness,
    /// What it is counted under when it is sent.
    pub receipt: Receipt,
}

/// What was counted of a project, on this machine alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The project's root.
    pub root: PathBuf,
    /// When the first was counted.
    pub since: Option<Timestamp>,
    /// How many answers were sent, by what was asked.
    pub questions: Vec<(&'static str, u64)>,
    /// Bytes of the answers about code.
    pub answer_bytes: u64,
    /// Bytes of the whole files that they point into, each file once an answer.
    pub pointed_bytes: u64,
    /// Memories repeated by `recall`.
    pub recalled: u64,
    /// Of these, how many were marked as stale.
    pub recalled_stale: u64,
    /// Files that were read because their text was new to the project.
    pub texts_read: u64,
    /// Of these, how many had to be parsed: the others' facts were at hand.
    pub texts_parsed: u64,
}

/// Edges counted by what became of the name at their end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EdgeCounts {
    /// Bound to a definition in the project.
    pub resolved: u64,
    /// Known to leave the project.
    pub external: u64,
    /// Not known.
    pub unresolved: u64,
}

/// What a language makes up of a project.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LanguageCounts {
    /// Files.
    pub files: u64,
    /// Lines.
    pub lines: u64,
}

/// What indexing did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IndexReport {
    /// Files indexed, those reused included.
    pub files: u64,
    /// Their lines.
    pub lines: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Definitions.
    pub symbols: u64,
    /// Uses of names.
    pub references: u64,
    /// Edges.
    pub edges: EdgeCounts,
    /// By language, under its printed name.
    pub languages: BTreeMap<String, LanguageCounts>,
    /// What was left out and why.
    pub skipped: Vec<Skipped>,
    /// Wall time.
    pub elapsed: Duration,
    /// CPU time of this process, all threads.
    pub cpu: Duration,
    /// The process's highest resident memory so far.
    pub peak_rss_bytes: u64,
    /// Files whose facts were there already.
    pub reused_files: u64,
    /// The commit checked out.
    pub commit: Option<String>,
    /// The branch checked out.
    pub branch: Option<String>,
}

/// Whether a project's stored values can be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SealState {
    /// Not sealed.
    #[default]
    Open,
    /// Sealed, and its key is in memory.
    Unlocked,
    /// Sealed, and its key is not here.
    Locked,
}

impl SealState {
    /// The name printed everywhere.
    pub fn name(self) -> &'static str {
        match self {
            SealState::Open => "open",
            SealState::Unlocked => "unlocked",
            SealState::Locked => "locked",
        }
    }
}

/// A project as it stands; its freshness is in the [`Answer`] around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The project's id.
    pub project: ProjectId,
    /// Its root, as it was given.
    pub root: PathBuf,
    /// When it was last indexed.
    pub indexed_at: Option<Timestamp>,
    /// Definitions known.
    pub symbols: u64,
    /// Edges known.
    pub edges: EdgeCounts,
    /// Memories that were not forgotten.
    pub memories: u64,
    /// What its views and facts take on disk.
    pub index_bytes: u64,
    /// Resident memory of this process.
    pub rss_bytes: u64,
    /// Whether its files are watched.
    pub watching: bool,
    /// Whether it is sealed.
    pub seal: SealState,
}

/// A definition, as much of it as an edge needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SymbolRef {
    /// Qualified name, in the language's own way.
    pub qualified: String,
    /// The printed name of its kind.
    pub kind: String,
    /// The file it is in.
    pub path: String,
    /// Line of its name, from 1.
    pub line: u32,
    /// Last line of its body.
    pub end_line: u32,
}

/// Something that a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The file it is in.
    pub path: String,
    /// First line, from 1.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// Qualified name of the definition it is, or lies in.
    pub symbol: Option<String>,
    /// The printed name of the definition's kind; `file` where there is none.
    pub kind: String,
    /// Higher is better; comparable within one answer only.
    pub score: f64,
    /// What spoke for it.
    pub why: Vec<String>,
    /// A few lines of its text.
    pub snippet: String,
}

/// What a search found, best first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchAnswer {
    /// Hits.
    pub hits: Vec<Hit>,
    /// What of the question meant nothing here.
    pub notes: Vec<String>,
}

/// A file that prose may be about.
#[derive(Debug, Clone, PartialEq)]
pub struct LocatedFile {
    /// The file.
    pub path: String,
    /// Higher is better; comparable within one answer only.
    pub score: f64,
    /// What spoke for it.
    pub why: Vec<String>,
}

/// A definition that prose may be about.
#[derive(Debug, Clone, PartialEq)]
pub struct LocatedSymbol {
    /// The definition.
    pub symbol: SymbolRef,
    /// Higher is better; comparable within one answer only.
    pub score: f64,
    /// What spoke for it.
    pub why: Vec<String>,
}

/// Where prose leads, best first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LocateAnswer {
    /// Files.
    pub files: Vec<LocatedFile>,
    /// Definitions.
    pub symbols: Vec<LocatedSymbol>,
    /// Wall time.
    pub elapsed: Duration,
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Stays the same while its qualified name, kind and file do.
    pub id: String,
    /// Bare name.
    pub name: String,
    /// Qualified name, kind and place.
    pub place: SymbolRef,
    /// As written, on one line.
    pub signature: String,
    /// Doc comment.
    pub doc: Option<String>,
    /// As the language has it: `public`, `private`, …
    pub visibility: String,
}

/// Definitions with a name, best first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SymbolAnswer {
    /// Definitions.
    pub symbols: Vec<Symbol>,
    /// Names close to one that no definition has.
    pub near: Vec<String>,
}

/// Names of definitions that begin as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamesAnswer {
    /// The best ones, the best first.
    pub names: Vec<String>,
    /// How many there are in all.
    pub total: usize,
}

/// A call, or another use that passes control.
#[derive(Debug, Clone, PartialEq)]
pub struct CallEdge {
    /// Who calls.
    pub from: SymbolRef,
    /// Who is called.
    pub to: SymbolRef,
    /// The file of the call.
    pub path: String,
    /// Line of the call, from 1.
    pub line: u32,
    /// Column of the call in UTF-8 bytes, from 1.
    pub col: u32,
    /// The rule that bound it.
    pub how: How,
    /// 0 to 1.
    pub confidence: f64,
    /// How many definitions that call may reach.
    pub candidates: u32,
    /// How many calls away from the symbol asked for, from 1.
    pub depth: u32,
}

/// Calls into or out of a symbol, nearest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallsAnswer {
    /// The definitions that the name was taken for.
    pub subjects: Vec<SymbolRef>,
    /// Calls.
    pub edges: Vec<CallEdge>,
    /// Calls of the same bare name whose target is not known.
    pub unresolved_same_name: u64,
    /// Calls whose target is not known in the functions whose calls were asked
    /// for; none if callers were.
    pub unresolved_calls: Option<UnresolvedCalls>,
    /// Calls of methods that a subject takes the place of: each may run it.
    pub overridden_calls: u64,
    /// Whether these are all: false if cut by the limit, if indexing goes on or
    /// if a call without a known target, or of a method that a subject takes
    /// the place of, may be one.
    pub complete: bool,
}

/// Calls whose target is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnresolvedCalls {
    /// How many.
    pub total: u64,
    /// The first of them.
    pub sites: Vec<UnresolvedCall>,
}

/// A call whose target is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnresolvedCall {
    /// What is called, as it is written.
    pub name: String,
    /// The file of the call.
    pub path: String,
    /// Line of the call, from 1.
    pub line: u32,
}

/// One step of a way through the graph.
#[derive(Debug, Clone, PartialEq)]
pub struct ImpactStep {
    /// What kind of edge.
    pub kind: EdgeKind,
    /// Qualified name of the symbol, or path of the file, that depends.
    pub from: String,
    /// What it depends on.
    pub to: String,
    /// The file of the use.
    pub path: String,
    /// Line of the use, from 1.
    pub line: u32,
    /// The rule that bound it.
    pub how: How,
    /// 0 to 1.
    pub confidence: f64,
}

/// A definition that a change touches.
#[derive(Debug, Clone, PartialEq)]
pub struct AffectedSymbol {
    /// The definition.
    pub symbol: SymbolRef,
    /// The steps from it to what changes.
    pub via: Vec<ImpactStep>,
}

/// A file that a change touches.
#[derive(Debug, Clone, PartialEq)]
pub struct AffectedFile {
    /// The file.
    pub path: String,
    /// The steps from it to what changes.
    pub via: Vec<ImpactStep>,
}

/// What a change touches, nearest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImpactAnswer {
    /// What changes.
    pub changed: Vec<SymbolRef>,
    /// Definitions that depend on it.
    pub symbols: Vec<AffectedSymbol>,
    /// Files that depend on it.
    pub files: Vec<AffectedFile>,
    /// Tests that exercise it.
    pub tests: Vec<AffectedSymbol>,
    /// Names and paths of the request that are not in the project.
    pub not_found: Vec<String>,
    /// Whether these are all.
    pub complete: bool,
}

/// A file on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct MapFile {
    /// The file.
    pub path: String,
    /// Its weight among the files: higher is more central.
    pub rank: f64,
    /// Its definitions that the map shows.
    pub symbols: Vec<SymbolRef>,
}

/// A map of the project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapAnswer {
    /// For reading.
    pub text: String,
    /// About how many tokens the text takes.
    pub tokens: usize,
    /// What the text shows, in the same order.
    pub files: Vec<MapFile>,
    /// How many files found no room.
    pub omitted_files: u64,
    /// What of the question meant nothing here.
    pub notes: Vec<String>,
}

/// An end of an exported edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphNode {
    /// The file.
    pub path: String,
    /// Line of the definition's name, from 1.
    pub line: u32,
    /// Last line of the definition.
    pub end_line: u32,
    /// Qualified name.
    pub qualified: String,
}

/// Where an exported edge leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GraphTarget {
    /// A definition in the project.
    Node(GraphNode),
    /// Out of the project, to this name.
    External(String),
}

/// An exported edge.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphRow {
    /// What it says.
    pub kind: EdgeKind,
    /// Where it starts.
    pub from: GraphNode,
    /// Where it leads.
    pub to: GraphTarget,
    /// The file of the use.
    pub site_path: String,
    /// The place of the use.
    pub site: Position,
    /// The rule that bound it.
    pub how: How,
    /// 0 to 1.
    pub confidence: f64,
}

/// What an export wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GraphExport {
    /// Edges passed on.
    pub edges: u64,
}

/// A memory that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Its id.
    pub id: RecordId,
    /// How many secrets were struck out of it.
    pub redactions: u32,
    /// What it speaks of and the project does not have.
    pub notes: Vec<String>,
}

/// Whether a memory can still be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemoryStatus {
    /// Nothing speaks against it.
    Valid,
    /// What it speaks of has changed since.
    Stale,
    /// A newer memory took its place.
    Superseded,
    /// Another memory contradicts it.
    Disputed,
    /// It comes from a source that is not trusted.
    Tainted,
}

impl MemoryStatus {
    /// The name printed everywhere.
    pub fn name(self) -> &'static str {
        match self {
            MemoryStatus::Valid => "valid",
            MemoryStatus::Stale => "stale",
            MemoryStatus::Superseded => "superseded",
            MemoryStatus::Disputed => "disputed",
            MemoryStatus::Tainted => "tainted",
        }
    }
}

/// A memory, and how much it is worth now.
#[derive(Debug, Clone, PartialEq)]
pub struct RecalledMemory {
    /// The memory.
    pub memory: Memory,
    /// Higher is better; comparable within one answer only.
    pub score: f64,
    /// What spoke for it.
    pub why: Vec<String>,
    /// Whether it can still be believed.
    pub status: MemoryStatus,
}

/// Memories: best first for recall, newest first in lists.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemoriesAnswer {
    /// Memories.
    pub memories: Vec<RecalledMemory>,
    /// What of the question meant nothing here.
    pub notes: Vec<String>,
    /// Wall time.
    pub elapsed: Duration,
}

/// A record of the journal, for reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// The record.
    pub id: RecordId,
    /// Its place in its writer's chain, from 0.
    pub sequence: u64,
    /// Who wrote it.
    pub actor: Actor,
    /// The session it was written in.
    pub session: Option<String>,
    /// When.
    pub at: Timestamp,
    /// What it is: `memory`, `forget`, `feedback`, `purge`, …
    pub event: String,
    /// The record it speaks of, where there is one.
    pub subject: Option<RecordId>,
    /// One line of its content; none if it was purged.
    pub summary: Option<String>,
}

/// The check of one writer's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    /// The writer.
    pub writer: String,
    /// Records in the chain.
    pub records: u64,
    /// Of those, how many had their payload destroyed by a purge.
    pub purged: u64,
    /// What is wrong with it: nothing if it is intact.
    pub problems: Vec<String>,
}

/// The check of every chain of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Chains.
    pub chains: Vec<ChainReport>,
}

impl AuditReport {
    /// Whether every chain verifies.
    pub fn is_intact(&self) -> bool {
        self.chains.iter().all(|chain| chain.problems.is_empty())
    }
}

/// A project that the store knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectSummary {
    /// Its id.
    pub id: ProjectId,
    /// Its root; none while it is sealed and locked.
    pub root: Option<PathBuf>,
    /// Whether it is held in memory.
    pub open: bool,
    /// Whether its files are watched.
    pub watching: bool,
    /// Whether it is sealed.
    pub seal: SealState,
    /// Files indexed; not known while it is locked or damaged.
    pub files: Option<u64>,
    /// When it was last indexed; not known while it is locked.
    pub indexed_at: Option<Timestamp>,
    /// Records in its journal.
    pub records: u64,
}

/// Everything of a project that cannot be computed again, and a summary of
/// what can.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectExport {
    /// The index, summed up.
    pub status: Status,
    /// Every memory that was not forgotten, oldest first.
    pub memories: Vec<RecalledMemory>,
}

/// How something that `doctor` looked at is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// As it should be.
    Good,
    /// Works, but not as well as it could.
    Limited,
    /// Not there; something will not work without it.
    Missing,
    /// There, and wrong.
    Broken,
}

impl Health {
    /// The name printed everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Health::Good => "good",
            Health::Limited => "limited",
            Health::Missing => "missing",
            Health::Broken => "broken",
        }
    }
}

/// Something that `doctor` looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub name: String,
    /// How it is.
    pub health: Health,
    /// What was seen.
    pub detail: String,
    /// How to mend it.
    pub remedy: Option<String>,
}
