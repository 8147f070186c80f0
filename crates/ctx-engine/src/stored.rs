//! Rows of the store that the engine keeps for a project: its files, and what
//! state its views are in.

use ctx_model::codec::{Damaged, Reader, Writer};
use ctx_model::project::{FileEntry, FileStamp, IndexedFile, SkipReason, Skipped};
use ctx_model::{Digest, Language, Timestamp};

use ctx_graph::FileNumber;

/// Version of these rows; rows of another version are dropped and made anew.
const VERSION: u64 = 1;
/// In place of the version: the row of a path at which there is no file now.
const FORMER: u64 = 2;
/// Numbers of files at most.
const MOST_FILES: FileNumber = 100_000_000;

/// What is known of a project as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ProjectState {
    /// Which state of the files the graph shows; the search index names its own.
    pub(crate) generation: u64,
    /// A change to the graph was begun and not finished: bind everything again.
    pub(crate) unfinished: bool,
    /// Version of the facts that the graph was made from.
    pub(crate) facts_version: u32,
    /// Version of the graph's own encoding.
    pub(crate) graph_version: u32,
    /// The commit checked out when indexing last began.
    pub(crate) commit: Option<String>,
    /// The branch checked out then.
    pub(crate) branch: Option<String>,
    /// The commit up to which past commits are searchable.
    pub(crate) history_commit: Option<String>,
    /// When indexing last ended.
    pub(crate) indexed_at: Timestamp,
    /// When it last began to read files, in nanoseconds since 1970.
    pub(crate) read_at_ns: i64,
    /// What the walk left out and why.
    pub(crate) skipped: Vec<Skipped>,
    /// Files that turned out not to be source when they were read.
    pub(crate) refused: Vec<Refused>,
}

/// A file that reading found not to be source: its text and not its name told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refused {
    pub(crate) skipped: Skipped,
    /// Which version was read: it is read again when it changes.
    pub(crate) stamp: (u64, i64, u64, i64),
}

impl Refused {
    pub(crate) fn new(path: &str, stamp: FileStamp, reason: SkipReason) -> Refused {
        Refused {
            skipped: Skipped { path: path.to_string(), reason },
            stamp: (stamp.size, stamp.modified_ns, stamp.inode, stamp.changed_ns),
        }
    }

    /// What its text told holds for as long as the file is the same. Anything
    /// else, a file that was moved while it was read, say, tells nothing of the
    /// next time: without a stamp it is read again.
    pub(crate) fn into_retried(self) -> Refused {
        match self.skipped.reason {
            SkipReason::Binary
            | SkipReason::Data
            | SkipReason::Generated
            | SkipReason::Minified
            | SkipReason::TooLarge => self,
            _ => Refused { stamp: (0, 0, 0, 0), ..self },
        }
    }

    pub(crate) fn stamp(&self) -> FileStamp {
        let (size, modified_ns, inode, changed_ns) = self.stamp;
        FileStamp { size, modified_ns, inode, changed_ns }
    }
}

impl ProjectState {
    /// Everything that was left out, by walking and by reading, sorted by path.
    pub(crate) fn all_skipped(&self) -> Vec<Skipped> {
        let refused = self.refused.iter().map(|refused| refused.skipped.clone());
        let mut skipped: Vec<Skipped> = self.skipped.iter().cloned().chain(refused).collect();
        skipped.sort_unstable();
        skipped
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.number(VERSION);
        w.number(self.generation);
        w.byte(u8::from(self.unfinished));
        w.number(u64::from(self.facts_version));
        w.number(u64::from(self.graph_version));
        for text in [&self.commit, &self.branch, &self.history_commit] {
            w.text(text.as_deref().unwrap_or(""));
        }
        w.signed(self.indexed_at.0);
        w.signed(self.read_at_ns);
        w.number(self.skipped.len() as u64);
        self.skipped.iter().for_each(|skipped| encode_skipped(&mut w, skipped));
        w.number(self.refused.len() as u64);
        for refused in &self.refused {
            encode_skipped(&mut w, &refused.skipped);
            encode_stamp(&mut w, refused.stamp());
        }
        w.finish()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<ProjectState, Damaged> {
        let r = &mut Reader::new(bytes);
        if r.number()? != VERSION {
            return Err(r.damaged());
        }
        let mut state = ProjectState {
            generation: r.number()?,
            unfinished: r.byte()? != 0,
            facts_version: r.number32()?,
            graph_version: r.number32()?,
            commit: text(r)?,
            branch: text(r)?,
            history_commit: text(r)?,
            indexed_at: Timestamp(r.signed()?),
            read_at_ns: r.signed()?,
            ..ProjectState::default()
        };
        for _ in 0..r.count()? {
            state.skipped.push(decode_skipped(r)?);
        }
        for _ in 0..r.count()? {
            let skipped = decode_skipped(r)?;
            let stamp = decode_stamp(r)?;
            state.refused.push(Refused::new(&skipped.path, stamp, skipped.reason));
        }
        Ok(state)
    }
}

fn encode_skipped(w: &mut Writer, skipped: &Skipped) {
    w.text(&skipped.path);
    w.text(skipped.reason.name());
}

fn decode_skipped(r: &mut Reader<'_>) -> Result<Skipped, Damaged> {
    let path = r.text()?.to_string();
    let name = r.text()?;
    let reason = SkipReason::from_name(name).ok_or_else(|| r.damaged())?;
    Ok(Skipped { path, reason })
}

fn encode_stamp(w: &mut Writer, stamp: FileStamp) {
    w.number(stamp.size);
    w.signed(stamp.modified_ns);
    w.number(stamp.inode);
    w.signed(stamp.changed_ns);
}

fn decode_stamp(r: &mut Reader<'_>) -> Result<FileStamp, Damaged> {
    Ok(FileStamp {
        size: r.number()?,
        modified_ns: r.signed()?,
        inode: r.number()?,
        changed_ns: r.signed()?,
    })
}

fn text(r: &mut Reader<'_>) -> Result<Option<String>, Damaged> {
    let text = r.text()?;
    Ok((!text.is_empty()).then(|| text.to_string()))
}

/// A file's row.
pub(crate) fn encode_file(number: FileNumber, file: &IndexedFile) -> Vec<u8> {
    let mut w = Writer::with_capacity(file.entry.path.len() + 72);
    w.number(VERSION);
    w.number(u64::from(number));
    w.text(&file.entry.path);
    w.byte(file.entry.language as u8);
    encode_stamp(&mut w, file.entry.stamp);
    w.bytes(&file.content.0);
    w.number(u64::from(file.lines));
    w.finish()
}

/// The row of a path at which there is no file any more.
pub(crate) fn encode_former(number: FileNumber, path: &str) -> Vec<u8> {
    let mut w = Writer::with_capacity(path.len() + 8);
    w.number(FORMER);
    w.number(u64::from(number));
    w.text(path);
    w.finish()
}

/// What a row of files holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FileRow {
    /// A file.
    File(FileNumber, IndexedFile),
    /// The number of a path at which there was a file.
    Former(FileNumber, String),
}

/// What a row of files holds.
pub(crate) fn decode_file(bytes: &[u8]) -> Result<FileRow, Damaged> {
    let r = &mut Reader::new(bytes);
    let version = r.number()?;
    if version != VERSION && version != FORMER {
        return Err(r.damaged());
    }
    let number = r.number32()?;
    let path = r.text()?.to_string();
    // The engine counts numbers up from 0; a larger one would only cost memory.
    if number > MOST_FILES {
        return Err(r.damaged());
    }
    if version == FORMER {
        return Ok(FileRow::Former(number, path));
    }
    let language = Language::from_number(r.byte()?).ok_or_else(|| r.damaged())?;
    let stamp = decode_stamp(r)?;
    let content = Digest(r.bytes()?.try_into().map_err(|_| r.damaged())?);
    let lines = r.number32()?;
    let file = IndexedFile { entry: FileEntry { path, language, stamp }, content, lines };
    Ok(FileRow::File(number, file))
}

/// A node's row: its file's number and its own stored form.
pub(crate) fn encode_node(number: FileNumber, node: &[u8]) -> Vec<u8> {
    let mut w = Writer::with_capacity(node.len() + 8);
    w.number(u64::from(number));
    w.bytes(node);
    w.finish()
}

/// The number and the stored form of a node.
pub(crate) fn decode_node(bytes: &[u8]) -> Result<(FileNumber, &[u8]), Damaged> {
    let mut r = Reader::new(bytes);
    Ok((r.number32()?, r.bytes()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_round_trip() {
        let state = ProjectState {
            generation: 7,
            unfinished: true,
            commit: Some("abc".into()),
            skipped: vec![Skipped { path: "x/".into(), reason: SkipReason::Vendored }],
            ..ProjectState::default()
        };
        assert_eq!(ProjectState::decode(&state.encode()), Ok(state));
        let file = IndexedFile {
            entry: FileEntry {
                path: "a.py".into(),
                language: Language::Python,
                stamp: FileStamp { size: 3, modified_ns: -1, inode: 9, changed_ns: 5 },
            },
            content: Digest([7; 32]),
            lines: 2,
        };
        assert_eq!(decode_file(&encode_file(4, &file)), Ok(FileRow::File(4, file)));
        let former = FileRow::Former(5, "b.py".into());
        assert_eq!(decode_file(&encode_former(5, "b.py")), Ok(former));
        assert!(decode_file(b"\x01\x02").is_err());
    }
}
