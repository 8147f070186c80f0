//! The text of one file, read without trusting the tree it lies in.

use std::path::Path;

use ctx_model::project::{FileEntry, FileStamp, SkipReason};

/// How a file's bytes became text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Valid UTF-8, as it stands.
    Utf8,
    /// UTF-8 whose byte order mark was taken off.
    Utf8Bom,
    /// UTF-16 with a byte order mark, converted.
    Utf16,
    /// Something else: each invalid sequence became U+FFFD.
    Lossy,
}

/// A file's text and the version that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// The text.
    pub text: String,
    /// Stamp of the open file after it was read, equal to the one before.
    pub stamp: FileStamp,
    /// Where the text comes from.
    pub encoding: Encoding,
}

/// Reads files of one project; keeps its folder open.
#[derive(Debug)]
pub struct Reader;

impl Reader {
    /// Opens the project's folder.
    pub fn open(_root: &Path) -> std::io::Result<Reader> {
        Ok(Reader)
    }

    /// The text of `entry`, or why it must be left out.
    pub fn read(&self, _entry: &FileEntry) -> Result<SourceText, SkipReason> {
        Err(SkipReason::Unreadable)
    }

    /// Lines `start` to `end` (from 1, both included) of the file at `path`
    /// (relative, with `/`), line ends kept.
    pub fn lines(&self, _path: &str, _start: u32, _end: u32) -> Result<String, SkipReason> {
        Err(SkipReason::Unreadable)
    }
}

/// The text of `entry` in the project at `root`, or why it must be left out.
/// Use a [`Reader`] for more than one file.
pub fn read(root: &Path, entry: &FileEntry) -> Result<SourceText, SkipReason> {
    Reader::open(root).map_err(|_| SkipReason::Unreadable)?.read(entry)
}

/// Lines `start` to `end` (from 1, both included) of the file at `path`
/// (relative to `root`, with `/`), line ends kept; empty past its end.
pub fn file_lines(root: &Path, path: &str, start: u32, end: u32) -> Result<String, SkipReason> {
    Reader::open(root).map_err(|_| SkipReason::Unreadable)?.lines(path, start, end)
}
