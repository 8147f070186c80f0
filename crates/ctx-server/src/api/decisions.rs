//! List decisions, newest first.

use std::sync::Arc;

use axum::extract::State;

use crate::counted::Counted;
use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::memory::{DecisionsRequest, MemoriesAnswer};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<DecisionsRequest>,
) -> Result<Counted<MemoriesAnswer>, Failure> {
    let request = request.into();
    let answer =
        serving.ask(move |engine| engine.decisions(&asked.caller, &asked.root, &request)).await?;
    Ok(answer.into())
}
