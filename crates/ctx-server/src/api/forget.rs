//! Mark a memory as forgotten.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::memory::{ForgetRequest, RecordAnswer};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<ForgetRequest>,
) -> Result<Json<RecordAnswer>, Failure> {
    let request = request.into();
    let answer =
        serving.ask(move |engine| engine.forget(&asked.caller, &asked.root, &request)).await?;
    Ok(Json(answer.into()))
}
