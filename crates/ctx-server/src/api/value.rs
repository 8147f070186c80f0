//! What a project was asked so far, and what the answers were.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::Asked;
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::value::ValueAnswer;

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
) -> Result<Json<ValueAnswer>, Failure> {
    let value = serving.ask(move |engine| engine.value(&asked.caller, &asked.root)).await?;
    Ok(Json(value.into()))
}
