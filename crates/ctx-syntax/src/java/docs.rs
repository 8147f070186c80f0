//! Doc comments: the `/** … */` before a definition.

use ctx_model::facts::NameId;
use tree_sitter::Node;

use super::Walk;
use crate::block_comment;

impl<'t> Walk<'_, 't> {
    /// The first paragraph of the doc comment before a definition; empty text if
    /// there is none.
    pub(super) fn doc(&mut self, whole: Node<'t>) -> NameId {
        let comment = block_comment::ending(&self.build.text[..whole.start_byte()]);
        match comment.and_then(|comment| comment.strip_prefix("/**")) {
            Some(comment) => {
                let paragraph = without_tags(&first_paragraph(comment));
                self.build.doc(&paragraph)
            }
            None => 0,
        }
    }
}

/// The lines up to the first empty one, paragraph tag or block tag.
fn first_paragraph(comment: &str) -> String {
    let mut paragraph = String::new();
    for line in comment.lines() {
        let line = line.trim().trim_start_matches('*').trim();
        let begins_anew = line.is_empty() || line.starts_with("<p>") || line.starts_with("<P>");
        if line.starts_with('@') || begins_anew && !paragraph.is_empty() {
            break;
        }
        if !line.is_empty() {
            paragraph.push_str(line);
            paragraph.push('\n');
        }
    }
    paragraph
}

/// The text without HTML tags; of inline tags only what they show is kept:
/// `{@link Shop}` gives `Shop`.
fn without_tags(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{', '}']) {
        shown.push_str(&rest[..at]);
        let tag = &rest[at..];
        rest = match tag.as_bytes() {
            [b'{', b'@', ..] => {
                let name_end = tag.find(char::is_whitespace).unwrap_or(tag.len());
                tag[name_end..].trim_start()
            }
            [b'}', ..] => &tag[1..],
            [b'<', next, ..] if next.is_ascii_alphabetic() || *next == b'/' => {
                tag.find('>').map_or("", |end| &tag[end + 1..])
            }
            _ => {
                shown.push_str(&tag[..1]);
                &tag[1..]
            }
        };
    }
    shown.push_str(rest);
    shown
}
