//! What the open store, and a project in it, look like.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::extract::MaybeProject;
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::doctor::DoctorAnswer;

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    MaybeProject(root): MaybeProject,
) -> Result<Json<DoctorAnswer>, Failure> {
    let findings = serving.ask(move |engine| Ok(engine.doctor(root.as_deref()))).await?;
    Ok(Json(findings.into()))
}
