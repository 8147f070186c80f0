//! What past commits say.

use std::{
    cmp::Ordering,
    collections::BinaryHeap,
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use ctx_model::project::Commit;
use git2::{ObjectType, Odb, OdbObject, Oid};
use rustc_hash::FxHashMap;

use crate::{
    repository,
    tree_diff::{TooMany, TreeDiff},
};

/// Where a look at the history ends at the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryLimits {
    /// Commits to visit, known ones and merges included.
    pub max_commits: usize,
    /// Commits that change more files are passed over: imports and
    /// reformatting say nothing about a file.
    pub max_files_per_commit: usize,
    /// Time to spend.
    pub budget: Duration,
    /// What is behind a known commit.
    pub past_known: PastKnown,
}

impl Default for HistoryLimits {
    /// 20,000 commits, 60 files each, 10 seconds, stopping at known commits.
    fn default() -> HistoryLimits {
        HistoryLimits {
            max_commits: 20_000,
            max_files_per_commit: 60,
            budget: Duration::from_secs(10),
            past_known: PastKnown::Stop,
        }
    }
}

/// What to do behind a known commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PastKnown {
    /// Its ancestors are known too, as far as they matter.
    Stop,
    /// An earlier look may have ended before them.
    Continue,
}

/// Why a look at the history ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryEnd {
    /// Everything was visited (or there is no repository).
    Complete,
    /// `max_commits` were visited.
    CommitLimit,
    /// The time was used up.
    TimeLimit,
    /// `each` said so.
    Stopped,
    /// Everything that is there was visited, but some objects are missing: a
    /// shallow or partial clone, or damage.
    MissingObjects,
}

/// Why the history could not be read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The repository can't be opened.
    #[error("could not open the git repository of `{root}`")]
    Open {
        /// The project's root.
        root: PathBuf,
        /// Git's reason.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A commit can't be read.
    #[error("could not read commit {id}")]
    Commit {
        /// Its name.
        id: String,
        /// Git's reason.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Objects larger than this are not read, in bytes.
pub(crate) const MAX_OBJECT_BYTES: usize = 16 * 1024 * 1024;
/// More of a message than this is cut off, in bytes.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;

/// Calls `each` with the commits behind `HEAD`, newest first: no merges, none
/// that `known` knows (by full hexadecimal name), none without a path inside
/// the project at `root`. Paths are those that differ from the first parent; a
/// rename is two of them.
pub fn recent_commits(
    root: &Path,
    limits: HistoryLimits,
    known: &dyn Fn(&str) -> bool,
    each: &mut dyn FnMut(Commit) -> ControlFlow<()>,
) -> Result<HistoryEnd, HistoryError> {
    let refused = |source: Box<dyn std::error::Error + Send + Sync>| HistoryError::Open {
        root: root.to_path_buf(),
        source,
    };
    let (repository, prefix) = match repository::open(root) {
        Ok(None) => return Ok(HistoryEnd::Complete),
        Ok(Some(opened)) => opened,
        Err(error) => return Err(refused(error.into())),
    };
    let head = match repository.head() {
        Ok(head) => head.target(),
        Err(error) if error.code() == git2::ErrorCode::UnbornBranch => None,
        Err(error) => return Err(refused(error.into())),
    };
    let Some(head) = head else { return Ok(HistoryEnd::Complete) };
    let odb = repository.odb().map_err(|error| refused(error.into()))?;
    let mut history = History::start(&odb, head)?;
    let mut diff = TreeDiff::new(&odb, &prefix, limits.max_files_per_commit);
    let begun = Instant::now();
    for _ in 0..limits.max_commits {
        if begun.elapsed() >= limits.budget {
            return Ok(HistoryEnd::TimeLimit);
        }
        let Some(visit) = history.next() else { return Ok(history.end()) };
        let id = visit.id.to_string();
        let is_known = known(&id);
        if is_known && limits.past_known == PastKnown::Stop {
            continue;
        }
        history.follow(&visit);
        if is_known || visit.parents.len() > 1 {
            continue;
        }
        let Some(parent_tree) = history.parent_tree(&visit) else { continue };
        let paths = match diff.changed_paths(parent_tree, visit.tree) {
            Ok(paths) if !paths.is_empty() => paths,
            Ok(_) | Err(TooMany) => continue,
        };
        let commit = Commit { id, message: visit.message, at_seconds: visit.author_seconds, paths };
        if each(commit).is_break() {
            return Ok(HistoryEnd::Stopped);
        }
    }
    Ok(if history.is_over() { history.end() } else { HistoryEnd::CommitLimit })
}

/// Commits in the order of their commit time, parents after children as far as clocks allow.
struct History<'r> {
    odb: &'r Odb<'r>,
    waiting: BinaryHeap<Visit>,
    /// The tree of every commit that was met; none where it can't be read.
    trees: FxHashMap<Oid, Option<Oid>>,
    missing: bool,
}

impl<'r> History<'r> {
    fn start(odb: &'r Odb<'r>, head: Oid) -> Result<History<'r>, HistoryError> {
        let unreadable = |source: Box<dyn std::error::Error + Send + Sync>| HistoryError::Commit {
            id: head.to_string(),
            source,
        };
        let object = odb.read(head).map_err(|error| unreadable(error.into()))?;
        let visit =
            Visit::parse(head, &object).ok_or_else(|| unreadable("it is no commit".into()))?;
        let trees = [(head, Some(visit.tree))].into_iter().collect();
        Ok(History { odb, waiting: BinaryHeap::from([visit]), trees, missing: false })
    }

    fn next(&mut self) -> Option<Visit> {
        self.waiting.pop()
    }

    fn is_over(&self) -> bool {
        self.waiting.is_empty()
    }

    fn end(&self) -> HistoryEnd {
        if self.missing { HistoryEnd::MissingObjects } else { HistoryEnd::Complete }
    }

    /// Puts the parents of a commit in line, each once.
    fn follow(&mut self, visit: &Visit) {
        for parent in &visit.parents {
            if self.trees.contains_key(parent) {
                continue;
            }
            let read = self.read(*parent);
            self.missing |= read.is_none();
            self.trees.insert(*parent, read.as_ref().map(|parent| parent.tree));
            self.waiting.extend(read);
        }
    }

    fn read(&self, id: Oid) -> Option<Visit> {
        let (bytes, kind) = self.odb.read_header(id).ok()?;
        if kind != ObjectType::Commit || bytes > MAX_OBJECT_BYTES {
            return None;
        }
        Visit::parse(id, &self.odb.read(id).ok()?)
    }

    /// The first parent's tree: `Some(None)` for a first commit, `None` if it can't be read.
    fn parent_tree(&self, visit: &Visit) -> Option<Option<Oid>> {
        match visit.parents.first() {
            None => Some(None),
            Some(parent) => self.trees.get(parent).copied().flatten().map(Some),
        }
    }
}

/// A commit to visit.
struct Visit {
    committed_seconds: i64,
    author_seconds: i64,
    id: Oid,
    tree: Oid,
    parents: Vec<Oid>,
    message: String,
}

impl Visit {
    /// Reads a commit object: `tree`, `parent`s, `author`, `committer`, other
    /// headers, an empty line, the message (gitformat-commit).
    fn parse(id: Oid, object: &OdbObject<'_>) -> Option<Visit> {
        if object.kind() != ObjectType::Commit {
            return None;
        }
        let data = object.data();
        let end = memchr::memmem::find(data, b"\n\n").unwrap_or(data.len());
        let (mut tree, mut parents) = (None, Vec::new());
        let (mut author_seconds, mut committed_seconds) = (0, 0);
        for line in data[..end].split(|byte| *byte == b'\n') {
            let (field, value) = line.split_at(line.iter().position(|byte| *byte == b' ')? + 1);
            match field {
                b"tree " => tree = oid(value),
                b"parent " => parents.push(oid(value)?),
                b"author " => author_seconds = seconds(value),
                b"committer " => {
                    committed_seconds = seconds(value);
                    // What follows are signatures and the like.
                    break;
                }
                _ => break,
            }
        }
        let message = data.get(end + 2..).unwrap_or(&[]);
        let message = &message[..message.len().min(MAX_MESSAGE_BYTES)];
        let message = String::from_utf8_lossy(message).into_owned();
        Some(Visit { committed_seconds, author_seconds, id, tree: tree?, parents, message })
    }
}

fn oid(hexadecimal: &[u8]) -> Option<Oid> {
    Oid::from_str(str::from_utf8(hexadecimal).ok()?).ok()
}

/// The time in `Name <mail> seconds zone`; 0 if there is none.
fn seconds(signature: &[u8]) -> i64 {
    let after_mail = signature.rsplit(|byte| *byte == b'>').next().unwrap_or(&[]);
    let text = str::from_utf8(after_mail).unwrap_or("");
    text.split_whitespace().next().and_then(|seconds| seconds.parse().ok()).unwrap_or(0)
}

impl Ord for Visit {
    fn cmp(&self, other: &Visit) -> Ordering {
        let key = |visit: &Visit| (visit.committed_seconds, visit.id);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Visit {
    fn partial_cmp(&self, other: &Visit) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Visit {
    fn eq(&self, other: &Visit) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Visit {}
