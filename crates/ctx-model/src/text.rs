//! Places in a text, and moments in time.

/// A place in a file: line and column start at 1, columns count UTF-8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-8 bytes, from 1.
    pub column: u32,
}

/// A moment: microseconds since 1970-01-01T00:00:00Z. Callers pass it in; no
/// crate below the engine reads a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Timestamp(pub i64);
