//! The host: every verb of the engine.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ctx_model::RecordId;

use crate::answer::*;
use crate::error::{EngineError, ErrorKind};
use crate::request::*;

type Result<T> = std::result::Result<T, EngineError>;

fn unavailable<T>(verb: &str) -> Result<T> {
    Err(EngineError::new(ErrorKind::Unavailable, format!("`{verb}` is not built in")))
}

/// One store and the projects held open in it. Share it in an `Arc`: every
/// verb takes `&self`, may block and may be called from any thread.
#[derive(Debug)]
pub struct Engine {
    options: EngineOptions,
}

impl Engine {
    /// Opens the store in `options.data_dir`, or makes it.
    ///
    /// # Errors
    /// `Busy` if another process holds it, `Incompatible` if a newer version
    /// wrote it, `UnusableProject` if the folder cannot be used.
    pub fn open(options: EngineOptions) -> Result<Engine> {
        Ok(Engine { options })
    }

    /// The format of the store's files: higher is newer.
    pub fn data_format() -> u32 {
        1
    }

    /// What `doctor` can tell about a data folder without opening or writing anything.
    pub fn examine(_data_dir: &Path) -> Vec<Finding> {
        Vec::new()
    }

    /// What `doctor` can tell about the open store, and about a project in it.
    pub fn doctor(&self, _root: Option<&Path>) -> Vec<Finding> {
        Engine::examine(&self.options.data_dir)
    }

    /// Brings the index of `root` up to date, from nothing if need be.
    pub fn index(
        &self,
        _caller: &Caller,
        _root: &Path,
        _options: IndexOptions,
        _progress: &dyn Progress,
    ) -> Result<IndexReport> {
        unavailable("index")
    }

    /// How a project stands.
    pub fn status(&self, _caller: &Caller, _root: &Path) -> Result<Answer<Status>> {
        unavailable("status")
    }

    /// Finds code by words.
    pub fn search(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &SearchRequest,
    ) -> Result<Answer<SearchAnswer>> {
        unavailable("search")
    }

    /// Finds the code that prose is about.
    pub fn locate(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &LocateRequest,
    ) -> Result<Answer<LocateAnswer>> {
        unavailable("locate")
    }

    /// Finds definitions by name; none is an empty answer.
    pub fn symbol(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &SymbolRequest,
    ) -> Result<Answer<SymbolAnswer>> {
        unavailable("symbol")
    }

    /// Who calls a symbol. `NotFound` if there is none of that name.
    pub fn callers(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &CallsRequest,
    ) -> Result<Answer<CallsAnswer>> {
        unavailable("callers")
    }

    /// Whom a symbol calls. `NotFound` if there is none of that name.
    pub fn callees(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &CallsRequest,
    ) -> Result<Answer<CallsAnswer>> {
        unavailable("callees")
    }

    /// What a change would touch.
    pub fn impact(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &ImpactRequest,
    ) -> Result<Answer<ImpactAnswer>> {
        unavailable("impact")
    }

    /// Draws a map of the project.
    pub fn map(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &MapRequest,
    ) -> Result<Answer<MapAnswer>> {
        unavailable("map")
    }

    /// Passes every edge to `sink`, until it breaks off.
    pub fn graph_export(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &GraphExportRequest,
        _sink: &mut dyn FnMut(GraphRow) -> ControlFlow<()>,
    ) -> Result<Answer<GraphExport>> {
        unavailable("graph export")
    }

    /// Remembers something; it is durable when this returns.
    pub fn remember(
        &self,
        _caller: &Caller,
        _root: &Path,
        _draft: &MemoryDraft,
    ) -> Result<Remembered> {
        unavailable("remember")
    }

    /// Remembers many things; one result for each draft, in order. All that
    /// succeeded are durable when this returns.
    pub fn remember_batch(
        &self,
        _caller: &Caller,
        _root: &Path,
        _drafts: &[MemoryDraft],
    ) -> Result<Vec<Result<Remembered>>> {
        unavailable("remember")
    }

    /// Finds memories worth repeating.
    pub fn recall(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &RecallRequest,
    ) -> Result<Answer<MemoriesAnswer>> {
        unavailable("recall")
    }

    /// Marks a memory as forgotten; returns the memory's id.
    pub fn forget(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &ForgetRequest,
    ) -> Result<RecordId> {
        unavailable("forget")
    }

    /// Destroys a record's payload and key; returns the record's id.
    pub fn purge(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &PurgeRequest,
    ) -> Result<RecordId> {
        unavailable("purge")
    }

    /// Lists decisions, newest first.
    pub fn decisions(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &DecisionsRequest,
    ) -> Result<Answer<MemoriesAnswer>> {
        unavailable("decisions")
    }

    /// Lists the journal's records, newest first.
    pub fn memory_log(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: LogRequest,
    ) -> Result<Vec<LogEntry>> {
        unavailable("memory log")
    }

    /// Records what came of a memory or a suggestion; returns the new record's id.
    pub fn feedback(
        &self,
        _caller: &Caller,
        _root: &Path,
        _request: &FeedbackRequest,
    ) -> Result<RecordId> {
        unavailable("feedback")
    }

    /// Checks every chain of a project's journal.
    pub fn audit_verify(&self, _caller: &Caller, _root: &Path) -> Result<AuditReport> {
        unavailable("audit verify")
    }

    /// Encrypts everything stored about a project from now on, and what is there.
    pub fn seal_project(
        &self,
        _caller: &Caller,
        _root: &Path,
        _secret: &SealSecret,
    ) -> Result<SealState> {
        unavailable("seal")
    }

    /// Decrypts a sealed project for good.
    pub fn unseal_project(
        &self,
        _caller: &Caller,
        _root: &Path,
        _secret: &SealSecret,
    ) -> Result<SealState> {
        unavailable("unseal")
    }

    /// Keeps a sealed project's key in memory until the project is closed.
    /// `Denied` if the secret is the wrong one.
    pub fn unlock(
        &self,
        _caller: &Caller,
        _root: &Path,
        _secret: &SealSecret,
    ) -> Result<SealState> {
        unavailable("unlock")
    }

    /// Everything of a project that cannot be computed again.
    pub fn export(&self, _caller: &Caller, _root: &Path) -> Result<Answer<ProjectExport>> {
        unavailable("export")
    }

    /// Every project that the store knows.
    pub fn projects(&self, _caller: &Caller) -> Result<Vec<ProjectSummary>> {
        unavailable("projects")
    }

    /// Lets go of a project's memory and watches; it opens again when asked for.
    pub fn close_project(&self, _caller: &Caller, _root: &Path) -> Result<()> {
        unavailable("close")
    }

    /// Starts or stops watching a project's files.
    pub fn watch(&self, _caller: &Caller, _root: &Path, _watching: Watching) -> Result<Watching> {
        unavailable("watch")
    }

    /// Closes projects that nobody asked about for `idle`; returns their roots.
    pub fn close_idle(&self, _idle: Duration) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Stops background work and makes everything durable. Verbs called
    /// afterwards fail with `Unavailable`.
    pub fn shut_down(&self) {}
}
