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
    /// What two or three neighbouring words count for as one identifier:
    /// 'render cache' is often written `renderCache`.
    pub joined: f32,
    /// What the words of every change count for: fix, add, ensure.
    pub change: f32,
}

impl Default for QueryWeights {
    fn default() -> QueryWeights {
        QueryWeights {
            lead: 0.5,
            lead_words: 12.0,
            repeat: 1.5,
            whole: 1.5,
            joined: 0.5,
            change: 0.4,
        }
    }
}

/// Stems of words that say that something changes, not what. They are rare in
/// code, so rarity alone would make them weigh most. Sorted.
static CHANGE_WORDS: &[&str] = &[
    "actual",
    "add",
    "adjust",
    "allow",
    "also",
    "appli",
    "avoid",
    "becaus",
    "behavior",
    "behaviour",
    "better",
    "bug",
    "bugfix",
    "call",
    "case",
    "caus",
    "chang",
    "check",
    "cleanup",
    "correct",
    "current",
    "enabl",
    "ensur",
    "error",
    "even",
    "exist",
    "fail",
    "fix",
    "follow",
    "get",
    "give",
    "given",
    "handl",
    "howev",
    "implement",
    "improv",
    "incorrect",
    "introduc",
    "issu",
    "keep",
    "let",
    "like",
    "make",
    "miss",
    "move",
    "need",
    "new",
    "now",
    "one",
    "pass",
    "possibl",
    "prevent",
    "previous",
    "problem",
    "properli",
    "refactor",
    "remov",
    "respect",
    "return",
    "see",
    "set",
    "simplifi",
    "sinc",
    "still",
    "support",
    "take",
    "thing",
    "two",
    "unnecessari",
    "updat",
    "use",
    "want",
    "way",
    "without",
    "work",
    "wrong",
];

#[derive(Default)]
struct Seen {
    weight: f32,
    count: f32,
    order: usize,
    written: String,
    whole: bool,
    change: bool,
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
            if kind == WordKind::Stop {
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
            entry.change = CHANGE_WORDS.binary_search(&term).is_ok();
            if kind == WordKind::Part {
                place += 1.0;
            }
        });
        for_each_joined(text, &mut |place, written| {
            let term: String =
                written.chars().filter(|c| *c != ' ').flat_map(char::to_lowercase).collect();
            let order = seen.len();
            seen.entry(term).or_insert_with(|| Seen {
                weight: weights.joined * (1.0 + weights.lead * (-place / weights.lead_words).exp()),
                count: 1.0,
                order,
                written: written.to_owned(),
                ..Seen::default()
            });
        });
        let mut ordered: Vec<(usize, QueryTerm)> = seen
            .into_iter()
            .map(|(term, seen)| {
                let repeat = seen.count * (1.0 + weights.repeat) / (seen.count + weights.repeat);
                let whole = if seen.whole { weights.whole } else { 1.0 };
                let change = if seen.change { weights.change } else { 1.0 };
                let weight = seen.weight * repeat * whole * change;
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

/// Calls `each` with every two and three neighbouring plain words, and the
/// number of words before the last of them. Only single spaces and hyphens
/// stand between neighbours.
fn for_each_joined(text: &str, each: &mut impl FnMut(f32, &str)) {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let mut place = 0.0;
    // Where the last words of the present run begin.
    let mut run: Vec<usize> = Vec::new();
    let mut at = 0;
    for token in text.split([' ', '-']) {
        let start = at;
        at += token.len() + 1;
        let word = token.trim_matches(|c| !is_part(c));
        let plain = (2..20).contains(&word.len())
            && word.chars().all(is_part)
            && !is_stop_word(&word.to_ascii_lowercase());
        if !plain || !token.starts_with(is_part) {
            run.clear();
        }
        if plain {
            place += 1.0;
            let word_start = start + token.find(word).unwrap_or(0);
            run.push(word_start);
            let end = word_start + word.len();
            for first in run.iter().rev().skip(1).take(2) {
                each(place, &text[*first..end].replace('-', " "));
            }
        }
        if !token.ends_with(is_part) {
            run.clear();
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

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let query = Query::parse(text);
        let terms: Vec<String> =
            query.terms.iter().map(|term| format!("{} {:.2}", term.term, term.weight)).collect();
        let names: Vec<String> =
            query.names.iter().map(|name| format!("{} {}", name.term, name.certainty)).collect();
        expected.assert_eq(&format!("{}\n{}", terms.join(", "), names.join(", ")));
    }

    #[test]
    fn rare_kinds_of_words_count_more_than_words_of_change() {
        check(
            "Fix renderCache of the slots",
            expect![[r#"
            rendercache 2.08, render 1.46, cach 1.42, slot 1.39, fixrendercache 0.71, fix 0.60
            =rendercache 1, =fix 0.4, =slots 0.25"#]],
        );
    }

    #[test]
    fn neighbours_may_be_one_identifier() {
        check(
            "render cache, prop",
            expect![[r#"
            render 1.50, cach 1.46, prop 1.42, rendercache 0.71
            =render 0.25, =cache 0.25, =prop 0.25"#]],
        );
    }

    #[test]
    fn names_are_told_by_how_they_are_written() {
        check(
            "`watch` in src/app.ts:12 calls Foo::bar(x) and run_all",
            expect![[r#"
            runall 1.85, watch 1.50, src 1.46, app 1.42, ts 1.39, 12 1.36, foo 1.30, bar 1.28, run 1.26, call 0.53
            =watch 1, =app.ts 1, =bar 1, =runall 1, =ts 0.8, =foo 0.8, =src 0.25, =app 0.25, =calls 0.25"#]],
        );
    }

    #[test]
    fn a_query_speaks_of_tests_if_its_beginning_does() {
        assert!(Query::parse("Flaky test in the queue").about_tests);
        assert!(!Query::parse("Fix the latest queue").about_tests);
    }

    #[test]
    fn change_words_are_sorted_for_the_search() {
        assert!(CHANGE_WORDS.is_sorted());
    }
}
