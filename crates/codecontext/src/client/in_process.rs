//! `--no-daemon`: the same router, called in this process.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use ctx_engine::request::Watching;
use ctx_engine::{Engine, ErrorKind};
use ctx_server::Serving;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use super::{Question, Received, Sink, receive, small_runtime};
use crate::config::Config;
use crate::daemon::{Held, Lock, Place, holder, identity, open_store};
use crate::exit::Failure;

/// How long to wait for a store that another process has open.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);

/// The store, open in this process.
#[derive(Debug)]
pub(crate) struct InProcess {
    runtime: Runtime,
    router: Router,
    engine: Arc<Engine>,
    _held: Held,
}

impl InProcess {
    /// Opens the data folder's store.
    pub(crate) fn open(config: &Config) -> Result<InProcess, Failure> {
        let place = Place::made(config.data_dir())?;
        let lock = Lock::open(&place.lock_file())?;
        let held = lock.take_within("codecontext --no-daemon", LOCK_PATIENCE, || false)?;
        let Some(held) = held else {
            let holder = holder(&place.lock_file()).unwrap_or_else(|| "another process".to_owned());
            let folder = place.data_dir().display();
            return Err(Failure::new(
                ErrorKind::Busy,
                format!("{holder} has the data folder `{folder}` open"),
            )
            .hint("leave out --no-daemon, or end it with `codecontext daemon stop`"));
        };
        let engine = open_store(config, &place, Watching::Off, &held)?;
        let serving = Serving::new(Arc::clone(&engine), identity(place.data_dir()));
        let router = ctx_server::router(serving);
        Ok(InProcess { runtime: small_runtime()?, router, engine, _held: held })
    }

    /// What it asks.
    pub(super) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Asks, and passes the answer's pieces on as they come.
    pub(crate) fn stream(&mut self, question: &Question, sink: Sink<'_>) -> Result<(), Failure> {
        let request = question.request().map(axum::body::Body::new);
        let router = self.router.clone();
        let received = self.runtime.block_on(async {
            match router.oneshot(request).await {
                Ok(response) => receive(response, sink).await,
                Err(never) => match never {},
            }
        })?;
        match received {
            Received::Whole => Ok(()),
            Received::Draining => Err(Failure::new(ErrorKind::Internal, "nothing drains here")),
            Received::Broken { cause, .. } => {
                Err(Failure::new(ErrorKind::Internal, "the answer broke off").because(cause))
            }
        }
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        self.engine.shut_down();
    }
}
