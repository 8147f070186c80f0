//! Who calls a symbol.

use std::sync::Arc;

use axum::extract::State;

use crate::counted::Counted;
use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::calls::{CallsAnswer, CallsRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<CallsRequest>,
) -> Result<Counted<CallsAnswer>, Failure> {
    let request = request.into();
    let answer =
        serving.ask(move |engine| engine.callers(&asked.caller, &asked.root, &request)).await?;
    Ok(answer.into())
}
