//! Expressions.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};

impl<'t> Walk<'_, 't> {
    /// Walks an expression; gives its number where its value may matter.
    pub(super) fn expression(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let id = self.expression_within(node, role);
        self.build.ascend();
        id
    }

    // tidy: long because it is one table from kinds of nodes to what walks them.
    fn expression_within(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let literal = |walk: &mut Self, kind| {
            Some(walk.build.expression(ExpressionKind::Literal(kind), Role::Read, node))
        };
        match self.kind(node) {
            Kind::Identifier if node.is_missing() => None,
            Kind::Identifier => {
                let name = self.build.name_of(node);
                Some(self.build.expression(ExpressionKind::Name(name), role, node))
            }
            Kind::ScopedIdentifier => self.scoped_identifier(node, role),
            Kind::FieldAccess => self.field_access(node, role),
            Kind::MethodInvocation => self.method_invocation(node),
            Kind::ExplicitConstructorInvocation => self.constructor_invocation(node),
            Kind::ObjectCreation => self.object_creation(node),
            Kind::ArrayCreation => self.array_creation(node),
            Kind::MethodReference => self.method_reference(node),
            Kind::LambdaExpression => self.lambda(node, role),
            Kind::ArrayAccess => self.array_access(node),
            Kind::This => Some(self.build.expression(ExpressionKind::This, role, node)),
            Kind::Super => Some(self.build.expression(ExpressionKind::Super, role, node)),
            Kind::Parenthesized => self.expression(node.named_child(0)?, role),
            Kind::CastExpression => self.cast(node).1,
            Kind::AssignmentExpression => self.assignment(node),
            Kind::UpdateExpression => self.expression(node.named_child(0)?, Role::Write),
            Kind::BinaryExpression => {
                self.binary(node);
                Some(self.unknown(node))
            }
            Kind::InstanceofExpression => {
                self.instance_of(node);
                literal(self, LiteralKind::Boolean)
            }
            Kind::Ternary => self.ternary(node),
            Kind::SwitchExpression => {
                self.switch(node);
                Some(self.unknown(node))
            }
            Kind::ClassLiteral => {
                self.type_expression(node.named_child(0)?, Role::Read);
                Some(self.unknown(node))
            }
            Kind::Annotation | Kind::MarkerAnnotation => self.annotation(node),
            Kind::String => {
                self.each(node);
                literal(self, LiteralKind::Text)
            }
            Kind::DecimalInteger
            | Kind::HexInteger
            | Kind::OctalInteger
            | Kind::BinaryInteger
            | Kind::DecimalFloat
            | Kind::HexFloat
            | Kind::CharacterLiteral => literal(self, LiteralKind::Number),
            Kind::True | Kind::False => literal(self, LiteralKind::Boolean),
            Kind::Null => literal(self, LiteralKind::Nothing),
            Kind::ArrayInitializer | Kind::ElementValueArray => {
                self.each(node);
                literal(self, LiteralKind::List)
            }
            Kind::TypeIdentifier
            | Kind::ScopedTypeIdentifier
            | Kind::GenericType
            | Kind::ArrayType
            | Kind::AnnotatedType
            | Kind::IntegralType
            | Kind::FloatingPointType
            | Kind::BooleanType
            | Kind::VoidType => self.type_expression(node, role),
            Kind::Block | Kind::LocalVariable | Kind::ClassBody => {
                self.statement(node);
                None
            }
            _ => {
                self.each(node);
                Some(self.unknown(node))
            }
        }
    }

    /// Walks every child for what it uses.
    pub(super) fn each(&mut self, node: Node<'t>) {
        if node.named_child_count() == 0 {
            return;
        }
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if child.is_named() {
                self.expression(child, Role::Read);
            }
        }
        self.build.close(children);
    }

    /// A dotted name: of an annotation.
    fn scoped_identifier(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let scope = self.expression(self.in_field(node, Field::Scope)?, Role::Read)?;
        let name_node = self.in_field(node, Field::Name).filter(|name| !name.is_missing())?;
        let name = self.build.name_of(name_node);
        Some(self.build.expression(ExpressionKind::Member(scope, name), role, name_node))
    }

    fn field_access(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        self.comments_in(node);
        let object_node = self.in_field(node, Field::Object)?;
        let field = self.in_field(node, Field::Member)?;
        if self.kind(field) == Kind::This {
            // `Outer.this`: members are found through the type all the same.
            return self.expression(object_node, Role::Read);
        }
        let object = self.object(object_node);
        if field.is_missing() {
            return Some(object);
        }
        let name = self.build.name_of(field);
        Some(self.build.expression(ExpressionKind::Member(object, name), role, field))
    }

    /// What a member is taken of. Of a cast it is taken by the type, as a static
    /// member would be: `((Shop) thing).open()` means `Shop`'s.
    pub(super) fn object(&mut self, node: Node<'t>) -> ExpressionId {
        let object = match self.as_cast(node) {
            Some(cast) => {
                let (type_of, value) = self.cast(cast);
                type_of.or(value)
            }
            None => self.expression(node, Role::Read),
        };
        object.unwrap_or_else(|| self.unknown(node))
    }

    /// The cast that a node is, parentheses aside.
    pub(super) fn as_cast(&self, node: Node<'t>) -> Option<Node<'t>> {
        let mut at = node;
        while self.kind(at) == Kind::Parenthesized {
            at = at.named_child(0)?;
        }
        (self.kind(at) == Kind::CastExpression).then_some(at)
    }

    /// `(T) value`, `(A & B) value`: the first type, and the value.
    pub(super) fn cast(&mut self, node: Node<'t>) -> (Option<ExpressionId>, Option<ExpressionId>) {
        let mut type_of = None;
        let mut value = None;
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            match self.field(child.field) {
                Field::Type if child.node.is_named() => {
                    let ty = self.type_expression(child.node, Role::Type);
                    type_of = type_of.or(ty);
                }
                Field::Value => value = self.expression(child.node, Role::Read),
                _ => {}
            }
        }
        self.build.close(children);
        (type_of, value)
    }

    fn array_access(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        self.comments_in(node);
        let array_node = self.in_field(node, Field::Array)?;
        let array = self.object(array_node);
        if let Some(index) = self.in_field(node, Field::Index) {
            self.expression(index, Role::Read);
        }
        Some(self.build.expression(ExpressionKind::Element(array), Role::Read, node))
    }

    fn assignment(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        self.comments_in(node);
        let right = self.in_field(node, Field::Right);
        let value = right.and_then(|right| self.expression(right, Role::Read));
        if let Some(left) = self.in_field(node, Field::Left) {
            self.expression(left, Role::Write);
        }
        value
    }

    /// Walks a chain of binary operators from left to right. Long sums nest to
    /// the left, so they are followed without going deeper.
    fn binary(&mut self, node: Node<'t>) {
        let mut chain = vec![node];
        let mut at = node;
        while let Some(left) = self.in_field(at, Field::Left) {
            if self.kind(left) != Kind::BinaryExpression {
                self.expression(left, Role::Read);
                break;
            }
            chain.push(left);
            at = left;
        }
        for part in chain.into_iter().rev() {
            self.comments_in(part);
            let operator = self.in_field(part, Field::Operator);
            if operator.is_some_and(|operator| matches!(operator.kind(), "&&" | "||")) {
                self.build.decision();
            }
            if let Some(right) = self.in_field(part, Field::Right) {
                self.expression(right, Role::Read);
            }
        }
    }

    fn ternary(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        self.build.decision();
        self.comments_in(node);
        self.expression(self.in_field(node, Field::Condition)?, Role::Read);
        let [then, otherwise] = [Field::Consequence, Field::Alternative].map(|field| {
            self.in_field(node, field).and_then(|value| self.expression(value, Role::Read))
        });
        match (then, otherwise) {
            (Some(then), Some(otherwise)) => {
                let kind = ExpressionKind::Either(then, otherwise);
                Some(self.build.expression(kind, Role::Read, node))
            }
            (one, other) => one.or(other),
        }
    }

    fn switch(&mut self, node: Node<'t>) {
        self.comments_in(node);
        if let Some(condition) = self.in_field(node, Field::Condition) {
            self.expression(condition, Role::Read);
        }
        if let Some(body) = self.in_field(node, Field::Body) {
            self.nested(body, Self::switch_block);
        }
    }
}
