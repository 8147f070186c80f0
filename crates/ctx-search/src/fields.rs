//! Fields of the index and the documents written into them.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tantivy::schema::document::{ReferenceValue, ReferenceValueLeaf, Value};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{Document, Term};

/// The layout of the index; a stored index of another one is rebuilt.
pub(crate) const FORMAT: u32 = 1;

/// Name under which tantivy knows [`TermsTokenizer`].
pub(crate) const TOKENIZER: &str = "terms";

/// The text fields of a chunk, in the order of [`TextField::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TextField {
    /// The file's path.
    Path,
    /// Names of the definitions that begin in the chunk.
    Symbol,
    /// Their signatures, and the names of what encloses the chunk.
    Signature,
    /// Identifiers and literals of the code, or the text of prose.
    Body,
    /// Comments and doc strings.
    Comment,
}

impl TextField {
    /// Every text field of a chunk.
    pub const ALL: [TextField; 5] = [
        TextField::Path,
        TextField::Symbol,
        TextField::Signature,
        TextField::Body,
        TextField::Comment,
    ];

    /// The name printed everywhere.
    pub fn name(self) -> &'static str {
        match self {
            TextField::Path => "path",
            TextField::Symbol => "symbol",
            TextField::Signature => "signature",
            TextField::Body => "body",
            TextField::Comment => "comment",
        }
    }
}

/// Number of text fields of a chunk.
pub(crate) const TEXT_FIELDS: usize = TextField::ALL.len();

/// The fields as tantivy numbers them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// What a document belongs to: a file's number, or a commit's key.
    pub(crate) key: Field,
    /// Chunks: first line in the upper, last line in the lower half.
    /// Commits: author time, seconds since 1970.
    pub(crate) place: Field,
    /// Commits: numbers of the files they touched.
    pub(crate) touched: Field,
    /// Commits: words of the message.
    pub(crate) message: Field,
    /// Chunks: the text fields.
    pub(crate) text: [Field; TEXT_FIELDS],
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqs)
        .set_fieldnorms(true);
    let text = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        key: builder.add_u64_field("key", INDEXED | FAST),
        place: builder.add_u64_field("place", FAST),
        touched: builder.add_u64_field("touched", FAST),
        message: builder.add_text_field("message", text.clone()),
        text: TextField::ALL.map(|field| builder.add_text_field(field.name(), text.clone())),
    };
    (builder.build(), fields)
}

impl Fields {
    pub(crate) fn key_term(&self, key: u64) -> Term {
        Term::from_field_u64(self.key, key)
    }
}

/// Set in the keys of commits, never in those of files.
const COMMIT_BIT: u64 = 1 << 63;

/// The key of a file's chunks.
pub(crate) fn file_key(file: u32) -> u64 {
    u64::from(file)
}

/// The key of a commit: a digest of its name.
pub(crate) fn commit_key(id: &str) -> u64 {
    // Object names are digests already: their first 15 digits serve. What is
    // none (a test's name) is mixed byte by byte.
    let digits = id.get(..15).and_then(|digits| u64::from_str_radix(digits, 16).ok());
    let mixed = || {
        id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    };
    digits.unwrap_or_else(mixed) | COMMIT_BIT
}

/// The file a key belongs to; none for a commit's.
pub(crate) fn key_file(key: u64) -> Option<u32> {
    if key & COMMIT_BIT == 0 { u32::try_from(key).ok() } else { None }
}

/// Cuts text at spaces: documents come with their terms already made.
#[derive(Debug, Clone, Default)]
pub(crate) struct TermsTokenizer {
    token: Token,
}

pub(crate) struct Terms<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl Tokenizer for TermsTokenizer {
    type TokenStream<'a> = Terms<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms<'a> {
        self.token.reset();
        self.token.position = 0;
        Terms { rest: text, token: &mut self.token }
    }
}

impl TokenStream for Terms<'_> {
    fn advance(&mut self) -> bool {
        if self.rest.is_empty() {
            return false;
        }
        let bytes = self.rest.as_bytes();
        let end = bytes.iter().position(|byte| *byte == b' ').unwrap_or(bytes.len());
        self.token.text.clear();
        self.token.text.push_str(&self.rest[..end]);
        self.rest = self.rest.get(end + 1..).unwrap_or("");
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// A document on its way to the indexing thread.
#[derive(Debug)]
pub(crate) struct IndexedDocument {
    pub(crate) values: Vec<(Field, FieldValue)>,
    pub(crate) _ticket: Ticket,
}

/// A value of a field.
#[derive(Debug)]
pub(crate) enum FieldValue {
    Number(u64),
    /// Terms, each followed by a space.
    Terms(String),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum BorrowedValue<'a> {
    Number(u64),
    Terms(&'a str),
}

impl<'a> Value<'a> for BorrowedValue<'a> {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = std::iter::Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match *self {
            BorrowedValue::Number(number) => ReferenceValueLeaf::U64(number),
            BorrowedValue::Terms(terms) => ReferenceValueLeaf::Str(terms),
        })
    }
}

impl Document for IndexedDocument {
    type Value<'a> = BorrowedValue<'a>;
    type FieldsValuesIter<'a> = Box<dyn Iterator<Item = (Field, BorrowedValue<'a>)> + 'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        Box::new(self.values.iter().map(|(field, value)| {
            let value = match value {
                FieldValue::Number(number) => BorrowedValue::Number(*number),
                FieldValue::Terms(terms) => BorrowedValue::Terms(terms),
            };
            (*field, value)
        }))
    }
}

/// Documents that may wait for the indexing thread: tantivy's own queue of
/// 10,000 would hold far more memory than the index being built.
const MOST_WAITING: usize = 128;

/// Keeps the caller from running ahead of the indexing thread.
#[derive(Debug, Default)]
pub(crate) struct Turnstile {
    waiting: Mutex<usize>,
    left: Condvar,
}

/// A document's place in the queue, given back when the document is dropped.
#[derive(Debug)]
pub(crate) struct Ticket(Arc<Turnstile>);

impl Turnstile {
    /// Waits until few enough documents wait. Gives way after a while even if
    /// none leave: the indexing thread may have died, which the next call to
    /// the writer reports.
    pub(crate) fn enter(self: &Arc<Self>) -> Ticket {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut waiting, _) = self
            .left
            .wait_timeout_while(waiting, Duration::from_secs(10), |waiting| {
                *waiting >= MOST_WAITING
            })
            .unwrap_or_else(PoisonError::into_inner);
        *waiting += 1;
        Ticket(Arc::clone(self))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = waiting.saturating_sub(1);
        // Waking the caller for every document would switch threads as often.
        if *waiting == MOST_WAITING / 2 {
            self.0.left.notify_all();
        }
    }
}
