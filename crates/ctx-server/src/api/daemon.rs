//! Who answers at this socket.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use ctx_engine::Engine;

use crate::serving::Serving;
use crate::wire::API_VERSION;
use crate::wire::v1::daemon::DaemonAnswer;

pub(super) async fn handle(State(serving): State<Arc<Serving>>) -> Json<DaemonAnswer> {
    Json(DaemonAnswer {
        version: serving.identity.version.clone(),
        build: serving.identity.build,
        api_version: API_VERSION,
        data_format: Engine::data_format(),
        pid: std::process::id(),
        started_at: serving.started_at.to_string(),
        data_dir: serving.identity.data_dir.to_string_lossy().into_owned(),
        in_flight: serving.life.in_flight(),
        draining: serving.life.is_draining(),
    })
}
