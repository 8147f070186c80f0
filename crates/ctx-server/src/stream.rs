//! Answers that come bit by bit: a body fed through a channel from a blocking
//! thread.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::mpsc;

/// A piece of a body, or the reason why it breaks off: the connection is then
/// cut, so that nobody takes a part for the whole.
pub(crate) type Piece = io::Result<Bytes>;

/// A body made of `first` and of what comes through `pieces`.
pub(crate) fn body_of(first: Piece, pieces: mpsc::Receiver<Piece>) -> Body {
    Body::new(Pieces { first: Some(first), pieces })
}

struct Pieces {
    first: Option<Piece>,
    pieces: mpsc::Receiver<Piece>,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(first.map(Frame::data)));
        }
        let next = self.pieces.poll_recv(context);
        next.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// The same body, which keeps `guard` until it was sent: what counts a running
/// request, say.
pub(crate) fn held_until_sent(body: Body, guard: impl Unpin + Send + 'static) -> Body {
    Body::new(Held { body, _guard: guard })
}

struct Held<G> {
    body: Body,
    _guard: G,
}

impl<G: Unpin> HttpBody for Held<G> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
