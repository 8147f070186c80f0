//! Terms: what a chunk, a commit or a name puts into each field of the index.

use std::ops::Range;

use crate::document::{Chunk, FileDocument};
use crate::fields::{TEXT_FIELDS, TextField};
use crate::words::meaningful_words;

/// Stands before a name that is found as a whole only: definitions by their own
/// names, files by theirs.
pub(crate) const EXACT: char = '=';

/// Bytes of a commit's message that are read for words.
const MESSAGE_BYTES: usize = 4 * 1024;

/// Makes the terms of chunks, one file after the other.
#[derive(Debug, Default)]
pub(crate) struct ChunkTerms {
    path: String,
    /// The first comment that may reach into the next chunk.
    next_comment: usize,
}

impl ChunkTerms {
    /// Takes a file in hand; its chunks must follow in order.
    pub(crate) fn begin_file(&mut self, file: &FileDocument<'_>) {
        self.next_comment = 0;
        self.path = path_terms(file.path);
    }

    /// The terms of a chunk, in the order of [`TextField::ALL`], each followed
    /// by a space.
    pub(crate) fn chunk(
        &mut self,
        file: &FileDocument<'_>,
        chunk: &Chunk,
    ) -> [String; TEXT_FIELDS] {
        let mut terms: [String; TEXT_FIELDS] = Default::default();
        terms[TextField::Path as usize].clone_from(&self.path);
        for definition in &file.definitions[chunk.begins.clone()] {
            push_name(&mut terms[TextField::Symbol as usize], definition.name);
            push_words(&mut terms[TextField::Signature as usize], definition.signature);
        }
        for at in &chunk.encloses {
            push_words(&mut terms[TextField::Signature as usize], file.definitions[*at].name);
        }
        let (body, comment) = terms.split_at_mut(TextField::Comment as usize);
        self.push_text(file, &chunk.bytes, &mut body[TextField::Body as usize], &mut comment[0]);
        terms
    }

    /// The chunk's text, split into code and comments.
    fn push_text(
        &mut self,
        file: &FileDocument<'_>,
        bytes: &Range<usize>,
        body: &mut String,
        comment: &mut String,
    ) {
        body.reserve(bytes.len());
        let mut at = bytes.start;
        while let Some(range) = file.comments.get(self.next_comment) {
            let start = (range.start as usize).clamp(at, bytes.end);
            let end = (range.end as usize).clamp(start, bytes.end);
            push_words(body, file.text.get(at..start).unwrap_or(""));
            push_words(comment, file.text.get(start..end).unwrap_or(""));
            at = end;
            if range.end as usize > bytes.end {
                break;
            }
            self.next_comment += 1;
        }
        push_words(body, file.text.get(at..bytes.end).unwrap_or(""));
    }
}

/// The terms of a path: the words of its parts, and its name with and without
/// ending as a whole.
pub(crate) fn path_terms(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let without_ending = &path[..path.len() - (name.len() - stem.len())];
    let mut terms = String::with_capacity(path.len() + 2 * name.len() + 8);
    push_words(&mut terms, without_ending);
    push_exact(&mut terms, name);
    if !stem.is_empty() && stem != name {
        push_exact(&mut terms, stem);
    }
    terms
}

/// The terms of a commit's message.
pub(crate) fn message_terms(message: &str) -> String {
    let mut end = message.len().min(MESSAGE_BYTES);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    let mut terms = String::with_capacity(end);
    for line in message[..end].lines().filter(|line| !is_trailer(line)) {
        push_words(&mut terms, line);
    }
    terms
}

/// Lines that name people and tools, not the change.
fn is_trailer(line: &str) -> bool {
    let marks = ["Co-authored-by:", "Signed-off-by:", "Reviewed-by:", "Change-Id:", "git-svn-id:"];
    marks
        .iter()
        .any(|mark| line.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
}

/// A definition's name: its words and itself as a whole.
fn push_name(terms: &mut String, name: &str) {
    push_words(terms, name);
    push_exact(terms, name);
}

fn push_words(terms: &mut String, text: &str) {
    meaningful_words(text, &mut |word| {
        terms.push_str(word);
        terms.push(' ');
    });
}

fn push_exact(terms: &mut String, name: &str) {
    terms.push(EXACT);
    push_folded(terms, name);
    terms.push(' ');
}

/// The exact term of a name.
pub(crate) fn exact_term(name: &str) -> String {
    let mut term = String::with_capacity(name.len() + 1);
    term.push(EXACT);
    push_folded(&mut term, name);
    term
}

/// Case, underscores and dollar signs do not tell names apart; spaces would
/// cut terms in two.
fn push_folded(terms: &mut String, name: &str) {
    let kept = name.chars().filter(|c| !matches!(c, '_' | '$' | ' ' | '\u{0}')).take(80);
    terms.extend(kept.flat_map(char::to_lowercase));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{chunks, outlined};
    use expect_test::expect;

    #[test]
    fn each_field_gets_its_part_of_a_chunk() {
        let text = "# Caches users.\nclass UserCache:\n    def get_user(self, key):\n        return store[key]\n";
        let (definitions, comments) = outlined(text);
        let file = FileDocument {
            file: 1,
            path: "src/cache/UserCache.py",
            text,
            comments: &comments,
            definitions: &definitions,
        };
        let mut maker = ChunkTerms::default();
        maker.begin_file(&file);
        let terms = maker.chunk(&file, &chunks(text, &definitions)[0]);
        let shown: Vec<String> =
            TextField::ALL.iter().zip(terms).map(|(f, t)| format!("{}: {t}", f.name())).collect();
        expect![[r#"
            path: src cach user cach usercache =usercache.py =usercache 
            symbol: user cach usercache =usercache get user getuser =getuser 
            signature: class user cach usercache def get user getuser self key 
            body: class user cach usercache def get user getuser self key return store key 
            comment: cach user "#]]
        .assert_eq(&shown.join("\n"));
    }

    #[test]
    fn people_in_trailers_are_not_part_of_a_message() {
        let terms = message_terms("Fix the cache\n\nCo-Authored-By: Ann <a@b.c>\n");
        assert_eq!(terms, "fix cach ");
    }
}
