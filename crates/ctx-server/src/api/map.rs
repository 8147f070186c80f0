//! Draw a map of the project.

use std::sync::Arc;

use axum::extract::State;

use crate::counted::Counted;
use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::map::{MapAnswer, MapRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<MapRequest>,
) -> Result<Counted<MapAnswer>, Failure> {
    let request = request.into();
    let answer =
        serving.ask(move |engine| engine.map(&asked.caller, &asked.root, &request)).await?;
    Ok(answer.into())
}
