//! Answers within a budget of tokens, page by page.

use std::hash::{DefaultHasher, Hash, Hasher};

use ctx_model::tokens::estimate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::{Freshness, Trouble};

/// The smallest budget: an item with long names fits in it, beside its freshness.
pub(super) const TOKENS_MIN: usize = 500;
/// The largest budget: assistants cut off or reject longer answers.
pub(super) const TOKENS_MAX: usize = 20_000;
/// The budget of an answer when none is given.
pub(super) const TOKENS_DEFAULT: usize = 4_000;
/// What an item of a list takes at least, more or less.
const ITEM_TOKENS: usize = 50;
/// No list is longer: who asks for more has made up a cursor.
const START_MAX: usize = 1_000_000;
/// What the names of an answer's fields and its closing words take.
const FRAME: usize = 50;

/// How long an answer may be, and where it goes on.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Paging {
    /// Token budget of the answer (default 4000)
    #[schemars(with = "u32", range(min = 500, max = 20000))]
    max_tokens: Option<usize>,
    /// next_cursor of the answer before
    #[schemars(with = "String")]
    cursor: Option<String>,
}

impl Paging {
    /// The room for an answer as fresh as this.
    pub(super) fn room(&self, freshness: &Freshness) -> Result<Room, Trouble> {
        room(self.max_tokens, freshness)
    }

    /// Which part of a list to show. `question` is what makes the question
    /// another one: a cursor goes on with its own question only.
    pub(super) fn span(&self, question: &impl Hash) -> Result<Span, Trouble> {
        let digest = digest_of(question);
        let start = match &self.cursor {
            None => 0,
            Some(cursor) => start_of(cursor, &digest)?,
        };
        let most = self.max_tokens.unwrap_or(TOKENS_DEFAULT).min(TOKENS_MAX) / ITEM_TOKENS;
        Ok(Span { start, reach: start + most + 1, digest })
    }
}

fn start_of(cursor: &str, digest: &str) -> Result<usize, Trouble> {
    let read = cursor.split_once('.').and_then(|(start, of)| {
        let start: usize = start.parse().ok()?;
        Some((start, of))
    });
    match read {
        Some((start, of)) if of == digest && start <= START_MAX => Ok(start),
        Some(_) => Err(Trouble::of_argument(
            "`cursor` belongs to another question",
            "repeat the arguments of the call that returned it, or leave it out",
        )),
        None => Err(Trouble::of_argument(
            "`cursor` is not one that was returned",
            "pass next_cursor of the answer before, or leave it out",
        )),
    }
}

/// A part of a list.
#[derive(Debug)]
pub(super) struct Span {
    /// How many items earlier pages showed.
    pub(super) start: usize,
    /// How many items to ask for: all that could be shown by the end of this
    /// page, and one more, which tells that there are more.
    pub(super) reach: usize,
    digest: String,
}

impl Span {
    /// The same part of a list that is there whole.
    pub(super) fn whole(self) -> Span {
        Span { reach: usize::MAX, ..self }
    }

    fn cursor(&self, place: usize) -> String {
        format!("{place}.{}", self.digest)
    }
}

/// The room for an answer of at most `max_tokens` that is as fresh as this.
pub(super) fn room(max_tokens: Option<usize>, freshness: &Freshness) -> Result<Room, Trouble> {
    let mut room = Room { left: room_of(max_tokens)? };
    room.spend(&freshness.text(), freshness);
    // Names of fields and the closing words.
    room.left = room.left.saturating_sub(FRAME);
    Ok(room)
}

/// How many tokens an answer may take in all.
pub(super) fn room_of(max_tokens: Option<usize>) -> Result<usize, Trouble> {
    let tokens = max_tokens.unwrap_or(TOKENS_DEFAULT);
    if !(TOKENS_MIN..=TOKENS_MAX).contains(&tokens) {
        return Err(Trouble::of_argument(
            format!("`max_tokens` is {tokens}"),
            format!("give a number from {TOKENS_MIN} to {TOKENS_MAX}"),
        ));
    }
    Ok(tokens)
}

/// How many tokens an answer may still take, its text and its structured
/// content together: some clients show a model both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    left: usize,
}

impl Room {
    /// Takes room for a text and a value if both fit together.
    pub(super) fn take(&mut self, text: &str, value: &impl Serialize) -> bool {
        let tokens = estimate(text) + estimate(&json(value)) + 2;
        let fits = tokens <= self.left;
        if fits {
            self.left -= tokens;
        }
        fits
    }

    /// Takes room whether it is there or not.
    pub(super) fn spend(&mut self, text: &str, value: &impl Serialize) {
        self.left = self.left.saturating_sub(estimate(text) + estimate(&json(value)) + 2);
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("answers hold only text and numbers")
}

/// A part of a list that had room.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// The items' lines, for reading.
    pub(super) text: String,
    pub(super) ending: Ending,
}

/// What a page leaves out.
#[derive(Debug, Default)]
pub(super) struct Ending {
    /// Where the next page starts, if there is more.
    pub(super) next_cursor: Option<String>,
    /// Items passed over because even shortened they had no room.
    pub(super) too_long: usize,
}

impl Ending {
    /// A text that says what is left out.
    pub(super) fn told(&self, mut text: String) -> String {
        if self.too_long > 0 {
            text += &format!("{} had no room: raise max_tokens.\n", self.too_long);
        }
        if let Some(cursor) = &self.next_cursor {
            text += &format!("More: cursor {cursor}\n");
        }
        text
    }
}

/// Something that a page lists.
pub(super) trait Item: Serialize {
    /// Its lines, for reading, each ended.
    fn text(&self) -> String;

    /// Makes it shorter; false when it cannot be made any shorter.
    fn shorten(&mut self) -> bool;
}

/// Takes from `items`, a whole list or as much of it as the span reaches, what
/// there is room for.
pub(super) fn page<T: Item>(room: &mut Room, items: Vec<T>, span: &Span) -> Page<T> {
    let count = items.len();
    let mut page = Page { items: Vec::new(), text: String::new(), ending: Ending::default() };
    // The cursor takes room too.
    room.spend(&span.cursor(count), &span.cursor(count));
    for (place, mut item) in items.into_iter().enumerate().skip(span.start) {
        let mut text = item.text();
        while !room.take(&text, &item) {
            // Later items are read whole on the next page.
            if !page.items.is_empty() {
                page.ending.next_cursor = Some(span.cursor(place));
                return page;
            }
            if !item.shorten() {
                page.ending.too_long += 1;
                text.clear();
                break;
            }
            text = item.text();
        }
        if !text.is_empty() {
            page.text += &text;
            page.items.push(item);
        }
    }
    if count >= span.reach {
        page.ending.next_cursor = Some(span.cursor(count));
    }
    page
}

fn digest_of(question: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    question.hash(&mut hasher);
    format!("{:08x}", hasher.finish() as u32)
}

/// Cuts a text to half its length, at a character; false if there is nothing
/// left to cut.
pub(super) fn halve(text: &mut String) -> bool {
    if text.len() < 40 {
        return false;
    }
    let mut end = text.len() / 2;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text.push('…');
    true
}
