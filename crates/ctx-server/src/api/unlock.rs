//! Keep a sealed project's key in memory.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::seal::{SealAnswer, SealRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<SealRequest>,
) -> Result<Json<SealAnswer>, Failure> {
    let request = request.try_into()?;
    let answer =
        serving.ask(move |engine| engine.unlock(&asked.caller, &asked.root, &request)).await?;
    Ok(Json(answer.into()))
}
