//! Failures: the same body from every verb and every transport.

use std::error::Error;

use serde::{Deserialize, Serialize};

use ctx_engine::{EngineError, ErrorKind};

/// The body of every failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The failure.
    pub error: WireError,
}

/// What went wrong and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireError {
    /// One of [`ErrorKind`]'s names.
    pub kind: String,
    /// What was attempted, on what, and what went wrong.
    pub message: String,
    /// What the person can do about it.
    pub hint: Option<String>,
    /// The failures below this one, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
}

impl WireError {
    /// A failure without hint or causes.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> WireError {
        WireError {
            kind: kind.name().into(),
            message: message.into(),
            hint: None,
            causes: Vec::new(),
        }
    }

    /// Adds what the person can do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> WireError {
        self.hint = Some(hint.into());
        self
    }

    /// Its kind; `Internal` for a kind that this build does not know.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::from_name(&self.kind).unwrap_or(ErrorKind::Internal)
    }
}

impl From<EngineError> for WireError {
    fn from(error: EngineError) -> WireError {
        let mut causes = Vec::new();
        let mut below = error.source();
        // A cause that refers to itself would otherwise never end.
        while let Some(cause) = below.filter(|_| causes.len() < 16) {
            causes.push(cause.to_string());
            below = cause.source();
        }
        WireError {
            kind: error.kind.name().into(),
            message: error.message,
            hint: error.hint,
            causes,
        }
    }
}
