//! Find definitions by name.

use std::sync::Arc;

use axum::extract::State;

use crate::counted::Counted;
use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::symbol::{SymbolAnswer, SymbolRequest};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<SymbolRequest>,
) -> Result<Counted<SymbolAnswer>, Failure> {
    let request = request.into();
    let answer =
        serving.ask(move |engine| engine.symbol(&asked.caller, &asked.root, &request)).await?;
    Ok(answer.into())
}
