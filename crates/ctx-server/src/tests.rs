//! How the API behaves whatever the engine answers.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use ctx_engine::request::{EngineOptions, IndexLimits, Watching};
use ctx_engine::{Engine, ErrorKind};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::serving::{Identity, Serving};
use crate::wire::header;
use crate::wire::v1::daemon::DaemonAnswer;
use crate::wire::v1::error::ErrorBody;
use crate::{VERBS, router};

struct Api {
    _folder: tempfile::TempDir,
    serving: Arc<Serving>,
    router: Router,
}

impl Api {
    fn new() -> Api {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Engine::open(EngineOptions {
            data_dir: folder.path().to_path_buf(),
            watching: Watching::Off,
            limits: IndexLimits::default(),
            release_memory: || {},
        });
        let identity =
            Identity { version: "1.2.3".into(), build: 5, data_dir: folder.path().to_path_buf() };
        let serving = Serving::new(Arc::new(engine.expect("a new store")), identity);
        Api { _folder: folder, router: router(Arc::clone(&serving)), serving }
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let status = response.status();
        let body = response.into_body().collect().await.expect("a whole body");
        (status, body.to_bytes().to_vec())
    }

    async fn refused(&self, request: Request<Body>) -> (StatusCode, String) {
        let (status, body) = self.ask(request).await;
        let body: ErrorBody = serde_json::from_slice(&body).expect("an error body");
        assert_ne!(body.error.message, "");
        (status, body.error.kind)
    }
}

fn post(target: &str, body: &str) -> Request<Body> {
    Request::post(target)
        .header(header::ACTOR, "ann")
        .body(Body::from(body.to_owned()))
        .expect("a request")
}

const SEARCH: &str = "/api/v1/search?project=/tmp";

#[tokio::test]
async fn requests_that_do_not_fit_are_refused_with_a_kind() {
    let api = Api::new();
    let invalid = (StatusCode::BAD_REQUEST, "invalid-request".to_owned());
    for (target, body) in [
        ("/api/v1/search", r#"{"query":"x"}"#),
        ("/api/v1/search?project=relative", r#"{"query":"x"}"#),
        ("/api/v1/search?project=/tmp&other=1", r#"{"query":"x"}"#),
        (SEARCH, "{"),
        (SEARCH, ""),
        (SEARCH, r#"{"query":"x","limit":0}"#),
        (SEARCH, r#"{"query":"x","limit":99999999}"#),
        (SEARCH, r#"{"query":"x","unknown":1}"#),
        ("/api/v1/impact?project=/tmp", "{}"),
        ("/api/v1/feedback?project=/tmp", r#"{"id":"x","outcome":"great"}"#),
        ("/api/v1/graph/export?project=/tmp", r#"{"format":"scip"}"#),
        ("/api/v1/graph/export?project=/tmp", r#"{"edges":["sings"]}"#),
        ("/api/v1/seal?project=/tmp", "{}"),
    ] {
        assert_eq!(api.refused(post(target, body)).await, invalid, "{target} {body}");
    }
}

#[tokio::test]
async fn nobody_asks_without_a_name_or_in_the_systems() {
    let api = Api::new();
    let nameless = Request::post(SEARCH).body(Body::from(r#"{"query":"x"}"#)).expect("a request");
    assert_eq!(api.refused(nameless).await.0, StatusCode::BAD_REQUEST);
    let mut system = post(SEARCH, r#"{"query":"x"}"#);
    system.headers_mut().insert(header::ACTOR_KIND, "system".parse().expect("a value"));
    assert_eq!(api.refused(system).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_unknown_path_or_method_is_not_found() {
    let api = Api::new();
    let missing = (StatusCode::NOT_FOUND, "not-found".to_owned());
    assert_eq!(api.refused(post("/api/v1/nosuch", "")).await, missing);
    assert_eq!(api.refused(post("/api/v2/search", "")).await, missing);
    assert_eq!(api.refused(post("/api/v1/daemon", "")).await, missing);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let api = Api::new();
    let huge = format!(r#"{{"query":"{}"}}"#, "x".repeat(33 * 1024 * 1024));
    assert_eq!(api.refused(post(SEARCH, &huge)).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_daemon_says_who_it_is() {
    let api = Api::new();
    let request = Request::get("/api/v1/daemon").body(Body::empty()).expect("a request");
    let (status, body) = api.ask(request).await;
    let daemon: DaemonAnswer = serde_json::from_slice(&body).expect("an answer");
    assert_eq!(status, StatusCode::OK);
    assert_eq!((daemon.version.as_str(), daemon.build, daemon.api_version), ("1.2.3", 5, 1));
    assert_eq!((daemon.in_flight, daemon.draining), (1, false));
}

#[tokio::test]
async fn while_draining_new_requests_are_turned_away_unharmed() {
    let api = Api::new();
    let (status, _) = api.ask(post("/api/v1/daemon/drain", "")).await;
    assert_eq!(status, StatusCode::OK);
    let response = api.router.clone().oneshot(post(SEARCH, "{}")).await.expect("infallible");
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(response.headers().contains_key(header::DRAINING));
    drop(response);
    api.serving.life().idle().await;
    assert!(api.serving.life().is_draining() && !api.serving.life().is_ending());
}

async fn panicking() -> &'static str {
    panic!("in the handler")
}

#[tokio::test]
async fn a_panic_is_a_failure_and_not_the_end() {
    let api = Api::new();
    let broken = Router::new()
        .route("/handler", get(panicking))
        .route(
            "/engine",
            get(|| async {
                let serving = Api::new().serving;
                serving.ask(|_| -> Result<(), _> { panic!("in the engine") }).await.map(|()| "")
            }),
        )
        .layer(from_fn_with_state(Arc::clone(&api.serving), crate::guard::guard));
    for path in ["/handler", "/engine"] {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let response = broken.clone().oneshot(request).await.expect("infallible");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        let body: ErrorBody = serde_json::from_slice(&body).expect("an error body");
        assert_eq!(body.error.kind(), ErrorKind::Internal, "{path}");
    }
    assert_eq!(api.serving.life().in_flight(), 0);
}

#[tokio::test]
async fn a_streamed_answer_counts_as_running_until_it_is_sent() {
    let api = Api::new();
    let streaming = Router::new()
        .route("/stream", get(|| async { "piece" }))
        .layer(from_fn_with_state(Arc::clone(&api.serving), crate::guard::guard));
    let request = Request::get("/stream").body(Body::empty()).expect("a request");
    let response = streaming.oneshot(request).await.expect("infallible");
    assert_eq!(api.serving.life().in_flight(), 1);
    drop(response);
    assert_eq!(api.serving.life().in_flight(), 0);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_never_taken_for_whole() {
    let (sender, pieces) = tokio::sync::mpsc::channel(1);
    sender.send(Err(std::io::Error::other("gone"))).await.expect("room");
    let body = crate::stream::body_of(Ok("part".into()), pieces);
    assert!(body.collect().await.is_err());
}

#[test]
fn every_verb_has_a_path_of_its_own() {
    let paths: std::collections::BTreeSet<_> = VERBS.iter().map(|verb| verb.path).collect();
    assert_eq!(paths.len(), VERBS.len());
}

#[test]
fn every_kind_of_failure_has_a_status_code_of_its_own() {
    let codes: std::collections::BTreeSet<_> =
        ErrorKind::ALL.into_iter().map(crate::status_of).collect();
    assert_eq!(codes.len(), ErrorKind::ALL.len());
}
