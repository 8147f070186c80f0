//! Everything of a project that cannot be computed again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::Asked;
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::project::ProjectExport;

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
) -> Result<Json<ProjectExport>, Failure> {
    let answer = serving.ask(move |engine| engine.export(&asked.caller, &asked.root)).await?;
    Ok(Json(answer.into()))
}
