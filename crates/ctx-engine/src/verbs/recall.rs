//! `recall` and `decisions`: memories worth repeating.

use std::path::Path;
use std::sync::PoisonError;
use std::time::Instant;

use ctx_memory::{MemoryView, RecallQuery, Recalled, Status};
use ctx_model::{Action, Timestamp};
use ctx_security::{Permit, WrongPermit};

use super::meant::{is_known, proposal};
use crate::answer::{Answer, MemoriesAnswer, MemoryStatus, RecalledMemory};
use crate::error::{EngineError, ErrorKind};
use crate::host::{Engine, Result};
use crate::indexing::now;
use crate::memories::Code;
use crate::project::{Project, Snapshot};
use crate::request::{AsOf, Caller, DecisionsRequest, RecallRequest};
use crate::tally::Count;

impl Engine {
    /// Finds memories worth repeating, best first; none if none fits well enough.
    pub fn recall(
        &self,
        caller: &Caller,
        root: &Path,
        request: &RecallRequest,
    ) -> Result<Answer<MemoriesAnswer>> {
        let started = Instant::now();
        if request.query.trim().is_empty() && request.about.is_empty() {
            return Err(super::status::empty_query());
        }
        let (project, permit) = self.permitted(caller, root, Action::ReadProject)?;
        let as_of = request.as_of.as_ref().map(|as_of| moment(&project, as_of)).transpose()?;
        let query = RecallQuery {
            text: request.query.clone(),
            limit: request.limit,
            about: request.about.clone(),
            as_of,
            ..RecallQuery::default()
        };
        let about = &request.about;
        let answer = self.remembered(&project, &permit, started, about, &|view, code| {
            ctx_memory::recall(&permit, view, &query, now(), &|about| code.presence(about))
        })?;
        let receipt = self.receipt(Count::Recall, &project, &project.snapshot());
        Ok(Answer { receipt, ..answer })
    }

    /// Lists decisions, newest first.
    pub fn decisions(
        &self,
        caller: &Caller,
        root: &Path,
        request: &DecisionsRequest,
    ) -> Result<Answer<MemoriesAnswer>> {
        let started = Instant::now();
        let (project, permit) = self.permitted(caller, root, Action::ReadProject)?;
        let about = &request.about;
        let mut answer = self.remembered(&project, &permit, started, about, &|view, code| {
            ctx_memory::decisions(&permit, view, about, &|about| code.presence(about))
        })?;
        answer.content.memories.truncate(request.limit);
        let receipt = self.receipt(Count::Decisions, &project, &project.snapshot());
        Ok(Answer { receipt, ..answer })
    }

    /// Every memory that was not forgotten, oldest first.
    pub(super) fn all_memories(&self, caller: &Caller, root: &Path) -> Result<Vec<RecalledMemory>> {
        let (project, permit) = self.permitted(caller, root, Action::ReadProject)?;
        let everything = RecallQuery { limit: usize::MAX, ..RecallQuery::default() };
        let answer = self.remembered(&project, &permit, Instant::now(), &[], &|view, code| {
            ctx_memory::memories(&permit, view, &everything, &|about| code.presence(about))
        })?;
        let mut memories = answer.content.memories;
        memories.reverse();
        Ok(memories)
    }

    /// How many memories were not forgotten.
    pub(super) fn memory_count(&self, project: &Project) -> Result<u64> {
        let mut memory = project.memory.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(memory.up_to_date(&self.inner.store, project.id)?.len() as u64)
    }

    fn remembered(
        &self,
        project: &Project,
        permit: &Permit,
        started: Instant,
        about: &[String],
        ask: &dyn Fn(&MemoryView, &Code<'_>) -> Found,
    ) -> Result<Answer<MemoriesAnswer>> {
        debug_assert_eq!(permit.project(), project.id);
        let snapshot: std::sync::Arc<Snapshot> = project.snapshot();
        let code = Engine::code(project, &snapshot);
        let mut memory = project.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let view = memory.up_to_date(&self.inner.store, project.id)?;
        let found = ask(view, &code).map_err(|error| {
            EngineError::new(ErrorKind::Denied, error.to_string()).because(error)
        })?;
        let answer = MemoriesAnswer {
            memories: found.into_iter().map(told).collect(),
            notes: unknown(view, &snapshot, about),
            elapsed: started.elapsed(),
        };
        Ok(Engine::answered(project, &snapshot, answer))
    }
}

/// Names that neither a memory nor the project knows.
fn unknown(view: &MemoryView, snapshot: &Snapshot, about: &[String]) -> Vec<String> {
    let unknown = about.iter().filter(|name| !ctx_memory::speaks_of(view, name));
    let unknown = unknown.filter(|name| !is_known(snapshot, name));
    unknown
        .map(|name| {
            let proposal = proposal(snapshot, name);
            format!(
                "no memory speaks of `{name}`, nor is a path or symbol of the project called \
                 so{proposal}"
            )
        })
        .collect()
}

type Found = std::result::Result<Vec<Recalled>, WrongPermit>;

fn told(recalled: Recalled) -> RecalledMemory {
    RecalledMemory {
        memory: recalled.memory,
        score: recalled.score,
        why: recalled.why,
        status: match recalled.status {
            Status::Valid => MemoryStatus::Valid,
            Status::Stale => MemoryStatus::Stale,
            Status::Superseded => MemoryStatus::Superseded,
            Status::Disputed => MemoryStatus::Disputed,
            Status::Tainted => MemoryStatus::Tainted,
        },
    }
}

/// The time of a moment; that of a commit comes from git.
fn moment(project: &Project, as_of: &AsOf) -> Result<Timestamp> {
    match as_of {
        AsOf::Time(time) => Ok(*time),
        AsOf::Commit(name) => ctx_workspace::commit_time(&project.root, name).ok_or_else(|| {
            EngineError::new(
                ErrorKind::NotFound,
                format!("`{}` has no commit called `{name}`", project.root.display()),
            )
            .with_hint("name a commit, a branch, a tag or a time")
        }),
    }
}
