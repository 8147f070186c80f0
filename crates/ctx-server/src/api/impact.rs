//! What a change would touch.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::freshness::Answer;
use crate::wire::v1::impact::{ImpactAnswer, ImpactRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<ImpactRequest>,
) -> Result<Json<Answer<ImpactAnswer>>, Failure> {
    let request = request.try_into()?;
    let answer =
        serving.ask(move |engine| engine.impact(&asked.caller, &asked.root, &request)).await?;
    Ok(Json(answer.into()))
}
