//! Changing text at a few places and leaving every other byte as it was.

use std::ops::Range;

/// What some programs put before a text to say that it is UTF-8.
const MARK: &str = "\u{feff}";

/// A place in a text, and what shall stand there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Splice {
    /// Byte offsets; empty where something is only inserted.
    pub(super) at: Range<usize>,
    /// What shall stand there.
    pub(super) text: String,
}

impl Splice {
    /// Puts `text` before the byte at `at`.
    pub(super) fn insert(at: usize, text: impl Into<String>) -> Splice {
        Splice { at: at..at, text: text.into() }
    }

    /// Puts `text` in the place of what is at `at`.
    pub(super) fn replace(at: Range<usize>, text: impl Into<String>) -> Splice {
        Splice { at, text: text.into() }
    }

    /// Takes away what is at `at`.
    pub(super) fn delete(at: Range<usize>) -> Splice {
        Splice { at, text: String::new() }
    }
}

/// The text with all its splices, which do not overlap. Those at one place come
/// out in the order given.
pub(super) fn spliced(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| splice.at.start);
    let mut whole = String::with_capacity(text.len());
    let mut kept = 0;
    for splice in splices {
        whole.push_str(&text[kept..splice.at.start]);
        whole.push_str(&splice.text);
        kept = splice.at.end;
    }
    whole.push_str(&text[kept..]);
    whole
}

/// The mark before a text, and the text.
pub(super) fn unmarked(text: &str) -> (&str, &str) {
    match text.strip_prefix(MARK) {
        Some(rest) => (MARK, rest),
        None => ("", text),
    }
}

/// The line break that a text uses; that of Unix where it has none.
pub(super) fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(end) if text[..end].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Where the line begins that the byte at `at` is on.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Where the line after the one that the byte at `at` is on begins.
pub(super) fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// The white space that the line of the byte at `at` begins with.
pub(super) fn indent(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..at];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Puts a block of lines at the end of a text, with a blank line before it. A
/// text that ends without a line break still does afterwards, so that what was
/// there before can be told.
pub(super) fn appended(text: &str, block: &str) -> Splice {
    let line_break = line_break(text);
    let block = match (text.is_empty(), text.ends_with('\n')) {
        (true, _) => format!("{block}{line_break}"),
        (false, true) => format!("{line_break}{block}{line_break}"),
        (false, false) => format!("{line_break}{line_break}{block}"),
    };
    Splice::insert(text.len(), block)
}

/// Takes a block of whole lines away; at the end of a text also what was put
/// between it and the lines before.
pub(super) fn without_block(text: &str, block: Range<usize>) -> Splice {
    let (start, end) = (block.start, next_line(text, block.end));
    let before = &text[..start];
    let kept = match (end == text.len(), text[block.end..].contains('\n')) {
        (true, true) => without_line_break(before).filter(|rest| rest.ends_with('\n')),
        (true, false) => without_line_break(before).and_then(without_line_break),
        (false, _) => None,
    };
    Splice::delete(kept.map_or(start, str::len)..end)
}

fn without_line_break(text: &str) -> Option<&str> {
    let text = text.strip_suffix('\n')?;
    Some(text.strip_suffix('\r').unwrap_or(text))
}

/// Line and column of a byte, both from 1; the column counts bytes.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let at = at.min(text.len());
    let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = text.as_bytes()[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |n| n + 1);
    (line, at - start + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splices_leave_the_rest_as_it_was() {
        let splices = vec![
            Splice::insert(3, ";"),
            Splice::delete(0..1),
            Splice::replace(1..2, "BB"),
            Splice::insert(3, "!"),
        ];
        assert_eq!(spliced("abc", splices), "BBc;!");
    }

    #[test]
    fn lines_and_columns_count_from_1() {
        assert_eq!(position("ab\ncd", 0), (1, 1));
        assert_eq!(position("ab\ncd", 4), (2, 2));
        assert_eq!(position("ab\n", 99), (2, 1));
        assert_eq!((line_start("ab\ncd", 4), next_line("ab\ncd", 1)), (3, 3));
        assert_eq!(indent("a\n \t b", 5), " \t ");
    }

    #[test]
    fn the_first_line_break_tells_them_all() {
        assert_eq!(
            (line_break("a\r\nb\n"), line_break("a\nb\r\n"), line_break("")),
            ("\r\n", "\n", "\n")
        );
    }
}
