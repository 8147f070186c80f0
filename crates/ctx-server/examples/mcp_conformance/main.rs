//! Our MCP server for the public conformance suite: the handler that serves
//! assistants, over a small project, and beside it the tools, prompts and
//! resources that the suite's checks ask for by name.
//!
//! `mcp_conformance [ADDRESS]` prints where it serves, and serves until its
//! standard input ends:
//!
//! - at `/mcp` as the daemon does, with the same transport, without sessions;
//! - at `/with-sessions` with sessions for clients of the older era, since only
//!   within a session can a server of that era ask its client something.
//!
//! `cargo xtask eval mcp` runs the suite against both.

mod fixtures;
mod plain;
mod telling;
mod asking;
mod rounds;
mod prompts;
mod resources;

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::map_request;
use ctx_engine::Engine;
use ctx_engine::request::{EngineOptions, IndexLimits, Watching};
use ctx_server::mcp::{self, Assistants};
use ctx_server::wire::{header, percent_encode};
use ctx_server::{Identity, Serving};
use rmcp::transport::streamable_http_server::StreamableHttpService;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use fixtures::Fixtures;

/// Where clients of the older era get sessions.
const WITH_SESSIONS: &str = "/with-sessions";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let (project, state) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let code = "def price(item):\n    \"\"\"In cents.\"\"\"\n    return item.cents\n";
    std::fs::write(project.path().join("shop.py"), code)?;
    let fixtures = Fixtures::beside(assistants(state.path())?);
    let router = router(fixtures, project.path())?;
    let listener = TcpListener::bind(address).await?;
    println!("http://{}", listener.local_addr()?);
    let served = axum::serve(listener, router).into_future();
    let (mut input, mut said) = (tokio::io::stdin(), [0]);
    tokio::select! {
        served = served => served?,
        _ = input.read(&mut said) => {}
    }
    Ok(())
}

fn assistants(state: &Path) -> Result<Assistants, Box<dyn Error>> {
    let engine = Engine::open(EngineOptions {
        data_dir: state.to_path_buf(),
        watching: Watching::Off,
        limits: IndexLimits::default(),
        release_memory: || {},
    })?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let identity = Identity { version, build: 0, data_dir: state.to_path_buf() };
    Ok(Assistants::new(Serving::new(Arc::new(engine), identity)))
}

fn router(fixtures: Fixtures, project: &Path) -> Result<Router, Box<dyn Error>> {
    // The bridges of the program name the project; the suite does not.
    let named = HeaderValue::from_str(&percent_encode(&project.to_string_lossy()))?;
    let named = map_request(move |mut request: Request| {
        request.headers_mut().insert(header::PROJECT, named.clone());
        async { request }
    });
    let ours = fixtures.clone();
    let as_served = StreamableHttpService::new(
        move || Ok(ours.clone()),
        Arc::new(NeverSessionManager::default()),
        mcp::configuration(),
    );
    let with_sessions = StreamableHttpService::new(
        move || Ok(fixtures.clone()),
        Arc::new(LocalSessionManager::default()),
        mcp::configuration().with_legacy_session_mode(true),
    );
    Ok(Router::new()
        .route_service(mcp::PATH, as_served)
        .route_service(WITH_SESSIONS, with_sessions)
        .layer(named))
}
