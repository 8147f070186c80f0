//! What a daemon does by itself: let go of projects that nobody asks about,
//! and end when it is not needed or cannot be found any more.

use std::sync::Arc;
use std::time::Duration;

use ctx_engine::Engine;
use ctx_server::Life;

use super::place::Place;
use crate::config::Config;

/// How often to look whether the socket is still ours: two `stat` calls.
const ROUND: Duration = Duration::from_secs(2);
/// How often to look for idle projects and to store tallies, in rounds.
const IDLE_EVERY: u32 = 15;

/// Runs until the daemon should end, and then makes it drain.
pub(super) async fn upkeep(config: Config, place: Place, engine: Arc<Engine>, life: Life) {
    let socket = place.socket_identity();
    let mut round = 0u32;
    while !life.is_draining() {
        tokio::time::sleep(ROUND.min(config.daemon_idle())).await;
        // Somebody deleted the data folder, or put another in its place: no
        // client will ever come.
        if place.socket_identity() != socket {
            tracing::info!("the socket is gone");
            return life.drain();
        }
        if life.unused_for() >= config.daemon_idle() {
            tracing::info!("nobody asked for a long time");
            return life.drain();
        }
        round = round.wrapping_add(1);
        if round.is_multiple_of(IDLE_EVERY) || config.project_idle() <= ROUND {
            let (engine, idle) = (Arc::clone(&engine), config.project_idle());
            let closed = tokio::task::spawn_blocking(move || {
                engine.save_tallies();
                engine.close_idle(idle)
            })
            .await;
            let closed = closed.map_or(0, |roots| roots.len());
            if closed > 0 {
                tracing::info!(closed, "closed idle projects");
            }
        }
    }
}
