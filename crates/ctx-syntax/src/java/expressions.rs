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
            Kind::CastExpression => self.cast(node),
            Kind::AssignmentExpression => self.assignment(node),
            Kind::UpdateExpression => self.expression(node.named_child(0)?, Role::Write),
            Kind::BinaryExpression => Some(self.binary(node)),
            Kind::UnaryExpression => self.unary(node),
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
                literal(self, LiteralKind::Type)
            }
            Kind::Annotation | Kind::MarkerAnnotation => self.annotation(node),
            Kind::String => {
                self.each(node);
                literal(self, LiteralKind::Text)
            }
            Kind::DecimalInteger | Kind::HexInteger | Kind::OctalInteger | Kind::BinaryInteger => {
                let is_long = self.build.text_of(node).ends_with(['l', 'L']);
                literal(self, if is_long { LiteralKind::Long } else { LiteralKind::Integer })
            }
            Kind::DecimalFloat | Kind::HexFloat => {
                let is_float = self.build.text_of(node).ends_with(['f', 'F']);
                literal(self, if is_float { LiteralKind::Float } else { LiteralKind::Double })
            }
            Kind::CharacterLiteral => literal(self, LiteralKind::Character),
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

    /// What a member is taken of.
    pub(super) fn object(&mut self, node: Node<'t>) -> ExpressionId {
        match self.expression(node, Role::Read) {
            Some(object) => object,
            None => self.unknown(node),
        }
    }

    /// `(T) value`, `(A & B) value`: of several types the first is kept.
    fn cast(&mut self, node: Node<'t>) -> Option<ExpressionId> {
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
        match type_of {
            Some(to) => Some(self.build.expression(ExpressionKind::Cast(to), Role::Read, node)),
            None => value,
        }
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
    fn binary(&mut self, node: Node<'t>) -> ExpressionId {
        let mut chain = vec![node];
        let mut at = node;
        let mut value = None;
        while let Some(left) = self.in_field(at, Field::Left) {
            if self.kind(left) != Kind::BinaryExpression {
                value = self.expression(left, Role::Read);
                break;
            }
            chain.push(left);
            at = left;
        }
        let mut kind = self.literal_kind(value);
        for part in chain.into_iter().rev() {
            self.comments_in(part);
            let operator = self.in_field(part, Field::Operator).map_or("", |node| node.kind());
            if matches!(operator, "&&" | "||") {
                self.build.decision();
            }
            let right = self.in_field(part, Field::Right);
            let right = right.and_then(|right| self.expression(right, Role::Read));
            kind = operation(operator, kind, self.literal_kind(right));
        }
        let kind = kind.map_or(ExpressionKind::Unknown, ExpressionKind::Literal);
        self.build.expression(kind, Role::Read, node)
    }

    /// `!value`, `-value`, `~value`.
    fn unary(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        self.comments_in(node);
        let value = self.expression(self.in_field(node, Field::Operand)?, Role::Read);
        let kind = match self.in_field(node, Field::Operator).map(|operator| operator.kind()) {
            Some("!") => Some(LiteralKind::Boolean),
            _ => match self.literal_kind(value) {
                Some(LiteralKind::Character) => Some(LiteralKind::Integer),
                kind => kind,
            },
        };
        let kind = kind.map_or(ExpressionKind::Unknown, ExpressionKind::Literal);
        Some(self.build.expression(kind, Role::Read, node))
    }

    /// The built-in type of an expression, where its own text tells it.
    fn literal_kind(&self, id: Option<ExpressionId>) -> Option<LiteralKind> {
        match self.build.facts.expressions[id? as usize].kind {
            ExpressionKind::Literal(kind) => Some(kind),
            _ => None,
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

/// The built-in type of what an operator gives, as far as its operands tell it:
/// a text joined to anything is a text, and numbers give the wider of both.
fn operation(
    operator: &str,
    left: Option<LiteralKind>,
    right: Option<LiteralKind>,
) -> Option<LiteralKind> {
    const NUMBERS: [LiteralKind; 4] =
        [LiteralKind::Integer, LiteralKind::Long, LiteralKind::Float, LiteralKind::Double];
    match operator {
        "&&" | "||" | "==" | "!=" | "<" | ">" | "<=" | ">=" => Some(LiteralKind::Boolean),
        "+" if left == Some(LiteralKind::Text) || right == Some(LiteralKind::Text) => {
            Some(LiteralKind::Text)
        }
        "+" | "-" | "*" | "/" | "%" => {
            let width = |kind: LiteralKind| NUMBERS.iter().position(|number| *number == kind);
            Some(NUMBERS[width(left?)?.max(width(right?)?)])
        }
        _ => None,
    }
}
