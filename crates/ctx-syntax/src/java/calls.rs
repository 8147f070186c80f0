//! Calls, constructions and references to methods.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};

impl<'t> Walk<'_, 't> {
    /// `name(…)`, `object.name(…)`, `super.name(…)`, `Type.super.name(…)`.
    pub(super) fn method_invocation(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        self.comments_in(node);
        let name_node = self.in_field(node, Field::Name)?;
        let object = self.in_field(node, Field::Object).map(|object| self.object(object));
        if let Some(list) = self.in_field(node, Field::TypeArguments) {
            self.types(list);
        }
        if name_node.is_missing() {
            return Some(self.call(node, ExpressionKind::Unknown));
        }
        let name = self.build.name_of(name_node);
        let kind = match object {
            Some(object) => ExpressionKind::Member(object, name),
            None => ExpressionKind::Name(name),
        };
        let callee = self.build.expression(kind, Role::Callee, name_node);
        Some(self.call(node, ExpressionKind::Call(callee)))
    }

    /// `this(…)`, `super(…)`, `outer.super(…)`.
    pub(super) fn constructor_invocation(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        if let Some(object) = self.in_field(node, Field::Object) {
            self.expression(object, Role::Read);
        }
        if let Some(list) = self.in_field(node, Field::TypeArguments) {
            self.types(list);
        }
        let constructor = self.in_field(node, Field::Constructor)?;
        let callee = self.expression(constructor, Role::Callee)?;
        Some(self.call(node, ExpressionKind::Call(callee)))
    }

    /// Walks a call's arguments, then adds the call with them.
    fn call(&mut self, node: Node<'t>, kind: ExpressionKind) -> ExpressionId {
        let mut arguments = Vec::new();
        if let Some(list) = self.in_field(node, Field::Arguments) {
            let children = self.build.open(list);
            for index in children.clone() {
                let child = self.build.child(index).node;
                let value = self.expression(child, Role::Read);
                let value = value.filter(|_| !self.is_assignment(child));
                arguments.push(value.unwrap_or_else(|| self.unknown(child)));
            }
            self.build.close(children);
        }
        let id = self.build.expression(kind, Role::Read, node);
        for value in arguments {
            self.build.argument(id, None, value);
        }
        id
    }

    /// Whether an expression assigns. It has the type of what is assigned to,
    /// which the value that stands for it need not have.
    fn is_assignment(&self, node: Node<'t>) -> bool {
        match self.kind(node) {
            Kind::AssignmentExpression => true,
            Kind::Parenthesized => {
                node.named_child(0).is_some_and(|inner| self.is_assignment(inner))
            }
            _ => false,
        }
    }

    /// `new T(…)`, `outer.new T(…)`, with or without a body.
    pub(super) fn object_creation(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let type_node = self.in_field(node, Field::Type)?;
        let mut body = None;
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            match (self.field(child.field), self.kind(child.node)) {
                (_, Kind::ClassBody) => body = Some(child.node),
                (Field::TypeArguments, _) => {
                    self.types(child.node);
                }
                (Field::None, _) => {
                    self.expression(child.node, Role::Read);
                }
                _ => {}
            }
        }
        self.build.close(children);
        let constructed = self.type_expression(type_node, Role::Constructed);
        let constructed = constructed.unwrap_or_else(|| self.unknown(type_node));
        let id = self.call(node, ExpressionKind::New(constructed));
        if let Some(body) = body {
            self.anonymous_class(body, node, Some(constructed));
        }
        Some(id)
    }

    /// `new T[n]`, `new T[] {…}`.
    pub(super) fn array_creation(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let type_node = self.in_field(node, Field::Type)?;
        let element = self.type_expression(type_node, Role::Type);
        let element = element.unwrap_or_else(|| self.unknown(type_node));
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            if child.node.id() != type_node.id() {
                match self.field(child.field) {
                    Field::Dimensions => self.each(child.node),
                    _ => {
                        self.expression(child.node, Role::Read);
                    }
                }
            }
        }
        self.build.close(children);
        let of = self.with_dimensions(node, element);
        Some(self.build.expression(ExpressionKind::New(of), Role::Read, node))
    }

    /// `A::b`, `A::new`.
    pub(super) fn method_reference(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let children = self.build.open(node);
        let parts: Vec<Node<'t>> =
            children.clone().map(|index| self.build.child(index).node).collect();
        self.build.close(children);
        let (&object_node, rest) = parts.split_first()?;
        let method =
            rest.iter().find(|part| self.kind(**part) == Kind::Identifier && !part.is_missing());
        let object = match method {
            Some(_) => Some(self.object(object_node)),
            None => self.type_expression(object_node, Role::Constructed),
        };
        for part in rest {
            if self.kind(*part) == Kind::TypeArguments {
                self.types(*part);
            }
        }
        let named = match (object, method) {
            (Some(object), Some(&method)) => {
                let name = self.build.name_of(method);
                self.build.expression(ExpressionKind::Member(object, name), Role::Read, method)
            }
            (Some(constructed), None) => constructed,
            _ => return Some(self.unknown(node)),
        };
        Some(self.build.expression(ExpressionKind::Method(named), Role::Read, node))
    }
}
