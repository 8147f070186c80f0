//! A project's files as they were seen, and why some were left out.

use crate::{Digest, Language};

/// Which version of a file was seen: enough to tell that it has not changed
/// without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct FileStamp {
    /// Size in bytes.
    pub size: u64,
    /// Modification time in nanoseconds since 1970.
    pub modified_ns: i64,
    /// Inode (0 where the platform has none).
    pub inode: u64,
    /// Change time in nanoseconds since 1970 (0 where the platform has none).
    pub changed_ns: i64,
}

/// A file that belongs to a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Path relative to the project's root, with `/`.
    pub path: String,
    /// What it is written in.
    pub language: Language,
    /// Which version was seen.
    pub stamp: FileStamp,
}

/// A file that was seen and read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedFile {
    /// Path, language and version.
    pub entry: FileEntry,
    /// Digest of its bytes and language: the name of its facts.
    pub content: Digest,
    /// Number of lines.
    pub lines: u32,
}

/// Why a file or folder was left out of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SkipReason {
    /// Named by a `.gitignore`, `.ignore` or `.codecontextignore` rule.
    Ignored,
    /// Written by a program, as its first lines, its name or a marker beside it say.
    Generated,
    /// Somebody else's code kept in the tree, or another checkout of the same repository.
    Vendored,
    /// One very long line after the other: packed for a browser.
    Minified,
    /// Larger than the size limit.
    TooLarge,
    /// Not text.
    Binary,
    /// Text that is neither code nor prose: tables, translations, drawings, recorded output.
    Data,
    /// Could not be read.
    Unreadable,
    /// A symbolic link, which is never followed: what it leads to is found under its own name or
    /// is no part of the project.
    Link,
    /// Not a regular file: a socket, a pipe or a device.
    NotRegular,
    /// A name that is not UTF-8, so that no answer could print it.
    UnprintableName,
    /// It changed or vanished while it was read.
    Vanished,
}

impl SkipReason {
    /// Every reason.
    pub const ALL: [SkipReason; 12] = [
        SkipReason::Ignored,
        SkipReason::Generated,
        SkipReason::Vendored,
        SkipReason::Minified,
        SkipReason::TooLarge,
        SkipReason::Binary,
        SkipReason::Data,
        SkipReason::Unreadable,
        SkipReason::Link,
        SkipReason::NotRegular,
        SkipReason::UnprintableName,
        SkipReason::Vanished,
    ];

    /// The reason with this name.
    pub fn from_name(name: &str) -> Option<SkipReason> {
        SkipReason::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// The name printed everywhere.
    pub fn name(self) -> &'static str {
        match self {
            SkipReason::Ignored => "ignored",
            SkipReason::Generated => "generated",
            SkipReason::Vendored => "vendored",
            SkipReason::Minified => "minified",
            SkipReason::TooLarge => "too-large",
            SkipReason::Binary => "binary",
            SkipReason::Data => "data",
            SkipReason::Unreadable => "unreadable",
            SkipReason::Link => "link",
            SkipReason::NotRegular => "not-regular",
            SkipReason::UnprintableName => "unprintable-name",
            SkipReason::Vanished => "vanished",
        }
    }
}

/// A file or folder that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// Path relative to the project's root; a folder ends with `/`.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// A past change, as the search index and the ranking need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Full hexadecimal object name.
    pub id: String,
    /// Whole message.
    pub message: String,
    /// Author time, seconds since 1970.
    pub at_seconds: i64,
    /// Paths that the commit changed, relative to the project's root, those outside it left out.
    pub paths: Vec<String>,
}
