//! A file inside a package.

use std::borrow::Cow;

/// A file inside a package.
pub(super) struct Entry<'a> {
    /// Its path in the package, with `/`.
    pub(super) path: String,
    pub(super) bytes: Cow<'a, [u8]>,
    /// Whether it can be run.
    pub(super) is_program: bool,
}

impl<'a> Entry<'a> {
    /// A file to be read.
    pub(super) fn plain(path: impl Into<String>, bytes: impl Into<Cow<'a, [u8]>>) -> Entry<'a> {
        Entry { path: path.into(), bytes: bytes.into(), is_program: false }
    }

    /// A file to be run.
    pub(super) fn program(path: impl Into<String>, bytes: impl Into<Cow<'a, [u8]>>) -> Entry<'a> {
        Entry { path: path.into(), bytes: bytes.into(), is_program: true }
    }

    /// Its rights, as Unix writes them: the same under any umask.
    pub(super) fn mode(&self) -> u32 {
        if self.is_program { 0o755 } else { 0o644 }
    }
}

/// The time that every file in a package bears: 1980-01-01, the first that a
/// ZIP can tell, in seconds since 1970.
pub(super) const WRITTEN_AT: u64 = 315_532_800;
