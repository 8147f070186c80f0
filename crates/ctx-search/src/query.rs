//! Queries: from prose, code and stack traces to weighted terms.

use rustc_hash::FxHashMap;

use crate::terms::exact_term;
use crate::words::{WordKind, is_stop_word, words_in_identifiers};

/// Bytes of a query that are read; a longer one is a log file.
const QUERY_BYTES: usize = 32 * 1024;

/// Different terms looked up at most.
const MOST_TERMS: usize = 120;

/// Names looked up as a whole at most.
const MOST_NAMES: usize = 48;

/// A query, taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Terms, each once, the weightiest first.
    pub terms: Vec<QueryTerm>,
    /// Names that may be definitions or files, as written, and how sure the
    /// writing makes us that each is one (0 to 1).
    pub names: Vec<QueryName>,
    /// Whether it speaks of tests.
    pub about_tests: bool,
    /// Whether it speaks of documentation.
    pub about_docs: bool,
}

/// A term of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryTerm {
    /// As the index holds it.
    pub term: String,
    /// As it was first written.
    pub written: String,
    /// What it counts for, before its rarity is known.
    pub weight: f32,
}

/// A name in a query.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryName {
    /// The exact term of the index.
    pub term: String,
    /// As it was first written.
    pub written: String,
    /// 1 if quoted, called or written like an identifier, less for a plain word.
    pub certainty: f32,
}

/// How the place and number of a term's occurrences weigh.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QueryWeights {
    /// What the first words of a query count for beyond the others: a title
    /// says what it is about, details follow.
    pub lead: f32,
    /// Number of words after which that has faded to about a third.
    pub lead_words: f32,
    /// Occurrences at which repeating a term has half its effect.
    pub repeat: f32,
    /// What a whole identifier counts for, as against its parts.
    pub whole: f32,
}

impl Default for QueryWeights {
    fn default() -> QueryWeights {
        QueryWeights { lead: 1.0, lead_words: 12.0, repeat: 1.5, whole: 1.0 }
    }
}

#[derive(Default)]
struct Seen {
    weight: f32,
    count: f32,
    order: usize,
    written: String,
    whole: bool,
}

impl Query {
    /// Takes a text apart.
    pub fn parse(text: &str) -> Query {
        Query::parse_weighted(text, &QueryWeights::default())
    }

    /// Takes a text apart under other weights than the usual ones.
    pub fn parse_weighted(text: &str, weights: &QueryWeights) -> Query {
        let mut end = text.len().min(QUERY_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = &text[..end];
        let mut seen: FxHashMap<String, Seen> = FxHashMap::default();
        let mut place = 0.0_f32;
        words_in_identifiers(text, &mut |term, kind, identifier| {
            if is_stop_word(term) {
                return;
            }
            let count = seen.len();
            let entry = seen.entry(term.to_owned()).or_insert_with(|| Seen {
                order: count,
                written: identifier.to_owned(),
                ..Seen::default()
            });
            let lead = 1.0 + weights.lead * (-place / weights.lead_words).exp();
            entry.weight = entry.weight.max(lead);
            entry.count += 1.0;
            entry.whole |= kind == WordKind::Whole;
            if kind == WordKind::Part {
                place += 1.0;
            }
        });
        let mut ordered: Vec<(usize, QueryTerm)> = seen
            .into_iter()
            .map(|(term, seen)| {
                let repeat = seen.count * (1.0 + weights.repeat) / (seen.count + weights.repeat);
                let whole = if seen.whole { weights.whole } else { 1.0 };
                let weight = seen.weight * repeat * whole;
                (seen.order, QueryTerm { term, written: seen.written, weight })
            })
            .collect();
        ordered.sort_by(|a, b| b.1.weight.total_cmp(&a.1.weight).then(a.0.cmp(&b.0)));
        ordered.truncate(MOST_TERMS);
        let terms: Vec<QueryTerm> = ordered.into_iter().map(|(_, term)| term).collect();
        let lower = text.to_ascii_lowercase();
        Query {
            about_tests: speaks_of(&lower, &["test", "tests", "testsuite", "spec", "specs"]),
            about_docs: speaks_of(&lower, &["docs", "documentation", "readme", "changelog"]),
            names: names(text),
            terms,
        }
    }
}

fn speaks_of(lower: &str, nouns: &[&str]) -> bool {
    lower.split(|c: char| !c.is_alphanumeric()).take(12).any(|word| nouns.contains(&word))
}

/// Names in a text: what is quoted, called, qualified or written as an
/// identifier of several parts; also file names.
fn names(text: &str) -> Vec<QueryName> {
    let mut names: Vec<QueryName> = Vec::new();
    let mut quoted = false;
    let mut add = |written: &str, certainty: f32| {
        if written.len() < 2 || written.len() > 120 || is_stop_word(&written.to_ascii_lowercase()) {
            return;
        }
        let term = exact_term(written);
        if let Some(name) = names.iter_mut().find(|name| name.term == term) {
            name.certainty = name.certainty.max(certainty);
        } else if names.len() < MOST_NAMES {
            names.push(QueryName { term, written: written.to_owned(), certainty });
        }
    };
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        if first == '`' {
            quoted = !quoted;
        }
        if !is_name(first) {
            before = first;
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if let Some(length) = ending_length(after) {
            add(&rest[..end + length], 1.0);
        }
        let qualified = matches!(before, '.' | ':' | '@' | '>' | '#') || after.starts_with("::");
        let certainty = if quoted || after.starts_with('(') || is_compound(name) {
            1.0
        } else if qualified {
            0.8
        } else if name.starts_with(|c: char| c.is_uppercase()) {
            0.4
        } else {
            0.25
        };
        if !name.starts_with(|c: char| c.is_ascii_digit()) {
            add(name, certainty);
        }
        before = name.chars().next_back().unwrap_or(' ');
        rest = after;
    }
    names.sort_by(|a, b| b.certainty.total_cmp(&a.certainty));
    names
}

/// Length of an ending at the start of `after`, its point included: `.py`.
fn ending_length(after: &str) -> Option<usize> {
    let ending = after.strip_prefix('.')?;
    let length = ending.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(ending.len());
    let plausible = (1..=4).contains(&length)
        && ending
            .bytes()
            .take(length)
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    plausible.then_some(length + 1)
}

/// Whether a word has several parts: `get_user`, `getUser`, `HTTPServer`.
fn is_compound(name: &str) -> bool {
    let inner = name.trim_matches('_');
    let mut previous_lower = false;
    for c in inner.chars() {
        if c == '_' || (previous_lower && c.is_uppercase()) {
            return true;
        }
        previous_lower = c.is_lowercase() || c.is_ascii_digit();
    }
    inner.len() < name.len() && name.len() > 3
}
