//! Around every request: count it, turn it away while draining, catch panics,
//! write one line to the log.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ctx_engine::ErrorKind;

use crate::failure::Failure;
use crate::serving::Serving;
use crate::stream;
use crate::wire::header;
use crate::wire::v1::error::WireError;

/// Runs around every handler.
pub(crate) async fn guard(
    State(serving): State<Arc<Serving>>,
    request: Request,
    next: Next,
) -> Response {
    let running = serving.life.request();
    if serving.life.is_draining() {
        return turned_away("the daemon is about to end", "ask again: a new one will start");
    }
    let started = Instant::now();
    let method = request.method().clone();
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(none)".into(), |path| path.as_str().to_owned());
    let response = without_panic(next.run(request)).await;
    let status = response.status().as_u16();
    let elapsed_ms = started.elapsed().as_micros() as f64 / 1000.0;
    // The query holds a path and bodies hold people's words: neither is logged.
    // Every client says hello first, which is no news.
    if path.ends_with("/daemon") {
        tracing::debug!(%method, path, status, elapsed_ms, "request");
    } else {
        tracing::info!(%method, path, status, elapsed_ms, "request");
    }
    // A streamed answer runs on after its head was sent.
    response.map(|body| stream::held_until_sent(body, running))
}

/// An answer to a request that was not begun, after which to connect anew.
pub(crate) fn turned_away(why: &str, hint: &str) -> Response {
    let error = WireError::new(ErrorKind::Unavailable, why).with_hint(hint);
    let mut response = Failure::from(error).into_response();
    response.headers_mut().insert(header::DRAINING, HeaderValue::from_static("1"));
    response.headers_mut().insert("connection", HeaderValue::from_static("close"));
    response
}

/// Waits for a handler, and answers in its place if it panics.
async fn without_panic(handler: impl Future<Output = Response>) -> Response {
    let mut handler = pin!(handler);
    std::future::poll_fn(move |context| {
        // The handler is never polled again after a panic, so no broken state
        // of it can be seen.
        let polled = AssertUnwindSafe(|| handler.as_mut().poll(context));
        std::panic::catch_unwind(polled).unwrap_or_else(|_| {
            let message =
                "this request hit a defect; the daemon goes on and nothing stored is lost";
            let error = WireError::new(ErrorKind::Internal, message)
                .with_hint("`codecontext daemon logs` has the details to report");
            Poll::Ready(Failure::from(error).into_response())
        })
    })
    .await
}
