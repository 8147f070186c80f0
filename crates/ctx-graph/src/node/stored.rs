//! A node as bytes, and the coding of its edges, which it also has in memory.

use ctx_model::codec::{Damaged, Reader, Writer};
use ctx_model::edge::{EdgeKind, How};
use ctx_model::facts::{DefinitionFlags, DefinitionId, DefinitionKind, ExpressionId, Visibility};
use ctx_model::{Language, Position};

use super::{
    Edge, FileExtensions, FileNode, FileNumber, Symbol, SymbolRef, Unresolved, UseCounts, name_hash,
};

impl FileNode {
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
        w.bytes(&self.unknown_calls);
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
        let unknown_calls = r.bytes()?.into();
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
            unknown_calls,
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

pub(super) fn encode_edges(edges: &[Edge]) -> Vec<u8> {
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

/// Calls as distances from the one before: of the definition around them
/// ([`SymbolRef::FILE`] as 0) and, inside one, of the expression that is called.
pub(super) fn encode_calls(mut calls: Vec<(DefinitionId, ExpressionId)>) -> Vec<u8> {
    calls.iter_mut().for_each(|(definition, _)| *definition = definition.wrapping_add(1));
    calls.sort_unstable();
    let mut w = Writer::with_capacity(calls.len() * 3);
    let mut last = (0, 0);
    for (definition, expression) in calls {
        if definition != last.0 {
            last.1 = 0;
        }
        w.number(u64::from(definition - last.0));
        w.number(u64::from(expression - last.1));
        last = (definition, expression);
    }
    w.finish()
}

/// The reverse of [`encode_calls`]; ends where bytes are damaged.
pub(super) fn decode_calls(
    bytes: &[u8],
) -> impl Iterator<Item = (DefinitionId, ExpressionId)> + '_ {
    let mut reader = Reader::new(bytes);
    let mut last: (DefinitionId, ExpressionId) = (0, 0);
    std::iter::from_fn(move || {
        let further = reader.number32().ok()?;
        if further > 0 {
            last.1 = 0;
        }
        last.0 = last.0.wrapping_add(further);
        last.1 = last.1.wrapping_add(reader.number32().ok()?);
        Some((last.0.wrapping_sub(1), last.1))
    })
}

pub(super) struct EdgeReader<'a> {
    reader: Reader<'a>,
    left: u32,
    file: FileNumber,
    line: u32,
    from: DefinitionId,
}

impl<'a> EdgeReader<'a> {
    pub(super) fn new(bytes: &'a [u8], count: u32, file: FileNumber) -> EdgeReader<'a> {
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
