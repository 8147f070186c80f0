//! Passing requests of other protocols on, many at once: to the daemon, which
//! is started or replaced as need be, or to a router in this process.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use ctx_engine::ErrorKind;
use ctx_server::wire::header;
use http_body_util::Full;
use hyper::body::{Body as HttpBody, Bytes, Frame, Incoming, SizeHint};
use hyper::{Request, Response};
use tower::ServiceExt;

use super::DaemonClient;
use super::connection::{Connection, NoAnswer};
use super::daemon::TRIES;
use super::in_process::InProcess;
use crate::config::Config;
use crate::daemon::{Place, age, identity};
use crate::exit::Failure;

/// A daemon that is about to end is asked again after this long.
const PAUSE: Duration = Duration::from_millis(5);

/// A way to pass requests on. Clones share it.
#[derive(Debug, Clone)]
pub(crate) enum Relay {
    /// Over the data folder's socket.
    Daemon(Arc<DaemonRelay>),
    /// In this process.
    InProcess(Arc<InProcess>),
}

impl Relay {
    /// Passes on to the data folder's daemon; connects to nobody yet.
    pub(crate) fn to_daemon(config: &Config) -> Result<Relay, Failure> {
        let place = Place::made(config.data_dir())?;
        Ok(Relay::Daemon(Arc::new(DaemonRelay {
            config: config.clone(),
            place,
            idle: Idle::default(),
            starting: tokio::sync::Mutex::new(()),
        })))
    }

    /// Passes on to a router over the store, opened in this process.
    pub(crate) fn in_process(config: &Config) -> Result<Relay, Failure> {
        InProcess::open(config).map(|opened| Relay::InProcess(Arc::new(opened)))
    }

    /// Sends a request and comes back with the head of its answer. One that is
    /// `repeatable` is sent again if its answer was not heard.
    pub(crate) async fn send(
        &self,
        request: &Request<Bytes>,
        repeatable: bool,
    ) -> Result<Response<Body>, Failure> {
        match self {
            Relay::Daemon(daemon) => daemon.send(request, repeatable).await,
            Relay::InProcess(opened) => {
                let request = request.clone().map(Body::from);
                match opened.router().oneshot(request).await {
                    Ok(response) => Ok(response),
                    Err(never) => match never {},
                }
            }
        }
    }
}

/// Passes requests on over the socket, one connection for each that runs.
#[derive(Debug)]
pub(crate) struct DaemonRelay {
    config: Config,
    place: Place,
    idle: Idle,
    /// Held by whoever starts or replaces a daemon, so that one does it.
    starting: tokio::sync::Mutex<()>,
}

/// Connections that wait for their next request.
type Idle = Arc<Mutex<Vec<Connection>>>;

impl DaemonRelay {
    async fn send(
        &self,
        request: &Request<Bytes>,
        repeatable: bool,
    ) -> Result<Response<Body>, Failure> {
        let mut last_cause = String::new();
        for _ in 0..TRIES {
            let kept = lock(&self.idle).pop();
            let mut connection = match kept {
                Some(connection) => connection,
                None => self.open().await?,
            };
            match connection.send(request.clone().map(Full::new)).await {
                Ok(response) if response.headers().contains_key(header::DRAINING) => {
                    lock(&self.idle).clear();
                    tokio::time::sleep(PAUSE).await;
                    last_cause = "it is about to end".to_owned();
                }
                Ok(response) => {
                    let idle = Arc::clone(&self.idle);
                    return Ok(response
                        .map(|body| Body::new(Answer { body, kept: Some((connection, idle)) })));
                }
                Err(NoAnswer { never_sent, cause }) => {
                    // The others were opened to the same daemon.
                    lock(&self.idle).clear();
                    if !never_sent && !repeatable {
                        return Err(unheard(cause));
                    }
                    last_cause = cause;
                }
            }
        }
        Err(Failure::new(ErrorKind::Unavailable, "the daemon ends before it answers")
            .because(last_cause)
            .hint("`codecontext daemon logs` may say why"))
    }

    /// A connection to a daemon that is at least as new as this program.
    async fn open(&self) -> Result<Connection, Failure> {
        if let Some(connection) = self.serving().await {
            return Ok(connection);
        }
        let _turn = self.starting.lock().await;
        // Whoever had the turn before may have started it.
        if let Some(connection) = self.serving().await {
            return Ok(connection);
        }
        let config = self.config.clone();
        let started = tokio::task::spawn_blocking(move || DaemonClient::new(&config)?.ensure());
        started.await.map_err(|error| {
            Failure::new(ErrorKind::Internal, "starting the daemon broke off").because(error)
        })??;
        self.serving().await.ok_or_else(|| {
            Failure::new(ErrorKind::Unavailable, "the daemon started and is gone again")
                .hint("`codecontext daemon logs` may say why")
        })
    }

    async fn serving(&self) -> Option<Connection> {
        let connection = Connection::open(self.place.socket()).await.ok()?;
        let us = identity(self.place.data_dir());
        let daemon = &connection.daemon;
        let is_older = age(&daemon.version, daemon.build) < age(&us.version, us.build);
        (!daemon.draining && !is_older).then_some(connection)
    }
}

fn unheard(cause: String) -> Failure {
    Failure::new(ErrorKind::Unavailable, "the daemon ended before it answered")
        .because(cause)
        .hint("it may have been done or not: look before you repeat it")
}

fn lock(idle: &Idle) -> std::sync::MutexGuard<'_, Vec<Connection>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An answer's body; its connection takes the next request once it was read.
struct Answer {
    body: Incoming,
    kept: Option<(Connection, Idle)>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        let at_end = matches!(polled, Poll::Ready(None)) || self.body.is_end_stream();
        if at_end && let Some((connection, idle)) = self.kept.take() {
            lock(&idle).push(connection);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
