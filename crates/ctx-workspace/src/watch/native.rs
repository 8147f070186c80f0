//! Watching with the system's means: one watch a folder that is walked.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::{Duration, Instant},
};

use ctx_model::project::SkipReason;
use notify::{
    Config, Event, EventKind, PathOp, RecommendedWatcher, RecursiveMode, WatchPathConfig, Watcher,
    event::{EventKindMask, ModifyKind, RemoveKind, RenameMode},
};
use rustc_hash::FxHashSet;

use super::{
    Change, Listener, Message, WatchError, WatchOptions, batch::Batch, git_places::GitPlaces,
    poll::Poll,
};
use crate::{
    membership::{Found, KnownRules, Lookup, Project},
    names::{Markers, file_reason},
    rules::Verdict,
    walk::{WalkOptions, walk},
};

/// Walks that one round of watching everything may take.
const MAX_WALKS: usize = 4;
/// How often to walk once the system tells no more.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// A project whose folders are watched.
pub(super) struct Native {
    root: PathBuf,
    options: WalkOptions,
    batch: Batch,
    watcher: RecommendedWatcher,
    /// Watched folders of the project, relative to its root.
    watched: FxHashSet<String>,
    git: GitPlaces,
    /// Which folder the root was. It is not kept open: the system tells of the
    /// end of a folder only once nobody holds it.
    identity: Option<(u64, u64)>,
    known: KnownRules,
    on_change: Listener,
    /// Something was written where git keeps its `HEAD`.
    head_touched: bool,
    /// Watching has come to an end: the system's limit was reached, or the root is gone.
    blind: bool,
}

impl Native {
    pub(super) fn start(
        root: &Path,
        options: WatchOptions,
        inbox: Sender<Message>,
        on_change: Listener,
    ) -> Result<Native, WatchError> {
        let project = Project::open(root, &options.walk).map_err(WatchError::Walk)?;
        let identity = project.folder.identity();
        let root = project.root;
        let kinds = EventKindMask::CREATE
            | EventKindMask::REMOVE
            | EventKindMask::MODIFY_DATA
            | EventKindMask::MODIFY_META
            | EventKindMask::MODIFY_NAME;
        let config = Config::default().with_event_kinds(kinds).with_follow_symlinks(false);
        // The receiver lives as long as the watcher; after that, nobody minds a lost event.
        let tell = move |event| drop(inbox.send(Message::Seen(event)));
        let watcher = RecommendedWatcher::new(tell, config)
            .map_err(|error| WatchError::Refused { root: root.clone(), source: error.into() })?;
        let mut native = Native {
            batch: Batch::new(options.debounce, options.max_delay),
            options: options.walk,
            watcher,
            watched: FxHashSet::default(),
            git: GitPlaces::default(),
            identity,
            known: KnownRules::default(),
            on_change,
            head_touched: false,
            blind: false,
            root,
        };
        native.watch_everything()?;
        Ok(native)
    }

    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        loop {
            let message = match self.batch.wait(Instant::now()) {
                None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(wait) => messages.recv_timeout(wait),
            };
            match message {
                Ok(Message::Seen(Ok(event))) => self.note(&event),
                Ok(Message::Seen(Err(error))) => {
                    tracing::debug!(%error, "watching missed something");
                    self.distrust(Instant::now());
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.hand_over();
                    if self.blind {
                        return self.poll_instead(messages);
                    }
                }
                Ok(Message::LookAgain) => self.batch.rescan(Instant::now()),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Goes on with less comfort where the system tells no more.
    fn poll_instead(self, messages: &Receiver<Message>) {
        tracing::warn!("the system does not tell of every change: walking every two seconds");
        let Native { root, options, on_change, watcher, .. } = self;
        drop(watcher);
        Poll::blind(&root, options, POLL_INTERVAL, on_change).run(messages);
    }

    /// Makes the watched folders those that a walk enters, and git's.
    fn watch_everything(&mut self) -> Result<(), WatchError> {
        // A folder made between a walk and its parent's watch would go unseen,
        // so walk until all is watched already; a busy tree shall not keep us.
        for _ in 0..MAX_WALKS {
            let found = walk(&self.root, &self.options, &|_| ()).map_err(WatchError::Walk)?;
            let folders: FxHashSet<String> = found.folders.into_iter().collect();
            for folder in self.watched.difference(&folders).cloned().collect::<Vec<_>>() {
                self.unwatch(&folder);
            }
            let new: Vec<PathBuf> =
                folders.difference(&self.watched).map(|folder| self.root.join(folder)).collect();
            if new.is_empty() {
                break;
            }
            self.add(new, folders.len())?;
            self.watched = folders;
        }
        let git = GitPlaces::find(&self.root);
        let known = std::mem::take(&mut self.git).folders;
        let new = git.folders.iter().filter(|folder| !known.contains(folder)).cloned().collect();
        self.git = git;
        self.add(new, self.watched.len())
    }

    fn add(&mut self, folders: Vec<PathBuf>, total: usize) -> Result<(), WatchError> {
        let alone =
            WatchPathConfig::new(RecursiveMode::NonRecursive).with_dereference_symlinks(false);
        let step = |folder| PathOp::Watch(folder, alone.clone());
        let mut steps: Vec<PathOp> = folders.into_iter().map(step).collect();
        while !steps.is_empty() {
            let Err(error) = self.watcher.update_paths(std::mem::take(&mut steps)) else { break };
            match error.source.kind {
                notify::ErrorKind::MaxFilesWatch => {
                    return Err(WatchError::TooManyWatches { folders: total });
                }
                // It vanished since it was found, or can't be read: its parent tells of the first.
                _ => steps = error.remaining,
            }
        }
        Ok(())
    }

    fn unwatch(&mut self, folder: &str) {
        self.watched.remove(folder);
        // A folder that is gone has lost its watch already.
        let _ = self.watcher.unwatch(&self.root.join(folder));
    }

    /// Sorts one event into the batch.
    fn note(&mut self, event: &Event) {
        let now = Instant::now();
        if event.need_rescan() {
            return self.distrust(now);
        }
        if matches!(event.kind, EventKind::Access(_)) {
            return;
        }
        for path in &event.paths {
            if let Some(concerns_head) = self.git.concerns(path) {
                if concerns_head {
                    self.head_touched = true;
                    self.batch.add("", now);
                }
                continue;
            }
            let Some(path) = path.strip_prefix(&self.root).ok().and_then(Path::to_str) else {
                continue;
            };
            self.note_path(path, event.kind, now);
        }
    }

    /// Something went unseen: any watched folder may have been replaced.
    fn distrust(&mut self, now: Instant) {
        self.identity = None;
        self.batch.rescan(now);
    }

    fn note_path(&mut self, path: &str, kind: EventKind, now: Instant) {
        let renamed = matches!(kind, EventKind::Modify(ModifyKind::Name(_)));
        let appeared_or_went =
            renamed || matches!(kind, EventKind::Create(_) | EventKind::Remove(_));
        if is_rule_file(path) || (appeared_or_went && is_marker(path)) {
            return self.batch.rescan(now);
        }
        match kind {
            EventKind::Remove(RemoveKind::Folder) if path.is_empty() => self.distrust(now),
            // What was in it has been reported, file by file.
            EventKind::Remove(RemoveKind::Folder) => {
                self.watched.remove(path);
                self.known.forget(path);
            }
            // What was in it left with it, without a word.
            EventKind::Modify(ModifyKind::Name(RenameMode::From))
                if self.watched.contains(path) =>
            {
                self.batch.rescan(now);
            }
            _ => self.batch.add(path, now),
        }
    }

    /// Hands the batch over, less what doesn't belong to the project.
    fn hand_over(&mut self) {
        let (paths, mut rescan) = self.batch.take();
        if std::mem::take(&mut self.head_touched) {
            rescan |= self.git.moved(&self.root);
        }
        let mut changed = Vec::new();
        if !rescan {
            rescan = match Project::open(&self.root, &self.options) {
                Ok(project) => {
                    let mut lookup = Lookup::new(project, std::mem::take(&mut self.known));
                    let mut paths = paths.into_iter();
                    let unclear = paths.any(|path| self.take_in(path, &mut lookup, &mut changed));
                    self.known = lookup.known;
                    unclear
                }
                Err(_) => true,
            };
        }
        if rescan {
            self.start_over();
            (self.on_change)(Change::Rescan);
        } else if !changed.is_empty() {
            changed.sort_unstable();
            changed.dedup();
            (self.on_change)(Change::Paths(changed));
        }
    }

    /// Reads the rules again and watches what a walk enters now.
    fn start_over(&mut self) {
        let Ok(project) = Project::open(&self.root, &self.options) else {
            // The root is gone: whoever walks next learns why.
            self.blind = true;
            return;
        };
        let identity = project.folder.identity();
        if identity != self.identity {
            // Another folder may have taken its place, in which nothing is watched.
            for folder in self.watched.clone() {
                self.unwatch(&folder);
            }
        }
        self.identity = identity;
        self.known = KnownRules::default();
        if let Err(error) = self.watch_everything() {
            tracing::debug!(%error, "not every folder is watched");
            self.blind = true;
        }
    }

    /// Adds `path`, or what is in it, to `changed`. True if it takes a walk to tell.
    fn take_in(&mut self, path: String, lookup: &mut Lookup, changed: &mut Vec<String>) -> bool {
        match lookup.look(&path) {
            Found::File(_) => changed.push(path),
            Found::Gone if may_have_been_a_file(lookup, &path) => changed.push(path),
            // It may have been a file before it grew or became something else.
            Found::Skipped(
                SkipReason::TooLarge
                | SkipReason::Link
                | SkipReason::NotRegular
                | SkipReason::Unreadable,
            ) => changed.push(path),
            Found::Folder if !self.watched.contains(&path) => {
                // It may have taken the place of a file.
                let name = path.rsplit('/').next().unwrap_or(&path);
                if name.trim_start_matches('.').contains('.') {
                    changed.push(path.clone());
                }
                return self.adopt(path, lookup, changed);
            }
            Found::Folder | Found::Gone | Found::Skipped(_) => {}
        }
        false
    }

    /// Watches a new folder and those in it, and takes in the files that were
    /// there before the watch was. True if it takes a walk to tell.
    fn adopt(&mut self, folder: String, lookup: &mut Lookup, changed: &mut Vec<String>) -> bool {
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            if self.add(vec![self.root.join(&folder)], self.watched.len() + 1).is_err() {
                return true;
            }
            self.watched.insert(folder.clone());
            let listed = lookup.project.folder.folder(&folder).and_then(|open| open.list());
            let Ok(listed) = listed else { continue };
            if changed.len() + listed.len() > super::batch::MAX_PATHS {
                return true;
            }
            for entry in listed {
                let Ok(name) = entry.name.to_str() else { continue };
                let path = format!("{folder}/{name}");
                match lookup.look(&path) {
                    Found::File(_) => changed.push(path),
                    Found::Folder if !self.watched.contains(&path) => folders.push(path),
                    _ => {}
                }
            }
        }
        false
    }
}

fn may_have_been_a_file(lookup: &mut Lookup, path: &str) -> bool {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    match lookup.rules(parent) {
        Ok(rules) => file_reason(name).is_none() && rules.verdict(path, false) != Verdict::Ignored,
        // Its folder is gone too.
        Err(reason) => reason == SkipReason::Vanished,
    }
}

fn is_rule_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, ".gitignore" | ".ignore" | crate::rules::OWN_RULES)
}

/// Whether the presence of `path` may change what its folder is.
fn is_marker(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let around = folder.rsplit('/').next().unwrap_or(folder);
    let mut markers = Markers::default();
    markers.note(name.as_bytes());
    markers.repository || markers.reason(around).is_some()
}
