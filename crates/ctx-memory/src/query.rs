//! A question to the memories, taken apart and scored.
//!
//! BM25F (Robertson, Zaragoza and Taylor, 'Simple BM25 extension to multiple
//! weighted fields', CIKM 2004) over a memory's own fields and, with less
//! weight, over what was said just before and after it in the same session:
//! an answer seldom repeats the words of its question.

use ctx_model::Timestamp;
use ctx_search::words::{WordKind, is_stop_word, words_in_identifiers};

use crate::index::{Field, MemoryNumber};
use crate::view::MemoryView;
use crate::when;

/// Different terms looked up at most.
const MOST_TERMS: usize = 64;

/// Weights of the fields, in their order.
const FIELD_WEIGHTS: [f32; Field::COUNT] = [1.0, 1.2, 1.0, 0.6, 0.8];

/// How much a field's length counts, in their order.
const FIELD_LENGTHS: [f32; Field::COUNT] = [0.6, 0.3, 0.3, 0.0, 0.0];

/// Weight of the text one and two places away in the session.
const NEAR_WEIGHTS: [f32; 2] = [0.4, 0.2];

/// Terms less rare than this, in four of ten memories or more, say nothing of
/// what stands beside them.
const LEAST_RARITY: f32 = 0.9;

/// Words (as stems) that ask for a kind of memory, and the kind's own.
const KIND_WORDS: [(&str, &str); 3] =
    [("decid", "decis"), ("learn", "lesson"), ("learnt", "lesson")];

/// How soon more occurrences of a term stop to count.
const SATURATION: f32 = 1.2;

/// What the whole session's likeness to the question adds.
const SESSION_WEIGHT: f32 = 0.4;

/// What it adds that the question names who said it.
const SPEAKER_WEIGHT: f32 = 0.2;

/// A question's term.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    /// As the index holds it.
    pub(crate) text: String,
    /// As it was written.
    pub(crate) written: String,
    /// How much a memory that holds it stands out.
    pub(crate) rarity: f32,
}

/// A question with what the memories say of its terms.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Question {
    pub(crate) terms: Vec<Term>,
}

/// How well a memory answers a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scored {
    pub(crate) memory: MemoryNumber,
    pub(crate) score: f32,
    /// The share of the question, by rarity, that is found in or near it.
    pub(crate) coverage: f32,
    /// Whether its own fields hold a term of the question.
    pub(crate) own: bool,
}

impl Question {
    /// Takes a question apart.
    pub(crate) fn new(view: &MemoryView, text: &str, now: Timestamp) -> Question {
        let mut terms: Vec<Term> = Vec::new();
        let mut add = |term: &str, written: &str| {
            if terms.len() < MOST_TERMS && !terms.iter().any(|known| known.text == term) {
                let rarity = rarity(view, term);
                terms.push(Term { text: term.to_owned(), written: written.to_owned(), rarity });
            }
        };
        let dates = when::asked_date_terms(text, now);
        for term in &dates {
            add(term, term.trim_start_matches('@'));
        }
        words_in_identifiers(text, &mut |term, kind, identifier| {
            // A part of a longer identifier stands for itself.
            let plain = identifier.chars().skip(1).all(char::is_lowercase);
            let written = if kind == WordKind::Whole || plain { identifier } else { term };
            let date = |date: &String| date[1..].eq_ignore_ascii_case(written);
            if !is_stop_word(term) && !dates.iter().any(date) {
                add(term, written);
                if let Some((_, kind)) = KIND_WORDS.iter().find(|(word, _)| *word == term) {
                    add(kind, written);
                }
            }
        });
        Question { terms }
    }

    /// Scores every memory in which, or near which, a term stands.
    pub(crate) fn score(&self, view: &MemoryView) -> Vec<Scored> {
        let count = view.memories.len();
        let mut tally = Tally::new(count, view.sessions.len());
        for term in &self.terms {
            tally.term(view, term);
        }
        let asked: f32 = self.terms.iter().map(|term| term.rarity).sum();
        let best = tally.scores.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let best_session = tally.session_scores.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        let mut scored = Vec::with_capacity(tally.found.len());
        for &memory in &tally.found {
            let at = memory as usize;
            let session = view.places[at]
                .map_or(0.0, |(session, _)| tally.session_scores[session as usize] / best_session);
            let speaker = if tally.named_speaker[at] { SPEAKER_WEIGHT } else { 0.0 };
            scored.push(Scored {
                memory,
                score: tally.scores[at] / best + SESSION_WEIGHT * session + speaker,
                coverage: tally.covered[at] / asked.max(f32::MIN_POSITIVE),
                own: tally.own[at],
            });
        }
        scored
    }
}

/// The inverse document frequency of BM25; greatest for what no memory holds.
fn rarity(view: &MemoryView, term: &str) -> f32 {
    let holding = view.index.postings(term).len() as f32;
    let all = view.index.memories() as f32;
    (1.0 + (all - holding + 0.5).max(0.0) / (holding + 0.5)).ln()
}

/// Scores under construction, by the number of memory or session.
struct Tally {
    scores: Vec<f32>,
    covered: Vec<f32>,
    own: Vec<bool>,
    named_speaker: Vec<bool>,
    session_scores: Vec<f32>,
    /// Memories with a score.
    found: Vec<MemoryNumber>,
    /// For the term being counted: its weight in each memory and session.
    weights: Vec<f32>,
    session_weights: Vec<f32>,
    touched: Vec<MemoryNumber>,
}

impl Tally {
    fn new(memories: usize, sessions: usize) -> Tally {
        Tally {
            scores: vec![0.0; memories],
            covered: vec![0.0; memories],
            own: vec![false; memories],
            named_speaker: vec![false; memories],
            session_scores: vec![0.0; sessions],
            found: Vec::new(),
            weights: vec![0.0; memories],
            session_weights: vec![0.0; sessions],
            touched: Vec::new(),
        }
    }

    fn term(&mut self, view: &MemoryView, term: &Term) {
        let averages = Field::ALL.map(|field| view.index.average_length(field));
        let mut sessions = Vec::new();
        for posting in view.index.postings(&term.text) {
            let memory = posting.memory;
            let lengthened = |field: Field| {
                let b = FIELD_LENGTHS[field as usize];
                let length = view.index.length(memory, field) / averages[field as usize];
                f32::from(posting.counts[field as usize]) / (1.0 - b + b * length)
            };
            let own: f32 = Field::ALL
                .map(|field| FIELD_WEIGHTS[field as usize] * lengthened(field))
                .iter()
                .sum();
            self.own[memory as usize] = true;
            self.named_speaker[memory as usize] |= posting.counts[Field::Who as usize] > 0;
            self.add(memory, own);
            let text = lengthened(Field::Text);
            if text > 0.0 && term.rarity > LEAST_RARITY {
                self.near(view, memory, text);
            }
            let session = view.places[memory as usize].map(|(session, _)| session);
            if let Some(session) = session.filter(|_| text > 0.0) {
                if self.session_weights[session as usize] == 0.0 {
                    sessions.push(session);
                }
                self.session_weights[session as usize] += text;
            }
        }
        for memory in self.touched.drain(..) {
            let at = memory as usize;
            let weight = std::mem::take(&mut self.weights[at]);
            if self.scores[at] == 0.0 {
                self.found.push(memory);
            }
            self.scores[at] += term.rarity * weight / (SATURATION + weight);
            self.covered[at] += term.rarity * (weight / 0.3).min(1.0);
        }
        for session in sessions {
            let at = session as usize;
            let weight = std::mem::take(&mut self.session_weights[at]);
            self.session_scores[at] += term.rarity * weight / (SATURATION + weight);
        }
    }

    /// Gives a part of a text's weight to what was said around it.
    fn near(&mut self, view: &MemoryView, memory: MemoryNumber, text: f32) {
        for (weight, distance) in NEAR_WEIGHTS.into_iter().zip(1..) {
            for by in [-distance, distance] {
                if let Some(other) = view.neighbour(memory, by)
                    && !view.hidden[other as usize]
                {
                    self.add(other, weight * text);
                }
            }
        }
    }

    fn add(&mut self, memory: MemoryNumber, weight: f32) {
        if weight <= 0.0 {
            return;
        }
        let known = &mut self.weights[memory as usize];
        if *known == 0.0 {
            self.touched.push(memory);
        }
        *known += weight;
    }
}
