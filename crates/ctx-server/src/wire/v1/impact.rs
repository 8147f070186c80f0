//! What a change would touch.

use serde::{Deserialize, Serialize};

use ctx_engine::{answer, request};

use super::error::WireError;
use super::symbol::SymbolRef;

fn default_depth() -> u32 {
    3
}

fn default_limit() -> usize {
    200
}

/// Find what a change would touch: either names or a patch.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImpactRequest {
    /// Symbols or paths that change.
    #[serde(default)]
    pub names: Vec<String>,
    /// A unified diff.
    #[serde(default)]
    pub patch: Option<String>,
    /// How many edges away at most, from 1.
    #[serde(default = "default_depth", deserialize_with = "super::depth")]
    pub depth: u32,
    /// At most this many symbols, and as many files and tests.
    #[serde(default = "default_limit", deserialize_with = "super::limit")]
    pub limit: usize,
}

impl TryFrom<ImpactRequest> for request::ImpactRequest {
    type Error = WireError;

    fn try_from(request: ImpactRequest) -> Result<request::ImpactRequest, WireError> {
        let subject = match (request.patch, request.names.is_empty()) {
            (Some(patch), true) => request::ImpactSubject::Patch(patch),
            (None, false) => request::ImpactSubject::Names(request.names),
            _ => {
                let kind = ctx_engine::ErrorKind::InvalidRequest;
                return Err(WireError::new(kind, "impact takes either names or a patch"));
            }
        };
        Ok(request::ImpactRequest { subject, depth: request.depth, limit: request.limit })
    }
}

/// One step of a way through the graph.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImpactStep {
    /// What kind of edge.
    pub kind: String,
    /// What depends.
    pub from: String,
    /// What it depends on.
    pub to: String,
    /// The file of the use.
    pub path: String,
    /// Line of the use, from 1.
    pub line: u32,
    /// The rule that bound it.
    pub how: String,
    /// 0 to 1.
    pub confidence: f64,
}

impl From<answer::ImpactStep> for ImpactStep {
    fn from(step: answer::ImpactStep) -> ImpactStep {
        ImpactStep {
            kind: step.kind.name().into(),
            from: step.from,
            to: step.to,
            path: step.path,
            line: step.line,
            how: step.how.name().into(),
            confidence: step.confidence,
        }
    }
}

/// A definition that a change touches.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AffectedSymbol {
    /// The definition.
    #[serde(flatten)]
    pub symbol: SymbolRef,
    /// The steps from it to what changes.
    pub via: Vec<ImpactStep>,
}

impl From<answer::AffectedSymbol> for AffectedSymbol {
    fn from(affected: answer::AffectedSymbol) -> AffectedSymbol {
        AffectedSymbol { symbol: affected.symbol.into(), via: steps(affected.via) }
    }
}

/// A file that a change touches.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AffectedFile {
    /// The file.
    pub path: String,
    /// The steps from it to what changes.
    pub via: Vec<ImpactStep>,
}

/// What a change touches, nearest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImpactAnswer {
    /// What changes.
    pub changed: Vec<SymbolRef>,
    /// Definitions that depend on it.
    pub symbols: Vec<AffectedSymbol>,
    /// Files that depend on it.
    pub files: Vec<AffectedFile>,
    /// Tests that exercise it.
    pub tests: Vec<AffectedSymbol>,
    /// Names and paths that are not in the project.
    pub not_found: Vec<String>,
    /// Whether these are all.
    pub complete: bool,
}

impl From<answer::ImpactAnswer> for ImpactAnswer {
    fn from(answer: answer::ImpactAnswer) -> ImpactAnswer {
        let file =
            |file: answer::AffectedFile| AffectedFile { path: file.path, via: steps(file.via) };
        ImpactAnswer {
            changed: answer.changed.into_iter().map(SymbolRef::from).collect(),
            symbols: answer.symbols.into_iter().map(AffectedSymbol::from).collect(),
            files: answer.files.into_iter().map(file).collect(),
            tests: answer.tests.into_iter().map(AffectedSymbol::from).collect(),
            not_found: answer.not_found,
            complete: answer.complete,
        }
    }
}

fn steps(steps: Vec<answer::ImpactStep>) -> Vec<ImpactStep> {
    steps.into_iter().map(ImpactStep::from).collect()
}
