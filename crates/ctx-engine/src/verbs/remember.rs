//! `remember`, `forget` and `feedback`: what is written to the journal.

use std::path::Path;
use std::sync::PoisonError;

use ctx_memory::{MemoryView, RememberError, ReviseError};
use ctx_model::event::{Draft, Event};
use ctx_model::{Action, RecordId};
use ctx_security::Permit;
use ctx_storage::Appended;
use ctx_workspace::{GitState, Reader, git_state};

use super::given::inside;
use super::meant::{is_known, proposal};
use crate::answer::Remembered;
use crate::error::{EngineError, ErrorKind};
use crate::failure;
use crate::host::{Engine, Result};
use crate::indexing::now;
use crate::memories::Code;
use crate::project::{Project, Snapshot};
use crate::request::{Caller, FeedbackRequest, ForgetRequest, MemoryDraft};

impl Engine {
    /// Remembers something; it is on the disk when this returns.
    pub fn remember(
        &self,
        caller: &Caller,
        root: &Path,
        draft: &MemoryDraft,
    ) -> Result<Remembered> {
        let mut remembered = self.remember_batch(caller, root, std::slice::from_ref(draft))?;
        remembered.pop().unwrap_or_else(|| {
            Err(EngineError::new(ErrorKind::Internal, "a memory was neither kept nor refused"))
        })
    }

    /// Remembers several things, each on its own: one that is refused does not
    /// keep the others out.
    pub fn remember_batch(
        &self,
        caller: &Caller,
        root: &Path,
        drafts: &[MemoryDraft],
    ) -> Result<Vec<Result<Remembered>>> {
        let (project, permit) = self.permitted(caller, root, Action::WriteMemory)?;
        self.register(&permit, &project)?;
        let snapshot = project.snapshot();
        let git = git_state(&project.root);
        let code = Code {
            root: &project.root,
            snapshot: &snapshot,
            reader: Reader::open(&project.root).ok(),
        };
        let mut memory = project.memory.lock().unwrap_or_else(PoisonError::into_inner);
        drafts
            .iter()
            .map(|draft| {
                let view = memory.up_to_date(&self.inner.store, project.id)?;
                Ok(self.remember_one(caller, &permit, view, &code, &git, draft))
            })
            .collect()
    }

    fn remember_one(
        &self,
        caller: &Caller,
        permit: &Permit,
        view: &MemoryView,
        code: &Code<'_>,
        git: &GitState,
        draft: &MemoryDraft,
    ) -> Result<Remembered> {
        let prepared = ctx_memory::remember(permit, view, drafted(code, draft)).map_err(refused)?;
        let session = draft.session.clone().or_else(|| caller.session.clone());
        let Appended { id, redacted } =
            self.append(permit, prepared.event, session.clone(), git)?;
        if let Some(older) = prepared.revises {
            self.append(permit, Event::Superseded { id: older, by: id }, session, git)?;
        }
        let notes = unknown(code, &draft.about);
        Ok(Remembered { id, redactions: prepared.redacted + redacted, notes })
    }

    /// Marks a memory as forgotten; its record stays in the chain.
    pub fn forget(
        &self,
        caller: &Caller,
        root: &Path,
        request: &ForgetRequest,
    ) -> Result<RecordId> {
        let (project, permit) = self.permitted(caller, root, Action::ForgetMemory)?;
        self.revise(caller, &project, &permit, &request.id, &|view, id| {
            ctx_memory::forget(&permit, view, id, request.reason.as_deref())
        })
    }

    /// Says what came of a memory.
    pub fn feedback(
        &self,
        caller: &Caller,
        root: &Path,
        request: &FeedbackRequest,
    ) -> Result<RecordId> {
        let (project, permit) = self.permitted(caller, root, Action::WriteMemory)?;
        self.revise(caller, &project, &permit, &request.id, &|view, id| {
            ctx_memory::feedback(&permit, view, id, request.outcome)
        })
    }

    fn revise(
        &self,
        caller: &Caller,
        project: &Project,
        permit: &Permit,
        id: &str,
        event: &dyn Fn(&MemoryView, RecordId) -> std::result::Result<Event, ReviseError>,
    ) -> Result<RecordId> {
        let mut memory = project.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let view = memory.up_to_date(&self.inner.store, project.id)?;
        let id = memory_called(view, id)?;
        let event = event(view, id).map_err(|error| {
            EngineError::new(ErrorKind::NotFound, error.to_string()).because(error)
        })?;
        let git = git_state(&project.root);
        Ok(self.append(permit, event, caller.session.clone(), &git)?.id)
    }

    fn append(
        &self,
        permit: &Permit,
        event: Event,
        session: Option<String>,
        git: &GitState,
    ) -> Result<Appended> {
        let draft = Draft {
            event,
            session,
            commit: git.commit.clone(),
            branch: git.branch.clone(),
            at: now(),
        };
        self.inner.store.journal().append(permit, draft).map_err(|error| match error {
            ctx_storage::AppendError::NotWritten { source, .. } => {
                failure::of_write("write the journal", source)
            }
            other => {
                let hint = other.hint();
                EngineError::new(ErrorKind::Internal, other.to_string())
                    .with_hint(hint)
                    .because(other)
            }
        })
    }

    /// What the code says now, for memories that speak of it.
    pub(super) fn code<'s>(project: &'s Project, snapshot: &'s Snapshot) -> Code<'s> {
        Code { root: &project.root, snapshot, reader: Reader::open(&project.root).ok() }
    }
}

/// Names that the project, once indexed, does not have: they are kept as they
/// were said, for they may come yet.
fn unknown(code: &Code<'_>, about: &[String]) -> Vec<String> {
    let snapshot = code.snapshot;
    let known = |name: &str| is_known(snapshot, &inside(code.root, name));
    let unknown = about.iter().filter(|name| snapshot.indexed && !known(name));
    unknown
        .map(|name| {
            let proposal = proposal(snapshot, name);
            format!(
                "the project has no path or symbol called `{name}`, which is kept as it was \
                 said{proposal}"
            )
        })
        .collect()
}

fn drafted(code: &Code<'_>, draft: &MemoryDraft) -> ctx_model::event::Remembered {
    ctx_model::event::Remembered {
        kind: draft.kind,
        text: draft.text.clone(),
        about: draft.about.iter().map(|name| code.about(name)).collect(),
        tags: draft.tags.clone(),
        external_id: draft.external_id.clone(),
        said_by: draft.said_by.clone(),
        said_at: draft.at,
    }
}

fn refused(error: RememberError) -> EngineError {
    let kind = match &error {
        RememberError::Permit(_) => ErrorKind::Denied,
        _ => ErrorKind::InvalidRequest,
    };
    EngineError::new(kind, error.to_string())
        .with_hint("say it in one or a few paragraphs")
        .because(error)
}

/// The memory with an id, or the only one whose id begins so.
pub(super) fn memory_called(view: &MemoryView, id: &str) -> Result<RecordId> {
    let missing = |text: String| {
        EngineError::new(ErrorKind::NotFound, text)
            .with_hint("`codecontext memory log` lists ids; four digits or more are enough")
    };
    if id.len() < 4 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(EngineError::new(
            ErrorKind::InvalidRequest,
            format!("`{id}` is not the beginning of an id"),
        )
        .with_hint("give at least four hexadecimal digits of it"));
    }
    match view.beginning_with(id).as_slice() {
        [] => Err(missing(format!("no memory has an id that begins with `{id}`"))),
        [one] => Ok(*one),
        several => {
            Err(missing(format!("{} memories have ids that begin with `{id}`", several.len())))
        }
    }
}
