//! One file of the graph as it stays in memory: its symbols, and the edges that
//! start in it, coded in a few bytes each.
//!
//! Two million lines must fit in 100 MB, so a symbol costs 28 bytes and its
//! name, and an edge a few bytes. Questions decode only the files that have
//! edges to the target's file.

mod stored;

use ctx_model::edge::{EdgeKind, How};
use ctx_model::facts::{DefinitionFlags, DefinitionId, DefinitionKind, ExpressionId, Visibility};
use ctx_model::{Language, Position};

use stored::{EdgeReader, decode_calls, encode_calls, encode_edges};

/// A file's number: stable for as long as the file belongs to the project.
pub type FileNumber = u32;

/// A symbol: a definition of a file. `definition` equals the number of
/// [`Definition`](ctx_model::facts::Definition) in the file's facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymbolRef {
    /// The file.
    pub file: FileNumber,
    /// The definition in it; [`SymbolRef::FILE`] stands for the file's own code.
    pub definition: DefinitionId,
}

impl SymbolRef {
    /// In place of a definition: the file itself.
    pub const FILE: DefinitionId = u32::MAX;

    /// The file itself as a symbol.
    pub fn file(file: FileNumber) -> SymbolRef {
        SymbolRef { file, definition: SymbolRef::FILE }
    }

    /// Whether it stands for a whole file.
    pub fn is_file(self) -> bool {
        self.definition == SymbolRef::FILE
    }
}

/// A symbol as it stays in memory; signature and doc are read from the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbol {
    name: u32,
    name_length: u16,
    /// Column of its name in UTF-8 bytes, from 1.
    pub column: u16,
    /// Line of its name, from 1.
    pub line: u32,
    /// First line of the whole definition.
    pub start_line: u32,
    /// Last line.
    pub end_line: u32,
    /// The definition that it is written in or belongs to, in the same file.
    pub parent: Option<std::num::NonZeroU32>,
    /// What it is.
    pub kind: DefinitionKind,
    /// Who can see it.
    pub visibility: Visibility,
    /// Yes-or-no properties.
    pub flags: DefinitionFlags,
}

impl Symbol {
    /// The definition that it is written in.
    pub fn parent(&self) -> Option<DefinitionId> {
        self.parent.map(|parent| parent.get() - 1)
    }
}

/// What a file adds to types that are defined apart from it: Go methods, Rust
/// `impl` blocks, assignments to a prototype.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct FileExtensions {
    /// A type, and a definition of this file that is a member of it; the root
    /// file of a crate, and a macro of it.
    pub members: Vec<(SymbolRef, DefinitionId)>,
    /// A type, and a trait that this file implements for it.
    pub traits: Vec<(SymbolRef, SymbolRef)>,
}

/// What is needed to add a symbol to a node.
#[derive(Debug, Clone)]
pub struct NewSymbol<'a> {
    /// Its own name.
    pub name: &'a str,
    /// What it is.
    pub kind: DefinitionKind,
    /// The definition that it is written in.
    pub parent: Option<DefinitionId>,
    /// Where its name stands.
    pub at: Position,
    /// First line of the whole definition.
    pub start_line: u32,
    /// Last line.
    pub end_line: u32,
    /// Who can see it.
    pub visibility: Visibility,
    /// Yes-or-no properties.
    pub flags: DefinitionFlags,
}

/// An edge from one symbol to another, at a site in the source symbol's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edge {
    /// What the edge says.
    pub kind: EdgeKind,
    /// The innermost definition that the site stands in, or the file.
    pub from: SymbolRef,
    /// The target.
    pub to: SymbolRef,
    /// Where the name stands.
    pub at: Position,
    /// How it is known.
    pub how: How,
    /// How many targets the site has in all, this one included.
    pub candidates: u32,
}

/// How often a file uses a name that no rule could bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unresolved {
    /// [`name_hash`] of the name.
    pub name: u32,
    /// Number of sites.
    pub sites: u32,
}

/// Counts of what became of a file's uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UseCounts {
    /// Bound to a symbol of the project.
    pub resolved: u32,
    /// Known to leave the project.
    pub external: u32,
    /// Not bound.
    pub unresolved: u32,
}

impl UseCounts {
    /// Adds another file's counts.
    pub fn add(&mut self, other: UseCounts) {
        self.resolved += other.resolved;
        self.external += other.external;
        self.unresolved += other.unresolved;
    }
}

/// One file of the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileNode {
    /// Path relative to the project's root.
    pub path: Box<str>,
    /// What it is written in.
    pub language: Language,
    /// Number of lines.
    pub lines: u32,
    /// What its symbols' qualified names start with.
    pub module: Box<str>,
    /// Symbols; index = definition number.
    pub symbols: Box<[Symbol]>,
    /// What became of its uses.
    pub counts: UseCounts,
    /// Files whose facts were looked at to bind this file's names, sorted.
    pub consulted: Box<[FileNumber]>,
    /// Files that edges lead to, sorted.
    pub targets: Box<[FileNumber]>,
    /// Names that no rule could bind, sorted by hash.
    pub unresolved: Box<[Unresolved]>,
    /// What this file adds to types that are defined apart from it.
    pub extensions: FileExtensions,
    /// Hash of what other files can see of this one.
    pub interface: u64,
    names: Box<str>,
    by_name: Box<[(u32, DefinitionId)]>,
    edges: Box<[u8]>,
    edge_count: u32,
    unknown_calls: Box<[u8]>,
}

/// What a node is made from.
#[derive(Debug, Default)]
pub struct NodeParts<'a> {
    /// Path relative to the project's root.
    pub path: &'a str,
    /// What it is written in; none counts as text.
    pub language: Option<Language>,
    /// Number of lines.
    pub lines: u32,
    /// What its symbols' qualified names start with.
    pub module: String,
    /// Symbols in order of their definitions.
    pub symbols: Vec<NewSymbol<'a>>,
    /// Edges that start in the file.
    pub edges: Vec<Edge>,
    /// What became of its uses.
    pub counts: UseCounts,
    /// Files whose facts were looked at.
    pub consulted: Vec<FileNumber>,
    /// Names that no rule could bind, a hash a site.
    pub unresolved: Vec<u32>,
    /// Calls of which no rule tells what they run: the definition around each,
    /// and what is called.
    pub unknown_calls: Vec<(DefinitionId, ExpressionId)>,
    /// What the file adds to types.
    pub extensions: FileExtensions,
    /// Hash of what other files can see.
    pub interface: u64,
}

/// The hash under which names are found; equal names have equal hashes.
pub fn name_hash(name: &str) -> u32 {
    // FNV-1a, folded: names are short and the table is small.
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash >> 32) as u32 ^ hash as u32
}

/// Most definitions that one can be nested in.
const DEEPEST: usize = 64;

/// Whether following parents from a symbol ends: a member written apart from
/// its type may stand around that very type.
fn parents_end(symbols: &[NewSymbol<'_>], start: DefinitionId) -> bool {
    let parent = |id: DefinitionId| symbols.get(id as usize).and_then(|symbol| symbol.parent);
    std::iter::successors(parent(start), |id| parent(*id)).take(DEEPEST + 1).count() <= DEEPEST
}

impl FileNode {
    /// Packs a node.
    pub fn new(mut parts: NodeParts<'_>) -> FileNode {
        for id in 0..parts.symbols.len() {
            if !parents_end(&parts.symbols, id as DefinitionId) {
                parts.symbols[id].parent = None;
            }
        }
        let mut names = String::new();
        let mut symbols = Vec::with_capacity(parts.symbols.len());
        let mut by_name = Vec::with_capacity(parts.symbols.len());
        for (id, new) in parts.symbols.iter().enumerate() {
            by_name.push((name_hash(new.name), id as DefinitionId));
            symbols.push(Symbol {
                name: names.len() as u32,
                name_length: new.name.len().min(usize::from(u16::MAX)) as u16,
                column: new.at.column.min(u32::from(u16::MAX)) as u16,
                line: new.at.line,
                start_line: new.start_line,
                end_line: new.end_line,
                parent: new.parent.and_then(|id| std::num::NonZeroU32::new(id + 1)),
                kind: new.kind,
                visibility: new.visibility,
                flags: new.flags,
            });
            names.push_str(new.name);
        }
        by_name.sort_unstable();
        parts.consulted.sort_unstable();
        parts.consulted.dedup();
        parts.edges.sort_unstable_by_key(|edge| (edge.at, edge.to, edge.kind));
        parts.edges.dedup_by_key(|edge| (edge.at, edge.to, edge.kind, edge.from));
        let mut targets: Vec<FileNumber> = parts.edges.iter().map(|edge| edge.to.file).collect();
        targets.sort_unstable();
        targets.dedup();
        FileNode {
            path: parts.path.into(),
            language: parts.language.unwrap_or(Language::Text),
            lines: parts.lines,
            module: parts.module.into(),
            symbols: symbols.into(),
            counts: parts.counts,
            consulted: parts.consulted.into(),
            edges: encode_edges(&parts.edges).into(),
            edge_count: parts.edges.len() as u32,
            targets: targets.into(),
            unresolved: count_names(parts.unresolved),
            unknown_calls: encode_calls(parts.unknown_calls).into(),
            extensions: parts.extensions,
            interface: parts.interface,
            names: names.into(),
            by_name: by_name.into(),
        }
    }

    /// The name of a symbol of this file.
    pub fn name(&self, symbol: &Symbol) -> &str {
        let start = symbol.name as usize;
        self.names.get(start..start + usize::from(symbol.name_length)).unwrap_or("")
    }

    /// The symbol of a definition.
    pub fn symbol(&self, definition: DefinitionId) -> Option<&Symbol> {
        self.symbols.get(definition as usize)
    }

    /// Definitions with this name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = DefinitionId> + 'a {
        let hash = name_hash(name);
        let start = self.by_name.partition_point(|entry| entry.0 < hash);
        self.by_name[start..]
            .iter()
            .take_while(move |entry| entry.0 == hash)
            .map(|entry| entry.1)
            .filter(move |id| self.symbol(*id).is_some_and(|symbol| self.name(symbol) == name))
    }

    /// A definition and those that it is written in, from the innermost. Ends
    /// after [`DEEPEST`] steps, so that damaged rows cannot lead in a circle.
    pub fn outwards(&self, definition: DefinitionId) -> impl Iterator<Item = &Symbol> {
        std::iter::successors(self.symbol(definition), |symbol| self.symbol(symbol.parent()?))
            .take(DEEPEST)
    }

    /// The qualified name of a definition, or the module's for the file itself.
    pub fn qualified(&self, definition: DefinitionId) -> String {
        let separator = match self.language {
            Language::Rust => "::",
            _ => ".",
        };
        let mut parts: Vec<&str> =
            self.outwards(definition).map(|symbol| self.name(symbol)).collect();
        if !self.module.is_empty() {
            parts.push(&self.module);
        }
        parts.reverse();
        parts.join(separator)
    }

    /// The edges that start in this file, in order of their sites.
    pub fn edges(&self, file: FileNumber) -> impl Iterator<Item = Edge> + '_ {
        EdgeReader::new(&self.edges, self.edge_count, file)
    }

    /// Calls of this file of which no rule tells what they run, in order of the
    /// definitions around them: that definition, and what is called as an
    /// expression of the file's facts.
    pub fn unknown_calls(&self) -> impl Iterator<Item = (DefinitionId, ExpressionId)> + '_ {
        decode_calls(&self.unknown_calls)
    }

    /// Number of edges that start in this file.
    pub fn edge_count(&self) -> u32 {
        self.edge_count
    }

    /// Whether a newer node of the same file shows something else to others.
    pub fn shows_others(&self, newer: &FileNode) -> bool {
        self.interface != newer.interface || self.extensions != newer.extensions
    }

    /// Sites of this file that use `name` and could not be bound.
    pub fn unresolved_sites(&self, hash: u32) -> u32 {
        self.unresolved
            .binary_search_by_key(&hash, |entry| entry.name)
            .map_or(0, |index| self.unresolved[index].sites)
    }

    /// Bytes of memory that the node holds.
    pub fn heap_bytes(&self) -> usize {
        self.path.len()
            + self.module.len()
            + self.symbols.len() * size_of::<Symbol>()
            + (self.consulted.len() + self.targets.len()) * 4
            + self.unresolved.len() * 8
            + (self.extensions.members.len() * 12 + self.extensions.traits.len() * 16)
            + self.names.len()
            + self.by_name.len() * 8
            + self.edges.len()
            + self.unknown_calls.len()
    }
}

fn count_names(mut hashes: Vec<u32>) -> Box<[Unresolved]> {
    hashes.sort_unstable();
    let mut counted: Vec<Unresolved> = Vec::new();
    for name in hashes {
        match counted.last_mut() {
            Some(last) if last.name == name => last.sites += 1,
            _ => counted.push(Unresolved { name, sites: 1 }),
        }
    }
    counted.into()
}
