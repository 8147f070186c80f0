//! MCP over HTTP, on this machine only.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use ctx_engine::ErrorKind;
use ctx_server::mcp::{MESSAGE_BYTES_MAX, PATH};
use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_LENGTH, HeaderName, TRANSFER_ENCODING};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::{Connected, neighbour};
use crate::client::Relay;
use crate::exit::{Exit, Failure};

/// Connections at once; more wait in the socket's queue.
const CONNECTIONS: usize = 256;
/// A client that connects and says nothing is cut off after this long.
const HEADER_LIMIT: Duration = Duration::from_secs(30);
/// A message that takes longer than this to arrive is not waited for.
const BODY_LIMIT: Duration = Duration::from_secs(30);
/// Headers by which clients would say what only we may say.
const OURS: &str = "codecontext-";

/// Serves MCP at `address` until the process is asked to end. `listening` is
/// told where.
pub(crate) async fn serve(
    relay: Relay,
    connected: Connected,
    address: SocketAddr,
    listening: impl FnOnce(SocketAddr) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    if !address.ip().is_loopback() {
        return Err(Failure::new(
            ErrorKind::Denied,
            format!("`{address}` can be reached from other machines"),
        )
        .hint("listen on 127.0.0.1 or [::1]; from elsewhere, come through an SSH tunnel"));
    }
    let not_there = |error: io::Error| {
        Failure::unusable(format!("could not listen on {address}"))
            .because(error)
            .hint("choose another port; 0 takes any that is free")
    };
    let listener = TcpListener::bind(address).await.map_err(not_there)?;
    listening(listener.local_addr().map_err(not_there)?)?;
    let shared = Arc::new(Shared { relay, connected });
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let accepting = async {
        loop {
            match listener.accept().await {
                // Other users of this machine may not even wait here.
                Ok((stream, peer)) if !is_ours(&stream, peer) => drop(stream),
                Ok((stream, _)) => {
                    let place = Arc::clone(&places).acquire_owned().await;
                    let shared = Arc::clone(&shared);
                    tokio::spawn(async move {
                        serve_connection(stream, shared).await;
                        drop(place);
                    });
                }
                // Out of file descriptors, most likely: others will close.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    };
    tokio::select! {
        () = accepting => {}
        () = asked_to_end() => {}
    }
    Ok(Exit::Done)
}

struct Shared {
    relay: Relay,
    connected: Connected,
}

fn is_ours(stream: &TcpStream, peer: SocketAddr) -> bool {
    stream.local_addr().is_ok_and(|local| neighbour::is_ours(peer, local))
}

async fn serve_connection(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, std::convert::Infallible>(pass(request, &shared).await) }
    });
    // A client that breaks off is its own business.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_LIMIT)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// Passes a request on; everything but its place is the daemon's to judge.
async fn pass(request: Request<Incoming>, shared: &Shared) -> Response<Body> {
    if request.uri().path() != PATH {
        return plain(StatusCode::NOT_FOUND, "MCP is served at /mcp");
    }
    let (head, body) = request.into_parts();
    let body = Limited::new(body, MESSAGE_BYTES_MAX).collect();
    let Ok(Ok(body)) = tokio::time::timeout(BODY_LIMIT, body).await else {
        let limit = MESSAGE_BYTES_MAX / (1024 * 1024);
        let text = format!("the message did not arrive, or is longer than {limit} MiB");
        return plain(StatusCode::PAYLOAD_TOO_LARGE, &text);
    };
    let mut onward = Request::builder().method(head.method).uri(PATH);
    for (name, value) in &head.headers {
        if is_passed_on(name) {
            onward = onward.header(name, value);
        }
    }
    let Ok(onward) = shared.connected.tell(onward).body(body.to_bytes()) else {
        return plain(StatusCode::BAD_REQUEST, "the request cannot be passed on");
    };
    // The client repeats what it did not hear, if it wants to.
    match shared.relay.send(&onward, false).await {
        Ok(response) => without_connection(response),
        Err(Failure::Told(error)) => plain(StatusCode::BAD_GATEWAY, &error.message),
        Err(Failure::Output(error)) => plain(StatusCode::BAD_GATEWAY, &error.to_string()),
    }
}

fn is_passed_on(name: &HeaderName) -> bool {
    let belongs_to_connection = [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name)
        || matches!(name.as_str(), "keep-alive" | "upgrade" | "te" | "trailer" | "expect");
    !belongs_to_connection && !name.as_str().starts_with(OURS)
}

/// An answer without what belongs to the connection that it came by.
fn without_connection(mut response: Response<Body>) -> Response<Body> {
    for name in [CONNECTION, TRANSFER_ENCODING] {
        response.headers_mut().remove(name);
    }
    response
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(Bytes::from(format!("{text}\n"))));
    *response.status_mut() = status;
    response
}

async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        // Without handlers the signals end the process by themselves.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
