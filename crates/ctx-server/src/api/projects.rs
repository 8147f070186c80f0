//! Every project that the store knows.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::AskedBy;
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::project::ProjectsAnswer;

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    AskedBy(caller): AskedBy,
) -> Result<Json<ProjectsAnswer>, Failure> {
    let projects = serving.ask(move |engine| engine.projects(&caller)).await?;
    Ok(Json(projects.into()))
}
