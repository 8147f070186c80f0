//! Say what came of a memory or a suggestion.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::journal::FeedbackRequest;
use crate::wire::v1::memory::RecordAnswer;

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<FeedbackRequest>,
) -> Result<Json<RecordAnswer>, Failure> {
    let request = request.try_into()?;
    let answer =
        serving.ask(move |engine| engine.feedback(&asked.caller, &asked.root, &request)).await?;
    Ok(Json(answer.into()))
}
