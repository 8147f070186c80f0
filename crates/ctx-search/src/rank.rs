//! Ranking: from scores to the chunks and files worth showing first.
//!
//! `search` ranks chunks by BM25F alone. `locate` asks which files a change or
//! a bug report is about: it adds up normalised evidence, so that strong
//! evidence of one kind stays strong (fusing ranks would forget by how much).

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::postings::TermInfo;

use crate::fields::TextField;
use crate::history::{History, HistoryWeights, history};
use crate::index::{IndexError, SearchIndex};
use crate::query::{Query, QueryWeights};
use crate::role::FileRole;
use crate::score::{ScoreWeights, Scores, find, for_each_posting, rarity, score};
use crate::snapshot::{NO_FILE, Snapshot};

/// A chunk that answers a query.
#[derive(Debug, Clone, PartialEq)]
pub struct ChunkHit {
    /// The caller's number of the file.
    pub file: u32,
    /// First line, from 1.
    pub start_line: u32,
    /// Last line, from 1.
    pub end_line: u32,
    /// BM25F, comparable within one answer only.
    pub score: f32,
    /// What matched, the rarest words first.
    pub why: Vec<Match>,
}

/// A word of the query and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The word as the query wrote it.
    pub word: String,
    /// The fields that have it.
    pub fields: Vec<TextField>,
}

/// A file that a query is likely about.
#[derive(Debug, Clone, PartialEq)]
pub struct FileHit {
    /// The caller's number of the file.
    pub file: u32,
    /// Weighted sum of `evidence`, comparable within one answer only.
    pub score: f32,
    /// The parts of the score before weighting.
    pub evidence: Evidence,
    /// The chunk that answers best, if any matches: its first and last line, from 1.
    pub best_chunk: Option<(u32, u32)>,
    /// What matched in the best chunk, the rarest words first.
    pub why: Vec<Match>,
}

/// What is known of a file before any query.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FilePrior {
    /// How central the file is in the graph, 0 to 1.
    pub centrality: f32,
    /// What the file is for.
    pub role: FileRole,
}

/// Evidence that a query is about a file; each part is between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// The best chunk, relative to the best of all.
    pub best: f32,
    /// The best three chunks, fading, relative to the best sum of all.
    pub several: f32,
    /// The file as a whole, relative to the best of all.
    pub whole: f32,
    /// Words in the path, relative to the best of all.
    pub path: f32,
    /// Names in the query that the file defines.
    pub defines: f32,
    /// Names in the query that are the file's own.
    pub named: f32,
    /// Past commits with similar messages that touched it.
    pub commits: f32,
    /// Likeness of everything ever said of changes to it.
    pub wording: f32,
    /// Past changes together with the source files found.
    pub together: f32,
    /// Past changes together with the tests found.
    pub tests: f32,
    /// The caller's centrality.
    pub centrality: f32,
}

impl Evidence {
    /// Names of the parts, in the order of [`Evidence::values`].
    pub const NAMES: [&'static str; 11] = [
        "best",
        "several",
        "whole",
        "path",
        "defines",
        "named",
        "commits",
        "wording",
        "together",
        "tests",
        "centrality",
    ];

    /// The parts in a fixed order.
    pub fn values(&self) -> [f32; 11] {
        [
            self.best,
            self.several,
            self.whole,
            self.path,
            self.defines,
            self.named,
            self.commits,
            self.wording,
            self.together,
            self.tests,
            self.centrality,
        ]
    }
}

/// Everything that can be weighed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Of the query's words.
    pub query: QueryWeights,
    /// Of fields and lengths.
    pub score: ScoreWeights,
    /// Of past commits.
    pub history: HistoryWeights,
    /// Of evidence.
    pub evidence: Evidence,
    /// What is taken off for tests, examples, documentation and other files,
    /// unless the query speaks of them.
    pub roles: [f32; 4],
}

impl Default for Weights {
    fn default() -> Weights {
        Weights {
            query: QueryWeights::default(),
            score: ScoreWeights::default(),
            history: HistoryWeights::default(),
            evidence: Evidence {
                best: 0.41,
                several: 0.49,
                whole: 0.155,
                path: 0.07,
                defines: 0.125,
                named: 0.02,
                commits: 0.20,
                wording: 0.15,
                together: 0.145,
                tests: 0.07,
                centrality: 0.03,
            },
            roles: [1.0, 1.0, 1.0, 1.0],
        }
    }
}

impl SearchIndex {
    /// The chunks that answer `query` best, best first. `accept` tells which
    /// files may be shown.
    pub fn search(
        &self,
        query: &str,
        accept: &dyn Fn(u32) -> bool,
        limit: usize,
    ) -> Result<Vec<ChunkHit>, IndexError> {
        let weights = Weights::default();
        let query = Query::parse_weighted(query, &weights.query);
        let snapshot = self.snapshot();
        let scores =
            score(&snapshot, self.fields(), &query, &weights.score).map_err(IndexError::Read)?;
        let mut accepted = vec![None; snapshot.files.len()];
        let mut best = Best::new(limit);
        for (document, dense) in chunks_of(&snapshot) {
            let score = scores.document[document as usize];
            if score <= best.least() {
                continue;
            }
            let accepted = accepted[dense as usize]
                .get_or_insert_with(|| accept(snapshot.files[dense as usize]));
            if *accepted {
                best.offer(score, document);
            }
        }
        best.into_sorted()
            .into_iter()
            .map(|(score, document)| {
                let (segment, local) = snapshot.segment_of(document);
                let (start_line, end_line) = segment.columns.lines(local);
                let file = snapshot.files[segment.dense[local as usize] as usize];
                let why = why(&snapshot, &scores, &query, document).map_err(IndexError::Read)?;
                Ok(ChunkHit { file, start_line, end_line, score, why })
            })
            .collect()
    }

    /// The files that `query` (a bug report, a change in prose) is most likely
    /// about, best first. `prior` tells what is known of a file; none leaves it out.
    pub fn locate(
        &self,
        query: &str,
        prior: &dyn Fn(u32) -> Option<FilePrior>,
        limit: usize,
    ) -> Result<Vec<FileHit>, IndexError> {
        self.locate_weighted(query, prior, limit, &Weights::default())
    }

    /// [`SearchIndex::locate`] under other weights than the usual ones.
    pub fn locate_weighted(
        &self,
        query: &str,
        prior: &dyn Fn(u32) -> Option<FilePrior>,
        limit: usize,
        weights: &Weights,
    ) -> Result<Vec<FileHit>, IndexError> {
        let query = Query::parse_weighted(query, &weights.query);
        let snapshot = self.snapshot();
        self.locate_in(&snapshot, &query, prior, limit, weights).map_err(IndexError::Read)
    }

    fn locate_in(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        prior: &dyn Fn(u32) -> Option<FilePrior>,
        limit: usize,
        weights: &Weights,
    ) -> tantivy::Result<Vec<FileHit>> {
        let scores = score(snapshot, self.fields(), query, &weights.score)?;
        let tops = top_chunks(snapshot, &scores);
        let names = self.names(snapshot, query)?;
        let priors: Vec<Option<FilePrior>> =
            snapshot.files.iter().map(|file| prior(*file)).collect();
        let past = history(snapshot, &scores, &weights.history);
        let candidates: Vec<(usize, FilePrior)> = priors
            .iter()
            .enumerate()
            .filter(|(dense, _)| {
                tops[*dense][0].0 > 0.0 || past.votes[*dense] > 0.0 || names[*dense].1 > 0.0
            })
            .filter_map(|(dense, prior)| Some((dense, (*prior)?)))
            .collect();
        let mut all = evidence(&candidates, &scores, &tops, &names, &past);
        // What was found so far leads to what changes with it.
        let mut sources = vec![0.0; snapshot.files.len()];
        let mut tests = vec![0.0; snapshot.files.len()];
        for ((dense, prior), evidence) in candidates.iter().zip(&all) {
            match prior.role {
                FileRole::Source => sources[*dense] = weigh(evidence, &weights.evidence),
                FileRole::Test => tests[*dense] = fading_sum(&tops[*dense]),
                _ => {}
            }
        }
        let together = past.companions(&sources, &weights.history);
        let tests = past.companions(&tests, &weights.history);
        for ((dense, _), evidence) in candidates.iter().zip(&mut all) {
            evidence.together = together[*dense].sqrt();
            evidence.tests = tests[*dense].sqrt();
        }
        normalise(&mut all, &[|e| &mut e.together, |e| &mut e.tests]);
        let mut best = Best::new(limit);
        for (at, ((_, prior), evidence)) in candidates.iter().zip(&all).enumerate() {
            let score = weigh(evidence, &weights.evidence) - penalty(prior.role, query, weights);
            best.offer(score, at as u32);
        }
        best.into_sorted()
            .into_iter()
            .map(|(score, at)| {
                let dense = candidates[at as usize].0;
                let top = tops[dense][0];
                let mut hit = FileHit {
                    file: snapshot.files[dense],
                    score,
                    evidence: all[at as usize],
                    best_chunk: None,
                    why: Vec::new(),
                };
                if top.0 > 0.0 {
                    let (segment, local) = snapshot.segment_of(top.1);
                    hit.best_chunk = Some(segment.columns.lines(local));
                    hit.why = why(snapshot, &scores, query, top.1)?;
                }
                Ok(hit)
            })
            .collect()
    }

    /// For each file: how much of the query's names it defines, and how much
    /// of them is its own name.
    fn names(&self, snapshot: &Snapshot, query: &Query) -> tantivy::Result<Vec<(f32, f32)>> {
        let mut found = vec![(0.0, 0.0); snapshot.files.len()];
        let mut files: Vec<u32> = Vec::new();
        for name in &query.names {
            for field in [TextField::Symbol, TextField::Path] {
                files.clear();
                for segment in &snapshot.segments {
                    let reader = &segment.text[field as usize];
                    let info: Option<TermInfo> =
                        find(reader, self.fields().text[field as usize], &name.term)?;
                    let Some(info) = info else { continue };
                    for_each_posting(reader, &info, |document, _| {
                        files.push(segment.dense[document as usize]);
                    })?;
                }
                files.retain(|file| *file != NO_FILE);
                files.sort_unstable();
                files.dedup();
                let rare = rarity(files.len() as u32, snapshot.files.len() as u32);
                // A name that many files define points at none of them.
                let each = name.certainty * rare / (files.len() as f32).sqrt();
                for file in &files {
                    let (defines, named) = &mut found[*file as usize];
                    *(if field == TextField::Symbol { defines } else { named }) += each;
                }
            }
        }
        Ok(found)
    }
}

/// Chunks that are alive, with their dense file numbers.
fn chunks_of(snapshot: &Snapshot) -> impl Iterator<Item = (u32, u32)> {
    snapshot.segments.iter().flat_map(|segment| {
        let documents = segment.base..;
        documents.zip(segment.dense.iter().copied()).filter(|(_, dense)| *dense != NO_FILE)
    })
}

/// Scores and numbers of each file's three best chunks.
type TopChunks = [(f32, u32); 3];

fn top_chunks(snapshot: &Snapshot, scores: &Scores) -> Vec<TopChunks> {
    let mut tops: Vec<TopChunks> = vec![[(0.0, 0); 3]; snapshot.files.len()];
    for (document, dense) in chunks_of(snapshot) {
        let mut candidate = (scores.document[document as usize], document);
        if candidate.0 <= 0.0 {
            continue;
        }
        for place in &mut tops[dense as usize] {
            if candidate.0 > place.0 {
                std::mem::swap(&mut candidate, place);
            }
        }
    }
    tops
}

/// The evidence for each candidate, each part normalised over all of them.
fn evidence(
    candidates: &[(usize, FilePrior)],
    scores: &Scores,
    tops: &[TopChunks],
    names: &[(f32, f32)],
    past: &History<'_>,
) -> Vec<Evidence> {
    let mut all: Vec<Evidence> = candidates
        .iter()
        .map(|(dense, prior)| {
            Evidence {
                best: tops[*dense][0].0,
                several: fading_sum(&tops[*dense]),
                whole: scores.file[*dense].whole,
                path: scores.file[*dense].path,
                defines: names[*dense].0,
                named: names[*dense].1,
                // Of history the first signs say most.
                commits: past.votes[*dense].sqrt(),
                wording: past.wording[*dense].sqrt(),
                centrality: prior.centrality,
                ..Evidence::default()
            }
        })
        .collect();
    normalise(
        &mut all,
        &[
            |e| &mut e.best,
            |e| &mut e.several,
            |e| &mut e.whole,
            |e| &mut e.path,
            |e| &mut e.defines,
            |e| &mut e.named,
            |e| &mut e.commits,
            |e| &mut e.wording,
        ],
    );
    all
}

/// A part of evidence.
type Part = fn(&mut Evidence) -> &mut f32;

/// Divides parts by the most of them.
fn normalise(all: &mut [Evidence], parts: &[Part]) {
    for part in parts {
        let most = all.iter_mut().map(|evidence| *part(evidence)).fold(0.0, f32::max);
        if most > 0.0 {
            all.iter_mut().for_each(|evidence| *part(evidence) /= most);
        }
    }
}

/// A file's best chunks, the second and third counting less.
fn fading_sum(top: &TopChunks) -> f32 {
    top[0].0 + 0.6 * top[1].0 + 0.3 * top[2].0
}

fn weigh(evidence: &Evidence, weights: &Evidence) -> f32 {
    evidence.values().iter().zip(weights.values()).map(|(value, weight)| value * weight).sum()
}

/// A bug report asks for source files unless it speaks of others.
fn penalty(role: FileRole, query: &Query, weights: &Weights) -> f32 {
    let [test, example, doc, other] = weights.roles;
    match role {
        FileRole::Source => 0.0,
        FileRole::Test if query.about_tests => test * 0.5,
        FileRole::Test => test,
        FileRole::Example => example,
        FileRole::Doc if query.about_docs => doc * 0.5,
        FileRole::Doc => doc,
        FileRole::Other => other,
    }
}

/// Words named in a `why` at most.
const MOST_REASONS: usize = 8;

/// Which words matched a chunk, and in which fields.
fn why(
    snapshot: &Snapshot,
    scores: &Scores,
    query: &Query,
    document: u32,
) -> tantivy::Result<Vec<Match>> {
    let (segment, local) = snapshot.segment_of(document);
    let number = snapshot.segments.partition_point(|segment| segment.base <= document) - 1;
    let matched = scores.matched[document as usize];
    let mut terms: Vec<usize> =
        (0..scores.terms.len()).filter(|at| matched & 1 << at != 0).collect();
    terms.sort_by(|a, b| scores.terms[*b].weight.total_cmp(&scores.terms[*a].weight));
    terms.truncate(MOST_REASONS);
    terms
        .into_iter()
        .map(|at| {
            let term = &scores.terms[at];
            Ok(Match {
                word: query.terms[term.query_term].written.clone(),
                fields: term.fields_of(number, segment, local)?,
            })
        })
        .collect()
}

/// The best of many, in bounded memory.
struct Best {
    limit: usize,
    heap: BinaryHeap<Candidate>,
}

/// Ordered worst first, so that the heap's top is the one to drop. Of equals
/// the one met first is kept.
#[derive(PartialEq)]
struct Candidate {
    score: f32,
    number: u32,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Candidate) -> Ordering {
        other.score.total_cmp(&self.score).then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Candidate) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Best {
    fn new(limit: usize) -> Best {
        Best { limit, heap: BinaryHeap::new() }
    }

    /// What a chunk's score must exceed to be kept; no chunk scores below 0.
    fn least(&self) -> f32 {
        match self.heap.peek() {
            Some(worst) if self.heap.len() >= self.limit => worst.score,
            _ if self.limit == 0 => f32::INFINITY,
            _ => 0.0,
        }
    }

    fn offer(&mut self, score: f32, number: u32) {
        self.heap.push(Candidate { score, number });
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
    }

    /// Best first.
    fn into_sorted(self) -> Vec<(f32, u32)> {
        let sorted = self.heap.into_sorted_vec();
        sorted.into_iter().map(|candidate| (candidate.score, candidate.number)).collect()
    }
}
