//! BM25F: scores of chunks, files and past commits for a query.
//!
//! Robertson, Zaragoza: "The Probabilistic Relevance Framework: BM25 and
//! Beyond" (2009), section 3.5: the frequencies of a term in all fields are
//! weighted, divided by a normalised field length and summed before one
//! saturation. Scored term at a time over arrays, so the exact number of
//! documents with a term in any field is known.

use tantivy::Term;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{InvertedIndexReader, TantivyError};

use crate::fields::{Fields, TEXT_FIELDS, TextField};
use crate::query::Query;
use crate::snapshot::{NO_FILE, SegmentView, Snapshot};

/// Parameters of BM25F.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldWeights {
    /// What an occurrence counts for, in the order of [`TextField::ALL`].
    pub weight: [f32; TEXT_FIELDS],
    /// How far length is normalised (0 to 1), in the same order.
    pub length: [f32; TEXT_FIELDS],
    /// Weighted frequency at which a term has half its effect.
    pub saturation: f32,
}

/// Parameters of scoring chunks, of scoring files and of scoring messages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreWeights {
    /// For chunks.
    pub chunk: FieldWeights,
    /// For files as a whole.
    pub file: FieldWeights,
    /// Frequency at which a term of a message has half its effect.
    pub message_saturation: f32,
    /// How far the length of messages is normalised (0 to 1).
    pub message_length: f32,
}

impl Default for ScoreWeights {
    fn default() -> ScoreWeights {
        ScoreWeights {
            chunk: FieldWeights {
                weight: [1.5, 2.0, 1.0, 1.0, 1.0],
                length: [0.5, 0.6, 0.6, 0.5, 0.6],
                saturation: 0.8,
            },
            file: FieldWeights {
                weight: [6.0, 2.0, 1.0, 1.0, 1.0],
                length: [0.5, 0.6, 0.7, 0.75, 0.7],
                saturation: 30.0,
            },
            message_saturation: 1.0,
            message_length: 0.5,
        }
    }
}

/// Postings read for one query at most; terms are taken rarest first, so what
/// is left out hardly tells documents apart.
const MOST_POSTINGS: u64 = 700_000;

/// Terms scored at most, so that which ones matched fits 64 bits.
const MOST_SCORED: usize = 64;

/// What a query's terms say of every chunk, file and commit.
pub(crate) struct Scores {
    /// Terms that were scored, rarest first, with their places.
    pub(crate) terms: Vec<ScoredTerm>,
    /// Per document: BM25F of chunks, BM25 of commits' messages.
    pub(crate) document: Vec<f32>,
    /// Per document: which terms matched, by their place in `terms`.
    pub(crate) matched: Vec<u64>,
    /// Per file, by dense number.
    pub(crate) file: Vec<FileScore>,
}

/// A term of the query with its rarity and where it is found.
pub(crate) struct ScoredTerm {
    /// Its place in [`Query::terms`].
    pub(crate) query_term: usize,
    /// Weight in the query times rarity among chunks.
    pub(crate) weight: f32,
    /// For each segment, for each text field: where its postings lie.
    infos: Vec<[Option<TermInfo>; TEXT_FIELDS]>,
}

/// What a query's terms say of a file as a whole.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FileScore {
    /// BM25F over the whole file.
    pub(crate) whole: f32,
    /// Weight of the terms in its path.
    pub(crate) path: f32,
}

/// Scores everything. `message_terms` tells whether commits are scored too.
pub(crate) fn score(
    snapshot: &Snapshot,
    fields: &Fields,
    query: &Query,
    weights: &ScoreWeights,
) -> tantivy::Result<Scores> {
    let mut scorer = Scorer {
        snapshot,
        chunk_norms: norms(&weights.chunk, &snapshot.average_chunk),
        file_norms: file_norms(snapshot, &weights.file),
        weights,
        frequency: vec![0.0; snapshot.documents as usize],
        file_frequency: vec![0.0; snapshot.files.len()],
        file_fields: vec![0; snapshot.files.len()],
        touched: Vec::new(),
        touched_files: Vec::new(),
        scores: Scores {
            terms: Vec::new(),
            document: vec![0.0; snapshot.documents as usize],
            matched: vec![0; snapshot.documents as usize],
            file: vec![FileScore::default(); snapshot.files.len()],
        },
    };
    for term in look_up(snapshot, fields, query)? {
        scorer.add_term(term, query)?;
    }
    scorer.add_messages(fields, query)?;
    Ok(scorer.scores)
}

/// Finds the terms of a query in every segment, rarest first, and drops the
/// most frequent ones once their postings would take too long to read.
fn look_up(
    snapshot: &Snapshot,
    fields: &Fields,
    query: &Query,
) -> tantivy::Result<Vec<ScoredTerm>> {
    let mut found: Vec<(u64, f32, ScoredTerm)> = Vec::new();
    for (query_term, term) in query.terms.iter().enumerate() {
        let mut documents = [0u64; TEXT_FIELDS];
        let mut infos = Vec::with_capacity(snapshot.segments.len());
        for segment in &snapshot.segments {
            let mut in_segment: [Option<TermInfo>; TEXT_FIELDS] = Default::default();
            for (field, info) in in_segment.iter_mut().enumerate() {
                *info = find(&segment.text[field], fields.text[field], &term.term)?;
                documents[field] += info.as_ref().map_or(0, |info| u64::from(info.doc_freq));
            }
            infos.push(in_segment);
        }
        let postings = documents.iter().sum();
        if postings > 0 {
            let most = documents.into_iter().max().unwrap_or(0);
            let value = term.weight * rarity(most as u32, snapshot.chunks);
            found.push((postings, value, ScoredTerm { query_term, weight: 0.0, infos }));
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.truncate(MOST_SCORED);
    let mut budget = MOST_POSTINGS;
    let mut first = true;
    found.retain(|(postings, _, _)| {
        let keep = first || *postings <= budget;
        first = false;
        budget = budget.saturating_sub(*postings);
        keep
    });
    Ok(found.into_iter().map(|(_, _, term)| term).collect())
}

/// Where a term's postings lie in a field of a segment.
pub(crate) fn find(
    reader: &InvertedIndexReader,
    field: Field,
    term: &str,
) -> tantivy::Result<Option<TermInfo>> {
    Ok(reader.get_term_info(&Term::from_field_text(field, term))?)
}

/// Calls `each` with the documents and frequencies of a term's postings.
pub(crate) fn for_each_posting(
    reader: &InvertedIndexReader,
    info: &TermInfo,
    mut each: impl FnMut(u32, u32),
) -> tantivy::Result<()> {
    let mut postings =
        reader.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
    while !postings.docs().is_empty() {
        for (document, frequency) in postings.docs().iter().zip(postings.freqs()) {
            each(*document, *frequency);
        }
        postings.advance();
    }
    Ok(())
}

/// Inverse document frequency, always positive.
pub(crate) fn rarity(with_term: u32, all: u32) -> f32 {
    let with_term = with_term.min(all) as f32;
    (1.0 + (all as f32 - with_term + 0.5) / (with_term + 0.5)).ln()
}

struct Scorer<'a> {
    snapshot: &'a Snapshot,
    weights: &'a ScoreWeights,
    /// For each field and coded length: weight over normalised length.
    chunk_norms: [Vec<f32>; TEXT_FIELDS],
    /// For each file and field: weight over normalised length.
    file_norms: Vec<[f32; TEXT_FIELDS]>,
    frequency: Vec<f32>,
    file_frequency: Vec<f32>,
    /// Bits of the fields of each file that have the term at hand.
    file_fields: Vec<u8>,
    touched: Vec<u32>,
    touched_files: Vec<u32>,
    scores: Scores,
}

impl Scorer<'_> {
    fn add_term(&mut self, mut term: ScoredTerm, query: &Query) -> tantivy::Result<()> {
        self.touched.clear();
        self.touched_files.clear();
        for (segment, infos) in self.snapshot.segments.iter().zip(&term.infos) {
            for (field, info) in infos.iter().enumerate() {
                if let Some(info) = info {
                    self.gather(segment, field, info)?;
                }
            }
        }
        let of_query = query.terms[term.query_term].weight;
        let rare = rarity(self.touched.len() as u32, self.snapshot.chunks) * of_query;
        let bit = 1 << self.scores.terms.len();
        let saturation = self.weights.chunk.saturation;
        for document in self.touched.drain(..) {
            let at = document as usize;
            let frequency = std::mem::take(&mut self.frequency[at]);
            self.scores.document[at] += rare * frequency / (frequency + saturation);
            self.scores.matched[at] |= bit;
        }
        let rare_file =
            rarity(self.touched_files.len() as u32, self.snapshot.files.len() as u32) * of_query;
        let saturation = self.weights.file.saturation;
        for file in self.touched_files.drain(..) {
            let at = file as usize;
            let frequency = std::mem::take(&mut self.file_frequency[at]);
            let has = std::mem::take(&mut self.file_fields[at]);
            let score = &mut self.scores.file[at];
            score.whole += rare_file * frequency / (frequency + saturation);
            if has & 1 << TextField::Path as u8 != 0 {
                score.path += rare;
            }
        }
        term.weight = rare;
        self.scores.terms.push(term);
        Ok(())
    }

    /// Sums a term's weighted frequencies in one field of one segment.
    fn gather(
        &mut self,
        segment: &SegmentView,
        field: usize,
        info: &TermInfo,
    ) -> tantivy::Result<()> {
        let is_path = field == TextField::Path as usize;
        let norms: &FieldNormReader = &segment.norms[field];
        for_each_posting(&segment.text[field], info, |document, frequency| {
            let dense = segment.dense[document as usize];
            if dense == NO_FILE {
                return;
            }
            let at = (segment.base + document) as usize;
            let norm = self.chunk_norms[field][usize::from(norms.fieldnorm_id(document))];
            if self.frequency[at] == 0.0 {
                self.touched.push(at as u32);
            }
            self.frequency[at] += frequency as f32 * norm;
            let file = dense as usize;
            let bit = 1u8 << field;
            if self.file_fields[file] == 0 {
                self.touched_files.push(dense);
            }
            // Every chunk repeats its file's path.
            if !is_path || self.file_fields[file] & bit == 0 {
                self.file_frequency[file] += frequency as f32 * self.file_norms[file][field];
            }
            self.file_fields[file] |= bit;
        })
    }

    /// Scores commits by their messages.
    fn add_messages(&mut self, fields: &Fields, query: &Query) -> tantivy::Result<()> {
        if self.snapshot.commits == 0 {
            return Ok(());
        }
        let saturation = self.weights.message_saturation;
        let length = self.weights.message_length;
        let average = self.snapshot.average_message;
        let norms: Vec<f32> = (0..=u8::MAX)
            .map(|id| {
                let terms = FieldNormReader::id_to_fieldnorm(id) as f32;
                saturation * (1.0 - length + length * terms / average)
            })
            .collect();
        for term in &query.terms {
            let mut places = Vec::new();
            for segment in &self.snapshot.segments {
                let info = find(&segment.message, fields.message, &term.term)?;
                places.extend(info.map(|info| (segment, info)));
            }
            let with_term = places.iter().map(|(_, info)| info.doc_freq).sum();
            let rare = rarity(with_term, self.snapshot.commits) * term.weight;
            if u64::from(with_term) * 4 > u64::from(self.snapshot.commits) && with_term > 1_000 {
                continue;
            }
            for (segment, info) in places {
                for_each_posting(&segment.message, &info, |document, frequency| {
                    let norm = norms[usize::from(segment.message_norms.fieldnorm_id(document))];
                    let frequency = frequency as f32;
                    self.scores.document[(segment.base + document) as usize] +=
                        rare * frequency / (frequency + norm);
                })?;
            }
        }
        Ok(())
    }
}

fn norms(weights: &FieldWeights, average: &[f32; TEXT_FIELDS]) -> [Vec<f32>; TEXT_FIELDS] {
    std::array::from_fn(|field| {
        (0..=u8::MAX)
            .map(|id| {
                let terms = FieldNormReader::id_to_fieldnorm(id) as f32;
                normalised(weights, field, terms / average[field])
            })
            .collect()
    })
}

fn file_norms(snapshot: &Snapshot, weights: &FieldWeights) -> Vec<[f32; TEXT_FIELDS]> {
    let norm = |lengths: &[u32; TEXT_FIELDS]| {
        std::array::from_fn(|field| {
            normalised(weights, field, lengths[field] as f32 / snapshot.average_file[field])
        })
    };
    snapshot.file_lengths.iter().map(norm).collect()
}

fn normalised(weights: &FieldWeights, field: usize, relative_length: f32) -> f32 {
    let length = weights.length[field];
    weights.weight[field] / (1.0 - length + length * relative_length)
}

impl ScoredTerm {
    /// The fields in which a document of a segment has the term.
    pub(crate) fn fields_of(
        &self,
        segment_number: usize,
        segment: &SegmentView,
        document: u32,
    ) -> Result<Vec<TextField>, TantivyError> {
        let mut fields = Vec::new();
        for (field, info) in TextField::ALL.iter().zip(&self.infos[segment_number]) {
            let Some(info) = info else { continue };
            let mut postings = segment.text[*field as usize]
                .read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            let at = postings.seek(document);
            if postings.doc(at) == document {
                fields.push(*field);
            }
        }
        Ok(fields)
    }
}
