//! The text of one file, read without trusting the tree it lies in.

use std::path::Path;

use ctx_model::project::{FileEntry, FileStamp, SkipReason};
use rustix::{
    buffer::spare_capacity,
    fs::{FileType, fstat},
    io::Errno,
};

use crate::{
    content::{decode, is_generated, is_minified},
    folder::{Folder, refusal, stamp},
    walk::DEFAULT_MAX_FILE_BYTES,
};

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
pub struct Reader {
    folder: Folder,
}

impl Reader {
    /// Opens the project's folder; fails as opening any folder does.
    pub fn open(root: &Path) -> std::io::Result<Reader> {
        Ok(Reader { folder: Folder::open(root)? })
    }

    /// The text of `entry` as it is now, or why it must be left out:
    /// unreadable, binary, generated, minified, replaced by a link or a pipe,
    /// grown beyond 2 MiB (or beyond its walked size, if that is more), or
    /// written to while it was read, twice in a row.
    pub fn read(&self, entry: &FileEntry) -> Result<SourceText, SkipReason> {
        let limit = entry.stamp.size.max(DEFAULT_MAX_FILE_BYTES);
        let (bytes, stamp) = self.bytes(&entry.path, limit)?;
        let (text, encoding) = decode(bytes)?;
        if is_generated(&text) {
            return Err(SkipReason::Generated);
        }
        if is_minified(entry, &text) {
            return Err(SkipReason::Minified);
        }
        Ok(SourceText { text, stamp, encoding })
    }

    /// Lines `start` to `end` (from 1, both included) of the file at `path`
    /// (relative, with `/`), line ends kept; empty past its end. Decoded as
    /// [`Reader::read`] does, so that lines agree.
    pub fn lines(&self, path: &str, start: u32, end: u32) -> Result<String, SkipReason> {
        let (bytes, _) = self.bytes(path, DEFAULT_MAX_FILE_BYTES)?;
        let (text, _) = decode(bytes)?;
        let before = start.saturating_sub(1) as usize;
        let count = (end as usize).saturating_sub(before);
        Ok(text.split_inclusive('\n').skip(before).take(count).collect())
    }

    fn bytes(&self, path: &str, limit: u64) -> Result<(Vec<u8>, FileStamp), SkipReason> {
        for _ in 0..2 {
            if let Some(read) = self.try_bytes(path, limit)? {
                return Ok(read);
            }
        }
        Err(SkipReason::Vanished)
    }

    /// None if the file changed meanwhile.
    fn try_bytes(
        &self,
        path: &str,
        limit: u64,
    ) -> Result<Option<(Vec<u8>, FileStamp)>, SkipReason> {
        let file = self.folder.file(path).map_err(refusal)?;
        let stat = fstat(&file).map_err(refusal)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(SkipReason::NotRegular);
        }
        let before = stamp(&stat);
        if before.size > limit {
            return Err(SkipReason::TooLarge);
        }
        let size = usize::try_from(before.size).map_err(|_| SkipReason::TooLarge)?;
        let mut bytes = Vec::with_capacity(size);
        while bytes.len() < size {
            match rustix::io::read(&file, spare_capacity(&mut bytes)) {
                Ok(0) => break,
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(refusal(error)),
            }
        }
        // The capacity may exceed what was asked for, and the file may have grown into it.
        bytes.truncate(size);
        let after = stamp(&fstat(&file).map_err(refusal)?);
        Ok((after == before && bytes.len() == size).then_some((bytes, after)))
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
