//! Write out the graph's edges, in one of several formats.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use axum::body::{Body as HttpBody, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use ctx_engine::request::GraphExportRequest as EngineRequest;
use ctx_engine::{EngineError, ErrorKind};
use ctx_model::edge::EdgeKind;
use tokio::sync::mpsc;

use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::render::{Format, Rendering};
use crate::serving::Serving;
use crate::stream::{self, Piece};
use crate::wire::v1::error::WireError;
use crate::wire::v1::graph::{GraphEdge, GraphExportRequest};

/// Edges are sent in pieces of about this size, in bytes.
const PIECE_BYTES: usize = 64 * 1024;

/// What comes through the channel from the blocking thread.
enum Part {
    /// Text, and more will follow.
    Text(String),
    /// The last text, or the failure that ends the export.
    Last(Result<String, EngineError>),
}

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<GraphExportRequest>,
) -> Result<Response, Failure> {
    let format = Format::named(request.format.as_deref().unwrap_or("jsonl"))?;
    let request = EngineRequest { kinds: kinds_named(&request.edges)? };
    let place = serving.place_for_asking().await?;
    let engine = Arc::clone(&serving.engine);
    let (sender, mut parts) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let mut rendering = Rendering::new(format);
        let mut text = rendering.start();
        let exported = engine.graph_export(&asked.caller, &asked.root, &request, &mut |row| {
            rendering.edge(&GraphEdge::from(row), &mut text);
            if text.len() < PIECE_BYTES {
                return ControlFlow::Continue(());
            }
            match sender.blocking_send(Part::Text(std::mem::take(&mut text))) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        });
        let last = exported.map(|_| {
            rendering.finish(&mut text);
            text
        });
        // Nobody may be left to hear it.
        let _ = sender.blocking_send(Part::Last(last));
        drop(place);
    });
    // A failure before the first piece still has a status code of its own.
    let body = match parts.recv().await {
        Some(Part::Last(Ok(text))) => HttpBody::from(text),
        Some(Part::Last(Err(error))) => return Err(error.into()),
        Some(Part::Text(text)) => {
            let (pieces, rest) = mpsc::channel(4);
            tokio::spawn(pass_on(parts, pieces));
            stream::body_of(Ok(Bytes::from(text)), rest)
        }
        None => {
            let message = "this export hit a defect; nothing stored is lost";
            return Err(WireError::new(ErrorKind::Internal, message).into());
        }
    };
    Ok(([(CONTENT_TYPE, format.content_type())], body).into_response())
}

/// Passes parts on as pieces of the body; one that ends without its last part
/// breaks off, so that nobody takes it for whole.
async fn pass_on(mut parts: mpsc::Receiver<Part>, pieces: mpsc::Sender<Piece>) {
    loop {
        let (piece, is_last) = match parts.recv().await {
            Some(Part::Text(text)) => (Ok(Bytes::from(text)), false),
            Some(Part::Last(Ok(text))) => (Ok(Bytes::from(text)), true),
            Some(Part::Last(Err(error))) => {
                tracing::error!(%error, "an export broke off");
                (Err(io::Error::other(error)), true)
            }
            None => (Err(io::Error::other("an export hit a defect")), true),
        };
        if pieces.send(piece).await.is_err() || is_last {
            return;
        }
    }
}

fn kinds_named(names: &[String]) -> Result<Vec<EdgeKind>, Failure> {
    let kind = |name: &String| {
        EdgeKind::from_name(name).ok_or_else(|| {
            let known: Vec<&str> = EdgeKind::ALL.into_iter().map(EdgeKind::name).collect();
            WireError::new(ErrorKind::InvalidRequest, format!("`{name}` is not a kind of edge"))
                .with_hint(format!("kinds are {}", known.join(", ")))
                .into()
        })
    };
    names.iter().map(kind).collect()
}
