//! `import` and `export` of ECMAScript and TypeScript modules.

use ctx_model::Position;
use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::{DEFAULT, Declared, Head};
use super::{Field, Kind, Walk};
use crate::builder::Builder;

/// The module that a statement names.
#[derive(Clone, Copy)]
pub(super) struct Source {
    pub(super) module: NameId,
    /// Where the module's name stands.
    pub(super) at: Position,
    pub(super) type_only: bool,
}

impl<'t> Walk<'_, 't> {
    /// The module that a string names.
    pub(super) fn source(&mut self, string: Node<'t>, type_only: bool) -> Source {
        let node = self.name_node(string);
        let text = self.build.text_of(node).trim_matches(['"', '\'', '`']);
        Source { module: self.build.name(text), at: Builder::position(node), type_only }
    }

    /// Adds an import of a module into the current scope.
    pub(super) fn import_from(
        &mut self,
        source: Source,
        what: Imported,
        at: Position,
        local: Option<NameId>,
    ) -> ImportId {
        let id = self.build.import(
            Import {
                module: source.module,
                what,
                scope: self.build.scope,
                at,
                reexported: false,
                type_only: source.type_only,
            },
            local,
        );
        if let Some(local) = local {
            self.own.bound.insert((self.build.scope, local), BoundTo::Import(id));
        }
        id
    }

    /// Adds an import that this file offers on under a name.
    pub(super) fn reexport(
        &mut self,
        source: Source,
        what: Imported,
        at: Position,
        offered: NameId,
    ) {
        let id = self.import_from(source, what, at, None);
        self.build.facts.imports[id as usize].reexported = true;
        self.export(offered, Exported::Import(id));
    }

    /// `import …`.
    pub(super) fn import_statement(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        let children_of = children.clone();
        let found = |walk: &Self, kind: Kind| {
            children_of.clone().map(|i| walk.build.child(i).node).find(|n| walk.kind(*n) == kind)
        };
        let clause = found(self, Kind::ImportClause);
        let require = found(self, Kind::ImportRequireClause);
        self.build.close(children);
        let string = self.in_field(require.unwrap_or(node), Field::Source);
        let Some(string) = string else { return };
        let first = clause.or(require).unwrap_or(string);
        let before = self.build.text.get(node.start_byte()..first.start_byte()).unwrap_or("");
        let type_only = before.split_ascii_whitespace().nth(1).is_some();
        let source = self.source(string, type_only);
        match (clause, require) {
            (Some(clause), _) => self.import_clause(clause, source),
            (None, Some(require)) => {
                let local = self.only_child(require).map(|local| self.build.name_of(local));
                self.import_from(source, Imported::Module, source.at, local);
                if let Some(local) = local {
                    self.import_value(source, local);
                }
            }
            (None, None) => {
                self.import_from(source, Imported::Module, source.at, None);
            }
        }
    }

    fn import_clause(&mut self, clause: Node<'t>, source: Source) {
        let children = self.build.open(clause);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::Identifier => {
                    let default = self.build.name(DEFAULT);
                    let local = self.build.name_of(child);
                    let at = Builder::position(child);
                    self.import_from(source, Imported::Member(default), at, Some(local));
                }
                Kind::NamespaceImport => {
                    let local = self.only_child(child).map(|local| self.build.name_of(local));
                    self.import_from(source, Imported::Module, source.at, local);
                }
                Kind::NamedImports => self.named_imports(child, source),
                _ => {}
            }
        }
        self.build.close(children);
    }

    fn named_imports(&mut self, node: Node<'t>, source: Source) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let Some(name) = self.in_field(child, Field::Name) else { continue };
            let local = self.in_field(child, Field::Alias).unwrap_or(name);
            let local = self.build.name_of(local);
            self.import_named(child, name, source, Some(local));
        }
        self.build.close(children);
    }

    fn import_named(
        &mut self,
        specifier: Node<'t>,
        name: Node<'t>,
        source: Source,
        local: Option<NameId>,
    ) -> ImportId {
        let name = self.name_node(name);
        let source = self.specified(specifier, source);
        let member = self.build.name_of(name);
        self.import_from(source, Imported::Member(member), Builder::position(name), local)
    }

    /// The source of one specifier: `import { type T }` names a type.
    fn specified(&self, specifier: Node<'t>, source: Source) -> Source {
        let first = specifier.child(0).filter(|first| !first.is_named());
        let type_only = first.is_some_and(|first| matches!(first.kind(), "type" | "typeof"));
        Source { type_only: source.type_only || type_only, ..source }
    }

    /// `import A = B.C`.
    pub(super) fn import_alias(&mut self, node: Node<'t>, head: Head<'t>) {
        let (Some(local), Some(of)) = (node.named_child(0), node.named_child(1)) else { return };
        let value = self.qualified(of, Role::Read);
        let kind = DefinitionKind::Constant;
        let end = node.end_byte();
        self.declare(Declared { kind, name: local, head, end, visibility: None });
        if let Some(binding) = self.build.facts.bindings.last_mut() {
            binding.value = value;
        }
    }

    /// `export …`.
    pub(super) fn export_statement(&mut self, node: Node<'t>) {
        let leading = self.own.leading.clone();
        let children = self.build.open(node);
        let mut annotations = Vec::new();
        let (mut clause, mut namespace, mut rest) = (None, None, None);
        for index in children.clone() {
            let child = self.build.child(index);
            match self.kind(child.node) {
                Kind::Decorator => annotations.extend(self.decorator(child.node)),
                Kind::ExportClause => clause = Some(child.node),
                Kind::NamespaceExport => namespace = Some(child.node),
                _ if child.field == 0 => rest = Some(child.node),
                _ => {}
            }
        }
        self.build.close(children);
        self.own.leading = leading;
        let words = Words::of(self.build.text_of(node), annotations.is_empty());
        let source = self.in_field(node, Field::Source);
        let source = source.map(|string| self.source(string, words.type_only));
        if let Some(declaration) = self.in_field(node, Field::Declaration) {
            let first = self.build.facts.definitions.len();
            self.exported_declaration(node, declaration);
            if let Some(definition) = self.build.facts.definitions.get_mut(first) {
                definition.annotations.splice(0..0, annotations);
            }
        } else if let Some(value) = self.in_field(node, Field::Value) {
            self.default_export(node, value);
        } else if let Some(clause) = clause {
            self.export_clause(clause, source);
        } else if let Some(source) = source {
            let name = namespace.and_then(|namespace| self.only_child(namespace));
            match name {
                Some(name) => {
                    let name = self.name_node(name);
                    let offered = self.build.name_of(name);
                    self.reexport(source, Imported::Module, source.at, offered);
                }
                None => self.reexport(source, Imported::Wildcard, source.at, 0),
            }
        } else if words.assigned
            && let Some(value) = rest
        {
            self.default_value(node, value, None);
        }
    }

    fn exported_declaration(&mut self, node: Node<'t>, declaration: Node<'t>) {
        let mut head = Head::plain(node).with(DefinitionFlags::EXPORTED);
        if self.default_keyword(node).is_some() {
            head = head.with(DefinitionFlags::DEFAULT_EXPORT);
        }
        if !self.build.descend(declaration) {
            return;
        }
        self.declaration(declaration, head);
        self.build.ascend();
    }

    /// The keyword `default` of an export.
    fn default_keyword(&self, node: Node<'t>) -> Option<Node<'t>> {
        let mut cursor = node.walk();
        node.children(&mut cursor).find(|child| !child.is_named() && child.kind() == DEFAULT)
    }

    fn default_export(&mut self, node: Node<'t>, value: Node<'t>) {
        let keyword = self.default_keyword(node);
        self.default_value(node, value, keyword);
    }

    /// `export default value`, `export = value`: what has no name of its own
    /// takes that of `keyword`.
    fn default_value(&mut self, node: Node<'t>, written: Node<'t>, keyword: Option<Node<'t>>) {
        let value = self.peeled(written);
        let name = match self.kind(value) {
            _ if self.defines_itself(value) => self.in_field(value, Field::Name).or(keyword),
            Kind::Object => keyword,
            _ => None,
        };
        if let Some(name) = name {
            let head = Head::plain(node)
                .with(DefinitionFlags::EXPORTED)
                .with(DefinitionFlags::DEFAULT_EXPORT);
            if self.kind(value) == Kind::Object {
                self.constant_object(name, written, head);
            } else {
                self.valued(name, value, head, self.build.scope);
                self.asserted_types(written);
            }
            return;
        }
        let default = self.build.name(DEFAULT);
        let what = self.offered_value(written);
        if self.build.scope == 0 {
            self.export(default, what);
        }
    }

    /// A constant whose value is an object literal, in the current scope.
    pub(super) fn constant_object(
        &mut self,
        name: Node<'t>,
        written: Node<'t>,
        head: Head<'t>,
    ) -> DefinitionId {
        let kind = DefinitionKind::Constant;
        let end = self.first_line_end(head.whole);
        let id = self.declare(Declared { kind, name, head, end, visibility: None });
        let binding = self.build.facts.bindings.len() - 1;
        let (value, type_of) = self.value_of(id, written);
        self.build.facts.bindings[binding].value = value;
        self.build.definition_mut(id).type_of = type_of;
        id
    }

    /// What an exported value offers: the variable that it names, or itself.
    pub(super) fn offered_value(&mut self, written: Node<'t>) -> Exported {
        let value = self.peeled(written);
        let is_name = self.kind(value) == Kind::Identifier;
        let role = if is_name { Role::Export } else { Role::Read };
        let expression = match self.expression(written, role) {
            Some(expression) => expression,
            None => self.unknown(written),
        };
        match self.build.facts.expressions[expression as usize].kind {
            ExpressionKind::Name(name) if is_name && self.is_of_file(name) => Exported::Local(name),
            _ => Exported::Expression(expression),
        }
    }

    /// Whether a name, looked up here, is one of the file's own scope; one that
    /// is not known yet may be declared further down.
    fn is_of_file(&self, name: NameId) -> bool {
        self.lookup(name).map_or(self.build.scope == 0, |(scope, _)| scope == 0)
    }

    fn export_clause(&mut self, clause: Node<'t>, source: Option<Source>) {
        let children = self.build.open(clause);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let Some(name) = self.in_field(child, Field::Name) else { continue };
            let offered = self.in_field(child, Field::Alias).unwrap_or(name);
            let offered = self.name_node(offered);
            let offered = self.build.name_of(offered);
            match source {
                Some(source) => {
                    let id = self.import_named(child, name, source, None);
                    self.build.facts.imports[id as usize].reexported = true;
                    self.export(offered, Exported::Import(id));
                }
                None => {
                    let local = self.build.name_of(name);
                    self.build.expression(ExpressionKind::Name(local), Role::Export, name);
                    // A namespace's exports are its members, not the file's.
                    if self.build.scope == 0 {
                        self.export(offered, Exported::Local(local));
                    }
                }
            }
        }
        self.build.close(children);
    }
}

/// What the words behind `export` say.
struct Words {
    type_only: bool,
    assigned: bool,
}

impl Words {
    fn of(statement: &str, undecorated: bool) -> Words {
        let rest = statement.strip_prefix("export").filter(|_| undecorated).unwrap_or("");
        let rest = rest.trim_start();
        let behind = rest.strip_prefix("type").map(str::trim_start);
        Words {
            type_only: behind.is_some_and(|behind| behind.starts_with(['{', '*'])),
            assigned: rest.starts_with('='),
        }
    }
}
