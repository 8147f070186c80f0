//! Remember many things; a row that does not fit stops no other.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use ctx_engine::request::MemoryDraft;

use crate::extract::{Asked, Body};
use crate::failure::Failure;
use crate::serving::Serving;
use crate::wire::v1::error::WireError;
use crate::wire::v1::memory::{RememberBatchAnswer, RememberBatchRequest, RememberRow};

pub(super) async fn handle(
    State(serving): State<Arc<Serving>>,
    asked: Asked,
    Body(request): Body<RememberBatchRequest>,
) -> Result<Json<RememberBatchAnswer>, Failure> {
    let mut names = Vec::with_capacity(request.memories.len());
    let mut drafts = Vec::with_capacity(request.memories.len());
    let mut refused = Vec::with_capacity(request.memories.len());
    for memory in request.memories {
        names.push(memory.external_id.clone());
        match MemoryDraft::try_from(memory) {
            Ok(draft) => {
                drafts.push(draft);
                refused.push(None);
            }
            Err(error) => refused.push(Some(error)),
        }
    }
    let answers = serving
        .ask(move |engine| engine.remember_batch(&asked.caller, &asked.root, &drafts))
        .await?;
    let mut answers = answers.into_iter();
    let mut batch = RememberBatchAnswer::default();
    for (external_id, refusal) in names.into_iter().zip(refused) {
        let outcome = match refusal {
            Some(error) => Err(error),
            None => answers.next().map_or_else(
                || Err(WireError::new(ctx_engine::ErrorKind::Internal, "a row was left out")),
                |answer| answer.map_err(WireError::from),
            ),
        };
        batch.rows.push(match outcome {
            Ok(remembered) => {
                batch.remembered += 1;
                let (id, notes) = (Some(remembered.id.to_string()), remembered.notes);
                RememberRow { id, external_id, notes, error: None }
            }
            Err(error) => {
                batch.failed += 1;
                RememberRow { id: None, external_id, notes: Vec::new(), error: Some(error) }
            }
        });
    }
    Ok(Json(batch))
}
