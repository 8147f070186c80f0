//! What all definitions share: name, head, doc comment, visibility, export.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Kind, Walk};
use crate::builder::NewDefinition;

/// The name under which a module's main value is offered.
pub(super) const DEFAULT: &str = "default";

/// Whether only the type checker sees what is declared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ambient {
    /// No.
    No,
    /// Inside `declare …`.
    Declared,
    /// Inside `declare global`.
    Global,
}

/// The statement that a definition is the heart of, and what it says of it.
#[derive(Clone, Copy)]
pub(super) struct Head<'t> {
    /// The statement: `export …`, `declare …` or the definition itself.
    pub(super) whole: Node<'t>,
    /// Flags for exports.
    pub(super) flags: DefinitionFlags,
}

impl<'t> Head<'t> {
    /// The head of a definition that stands alone.
    pub(super) fn plain(whole: Node<'t>) -> Head<'t> {
        Head { whole, flags: DefinitionFlags::default() }
    }

    /// The same, with more flags.
    pub(super) fn with(mut self, flags: DefinitionFlags) -> Head<'t> {
        self.flags.set(flags);
        self
    }
}

/// A definition as the extractor first meets it.
pub(super) struct Declared<'t> {
    pub(super) kind: DefinitionKind,
    pub(super) name: Node<'t>,
    pub(super) head: Head<'t>,
    /// Byte at which its signature ends.
    pub(super) end: usize,
    /// None: as its scope and its export say.
    pub(super) visibility: Option<Visibility>,
}

impl<'t> Walk<'_, 't> {
    /// Adds a definition in the current scope and binds its name there.
    pub(super) fn declare(&mut self, new: Declared<'t>) -> DefinitionId {
        let doc = self.doc(new.head.whole.start_byte());
        let name_node = self.name_node(new.name);
        let name = self.build.name_of(name_node);
        let mut flags = new.head.flags;
        if self.own.ambient != Ambient::No {
            flags.set(DefinitionFlags::CONDITIONAL);
        }
        let visibility = new.visibility.unwrap_or_else(|| self.visibility_here(name_node, flags));
        let id = self.build.define(NewDefinition {
            name,
            kind: new.kind,
            name_node,
            whole: new.head.whole,
            visibility,
            flags,
        });
        self.own.bound.insert((self.build.scope, name), BoundTo::Definition(id));
        let signature = self.signature(new.head.whole, new.end);
        let definition = self.build.definition_mut(id);
        definition.signature = signature;
        definition.doc = doc;
        if flags.has(DefinitionFlags::EXPORTED) && self.build.scope == 0 {
            let default = flags.has(DefinitionFlags::DEFAULT_EXPORT);
            let offered = if default { self.build.name(DEFAULT) } else { name };
            self.export(offered, Exported::Local(name));
        }
        id
    }

    /// Notes that the file offers a name.
    pub(super) fn export(&mut self, name: NameId, what: Exported) {
        self.build.facts.exports.push(Export { name, what });
    }

    fn visibility_here(&self, name: Node<'t>, flags: DefinitionFlags) -> Visibility {
        match self.build.scope_kind() {
            ScopeKind::Type | ScopeKind::Extension => Visibility::Public,
            _ if self.kind(name) == Kind::StringFragment => Visibility::Public,
            _ if flags.has(DefinitionFlags::EXPORTED) => Visibility::Public,
            // A namespace that is only declared offers all it holds.
            ScopeKind::Module if self.own.ambient != Ambient::No => Visibility::Public,
            _ if self.own.ambient == Ambient::Global => Visibility::Public,
            _ => Visibility::Private,
        }
    }

    /// Marks what an `export { … }` or a CommonJS export apart from the
    /// definition offers. What a script declares is everybody's.
    pub(super) fn mark_exported(&mut self) {
        let default = self.build.name(DEFAULT);
        let FileFacts { exports, imports, definitions, .. } = &mut self.build.facts;
        for export in &*exports {
            let Exported::Local(name) = export.what else { continue };
            let Some(BoundTo::Definition(id)) = self.own.bound.get(&(0, name)) else { continue };
            let definition = &mut definitions[*id as usize];
            definition.visibility = Visibility::Public;
            definition.flags.set(DefinitionFlags::EXPORTED);
            if export.name == default {
                definition.flags.set(DefinitionFlags::DEFAULT_EXPORT);
            }
        }
        if exports.is_empty() && imports.is_empty() {
            for definition in definitions.iter_mut().filter(|definition| definition.scope == 0) {
                if definition.flags.has(DefinitionFlags::CONDITIONAL) {
                    definition.visibility = Visibility::Public;
                }
            }
        }
    }

    /// The node that spells a name: for a string, the text between its quotes.
    pub(super) fn name_node(&self, node: Node<'t>) -> Node<'t> {
        if self.kind(node) != Kind::String || node.named_child_count() != 1 {
            return node;
        }
        node.named_child(0).filter(|text| self.kind(*text) == Kind::StringFragment).unwrap_or(node)
    }

    /// The text of a definition's head, decorators left out.
    pub(super) fn signature(&mut self, whole: Node<'t>, end: usize) -> NameId {
        let head = self.undecorated(whole);
        let text = self.build.text.get(head.start_byte()..end).unwrap_or("");
        let trimmed = text.trim_end().trim_end_matches([';', ',']).len();
        self.build.signature(head, head.start_byte() + trimmed)
    }

    /// The first child that is not a decorator, if the first one is.
    fn undecorated(&self, node: Node<'t>) -> Node<'t> {
        if !node.child(0).is_some_and(|first| self.kind(first) == Kind::Decorator) {
            return node;
        }
        let mut cursor = node.walk();
        let first = node
            .children(&mut cursor)
            .find(|child| self.kind(*child) != Kind::Decorator && child.kind() != "comment");
        first.unwrap_or(node)
    }

    /// The doc comment that ends directly before byte `start`.
    pub(super) fn doc(&mut self, start: usize) -> NameId {
        let mut end = start;
        // Taken, so that white space before a statement is read once.
        for index in std::mem::take(&mut self.own.leading).rev() {
            let comment = self.build.comments[index].clone();
            let (from, to) = (comment.start as usize, comment.end as usize);
            let text = self.build.text;
            let gap = text.get(to..end).unwrap_or("-");
            if !gap.bytes().all(|byte| byte.is_ascii_whitespace()) {
                break;
            }
            let comment = text.get(from..to).unwrap_or("");
            if let Some(inner) = comment.strip_prefix("/**").and_then(|c| c.strip_suffix("*/")) {
                let paragraph = first_paragraph(inner);
                return self.build.doc(&paragraph);
            }
            // A linter's directive may stand between a doc comment and its object.
            end = from;
        }
        0
    }
}

/// The first paragraph of a JSDoc comment, its stars removed; tags end it.
fn first_paragraph(comment: &str) -> String {
    let mut paragraph = String::new();
    for line in comment.lines() {
        let line = line.trim();
        let line = line.strip_prefix('*').unwrap_or(line).trim();
        if !paragraph.is_empty() && (line.is_empty() || line.starts_with('@')) {
            break;
        }
        if !line.is_empty() {
            paragraph.push_str(line);
            paragraph.push('\n');
        }
    }
    paragraph
}
