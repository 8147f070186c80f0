//! Types and what belongs to them: structs, enums, traits and `impl` blocks.

use ctx_model::facts::*;
use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::{Before, Field, ImplBlock, Kind, Walk};
use crate::builder::{Builder, NewDefinition};

impl<'t> Walk<'_, 't> {
    /// A struct or union.
    pub(super) fn structure(&mut self, node: Node<'t>, before: &Before) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        let notes = self.notes(before);
        let end = self.head_end(node);
        let id = self.define_item(node, name_node, DefinitionKind::Struct, notes, end);
        let body = self.in_field(node, Field::Body);
        let outer = self.generics_around(node);
        self.inside(id, ScopeKind::Type, |walk| {
            if let Some(body) = body {
                walk.fields(body);
            }
        });
        self.build.leave_scope(outer);
    }

    /// An enum with its variants.
    pub(super) fn enumeration(&mut self, node: Node<'t>, before: &Before) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        let notes = self.notes(before);
        let end = self.head_end(node);
        let id = self.define_item(node, name_node, DefinitionKind::Enum, notes, end);
        let body = self.in_field(node, Field::Body);
        let outer = self.generics_around(node);
        self.inside(id, ScopeKind::Type, |walk| {
            if let Some(body) = body {
                walk.own.inherited = Some(Visibility::Public);
                walk.each_member(body, Self::variant);
            }
        });
        self.build.leave_scope(outer);
    }

    /// Hands each member of a list to `walk`, with what stands before it.
    fn each_member(&mut self, list: Node<'t>, walk: fn(&mut Self, Node<'t>, u32, &Before)) {
        let comments = self.build.comments.len();
        let children = self.build.open(list);
        let mut comments = comments..self.build.comments.len();
        let mut first_attribute = children.start;
        let mut place = 0;
        for index in children.clone() {
            let child = self.build.child(index).node;
            // The grammar puts a tuple field's visibility beside its type.
            if matches!(self.kind(child), Kind::AttributeItem | Kind::VisibilityModifier) {
                continue;
            }
            let before = self.before(first_attribute..index, &mut comments, child);
            walk(self, child, place, &before);
            first_attribute = index + 1;
            place += 1;
        }
        self.build.close(children);
    }

    fn variant(&mut self, node: Node<'t>, _: u32, before: &Before) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        let notes = self.notes(before);
        let value = self.in_field(node, Field::Value);
        let value = value.and_then(|value| self.expression(value, Role::Read));
        let end = self.head_end(node);
        let id = self.define_item(node, name_node, DefinitionKind::EnumMember, notes, end);
        if let Some(binding) = self.build.facts.bindings.last_mut() {
            binding.value = value;
        }
        let Some(body) = self.in_field(node, Field::Body) else { return };
        self.inside(id, ScopeKind::Type, |walk| {
            walk.own.inherited = Some(Visibility::Public);
            walk.fields(body);
        });
    }

    /// The fields of a struct or of an enum's variant, named or numbered.
    fn fields(&mut self, body: Node<'t>) {
        match self.kind(body) {
            Kind::OrderedFieldList => self.each_member(body, Self::numbered_field),
            _ => self.each_member(body, Self::named_field),
        }
    }

    fn named_field(&mut self, node: Node<'t>, _: u32, before: &Before) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        let notes = self.notes(before);
        let type_of = self.in_field(node, Field::Type);
        let type_of = type_of.and_then(|ty| self.type_expression(ty, Role::Type));
        let end = node.end_byte();
        let id = self.define_item(node, name_node, DefinitionKind::Field, notes, end);
        self.set_type(id, type_of);
    }

    /// A field of a tuple struct: its name is its place.
    fn numbered_field(&mut self, node: Node<'t>, place: u32, before: &Before) {
        let notes = self.notes(before);
        let type_of = self.type_expression(node, Role::Type);
        let name = self.build.name(&place.to_string());
        let written = self.build.text[..node.start_byte()].trim_end();
        let visibility = if written.ends_with("pub") {
            Visibility::Public
        } else if written.ends_with(')') {
            Visibility::Package
        } else {
            self.own.inherited.unwrap_or(Visibility::Private)
        };
        let id = self.build.define(NewDefinition {
            name,
            kind: DefinitionKind::Field,
            name_node: node,
            whole: node,
            visibility,
            flags: notes.flags,
        });
        let signature = self.build.signature(node, node.end_byte());
        let definition = self.build.definition_mut(id);
        definition.signature = signature;
        definition.doc = notes.doc;
        definition.annotations = notes.annotations;
        self.set_type(id, type_of);
    }

    /// Sets the declared type of the definition that was bound last.
    fn set_type(&mut self, id: DefinitionId, type_of: Option<ExpressionId>) {
        self.build.definition_mut(id).type_of = type_of;
        if let Some(binding) = self.build.facts.bindings.last_mut() {
            binding.type_of = type_of;
        }
    }

    /// A trait; what it extends are its bases.
    pub(super) fn trait_item(&mut self, node: Node<'t>, before: &Before) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        let notes = self.notes(before);
        let end = self.head_end(node);
        let id = self.define_item(node, name_node, DefinitionKind::Trait, notes, end);
        let visibility = self.build.definition_mut(id).visibility;
        let outer = self.generics_around(node);
        self.inside(id, ScopeKind::Type, |walk| {
            if let Some(bounds) = walk.in_field(node, Field::Bounds) {
                let mut bases = Vec::new();
                walk.each_bound(bounds, Role::Base, |expression| {
                    bases.push(BaseType { expression, implements: false });
                });
                walk.build.definition_mut(id).bases = bases;
            }
            walk.own.inherited = Some(visibility);
            if let Some(body) = walk.in_field(node, Field::Body) {
                walk.statements(body);
            }
        });
        self.build.leave_scope(outer);
    }

    /// `impl T { … }` and `impl Trait for T { … }`.
    pub(super) fn impl_item(&mut self, node: Node<'t>, before: &Before) {
        self.loose_attributes(before);
        let Some(self_type) = self.in_field(node, Field::Type) else { return };
        let outer = self.generics_around(node);
        self.build.enter_scope(ScopeKind::Extension, None, None);
        let implemented = self.in_field(node, Field::Trait);
        let base = implemented.and_then(|implemented| {
            // `impl !Send for T` says what T is not.
            let before = &self.build.text[node.start_byte()..implemented.start_byte()];
            let negative = before.trim_end().ends_with('!');
            let role = if negative { Role::Type } else { Role::Base };
            self.type_expression(implemented, role).filter(|_| !negative)
        });
        let owner = self.type_expression(self_type, Role::Type);
        let owner = owner.unwrap_or_else(|| self.unknown(self_type));
        self.build.facts.scopes[self.build.scope as usize].owner = Some(owner);
        if let (Some(base), Some(name)) = (base, self.plain_name(owner)) {
            self.own.impls.push(ImplBlock { scope: outer, name, base });
        }
        let inherited = implemented.map(|_| Visibility::Public);
        let around = (self.own.inherited, self.own.owner);
        (self.own.inherited, self.own.owner) = (inherited, Some(owner));
        if let Some(body) = self.in_field(node, Field::Body) {
            self.statements(body);
        }
        (self.own.inherited, self.own.owner) = around;
        self.build.leave_scope(outer);
    }

    /// The name of a type written as a plain name, its arguments left out.
    fn plain_name(&self, id: ExpressionId) -> Option<NameId> {
        match self.build.facts.expressions[id as usize].kind {
            ExpressionKind::Name(name) => Some(name),
            ExpressionKind::Generic(of) => match self.build.facts.expressions[of as usize].kind {
                ExpressionKind::Name(name) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// Tells each type of this file which traits it implements, where its name
    /// is in scope at the `impl` block. The rest is for the graph to pair.
    pub(super) fn pair_impls(&mut self) {
        if self.own.impls.is_empty() {
            return;
        }
        let facts = &mut self.build.facts;
        let mut types = FxHashMap::default();
        for binding in &facts.bindings {
            if let BoundTo::Definition(id) = binding.to
                && facts.definitions[id as usize].kind.is_type()
            {
                types.entry((binding.scope, binding.name)).or_insert(id);
            }
        }
        for implemented in self.own.impls.drain(..) {
            let mut scope = Some(implemented.scope);
            while let Some(at) = scope {
                if let Some(&id) = types.get(&(at, implemented.name)) {
                    let base = BaseType { expression: implemented.base, implements: true };
                    facts.definitions[id as usize].bases.push(base);
                    break;
                }
                // A module does not see the names around it.
                let here = &facts.scopes[at as usize];
                scope = here.parent.filter(|_| here.kind != ScopeKind::Module);
            }
        }
    }

    /// Binds the type parameters of a type or an `impl` in a scope around its
    /// own, where its functions see them and no one takes them for members.
    /// Gives the scope to go back to.
    pub(super) fn generics_around(&mut self, node: Node<'t>) -> ScopeId {
        let outer = self.build.scope;
        if self.in_field(node, Field::TypeParameters).is_some() {
            self.build.enter_scope(ScopeKind::Block, None, None);
        }
        self.generics(node);
        self.where_clause(node);
        outer
    }

    /// Binds the type parameters of an item in the current scope.
    pub(super) fn generics(&mut self, node: Node<'t>) {
        let Some(list) = self.in_field(node, Field::TypeParameters) else { return };
        let children = self.build.open(list);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let type_of = match self.kind(child) {
                Kind::TypeParameter => {
                    let bounds = self.in_field(child, Field::Bounds);
                    let bound = bounds.and_then(|bounds| self.bounds(bounds, Role::Type));
                    if let Some(default) = self.in_field(child, Field::DefaultType) {
                        self.type_expression(default, Role::Type);
                    }
                    bound
                }
                Kind::ConstParameter => {
                    let ty = self.in_field(child, Field::Type);
                    let ty = ty.and_then(|ty| self.type_expression(ty, Role::Type));
                    if let Some(value) = self.in_field(child, Field::Value) {
                        self.expression(value, Role::Read);
                    }
                    ty
                }
                Kind::AttributeItem => {
                    self.loose_attribute(child);
                    continue;
                }
                // Lifetimes are no names.
                _ => continue,
            };
            let Some(name_node) = self.in_field(child, Field::Name) else { continue };
            let name = self.build.name_of(name_node);
            let line = Builder::position(name_node).line;
            let binding = self.build.bind(name, BoundTo::Local, line);
            self.build.facts.bindings[binding].type_of = type_of;
        }
        self.build.close(children);
    }
}
