//! Unified diffs, and which numbering of theirs fits the files as they stand.

use crate::error::{EngineError, ErrorKind};

/// One hunk of a unified diff.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Hunk {
    /// The file before the change, relative to the project's root.
    pub(super) path: String,
    before: Side,
    after: Side,
}

/// A hunk as one of its two versions has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Side {
    /// Its first line, from 1.
    pub(super) start: u32,
    lines: Vec<String>,
    /// Lines that are taken away or added; where something was inserted before.
    pub(super) changed: Vec<u32>,
}

impl Side {
    /// Its last line.
    pub(super) fn end(&self) -> u32 {
        self.start + (self.lines.len() as u32).saturating_sub(1)
    }

    fn stands_in(&self, text: &str) -> bool {
        text.lines().eq(self.lines.iter().map(String::as_str))
    }

    fn next(&self) -> u32 {
        self.start + self.lines.len() as u32
    }
}

impl Hunk {
    /// The version whose lines are those of the file now: before the change if
    /// the patch is not applied, after it if it is. `read` gives the lines of a
    /// range of the file. Where neither fits, the version before.
    pub(super) fn fitting(&self, read: &dyn Fn(u32, u32) -> Option<String>) -> &Side {
        let stands = |side: &Side| {
            read(side.start.max(1), side.end().max(1)).is_some_and(|text| side.stands_in(&text))
        };
        if !stands(&self.before) && stands(&self.after) { &self.after } else { &self.before }
    }
}

/// The hunks of a unified diff, as `git diff` and `diff -u` write it.
pub(super) fn hunks(patch: &str) -> Result<Vec<Hunk>, EngineError> {
    let mut hunks = Vec::new();
    let mut path = String::new();
    let mut lines = patch.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("--- ") {
            let name = name.split('\t').next().unwrap_or(name).trim();
            path = name.strip_prefix("a/").unwrap_or(name).to_string();
        } else if line.starts_with("@@ ") {
            let (before, after) = header(line).ok_or_else(|| malformed(line))?;
            let mut hunk = Hunk { path: path.clone(), ..Hunk::default() };
            hunk.before.start = before.0;
            hunk.after.start = after.0;
            read_hunk(&mut hunk, &mut lines, before.1, after.1);
            hunks.push(hunk);
        }
    }
    if hunks.is_empty() {
        return Err(EngineError::new(ErrorKind::InvalidRequest, "this is not a unified diff")
            .with_hint("make one with `git diff` or `diff -u`"));
    }
    Ok(hunks)
}

/// Reads a hunk's lines: as many of each version as its header says.
fn read_hunk<'p>(
    hunk: &mut Hunk,
    lines: &mut impl Iterator<Item = &'p str>,
    mut before: u32,
    mut after: u32,
) {
    while before > 0 || after > 0 {
        let Some(line) = lines.next() else { return };
        let (mark, text) = line.split_at_checked(1).unwrap_or((" ", ""));
        match mark {
            "-" => {
                hunk.before.changed.push(hunk.before.next());
                hunk.after.changed.push(hunk.after.next());
                hunk.before.lines.push(text.to_string());
                before = before.saturating_sub(1);
            }
            "+" => {
                hunk.before.changed.push(hunk.before.next());
                hunk.after.changed.push(hunk.after.next());
                hunk.after.lines.push(text.to_string());
                after = after.saturating_sub(1);
            }
            "\\" => {}
            _ => {
                hunk.before.lines.push(text.to_string());
                hunk.after.lines.push(text.to_string());
                before = before.saturating_sub(1);
                after = after.saturating_sub(1);
            }
        }
    }
}

/// First line and number of lines of both versions, from `@@ -1,2 +3,4 @@`.
fn header(line: &str) -> Option<((u32, u32), (u32, u32))> {
    let mut parts = line.split(' ').skip(1);
    let before = range(parts.next()?.strip_prefix('-')?)?;
    let after = range(parts.next()?.strip_prefix('+')?)?;
    Some((before, after))
}

fn range(text: &str) -> Option<(u32, u32)> {
    match text.split_once(',') {
        Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
        None => Some((text.parse().ok()?, 1)),
    }
}

fn malformed(line: &str) -> EngineError {
    EngineError::new(ErrorKind::InvalidRequest, format!("the patch has a malformed line: `{line}`"))
        .with_hint("make it with `git diff` or `diff -u`")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATCH: &str = "--- a/x.py\n+++ b/x.py\n@@ -2,2 +2,3 @@ def f\n a\n-b\n+c\n+d\n";

    fn changed_in(text: &str) -> (u32, Vec<u32>) {
        let hunk = hunks(PATCH).expect("a patch").remove(0);
        assert_eq!(hunk.path, "x.py");
        let read = |start: u32, end: u32| {
            let lines: Vec<&str> = text.lines().collect();
            Some(lines.get(start as usize - 1..end as usize)?.join("\n"))
        };
        let side = hunk.fitting(&read);
        (side.start, side.changed.clone())
    }

    #[test]
    fn lines_are_those_of_the_version_that_the_file_has() {
        assert_eq!(changed_in("0\na\nb\nz"), (2, vec![3, 4, 4]));
        assert_eq!(changed_in("0\na\nc\nd\nz"), (2, vec![3, 3, 4]));
    }

    #[test]
    fn what_is_no_diff_is_refused() {
        assert!(hunks("hello").is_err());
        assert!(hunks("--- a/x\n@@ -x +1 @@\n").is_err());
        assert!(hunks("--- a/x\n@@ -1,9999999 +1 @@\n a\n").is_ok());
    }
}
