//! The words of memories: postings per field, kept up one memory at a time.

use ctx_search::words::{is_stop_word, words};
use rustc_hash::FxHashMap;

/// Number of a memory in its view.
pub(crate) type MemoryNumber = u32;

/// Where a word of a memory stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Field {
    /// What was said.
    Text = 0,
    /// Symbols and paths that it speaks of.
    About = 1,
    /// Tags and the kind.
    Tags = 2,
    /// Who said it, and in which session.
    Who = 3,
    /// When it was said, in words.
    Date = 4,
}

impl Field {
    pub(crate) const COUNT: usize = 5;
    pub(crate) const ALL: [Field; Field::COUNT] =
        [Field::Text, Field::About, Field::Tags, Field::Who, Field::Date];
}

/// A memory that holds a term, and how often in each field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Posting {
    pub(crate) memory: MemoryNumber,
    pub(crate) counts: [u8; Field::COUNT],
}

/// Postings of all memories that are not forgotten.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    terms: FxHashMap<Box<str>, u32>,
    postings: Vec<Vec<Posting>>,
    lengths: Vec<[u16; Field::COUNT]>,
    totals: [u64; Field::COUNT],
    memories: u32,
}

impl Index {
    /// Adds the memory of the next number.
    pub(crate) fn add(&mut self, memory: MemoryNumber, fields: &[(Field, String)]) {
        let counted = self.count(fields);
        let mut lengths = [0_u16; Field::COUNT];
        for (term, counts) in counted {
            for (length, count) in lengths.iter_mut().zip(counts) {
                *length = length.saturating_add(u16::from(count));
            }
            self.postings[term as usize].push(Posting { memory, counts });
        }
        for (total, length) in self.totals.iter_mut().zip(lengths) {
            *total += u64::from(length);
        }
        self.lengths.resize(memory as usize + 1, [0; Field::COUNT]);
        self.lengths[memory as usize] = lengths;
        self.memories += 1;
    }

    /// Takes a memory out; `fields` are those it was added with.
    pub(crate) fn remove(&mut self, memory: MemoryNumber, fields: &[(Field, String)]) {
        for (term, _) in self.count(fields) {
            let postings = &mut self.postings[term as usize];
            if let Ok(at) = postings.binary_search_by_key(&memory, |posting| posting.memory) {
                postings.remove(at);
            }
        }
        if let Some(lengths) = self.lengths.get_mut(memory as usize) {
            for (total, length) in self.totals.iter_mut().zip(*lengths) {
                *total -= u64::from(length);
            }
            *lengths = [0; Field::COUNT];
            self.memories -= 1;
        }
    }

    /// Terms of some texts with their counts, in order of the terms' numbers.
    fn count(&mut self, fields: &[(Field, String)]) -> Vec<(u32, [u8; Field::COUNT])> {
        let mut counted: FxHashMap<u32, [u8; Field::COUNT]> = FxHashMap::default();
        for (field, text) in fields {
            let mut add = |term: &str| {
                let next = self.terms.len() as u32;
                let number = match self.terms.get(term) {
                    Some(&number) => number,
                    None => {
                        self.terms.insert(term.into(), next);
                        self.postings.push(Vec::new());
                        next
                    }
                };
                let count = &mut counted.entry(number).or_default()[*field as usize];
                *count = count.saturating_add(1);
            };
            match field {
                // Dates are terms already.
                Field::Date => text.split_ascii_whitespace().for_each(&mut add),
                _ => words(text, &mut |word| {
                    if !is_stop_word(word) {
                        add(word);
                    }
                }),
            }
        }
        let mut counted: Vec<_> = counted.into_iter().collect();
        counted.sort_unstable_by_key(|(term, _)| *term);
        counted
    }

    /// Memories that hold a term, in order of their numbers.
    pub(crate) fn postings(&self, term: &str) -> &[Posting] {
        let number = self.terms.get(term).map(|number| *number as usize);
        number.and_then(|number| self.postings.get(number)).map_or(&[], Vec::as_slice)
    }

    /// The counts of a term in one memory.
    pub(crate) fn counts(&self, term: &str, memory: MemoryNumber) -> [u8; Field::COUNT] {
        let postings = self.postings(term);
        let found = postings.binary_search_by_key(&memory, |posting| posting.memory);
        found.map_or([0; Field::COUNT], |at| postings[at].counts)
    }

    /// How many memories there are to find.
    pub(crate) fn memories(&self) -> u32 {
        self.memories
    }

    /// Words in a field of a memory.
    pub(crate) fn length(&self, memory: MemoryNumber, field: Field) -> f32 {
        self.lengths.get(memory as usize).map_or(0.0, |lengths| f32::from(lengths[field as usize]))
    }

    /// Words in a field of the average memory.
    pub(crate) fn average_length(&self, field: Field) -> f32 {
        (self.totals[field as usize] as f32 / self.memories.max(1) as f32).max(1.0)
    }
}
