//! Reading: texts to facts and search documents, two files at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use ctx_graph::Unit;
use ctx_model::facts::FileFacts;
use ctx_model::project::{FileEntry, IndexedFile};
use ctx_model::{Digest, Language};
use ctx_search::{DefinitionOutline, FileDocument, Session};
use ctx_storage::{Batch, Space};
use ctx_workspace::Reader;

use super::{Job, Plan, ReadFiles};
use crate::error::{EngineError, ErrorKind};
use crate::failure;
use crate::project::Snapshot;
use crate::request::IndexPhase;
use crate::stored::Refused;
use crate::units::Kept;

/// Threads that read and parse.
const WORKERS: usize = 2;

/// Files that wait to be stored at most: bounds memory.
const WAITING: usize = 8;

/// Bytes gathered before they are handed to the store.
const BATCH_BYTES: u64 = 2 * 1024 * 1024;

/// A file that was read.
struct Parsed {
    entry: FileEntry,
    content: Digest,
    text: String,
    facts: FileFacts,
    /// The stored form of the facts, if the store does not have them yet.
    encoded: Option<Vec<u8>>,
}

type Outcome = Result<Parsed, Refused>;

impl Job<'_> {
    /// Reads the plan's files; with `refill`, the search index is emptied first
    /// and the project's other files are read too.
    pub(super) fn read_files(
        &self,
        before: &Snapshot,
        plan: &Plan,
        refill: bool,
    ) -> Result<ReadFiles, EngineError> {
        let mut entries: Vec<FileEntry> = plan.read.clone();
        if refill {
            let planned: rustc_hash::FxHashSet<String> = entries
                .iter()
                .map(|entry| entry.path.clone())
                .chain(plan.gone.iter().cloned())
                .collect();
            let others = before.files.iter().map(|(_, file)| &file.entry);
            entries.extend(others.filter(|entry| !planned.contains(&entry.path)).cloned());
        }
        let reader = Reader::open(&self.project.root).map_err(|source| {
            EngineError::new(
                ErrorKind::UnusableProject,
                format!("could not open `{}`", self.project.root.display()),
            )
            .because(source)
        })?;
        let mut session =
            self.search.begin().map_err(|e| failure::of_search("begin to index", e))?;
        if refill {
            session.clear().map_err(|e| failure::of_search("empty the search index", e))?;
        }
        let mut intake = Intake {
            job: self,
            before,
            session,
            read: ReadFiles {
                files: before.files.clone(),
                changed: Vec::new(),
                added: Vec::new(),
                gone: Vec::new(),
                refused: Vec::new(),
                parsed: 0,
                kept: Kept::default(),
            },
            batch: self
                .store
                .batch(self.permit)
                .map_err(|e| failure::of_write("begin to store", e))?,
            refill,
        };
        for path in &plan.gone {
            intake.remove(path)?;
        }
        self.read_all(&reader, &entries, &mut intake)?;
        intake.finish()
    }

    fn read_all(
        &self,
        reader: &Reader,
        entries: &[FileEntry],
        intake: &mut Intake<'_, '_>,
    ) -> Result<(), EngineError> {
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        let total = entries.len() as u64;
        std::thread::scope(|scope| {
            let (sender, results) = sync_channel::<Outcome>(WAITING);
            for _ in 0..WORKERS.min(entries.len()) {
                let sender = sender.clone();
                let (next, stop) = (&next, &stop);
                scope.spawn(move || self.work(reader, entries, next, stop, &sender));
            }
            drop(sender);
            let mut failed = None;
            for (done, outcome) in results.iter().enumerate() {
                self.step(IndexPhase::Parsing, done as u64 + 1, Some(total));
                let taken = self.check_wanted().and_then(|()| intake.take(outcome));
                if let Err(error) = taken {
                    stop.store(true, Ordering::Relaxed);
                    failed = Some(error);
                    break;
                }
            }
            // Dropping the receiver wakes workers that wait to hand over.
            drop(results);
            failed.map_or(Ok(()), Err)
        })
    }

    fn work(
        &self,
        reader: &Reader,
        entries: &[FileEntry],
        next: &AtomicUsize,
        stop: &AtomicBool,
        results: &SyncSender<Outcome>,
    ) {
        let mut extractor = ctx_syntax::Extractor::new();
        while !stop.load(Ordering::Relaxed) {
            let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let outcome = self.read_one(reader, entry, &mut extractor);
            if results.send(outcome).is_err() {
                return;
            }
        }
    }

    fn read_one(
        &self,
        reader: &Reader,
        entry: &FileEntry,
        extractor: &mut ctx_syntax::Extractor,
    ) -> Outcome {
        let source =
            reader.read(entry).map_err(|reason| Refused::new(&entry.path, entry.stamp, reason))?;
        let entry = FileEntry { stamp: source.stamp, ..entry.clone() };
        let language = entry.language;
        let version = ctx_syntax::FACTS_VERSION;
        let content = ctx_security::content_digest(language as u8, version, source.text.as_bytes());
        let known = (language != Language::Text)
            .then(|| self.store.get(Space::Facts, self.project.id, &content.0).ok().flatten())
            .flatten()
            .and_then(|bytes| ctx_syntax::decode(&bytes).ok());
        let (facts, encoded) = match known {
            Some(facts) => (facts, None),
            None => {
                let facts = extractor.extract(language, &source.text);
                let encoded = ctx_syntax::encode(&facts);
                (facts, Some(encoded))
            }
        };
        Ok(Parsed { entry, content, text: source.text, facts, encoded })
    }
}

/// Takes read files in, one at a time.
struct Intake<'j, 'a> {
    job: &'j Job<'a>,
    before: &'j Snapshot,
    session: Session<'j>,
    read: ReadFiles,
    batch: Batch<'j>,
    refill: bool,
}

impl Intake<'_, '_> {
    fn take(&mut self, outcome: Outcome) -> Result<(), EngineError> {
        match outcome {
            Ok(parsed) => self.put(parsed),
            Err(refused) => {
                self.remove(&refused.skipped.path)?;
                self.read.refused.push(refused.into_retried());
                Ok(())
            }
        }
    }

    fn put(&mut self, parsed: Parsed) -> Result<(), EngineError> {
        let known = self.before.files.number(&parsed.entry.path);
        let same_text = known
            .and_then(|number| self.before.files.get(number))
            .is_some_and(|file| file.content == parsed.content);
        let lines = parsed.facts.lines;
        let number = self.read.files.set(IndexedFile {
            entry: parsed.entry.clone(),
            content: parsed.content,
            lines,
        });
        // What is kept of plain text is as quickly made as read: it counts only
        // if the text is new.
        if parsed.encoded.is_some() && !same_text {
            self.read.parsed += 1;
        }
        if !same_text || self.refill {
            let definitions = outline(&parsed.facts);
            let document = FileDocument {
                file: number,
                path: &parsed.entry.path,
                text: &parsed.text,
                comments: &parsed.facts.comments,
                definitions: &definitions,
            };
            self.session.put_file(&document).map_err(|e| failure::of_search("index a file", e))?;
        }
        if !same_text {
            self.read.changed.push(number);
        }
        if known.is_none() {
            self.read.added.push(number);
        }
        if let Some(encoded) = parsed.encoded {
            self.batch
                .put(Space::Facts, &parsed.content.0, &encoded)
                .map_err(|e| failure::of_write("store facts", e))?;
            self.flush_if_full()?;
        }
        self.read.kept.keep(number, Arc::new(Unit::new(parsed.facts)));
        Ok(())
    }

    fn remove(&mut self, path: &str) -> Result<(), EngineError> {
        if let Some(number) = self.read.files.remove(path) {
            self.read.gone.push((number, path.to_string()));
            self.session.remove_file(number).map_err(|e| failure::of_search("forget a file", e))?;
        }
        Ok(())
    }

    fn flush_if_full(&mut self) -> Result<(), EngineError> {
        if self.batch.bytes() < BATCH_BYTES {
            return Ok(());
        }
        let store = self.job.store;
        let fresh =
            store.batch(self.job.permit).map_err(|e| failure::of_write("store facts", e))?;
        std::mem::replace(&mut self.batch, fresh)
            .commit()
            .map_err(|e| failure::of_write("store facts", e))
    }

    /// Stores what is left; the search session is committed under the next
    /// generation before the graph is, see the module's own words.
    fn finish(mut self) -> Result<ReadFiles, EngineError> {
        self.batch.commit().map_err(|e| failure::of_write("store facts", e))?;
        let generation = (self.before.state.generation + 1).to_string();
        self.job.step(IndexPhase::Searching, 0, None);
        self.session
            .commit(&generation)
            .map_err(|e| failure::of_search("save the search index", e))?;
        Ok(self.read)
    }
}

/// A file's definitions as the search index wants them.
fn outline(facts: &FileFacts) -> Vec<DefinitionOutline<'_>> {
    let mut definitions: Vec<DefinitionOutline<'_>> = facts
        .definitions
        .iter()
        .filter(|definition| definition.kind != ctx_model::facts::DefinitionKind::Lambda)
        .map(|definition| DefinitionOutline {
            name: facts.name(definition.name),
            start_line: definition.line,
            end_line: definition.end_line,
            signature: facts.name(definition.signature),
        })
        .collect();
    definitions
        .sort_by_key(|definition| (definition.start_line, std::cmp::Reverse(definition.end_line)));
    definitions
}
