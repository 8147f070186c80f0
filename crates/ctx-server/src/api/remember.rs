//! Remember something.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::memory::{RememberAnswer, RememberRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<RememberRequest>,
) -> Result<Json<RememberAnswer>, Failure> {
    let request = request.try_into()?;
    let answer =
        serving.ask(move |engine| engine.remember(&asked.caller, &asked.root, &request)).await?;
    Ok(Json(answer.into()))
}
