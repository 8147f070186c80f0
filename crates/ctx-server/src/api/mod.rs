//! Every verb of the API: one file each, and the one list that names them all.

mod audit_verify;
mod callees;
mod callers;
mod close;
mod daemon;
mod decisions;
mod doctor;
mod drain;
mod export;
mod feedback;
mod forget;
mod graph_export;
mod impact;
mod index;
mod locate;
mod map;
mod memory_log;
mod projects;
mod purge;
mod recall;
mod remember;
mod remember_batch;
mod seal;
mod search;
mod status;
mod symbol;
mod unlock;
mod unseal;
mod value;
mod watch;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use ctx_engine::ErrorKind;

use crate::failure::Failure;
use crate::guard::guard;
use crate::mcp;
use crate::serving::Serving;
use crate::wire::API_PREFIX;
use crate::wire::v1::error::WireError;

/// Bodies above this size, in bytes, are refused: a large patch fits.
const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

type Route = fn() -> MethodRouter<Arc<Serving>>;

/// A verb of the API.
#[derive(Debug, Clone)]
pub struct Verb {
    /// Its path below [`API_PREFIX`].
    pub path: &'static str,
    /// Its method.
    pub method: Method,
    /// Whether asking twice has the same effect as asking once, so that a
    /// client may ask again when it did not hear the answer.
    pub idempotent: bool,
    route: Route,
}

/// A verb that may be asked again.
const fn repeatable(method: Method, path: &'static str, route: Route) -> Verb {
    Verb { path, method, idempotent: true, route }
}

/// A verb that has its effect each time it is asked.
const fn once(method: Method, path: &'static str, route: Route) -> Verb {
    Verb { path, method, idempotent: false, route }
}

/// Every verb.
pub const VERBS: &[Verb] = &[
    repeatable(Method::GET, "/daemon", || get(daemon::handle)),
    repeatable(Method::POST, "/daemon/drain", || post(drain::handle)),
    repeatable(Method::GET, "/doctor", || get(doctor::handle)),
    repeatable(Method::GET, "/projects", || get(projects::handle)),
    repeatable(Method::POST, "/index", || post(index::handle)),
    repeatable(Method::GET, "/status", || get(status::handle)),
    repeatable(Method::GET, "/value", || get(value::handle)),
    repeatable(Method::POST, "/search", || post(search::handle)),
    repeatable(Method::POST, "/locate", || post(locate::handle)),
    repeatable(Method::POST, "/symbol", || post(symbol::handle)),
    repeatable(Method::POST, "/callers", || post(callers::handle)),
    repeatable(Method::POST, "/callees", || post(callees::handle)),
    repeatable(Method::POST, "/impact", || post(impact::handle)),
    repeatable(Method::POST, "/map", || post(map::handle)),
    repeatable(Method::POST, "/graph/export", || post(graph_export::handle)),
    once(Method::POST, "/remember", || post(remember::handle)),
    once(Method::POST, "/remember/batch", || post(remember_batch::handle)),
    repeatable(Method::POST, "/recall", || post(recall::handle)),
    once(Method::POST, "/forget", || post(forget::handle)),
    once(Method::POST, "/purge", || post(purge::handle)),
    repeatable(Method::POST, "/decisions", || post(decisions::handle)),
    repeatable(Method::POST, "/memory/log", || post(memory_log::handle)),
    once(Method::POST, "/feedback", || post(feedback::handle)),
    repeatable(Method::POST, "/audit/verify", || post(audit_verify::handle)),
    once(Method::POST, "/seal", || post(seal::handle)),
    once(Method::POST, "/unseal", || post(unseal::handle)),
    repeatable(Method::POST, "/unlock", || post(unlock::handle)),
    repeatable(Method::GET, "/export", || get(export::handle)),
    repeatable(Method::POST, "/close", || post(close::handle)),
    repeatable(Method::POST, "/watch", || post(watch::handle)),
];

/// Every verb behind its path, and MCP behind its own, guarded.
pub fn router(serving: Arc<Serving>) -> Router {
    let mut router = Router::new();
    for verb in VERBS {
        router = router.route(&format!("{API_PREFIX}{}", verb.path), (verb.route)());
    }
    router
        .route_service(mcp::PATH, mcp::service(&serving))
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
