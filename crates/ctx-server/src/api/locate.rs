//! Find the code that prose is about.

use std::sync::Arc;

use axum::extract::State;

use crate::counted::Counted;
use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::locate::{LocateAnswer, LocateRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<LocateRequest>,
) -> Result<Counted<LocateAnswer>, Failure> {
    let request = request.into();
    let answer =
        serving.ask(move |engine| engine.locate(&asked.caller, &asked.root, &request)).await?;
    Ok(answer.into())
}
