//! One HTTP connection over the socket.

use std::io;
use std::path::Path;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;

use ctx_server::wire::v1::daemon::DaemonAnswer;

use super::Question;
use crate::daemon::peer_is_ours;

/// A daemon that does not say who it is within this time does not work.
const HELLO_LIMIT: Duration = Duration::from_secs(5);

/// A connection whose other end has said who it is.
#[derive(Debug)]
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    pub(super) daemon: DaemonAnswer,
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum NoConnection {
    /// Nobody listens.
    Nobody,
    /// Somebody listens who is not our user.
    Stranger,
    /// Something went wrong that may be over in a moment.
    Failed(String),
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct NoAnswer {
    /// Whether it is certain that the request never left this process.
    pub(super) never_sent: bool,
    pub(super) cause: String,
}

impl Connection {
    /// Connects, and asks who is there.
    pub(super) async fn open(socket: &Path) -> Result<Connection, NoConnection> {
        let stream = UnixStream::connect(socket).await.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => NoConnection::Nobody,
            _ => NoConnection::Failed(error.to_string()),
        })?;
        if !peer_is_ours(&stream) {
            return Err(NoConnection::Stranger);
        }
        let failed = |cause: String| NoConnection::Failed(cause);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| failed(error.to_string()))?;
        tokio::spawn(async move {
            // Whoever waits for an answer hears of a broken connection too.
            let _ = connection.await;
        });
        let hello = async {
            let request = Question::plain("/daemon").request();
            let answer = sender.send_request(request).await.map_err(|error| error.to_string())?;
            if answer.status() != StatusCode::OK {
                return Err(format!("status {}", answer.status()));
            }
            let body = answer.into_body().collect().await.map_err(|error| error.to_string())?;
            serde_json::from_slice(&body.to_bytes()).map_err(|error| error.to_string())
        };
        let daemon = tokio::time::timeout(HELLO_LIMIT, hello)
            .await
            .map_err(|_| failed("it does not say who it is".into()))?
            .map_err(failed)?;
        Ok(Connection { sender, daemon })
    }

    /// Sends a request and waits for the head of its answer.
    pub(super) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, NoAnswer> {
        if let Err(error) = self.sender.ready().await {
            return Err(NoAnswer { never_sent: true, cause: error.to_string() });
        }
        self.sender.try_send_request(request).await.map_err(|mut error| NoAnswer {
            never_sent: error.take_message().is_some(),
            cause: error.error().to_string(),
        })
    }
}
