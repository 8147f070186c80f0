//! Let go of a project's memory and watches.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::Asked;
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::project::CloseAnswer;

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
) -> Result<Json<CloseAnswer>, Failure> {
    serving.ask(move |engine| engine.close_project(&asked.caller, &asked.root)).await?;
    Ok(Json(CloseAnswer { closed: true }))
}
