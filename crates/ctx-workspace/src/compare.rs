//! What differs between two looks at a project.

use std::path::Path;

use ctx_model::project::{FileEntry, FileStamp};

use crate::Walk;

/// The coarsest tick of a kernel's clock for file times (100 Hz), twice for good measure.
const TICK_NS: i64 = 20_000_000;
/// File systems that keep whole seconds; FAT keeps every second one.
const COARSE_TICK_NS: i64 = 2_000_000_000;

/// The files to read again, to read for the first time and to forget.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes<'a> {
    /// Files that were not there before, sorted by path.
    pub added: Vec<&'a FileEntry>,
    /// Files that changed, or may have, sorted by path.
    pub modified: Vec<&'a FileEntry>,
    /// Paths that are gone or left out now, sorted.
    pub removed: Vec<&'a str>,
}

impl Changes<'_> {
    /// Whether nothing needs to be read or forgotten.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.modified.is_empty() && self.removed.is_empty()
    }
}

/// Compares what was indexed (in any order; fastest sorted by path) with what
/// is there now, by stamps alone.
///
/// `indexed_at_ns` is the moment (nanoseconds since 1970) at which the previous
/// indexing began to read files. A file whose times lie at or after that
/// moment, less one tick of the file system's clock, counts as modified even
/// when its stamp is the same: it may have been written twice within a tick,
/// and the second time would not show (git calls such an entry 'racily clean').
pub fn changes<'a>(
    previous: &'a [(String, FileStamp)],
    now: &'a Walk,
    indexed_at_ns: i64,
) -> Changes<'a> {
    let mut before: Vec<&'a (String, FileStamp)> = previous.iter().collect();
    // Already sorted in the common case, which costs one comparison an entry.
    before.sort_by(|a, b| a.0.cmp(&b.0));
    let mut changes = Changes::default();
    let mut before = before.into_iter().peekable();
    for entry in &now.files {
        while let Some((gone, _)) = before.next_if(|(path, _)| *path < entry.path) {
            changes.removed.push(gone);
        }
        match before.next_if(|(path, _)| *path == entry.path) {
            None => changes.added.push(entry),
            Some((_, stamp)) if *stamp != entry.stamp => changes.modified.push(entry),
            Some(_) if is_racy(&entry.stamp, indexed_at_ns) => changes.modified.push(entry),
            Some(_) => {}
        }
    }
    changes.removed.extend(before.map(|(gone, _)| gone.as_str()));
    changes
}

/// The stamp of the regular file at `path` under `root` now, links not
/// followed; none if there is no such file.
pub fn stamp_of(root: &Path, path: &str) -> Option<FileStamp> {
    let stat = rustix::fs::lstat(root.join(path)).ok()?;
    let regular = rustix::fs::FileType::from_raw_mode(stat.st_mode).is_file();
    regular.then(|| crate::folder::stamp(&stat))
}

fn is_racy(stamp: &FileStamp, indexed_at_ns: i64) -> bool {
    let latest = stamp.modified_ns.max(stamp.changed_ns);
    let whole_seconds = latest % 1_000_000_000 == 0;
    let tick = if whole_seconds { COARSE_TICK_NS } else { TICK_NS };
    latest.saturating_add(tick) >= indexed_at_ns
}

#[cfg(test)]
mod tests {
    use ctx_model::Language;
    use expect_test::{Expect, expect};

    use super::*;

    /// One file a line, `path@milliseconds`.
    fn check(previous: &str, now: &str, indexed_at_ms: i64, expected: Expect) {
        let files = |text: &str| -> Vec<(String, FileStamp)> {
            let line = |line: &str| {
                let (path, time) = line.split_once('@').unwrap();
                let modified_ns = time.parse::<i64>().unwrap() * 1_000_000;
                (path.to_owned(), FileStamp { modified_ns, ..FileStamp::default() })
            };
            text.split_whitespace().map(line).collect()
        };
        let entry = |(path, stamp)| FileEntry { path, language: Language::Text, stamp };
        let walk = Walk { files: files(now).into_iter().map(entry).collect(), ..Walk::default() };
        let previous = files(previous);
        let changes = changes(&previous, &walk, indexed_at_ms * 1_000_000);
        let paths = |entries: &[&FileEntry]| -> Vec<String> {
            entries.iter().map(|entry| entry.path.clone()).collect()
        };
        expected.assert_eq(&format!(
            "added {:?} modified {:?} removed {:?}",
            paths(&changes.added),
            paths(&changes.modified),
            changes.removed
        ));
    }

    #[test]
    fn stamps_tell_what_changed() {
        check(
            "a@1001 b@1001 c@1001 z@1001",
            "b@1001 c@1002 d@1001",
            9000,
            expect![[r#"added ["d"] modified ["c"] removed ["a", "z"]"#]],
        );
        check("", "", 0, expect!["added [] modified [] removed []"]);
    }

    #[test]
    fn the_order_of_what_was_known_does_not_matter() {
        check("z@1 a@1", "a@1 z@1", 9000, expect!["added [] modified [] removed []"]);
    }

    #[test]
    fn a_file_written_in_the_tick_of_indexing_is_read_again() {
        check(
            "a@8999 b@8001",
            "a@8999 b@8001",
            9000,
            expect![[r#"added [] modified ["a"] removed []"#]],
        );
        check("a@9001", "a@9001", 9000, expect![[r#"added [] modified ["a"] removed []"#]]);
    }

    #[test]
    fn whole_seconds_mean_a_coarse_clock() {
        check("a@8000", "a@8000", 9000, expect![[r#"added [] modified ["a"] removed []"#]]);
        check("a@6000", "a@6000", 9000, expect!["added [] modified [] removed []"]);
    }
}
