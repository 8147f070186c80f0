//! Every verb of the API: one file each, and the one list that names them all.

mod daemon;
mod drain;
mod doctor;
mod projects;
mod index;
mod status;
mod search;
mod locate;
mod symbol;
mod callers;
mod callees;
mod impact;
mod map;
mod graph_export;
mod remember;
mod remember_batch;
mod recall;
mod forget;
mod purge;
mod decisions;
mod memory_log;
mod feedback;
mod audit_verify;
mod seal;
mod unseal;
mod unlock;
mod export;
mod close;
mod watch;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use ctx_engine::ErrorKind;

use crate::failure::Failure;
use crate::guard::guard;
use crate::serving::Serving;
use crate::wire::API_PREFIX;
use crate::wire::v1::error::WireError;

/// Bodies above this size, in bytes, are refused: a large patch fits.
const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// A verb of the API.
#[derive(Debug, Clone, Copy)]
pub struct Verb {
    /// Its path below [`API_PREFIX`].
    pub path: &'static str,
    /// Whether asking twice has the same effect as asking once, so that a
    /// client may ask again when it did not hear the answer.
    pub idempotent: bool,
    route: fn() -> MethodRouter<Arc<Serving>>,
}

const fn repeatable(path: &'static str, route: fn() -> MethodRouter<Arc<Serving>>) -> Verb {
    Verb { path, idempotent: true, route }
}

const fn once(path: &'static str, route: fn() -> MethodRouter<Arc<Serving>>) -> Verb {
    Verb { path, idempotent: false, route }
}

/// Every verb.
pub const VERBS: &[Verb] = &[
    repeatable("/daemon", || get(daemon::handle)),
    repeatable("/daemon/drain", || post(drain::handle)),
    repeatable("/doctor", || get(doctor::handle)),
    repeatable("/projects", || get(projects::handle)),
    repeatable("/index", || post(index::handle)),
    repeatable("/status", || get(status::handle)),
    repeatable("/search", || post(search::handle)),
    repeatable("/locate", || post(locate::handle)),
    repeatable("/symbol", || post(symbol::handle)),
    repeatable("/callers", || post(callers::handle)),
    repeatable("/callees", || post(callees::handle)),
    repeatable("/impact", || post(impact::handle)),
    repeatable("/map", || post(map::handle)),
    repeatable("/graph/export", || post(graph_export::handle)),
    once("/remember", || post(remember::handle)),
    once("/remember/batch", || post(remember_batch::handle)),
    repeatable("/recall", || post(recall::handle)),
    once("/forget", || post(forget::handle)),
    once("/purge", || post(purge::handle)),
    repeatable("/decisions", || post(decisions::handle)),
    repeatable("/memory/log", || post(memory_log::handle)),
    once("/feedback", || post(feedback::handle)),
    repeatable("/audit/verify", || post(audit_verify::handle)),
    once("/seal", || post(seal::handle)),
    once("/unseal", || post(unseal::handle)),
    repeatable("/unlock", || post(unlock::handle)),
    repeatable("/export", || get(export::handle)),
    repeatable("/close", || post(close::handle)),
    repeatable("/watch", || post(watch::handle)),
];

/// Every verb behind its path, guarded.
pub fn router(serving: Arc<Serving>) -> Router {
    let mut router = Router::new();
    for verb in VERBS {
        router = router.route(&format!("{API_PREFIX}{}", verb.path), (verb.route)());
    }
    router
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_path)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(&serving), guard))
        .with_state(serving)
}

async fn no_such_path() -> Failure {
    WireError::new(ErrorKind::NotFound, "no verb of the API has this path and method")
        .with_hint(format!("this build serves version 1, below {API_PREFIX}"))
        .into()
}
