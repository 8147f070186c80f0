//! One file of the graph as it stays in memory: its symbols, and the edges that
//! start in it, coded in a few bytes each.
//!
//! Two million lines must fit in 100 MB, so a symbol costs 28 bytes and its
//! name, and an edge about 7 bytes. Questions decode only the files that have
//! edges to the target's file.

use ctx_model::codec::{Damaged, Reader, Writer};
use ctx_model::edge::{EdgeKind, How};
use ctx_model::facts::{DefinitionFlags, DefinitionId, DefinitionKind, Visibility};
use ctx_model::{Language, Position};

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
    }

    /// The stored form.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(self.heap_bytes());
        w.number(u64::from(crate::GRAPH_VERSION));
        w.text(&self.path);
        w.byte(self.language as u8);
        w.number(u64::from(self.lines));
        w.text(&self.module);
        w.text(&self.names);
        w.number(self.symbols.len() as u64);
        for symbol in &self.symbols {
            encode_symbol(&mut w, symbol);
        }
        for count in [self.counts.resolved, self.counts.external, self.counts.unresolved] {
            w.number(u64::from(count));
        }
        for list in [&self.consulted, &self.targets] {
            w.number(list.len() as u64);
            let mut last = 0;
            for number in list.iter() {
                w.number(u64::from(number - last));
                last = *number;
            }
        }
        w.number(self.unresolved.len() as u64);
        for entry in &self.unresolved {
            w.number(u64::from(entry.name));
            w.number(u64::from(entry.sites));
        }
        encode_extensions(&mut w, &self.extensions);
        w.number(self.interface);
        w.number(u64::from(self.edge_count));
        w.bytes(&self.edges);
        w.finish()
    }

    /// A node from its stored form.
    pub fn decode(bytes: &[u8]) -> Result<FileNode, Damaged> {
        let r = &mut Reader::new(bytes);
        if r.number()? != u64::from(crate::GRAPH_VERSION) {
            return Err(Damaged { offset: 0 });
        }
        let path = r.text()?.into();
        let language = Language::from_number(r.byte()?).ok_or_else(|| r.damaged())?;
        let lines = r.number32()?;
        let module = r.text()?.into();
        let names: Box<str> = r.text()?.into();
        let count = r.count()?;
        let symbols =
            (0..count).map(|_| decode_symbol(r)).collect::<Result<Box<[Symbol]>, Damaged>>()?;
        let counts = UseCounts {
            resolved: r.number32()?,
            external: r.number32()?,
            unresolved: r.number32()?,
        };
        let (consulted, targets) = (decode_numbers(r)?, decode_numbers(r)?);
        let count = r.count()?;
        let unresolved = (0..count)
            .map(|_| Ok(Unresolved { name: r.number32()?, sites: r.number32()? }))
            .collect::<Result<_, Damaged>>()?;
        let extensions = decode_extensions(r)?;
        let interface = r.number()?;
        let edge_count = r.number32()?;
        let edges = r.bytes()?.into();
        let mut node = FileNode {
            path,
            language,
            lines,
            module,
            symbols,
            counts,
            consulted,
            targets,
            unresolved,
            extensions,
            interface,
            names,
            by_name: Box::default(),
            edges,
            edge_count,
        };
        node.by_name = node.names_index();
        Ok(node)
    }

    fn names_index(&self) -> Box<[(u32, DefinitionId)]> {
        let mut by_name: Vec<_> = self
            .symbols
            .iter()
            .enumerate()
            .map(|(id, symbol)| (name_hash(self.name(symbol)), id as DefinitionId))
            .collect();
        by_name.sort_unstable();
        by_name.into()
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

fn encode_symbol(w: &mut Writer, symbol: &Symbol) {
    w.number(u64::from(symbol.name));
    w.number(u64::from(symbol.name_length));
    w.number(u64::from(symbol.column));
    w.number(u64::from(symbol.line));
    w.signed(i64::from(symbol.line) - i64::from(symbol.start_line));
    w.signed(i64::from(symbol.end_line) - i64::from(symbol.line));
    w.option(symbol.parent());
    w.byte(symbol.kind as u8);
    w.byte(symbol.visibility as u8);
    w.number(u64::from(symbol.flags.0));
}

fn decode_symbol(r: &mut Reader<'_>) -> Result<Symbol, Damaged> {
    let name = r.number32()?;
    let name_length = r.number32()? as u16;
    let column = r.number32()? as u16;
    let line = r.number32()?;
    let (before, after) = (r.signed()?, r.signed()?);
    let parent = r.option()?;
    let kind = DefinitionKind::ALL.get(usize::from(r.byte()?)).copied();
    let visibility = Visibility::ALL.get(usize::from(r.byte()?)).copied();
    Ok(Symbol {
        name,
        name_length,
        column,
        line,
        start_line: i64::from(line).saturating_sub(before) as u32,
        end_line: i64::from(line).saturating_add(after) as u32,
        parent: parent.and_then(|id| std::num::NonZeroU32::new(id.wrapping_add(1))),
        kind: kind.ok_or_else(|| r.damaged())?,
        visibility: visibility.ok_or_else(|| r.damaged())?,
        flags: DefinitionFlags(r.number32()? as u16),
    })
}

fn decode_numbers(r: &mut Reader<'_>) -> Result<Box<[FileNumber]>, Damaged> {
    let count = r.count()?;
    let mut last = 0u32;
    let mut numbers = Vec::with_capacity(count);
    for _ in 0..count {
        last = last.wrapping_add(r.number32()?);
        numbers.push(last);
    }
    Ok(numbers.into())
}

fn encode_reference(w: &mut Writer, symbol: SymbolRef) {
    w.number(u64::from(symbol.file));
    w.number(u64::from(symbol.definition));
}

fn decode_reference(r: &mut Reader<'_>) -> Result<SymbolRef, Damaged> {
    Ok(SymbolRef { file: r.number32()?, definition: r.number32()? })
}

fn encode_extensions(w: &mut Writer, extensions: &FileExtensions) {
    w.number(extensions.members.len() as u64);
    for (owner, member) in &extensions.members {
        encode_reference(w, *owner);
        w.number(u64::from(*member));
    }
    w.number(extensions.traits.len() as u64);
    for (owner, implemented) in &extensions.traits {
        encode_reference(w, *owner);
        encode_reference(w, *implemented);
    }
}

fn decode_extensions(r: &mut Reader<'_>) -> Result<FileExtensions, Damaged> {
    let mut extensions = FileExtensions::default();
    for _ in 0..r.count()? {
        extensions.members.push((decode_reference(r)?, r.number32()?));
    }
    for _ in 0..r.count()? {
        extensions.traits.push((decode_reference(r)?, decode_reference(r)?));
    }
    Ok(extensions)
}

fn encode_edges(edges: &[Edge]) -> Vec<u8> {
    let mut w = Writer::with_capacity(edges.len() * 8);
    let mut line = 0;
    let mut from = SymbolRef::FILE;
    for edge in edges {
        let same = edge.from.definition == from;
        w.byte(
            edge.kind as u8
                | (edge.how as u8) << 3
                | u8::from(same) << 6
                | u8::from(edge.candidates > 1) << 7,
        );
        if !same {
            w.number(u64::from(edge.from.definition.wrapping_add(1)));
            from = edge.from.definition;
        }
        if edge.candidates > 1 {
            w.number(u64::from(edge.candidates));
        }
        w.number(u64::from(edge.at.line - line));
        line = edge.at.line;
        w.number(u64::from(edge.at.column));
        w.number(u64::from(edge.to.file));
        w.number(u64::from(edge.to.definition.wrapping_add(1)));
    }
    w.finish()
}

struct EdgeReader<'a> {
    reader: Reader<'a>,
    left: u32,
    file: FileNumber,
    line: u32,
    from: DefinitionId,
}

impl<'a> EdgeReader<'a> {
    fn new(bytes: &'a [u8], count: u32, file: FileNumber) -> EdgeReader<'a> {
        EdgeReader { reader: Reader::new(bytes), left: count, file, line: 0, from: SymbolRef::FILE }
    }

    fn read(&mut self) -> Result<Edge, Damaged> {
        let r = &mut self.reader;
        let head = r.byte()?;
        if head & 64 == 0 {
            self.from = r.number32()?.wrapping_sub(1);
        }
        let candidates = if head & 128 != 0 { r.number32()? } else { 1 };
        self.line = self.line.wrapping_add(r.number32()?);
        let column = r.number32()?;
        let to = SymbolRef { file: r.number32()?, definition: r.number32()?.wrapping_sub(1) };
        Ok(Edge {
            kind: EdgeKind::ALL[usize::from(head & 7)],
            from: SymbolRef { file: self.file, definition: self.from },
            to,
            at: Position { line: self.line, column },
            how: How::ALL[usize::from(head >> 3 & 7)],
            candidates,
        })
    }
}

impl Iterator for EdgeReader<'_> {
    type Item = Edge;

    fn next(&mut self) -> Option<Edge> {
        self.left = self.left.checked_sub(1)?;
        self.read().ok()
    }
}
