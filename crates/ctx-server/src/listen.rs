//! The accept loop over a Unix socket.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{UnixListener, UnixStream};

use crate::serving::Serving;

/// Connections at once; more wait in the socket's queue.
const CONNECTION_LIMIT: usize = 512;
/// A client that connects and says nothing is cut off after this long.
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
    let accepting = async {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => admit(stream, &router, &serving, uid),
                Err(error) => {
                    // Out of file descriptors, most likely: others will close.
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            while life.connections() >= CONNECTION_LIMIT {
                tokio::time::sleep(Duration::from_millis(5)).await;
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
                Ok((stream, _)) => admit(stream, &router, &serving, uid),
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
fn admit(stream: UnixStream, router: &Router, serving: &Arc<Serving>, uid: u32) {
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
    let service = TowerToHyperService::new(router.clone());
    let counted = serving.life.connection();
    tokio::spawn(async move {
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_LIMIT)
            .serve_connection(TokioIo::new(stream), service)
            .await;
        if let Err(error) = served {
            tracing::debug!(%error, "a connection ended early");
        }
        drop(counted);
    });
}
