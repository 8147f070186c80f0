//! What every handler shares: the engine, who serves it, and how many engine
//! calls may run at once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ctx_engine::{Engine, EngineError, ErrorKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinError;

use crate::failure::Failure;
use crate::life::Life;
use crate::wire::v1::error::WireError;

/// Calls that wait for a free place longer than this are refused.
const QUEUE_LIMIT: Duration = Duration::from_secs(30);
/// A caller waits this long for an answer at most.
const ANSWER_LIMIT: Duration = Duration::from_secs(120);
/// Indexings at once; each uses every core by itself.
const INDEXING_PLACES: usize = 2;

/// Who serves: told to clients that ask.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The program's version.
    pub version: String,
    /// Tells builds of one version apart: higher was built later.
    pub build: u64,
    /// The folder where all state lives.
    pub data_dir: PathBuf,
}

/// What every handler shares.
#[derive(Debug)]
pub struct Serving {
    pub(crate) engine: Arc<Engine>,
    pub(crate) identity: Identity,
    pub(crate) started_at: jiff::Timestamp,
    pub(crate) life: Life,
    asking: Arc<Semaphore>,
    indexing: Arc<Semaphore>,
}

impl Serving {
    /// Serves `engine`, started now.
    pub fn new(engine: Arc<Engine>, identity: Identity) -> Arc<Serving> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Arc::new(Serving {
            engine,
            identity,
            started_at: jiff::Timestamp::now(),
            life: Life::new(),
            asking: Arc::new(Semaphore::new((cores * 4).max(8))),
            indexing: Arc::new(Semaphore::new(INDEXING_PLACES)),
        })
    }

    /// Whether it is in use, and when it last was.
    pub fn life(&self) -> &Life {
        &self.life
    }

    /// Runs one engine call on a thread of its own and waits for its answer.
    /// The call itself cannot be broken off; a caller that waited too long
    /// hears `Busy` while it goes on.
    pub(crate) async fn ask<T, F>(&self, call: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnOnce(&Engine) -> Result<T, EngineError> + Send + 'static,
    {
        let place = place_in(&self.asking).await?;
        let engine = Arc::clone(&self.engine);
        let running = tokio::task::spawn_blocking(move || {
            let answer = call(&engine);
            drop(place);
            answer
        });
        match tokio::time::timeout(ANSWER_LIMIT, running).await {
            Ok(Ok(answer)) => answer.map_err(Failure::from),
            Ok(Err(error)) => Err(broken(error)),
            Err(_) => Err(overdue(ANSWER_LIMIT)),
        }
    }

    /// A place for an indexing call.
    pub(crate) async fn place_for_indexing(&self) -> Result<OwnedSemaphorePermit, Failure> {
        place_in(&self.indexing).await
    }

    /// A place for a call that streams its answer.
    pub(crate) async fn place_for_asking(&self) -> Result<OwnedSemaphorePermit, Failure> {
        place_in(&self.asking).await
    }
}

async fn place_in(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Failure> {
    match tokio::time::timeout(QUEUE_LIMIT, Arc::clone(places).acquire_owned()).await {
        Ok(Ok(place)) => Ok(place),
        Ok(Err(_)) => Err(WireError::new(ErrorKind::Unavailable, "shutting down").into()),
        Err(_) => Err(overdue(QUEUE_LIMIT)),
    }
}

fn overdue(limit: Duration) -> Failure {
    let message =
        format!("no answer within {} seconds: too much is asked at once", limit.as_secs());
    WireError::new(ErrorKind::Busy, message).with_hint("ask again in a moment").into()
}

/// The failure behind an engine call that panicked. The panic itself is in the
/// log already.
pub(crate) fn broken(error: JoinError) -> Failure {
    let message = if error.is_panic() {
        "this request hit a defect; the daemon goes on and nothing stored is lost"
    } else {
        "this request was broken off"
    };
    WireError::new(ErrorKind::Internal, message)
        .with_hint("`codecontext daemon logs` has the details to report")
        .into()
}
