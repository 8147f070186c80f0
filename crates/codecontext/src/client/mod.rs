//! Asking: the same HTTP requests, to the daemon or to a router in this process.

mod connection;
mod daemon;
mod in_process;
mod relay;
mod start;

use std::io;
use std::path::Path;

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes};
use hyper::{Request, Response, StatusCode};
use serde::Serialize;

use ctx_engine::ErrorKind;
use ctx_server::wire::v1::error::{ErrorBody, WireError};
use ctx_server::wire::{API_PREFIX, header, percent_encode};
use ctx_server::{VERBS, Verb};

use crate::config::Config;
use crate::exit::Failure;

pub(crate) use daemon::DaemonClient;
use in_process::InProcess;
pub(crate) use relay::Relay;

/// A request that has not been sent yet.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    verb: &'static Verb,
    project: Option<String>,
    body: Bytes,
}

impl Question {
    /// Asks a verb that takes no body.
    pub(crate) fn plain(path: &'static str) -> Question {
        Question { verb: verb(path), project: None, body: Bytes::new() }
    }

    /// Asks a verb with a body.
    pub(crate) fn with_body(path: &'static str, request: &impl Serialize) -> Question {
        let body = serde_json::to_vec(request).expect("wire types hold only text and numbers");
        Question { verb: verb(path), project: None, body: body.into() }
    }

    /// Adds the project that it is about, whose name is known to be UTF-8.
    #[must_use]
    pub(crate) fn about(mut self, root: &Path) -> Question {
        self.project = Some(root.to_string_lossy().into_owned());
        self
    }

    /// Whether asking again is safe when no answer was heard.
    fn is_idempotent(&self) -> bool {
        self.verb.idempotent
    }

    fn request(&self) -> Request<Full<Bytes>> {
        let mut target = format!("{API_PREFIX}{}", self.verb.path);
        if let Some(project) = &self.project {
            target.push_str("?project=");
            target.push_str(&percent_encode(project));
        }
        Request::builder()
            .method(self.verb.method.clone())
            .uri(target)
            .header("host", "localhost")
            .header("content-type", "application/json")
            .header(header::ACTOR, percent_encode(&person()))
            .body(Full::new(self.body.clone()))
            .expect("its parts are percent-encoded or our own")
    }
}

/// The verb with this path.
fn verb(path: &'static str) -> &'static Verb {
    let found = VERBS.iter().find(|verb| verb.path == path);
    found.expect("the binary and the server are built together")
}

/// Who sits at this terminal.
fn person() -> String {
    let named = ["USER", "LOGNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
    let mut named = named.filter(|name| !name.is_empty() && name.len() <= 256);
    named.next().unwrap_or_else(|| format!("uid-{}", rustix::process::getuid().as_raw()))
}

/// A way to ask.
#[derive(Debug)]
pub(crate) enum Client {
    /// Over the data folder's socket.
    Daemon(Box<DaemonClient>),
    /// In this process.
    InProcess(Box<InProcess>),
}

/// Takes the pieces of a streamed answer.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), Failure>;

impl Client {
    /// Asks the data folder's daemon, which starts if it does not run.
    pub(crate) fn to_daemon(config: &Config) -> Result<Client, Failure> {
        DaemonClient::new(config).map(|client| Client::Daemon(Box::new(client)))
    }

    /// Opens the store in this process.
    pub(crate) fn in_process(config: &Config) -> Result<Client, Failure> {
        InProcess::open(config).map(|client| Client::InProcess(Box::new(client)))
    }

    /// Asks, and waits for the whole answer.
    pub(crate) fn ask(&mut self, question: &Question) -> Result<Vec<u8>, Failure> {
        let mut answer = Vec::new();
        self.stream(question, &mut |piece| {
            answer.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(answer)
    }

    /// Asks, and passes the answer's pieces on as they come.
    pub(crate) fn stream(&mut self, question: &Question, sink: Sink<'_>) -> Result<(), Failure> {
        match self {
            Client::Daemon(client) => client.stream(question, sink),
            Client::InProcess(client) => client.stream(question, sink),
        }
    }
}

/// What came of receiving an answer.
#[derive(Debug)]
enum Received {
    /// All of it.
    Whole,
    /// Nothing was done, for the daemon is about to end.
    Draining,
    /// It broke off, after this many bytes of the answer were passed on.
    Broken { passed: u64, cause: String },
}

/// Receives an answer: a good one goes to `sink`, a failure becomes ours.
async fn receive<B>(response: Response<B>, sink: Sink<'_>) -> Result<Received, Failure>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let (head, mut body) = response.into_parts();
    if head.headers.contains_key(header::DRAINING) {
        return Ok(Received::Draining);
    }
    let mut failure = Vec::new();
    let mut passed = 0;
    while let Some(frame) = body.frame().await {
        let piece = match frame {
            Ok(frame) => frame.into_data().unwrap_or_default(),
            Err(error) => return Ok(Received::Broken { passed, cause: error.to_string() }),
        };
        if head.status == StatusCode::OK {
            passed += piece.len() as u64;
            sink(&piece)?;
        } else {
            failure.extend_from_slice(&piece);
        }
    }
    if head.status == StatusCode::OK {
        return Ok(Received::Whole);
    }
    Err(match serde_json::from_slice::<ErrorBody>(&failure) {
        Ok(body) => Failure::Told(body.error),
        Err(_) => {
            let message = format!("the daemon answered with status {}", head.status);
            Failure::Told(WireError::new(ErrorKind::Internal, message))
        }
    })
}

/// A runtime for one thread: all that a client needs.
pub(crate) fn small_runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|error: io::Error| {
        Failure::unusable("could not start").because(error).hint("too many files may be open")
    })
}
