//! Past commits, made searchable by the files that they touched.

use std::ops::ControlFlow;

use ctx_search::CommitDocument;
use ctx_storage::Space;
use ctx_workspace::{GitState, HistoryLimits};
use rustc_hash::FxHashSet;

use super::Job;
use crate::error::EngineError;
use crate::failure;
use crate::project::Snapshot;
use crate::request::IndexPhase;
use crate::stored::ProjectState;

/// The key of the row that lists the commits in the search index.
const KNOWN_KEY: &[u8] = b"known";

impl Job<'_> {
    /// Indexes commits that are not searchable yet. A history that cannot be
    /// read is noted and costs no answer but those it would have helped.
    pub(super) fn history(&self, git: &GitState) -> Result<(), EngineError> {
        let before = self.project.snapshot();
        let emptied = self.search.commits() == 0;
        if git.commit.is_none()
            || self.limits.history_commits == 0
            || (git.commit == before.state.history_commit && !emptied)
        {
            return Ok(());
        }
        let mut known = if emptied { FxHashSet::default() } else { self.known_commits()? };
        let mut session =
            self.search.begin().map_err(|e| failure::of_search("begin to index commits", e))?;
        let limits = HistoryLimits {
            max_commits: self.limits.history_commits as usize,
            ..HistoryLimits::default()
        };
        let mut fresh = Vec::new();
        let mut failed = None;
        let visited = ctx_workspace::recent_commits(
            &self.project.root,
            limits,
            &|id| known.contains(id),
            &mut |commit| {
                let files: Vec<u32> =
                    commit.paths.iter().filter_map(|path| before.files.number_ever(path)).collect();
                self.step(IndexPhase::History, fresh.len() as u64, None);
                fresh.push(commit.id.clone());
                if files.is_empty() {
                    return ControlFlow::Continue(());
                }
                let document = CommitDocument {
                    id: &commit.id,
                    message: &commit.message,
                    at_seconds: commit.at_seconds,
                    files: &files,
                };
                // It may be there already, from an attempt that ended before the
                // list of known commits was saved.
                let room = if emptied { Ok(()) } else { session.remove_commit(&commit.id) };
                match room.and_then(|()| session.put_commit(&document)) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(error) => {
                        failed = Some(error);
                        ControlFlow::Break(())
                    }
                }
            },
        );
        if let Some(error) = failed {
            return Err(failure::of_search("index commits", error));
        }
        if let Err(error) = visited {
            tracing::warn!(%error, "the git history could not be read");
            return Ok(());
        }
        // A commit made since the walk may have touched files that are not known
        // yet: it waits for the next indexing, which knows them.
        if ctx_workspace::git_state(&self.project.root).commit != git.commit {
            return Ok(());
        }
        session
            .commit(&before.state.generation.to_string())
            .map_err(|e| failure::of_search("save the search index", e))?;
        drop(session);
        known.extend(fresh);
        self.save_commits(&known)?;
        let state = ProjectState { history_commit: git.commit.clone(), ..before.state.clone() };
        self.save_state(&state)?;
        self.project.publish(Snapshot {
            graph: before.graph.with([]),
            files: before.files.clone(),
            state,
            indexed: before.indexed,
        });
        Ok(())
    }

    fn known_commits(&self) -> Result<FxHashSet<String>, EngineError> {
        let bytes = self
            .store
            .get(Space::Commits, self.project.id, KNOWN_KEY)
            .map_err(|e| failure::of_read("read the known commits", e))?
            .unwrap_or_default();
        let text = String::from_utf8(bytes).unwrap_or_default();
        Ok(text.lines().map(str::to_string).collect())
    }

    fn save_commits(&self, known: &FxHashSet<String>) -> Result<(), EngineError> {
        let mut ids: Vec<&str> = known.iter().map(String::as_str).collect();
        ids.sort_unstable();
        let failed = |e| failure::of_write("save the known commits", e);
        let mut batch = self.store.batch(self.permit).map_err(failed)?;
        batch.put(Space::Commits, KNOWN_KEY, ids.join("\n").as_bytes()).map_err(failed)?;
        batch.commit().map_err(failed)
    }
}
