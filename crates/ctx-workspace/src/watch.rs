//! Being told when a project's files change.

mod batch;
mod git_places;
mod native;
mod poll;

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Sender, channel},
    thread::JoinHandle,
    time::Duration,
};

use crate::{WalkError, WalkOptions, watch::native::Native};

/// What happened to a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// These paths (relative, with `/`, sorted, each once) were written,
    /// created, removed or renamed. Ask [`crate::look`] what each one is now. A
    /// path may be one that was never indexed, such as an editor's short-lived
    /// copy; a folder is named only where it may have taken the place of a file,
    /// else only what is in it.
    Paths(Vec<String>),
    /// Walk again: too much happened to name it, some of it went unseen, an
    /// ignore file changed, or git's `HEAD` moved.
    Rescan,
}

/// How changes are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchMode {
    /// The system tells.
    Native,
    /// Walk again every so often and compare.
    Poll(Duration),
}

/// How to watch.
#[derive(Debug, Clone)]
pub struct WatchOptions {
    /// Quiet time after which a batch is handed over.
    pub debounce: Duration,
    /// A batch is handed over at the latest this long after its first event.
    pub max_delay: Duration,
    /// How changes are noticed.
    pub mode: WatchMode,
    /// Which files belong to the project.
    pub walk: WalkOptions,
}

impl Default for WatchOptions {
    /// 15 ms of quiet, 100 ms at most, told by the system.
    fn default() -> WatchOptions {
        WatchOptions {
            debounce: Duration::from_millis(15),
            max_delay: Duration::from_millis(100),
            mode: WatchMode::Native,
            walk: WalkOptions::default(),
        }
    }
}

/// Why a project can't be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The root can't be walked.
    #[error("could not list the folders to watch")]
    Walk(#[source] WalkError),
    /// The system's limit on watches is reached.
    #[error("the system allows no more watches ({folders} folders to watch)")]
    TooManyWatches {
        /// Number of folders in the project.
        folders: usize,
    },
    /// The thread that watches could not be started.
    #[error("could not start a thread to watch with")]
    Thread(#[source] std::io::Error),
    /// The system refused.
    #[error("could not watch `{root}`")]
    Refused {
        /// The project's root.
        root: PathBuf,
        /// The system's reason.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl WatchError {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            WatchError::Walk(error) => error.hint(),
            WatchError::TooManyWatches { .. } => {
                "raise fs.inotify.max_user_watches (`sysctl fs.inotify.max_user_watches=524288`), \
                 name big folders in .codecontextignore, or poll instead"
            }
            WatchError::Thread(_) => "close other programs, or raise the limit on processes",
            WatchError::Refused { .. } => "poll instead, or index by hand after changes",
        }
    }
}

/// A running watch; dropping it ends it and waits for its thread.
#[derive(Debug)]
pub struct Watch {
    inbox: Sender<Message>,
    thread: Option<JoinHandle<()>>,
}

/// What a watching thread is told.
#[derive(Debug)]
enum Message {
    Seen(notify::Result<notify::Event>),
    LookAgain,
    Stop,
}

/// Who is told of changes.
type Listener = Box<dyn Fn(Change) + Send>;

impl Watch {
    /// Watches the project at `root` with the system's means and hands batches
    /// of changes to `on_change`, on a thread of its own. When it returns, the
    /// watch holds: walk afterwards, and nothing is missed in between.
    pub fn start(
        root: &Path,
        debounce: Duration,
        on_change: Box<dyn Fn(Change) + Send>,
    ) -> Result<Watch, WatchError> {
        let options = WatchOptions { debounce, ..WatchOptions::default() };
        Watch::start_with(root, options, on_change)
    }

    /// Like [`Watch::start`], with every choice open.
    pub fn start_with(
        root: &Path,
        options: WatchOptions,
        on_change: Box<dyn Fn(Change) + Send>,
    ) -> Result<Watch, WatchError> {
        let (inbox, messages) = channel();
        let thread = std::thread::Builder::new().name("watch".to_owned());
        let thread = match options.mode {
            WatchMode::Native => {
                let native = Native::start(root, options, inbox.clone(), on_change)?;
                thread.spawn(move || native.run(&messages))
            }
            WatchMode::Poll(interval) => {
                let poll = poll::Poll::start(root, options.walk, interval, on_change)?;
                thread.spawn(move || poll.run(&messages))
            }
        };
        Ok(Watch { inbox, thread: Some(thread.map_err(WatchError::Thread)?) })
    }

    /// Has a [`Change::Rescan`] handed over soon: somebody knows of a change that
    /// the watch may not have seen.
    pub fn look_again(&self) {
        // A thread that is gone looks no more.
        let _ = self.inbox.send(Message::LookAgain);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // A thread that is gone already needs no word.
        let _ = self.inbox.send(Message::Stop);
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
        {
            // Its panic has been printed; there is nothing to add.
            let _ = thread.join();
        }
    }
}
