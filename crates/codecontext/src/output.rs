//! Printing: one JSON document, or text for people with colour where a
//! terminal shows it.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use ctx_server::wire::v1::error::{ErrorBody, WireError};
use ctx_server::wire::v1::freshness::Freshness;
use serde::Serialize;

use crate::exit::Failure;

/// What goes to standard output, and what is left out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// One JSON document instead of text.
    pub(crate) json: bool,
    /// No notes and no progress.
    pub(crate) quiet: bool,
}

impl Output {
    /// Prints a JSON document as it came, on one line.
    pub(crate) fn document(&self, json: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(json)?;
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(())
    }

    /// Prints a value as a JSON document on one line.
    pub(crate) fn value(&self, value: &impl Serialize) -> Result<(), Failure> {
        let json = serde_json::to_vec(value).expect("wire types hold only text and numbers");
        self.document(&json)
    }

    /// Prints a page; colour is left out where nobody would see it.
    pub(crate) fn page(&self, page: &Page) -> Result<(), Failure> {
        let mut out = anstream::AutoStream::auto(io::stdout().lock());
        out.write_all(page.text.as_bytes())?;
        out.flush()?;
        Ok(())
    }

    /// Tells something beside the answer, unless that was not wanted.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            tell(&format!("{DIM}note: {}{RESET}\n", plain(text)));
        }
    }

    /// Tells what of a question meant nothing.
    pub(crate) fn notes(&self, notes: &[String]) {
        notes.iter().for_each(|note| self.note(note));
    }

    /// Tells that an answer does not know all of the project, where it does not.
    pub(crate) fn note_freshness(&self, freshness: &Freshness) {
        if freshness.indexing {
            let (done, total) = (freshness.indexed_files, freshness.total_files);
            self.note(&format!("indexing is under way: {done} of {total} files so far"));
        } else if freshness.head_moved {
            self.note(
                "another commit or branch is checked out than was indexed; a watched project \
                 catches up in a moment, any other with `codecontext index`",
            );
        } else if !freshness.complete {
            self.note(match freshness.indexed_files {
                0 => "this folder is not indexed; `codecontext index` does it",
                _ => "indexing did not come to its end; `codecontext index` goes on with it",
            });
        } else if freshness.stale_file_count > 0 {
            let count = freshness.stale_file_count;
            let first = freshness.stale_files.first().map_or("", String::as_str);
            let more = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
            self.note(&format!("changed since it was indexed: {first}{more}"));
        }
    }

    /// Whether a progress bar may be drawn.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && !self.json && io::stderr().is_terminal()
    }

    /// Tells a failure on standard error, and as the document that was asked for.
    pub(crate) fn failure(&self, error: &WireError) {
        tell_failure(error);
        if self.json {
            // Standard output may be what failed; then there is no more to say.
            let _ = self.value(&ErrorBody { error: error.clone() });
        }
    }
}

/// Tells a failure on standard error.
pub(crate) fn tell_failure(error: &WireError) {
    let mut text = format!("{RED}error:{RESET} {}\n", plain(&error.message));
    for cause in &error.causes {
        let _ = writeln!(text, "  {DIM}because:{RESET} {}", plain(cause));
    }
    if let Some(hint) = &error.hint {
        let _ = writeln!(text, "{BOLD}hint:{RESET} {}", plain(hint));
    }
    tell(&text);
}

/// Writes to standard error. Where that fails, nobody is left to be told.
fn tell(text: &str) {
    let _ = anstream::AutoStream::auto(io::stderr().lock()).write_all(text.as_bytes());
}

/// Ends colour.
pub(crate) const RESET: &str = "\x1b[0m";
/// For what matters most.
pub(crate) const BOLD: &str = "\x1b[1m";
/// For what matters least.
pub(crate) const DIM: &str = "\x1b[2m";
/// For failures.
pub(crate) const RED: &str = "\x1b[31m";
/// For what is as it should be.
pub(crate) const GREEN: &str = "\x1b[32m";
/// For warnings.
pub(crate) const YELLOW: &str = "\x1b[33m";
/// For paths.
pub(crate) const CYAN: &str = "\x1b[36m";

/// Characters of a project's line that are shown: minified ones have thousands.
const WIDEST: usize = 160;

/// Text for people, built up and printed at once.
#[derive(Debug, Default)]
pub(crate) struct Page {
    text: String,
}

impl Page {
    /// An empty page.
    pub(crate) fn new() -> Page {
        Page::default()
    }

    /// Appends a line. What comes from a project must have gone through
    /// [`plain`] or one of the functions beside it.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }

    /// Appends lines of a project's text, indented together by `indent`.
    pub(crate) fn block(&mut self, text: &str, indent: usize) {
        let depth = |line: &str| line.len() - line.trim_start().len();
        let lines = || text.lines().map(str::trim_end);
        let common = lines().filter(|line| !line.is_empty()).map(depth).min().unwrap_or(0);
        for line in lines() {
            let line = line.get(common..).unwrap_or_default();
            let mut shown: String = line.chars().take(WIDEST).collect();
            if shown.len() < line.len() {
                shown.push('…');
            }
            self.line(format!("{:indent$}{DIM}{}{RESET}", "", plain(&shown)).trim_end());
        }
    }

    /// Appends rows whose columns line up. Cells hold no colour.
    pub(crate) fn table(&mut self, rows: &[Vec<String>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            // A single overlong cell must not push the others off the screen.
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0).min(60)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                let _ = write!(line, "{:<width$}  ", plain(cell));
            }
            self.line(line.trim_end());
        }
    }
}

/// `path:line` in colour.
pub(crate) fn place(path: &str, line: u32) -> String {
    format!("{CYAN}{}:{line}{RESET}", plain(path))
}

/// A project's text with control characters made visible, so that no file name
/// or comment can move the cursor or retitle the terminal. Also those that
/// reorder text, which can make code read as what it is not.
pub(crate) fn plain(text: &str) -> String {
    let hidden = |character: char| {
        (character.is_control() && character != '\t')
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(hidden) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if hidden(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// A count with commas between thousands.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun, whose plural ends in `s`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

/// A time in RFC 3339 as people read it: to the second, `2026-05-08 13:56:07 UTC`.
pub(crate) fn moment(rfc3339: &str) -> String {
    let whole = rfc3339.split_once('.').map_or(rfc3339, |(whole, _)| whole);
    format!("{} UTC", plain(whole.trim_end_matches('Z')).replacen('T', " ", 1))
}

/// A number of bytes in the unit that reads best.
pub(crate) fn bytes(number: u64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut value = number as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < units.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 { format!("{number} B") } else { format!("{value:.1} {}", units[unit]) }
}

/// A duration given in milliseconds, in the unit that reads best.
pub(crate) fn duration(milliseconds: f64) -> String {
    if milliseconds < 1000.0 {
        format!("{milliseconds:.1} ms")
    } else if milliseconds < 120_000.0 {
        format!("{:.2} s", milliseconds / 1000.0)
    } else {
        format!("{:.1} min", milliseconds / 60_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_and_not_obeyed() {
        assert_eq!(plain("a\x1b]0;owned\x07b\tc"), "a\\u{1b}]0;owned\\u{7}b\tc");
        assert_eq!(plain("x\u{202e}y"), "x\\u{202e}y");
        assert_eq!(plain("naïve"), "naïve");
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
        assert_eq!(
            (counted(1, "file").as_str(), counted(0, "file").as_str()),
            ("1 file", "0 files")
        );
        assert_eq!(moment("2026-05-08T13:56:07.123456Z"), "2026-05-08 13:56:07 UTC");
        assert_eq!(moment("2026-05-08T13:56:07Z"), "2026-05-08 13:56:07 UTC");
        assert_eq!(bytes(1536), "1.5 KiB");
        assert_eq!(bytes(12), "12 B");
        assert_eq!(duration(1500.0), "1.50 s");
    }

    #[test]
    fn columns_line_up() {
        let mut page = Page::new();
        page.table(&[vec!["a".into(), "long".into()], vec!["bcd".into(), "x".into()]]);
        assert_eq!(page.text, "a    long\nbcd  x\n");
    }

    #[test]
    fn a_block_loses_the_indent_that_all_its_lines_share() {
        let mut page = Page::new();
        page.block("        if so:\n\n            go()\n", 2);
        let text = page.text.replace(DIM, "").replace(RESET, "");
        assert_eq!(text, "  if so:\n  \n      go()\n");
    }
}
