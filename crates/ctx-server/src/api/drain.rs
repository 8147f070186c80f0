//! Finish what runs, then end.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::serving::Serving;
use crate::wire::v1::daemon::DrainAnswer;

pub(super) async fn handle(State(serving): State<Arc<Serving>>) -> Json<DrainAnswer> {
    tracing::info!("asked to drain");
    serving.life.drain();
    Json(DrainAnswer {
        draining: true,
        pid: std::process::id(),
        in_flight: serving.life.in_flight().saturating_sub(1),
    })
}
