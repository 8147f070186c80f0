//! Failures as HTTP: the one place where kinds become status codes.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ctx_engine::{EngineError, ErrorKind};

use crate::wire::v1::error::{ErrorBody, WireError};

/// A verb's failure.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: WireError,
}

impl From<WireError> for Failure {
    fn from(error: WireError) -> Failure {
        Failure { error }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Failure {
        let failure = Failure { error: error.into() };
        if failure.error.kind() == ErrorKind::Internal {
            let error = &failure.error;
            tracing::error!(message = error.message, causes = ?error.causes, "internal failure");
        }
        failure
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (status_of(self.error.kind()), Json(ErrorBody { error: self.error })).into_response()
    }
}

/// The status code of a kind of failure.
pub fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::InvalidRequest => StatusCode::BAD_REQUEST,
        ErrorKind::UnusableProject => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::Denied => StatusCode::FORBIDDEN,
        ErrorKind::Busy => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        ErrorKind::Locked => StatusCode::LOCKED,
        ErrorKind::Incompatible => StatusCode::CONFLICT,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
