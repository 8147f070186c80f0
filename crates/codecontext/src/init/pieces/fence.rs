//! Lines between two marks in a text that is otherwise somebody's.

use std::ops::Range;

use super::{Problem, Put, Removed};
use crate::init::text::{self, Splice};

/// The line before ours.
const BEGIN: &str = "<!-- BEGIN CODECONTEXT -->";
/// The line after ours.
const END: &str = "<!-- END CODECONTEXT -->";

pub(super) fn put(lines: &str, text: &str) -> Result<Put, Problem> {
    let line_break = text::line_break(text);
    let lines = lines.trim_end().replace('\n', line_break);
    let fence = format!("{BEGIN}{line_break}{lines}{line_break}{END}");
    let splice = match place(text)? {
        Some(at) if text[at.clone()] == fence => return Ok(Put::Same),
        Some(at) => Splice::replace(at, fence),
        None => text::appended(text, &fence),
    };
    Ok(Put::Text { text: text::spliced(text, vec![splice]), made: 0 })
}

pub(super) fn remove(text: &str) -> Result<Option<Removed>, Problem> {
    let Some(at) = place(text)? else { return Ok(None) };
    let text = text::spliced(text, vec![text::without_block(text, at)]);
    let is_bare = text.trim().is_empty();
    Ok(Some(Removed { text, is_bare }))
}

/// From the first byte of the first mark to the last of the second.
fn place(text: &str) -> Result<Option<Range<usize>>, Problem> {
    let begins = marks(text, BEGIN);
    let ends = marks(text, END);
    let wrong = |at: usize, message: &str| Err(Problem::broken(text, at, message));
    match (begins.as_slice(), ends.as_slice()) {
        ([], []) => Ok(None),
        ([begin], [end]) if begin < end => Ok(Some(*begin..end + END.len())),
        ([begin], [_]) => wrong(*begin, "the end of the fence stands before its beginning"),
        ([begin], []) => wrong(*begin, "the fence has no end"),
        ([], [end, ..]) => wrong(*end, "the fence has no beginning"),
        ([_, more, ..], _) => wrong(*more, "there is a second fence"),
        (_, [_, more, ..]) => wrong(*more, "the fence has a second end"),
    }
}

/// Where lines begin that are this mark and nothing else.
fn marks(text: &str, mark: &str) -> Vec<usize> {
    let places = text.match_indices(mark).map(|(at, _)| at);
    let alone = |at: &usize| {
        let rest = &text[at + mark.len()..text::next_line(text, at + mark.len())];
        text::line_start(text, *at) == *at && rest.trim().is_empty()
    };
    places.filter(alone).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const LINES: &str = "Ask.\nRemember.\n";

    fn with(text: &str) -> String {
        match put(LINES, text).unwrap() {
            Put::Text { text, .. } => text,
            Put::Same => panic!("nothing to do: {text}"),
        }
    }

    #[test]
    fn a_new_file_is_the_fence_alone() {
        expect![[r"
            <!-- BEGIN CODECONTEXT -->
            Ask.
            Remember.
            <!-- END CODECONTEXT -->
        "]]
        .assert_eq(&with(""));
        assert!(remove(&with("")).unwrap().unwrap().is_bare);
    }

    #[test]
    fn every_byte_outside_stays_and_comes_back() {
        for text in [
            "a",
            "a\n",
            "a\r\n",
            "a\n\n",
            "a\n\n\n",
            "\n",
            "\n\n",
            " ",
            "# A\r\n\r\nb",
            "a\nb\n \n",
        ] {
            let with = with(text);
            assert!(with.starts_with(text), "{text:?}: {with:?}");
            assert_eq!(put(LINES, &with), Ok(Put::Same), "{text:?}");
            assert_eq!(remove(&with).unwrap().unwrap().text, text, "{with:?}");
        }
    }

    #[test]
    fn line_breaks_are_those_of_the_file() {
        assert!(with("a\r\n").ends_with(
            "\r\n<!-- BEGIN CODECONTEXT -->\r\nAsk.\r\nRemember.\r\n<!-- END CODECONTEXT -->\r\n"
        ));
    }

    #[test]
    fn other_lines_in_the_fence_are_replaced_where_they_stand() {
        let text = "a\n<!-- BEGIN CODECONTEXT -->\nold\n<!-- END CODECONTEXT -->  \nb";
        let new = with(text);
        assert_eq!(new, text.replace("old", "Ask.\nRemember."));
        assert_eq!(remove(&new).unwrap().unwrap().text, "a\nb");
    }

    #[test]
    fn a_broken_fence_is_told_with_its_line() {
        let told = |text: &str| put(LINES, text).unwrap_err().to_string();
        assert_eq!(told(&format!("a\n{BEGIN}\n")), "line 2, column 1: the fence has no end");
        assert_eq!(told(END), "line 1, column 1: the fence has no beginning");
        assert_eq!(
            told(&format!("{END}\n{BEGIN}")),
            "line 2, column 1: the end of the fence stands before its beginning"
        );
        assert_eq!(
            told(&format!("{BEGIN}\n{END}\n{BEGIN}\n{END}\n")),
            "line 3, column 1: there is a second fence"
        );
    }

    #[test]
    fn a_mark_within_a_line_is_text() {
        assert!(with(&format!("say `{BEGIN}` and {END}\n")).contains("Ask."));
    }
}
