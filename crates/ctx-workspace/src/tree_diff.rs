//! The paths that differ between two git trees, and nothing else about them.
//!
//! Reads raw tree objects: entries of `mode name NUL id`, sorted by name, where
//! a folder sorts as if its name ended with `/` (gitformat-tree). Equal ids are
//! passed over, so the cost is that of what changed.

use std::{cmp::Ordering, rc::Rc};

use git2::{ObjectType, Odb, Oid};
use rustc_hash::FxHashMap;

use crate::history::MAX_OBJECT_BYTES;

/// Trees that a single comparison may open. An honest commit opens a few; one
/// made to exhaust us nests the same tree again and again.
const MAX_TREES: usize = 20_000;
/// Folders in folders.
const MAX_DEPTH: usize = 512;
/// Trees kept, in bytes: a commit's old trees are mostly the next one's new trees.
const KEPT_BYTES: usize = 1024 * 1024;
/// Bytes of a SHA-1.
const ID_BYTES: usize = 20;

/// More paths differ than were asked for, or they can't be told.
#[derive(Debug)]
pub(crate) struct TooMany;

/// Compares trees of one repository.
pub(crate) struct TreeDiff<'r> {
    odb: &'r Odb<'r>,
    /// From the repository's top to the project's root; `""` or ending with `/`.
    prefix: &'r str,
    max_paths: usize,
    trees: usize,
    paths: Vec<String>,
    kept: FxHashMap<Oid, Rc<[u8]>>,
    kept_bytes: usize,
}

impl<'r> TreeDiff<'r> {
    pub(crate) fn new(odb: &'r Odb<'r>, prefix: &'r str, max_paths: usize) -> TreeDiff<'r> {
        TreeDiff {
            odb,
            prefix,
            max_paths,
            trees: 0,
            paths: Vec::new(),
            kept: FxHashMap::default(),
            kept_bytes: 0,
        }
    }

    /// The files beneath the prefix that differ, relative to it and sorted.
    pub(crate) fn changed_paths(
        &mut self,
        old: Option<Oid>,
        new: Oid,
    ) -> Result<Vec<String>, TooMany> {
        self.trees = 0;
        self.paths.clear();
        let (mut old, mut new) = (old, Some(new));
        for step in self.prefix.split_terminator('/') {
            if old == new {
                return Ok(Vec::new());
            }
            old = self.child(old, step)?;
            new = self.child(new, step)?;
        }
        self.compare(old, new, &mut String::new(), 0)?;
        let mut paths = std::mem::take(&mut self.paths);
        paths.sort_unstable();
        paths.dedup();
        Ok(paths)
    }

    fn child(&mut self, tree: Option<Oid>, name: &str) -> Result<Option<Oid>, TooMany> {
        let data = self.read(tree)?;
        let mut found = entries(&data).filter(|entry| entry.is_tree());
        Ok(found.find(|entry| entry.name == name.as_bytes()).and_then(|entry| entry.oid()))
    }

    fn read(&mut self, tree: Option<Oid>) -> Result<Rc<[u8]>, TooMany> {
        let Some(tree) = tree else { return Ok(Rc::default()) };
        self.trees += 1;
        if self.trees > MAX_TREES {
            return Err(TooMany);
        }
        if let Some(kept) = self.kept.get(&tree) {
            return Ok(Rc::clone(kept));
        }
        let (bytes, kind) = self.odb.read_header(tree).map_err(|_| TooMany)?;
        if kind != ObjectType::Tree || bytes > MAX_OBJECT_BYTES {
            return Err(TooMany);
        }
        let data: Rc<[u8]> = Rc::from(self.odb.read(tree).map_err(|_| TooMany)?.data());
        if self.kept_bytes + data.len() > KEPT_BYTES {
            self.kept.clear();
            self.kept_bytes = 0;
        }
        self.kept_bytes += data.len();
        self.kept.insert(tree, Rc::clone(&data));
        Ok(data)
    }

    fn compare(
        &mut self,
        old: Option<Oid>,
        new: Option<Oid>,
        path: &mut String,
        depth: usize,
    ) -> Result<(), TooMany> {
        if old == new {
            return Ok(());
        }
        if depth > MAX_DEPTH {
            return Err(TooMany);
        }
        let (old, new) = (self.read(old)?, self.read(new)?);
        let (mut old, mut new) = (entries(&old).peekable(), entries(&new).peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => a.order(b),
            };
            let before = if order.is_le() { old.next() } else { None };
            let after = if order.is_ge() { new.next() } else { None };
            if let (Some(a), Some(b)) = (&before, &after)
                && a.id == b.id
                && a.mode == b.mode
            {
                continue;
            }
            self.report(before, after, path, depth)?;
        }
    }

    fn report(
        &mut self,
        before: Option<Entry<'_>>,
        after: Option<Entry<'_>>,
        path: &mut String,
        depth: usize,
    ) -> Result<(), TooMany> {
        let Some(either) = before.or(after) else { return Ok(()) };
        // A name that no answer could print names no file of the project.
        let Ok(name) = str::from_utf8(either.name) else { return Ok(()) };
        let length = path.len();
        path.push_str(name);
        let tree = |entry: Option<Entry<'_>>| entry.filter(Entry::is_tree).and_then(|e| e.oid());
        let (old_tree, new_tree) = (tree(before), tree(after));
        if old_tree.is_some() || new_tree.is_some() {
            path.push('/');
            self.compare(old_tree, new_tree, path, depth + 1)?;
        } else if !either.is_submodule() {
            if self.paths.len() >= self.max_paths {
                return Err(TooMany);
            }
            self.paths.push(path.clone());
        }
        path.truncate(length);
        Ok(())
    }
}

#[derive(Debug, Clone, Copy)]
struct Entry<'a> {
    mode: &'a [u8],
    name: &'a [u8],
    id: &'a [u8],
}

impl Entry<'_> {
    fn is_tree(&self) -> bool {
        self.mode == b"40000" || self.mode == b"040000"
    }

    fn is_submodule(&self) -> bool {
        self.mode == b"160000"
    }

    fn oid(&self) -> Option<Oid> {
        Oid::from_bytes(self.id).ok()
    }

    fn order(&self, other: &Entry<'_>) -> Ordering {
        let shared = self.name.len().min(other.name.len());
        self.name[..shared].cmp(&other.name[..shared]).then_with(|| {
            let next = |entry: &Entry<'_>| {
                entry.name.get(shared).copied().or(entry.is_tree().then_some(b'/'))
            };
            next(self).cmp(&next(other))
        })
    }
}

/// The entries of a tree object, as far as it is well-formed.
fn entries(mut data: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    std::iter::from_fn(move || {
        let space = memchr::memchr(b' ', data)?;
        let (mode, rest) = (&data[..space], &data[space + 1..]);
        let end = memchr::memchr(0, rest)?;
        let id = rest.get(end + 1..end + 1 + ID_BYTES)?;
        data = &rest[end + 1 + ID_BYTES..];
        Some(Entry { mode, name: &rest[..end], id })
    })
}
