//! The index: opening it, writing to it, and telling which generation it holds.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tantivy::directory::error::OpenDirectoryError;
use tantivy::directory::{MmapDirectory, RamDirectory};
use tantivy::index::{IndexSettings, SegmentMeta};
use tantivy::indexer::{IndexWriterOptions, MergeCandidate, MergePolicy, UserOperation};
use tantivy::store::Compressor;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Directory, Index, IndexReader, IndexWriter, ReloadPolicy, TantivyError};

use crate::document::{self, CommitDocument, DefinitionOutline, FileDocument};
use crate::fields::{
    self, FORMAT, FieldValue, Fields, IndexedDocument, TOKENIZER, TermsTokenizer, Turnstile,
    commit_key, file_key,
};
use crate::folder::{SealedFolder, Sealing};
use crate::snapshot::{ColumnCache, Snapshot};
use crate::terms::{ChunkTerms, message_terms};

/// Where an index lies.
#[derive(Debug, Clone)]
pub enum Place {
    /// In memory, gone when dropped.
    Memory,
    /// In a folder of its own, made if it does not exist.
    Folder(PathBuf),
    /// In a folder of its own whose files are sealed.
    SealedFolder(PathBuf, Sealing),
}

/// Why an index could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is damaged, of another format or cannot be unsealed: call
    /// [`SearchIndex::create`] and fill it again.
    #[error("the search index in `{folder}` must be rebuilt: {reason}")]
    Rebuild {
        /// Where it lies.
        folder: String,
        /// What is wrong with it.
        reason: String,
        /// The cause, if there was one.
        #[source]
        source: Option<TantivyError>,
    },
    /// The folder could not be made, emptied or read.
    #[error("could not open the search index in `{folder}`")]
    Folder {
        /// Where it lies.
        folder: String,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

/// Why the index could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another session is open.
    #[error("the search index is being written by another session")]
    Busy,
    /// Writing failed: the disk is full, say. What was committed stands.
    #[error("could not write the search index")]
    Write(#[source] TantivyError),
    /// Reading failed.
    #[error("could not read the search index")]
    Read(#[source] TantivyError),
}

/// Code and commits, to be found by words.
///
/// Shared by threads: many may search while one writes.
pub struct SearchIndex {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    state: RwLock<State>,
    columns: Mutex<ColumnCache>,
    writing: Mutex<()>,
}

struct State {
    snapshot: Arc<Snapshot>,
    generation: Option<String>,
}

impl SearchIndex {
    /// Opens the index at `place`, or makes an empty one if there is none.
    pub fn open(place: &Place) -> Result<SearchIndex, OpenError> {
        let directory = open_directory(place)?;
        let folder = folder_name(place);
        let rebuild = |reason: &str, source| OpenError::Rebuild {
            folder: folder.clone(),
            reason: reason.to_owned(),
            source,
        };
        let (schema, fields) = fields::schema();
        let exists = Index::exists(&*directory)
            .map_err(|error| rebuild("its description is unreadable", Some(error.into())))?;
        let mut index = if exists {
            let index = Index::open(directory)
                .map_err(|error| rebuild("its description is damaged", Some(error)))?;
            if index.schema() != schema {
                return Err(rebuild("it was written by another version", None));
            }
            let damaged = index
                .validate_checksum()
                .map_err(|error| rebuild("a file is missing or unreadable", Some(error)))?;
            if !damaged.is_empty() {
                return Err(rebuild("a file is damaged", None));
            }
            if let Place::Folder(folder) | Place::SealedFolder(folder, _) = place {
                remove_leftovers(folder, &index)
                    .map_err(|error| rebuild("its description is damaged", Some(error)))?;
            }
            index
        } else {
            let settings = IndexSettings {
                docstore_compression: Compressor::None,
                docstore_compress_dedicated_thread: false,
                ..IndexSettings::default()
            };
            Index::create(directory, schema, settings)
                .map_err(|error| rebuild("it could not be made", Some(error)))?
        };
        index.set_tokenizers(Default::default());
        index.tokenizers().register(TOKENIZER, TextAnalyzer::from(TermsTokenizer::default()));
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error: TantivyError| rebuild("a file is damaged", Some(error)))?;
        let mut columns = ColumnCache::default();
        let state = read_state(&index, &reader, &fields, &mut columns)
            .map_err(|error| rebuild("a file is damaged", Some(error)))?
            .ok_or_else(|| rebuild("it was written by another version", None))?;
        Ok(SearchIndex {
            index,
            reader,
            fields,
            state: RwLock::new(state),
            columns: Mutex::new(columns),
            writing: Mutex::new(()),
        })
    }

    /// Makes an empty index at `place`; whatever lies there is removed first.
    pub fn create(place: &Place) -> Result<SearchIndex, OpenError> {
        if let Place::Folder(folder) | Place::SealedFolder(folder, _) = place {
            empty_folder(folder).map_err(|source| OpenError::Folder {
                folder: folder.display().to_string(),
                source,
            })?;
        }
        SearchIndex::open(place)
    }

    /// What the caller named the state committed last; none if nothing was.
    pub fn generation(&self) -> Option<String> {
        self.read_lock().generation.clone()
    }

    /// Number of chunks that can be found.
    pub fn chunks(&self) -> u32 {
        self.snapshot().chunks
    }

    /// Number of commits that can be found.
    pub fn commits(&self) -> u32 {
        self.snapshot().commits
    }

    /// Begins writing. Only one session can be open; its memory (about 20 MB
    /// while it is filled) is released when it is dropped.
    pub fn begin(&self) -> Result<Session<'_>, IndexError> {
        let guard = self.writing.try_lock().or_else(|error| match error {
            std::sync::TryLockError::Poisoned(poisoned) => Ok(poisoned.into_inner()),
            std::sync::TryLockError::WouldBlock => Err(IndexError::Busy),
        })?;
        let options =
            IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1).build();
        let writer: IndexWriter<IndexedDocument> =
            self.index.writer_with_options(options).map_err(IndexError::Write)?;
        writer.set_merge_policy(Box::new(MergeSmall));
        Ok(Session {
            index: self,
            writer: Some(writer),
            turnstile: Arc::default(),
            terms: ChunkTerms::default(),
            waiting: Vec::new(),
            fresh: self.snapshot().documents == 0,
            changed: false,
            _guard: guard,
        })
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.read_lock().snapshot)
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    fn read_lock(&self) -> std::sync::RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes what was committed visible to queries.
    fn refresh(&self) -> Result<(), IndexError> {
        let mut columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        let state = read_state(&self.index, &self.reader, &self.fields, &mut columns)
            .map_err(IndexError::Read)?;
        if let Some(state) = state {
            *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
        }
        Ok(())
    }
}

/// Operations handed to the indexing thread at once: waking it for each would
/// cost more than some of them. Far fewer than may wait, or they would wait
/// for themselves.
const BATCH: usize = 32;

/// A session of writing. Nothing is visible or durable before
/// [`Session::commit`]; what was not committed when it is dropped is undone.
pub struct Session<'a> {
    index: &'a SearchIndex,
    /// Always there until the session is dropped.
    writer: Option<IndexWriter<IndexedDocument>>,
    turnstile: Arc<Turnstile>,
    terms: ChunkTerms,
    /// Operations not yet handed to the indexing thread.
    waiting: Vec<UserOperation<IndexedDocument>>,
    /// Whether the index was empty when the session began or was cleared.
    fresh: bool,
    changed: bool,
    _guard: MutexGuard<'a, ()>,
}

impl Session<'_> {
    /// Adds a file, or replaces it. In an index that was empty when the session
    /// began each file must be put only once per session; call
    /// [`Session::remove_file`] before putting one again.
    pub fn put_file(&mut self, file: &FileDocument<'_>) -> Result<(), IndexError> {
        if !self.fresh {
            self.remove(file_key(file.file))?;
        }
        self.changed = true;
        if file.definitions.is_empty() && file.comments.is_empty() {
            let (definitions, comments) = document::outlined(file.text);
            let outlined = FileDocument { definitions: &definitions, comments: &comments, ..*file };
            return self.put_chunks(&outlined);
        }
        self.put_chunks(file)
    }

    fn put_chunks(&mut self, file: &FileDocument<'_>) -> Result<(), IndexError> {
        let definitions: &[DefinitionOutline<'_>] = file.definitions;
        self.terms.begin_file(file);
        for chunk in document::chunks(file.text, definitions) {
            let terms = self.terms.chunk(file, &chunk);
            let fields = self.index.fields;
            let place = u64::from(chunk.start_line) << 32 | u64::from(chunk.end_line);
            let mut values = vec![
                (fields.key, FieldValue::Number(file_key(file.file))),
                (fields.place, FieldValue::Number(place)),
            ];
            let texts = fields.text.into_iter().zip(terms);
            values.extend(
                texts
                    .filter(|(_, terms)| !terms.is_empty())
                    .map(|(field, terms)| (field, FieldValue::Terms(terms))),
            );
            self.add(values)?;
        }
        Ok(())
    }

    /// Removes a file.
    pub fn remove_file(&mut self, file: u32) -> Result<(), IndexError> {
        self.remove(file_key(file))
    }

    /// Adds a commit. A commit never changes, so it must not be put twice
    /// without [`Session::remove_commit`].
    pub fn put_commit(&mut self, commit: &CommitDocument<'_>) -> Result<(), IndexError> {
        self.changed = true;
        let fields = self.index.fields;
        let mut values = vec![
            (fields.key, FieldValue::Number(commit_key(commit.id))),
            (fields.place, FieldValue::Number(commit.at_seconds.max(0) as u64)),
            (fields.message, FieldValue::Terms(message_terms(commit.message))),
        ];
        values.extend(
            commit.files.iter().map(|file| (fields.touched, FieldValue::Number((*file).into()))),
        );
        self.add(values)
    }

    /// Removes a commit, for example one that a rebase left behind.
    pub fn remove_commit(&mut self, id: &str) -> Result<(), IndexError> {
        self.remove(commit_key(id))
    }

    /// Removes everything.
    pub fn clear(&mut self) -> Result<(), IndexError> {
        self.hand_over()?;
        self.writer().delete_all_documents().map_err(IndexError::Write)?;
        self.changed = true;
        self.fresh = true;
        Ok(())
    }

    /// Makes what was put and removed durable and visible, under a name of the
    /// caller's that [`SearchIndex::generation`] gives back.
    pub fn commit(&mut self, generation: &str) -> Result<(), IndexError> {
        self.hand_over()?;
        let payload = format!("{FORMAT}\n{generation}");
        let writer = self.writer.as_mut().expect("a session holds its writer until dropped");
        let mut prepared = writer.prepare_commit().map_err(IndexError::Write)?;
        prepared.set_payload(&payload);
        prepared.commit().map_err(IndexError::Write)?;
        self.index.refresh()
    }

    fn add(&mut self, values: Vec<(tantivy::schema::Field, FieldValue)>) -> Result<(), IndexError> {
        let ticket = self.turnstile.enter();
        self.waiting.push(UserOperation::Add(IndexedDocument { values, _ticket: ticket }));
        if self.waiting.len() >= BATCH { self.hand_over() } else { Ok(()) }
    }

    fn remove(&mut self, key: u64) -> Result<(), IndexError> {
        self.changed = true;
        self.waiting.push(UserOperation::Delete(self.index.fields.key_term(key)));
        if self.waiting.len() >= BATCH { self.hand_over() } else { Ok(()) }
    }

    /// Hands what waits to the indexing thread, in order.
    fn hand_over(&mut self) -> Result<(), IndexError> {
        if !self.waiting.is_empty() {
            let batch = std::mem::take(&mut self.waiting);
            self.writer().run(batch).map_err(IndexError::Write)?;
        }
        Ok(())
    }

    fn writer(&self) -> &IndexWriter<IndexedDocument> {
        self.writer.as_ref().expect("a session holds its writer until dropped")
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        let Some(writer) = self.writer.take() else { return };
        if !self.changed {
            return;
        }
        let before = self.index.snapshot().segments.len();
        if let Err(error) = writer.wait_merging_threads() {
            tracing::warn!(%error, "merging the search index failed; it stays as it was");
        }
        // Merged segments answer faster than the ones they replace.
        let segments = self.index.index.searchable_segment_ids().map_or(before, |ids| ids.len());
        if segments != before
            && let Err(error) = self.index.refresh()
        {
            tracing::warn!(%error, "the merged search index could not be read");
        }
    }
}

/// Sizes up to which segments are merged with others of their size, in
/// documents. Larger ones are left alone: a first indexing writes each of its
/// segments as large as the memory budget allows.
const MERGED_SIZES: [u32; 2] = [100, 2_500];

/// Segments of a size that may lie side by side.
const SIDE_BY_SIDE: usize = 8;

/// Merges small segments, which saving files leaves behind, and segments that
/// are mostly deleted.
#[derive(Debug)]
struct MergeSmall;

impl MergePolicy for MergeSmall {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let size =
            |segment: &SegmentMeta| MERGED_SIZES.iter().position(|most| segment.num_docs() < *most);
        let mut candidates: Vec<MergeCandidate> = segments
            .iter()
            .filter(|segment| size(segment).is_none())
            .filter(|segment| segment.num_deleted_docs() > segment.num_docs())
            .map(|segment| MergeCandidate(vec![segment.id()]))
            .collect();
        for of_size in 0..MERGED_SIZES.len() {
            let alike: Vec<_> = segments
                .iter()
                .filter(|segment| size(segment) == Some(of_size))
                .map(SegmentMeta::id)
                .collect();
            if alike.len() > SIDE_BY_SIDE {
                candidates.push(MergeCandidate(alike));
            }
        }
        candidates
    }
}

/// The state committed last; none if its format is another.
fn read_state(
    index: &Index,
    reader: &IndexReader,
    fields: &Fields,
    columns: &mut ColumnCache,
) -> tantivy::Result<Option<State>> {
    let generation = match index.load_metas()?.payload {
        None => None,
        Some(payload) => match payload.split_once('\n') {
            Some((format, generation)) if format.parse() == Ok(FORMAT) => {
                Some(generation.to_owned())
            }
            _ => return Ok(None),
        },
    };
    reader.reload()?;
    let snapshot = Arc::new(Snapshot::take(reader.searcher(), fields, columns)?);
    Ok(Some(State { snapshot, generation }))
}

fn open_directory(place: &Place) -> Result<Box<dyn Directory>, OpenError> {
    let prepare = |folder: &Path| {
        fs::create_dir_all(folder)
            .map_err(|source| OpenError::Folder { folder: folder.display().to_string(), source })
    };
    match place {
        Place::Memory => Ok(Box::new(RamDirectory::create())),
        Place::SealedFolder(folder, sealing) => {
            prepare(folder)?;
            Ok(Box::new(SealedFolder::new(folder, sealing.clone())))
        }
        Place::Folder(folder) => {
            prepare(folder)?;
            let opened = MmapDirectory::open(folder).map_err(|error| OpenError::Folder {
                folder: folder.display().to_string(),
                source: directory_cause(error),
            })?;
            Ok(Box::new(opened))
        }
    }
}

fn directory_cause(error: OpenDirectoryError) -> io::Error {
    match error {
        OpenDirectoryError::IoError { io_error, .. } => io::Error::new(io_error.kind(), io_error),
        other => io::Error::other(other),
    }
}

fn folder_name(place: &Place) -> String {
    match place {
        Place::Memory => "memory".to_owned(),
        Place::Folder(folder) | Place::SealedFolder(folder, _) => folder.display().to_string(),
    }
}

/// Removes files of commits that did not come to their end: the next commit
/// would give its own files the same names.
fn remove_leftovers(folder: &Path, index: &Index) -> tantivy::Result<()> {
    let known = index.load_metas()?.list_segment_files();
    for entry in fs::read_dir(folder)?.flatten() {
        let name = entry.file_name();
        let is_of_segment =
            name.to_str().is_some_and(|name| name.starts_with(|c: char| c.is_ascii_hexdigit()));
        if is_of_segment
            && !known.contains(Path::new(&name))
            && let Err(error) = fs::remove_file(entry.path())
        {
            tracing::warn!(%error, "a file of an unfinished commit stays");
        }
    }
    Ok(())
}

/// Removes the files of a folder, if it exists.
fn empty_folder(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
