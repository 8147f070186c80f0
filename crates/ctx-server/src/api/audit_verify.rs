//! Check every chain of a project's journal.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::Asked;
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::journal::AuditAnswer;

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
) -> Result<Json<AuditAnswer>, Failure> {
    let answer = serving.ask(move |engine| engine.audit_verify(&asked.caller, &asked.root)).await?;
    Ok(Json(answer.into()))
}
