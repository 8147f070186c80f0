//! Finish what runs, then end.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;

use crate::extract::caller_if_named;
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::daemon::DrainAnswer;

/// A newer client replaces the daemon without naming anyone; whoever is named
/// must be allowed to end it.
pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    headers: HeaderMap,
) -> Result<Json<DrainAnswer>, Failure> {
    if let Some(caller) = caller_if_named(&headers)? {
        serving.ask(move |engine| engine.may_end(&caller)).await?;
    }
    tracing::info!("asked to drain");
    serving.life.drain();
    Ok(Json(DrainAnswer {
        draining: true,
        pid: std::process::id(),
        in_flight: serving.life.in_flight().saturating_sub(1),
    }))
}
