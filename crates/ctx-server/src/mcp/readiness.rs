//! Making a project ready: indexing it in the background when an assistant
//! comes, and waiting for that when it asks.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ctx_engine::ErrorKind;
use ctx_engine::request::{Caller, IndexOptions, IndexPhase, Progress, ProgressStep};
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::{Peer, RoleServer};
use tokio::sync::watch;

use super::answer::Trouble;
use crate::life::Life;
use crate::serving::{Serving, broken};
use crate::wire::v1::error::WireError;

/// A call waits this long at most for a first indexing: clients give up on a
/// tool after a minute.
const PATIENCE: Duration = Duration::from_secs(40);
/// A client hears of progress this often.
const STEP_PAUSE: Duration = Duration::from_millis(250);

/// How far an indexing is.
#[derive(Debug, Clone)]
enum Stage {
    Waiting,
    At(ProgressStep),
    Ended(Result<(), WireError>),
}

/// A client that may want to hear how far a first indexing is.
#[derive(Debug)]
pub(super) struct Listener {
    pub(super) peer: Peer<RoleServer>,
    /// None if it does not want to.
    pub(super) token: Option<ProgressToken>,
    /// What it heard last: progress never goes back.
    pub(super) heard: AtomicU32,
}

/// Progress is told in thousandths of all stages.
const WHOLE: u32 = 1_000;

impl Listener {
    async fn tell(&self, step: ProgressStep) {
        let Some(token) = &self.token else { return };
        let so_far = so_far(step);
        if self.heard.fetch_max(so_far, Ordering::Relaxed) >= so_far {
            return;
        }
        let progress = ProgressNotificationParam::new(token.clone(), f64::from(so_far))
            .with_total(f64::from(WHOLE))
            .with_message(format!("indexing: {}", step.phase.name()));
        // A client that is gone hears nothing more.
        let _ = self.peer.notify_progress(progress).await;
    }
}

/// How much of an indexing is done, in thousandths; each stage counts alike.
fn so_far(step: ProgressStep) -> u32 {
    const STAGES: [IndexPhase; 6] = [
        IndexPhase::Walking,
        IndexPhase::Parsing,
        IndexPhase::Resolving,
        IndexPhase::History,
        IndexPhase::Searching,
        IndexPhase::Saving,
    ];
    let stage = STAGES.iter().position(|stage| *stage == step.phase).unwrap_or(0) as f64;
    let part = step.total.map_or(0.0, |total| step.done as f64 / total.max(1) as f64);
    ((stage + part.min(1.0)) / STAGES.len() as f64 * f64::from(WHOLE)) as u32
}

/// First indexings that run for assistants.
#[derive(Debug, Clone, Default)]
pub(super) struct Indexings {
    running: Arc<Mutex<HashMap<PathBuf, watch::Receiver<Stage>>>>,
}

impl Indexings {
    /// Starts to index a project that never was, and does not wait for it.
    pub(super) async fn begin(&self, serving: &Arc<Serving>, caller: &Caller, root: &Path) {
        let asked = (caller.clone(), root.to_path_buf());
        let indexed = serving.ask(move |engine| engine.is_indexed(&asked.0, &asked.1)).await;
        // A folder that cannot be indexed is told to whoever asks about it.
        if matches!(indexed, Ok(false)) {
            self.follow(serving, caller, root);
        }
    }

    /// Comes back once the project has an index; `listener` hears of progress.
    pub(super) async fn ready(
        &self,
        serving: &Arc<Serving>,
        caller: &Caller,
        root: &Path,
        listener: &Listener,
    ) -> Result<(), Trouble> {
        let asked = (caller.clone(), root.to_path_buf());
        if serving.ask(move |engine| engine.is_indexed(&asked.0, &asked.1)).await? {
            return Ok(());
        }
        let mut stage = self.follow(serving, caller, root);
        let waiting = async {
            loop {
                let now = stage.borrow_and_update().clone();
                match now {
                    Stage::Waiting => {}
                    Stage::At(step) => {
                        listener.tell(step).await;
                        tokio::time::sleep(STEP_PAUSE).await;
                    }
                    Stage::Ended(outcome) => return outcome,
                }
                if stage.changed().await.is_err() {
                    let message = "indexing ended without a word";
                    return Err(WireError::new(ErrorKind::Internal, message));
                }
            }
        };
        let outcome = tokio::time::timeout(PATIENCE, waiting).await;
        match outcome {
            Ok(outcome) => outcome.map_err(Trouble::from),
            Err(_) => Err(still_running(&stage.borrow()).into()),
        }
    }

    /// The indexing of a project that runs already, or a new one.
    fn follow(
        &self,
        serving: &Arc<Serving>,
        caller: &Caller,
        root: &Path,
    ) -> watch::Receiver<Stage> {
        let mut running = self.lock();
        if let Some(stage) = running.get(root) {
            return stage.clone();
        }
        let (sender, stage) = watch::channel(Stage::Waiting);
        running.insert(root.to_path_buf(), stage.clone());
        let (indexings, serving) = (self.clone(), Arc::clone(serving));
        let (caller, root) = (caller.clone(), root.to_path_buf());
        tokio::spawn(async move {
            let outcome = index(serving, caller, root.clone(), &sender).await;
            indexings.lock().remove(&root);
            sender.send_replace(Stage::Ended(outcome));
        });
        stage
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, watch::Receiver<Stage>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn index(
    serving: Arc<Serving>,
    caller: Caller,
    root: PathBuf,
    stage: &watch::Sender<Stage>,
) -> Result<(), WireError> {
    // A daemon that is asked to end waits for requests; this is one.
    let _running = serving.life.request();
    let place = serving.place_for_indexing().await.map_err(|failure| failure.error)?;
    let engine = Arc::clone(&serving.engine);
    let told = Told { stage: stage.clone(), life: serving.life.clone() };
    let running = tokio::task::spawn_blocking(move || {
        let outcome = engine.index(&caller, &root, IndexOptions::default(), &told);
        drop(place);
        outcome
    });
    match running.await {
        Ok(outcome) => outcome.map(drop).map_err(WireError::from),
        Err(error) => Err(broken(error).error),
    }
}

struct Told {
    stage: watch::Sender<Stage>,
    life: Life,
}

impl Progress for Told {
    fn report(&self, step: ProgressStep) {
        self.stage.send_replace(Stage::At(step));
    }

    fn is_abandoned(&self) -> bool {
        self.life.is_ending()
    }
}

fn still_running(stage: &Stage) -> WireError {
    let so_far = match stage {
        Stage::At(ProgressStep { phase, done, total: Some(total) }) => {
            format!(": {} {done} of {total}", phase.name())
        }
        Stage::At(ProgressStep { phase, .. }) => format!(": {}", phase.name()),
        Stage::Waiting | Stage::Ended(_) => String::new(),
    };
    let message = format!("the project is being indexed for the first time{so_far}");
    WireError::new(ErrorKind::Busy, message)
        .with_hint("ask again in a moment; search with your own tools meanwhile")
}
