//! The projects that a store knows, and everything that one of them holds.

use serde::{Deserialize, Serialize};

use ctx_engine::answer;
use ctx_engine::request::Watching;

use super::memory::RecalledMemory;
use super::rfc3339;
use super::status::StatusAnswer;

/// A project that the store knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProjectSummary {
    /// Its id.
    pub id: String,
    /// Its root; null while it is sealed and locked.
    pub root: Option<String>,
    /// Whether it is held in memory.
    pub open: bool,
    /// Whether its files are watched.
    pub watching: bool,
    /// `open`, `unlocked` or `locked`.
    pub seal: String,
    /// Files indexed; null while it is locked or damaged.
    pub files: Option<u64>,
    /// When it was last indexed; null if it never was, or while it is locked.
    pub indexed_at: Option<String>,
    /// Records in its journal: memories, and what became of them.
    #[serde(default)]
    pub records: u64,
}

impl From<answer::ProjectSummary> for ProjectSummary {
    fn from(project: answer::ProjectSummary) -> ProjectSummary {
        ProjectSummary {
            id: project.id.to_string(),
            root: project.root.map(|root| root.to_string_lossy().into_owned()),
            open: project.open,
            watching: project.watching,
            seal: project.seal.name().into(),
            files: project.files,
            indexed_at: project.indexed_at.map(rfc3339),
            records: project.records,
        }
    }
}

/// Every project that the store knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProjectsAnswer {
    /// Projects.
    pub projects: Vec<ProjectSummary>,
}

impl From<Vec<answer::ProjectSummary>> for ProjectsAnswer {
    fn from(projects: Vec<answer::ProjectSummary>) -> ProjectsAnswer {
        ProjectsAnswer { projects: projects.into_iter().map(ProjectSummary::from).collect() }
    }
}

/// Everything of a project that cannot be computed again, and a summary of
/// what can.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProjectExport {
    /// The version of this shape.
    pub format: u32,
    /// The index, summed up.
    pub index: StatusAnswer,
    /// Every memory that was not forgotten, oldest first.
    pub memories: Vec<RecalledMemory>,
}

impl From<answer::Answer<answer::ProjectExport>> for ProjectExport {
    fn from(answer: answer::Answer<answer::ProjectExport>) -> ProjectExport {
        let status = answer::Answer {
            content: answer.content.status,
            freshness: answer.freshness,
            receipt: answer.receipt,
        };
        ProjectExport {
            format: 1,
            index: status.into(),
            memories: answer.content.memories.into_iter().map(RecalledMemory::from).collect(),
        }
    }
}

/// Start or stop watching.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchRequest {
    /// Whether to watch.
    pub watching: bool,
}

impl From<WatchRequest> for Watching {
    fn from(request: WatchRequest) -> Watching {
        if request.watching { Watching::On } else { Watching::Off }
    }
}

/// Whether a project is watched.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct WatchAnswer {
    /// Whether it is watched.
    pub watching: bool,
}

impl From<Watching> for WatchAnswer {
    fn from(watching: Watching) -> WatchAnswer {
        WatchAnswer { watching: watching == Watching::On }
    }
}

/// A project was closed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct CloseAnswer {
    /// Always true.
    pub closed: bool,
}
