//! Index a project: a stream of events whose last is the report or the failure.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use ctx_engine::request::{IndexPhase, Progress, ProgressStep};
use tokio::sync::mpsc;

use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::life::Life;
use crate::serving::{Serving, broken};
use crate::stream::{self, Piece};
use crate::wire::v1::error::WireError;
use crate::wire::v1::index::{IndexEvent, IndexRequest};

/// A person's eye wants no more than ten steps a second.
const STEP_PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<IndexRequest>,
) -> Result<Response, Failure> {
    let place = serving.place_for_indexing().await?;
    let engine = Arc::clone(&serving.engine);
    let (sender, mut events) = mpsc::channel(64);
    let told = Told::new(sender.clone(), serving.life.clone());
    let running = tokio::task::spawn_blocking(move || {
        let outcome = engine.index(&asked.caller, &asked.root, request.into(), &told);
        drop(place);
        outcome
    });
    // The verdict goes through the same channel as the steps, behind them.
    tokio::spawn(async move {
        let event = match running.await {
            Ok(Ok(report)) => IndexEvent::Result { result: report.into() },
            Ok(Err(error)) => IndexEvent::Error { error: WireError::from(error) },
            Err(error) => IndexEvent::Error { error: broken(error).error },
        };
        // Nobody may be left to hear it.
        let _ = sender.send(event).await;
    });
    // A failure before the first step still has a status code of its own.
    let first = match events.recv().await {
        Some(IndexEvent::Error { error }) => return Err(error.into()),
        Some(event) => line(&event),
        None => {
            let message = "indexing ended without a word";
            return Err(WireError::new(ctx_engine::ErrorKind::Internal, message).into());
        }
    };
    let (pieces, body) = mpsc::channel(16);
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            if pieces.send(line(&event)).await.is_err() {
                return;
            }
        }
    });
    let body = stream::body_of(first, body);
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

fn line(event: &IndexEvent) -> Piece {
    let mut text = serde_json::to_vec(event)?;
    text.push(b'\n');
    Ok(Bytes::from(text))
}

/// Passes steps on to the stream, and learns from it whether anybody listens.
struct Told {
    sender: mpsc::Sender<IndexEvent>,
    life: Life,
    last: Mutex<Option<(IndexPhase, Instant)>>,
}

impl Told {
    fn new(sender: mpsc::Sender<IndexEvent>, life: Life) -> Told {
        Told { sender, life, last: Mutex::new(None) }
    }
}

impl Progress for Told {
    fn report(&self, step: ProgressStep) {
        let now = Instant::now();
        {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.is_some_and(|(phase, at)| phase == step.phase && now - at < STEP_PAUSE) {
                return;
            }
            *last = Some((step.phase, now));
        }
        // A listener that is slow misses steps; it must not slow the work.
        let _ = self.sender.try_send(IndexEvent::Progress(step.into()));
    }

    fn is_abandoned(&self) -> bool {
        self.sender.is_closed() || self.life.is_ending()
    }
}
