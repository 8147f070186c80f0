//! Start or stop watching a project's files.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::project::{WatchAnswer, WatchRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<WatchRequest>,
) -> Result<Json<WatchAnswer>, Failure> {
    let request = request.into();
    let answer =
        serving.ask(move |engine| engine.watch(&asked.caller, &asked.root, request)).await?;
    Ok(Json(answer.into()))
}
