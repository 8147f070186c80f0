//! Watching by walking again and again, for file systems that don't tell.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use ctx_model::project::FileStamp;

use super::{Change, Listener, Message, WatchError, batch::MAX_PATHS};
use crate::{GitState, WalkOptions, changes, git_state, walk};

/// A project that is walked every so often.
pub(super) struct Poll {
    root: PathBuf,
    options: WalkOptions,
    interval: Duration,
    on_change: Listener,
    known: Vec<(String, FileStamp)>,
    looked_at_ns: i64,
    git: GitState,
    lost: Lost,
}

/// Whether the project could not be walked last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    No,
    /// The listener knows.
    Told,
}

impl Poll {
    /// Polls a project from the state it is in.
    pub(super) fn start(
        root: &Path,
        options: WalkOptions,
        interval: Duration,
        on_change: Listener,
    ) -> Result<Poll, WatchError> {
        let mut poll = Poll::blind(root, options, interval, on_change);
        poll.looked_at_ns = now_ns();
        poll.git = git_state(root);
        let found = walk(root, &poll.options, &|_| ()).map_err(WatchError::Walk)?;
        poll.known = found.files.into_iter().map(|file| (file.path, file.stamp)).collect();
        poll.lost = Lost::No;
        Ok(poll)
    }

    /// Polls a project whose state is unknown: the first good look is news.
    pub(super) fn blind(
        root: &Path,
        options: WalkOptions,
        interval: Duration,
        on_change: Listener,
    ) -> Poll {
        let (root, git) = (root.to_path_buf(), GitState::default());
        Poll {
            root,
            options,
            interval,
            on_change,
            known: Vec::new(),
            looked_at_ns: 0,
            git,
            lost: Lost::Told,
        }
    }

    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        loop {
            let change = match messages.recv_timeout(self.interval) {
                Err(RecvTimeoutError::Timeout) => self.look(),
                Ok(Message::LookAgain) => {
                    self.look();
                    Some(Change::Rescan)
                }
                // Left over from when the system told.
                Ok(Message::Seen(_)) => None,
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            };
            if let Some(change) = change {
                (self.on_change)(change);
            }
        }
    }

    fn look(&mut self) -> Option<Change> {
        let began = now_ns();
        let git = git_state(&self.root);
        let Ok(found) = walk(&self.root, &self.options, &|_| ()) else {
            // Said once: whoever walks next learns why.
            let before = std::mem::replace(&mut self.lost, Lost::Told);
            return (before == Lost::No).then_some(Change::Rescan);
        };
        let differ = changes(&self.known, &found, self.looked_at_ns);
        let modified = differ.added.iter().chain(&differ.modified).map(|entry| entry.path.as_str());
        let mut paths: Vec<String> =
            modified.chain(differ.removed.iter().copied()).map(str::to_owned).collect();
        paths.sort_unstable();
        let rescan = self.lost == Lost::Told || git != self.git || paths.len() > MAX_PATHS;
        self.known = found.files.into_iter().map(|file| (file.path, file.stamp)).collect();
        (self.git, self.looked_at_ns, self.lost) = (git, began, Lost::No);
        match rescan {
            true => Some(Change::Rescan),
            false => (!paths.is_empty()).then_some(Change::Paths(paths)),
        }
    }
}

/// The clock that file times are compared with.
fn now_ns() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
