//! Find memories worth repeating.

use std::sync::Arc;

use axum::extract::State;

use crate::counted::Counted;
use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::memory::{MemoriesAnswer, RecallRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<RecallRequest>,
) -> Result<Counted<MemoriesAnswer>, Failure> {
    let request = request.into();
    let answer =
        serving.ask(move |engine| engine.recall(&asked.caller, &asked.root, &request)).await?;
    Ok(answer.into())
}
