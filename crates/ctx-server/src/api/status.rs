//! How a project stands.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::Asked;
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::status::StatusAnswer;

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
) -> Result<Json<StatusAnswer>, Failure> {
    let answer = serving.ask(move |engine| engine.status(&asked.caller, &asked.root)).await?;
    Ok(Json(answer.into()))
}
