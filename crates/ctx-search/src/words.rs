//! Words: how text becomes the terms of the index.
//!
//! An identifier gives its parts (split at underscores, at case changes and
//! between letters and digits) and, if there are several, itself in lower
//! case without underscores, so that `getUser`, `get_user` and `GET_USER`
//! meet. Parts are stemmed by the Snowball English stemmer.

use std::cell::RefCell;

use rust_stemmers::{Algorithm, Stemmer};

/// Longest word kept, in bytes; longer ones are encoded blobs, not words.
pub const LONGEST_WORD: usize = 64;

/// Parts longer than this are left as they are, without a stem.
const LONGEST_STEMMED: usize = 24;

/// Slots of the cache of stems: a power of two. 4096 slots hold nearly every
/// word of a large project and take 216 KiB.
const CACHE_SLOTS: usize = 4096;

/// What a term is to the text it was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    /// The only part of an identifier, or one part of several.
    Part,
    /// A whole identifier of several parts.
    Whole,
    /// A part that says too little to be asked for, see [`is_stop_word`].
    Stop,
}

/// Calls `each` with every term of `text`, in order, as the index holds them.
pub fn words(text: &str, each: &mut impl FnMut(&str)) {
    with_splitter(|splitter| splitter.split(text, &mut |word, _, _| each(word)));
}

/// Calls `each` with every term of `text` that is no stop word, in order.
pub fn meaningful_words(text: &str, each: &mut impl FnMut(&str)) {
    with_splitter(|splitter| {
        splitter.split(text, &mut |word, kind, _| {
            if kind != WordKind::Stop {
                each(word);
            }
        });
    });
}

/// Calls `each` with every term of `text`, what it is, and the identifier it was
/// found in, as written.
pub fn words_in_identifiers(text: &str, each: &mut impl FnMut(&str, WordKind, &str)) {
    with_splitter(|splitter| splitter.split(text, each));
}

/// The term under which an identifier as a whole is found: lower case, without
/// underscores. An identifier of one part has only its stem.
pub fn whole_term(identifier: &str) -> String {
    let mut last = String::new();
    words_in_identifiers(identifier, &mut |word, _, _| {
        last.clear();
        last.push_str(word);
    });
    last
}

fn with_splitter<T>(act: impl FnOnce(&mut Splitter) -> T) -> T {
    thread_local! {
        static SPLITTER: RefCell<Splitter> = RefCell::new(Splitter::default());
    }
    SPLITTER.with(|splitter| match splitter.try_borrow_mut() {
        Ok(mut splitter) => act(&mut splitter),
        // A caller's closure asked for words while being handed words.
        Err(_) => act(&mut Splitter::default()),
    })
}

#[derive(Clone, Copy)]
struct CachedStem {
    word: [u8; LONGEST_STEMMED],
    stem: [u8; LONGEST_STEMMED],
    word_length: u8,
    stem_length: u8,
    kind: WordKind,
}

const EMPTY_SLOT: CachedStem = CachedStem {
    word: [0; LONGEST_STEMMED],
    stem: [0; LONGEST_STEMMED],
    word_length: 0,
    stem_length: 0,
    kind: WordKind::Part,
};

/// Splits texts into terms; keeps the stems of words it has met.
struct Splitter {
    stemmer: Stemmer,
    cache: Vec<CachedStem>,
    part: String,
    whole: String,
}

impl Default for Splitter {
    fn default() -> Splitter {
        Splitter {
            stemmer: Stemmer::create(Algorithm::English),
            cache: Vec::new(),
            part: String::new(),
            whole: String::new(),
        }
    }
}

impl Splitter {
    fn split(&mut self, text: &str, each: &mut impl FnMut(&str, WordKind, &str)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !IDENTIFIER_BYTE[usize::from(bytes[at])] {
                at += 1;
                continue;
            }
            let start = at;
            let mut ascii = true;
            while at < bytes.len() && IDENTIFIER_BYTE[usize::from(bytes[at])] {
                ascii &= bytes[at] < 0x80;
                at += 1;
            }
            let identifier = &text[start..at];
            if ascii {
                self.split_ascii(identifier, each);
            } else {
                self.split_unicode(identifier, each);
            }
        }
    }

    /// Text with letters beyond ASCII: split at whatever is no letter or digit.
    fn split_unicode(&mut self, text: &str, each: &mut impl FnMut(&str, WordKind, &str)) {
        for run in text.split(|c: char| !c.is_alphanumeric()) {
            if run.is_ascii() {
                self.split_ascii(run, each);
            } else if run.len() <= LONGEST_WORD {
                let mut lower = std::mem::take(&mut self.part);
                lower.clear();
                lower.extend(run.chars().flat_map(char::to_lowercase));
                each(&lower, WordKind::Part, run);
                self.part = lower;
            }
        }
    }

    fn split_ascii(&mut self, identifier: &str, each: &mut impl FnMut(&str, WordKind, &str)) {
        let bytes = identifier.as_bytes();
        if bytes.len() > LONGEST_WORD {
            return;
        }
        self.whole.clear();
        let mut parts = 0;
        let mut at = 0;
        while at < bytes.len() {
            let end = part_end(bytes, at);
            if bytes[at] != b'_' {
                parts += 1;
                self.part.clear();
                self.part
                    .extend(bytes[at..end].iter().map(|byte| byte.to_ascii_lowercase() as char));
                self.whole.push_str(&self.part);
                // Single letters and digits say nothing of their own.
                if self.part.len() > 1 {
                    self.emit_stem(identifier, each);
                }
            }
            at = end;
        }
        if parts > 1 {
            each(&self.whole, WordKind::Whole, identifier);
        }
    }

    /// Hands out the stem of `self.part`.
    fn emit_stem(&mut self, identifier: &str, each: &mut impl FnMut(&str, WordKind, &str)) {
        let word = self.part.as_bytes();
        if word.len() > LONGEST_STEMMED {
            each(&self.part, WordKind::Part, identifier);
            return;
        }
        if self.cache.is_empty() {
            self.cache = vec![EMPTY_SLOT; CACHE_SLOTS];
        }
        let slot = &mut self.cache[slot_of(word)];
        if &slot.word[..usize::from(slot.word_length)] != word {
            let has_stem = word.len() > 2 && !word[0].is_ascii_digit();
            let stem =
                if has_stem { self.stemmer.stem(&self.part) } else { self.part.as_str().into() };
            slot.kind = if is_stop_word(&stem) { WordKind::Stop } else { WordKind::Part };
            let length = stem.len().min(LONGEST_STEMMED);
            slot.word[..word.len()].copy_from_slice(word);
            slot.word_length = word.len() as u8;
            slot.stem[..length].copy_from_slice(&stem.as_bytes()[..length]);
            slot.stem_length = length as u8;
        }
        let stem = &slot.stem[..usize::from(slot.stem_length)];
        each(std::str::from_utf8(stem).unwrap_or(&self.part), slot.kind, identifier);
    }
}

/// Where the part that starts at `start` ends. A run of underscores is a part
/// of its own.
fn part_end(bytes: &[u8], start: usize) -> usize {
    let run = |from: usize, is: fn(&u8) -> bool| {
        from + bytes[from..].iter().take_while(|byte| is(byte)).count()
    };
    match bytes[start] {
        b'_' => run(start, |byte| *byte == b'_'),
        b'0'..=b'9' => run(start, u8::is_ascii_digit),
        b'a'..=b'z' => run(start, u8::is_ascii_lowercase),
        _ => {
            let capitals = run(start, u8::is_ascii_uppercase);
            let end = run(capitals, u8::is_ascii_lowercase);
            if capitals - start > 1 && end > capitals && !is_plural(bytes, capitals, end) {
                // `HTTPServer`: the last capital begins the next part.
                capitals - 1
            } else {
                end
            }
        }
    }
}

/// `URLs`, `IDs`: one lower-case `s` after capitals belongs to them.
fn is_plural(bytes: &[u8], capitals: usize, end: usize) -> bool {
    end - capitals == 1 && bytes[capitals] == b's'
}

fn slot_of(word: &[u8]) -> usize {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in word {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash >> 20) as usize & (CACHE_SLOTS - 1)
}

/// Bytes of identifiers: letters, digits, underscore and all of UTF-8 beyond ASCII.
static IDENTIFIER_BYTE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = byte >= 0x80 || byte == b'_' as usize || (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// Whether a term (as [`words`] gives it) says too little to be asked for: an
/// English function word, or what commit messages and bug reports always say.
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// Sorted. Stems as the stemmer gives them stand beside the words themselves.
static STOP_WORDS: &[&str] = &[
    "about", "after", "all", "also", "an", "and", "ani", "any", "are", "as", "at", "be", "been",
    "befor", "before", "being", "both", "but", "by", "can", "could", "did", "do", "doe", "does",
    "don", "done", "dure", "during", "each", "eg", "etc", "few", "for", "from", "had", "has",
    "have", "he", "her", "his", "how", "if", "in", "instead", "into", "is", "it", "its", "just",
    "may", "might", "more", "most", "must", "my", "no", "nor", "not", "now", "of", "on", "onli",
    "only", "or", "other", "our", "out", "own", "per", "same", "she", "should", "so", "some",
    "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this",
    "those", "to", "too", "us", "veri", "very", "via", "was", "we", "were", "what", "when",
    "where", "whi", "which", "while", "who", "whom", "why", "will", "with", "would", "you", "your",
];

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let mut terms = Vec::new();
        words(text, &mut |word| terms.push(word.to_owned()));
        expected.assert_eq(&terms.join(" "));
    }

    #[test]
    fn identifiers_split_on_case_underscore_and_digits_and_stay_whole() {
        check("getHTTPResponse", expect!["get http respons gethttpresponse"]);
        check("get_user_by_id", expect!["get user by id getuserbyid"]);
        check("MAX_SIZE utf8 __init__", expect!["max size maxsize utf utf8 init"]);
        check("URLs IDs x i", expect!["url id"]);
    }

    #[test]
    fn prose_is_stemmed() {
        check(
            "Fixes parametrization of overridden fixtures.",
            expect!["fix parametr of overridden fixtur"],
        );
    }

    #[test]
    fn letters_beyond_ascii_make_words_too() {
        check("Größe naïve\u{200b}x_café", expect!["größe naïve café"]);
    }

    #[test]
    fn encoded_blobs_are_not_words() {
        check(&"A".repeat(65), expect![""]);
    }

    #[test]
    fn stop_words_are_sorted_for_the_search() {
        assert!(STOP_WORDS.is_sorted());
        assert!(is_stop_word("the") && !is_stop_word("index"));
    }
}
