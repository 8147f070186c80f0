//! Expressions and types.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::Builder;

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

    fn expression_within(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let literal = |walk: &mut Self, kind| {
            Some(walk.build.expression(ExpressionKind::Literal(kind), Role::Read, node))
        };
        match self.kind(node) {
            Kind::Identifier => {
                let name = self.build.name_of(node);
                Some(self.build.expression(ExpressionKind::Name(name), role, node))
            }
            Kind::Attribute => self.attribute(node, role),
            Kind::Call => self.call(node),
            Kind::Subscript => self.subscript(node, role),
            Kind::Await => {
                let value = self.expression(node.named_child(0)?, Role::Read)?;
                Some(self.build.expression(ExpressionKind::Await(value), Role::Read, node))
            }
            Kind::ParenthesizedExpression | Kind::Type => {
                self.expression(node.named_child(0)?, role)
            }
            Kind::NamedExpression => self.named(node),
            Kind::ConditionalExpression => {
                self.build.decision();
                self.conditional(node)
            }
            Kind::BooleanOperator => {
                self.build.decision();
                self.either(node)
            }
            Kind::Lambda => self.lambda(node, role),
            Kind::ListComprehension => self.comprehension(node, LiteralKind::List),
            Kind::SetComprehension => self.comprehension(node, LiteralKind::Set),
            Kind::DictionaryComprehension => self.comprehension(node, LiteralKind::Map),
            Kind::GeneratorExpression => self.comprehension(node, LiteralKind::Other),
            Kind::String => {
                self.each(node);
                literal(self, LiteralKind::Text)
            }
            Kind::Integer | Kind::Float => literal(self, LiteralKind::Number),
            Kind::True | Kind::False => literal(self, LiteralKind::Boolean),
            Kind::None => literal(self, LiteralKind::Nothing),
            Kind::List => {
                self.each(node);
                literal(self, LiteralKind::List)
            }
            Kind::Dictionary => {
                self.each(node);
                literal(self, LiteralKind::Map)
            }
            Kind::Set => {
                self.each(node);
                literal(self, LiteralKind::Set)
            }
            Kind::Tuple | Kind::ExpressionList => {
                self.each(node);
                literal(self, LiteralKind::Tuple)
            }
            Kind::Assignment => self.assignment(node),
            Kind::Yield => {
                if let Some(function) = self.build.function() {
                    self.build.definition_mut(function).flags.set(DefinitionFlags::GENERATOR);
                }
                self.each(node);
                None
            }
            Kind::KeywordArgument => self.expression(self.in_field(node, Field::Value)?, role),
            _ => {
                self.each(node);
                Some(self.build.expression(ExpressionKind::Unknown, Role::Read, node))
            }
        }
    }

    /// Walks every child for what it uses.
    fn each(&mut self, node: Node<'t>) {
        if node.named_child_count() == 0 {
            return;
        }
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if child.child_count() > 0 || self.kind(child) == Kind::Identifier {
                self.expression(child, Role::Read);
            }
        }
        self.build.close(children);
    }

    fn attribute(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let object_node = self.in_field(node, Field::Object)?;
        let attribute = self.in_field(node, Field::Attribute)?;
        let object = match self.expression(object_node, Role::Read) {
            Some(object) => object,
            None => self.unknown(object_node),
        };
        let name = self.build.name_of(attribute);
        Some(self.build.expression(ExpressionKind::Member(object, name), role, attribute))
    }

    fn call(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let function = self.in_field(node, Field::Function)?;
        let is_super =
            self.kind(function) == Kind::Identifier && self.build.text_of(function) == "super";
        let callee = self.expression(function, Role::Callee);
        let callee = callee.unwrap_or_else(|| self.unknown(function));
        let mut arguments = Vec::new();
        if let Some(list) = self.in_field(node, Field::Arguments) {
            if self.kind(list) == Kind::GeneratorExpression {
                let value = self.expression(list, Role::Read);
                arguments.extend(value.map(|value| (None, value)));
            } else {
                self.arguments(list, &mut arguments);
            }
        }
        let kind = if is_super { ExpressionKind::Super } else { ExpressionKind::Call(callee) };
        let id = self.build.expression(kind, Role::Read, node);
        for (keyword, value) in arguments {
            self.build.argument(id, keyword, value);
        }
        Some(id)
    }

    fn arguments(&mut self, list: Node<'t>, arguments: &mut Vec<(Option<NameId>, ExpressionId)>) {
        let children = self.build.open(list);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let keyword = if self.kind(child) == Kind::KeywordArgument {
                self.in_field(child, Field::Name).map(|name| self.build.name_of(name))
            } else {
                None
            };
            if let Some(value) = self.expression(child, Role::Read) {
                arguments.push((keyword, value));
            }
        }
        self.build.close(children);
    }

    fn subscript(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let value_node = self.in_field(node, Field::Value)?;
        let is_type = matches!(role, Role::Type | Role::Base);
        let value = self.expression(value_node, if is_type { role } else { Role::Read });
        let value = value.unwrap_or_else(|| self.unknown(value_node));
        let mut arguments = Vec::new();
        let children = self.build.open(node);
        for index in children.clone().skip(1) {
            let child = self.build.child(index).node;
            let argument = if is_type {
                self.type_expression(child)
            } else {
                self.expression(child, Role::Read)
            };
            arguments.extend(argument);
        }
        self.build.close(children);
        let kind =
            if is_type { ExpressionKind::Generic(value) } else { ExpressionKind::Element(value) };
        let id = self.build.expression(kind, Role::Read, node);
        // The index of a plain element is not an argument of anything, but a
        // class subscripted in an expression (`Base[int]()`) is generic too.
        for argument in arguments {
            self.build.argument(id, None, argument);
        }
        Some(id)
    }

    fn named(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let value = self.expression(self.in_field(node, Field::Value)?, Role::Read);
        self.target(self.in_field(node, Field::Name)?, value, Through::Itself, None);
        value
    }

    fn conditional(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let parts = [node.named_child(0)?, node.named_child(1)?, node.named_child(2)?];
        let then = self.expression(parts[0], Role::Read);
        self.expression(parts[1], Role::Read);
        let otherwise = self.expression(parts[2], Role::Read);
        self.join(node, then, otherwise)
    }

    fn either(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let left = self.expression(self.in_field(node, Field::Left)?, Role::Read);
        let right = self.expression(self.in_field(node, Field::Right)?, Role::Read);
        self.join(node, left, right)
    }

    fn join(
        &mut self,
        node: Node<'t>,
        left: Option<ExpressionId>,
        right: Option<ExpressionId>,
    ) -> Option<ExpressionId> {
        match (left, right) {
            (Some(left), Some(right)) => {
                let kind = ExpressionKind::Either(left, right);
                Some(self.build.expression(kind, Role::Read, node))
            }
            (one, other) => one.or(other),
        }
    }

    fn comprehension(&mut self, node: Node<'t>, gives: LiteralKind) -> Option<ExpressionId> {
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        let children = self.build.open(node);
        // Clauses first: they bind what the body uses.
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::ForInClause => {
                    self.build.decision();
                    let right = self.in_field(child, Field::Right);
                    let value = right.and_then(|right| self.expression(right, Role::Read));
                    if let Some(left) = self.in_field(child, Field::Left) {
                        self.target(left, value, Through::Element, None);
                    }
                }
                Kind::IfClause => {
                    self.build.decision();
                    self.each(child);
                }
                _ => {}
            }
        }
        for index in children.clone() {
            let child = self.build.child(index);
            if self.field(child.field) == Field::Body {
                self.expression(child.node, Role::Read);
            }
        }
        self.build.close(children);
        self.build.leave_scope(outer);
        Some(self.build.expression(ExpressionKind::Literal(gives), Role::Read, node))
    }

    /// A dotted name outside an expression (patterns).
    pub(super) fn dotted(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let children = self.build.open(node);
        let mut value = None;
        let last = children.end.saturating_sub(1);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let name = self.build.name_of(child);
            let role = if index == last { role } else { Role::Read };
            let kind = match value {
                None => ExpressionKind::Name(name),
                Some(object) => ExpressionKind::Member(object, name),
            };
            value = Some(self.build.expression(kind, role, child));
        }
        self.build.close(children);
        value
    }

    /// A type, where one is written.
    pub(super) fn type_expression(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let id = self.type_within(node);
        self.build.ascend();
        id
    }

    fn type_within(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        match self.kind(node) {
            Kind::Type | Kind::ParenthesizedExpression => {
                self.type_expression(node.named_child(0)?)
            }
            Kind::GenericType => self.generic(node),
            Kind::MemberType => {
                let object = self.type_expression(node.named_child(0)?)?;
                let member = node.named_child(1)?;
                let name = self.build.name_of(member);
                Some(self.build.expression(
                    ExpressionKind::Member(object, name),
                    Role::Type,
                    member,
                ))
            }
            Kind::UnionType | Kind::BinaryOperator => {
                let left = self.type_expression(node.named_child(0)?);
                let right = self.type_expression(node.named_child(1)?);
                self.join(node, left, right)
            }
            Kind::String => self.quoted_type(node),
            Kind::List | Kind::Tuple => {
                let children = self.build.open(node);
                for index in children.clone() {
                    self.type_expression(self.build.child(index).node);
                }
                self.build.close(children);
                None
            }
            _ => self.expression(node, Role::Type),
        }
    }

    fn generic(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let base = self.type_expression(node.named_child(0)?)?;
        let mut arguments = Vec::new();
        if let Some(parameters) = node.named_child(1) {
            let children = self.build.open(parameters);
            for index in children.clone() {
                arguments.extend(self.type_expression(self.build.child(index).node));
            }
            self.build.close(children);
        }
        let id = self.build.expression(ExpressionKind::Generic(base), Role::Read, node);
        for argument in arguments {
            self.build.argument(id, None, argument);
        }
        Some(id)
    }

    /// A forward reference: a type written as a string. Only dotted names are
    /// read; what is more complex stays unknown.
    fn quoted_type(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let content = self.string_content(node)?;
        let is_name = |part: &str| {
            !part.is_empty()
                && !part.starts_with(|c: char| c.is_ascii_digit())
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        if !content.split('.').all(is_name) {
            return Some(self.unknown(node));
        }
        let mut at = Builder::position(node);
        at.column += 1;
        let mut value = None;
        for part in content.split('.') {
            let name = self.build.name(part);
            let kind = match value {
                None => ExpressionKind::Name(name),
                Some(object) => ExpressionKind::Member(object, name),
            };
            let scope = self.build.scope;
            self.build.facts.expressions.push(Expression { kind, role: Role::Type, scope, at });
            value = Some(self.build.facts.expressions.len() as ExpressionId - 1);
            at.column += part.len() as u32 + 1;
        }
        value
    }

    /// The text between a string's quotes, if it is one piece.
    pub(super) fn string_content(&self, node: Node<'t>) -> Option<&'t str> {
        let mut cursor = node.walk();
        node.children(&mut cursor)
            .find(|child| self.kind(*child) == Kind::StringContent)
            .map(|content| self.build.text_of(content))
    }
}
