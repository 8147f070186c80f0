//! Snapshots: one committed state of the index, with what queries need of its
//! documents held in plain arrays.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::{InvertedIndexReader, Searcher, SegmentReader};

use crate::fields::{Fields, TEXT_FIELDS, key_file};

/// Stands for 'no file' among dense file numbers: commits and deleted chunks.
pub(crate) const NO_FILE: u32 = u32::MAX;

/// One committed state of the index.
pub(crate) struct Snapshot {
    /// Keeps the segments' files alive.
    pub(crate) _searcher: Searcher,
    pub(crate) segments: Vec<SegmentView>,
    /// The caller's numbers of the files, ascending; their places are the
    /// dense numbers used below.
    pub(crate) files: Vec<u32>,
    /// Terms per file and field.
    pub(crate) file_lengths: Vec<[u32; TEXT_FIELDS]>,
    /// Average terms of a chunk per field.
    pub(crate) average_chunk: [f32; TEXT_FIELDS],
    /// Average terms of a file per field.
    pub(crate) average_file: [f32; TEXT_FIELDS],
    /// Chunks that are alive.
    pub(crate) chunks: u32,
    /// Commits that are alive.
    pub(crate) commits: u32,
    /// Average terms of a commit's message.
    pub(crate) average_message: f32,
    /// Author time of the newest commit, seconds since 1970.
    pub(crate) newest_commit: i64,
    /// All documents of all segments, deleted ones included.
    pub(crate) documents: u32,
}

/// A segment as queries see it.
pub(crate) struct SegmentView {
    /// Number of its first document among those of all segments.
    pub(crate) base: u32,
    pub(crate) columns: Arc<Columns>,
    /// Dense file number of each document, or [`NO_FILE`].
    pub(crate) dense: Vec<u32>,
    /// Whether each document is a commit that is alive.
    pub(crate) text: [Arc<InvertedIndexReader>; TEXT_FIELDS],
    pub(crate) norms: [FieldNormReader; TEXT_FIELDS],
    pub(crate) message: Arc<InvertedIndexReader>,
    pub(crate) message_norms: FieldNormReader,
    /// Dense numbers of the files each commit touched, end to end in the order
    /// of `columns.commits`; commits that are deleted have none.
    pub(crate) touched: Vec<u32>,
}

/// What does not change while a segment exists.
pub(crate) struct Columns {
    /// File of each document; none for commits.
    pub(crate) file: Vec<Option<u32>>,
    /// Place of each document, see [`Fields::place`].
    pub(crate) place: Vec<u64>,
    /// Commits: document, and where its files begin and end in `touched`.
    pub(crate) commits: Vec<(u32, u32, u32)>,
    /// Files touched by commits, end to end.
    pub(crate) touched: Vec<u32>,
}

impl Columns {
    /// First and last line of a chunk, from 1.
    pub(crate) fn lines(&self, document: u32) -> (u32, u32) {
        let place = self.place[document as usize];
        ((place >> 32) as u32, place as u32)
    }
}

/// Columns of the segments seen last, so that a new snapshot reads only what
/// is new.
pub(crate) type ColumnCache = FxHashMap<SegmentId, Arc<Columns>>;

impl Snapshot {
    pub(crate) fn take(
        searcher: Searcher,
        fields: &Fields,
        cache: &mut ColumnCache,
    ) -> tantivy::Result<Snapshot> {
        let readers = searcher.segment_readers().to_vec();
        let mut kept = ColumnCache::default();
        for reader in &readers {
            let columns = match cache.get(&reader.segment_id()) {
                Some(columns) => Arc::clone(columns),
                None => Arc::new(read_columns(reader)?),
            };
            kept.insert(reader.segment_id(), columns);
        }
        *cache = kept;
        let columns: Vec<&Arc<Columns>> =
            readers.iter().map(|reader| &cache[&reader.segment_id()]).collect();

        let (files, numbers) = number_files(&readers, &columns);
        let mut snapshot = Snapshot {
            _searcher: searcher.clone(),
            segments: Vec::with_capacity(readers.len()),
            file_lengths: vec![[0; TEXT_FIELDS]; files.len()],
            files,
            average_chunk: [1.0; TEXT_FIELDS],
            average_file: [1.0; TEXT_FIELDS],
            chunks: 0,
            commits: 0,
            average_message: 1.0,
            newest_commit: i64::MIN,
            documents: 0,
        };
        let mut message_terms = 0;
        for (reader, columns) in readers.iter().zip(columns) {
            message_terms += snapshot.add_segment(reader, columns, &numbers, fields)?;
        }
        snapshot.average(message_terms);
        Ok(snapshot)
    }

    /// Adds a segment; gives the number of terms in its commits' messages.
    fn add_segment(
        &mut self,
        reader: &SegmentReader,
        columns: &Arc<Columns>,
        numbers: &FxHashMap<u32, u32>,
        fields: &Fields,
    ) -> tantivy::Result<u64> {
        let mut text = Vec::with_capacity(TEXT_FIELDS);
        let mut norms = Vec::with_capacity(TEXT_FIELDS);
        for field in fields.text {
            text.push(reader.inverted_index(field)?);
            norms.push(reader.get_fieldnorms_reader(field)?);
        }
        let too_few = |_| tantivy::TantivyError::InternalError("a text field is missing".into());
        let mut segment = SegmentView {
            base: self.documents,
            columns: Arc::clone(columns),
            dense: vec![NO_FILE; columns.file.len()],
            text: text.try_into().map_err(|list: Vec<_>| too_few(list.len()))?,
            norms: norms.try_into().map_err(|list: Vec<_>| too_few(list.len()))?,
            message: reader.inverted_index(fields.message)?,
            message_norms: reader.get_fieldnorms_reader(fields.message)?,
            touched: columns
                .touched
                .iter()
                .map(|file| numbers.get(file).copied().unwrap_or(NO_FILE))
                .collect(),
        };
        for document in reader.doc_ids_alive() {
            let Some(file) = columns.file[document as usize] else { continue };
            let dense = numbers[&file];
            segment.dense[document as usize] = dense;
            self.chunks += 1;
            let lengths = &mut self.file_lengths[dense as usize];
            for (length, norms) in lengths.iter_mut().zip(&segment.norms) {
                *length += norms.fieldnorm(document);
            }
        }
        let mut message_terms = 0;
        for (document, start, end) in &columns.commits {
            if reader.is_deleted(*document) {
                segment.touched[*start as usize..*end as usize].fill(NO_FILE);
                continue;
            }
            self.commits += 1;
            message_terms += u64::from(segment.message_norms.fieldnorm(*document));
            self.newest_commit = self.newest_commit.max(columns.place[*document as usize] as i64);
        }
        self.documents += columns.file.len() as u32;
        self.segments.push(segment);
        Ok(message_terms)
    }

    fn average(&mut self, message_terms: u64) {
        let mut totals = [0u64; TEXT_FIELDS];
        for lengths in &self.file_lengths {
            for (total, length) in totals.iter_mut().zip(lengths) {
                *total += u64::from(*length);
            }
        }
        for (field, total) in totals.into_iter().enumerate() {
            let average = |count: usize| (total as f32 / count.max(1) as f32).max(1.0);
            self.average_chunk[field] = average(self.chunks as usize);
            self.average_file[field] = average(self.files.len());
        }
        self.average_message = (message_terms as f32 / self.commits.max(1) as f32).max(1.0);
    }

    /// The segment that holds a document, and the document's number in it.
    pub(crate) fn segment_of(&self, document: u32) -> (&SegmentView, u32) {
        let at = self.segments.partition_point(|segment| segment.base <= document);
        let segment = &self.segments[at - 1];
        (segment, document - segment.base)
    }
}

/// Numbers the files that have chunks alive, in ascending order of the
/// caller's numbers.
fn number_files(
    readers: &[SegmentReader],
    columns: &[&Arc<Columns>],
) -> (Vec<u32>, FxHashMap<u32, u32>) {
    let mut files: Vec<u32> = Vec::new();
    for (reader, columns) in readers.iter().zip(columns) {
        for document in reader.doc_ids_alive() {
            let file = columns.file[document as usize];
            // A file's chunks follow each other.
            files.extend(file.filter(|file| files.last() != Some(file)));
        }
    }
    files.sort_unstable();
    files.dedup();
    let numbers = files.iter().zip(0..).map(|(file, dense)| (*file, dense)).collect();
    (files, numbers)
}

fn read_columns(reader: &SegmentReader) -> tantivy::Result<Columns> {
    let fast = reader.fast_fields();
    let keys = fast.u64("key")?.first_or_default_col(u64::MAX);
    let places = fast.u64("place")?.first_or_default_col(0);
    // A segment in which no commit touched a file has no such column.
    let touched_files = fast.u64("touched").ok();
    let documents = reader.max_doc();
    let mut columns = Columns {
        file: Vec::with_capacity(documents as usize),
        place: Vec::with_capacity(documents as usize),
        commits: Vec::new(),
        touched: Vec::new(),
    };
    for document in 0..documents {
        let file = key_file(keys.get_val(document));
        columns.file.push(file);
        columns.place.push(places.get_val(document));
        if file.is_none() {
            let start = columns.touched.len() as u32;
            if let Some(column) = &touched_files {
                let files = column.values_for_doc(document);
                columns.touched.extend(files.filter_map(|file| u32::try_from(file).ok()));
            }
            columns.commits.push((document, start, columns.touched.len() as u32));
        }
    }
    Ok(columns)
}
