//! Indexing: a stream of events, one a line, whose last is the report or the failure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use ctx_engine::{answer, request};

use super::error::WireError;
use super::milliseconds;

/// How to index; what is absent stays as it was for the project.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IndexRequest {
    /// Files above this size, in bytes, are skipped.
    pub max_file_bytes: Option<u64>,
    /// How many past commits are searched.
    pub history_commits: Option<u32>,
}

impl From<IndexRequest> for request::IndexOptions {
    fn from(request: IndexRequest) -> request::IndexOptions {
        request::IndexOptions {
            max_file_bytes: request.max_file_bytes,
            history_commits: request.history_commits,
        }
    }
}

/// A line of the stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum IndexEvent {
    /// How far it has come.
    Progress(IndexProgress),
    /// Done; the last line.
    Result {
        /// What was done.
        result: IndexReport,
    },
    /// Not done; the last line.
    Error {
        /// Why.
        error: WireError,
    },
}

/// How far indexing has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexProgress {
    /// The stage.
    pub phase: String,
    /// Items of the stage that are done.
    pub done: u64,
    /// How many there are, where that is known.
    pub total: Option<u64>,
}

impl From<request::ProgressStep> for IndexProgress {
    fn from(step: request::ProgressStep) -> IndexProgress {
        IndexProgress { phase: step.phase.name().into(), done: step.done, total: step.total }
    }
}

/// Edges counted by what became of the name at their end.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct EdgeCounts {
    /// Bound to a definition in the project.
    pub resolved: u64,
    /// Known to leave the project.
    pub external: u64,
    /// Not known.
    pub unresolved: u64,
}

impl From<answer::EdgeCounts> for EdgeCounts {
    fn from(counts: answer::EdgeCounts) -> EdgeCounts {
        EdgeCounts {
            resolved: counts.resolved,
            external: counts.external,
            unresolved: counts.unresolved,
        }
    }
}

/// What a language makes up of a project.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct LanguageCounts {
    /// Files.
    pub files: u64,
    /// Lines.
    pub lines: u64,
}

/// Something left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Skipped {
    /// Path; a folder ends with `/`.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// What indexing did.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// By language.
    pub languages: BTreeMap<String, LanguageCounts>,
    /// What was left out and why.
    pub skipped: Vec<Skipped>,
    /// Wall time.
    pub elapsed_ms: f64,
    /// CPU time, all threads.
    pub cpu_ms: f64,
    /// Highest resident memory of the process.
    pub peak_rss_bytes: u64,
    /// Files whose facts were there already.
    pub reused_files: u64,
    /// The commit checked out.
    pub commit: Option<String>,
    /// The branch checked out.
    pub branch: Option<String>,
}

impl From<answer::IndexReport> for IndexReport {
    fn from(report: answer::IndexReport) -> IndexReport {
        let language = |(name, counts): (String, answer::LanguageCounts)| {
            (name, LanguageCounts { files: counts.files, lines: counts.lines })
        };
        let skipped = |skipped: ctx_model::project::Skipped| Skipped {
            path: skipped.path,
            reason: skipped.reason.name().into(),
        };
        IndexReport {
            files: report.files,
            lines: report.lines,
            bytes: report.bytes,
            symbols: report.symbols,
            references: report.references,
            edges: report.edges.into(),
            languages: report.languages.into_iter().map(language).collect(),
            skipped: report.skipped.into_iter().map(skipped).collect(),
            elapsed_ms: milliseconds(report.elapsed),
            cpu_ms: milliseconds(report.cpu),
            peak_rss_bytes: report.peak_rss_bytes,
            reused_files: report.reused_files,
            commit: report.commit,
            branch: report.branch,
        }
    }
}
