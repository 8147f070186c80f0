//! What writing changed in a text, so that it can be undone to the byte.
//!
//! Only the changed middle is kept, never the whole of somebody's file: there
//! may be secrets in the rest of it.

use std::fmt::Write as _;

use crate::fnv::fnv1a;

/// The one place where a text was changed, and which text came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Patch {
    /// The first byte that differs.
    pub(super) at: usize,
    /// What stood there.
    pub(super) removed: String,
    /// How many bytes stand there now.
    pub(super) inserted: usize,
    /// How long the new text is.
    pub(super) length: usize,
    /// A number for the new text.
    pub(super) hash: u64,
}

impl Patch {
    /// What makes `new` of `old`.
    pub(super) fn between(old: &str, new: &str) -> Patch {
        let (at, same_after) = common(old, new);
        Patch {
            at,
            removed: old[at..old.len() - same_after].to_owned(),
            inserted: new.len() - same_after - at,
            length: new.len(),
            hash: fnv1a(new.as_bytes()),
        }
    }

    /// Whether a text is the one that was written.
    pub(super) fn is_as_written(&self, text: &str) -> bool {
        text.len() == self.length && fnv1a(text.as_bytes()) == self.hash
    }

    /// The text from before, made of the one that was written.
    pub(super) fn undone(&self, text: &str) -> Option<String> {
        if !self.is_as_written(text) {
            return None;
        }
        let (before, after) = (text.get(..self.at)?, text.get(self.at + self.inserted..)?);
        Some(format!("{before}{}{after}", self.removed))
    }
}

/// How many bytes two texts share at their beginning, and at their end.
fn common(old: &str, new: &str) -> (usize, usize) {
    let pairs = old.chars().zip(new.chars());
    let before: usize = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let pairs = old[before..].chars().rev().zip(new[before..].chars().rev());
    let after = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    (before, after)
}

/// Lines around a change that are shown with it.
const AROUND: usize = 3;

/// What writing changes or would change, as `diff -u` shows it; empty if the
/// texts are the same. A text that is `None` is a file that is not there.
pub(super) fn unified(name: &str, old: Option<&str>, new: Option<&str>) -> String {
    if old == new {
        return String::new();
    }
    let (old_lines, new_lines) = (lines(old), lines(new));
    let pairs = || old_lines.iter().zip(&new_lines);
    let before = pairs().take_while(|(a, b)| a == b).count();
    let shortest = old_lines.len().min(new_lines.len()) - before;
    let backwards = old_lines.iter().rev().zip(new_lines.iter().rev());
    let after = backwards.take(shortest).take_while(|(a, b)| a == b).count();
    let start = before.saturating_sub(AROUND);
    let tail = after.min(AROUND);
    let (old_end, new_end) = (old_lines.len() - after, new_lines.len() - after);
    let mut text = String::new();
    let side = |text: Option<&str>, side: &str| match text {
        // A file that is not the project's goes by its whole path.
        Some(_) if name.starts_with('/') => name.to_owned(),
        Some(_) => format!("{side}/{name}"),
        None => "/dev/null".to_owned(),
    };
    let _ = writeln!(text, "--- {}\n+++ {}", side(old, "a"), side(new, "b"));
    let span = |end: usize| match end + tail - start {
        0 => "0,0".to_owned(),
        count => format!("{},{count}", start + 1),
    };
    let _ = writeln!(text, "@@ -{} +{} @@", span(old_end), span(new_end));
    let shown = [
        (' ', &old_lines[start..before]),
        ('-', &old_lines[before..old_end]),
        ('+', &new_lines[before..new_end]),
        (' ', &old_lines[old_end..old_end + tail]),
    ];
    for (sign, lines) in shown {
        for line in lines {
            let _ = write!(text, "{sign}{line}");
            if !line.ends_with('\n') {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    text
}

fn lines(text: Option<&str>) -> Vec<&str> {
    text.unwrap_or_default().split_inclusive('\n').collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_change_is_shown_with_the_lines_around_it() {
        expect![[r"
            --- a/x
            +++ b/x
            @@ -2,6 +2,8 @@
             2
             3
             4
            -5
            +five
            +5½
            +6a
             6
             7
            \ No newline at end of file
        "]]
        .assert_eq(&unified(
            "x",
            Some("1\n2\n3\n4\n5\n6\n7"),
            Some("1\n2\n3\n4\nfive\n5½\n6a\n6\n7"),
        ));
    }

    #[test]
    fn files_come_and_go() {
        assert_eq!(
            unified("x", None, Some("a\n")),
            "--- /dev/null\n+++ b/x\n@@ -0,0 +1,1 @@\n+a\n"
        );
        assert_eq!(
            unified("x", Some("a\n"), None),
            "--- a/x\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n"
        );
        assert_eq!(unified("x", Some("a"), Some("a")), "");
    }

    #[test]
    fn a_text_that_somebody_changed_is_not_undone() {
        let patch = Patch::between("a", "ab");
        assert_eq!(patch.undone("ab").as_deref(), Some("a"));
        assert_eq!(patch.undone("aB"), None);
    }

    proptest! {
        #[test]
        fn undoing_gives_the_bytes_from_before(old in "[aé\r\n]{0,12}", new in "[aé\r\n]{0,12}") {
            prop_assert_eq!(Patch::between(&old, &new).undone(&new), Some(old));
        }
    }
}
