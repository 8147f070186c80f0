//! MCP over standard input and output.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ctx_server::mcp::MESSAGE_BYTES_MAX;
use hyper::body::Bytes;
use serde_json::Value;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::AbortHandle;
use tokio_util::task::TaskTracker;

use super::Connected;
use super::envelope::{self, Message, Request};
use super::frames::{self, Frame};
use super::passing::{Handshake, Passing};
use crate::client::Relay;
use crate::exit::{Exit, Failure};

/// Once nothing more comes in, what runs gets this long to answer, as long as
/// somebody reads.
const LAST_ANSWERS: Duration = Duration::from_secs(20);
/// How often it is seen whether somebody reads.
const GLANCE: Duration = Duration::from_millis(100);
/// Answers that wait to be written; a client that does not read stops us here.
const WAITING_ANSWERS: usize = 64;
/// Requests of one client that run at once.
const RUNNING: usize = 32;

/// Serves the client at the other end of standard input until that ends.
pub(crate) async fn serve(relay: Relay, connected: Connected) -> Result<Exit, Failure> {
    let (answers, waiting) = mpsc::channel(WAITING_ANSWERS);
    let mut writing = tokio::spawn(write(waiting));
    let mut client = Client {
        relay,
        connected,
        answers,
        handshake: None,
        places: Arc::new(Semaphore::new(RUNNING)),
        tasks: TaskTracker::new(),
        by_id: Arc::default(),
    };
    let written = tokio::select! {
        read = client.read_all() => {
            read?;
            client.finish().await;
            drop(client);
            Some(writing.await)
        }
        // Nobody reads our answers any more: nobody wants any.
        written = &mut writing => Some(written),
    };
    match written {
        Some(Ok(Err(error))) => match Failure::Output(error) {
            failure if failure.exit() == Exit::Done => Ok(Exit::Done),
            failure => Err(failure),
        },
        _ => Ok(Exit::Done),
    }
}

async fn write(mut answers: mpsc::Receiver<Vec<u8>>) -> std::io::Result<()> {
    let mut output = tokio::io::stdout();
    while let Some(mut line) = answers.recv().await {
        line.push(b'\n');
        output.write_all(&line).await?;
        output.flush().await?;
    }
    Ok(())
}

/// Requests that run, by their ids.
type ById = Arc<Mutex<HashMap<String, AbortHandle>>>;

/// A client, as far as it is known.
struct Client {
    relay: Relay,
    connected: Connected,
    answers: mpsc::Sender<Vec<u8>>,
    handshake: Option<Handshake>,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
    by_id: ById,
}

impl Client {
    async fn read_all(&mut self) -> Result<(), Failure> {
        let mut input = BufReader::new(tokio::io::stdin());
        loop {
            let frame = frames::next(&mut input).await.map_err(|error| {
                Failure::unusable("could not read standard input").because(error)
            })?;
            match frame {
                None => return Ok(()),
                Some(Frame::TooLong) => self.answer(&envelope::too_long(MESSAGE_BYTES_MAX)).await,
                Some(Frame::Line(line)) => match envelope::read(&line) {
                    Err(refusal) => self.answer(&refusal).await,
                    Ok(Message::Idle) => {}
                    Ok(Message::Cancelled(id)) => self.cancel(&id),
                    Ok(Message::Request(request)) => self.take(request, line.into()).await,
                },
            }
        }
    }

    /// Starts what a request asks for, once there is a place for it.
    async fn take(&mut self, request: Request, line: Bytes) {
        let opens = matches!(&*request.method, "initialize" | "ping");
        if request.version.is_none() && self.handshake.is_none() && !opens {
            return self.answer(&envelope::out_of_order(&request)).await;
        }
        let passing = Passing {
            relay: self.relay.clone(),
            connected: self.connected.clone(),
            answers: self.answers.clone(),
            handshake: self.handshake.clone(),
            request,
        };
        if passing.request.method == "initialize" {
            // What follows depends on what it agrees on.
            if let Some(agreed) = passing.pass(line).await {
                self.handshake = Some(agreed);
            }
            return;
        }
        let place = Arc::clone(&self.places).acquire_owned().await;
        let id = passing.request.id.to_string();
        let (by_id, key) = (Arc::clone(&self.by_id), id.clone());
        // Taken until the task is listed, so that its end finds itself there.
        let mut listed = lock(&self.by_id);
        let task = self.tasks.spawn(async move {
            passing.pass(line).await;
            lock(&by_id).remove(&key);
            drop(place);
        });
        listed.insert(id, task.abort_handle());
    }

    fn cancel(&self, id: &Value) {
        if let Some(task) = lock(&self.by_id).remove(&id.to_string()) {
            // Its connection closes with it, and the daemon stops.
            task.abort();
        }
    }

    /// Waits for what runs, then breaks off what still does.
    async fn finish(&self) {
        self.tasks.close();
        tokio::select! {
            () = self.tasks.wait() => {}
            () = tokio::time::sleep(LAST_ANSWERS) => {}
            () = unread() => {}
        }
        lock(&self.by_id).drain().for_each(|(_, task)| task.abort());
        self.tasks.wait().await;
    }

    async fn answer(&self, answer: &Value) {
        // Where nobody reads any more, the writing ends, and all with it.
        let _ = self.answers.send(answer.to_string().into_bytes()).await;
    }
}

/// Comes back once nobody reads standard output any more: a client that is gone
/// wants no answers.
async fn unread() {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let output = std::io::stdout();
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    loop {
        let mut watched = [PollFd::new(&output, PollFlags::empty())];
        let gone = PollFlags::ERR | PollFlags::HUP;
        if poll(&mut watched, Some(&at_once)).is_ok() && watched[0].revents().intersects(gone) {
            return;
        }
        tokio::time::sleep(GLANCE).await;
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
