//! The accept loop over a Unix socket.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{UnixListener, UnixStream};

use crate::connections::Connections;
use crate::guard::turned_away;
use crate::serving::Serving;
use crate::stream::held_until_sent;

/// Connections at once; one more, and the one of least use is ended.
const CONNECTION_LIMIT: usize = 512;
/// A client that connects and asks nothing is cut off after this long.
const FIRST_LIMIT: Duration = Duration::from_secs(10);
/// A connection that makes room gets this long for a request that came in the
/// same moment.
const LAST_WORD: Duration = Duration::from_millis(20);
/// A client that asked something may be silent for this long.
const HEADER_LIMIT: Duration = Duration::from_secs(120);
/// After draining, connections whose next request may be under way get this
/// long to hear that they should ask elsewhere.
const LAST_CALL: Duration = Duration::from_millis(200);

/// Serves `router` to processes of `uid` until the life of `serving` drains
/// and its requests have run out, or until `patience` has passed since then.
/// `unlisted` runs once no new client can find the socket any more.
pub async fn listen(
    listener: UnixListener,
    router: Router,
    serving: Arc<Serving>,
    uid: u32,
    patience: Duration,
    unlisted: impl FnOnce(),
) {
    let life = serving.life.clone();
    let connections = Connections::default();
    let accepting = async {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    while connections.len() >= CONNECTION_LIMIT && !connections.make_room() {
                        // All are at work: one will have its answer soon.
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                    admit(stream, &router, &connections, uid);
                }
                Err(error) => {
                    // Out of file descriptors, most likely: others make room.
                    tracing::warn!(%error, "could not accept a connection");
                    connections.make_room();
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    };
    tokio::select! {
        () = accepting => {}
        () = life.drained() => {}
    }
    unlisted();
    // Whoever connected before the socket's name went away still waits for an
    // answer; they hear that the daemon is about to end.
    let late = async {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => admit(stream, &router, &connections, uid),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    };
    let winding_down = async {
        if tokio::time::timeout(patience, life.idle()).await.is_err() {
            tracing::warn!(in_flight = life.in_flight(), "requests outlast the daemon's patience");
            life.end();
            let _ = tokio::time::timeout(Duration::from_secs(10), life.idle()).await;
        }
        tokio::time::sleep(LAST_CALL).await;
        let _ = tokio::time::timeout(LAST_CALL, life.idle()).await;
    };
    tokio::select! {
        () = late => {}
        () = winding_down => {}
    }
}

/// Starts to serve a connection, if it comes from the right user.
fn admit(stream: UnixStream, router: &Router, connections: &Connections, uid: u32) {
    match stream.peer_cred() {
        Ok(peer) if peer.uid() == uid => {}
        Ok(peer) => {
            tracing::warn!(uid = peer.uid(), "turned away a connection of another user");
            return;
        }
        Err(error) => {
            tracing::warn!(%error, "turned away a connection of an unknown user");
            return;
        }
    }
    let router = TowerToHyperService::new(router.clone());
    let connection = Arc::new(connections.admit());
    let line = Arc::clone(&connection);
    let service = service_fn(move |request| {
        let answer = line.asking().map(|asking| (asking, router.call(request)));
        async move {
            let Some((asking, answer)) = answer else {
                let (why, hint) = ("too many are connected", "ask again");
                return Ok::<_, Infallible>(turned_away(why, hint));
            };
            Ok(answer.await?.map(|body| held_until_sent(body, asking)))
        }
    });
    tokio::spawn(async move {
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_LIMIT)
            .serve_connection(TokioIo::new(stream), service);
        let silent = async {
            tokio::time::sleep(FIRST_LIMIT).await;
            if connection.has_asked() {
                std::future::pending::<()>().await;
            }
        };
        let mut served = pin!(served);
        let outcome = tokio::select! {
            served = served.as_mut() => served,
            // Whoever asked in the same moment hears that they should ask again.
            () = connection.ended() => match tokio::time::timeout(LAST_WORD, served).await {
                Ok(served) => served,
                Err(_) => Ok(()),
            },
            () = silent => Ok(()),
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}
