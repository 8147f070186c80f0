//! What a change would touch.

use std::sync::Arc;

use axum::extract::State;

use crate::counted::Counted;
use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::impact::{ImpactAnswer, ImpactRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<ImpactRequest>,
) -> Result<Counted<ImpactAnswer>, Failure> {
    let request = request.try_into()?;
    let answer =
        serving.ask(move |engine| engine.impact(&asked.caller, &asked.root, &request)).await?;
    Ok(answer.into())
}
