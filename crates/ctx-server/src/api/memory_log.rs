//! List the journal's records, newest first.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::journal::{LogAnswer, LogRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<LogRequest>,
) -> Result<Json<LogAnswer>, Failure> {
    let request = request.into();
    let answer =
        serving.ask(move |engine| engine.memory_log(&asked.caller, &asked.root, request)).await?;
    Ok(Json(answer.into()))
}
