//! Indexing: from what is on the disk to facts, graph and search index.
//!
//! The order of writing makes a crash harmless. Facts go first: they are named
//! by content and can lie about unused. Then the search index is committed under
//! the project's next generation, and last, in one atomic batch, the file rows,
//! the nodes and the state with that generation. Whoever finds the two
//! generations different fills the search index again.

mod bind;
mod history;
mod read;
mod save;
pub(crate) mod search;

pub(crate) use bind::layout;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use ctx_graph::{FileNode, FileNumber};
use ctx_model::Timestamp;
use ctx_model::project::{FileEntry, Skipped};
use ctx_search::SearchIndex;
use ctx_security::Permit;
use ctx_storage::Store;
use ctx_workspace::{Found, GitState, Walk, WalkOptions};

use crate::answer::IndexReport;
use crate::error::{EngineError, ErrorKind};
use crate::files::FileTable;
use crate::process;
use crate::project::{Project, Snapshot};
use crate::request::{IndexLimits, IndexPhase, Progress, ProgressStep};
use crate::stored::{ProjectState, Refused};
use crate::tally::{Count, Tally};

/// One indexing of one project.
pub(crate) struct Job<'a> {
    pub(crate) store: &'a Store,
    pub(crate) project: &'a Project,
    pub(crate) search: Arc<SearchIndex>,
    pub(crate) permit: &'a Permit,
    pub(crate) limits: IndexLimits,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) tally: Arc<Tally>,
}

/// What is to be read, and what is gone.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) read: Vec<FileEntry>,
    pub(crate) gone: Vec<String>,
    /// What was left out; `None` leaves the known list as it is.
    pub(crate) skipped: Option<Vec<Skipped>>,
}

/// What indexing did.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// Files whose facts were not at hand.
    pub(crate) parsed: u64,
}

impl Job<'_> {
    /// Walks the project and brings its views up to date.
    pub(crate) fn whole(&self) -> Result<IndexReport, EngineError> {
        let (started, cpu) = (Instant::now(), process::cpu_time());
        let _turn = self.turn()?;
        let _running = Indicator::start(self.project);
        let before = self.project.snapshot();
        let pending = self.project.lock_pending().clone();
        let read_at_ns = now_ns();
        let head = self.project.checkout.begin(&self.project.root);
        let git = ctx_workspace::git_state(&self.project.root);
        let walk = self.walk()?;
        let mut plan = self.compare(&before, &walk);
        plan.skipped = Some(walk.skipped);
        let done = self.carry_out(&before, plan, &git, read_at_ns)?;
        self.history(&git)?;
        self.project.checkout.indexed(head);
        self.project.lock_pending().retain(|path| !pending.contains(path));
        Ok(self.report(started, cpu, &done))
    }

    /// Brings the views up to date for some paths that may have changed.
    pub(crate) fn paths(&self, paths: &[String]) -> Result<(), EngineError> {
        let _turn = self.turn()?;
        let before = self.project.snapshot();
        let looked_at_ns = now_ns();
        let found = ctx_workspace::look(&self.project.root, paths, &self.walk_options())
            .map_err(of_walk)?;
        let mut plan = Plan::default();
        for (path, found) in paths.iter().zip(found) {
            match found {
                Found::File(entry) => {
                    let known = before.files.number(path).and_then(|n| before.files.get(n));
                    let is_new = known.is_none_or(|known| known.entry.stamp != entry.stamp);
                    if is_new || is_recent(&entry, looked_at_ns) {
                        plan.read.push(entry);
                    }
                }
                // A folder may have taken the place of a file.
                Found::Folder | Found::Skipped(_) | Found::Gone => {
                    let refused = &before.state.refused;
                    if before.files.number(path).is_some()
                        || refused.iter().any(|refused| refused.skipped.path == *path)
                    {
                        plan.gone.push(path.clone());
                    }
                }
            }
        }
        if !plan.read.is_empty() || !plan.gone.is_empty() {
            let git = GitState {
                commit: before.state.commit.clone(),
                branch: before.state.branch.clone(),
                problem: None,
            };
            self.carry_out(&before, plan, &git, before.state.read_at_ns)?;
        }
        let mut pending = self.project.lock_pending();
        paths.iter().for_each(|path| {
            pending.remove(path);
        });
        Ok(())
    }

    /// The turn to change the project's views, unless it was closed or sealed
    /// while this waited: then another is open in its place.
    fn turn(&self) -> Result<std::sync::MutexGuard<'_, ()>, EngineError> {
        let turn = self.project.take_turn();
        if self.project.is_retired() {
            return Err(self.project.was_closed());
        }
        Ok(turn)
    }

    fn walk(&self) -> Result<Walk, EngineError> {
        ctx_workspace::walk(&self.project.root, &self.walk_options(), &|files| {
            self.step(IndexPhase::Walking, files as u64, None);
        })
        .map_err(of_walk)
    }

    fn walk_options(&self) -> WalkOptions {
        WalkOptions { max_file_bytes: self.limits.max_file_bytes, ..WalkOptions::default() }
    }

    /// What differs between the known files and those found now.
    fn compare(&self, before: &Snapshot, walk: &Walk) -> Plan {
        if before.state.facts_version != ctx_syntax::FACTS_VERSION {
            let known = before.files.iter().map(|(_, file)| file.entry.path.clone());
            let here: rustc_hash::FxHashSet<&str> =
                walk.files.iter().map(|file| file.path.as_str()).collect();
            let gone = known.filter(|path| !here.contains(path.as_str())).collect();
            return Plan { read: walk.files.clone(), gone, skipped: None };
        }
        let mut stamps = before.files.stamps();
        let refused = before.state.refused.iter();
        stamps.extend(refused.map(|refused| (refused.skipped.path.clone(), refused.stamp())));
        stamps.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let changes = ctx_workspace::changes(&stamps, walk, before.state.read_at_ns);
        Plan {
            read: changes.added.into_iter().chain(changes.modified).cloned().collect(),
            gone: changes.removed.into_iter().map(str::to_string).collect(),
            skipped: None,
        }
    }

    /// Reads what is to be read, binds what that touches, and makes it durable,
    /// searchable and visible.
    fn carry_out(
        &self,
        before: &Snapshot,
        plan: Plan,
        git: &GitState,
        read_at_ns: i64,
    ) -> Result<Done, EngineError> {
        // After an attempt that did not end, files that are read again may get
        // other numbers than the search index knows them by.
        let rebuild_search = before.state.unfinished
            || self.search.generation() != Some(before.state.generation.to_string())
            || (!before.indexed && self.search.chunks() > 0);
        let mut state = ProjectState {
            facts_version: ctx_syntax::FACTS_VERSION,
            graph_version: ctx_graph::GRAPH_VERSION,
            commit: git.commit.clone(),
            branch: git.branch.clone(),
            read_at_ns,
            unfinished: false,
            ..before.state.clone()
        };
        let nothing_to_do = before.indexed
            && plan.read.is_empty()
            && plan.gone.is_empty()
            && !before.state.unfinished
            && !rebuild_search
            && before.state.facts_version == state.facts_version;
        if nothing_to_do {
            return self.note_state(before, plan, state);
        }
        state.generation += 1;
        state.indexed_at = now();
        let read = self.read_files(before, &plan, rebuild_search)?;
        state.refused.retain(|refused| !touched(&plan, &refused.skipped.path));
        state.refused.extend(read.refused.iter().cloned());
        state.refused.sort_unstable();
        if let Some(skipped) = plan.skipped {
            state.skipped = skipped;
        }
        let done = Done { parsed: read.parsed };
        self.tally.add(Count::TextsRead, read.changed.len() as u64);
        self.tally.add(Count::TextsParsed, read.parsed);
        self.bind_and_save(before, read, state)?;
        Ok(done)
    }

    /// Only the commit, the branch or what was left out differ.
    fn note_state(
        &self,
        before: &Snapshot,
        plan: Plan,
        mut state: ProjectState,
    ) -> Result<Done, EngineError> {
        if let Some(skipped) = plan.skipped {
            state.skipped = skipped;
        }
        if state.commit != before.state.commit
            || state.branch != before.state.branch
            || state.skipped != before.state.skipped
        {
            self.save_state(&state)?;
            self.project.publish(Snapshot {
                graph: before.graph.with([]),
                files: before.files.clone(),
                state,
                indexed: true,
            });
        }
        Ok(Done::default())
    }

    fn report(&self, started: Instant, cpu: std::time::Duration, done: &Done) -> IndexReport {
        let snapshot = self.project.snapshot();
        let mut report = IndexReport {
            elapsed: started.elapsed(),
            cpu: process::cpu_time().saturating_sub(cpu),
            peak_rss_bytes: process::peak_rss_bytes(),
            reused_files: (snapshot.files.len() as u64).saturating_sub(done.parsed),
            commit: snapshot.state.commit.clone(),
            branch: snapshot.state.branch.clone(),
            skipped: snapshot.state.all_skipped(),
            files: snapshot.files.len() as u64,
            symbols: snapshot.graph.symbol_count() as u64,
            ..IndexReport::default()
        };
        for (_, file) in snapshot.files.iter() {
            report.lines += u64::from(file.lines);
            report.bytes += file.entry.stamp.size;
            let language =
                report.languages.entry(file.entry.language.name().to_string()).or_default();
            language.files += 1;
            language.lines += u64::from(file.lines);
        }
        let counts = snapshot.graph.counts();
        report.edges = crate::answer::EdgeCounts {
            resolved: snapshot.graph.edge_count(),
            external: u64::from(counts.external),
            unresolved: u64::from(counts.unresolved),
        };
        report.references =
            u64::from(counts.resolved) + u64::from(counts.external) + u64::from(counts.unresolved);
        report
    }

    /// Tells how far the job has come.
    fn step(&self, phase: IndexPhase, done: u64, total: Option<u64>) {
        if let Some(total) = total {
            self.project.running.done.store(done, Ordering::Relaxed);
            self.project.running.total.store(total, Ordering::Relaxed);
        }
        self.progress.report(ProgressStep { phase, done, total });
    }

    /// An error if nobody waits for the result any more.
    fn check_wanted(&self) -> Result<(), EngineError> {
        if self.progress.is_abandoned() {
            return Err(EngineError::new(ErrorKind::Unavailable, "indexing was interrupted")
                .with_hint("run `codecontext index` again; it goes on where it stopped"));
        }
        Ok(())
    }
}

/// Whether a file was written so lately that it may have been written twice
/// within a tick of the file system's clock, the second time after it was read:
/// then its stamp does not tell.
fn is_recent(entry: &FileEntry, now_ns: i64) -> bool {
    const TICKS_NS: i64 = 100_000_000;
    entry.stamp.modified_ns.max(entry.stamp.changed_ns).saturating_add(TICKS_NS) > now_ns
}

/// Whether a plan reads or forgets a path.
fn touched(plan: &Plan, path: &str) -> bool {
    plan.read.iter().any(|entry| entry.path == path) || plan.gone.iter().any(|gone| gone == path)
}

/// Files read and what became of them.
pub(crate) struct ReadFiles {
    /// The files as they are now.
    files: FileTable,
    /// Numbers whose text differs from what the graph shows.
    changed: Vec<FileNumber>,
    /// Numbers of files that are new to the project.
    added: Vec<FileNumber>,
    /// Numbers of files that are gone, with their paths.
    gone: Vec<(FileNumber, String)>,
    /// What reading found not to be source.
    refused: Vec<Refused>,
    /// Files whose facts were not at hand.
    parsed: u64,
    kept: crate::units::Kept,
}

/// A node to be stored.
type NewNode = (FileNumber, Arc<FileNode>);

/// Shows that indexing runs, until dropped.
struct Indicator<'a> {
    project: &'a Project,
}

impl<'a> Indicator<'a> {
    fn start(project: &'a Project) -> Indicator<'a> {
        project.running.now.store(true, Ordering::Relaxed);
        Indicator { project }
    }
}

impl Drop for Indicator<'_> {
    fn drop(&mut self) {
        self.project.running.now.store(false, Ordering::Relaxed);
        self.project.running.total.store(0, Ordering::Relaxed);
    }
}

fn of_walk(error: ctx_workspace::WalkError) -> EngineError {
    let hint = error.hint();
    EngineError::new(ErrorKind::UnusableProject, error.to_string()).with_hint(hint).because(error)
}

/// Now.
pub(crate) fn now() -> Timestamp {
    Timestamp(now_ns() / 1000)
}

fn now_ns() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}
