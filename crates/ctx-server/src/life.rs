//! Whether the daemon is in use, and how it ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// Counts running requests, remembers the last one, and ends the daemon.
/// Clones speak of the same life.
#[derive(Debug, Clone)]
pub struct Life {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    in_flight: watch::Sender<usize>,
    stage: watch::Sender<Stage>,
    last_use: std::sync::Mutex<Instant>,
}

/// How far the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Serving,
    Draining,
    Ending,
}

impl Life {
    pub(crate) fn new() -> Life {
        Life {
            shared: Arc::new(Shared {
                in_flight: watch::Sender::new(0),
                stage: watch::Sender::new(Stage::Serving),
                last_use: std::sync::Mutex::new(Instant::now()),
            }),
        }
    }

    /// Takes no new requests from now on; running ones finish.
    pub fn drain(&self) {
        self.advance(Stage::Draining);
    }

    /// Asks what still runs to stop at its next safe point.
    pub fn end(&self) {
        self.advance(Stage::Ending);
    }

    fn advance(&self, to: Stage) {
        self.shared.stage.send_if_modified(|stage| {
            let earlier = *stage < to;
            *stage = to.max(*stage);
            earlier
        });
    }

    /// Whether new requests are turned away.
    pub fn is_draining(&self) -> bool {
        *self.shared.stage.borrow() >= Stage::Draining
    }

    /// Whether what still runs should stop.
    pub fn is_ending(&self) -> bool {
        *self.shared.stage.borrow() >= Stage::Ending
    }

    /// Comes back once new requests are turned away.
    pub async fn drained(&self) {
        let mut stage = self.shared.stage.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = stage.wait_for(|stage| *stage >= Stage::Draining).await;
    }

    /// Comes back once no request runs.
    pub async fn idle(&self) {
        let mut in_flight = self.shared.in_flight.subscribe();
        let _ = in_flight.wait_for(|count| *count == 0).await;
    }

    /// Requests that run now.
    pub fn in_flight(&self) -> usize {
        *self.shared.in_flight.borrow()
    }

    /// How long nothing has been asked; zero while something runs.
    pub fn unused_for(&self) -> Duration {
        if self.in_flight() > 0 {
            return Duration::ZERO;
        }
        self.last_use().elapsed()
    }

    fn last_use(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.shared.last_use.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Counts a request until the guard is dropped.
    pub(crate) fn request(&self) -> RunningRequest {
        self.shared.in_flight.send_modify(|count| *count += 1);
        RunningRequest { life: self.clone() }
    }
}

/// A request that runs.
#[derive(Debug)]
pub(crate) struct RunningRequest {
    life: Life,
}

impl Drop for RunningRequest {
    fn drop(&mut self) {
        *self.life.last_use() = Instant::now();
        self.life.shared.in_flight.send_modify(|count| *count -= 1);
    }
}
