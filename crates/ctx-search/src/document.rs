//! Documents: what is put into the index, and how a file is cut into chunks.

use std::ops::Range;

use crate::outline;

/// Lines of a chunk at most.
pub const CHUNK_LINES: usize = 60;

/// Lines of a chunk at least, unless the file ends.
const LEAST_LINES: usize = 24;

/// Lines of a chunk where no definition says where to cut.
const PLAIN_LINES: usize = 48;

/// Bytes of one chunk that are read for words; the rest of a longer one (a
/// packed line, a table) is left out.
const CHUNK_BYTES: usize = 16 * 1024;

/// Chunks of a file at most: 20,000 full ones would be 1.2 million lines.
const MOST_CHUNKS: usize = 20_000;

/// A file to be indexed.
#[derive(Debug, Clone, Copy)]
pub struct FileDocument<'a> {
    /// The caller's number for the file, stable while the file exists.
    pub file: u32,
    /// Path relative to the project's root, with `/`.
    pub path: &'a str,
    /// The whole text.
    pub text: &'a str,
    /// Byte ranges of comments and doc strings, sorted and apart. If this and
    /// `definitions` are empty, both are told by how lines look.
    pub comments: &'a [Range<u32>],
    /// What the file defines, in order of `start_line`, parents before children.
    pub definitions: &'a [DefinitionOutline<'a>],
}

/// A definition, as far as search needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefinitionOutline<'a> {
    /// Its own name, unqualified.
    pub name: &'a str,
    /// First line, decorators included, from 1.
    pub start_line: u32,
    /// Last line, from 1.
    pub end_line: u32,
    /// Its declaration without the body; may be empty.
    pub signature: &'a str,
}

/// A past commit to be indexed by its message.
#[derive(Debug, Clone, Copy)]
pub struct CommitDocument<'a> {
    /// Its full object name in hexadecimal.
    pub id: &'a str,
    /// The whole message.
    pub message: &'a str,
    /// Author time, seconds since 1970.
    pub at_seconds: i64,
    /// The files it changed that still exist, by the caller's numbers.
    pub files: &'a [u32],
}

/// A piece of a file: one document of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// First line, from 1.
    pub(crate) start_line: u32,
    /// Last line, from 1.
    pub(crate) end_line: u32,
    /// Bytes of the file's text that are read for words.
    pub(crate) bytes: Range<usize>,
    /// Definitions that begin in the chunk, by their place in the list.
    pub(crate) begins: Range<usize>,
    /// Definitions that begin earlier and still go on, by their place in the list.
    pub(crate) encloses: Vec<usize>,
}

/// Definitions and comments told by how the lines of `text` look.
pub(crate) fn outlined(text: &str) -> (Vec<DefinitionOutline<'_>>, Vec<Range<u32>>) {
    let definitions = outline::outline(text)
        .into_iter()
        .map(|item| DefinitionOutline {
            name: item.name,
            start_line: item.start_line,
            end_line: item.end_line,
            signature: item.signature,
        })
        .collect();
    (definitions, outline::comments(text))
}

/// Cuts a file into chunks of at most [`CHUNK_LINES`] lines, where it can be
/// just before a definition that is nested as little as possible.
pub(crate) fn chunks(text: &str, definitions: &[DefinitionOutline<'_>]) -> Vec<Chunk> {
    let starts = line_starts(text);
    let lines = starts.len() - 1;
    let cuts = preferred_cuts(text, &starts, definitions);
    let mut chunks = Vec::with_capacity(lines / LEAST_LINES + 1);
    let mut next_definition = 0;
    let mut first = 0;
    while first < lines && chunks.len() < MOST_CHUNKS {
        let end = chunk_end(first, lines, &cuts);
        let begins_from = next_definition;
        while definitions.get(next_definition).is_some_and(|d| d.start_line as usize <= end) {
            next_definition += 1;
        }
        let encloses = enclosing(&definitions[..begins_from], first as u32 + 1);
        chunks.push(Chunk {
            start_line: first as u32 + 1,
            end_line: end as u32,
            bytes: starts[first]..bounded_end(text, starts[first], starts[end]),
            begins: begins_from..next_definition,
            encloses,
        });
        first = end;
    }
    chunks
}

/// Byte offset of each line's start, then the text's length.
fn line_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::with_capacity(text.len() / 32 + 2);
    starts.push(0);
    starts
        .extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
    if starts.last() != Some(&text.len()) || text.is_empty() {
        starts.push(text.len());
    }
    starts
}

/// For each line (from 0): how deep the definition is nested that begins there,
/// comments and attributes above it included; `u8::MAX` where none begins.
fn preferred_cuts(text: &str, starts: &[usize], definitions: &[DefinitionOutline<'_>]) -> Vec<u8> {
    let lines = starts.len() - 1;
    let mut cuts = vec![u8::MAX; lines];
    let mut open: Vec<u32> = Vec::new();
    for definition in definitions {
        while open.last().is_some_and(|end| *end < definition.start_line) {
            open.pop();
        }
        let depth = open.len().min(usize::from(u8::MAX - 1)) as u8;
        open.push(definition.end_line);
        let mut line = (definition.start_line.max(1) as usize - 1).min(lines);
        let mut climbed = 0;
        while line > 0 && climbed < 12 && introduces(&text[starts[line - 1]..starts[line]]) {
            line -= 1;
            climbed += 1;
        }
        if let Some(cut) = cuts.get_mut(line) {
            *cut = depth.min(*cut);
        }
    }
    cuts
}

/// Whether a line above a definition belongs to it: a comment or an attribute.
fn introduces(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with(['@', '#', '*']) || line.starts_with("//") || line.starts_with("/*")
}

/// The line (from 0) at which the chunk that begins at `first` ends.
fn chunk_end(first: usize, lines: usize, cuts: &[u8]) -> usize {
    if lines - first <= CHUNK_LINES {
        return lines;
    }
    let window = first + LEAST_LINES..=first + CHUNK_LINES;
    window
        .filter(|line| cuts[*line] != u8::MAX)
        // The last of the least nested.
        .min_by_key(|line| (cuts[*line], usize::MAX - line))
        .unwrap_or(first + PLAIN_LINES)
}

/// Definitions among `earlier` that still go on at `line`, outermost first.
fn enclosing(earlier: &[DefinitionOutline<'_>], line: u32) -> Vec<usize> {
    let mut found: Vec<usize> = earlier
        .iter()
        .enumerate()
        .rev()
        // Long lists are seldom nested: what encloses stands close above.
        .take(400)
        .filter(|(_, definition)| definition.end_line >= line)
        .map(|(at, _)| at)
        .take(6)
        .collect();
    found.reverse();
    found
}

fn bounded_end(text: &str, start: usize, end: usize) -> usize {
    if end - start <= CHUNK_BYTES {
        return end;
    }
    (start..=start + CHUNK_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let (definitions, _) = outlined(text);
        let shown: Vec<String> = chunks(text, &definitions)
            .iter()
            .map(|chunk| {
                let name = |at: usize| definitions[at].name;
                let begins: Vec<_> = chunk.begins.clone().map(name).collect();
                let encloses: Vec<_> = chunk.encloses.iter().map(|at| name(*at)).collect();
                format!(
                    "{}-{} begins {begins:?} within {encloses:?}",
                    chunk.start_line, chunk.end_line
                )
            })
            .collect();
        expected.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn chunks_end_before_the_least_nested_definition() {
        let body = "        pass\n".repeat(19);
        let text = format!(
            "class A:\n    def a(self):\n{body}    def b(self):\n{body}# about C\nclass C:\n    def c(self):\n{body}"
        );
        check(
            &text,
            expect![[r#"
                1-41 begins ["A", "a", "b"] within []
                42-63 begins ["C", "c"] within ["A", "b"]"#]],
        );
    }

    #[test]
    fn a_long_body_is_cut_by_lines_and_knows_what_it_is_within() {
        check(
            &format!("def long():\n{}", "    x\n".repeat(100)),
            expect![[r#"
            1-48 begins ["long"] within []
            49-101 begins [] within ["long"]"#]],
        );
    }

    #[test]
    fn an_empty_text_has_one_empty_chunk() {
        check("", expect![[r#"1-1 begins [] within []"#]]);
    }

    #[test]
    fn one_very_long_line_is_read_in_part() {
        let text = "é".repeat(20_000);
        let cut = chunks(&text, &[]);
        assert_eq!((cut.len(), cut[0].bytes.clone()), (1, 0..CHUNK_BYTES));
    }
}
