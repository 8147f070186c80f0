//! Doc comments: every source file begins by saying what it holds, in a sentence.

use super::Finding;
use super::source::SourceText;

/// Refuses a file of a crate's sources that does not begin with a sentence.
pub(super) fn check(source: &SourceText) -> Vec<Finding> {
    let is_shipped = source.is_rust() && source.path.contains("/src/");
    if !is_shipped || source.is_test_file() {
        return Vec::new();
    }
    let paragraph = source
        .text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if paragraph.ends_with(['.', ':', '?', '!']) {
        return Vec::new();
    }
    let message = "begin the file with `//!` and one sentence that says what it holds";
    vec![source.finding(1, "doc", message.into())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> usize {
        check(&SourceText::new(path, text.into())).len()
    }

    #[test]
    fn a_file_begins_with_a_sentence() {
        assert_eq!(findings("crates/a/src/lib.rs", "//! Recall: find memories\n//! again.\n"), 0);
        assert_eq!(findings("crates/a/src/lib.rs", "//! Recall\n\nfn a() {}\n"), 1);
        assert_eq!(findings("crates/a/src/lib.rs", "fn a() {}\n"), 1);
        assert_eq!(findings("crates/a/tests/b.rs", "fn a() {}\n"), 0);
        assert_eq!(findings("crates/a/build.rs", "fn main() {}\n"), 0);
    }
}
