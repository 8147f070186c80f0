//! Find code by words.

use std::sync::Arc;

use axum::extract::State;

use crate::counted::Counted;
use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::search::{SearchAnswer, SearchRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<SearchRequest>,
) -> Result<Counted<SearchAnswer>, Failure> {
    let request = request.into();
    let answer =
        serving.ask(move |engine| engine.search(&asked.caller, &asked.root, &request)).await?;
    Ok(answer.into())
}
