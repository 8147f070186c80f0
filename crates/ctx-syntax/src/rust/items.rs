//! Statement lists and items: functions, modules, constants, aliases, macros.

use std::ops::Range;

use ctx_model::facts::*;
use tree_sitter::Node;

use super::attributes::Notes;
use super::{Before, Field, Kind, Walk};
use crate::builder::{Builder, NewDefinition};

impl<'t> Walk<'_, 't> {
    /// Walks every statement of a file, a declaration list or a block in the
    /// current scope; gives the value of its last expression.
    pub(super) fn statements(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let comments = self.build.comments.len();
        let children = self.build.open(node);
        let comments = comments..self.build.comments.len();
        let value = self.opened_statements(children.clone(), comments);
        self.build.close(children);
        self.build.ascend();
        value
    }

    /// The same for children already open; `comments` are those among them.
    pub(super) fn opened_statements(
        &mut self,
        children: Range<usize>,
        mut comments: Range<usize>,
    ) -> Option<ExpressionId> {
        let mut value = None;
        let mut first_attribute = children.start;
        for index in children {
            let child = self.build.child(index).node;
            let kind = self.kind(child);
            if kind == Kind::AttributeItem {
                continue;
            }
            let before = self.before(first_attribute..index, &mut comments, child);
            value = self.statement(child, kind, &before);
            first_attribute = index + 1;
        }
        value
    }

    /// What stands before `item`, whose attributes are the open children
    /// `attributes`; takes the comments before it off `comments`.
    pub(super) fn before(
        &self,
        attributes: Range<usize>,
        comments: &mut Range<usize>,
        item: Node<'t>,
    ) -> Before {
        let start = comments.start;
        while comments.start < comments.end
            && (self.build.comments[comments.start].start as usize) < item.start_byte()
        {
            comments.start += 1;
        }
        Before { attributes, comments: start..comments.start }
    }

    /// Walks one statement; gives its value if it is an expression in the last place.
    fn statement(&mut self, node: Node<'t>, kind: Kind, before: &Before) -> Option<ExpressionId> {
        match kind {
            Kind::FunctionItem | Kind::FunctionSignature => self.function(node, before),
            Kind::StructItem | Kind::UnionItem => self.structure(node, before),
            Kind::EnumItem => self.enumeration(node, before),
            Kind::TraitItem => self.trait_item(node, before),
            Kind::ImplItem => self.impl_item(node, before),
            Kind::ModItem => self.module(node, before),
            Kind::ConstItem | Kind::StaticItem => self.constant(node, before),
            Kind::TypeItem | Kind::AssociatedType => self.alias(node, before),
            Kind::MacroDefinition => self.macro_rules(node, before),
            _ => return self.plain_statement(node, kind, before),
        }
        None
    }

    fn plain_statement(
        &mut self,
        node: Node<'t>,
        kind: Kind,
        before: &Before,
    ) -> Option<ExpressionId> {
        self.loose_attributes(before);
        match kind {
            Kind::UseDeclaration => self.use_declaration(node),
            Kind::ExternCrate => self.extern_crate(node),
            Kind::ForeignModItem => {
                if let Some(body) = self.in_field(node, Field::Body) {
                    self.statements(body);
                }
            }
            Kind::LetDeclaration => self.let_declaration(node),
            Kind::ExpressionStatement => {
                let inner = self.first(node)?;
                if self.wrapped_items(inner) {
                    return None;
                }
                let value = self.expression(inner, Role::Read);
                // Behind a semicolon a value is dropped.
                let dropped = self.build.text[..node.end_byte()].ends_with(';');
                return value.filter(|_| !dropped);
            }
            Kind::MacroInvocation if self.wrapped_items(node) => {}
            Kind::InnerAttribute => self.loose_attribute(node),
            Kind::EmptyStatement | Kind::Label => {}
            _ => return self.expression(node, Role::Read),
        }
        None
    }

    /// Walks the items that a macro invocation wraps; false if it wraps none.
    fn wrapped_items(&mut self, node: Node<'t>) -> bool {
        let Some(wrapped) = self.own.wrapped else { return false };
        if self.kind(node) != Kind::MacroInvocation {
            return false;
        }
        let last = (node.named_child_count() as u32).saturating_sub(1);
        let Some(argument) = node.named_child(last) else { return false };
        let Some(tree) = wrapped.get(&argument.start_byte()) else { return false };
        if let Some(name) = self.in_field(node, Field::Macro) {
            self.name_or_path(name, Role::Callee);
        }
        self.statements(tree.root_node());
        true
    }

    /// The written visibility; none if there is none to speak of.
    pub(super) fn visibility_of(&self, node: Node<'t>) -> Option<Visibility> {
        let modifier = node.named_child(0)?;
        if self.kind(modifier) != Kind::VisibilityModifier {
            return None;
        }
        let text = self.build.text_of(modifier);
        let inside = text.strip_prefix("pub").unwrap_or("crate").trim_start();
        match inside.trim_matches(['(', ')', ' ']) {
            "" => Some(Visibility::Public),
            "self" | "in self" => None,
            _ => Some(Visibility::Package),
        }
    }

    /// Adds a definition with what stands before it; `end` is where its head ends.
    pub(super) fn define_item(
        &mut self,
        node: Node<'t>,
        name_node: Node<'t>,
        kind: DefinitionKind,
        notes: Notes,
        end: usize,
    ) -> DefinitionId {
        let visibility = self.visibility_of(node);
        let name = self.build.name_of(name_node);
        let id = self.build.define(NewDefinition {
            name,
            kind,
            name_node,
            whole: node,
            visibility: visibility.or(self.own.inherited).unwrap_or(Visibility::Private),
            flags: notes.flags,
        });
        let signature = self.build.signature(node, end);
        let owner = self.own.owner;
        let definition = self.build.definition_mut(id);
        definition.signature = signature;
        definition.doc = notes.doc;
        definition.annotations = notes.annotations;
        definition.owner = owner;
        definition.line = notes.line.unwrap_or(definition.line);
        id
    }

    /// Where the head of an item ends: before its body, `where` or semicolon.
    pub(super) fn head_end(&mut self, node: Node<'t>) -> usize {
        let mut end = node.end_byte();
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            let is_body = self.field(child.field) == Field::Body
                && self.kind(child.node) != Kind::OrderedFieldList;
            if is_body || self.kind(child.node) == Kind::WhereClause {
                end = child.node.start_byte();
                break;
            }
        }
        self.build.close(children);
        let head = self.build.text[..end].trim_end();
        head.strip_suffix(';').unwrap_or(head).len()
    }

    /// Runs `walk` inside a definition's own scope, away from what a trait or
    /// an `impl` around it says of its members.
    pub(super) fn inside(
        &mut self,
        id: DefinitionId,
        kind: ScopeKind,
        walk: impl FnOnce(&mut Self),
    ) {
        let outer_definition = self.build.definition.replace(id);
        let (inherited, owner) = (self.own.inherited.take(), self.own.owner.take());
        let outer = self.build.enter_scope(kind, Some(id), None);
        walk(self);
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
        (self.own.inherited, self.own.owner) = (inherited, owner);
    }

    /// A function or method, with or without a body.
    fn function(&mut self, node: Node<'t>, before: &Before) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        if self.kind(name_node) == Kind::Metavariable {
            return;
        }
        let mut notes = self.notes(before);
        let body = self.in_field(node, Field::Body);
        let in_type = matches!(self.build.scope_kind(), ScopeKind::Type | ScopeKind::Extension);
        let modifiers = &self.build.text[node.start_byte()..name_node.start_byte()];
        if modifiers.split_ascii_whitespace().any(|word| word == "async") {
            notes.flags.set(DefinitionFlags::ASYNC);
        }
        if body.is_none() {
            notes.flags.set(DefinitionFlags::ABSTRACT);
        }
        let kind = if in_type { DefinitionKind::Method } else { DefinitionKind::Function };
        let end = self.head_end(node);
        let id = self.define_item(node, name_node, kind, notes, end);
        self.inside(id, ScopeKind::Function, |walk| {
            if body.is_some() {
                walk.build.enter_function(id);
            }
            walk.generics(node);
            if let Some(parameters) = walk.in_field(node, Field::Parameters) {
                let receives = walk.parameters(id, parameters);
                if in_type && !receives {
                    walk.build.definition_mut(id).flags.set(DefinitionFlags::STATIC);
                }
            }
            walk.returned_type(id, node);
            walk.where_clause(node);
            if let Some(body) = body {
                if let Some(value) = walk.statements(body) {
                    walk.build.returns(value);
                }
                walk.build.leave_function();
            }
        });
    }

    /// Records the declared return type of a function or closure.
    pub(super) fn returned_type(&mut self, id: DefinitionId, node: Node<'t>) {
        if let Some(ty) = self.in_field(node, Field::ReturnType) {
            let type_of = self.type_expression(ty, Role::Type);
            self.build.definition_mut(id).type_of = type_of;
        }
    }

    /// `mod x { … }` and `mod x;`.
    fn module(&mut self, node: Node<'t>, before: &Before) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        let mut notes = self.notes(before);
        let Some(body) = self.in_field(node, Field::Body) else {
            self.module_elsewhere(node, name_node);
            return;
        };
        if notes.doc == 0 {
            notes.doc = self.inner_doc(body);
        }
        let end = self.head_end(node);
        let id = self.define_item(node, name_node, DefinitionKind::Module, notes, end);
        self.inside(id, ScopeKind::Module, |walk| {
            walk.statements(body);
        });
    }

    /// `const X: T = v;` and `static X: T = v;`.
    fn constant(&mut self, node: Node<'t>, before: &Before) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        let mut notes = self.notes(before);
        let type_of = self.in_field(node, Field::Type);
        let type_of = type_of.and_then(|ty| self.type_expression(ty, Role::Type));
        let value_node = self.in_field(node, Field::Value);
        let value = value_node.and_then(|value| self.expression(value, Role::Read));
        // `const _: () = …;` checks something and defines nothing.
        if self.build.text_of(name_node) == "_" {
            return;
        }
        if value_node.is_none() && self.build.scope_kind() == ScopeKind::Type {
            notes.flags.set(DefinitionFlags::ABSTRACT);
        }
        let kind = match self.kind(node) {
            Kind::StaticItem => DefinitionKind::Variable,
            _ => DefinitionKind::Constant,
        };
        let end = self.head_end(node);
        let id = self.define_item(node, name_node, kind, notes, end);
        self.build.definition_mut(id).type_of = type_of;
        if let Some(binding) = self.build.facts.bindings.last_mut() {
            (binding.value, binding.type_of) = (value, type_of);
        }
    }

    /// `type A<T> = B;`, and a trait's `type A: B;`.
    fn alias(&mut self, node: Node<'t>, before: &Before) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        let mut notes = self.notes(before);
        let ty = self.in_field(node, Field::Type);
        if ty.is_none() {
            notes.flags.set(DefinitionFlags::ABSTRACT);
        }
        let end = self.head_end(node);
        let id = self.define_item(node, name_node, DefinitionKind::TypeAlias, notes, end);
        let binding = self.build.facts.bindings.len() - 1;
        let outer = self.generics_around(node);
        let type_of = match (ty, self.in_field(node, Field::Bounds)) {
            (Some(ty), _) => self.type_expression(ty, Role::Type),
            (None, Some(bounds)) => self.bounds(bounds, Role::Type),
            _ => None,
        };
        self.build.leave_scope(outer);
        self.build.definition_mut(id).type_of = type_of;
        self.build.facts.bindings[binding].type_of = type_of;
    }

    /// `macro_rules! m { … }`: its rules use names, as a function's body does.
    fn macro_rules(&mut self, node: Node<'t>, before: &Before) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        let notes = self.notes(before);
        let exported = notes.exported_macro;
        let id =
            self.define_item(node, name_node, DefinitionKind::Macro, notes, name_node.end_byte());
        if exported {
            self.build.definition_mut(id).visibility = Visibility::Public;
        }
        self.inside(id, ScopeKind::Function, |walk| {
            let children = walk.build.open(node);
            for index in children.clone() {
                let rule = walk.build.child(index).node;
                if walk.kind(rule) == Kind::MacroRule
                    && let Some(right) = walk.in_field(rule, Field::Right)
                {
                    let outer = walk.build.enter_scope(ScopeKind::Block, None, None);
                    walk.loose_tokens(right);
                    walk.build.leave_scope(outer);
                }
            }
            walk.build.close(children);
        });
    }

    /// Binds parameters in the current scope; gives whether there is a receiver.
    pub(super) fn parameters(&mut self, id: DefinitionId, node: Node<'t>) -> bool {
        let children = self.build.open(node);
        let mut place = 0;
        let mut receives = false;
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::AttributeItem => {
                    self.loose_attribute(child);
                    continue;
                }
                Kind::SelfParameter => {
                    receives = true;
                    let name = self.build.name("self");
                    let line = Builder::position(child).line;
                    self.build.bind(name, BoundTo::Parameter(place), line);
                }
                Kind::Parameter => receives |= self.parameter(child, place),
                Kind::MutableSpecifier => continue,
                // A type without a name, as in a `fn` type.
                _ => {
                    self.type_expression(child, Role::Type);
                }
            }
            place += 1;
        }
        self.build.close(children);
        self.build.definition_mut(id).complexity.parameters = place - u32::from(receives);
        receives
    }
}
