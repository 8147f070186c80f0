//! Tallies: what a project was asked and what that took, counted on this
//! machine and for its owner alone.
//!
//! Counting adds to numbers in memory; they are stored now and then, so that no
//! answer waits for it. A process that is killed loses what it counted since.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ctx_model::codec::{Damaged, Reader, Writer};
use ctx_model::{ProjectId, Timestamp};
use ctx_security::Permit;
use ctx_storage::{Space, Store, WriteError};

use crate::indexing::now;
use crate::project::Snapshot;

/// The key of the row that holds a tally.
const KEY: &[u8] = b"tally";
/// Version of that row; a row of another version is dropped.
const VERSION: u64 = 1;

/// Something that is counted. Its number in memory is its place in this list;
/// stored rows name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    Search,
    Locate,
    Symbol,
    Callers,
    Callees,
    Impact,
    Map,
    Recall,
    Decisions,
    AnswerBytes,
    PointedBytes,
    Recalled,
    RecalledStale,
    TextsRead,
    TextsParsed,
}

impl Count {
    const ALL: [Count; 15] = [
        Count::Search,
        Count::Locate,
        Count::Symbol,
        Count::Callers,
        Count::Callees,
        Count::Impact,
        Count::Map,
        Count::Recall,
        Count::Decisions,
        Count::AnswerBytes,
        Count::PointedBytes,
        Count::Recalled,
        Count::RecalledStale,
        Count::TextsRead,
        Count::TextsParsed,
    ];

    /// Those that count questions, in the order in which they are shown.
    pub(crate) const QUESTIONS: &[Count] = Count::ALL.split_at(9).0;

    /// The name stored and printed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Count::Search => "search",
            Count::Locate => "locate",
            Count::Symbol => "symbol",
            Count::Callers => "callers",
            Count::Callees => "callees",
            Count::Impact => "impact",
            Count::Map => "map",
            Count::Recall => "recall",
            Count::Decisions => "decisions",
            Count::AnswerBytes => "answer_bytes",
            Count::PointedBytes => "pointed_bytes",
            Count::Recalled => "recalled",
            Count::RecalledStale => "recalled_stale",
            Count::TextsRead => "texts_read",
            Count::TextsParsed => "texts_parsed",
        }
    }

    fn from_name(name: &str) -> Option<Count> {
        Count::ALL.into_iter().find(|count| count.name() == name)
    }
}

/// A project's numbers.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// When the first was counted, in microseconds since 1970; 0 if none was.
    since: AtomicI64,
    numbers: [AtomicU64; Count::ALL.len()],
    /// Whether something was counted that is not stored.
    unsaved: AtomicBool,
}

impl Tally {
    pub(crate) fn add(&self, count: Count, number: u64) {
        if number == 0 {
            return;
        }
        self.numbers[count as usize].fetch_add(number, Ordering::Relaxed);
        if self.since.load(Ordering::Relaxed) == 0 {
            // Who comes second finds another number than 0 there.
            let first = (0, now().0);
            let _ =
                self.since.compare_exchange(first.0, first.1, Ordering::Relaxed, Ordering::Relaxed);
        }
        self.unsaved.store(true, Ordering::Release);
    }

    pub(crate) fn number(&self, count: Count) -> u64 {
        self.numbers[count as usize].load(Ordering::Relaxed)
    }

    /// When the first was counted.
    pub(crate) fn since(&self) -> Option<Timestamp> {
        let since = self.since.load(Ordering::Relaxed);
        (since != 0).then_some(Timestamp(since))
    }

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.number(VERSION);
        w.signed(self.since.load(Ordering::Relaxed));
        w.number(Count::ALL.len() as u64);
        for count in Count::ALL {
            w.text(count.name());
            w.number(self.number(count));
        }
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Tally, Damaged> {
        let r = &mut Reader::new(bytes);
        if r.number()? != VERSION {
            return Err(r.damaged());
        }
        let mut tally = Tally { since: AtomicI64::new(r.signed()?), ..Tally::default() };
        for _ in 0..r.count()? {
            let count = Count::from_name(r.text()?);
            let number = r.number()?;
            // One that this version does not count is let go.
            if let Some(count) = count {
                tally.numbers[count as usize] = AtomicU64::new(number);
            }
        }
        Ok(tally)
    }
}

/// The tallies of all projects that were asked about since this process began.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    known: Mutex<HashMap<ProjectId, Arc<Tally>>>,
}

impl Tallies {
    /// A project's tally, read from the store at first use.
    pub(crate) fn of(&self, store: &Store, project: ProjectId) -> Arc<Tally> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || {
            let stored = store.get(Space::Project, project, KEY).ok().flatten();
            Arc::new(stored.and_then(|row| Tally::decode(&row).ok()).unwrap_or_default())
        };
        Arc::clone(known.entry(project).or_insert_with(read))
    }

    /// Stores what was counted since the last time. What cannot be stored now,
    /// of a locked project say, is stored the next time.
    pub(crate) fn save(&self, store: &Store, permit: impl Fn(ProjectId) -> Option<Permit>) {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (project, tally) in known {
            if !tally.unsaved.swap(false, Ordering::Acquire) {
                continue;
            }
            let Some(permit) = permit(project) else { continue };
            if let Err(error) = save_one(store, &permit, &tally) {
                tally.unsaved.store(true, Ordering::Release);
                tracing::debug!(%project, %error, "a tally was not stored");
            }
        }
    }
}

fn save_one(store: &Store, permit: &Permit, tally: &Tally) -> Result<(), WriteError> {
    let mut batch = store.batch(permit)?;
    batch.put(Space::Project, KEY, &tally.encode())?;
    batch.commit()
}

/// What an answer is counted under. Whoever sends the answer on says what it
/// became; an answer that nobody sends is not counted.
#[derive(Clone, Default)]
pub struct Receipt {
    issued: Option<Issued>,
}

#[derive(Clone)]
struct Issued {
    question: Count,
    tally: Arc<Tally>,
    snapshot: Arc<Snapshot>,
}

impl Receipt {
    pub(crate) fn new(question: Count, tally: Arc<Tally>, snapshot: Arc<Snapshot>) -> Receipt {
        Receipt { issued: Some(Issued { question, tally, snapshot }) }
    }

    /// Counts an answer about code that was sent as `bytes` bytes and that
    /// points into the files at `paths`; a file named twice counts once.
    pub fn sent<'a>(&self, bytes: usize, paths: impl IntoIterator<Item = &'a str>) {
        let Some(Issued { question, tally, snapshot }) = &self.issued else { return };
        let paths: HashSet<&str> = paths.into_iter().collect();
        let files = paths.into_iter().filter_map(|path| {
            let number = snapshot.files.number(path)?;
            snapshot.files.get(number)
        });
        tally.add(*question, 1);
        tally.add(Count::AnswerBytes, bytes as u64);
        tally.add(Count::PointedBytes, files.map(|file| file.entry.stamp.size).sum());
    }

    /// Counts an answer that repeated `memories` memories, `stale` of which it
    /// marked as stale.
    pub fn repeated(&self, memories: usize, stale: usize) {
        let Some(Issued { question, tally, .. }) = &self.issued else { return };
        tally.add(*question, 1);
        if *question == Count::Recall {
            tally.add(Count::Recalled, memories as u64);
            tally.add(Count::RecalledStale, stale as u64);
        }
    }
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let question = self.issued.as_ref().map(|issued| issued.question);
        f.debug_struct("Receipt").field("question", &question).finish_non_exhaustive()
    }
}

/// Answers that say the same are the same, whatever they are counted under.
impl PartialEq for Receipt {
    fn eq(&self, _other: &Receipt) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_round_trip_by_name() {
        let tally = Tally::default();
        assert_eq!(tally.since(), None);
        for (at, count) in Count::ALL.into_iter().enumerate() {
            assert_eq!(count as usize, at, "numbers lie in the order of the list");
            tally.add(count, 7 + at as u64);
        }
        let read = Tally::decode(&tally.encode()).unwrap();
        assert_eq!(read.since(), tally.since());
        for count in Count::ALL {
            assert_eq!(read.number(count), tally.number(count), "{}", count.name());
        }
    }

    #[test]
    fn what_an_older_version_does_not_count_is_let_go() {
        let mut w = Writer::default();
        w.number(VERSION);
        w.signed(5);
        w.number(2);
        for (name, number) in [("dreams", 3), ("map", 4)] {
            w.text(name);
            w.number(number);
        }
        let read = Tally::decode(&w.finish()).unwrap();
        assert_eq!((read.number(Count::Map), read.number(Count::Search)), (4, 0));
        assert_eq!(read.since(), Some(Timestamp(5)));
        assert!(Tally::decode(b"\x09").is_err());
    }

    #[test]
    fn questions_are_the_first_of_the_list() {
        let names: Vec<&str> = Count::QUESTIONS.iter().map(|count| count.name()).collect();
        assert_eq!((names.first(), names.last()), (Some(&"search"), Some(&"decisions")));
    }
}
