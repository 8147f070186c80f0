//! Classes and their members.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::{Declared, Head};
use super::functions::This;
use super::{Field, Kind, Walk};

/// The words before a member's name.
#[derive(Default)]
struct Modifiers {
    flags: DefinitionFlags,
    visibility: Option<Visibility>,
}

/// Decorators that stand before a member, in TypeScript's grammar beside it.
#[derive(Default)]
struct Pending<'t> {
    first: Option<Node<'t>>,
    annotations: Vec<ExpressionId>,
}

impl<'t> Walk<'_, 't> {
    /// A class under a name in the current scope.
    pub(super) fn class(&mut self, node: Node<'t>, name: Node<'t>, head: Head<'t>) -> DefinitionId {
        let body = self.in_field(node, Field::Body);
        let end = body.map_or(node.end_byte(), |body| body.start_byte());
        let mut head = head;
        if self.kind(node) == Kind::AbstractClassDeclaration {
            head = head.with(DefinitionFlags::ABSTRACT);
        }
        let kind = DefinitionKind::Class;
        let id = self.declare(Declared { kind, name, head, end, visibility: None });
        self.class_parts(id, node, body);
        id
    }

    /// A class in an expression; gives the expression that stands for it.
    pub(super) fn class_expression(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let own_name = self.in_field(node, Field::Name);
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        let id = match own_name {
            Some(name) => self.class(node, name, Head::plain(node)),
            None => {
                let name = self.build.next_lambda_name();
                let id = self.build.define_unbound(crate::builder::NewDefinition {
                    name,
                    kind: DefinitionKind::Class,
                    name_node: node,
                    whole: node,
                    visibility: Visibility::Private,
                    flags: DefinitionFlags::default(),
                });
                self.class_parts(id, node, self.in_field(node, Field::Body));
                id
            }
        };
        self.build.leave_scope(outer);
        Some(self.build.expression(ExpressionKind::Definition(id), Role::Read, node))
    }

    fn class_parts(&mut self, id: DefinitionId, node: Node<'t>, body: Option<Node<'t>>) {
        let outer = self.build.scope;
        let outer_definition = self.build.definition.replace(id);
        let (mut bases, mut annotations) = (Vec::new(), Vec::new());
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::Decorator => annotations.extend(self.decorator(child)),
                Kind::TypeParameters => self.type_parameters(node),
                Kind::ClassHeritage => self.heritage(child, &mut bases),
                _ => {}
            }
        }
        self.build.close(children);
        let definition = self.build.definition_mut(id);
        definition.bases = bases;
        definition.annotations = annotations;
        self.build.enter_scope(ScopeKind::Type, Some(id), None);
        if let Some(body) = body {
            let outer_this = std::mem::replace(&mut self.own.this, This::Class(id));
            self.class_body(id, body);
            self.own.this = outer_this;
        }
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
    }

    /// A decorator as an expression.
    pub(super) fn decorator(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        self.expression(self.only_child(node)?, Role::Annotation)
    }

    fn heritage(&mut self, node: Node<'t>, bases: &mut Vec<BaseType>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::ExtendsClause => self.extends(child, bases),
                Kind::ImplementsClause => self.base_types(child, true, bases),
                _ => {
                    let expression = self.expression(child, Role::Base);
                    bases.extend(expression.map(extended));
                }
            }
        }
        self.build.close(children);
    }

    fn extends(&mut self, node: Node<'t>, bases: &mut Vec<BaseType>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            if self.kind(child.node) == Kind::TypeArguments {
                if let Some(base) = bases.last_mut() {
                    let of = base.expression;
                    base.expression = self.generic(child.node, of, child.node);
                }
            } else if self.field(child.field) == Field::Value {
                let expression = self.expression(child.node, Role::Base);
                bases.extend(expression.map(extended));
            }
        }
        self.build.close(children);
    }

    /// Types that a class implements or an interface extends.
    pub(super) fn base_types(
        &mut self,
        node: Node<'t>,
        implements: bool,
        bases: &mut Vec<BaseType>,
    ) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if let Some(expression) = self.type_expression(child, Role::Base) {
                bases.push(BaseType { expression, implements });
            }
        }
        self.build.close(children);
    }

    fn class_body(&mut self, class: DefinitionId, body: Node<'t>) {
        let mut siblings = self.open_documented(body);
        // Known before any method is walked: `this.x = …` above the field's
        // own line doesn't define it.
        for index in siblings.children.clone() {
            if let Some(name) = self.member_name(self.build.child(index).node) {
                let name = self.name_node(name);
                let name = self.build.name_of(name);
                self.own.fields.insert((class, name), None);
            }
        }
        let mut pending = Pending::default();
        for index in siblings.children.clone() {
            let child = self.build.child(index).node;
            if pending.first.is_none() {
                self.reach(&mut siblings, child);
            } else {
                self.reach_on(&mut siblings, child);
            }
            if self.kind(child) == Kind::Decorator {
                let leading = self.own.leading.clone();
                pending.annotations.extend(self.decorator(child));
                pending.first.get_or_insert(child);
                self.own.leading = leading;
            } else {
                self.member(class, child, std::mem::take(&mut pending));
            }
        }
        self.build.close(siblings.children);
    }

    fn member_name(&self, node: Node<'t>) -> Option<Node<'t>> {
        match self.kind(node) {
            Kind::FieldDefinition => self.in_field(node, Field::Property),
            Kind::MethodDefinition
            | Kind::MethodSignature
            | Kind::AbstractMethodSignature
            | Kind::PublicFieldDefinition => self.in_field(node, Field::Name),
            _ => None,
        }
    }

    fn member(&mut self, class: DefinitionId, node: Node<'t>, pending: Pending<'t>) {
        if !self.build.descend(node) {
            return;
        }
        match self.member_name(node) {
            Some(name) => {
                let is_field =
                    matches!(self.kind(node), Kind::FieldDefinition | Kind::PublicFieldDefinition);
                let leading = self.own.leading.clone();
                let id = if is_field {
                    self.field_definition(class, node, name)
                } else {
                    self.method(node, name, This::Class(class))
                };
                self.decorate(id, node, pending, leading);
            }
            None if self.kind(node) == Kind::ClassStaticBlock => {
                let outer = self.build.enter_scope(ScopeKind::Block, None, None);
                let outer_this = std::mem::replace(&mut self.own.this, This::Object);
                if let Some(body) = self.in_field(node, Field::Body) {
                    self.statements(body);
                }
                self.own.this = outer_this;
                self.build.leave_scope(outer);
            }
            None if node.is_error() => self.parts(node),
            None => {
                self.type_expression(node, Role::Type);
            }
        }
        self.build.ascend();
    }

    /// Gives a member its decorators: those beside it and those within.
    fn decorate(
        &mut self,
        id: DefinitionId,
        node: Node<'t>,
        pending: Pending<'t>,
        leading: std::ops::Range<usize>,
    ) {
        let mut annotations = pending.annotations;
        if node.child(0).is_some_and(|first| self.kind(first) == Kind::Decorator) {
            let children = self.build.open(node);
            for index in children.clone() {
                let child = self.build.child(index).node;
                if self.kind(child) == Kind::Decorator {
                    annotations.extend(self.decorator(child));
                }
            }
            self.build.close(children);
        }
        if let Some(first) = pending.first {
            self.own.leading = leading;
            let doc = self.doc(first.start_byte());
            let definition = self.build.definition_mut(id);
            definition.line = first.start_position().row as u32 + 1;
            definition.doc = doc;
        }
        self.build.definition_mut(id).annotations = annotations;
    }

    /// The words before a member's name; decorators are no words.
    fn modifiers(&self, node: Node<'t>, name: Node<'t>) -> Modifiers {
        let mut start = node.start_byte();
        if node.child(0).is_some_and(|first| self.kind(first) == Kind::Decorator) {
            let mut cursor = node.walk();
            let decorators = node.children(&mut cursor);
            let last = decorators.take_while(|child| self.kind(*child) == Kind::Decorator).last();
            start = last.map_or(start, |last| last.end_byte());
        }
        let words = self.build.text.get(start..name.start_byte()).unwrap_or("");
        let mut modifiers = Modifiers::default();
        for word in words.split_ascii_whitespace() {
            if word.contains('*') {
                modifiers.flags.set(DefinitionFlags::GENERATOR);
            }
            match word.trim_end_matches('*') {
                "static" => modifiers.flags.set(DefinitionFlags::STATIC),
                "async" => modifiers.flags.set(DefinitionFlags::ASYNC),
                "get" | "set" => modifiers.flags.set(DefinitionFlags::PROPERTY),
                "abstract" => modifiers.flags.set(DefinitionFlags::ABSTRACT),
                "private" => modifiers.visibility = Some(Visibility::Private),
                "protected" => modifiers.visibility = Some(Visibility::Protected),
                _ => {}
            }
        }
        if self.kind(name) == Kind::PrivateName {
            modifiers.visibility = Some(Visibility::Private);
        }
        modifiers
    }

    /// A method of a class, interface or object, in the current scope.
    pub(super) fn method(&mut self, node: Node<'t>, name: Node<'t>, this: This) -> DefinitionId {
        let modifiers = self.modifiers(node, name);
        let is_static = modifiers.flags.has(DefinitionFlags::STATIC);
        let constructs = matches!(this, This::Class(_))
            && !is_static
            && self.build.text_of(name) == "constructor";
        let kind = if constructs { DefinitionKind::Constructor } else { DefinitionKind::Method };
        let this = if is_static { This::Object } else { this };
        self.computed_name(name);
        let head = Head::plain(node).with(modifiers.flags);
        let scope = self.build.scope;
        let id = self.function(kind, name, node, head, modifiers.visibility, this, scope);
        self.know_field(id);
        id
    }

    /// Remembers a member, so that `this.name = …` is known to assign it.
    fn know_field(&mut self, id: DefinitionId) {
        let definition = &self.build.facts.definitions[id as usize];
        if let Some(class) = definition.parent {
            self.own.fields.insert((class, definition.name), Some(id));
        }
    }

    fn field_definition(
        &mut self,
        class: DefinitionId,
        node: Node<'t>,
        name: Node<'t>,
    ) -> DefinitionId {
        let modifiers = self.modifiers(node, name);
        let head = Head::plain(node).with(modifiers.flags);
        let written = self.in_field(node, Field::Value);
        let type_scope = self.build.scope;
        self.computed_name(name);
        let value = written.map(|written| self.peeled(written));
        let is_static = modifiers.flags.has(DefinitionFlags::STATIC);
        if let Some(value) = value.filter(|value| self.is_function(*value)) {
            let this = if is_static { This::Object } else { This::Class(class) };
            let kind = DefinitionKind::Method;
            let visibility = modifiers.visibility;
            let id = self.function(kind, name, value, head, visibility, this, type_scope);
            self.know_field(id);
            if let Some(annotation) = self.in_field(node, Field::Type) {
                self.type_expression(annotation, Role::Type);
            }
            return id;
        }
        let id = self.declare(Declared {
            kind: DefinitionKind::Field,
            name,
            head,
            end: self.first_line_end(node),
            visibility: modifiers.visibility,
        });
        let binding = self.build.facts.bindings.len() - 1;
        self.know_field(id);
        let annotation = self.in_field(node, Field::Type);
        let type_of = annotation.and_then(|ty| self.type_expression(ty, Role::Type));
        let (value, asserted) = match written {
            Some(written) => self.initial_value(id, written, is_static),
            None => (None, None),
        };
        let type_of = type_of.or(asserted);
        self.build.definition_mut(id).type_of = type_of;
        let binding = &mut self.build.facts.bindings[binding];
        binding.value = value;
        binding.type_of = type_of;
        id
    }

    /// A field's value: it sees `this`, but no member by its bare name, so it
    /// stands in a scope of its own.
    fn initial_value(
        &mut self,
        id: DefinitionId,
        written: Node<'t>,
        is_static: bool,
    ) -> (Option<ExpressionId>, Option<ExpressionId>) {
        let outer_this = self.own.this;
        if is_static {
            self.own.this = This::Object;
        }
        let outer = self.build.scope;
        if written.child_count() > 0 || self.kind(written) == Kind::Identifier {
            self.build.enter_scope(ScopeKind::Block, None, None);
        }
        let given = self.value_of(id, written);
        self.build.leave_scope(outer);
        self.own.this = outer_this;
        given
    }
}

fn extended(expression: ExpressionId) -> BaseType {
    BaseType { expression, implements: false }
}
