//! Asking the daemon: find it, start it, replace it, and ask again where that
//! is safe.

use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use ctx_engine::ErrorKind;
use ctx_server::wire::API_VERSION;
use ctx_server::wire::v1::daemon::DaemonAnswer;

use super::connection::{Connection, NoAnswer, NoConnection};
use super::start::{did_not_start, start, took_too_long};
use super::{Question, Received, Sink, receive, small_runtime};
use crate::config::Config;
use crate::daemon::{Place, age, holder, identity};
use crate::exit::Failure;

/// A daemon that does not listen within this time does not work.
const START_LIMIT: Duration = Duration::from_secs(10);
/// An older daemon may need this long to finish what it is asked.
const REPLACE_LIMIT: Duration = Duration::from_secs(80);
/// How often a question is asked whose answer was not heard.
pub(super) const TRIES: u32 = 4;

/// A way to ask a data folder's daemon.
#[derive(Debug)]
pub(crate) struct DaemonClient {
    runtime: Runtime,
    config: Config,
    place: Place,
    connection: Option<Connection>,
}

impl DaemonClient {
    /// Connects to nobody yet.
    pub(crate) fn new(config: &Config) -> Result<DaemonClient, Failure> {
        let place = Place::made(config.data_dir())?;
        Ok(DaemonClient {
            runtime: small_runtime()?,
            config: config.clone(),
            place,
            connection: None,
        })
    }

    /// Who answers, if somebody does; starts nothing.
    pub(crate) fn running(
        config: &Config,
    ) -> Result<Option<(DaemonClient, DaemonAnswer)>, Failure> {
        let Some(place) = Place::existing(config.data_dir())? else { return Ok(None) };
        let runtime = small_runtime()?;
        let opened = runtime.block_on(Connection::open(place.socket()));
        match opened {
            Ok(connection) => {
                let daemon = connection.daemon.clone();
                let connection = Some(connection);
                let config = config.clone();
                Ok(Some((DaemonClient { runtime, config, place, connection }, daemon)))
            }
            Err(NoConnection::Nobody) => Ok(None),
            Err(NoConnection::Stranger) => Err(stranger(&place)),
            Err(NoConnection::Failed(cause)) => {
                Err(Failure::new(ErrorKind::Unavailable, "the daemon does not answer")
                    .because(cause))
            }
        }
    }

    /// Who answers at a socket; none if it is certain that nobody listens.
    /// Starts nothing.
    pub(crate) fn at(socket: &Path) -> Result<Option<DaemonAnswer>, Failure> {
        match small_runtime()?.block_on(Connection::open(socket)) {
            Ok(connection) => Ok(Some(connection.daemon)),
            Err(NoConnection::Nobody) => Ok(None),
            Err(NoConnection::Stranger) => {
                Err(Failure::new(ErrorKind::Denied, "another user listens there"))
            }
            Err(NoConnection::Failed(cause)) => {
                Err(Failure::new(ErrorKind::Unavailable, "whoever listens there does not answer")
                    .because(cause))
            }
        }
    }

    /// Starts the daemon if it does not run; tells who answers.
    pub(crate) fn ensure(&mut self) -> Result<DaemonAnswer, Failure> {
        let connection = self.connected()?;
        let daemon = connection.daemon.clone();
        self.connection = Some(connection);
        Ok(daemon)
    }

    /// Makes the daemon drain and waits until it has let go of the store.
    pub(crate) fn stop(mut self) -> Result<(), Failure> {
        let mut drained = None;
        if let Some(mut connection) = self.connection.take() {
            drained = Some(connection.daemon.pid);
            self.drain(&mut connection);
        }
        self.wait_until_gone(drained)
    }

    /// Asks, and passes the answer's pieces on as they come.
    pub(crate) fn stream(&mut self, question: &Question, sink: Sink<'_>) -> Result<(), Failure> {
        let mut last_cause = String::new();
        for _ in 0..TRIES {
            let mut connection = self.connected()?;
            let request = question.request();
            let received = self.runtime.block_on(async {
                match connection.send(request).await {
                    Ok(response) => receive(response, &mut *sink).await.map(Ok),
                    Err(no_answer) => Ok(Err(no_answer)),
                }
            })?;
            let (repeatable, cause) = match received {
                Ok(Received::Whole) => {
                    self.connection = Some(connection);
                    return Ok(());
                }
                Ok(Received::Draining) => (true, "it is about to end".to_owned()),
                Ok(Received::Broken { passed, cause }) => {
                    (passed == 0 && question.is_idempotent(), cause)
                }
                Err(NoAnswer { never_sent, cause }) => {
                    (never_sent || question.is_idempotent(), cause)
                }
            };
            if !repeatable {
                return Err(unheard(question, cause));
            }
            last_cause = cause;
        }
        Err(Failure::new(ErrorKind::Unavailable, "the daemon ends before it answers")
            .because(last_cause)
            .hint("`codecontext daemon logs` may say why"))
    }

    /// A connection to a daemon that suits this client.
    fn connected(&mut self) -> Result<Connection, Failure> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        let mut deadline = Instant::now() + START_LIMIT;
        let mut pause = Duration::from_millis(2);
        let mut started: Option<Child> = None;
        loop {
            let opened = self.runtime.block_on(Connection::open(self.place.socket()));
            let cause = match opened {
                Ok(mut connection) if self.is_older(&connection.daemon) => {
                    let drained = connection.daemon.pid;
                    self.drain(&mut connection);
                    drop(connection);
                    self.wait_until_gone(Some(drained))?;
                    deadline = Instant::now() + START_LIMIT;
                    started = None;
                    "an older daemon made room".to_owned()
                }
                Ok(connection) if connection.daemon.draining => "it is about to end".to_owned(),
                Ok(connection) => return self.suits(&connection.daemon).map(|()| connection),
                Err(NoConnection::Stranger) => return Err(stranger(&self.place)),
                Err(NoConnection::Failed(cause)) => cause,
                Err(NoConnection::Nobody) => {
                    self.start_once(&mut started)?;
                    "nobody listens".to_owned()
                }
            };
            if Instant::now() >= deadline {
                return Err(took_too_long(&self.place, cause));
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    /// Starts a daemon unless one that this client started is on its way.
    fn start_once(&self, started: &mut Option<Child>) -> Result<(), Failure> {
        if let Some(child) = started {
            match child.try_wait() {
                Ok(None) => return Ok(()),
                // It gave way to another, which may have ended since.
                Ok(Some(status)) if status.success() => {}
                Ok(Some(status)) => return Err(did_not_start(&self.place, status.code())),
                Err(_) => return Ok(()),
            }
        }
        // Somebody deleted the data folder while this client ran.
        Place::made(self.config.data_dir())?;
        *started = Some(start(&self.config, &self.place)?);
        Ok(())
    }

    fn is_older(&self, daemon: &DaemonAnswer) -> bool {
        let us = identity(self.place.data_dir());
        age(&daemon.version, daemon.build) < age(&us.version, us.build)
    }

    /// Refuses a daemon of another folder, and one whose API we do not speak.
    fn suits(&self, daemon: &DaemonAnswer) -> Result<(), Failure> {
        if daemon.data_dir != self.place.data_dir().to_string_lossy() {
            let message = format!("the daemon at this socket serves `{}`", daemon.data_dir);
            return Err(Failure::new(ErrorKind::Unavailable, message)
                .hint("choose a data folder with a shorter path"));
        }
        if daemon.api_version != API_VERSION {
            let message = format!(
                "the daemon is codecontext {} and speaks version {} of the API, this client {}",
                daemon.version, daemon.api_version, API_VERSION
            );
            return Err(Failure::new(ErrorKind::Incompatible, message)
                .hint("use the newer codecontext, or `codecontext daemon stop` with it"));
        }
        Ok(())
    }

    fn drain(&self, connection: &mut Connection) {
        let request = Question::plain("/daemon/drain").request();
        // Whether it heard shows in whether it goes.
        let _ = self.runtime.block_on(connection.send(request));
    }

    /// Waits until a drained daemon has let go of the store, or another listens in
    /// its place: one that is too old to suit us is drained in its turn.
    fn wait_until_gone(&self, drained: Option<u32>) -> Result<(), Failure> {
        let deadline = Instant::now() + REPLACE_LIMIT;
        while let Some(holder) = holder(&self.place.lock_file()) {
            if Instant::now() >= deadline {
                return Err(Failure::new(
                    ErrorKind::Busy,
                    format!("{holder} is still busy with what it was asked"),
                )
                .hint("try again when it is done"));
            }
            let another = |connection: Connection| {
                !connection.daemon.draining && Some(connection.daemon.pid) != drained
            };
            if self.runtime.block_on(Connection::open(self.place.socket())).is_ok_and(another) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

fn stranger(place: &Place) -> Failure {
    let message = format!("whoever listens at `{}` is another user", place.socket().display());
    Failure::new(ErrorKind::Denied, message).hint("choose another data folder with --data-dir")
}

fn unheard(question: &Question, cause: String) -> Failure {
    let hint = if question.is_idempotent() {
        "ask again"
    } else {
        "it may have been done or not: `codecontext memory log` shows which"
    };
    let message = "the daemon ended before it answered";
    Failure::new(ErrorKind::Unavailable, message).because(cause).hint(hint)
}
