//! Expressions.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Step, Walk};
use crate::builder::NewDefinition;

impl<'t> Walk<'_, 't> {
    /// Walks an expression; gives its number where its value may matter.
    ///
    /// Chains (`a.b()?.c + d`) are followed from the outside in without
    /// recursion, so that long ones are not mistaken for deep nesting.
    pub(super) fn expression(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let start = self.own.steps.len();
        let mut at = Step { node, role };
        while let Some(inner) = self.inner(at) {
            self.own.steps.push(at);
            at = inner;
        }
        let mut value = self.primary(at.node, at.role);
        while self.own.steps.len() > start {
            let Some(step) = self.own.steps.pop() else { break };
            value = self.step(step, value, at.node);
            at = step;
        }
        self.build.ascend();
        value
    }

    /// The expression that a link of a chain is applied to.
    fn inner(&mut self, at: Step<'t>) -> Option<Step<'t>> {
        let (node, role) = match self.kind(at.node) {
            Kind::CallExpression => (self.in_field(at.node, Field::Function)?, Role::Callee),
            Kind::FieldExpression => (self.in_field(at.node, Field::Value)?, Role::Read),
            Kind::GenericFunction => (self.in_field(at.node, Field::Function)?, at.role),
            Kind::AwaitExpression | Kind::TryExpression | Kind::IndexExpression => {
                (self.first(at.node)?, Role::Read)
            }
            Kind::ReferenceExpression | Kind::TypeCast => {
                (self.in_field(at.node, Field::Value)?, Role::Read)
            }
            Kind::ParenthesizedExpression | Kind::UnaryExpression => {
                (self.first(at.node)?, at.role)
            }
            Kind::BinaryExpression => (self.in_field(at.node, Field::Left)?, Role::Read),
            _ => return None,
        };
        Some(Step { node, role })
    }

    /// Applies one link of a chain to the value inside it.
    fn step(
        &mut self,
        step: Step<'t>,
        value: Option<ExpressionId>,
        inner: Node<'t>,
    ) -> Option<ExpressionId> {
        let node = step.node;
        match self.kind(node) {
            Kind::CallExpression => {
                let callee = value.unwrap_or_else(|| self.unknown(inner));
                Some(self.call(node, callee))
            }
            Kind::FieldExpression => {
                let field = self.in_field(node, Field::Member)?;
                let object = value.unwrap_or_else(|| self.unknown(inner));
                let name = self.build.name_of(field);
                // Three children, unless a comment stands between the links.
                if node.child_count() > 3 {
                    let children = self.build.open(node);
                    self.build.close(children);
                }
                Some(self.build.expression(ExpressionKind::Member(object, name), step.role, field))
            }
            Kind::GenericFunction => {
                if let Some(list) = self.in_field(node, Field::TypeArguments) {
                    self.type_arguments(list, None, &mut Vec::new());
                }
                value
            }
            Kind::AwaitExpression => {
                let kind = ExpressionKind::Await(value?);
                Some(self.build.expression(kind, Role::Read, node))
            }
            Kind::TryExpression => {
                let kind = ExpressionKind::Element(value?);
                Some(self.build.expression(kind, Role::Read, node))
            }
            Kind::IndexExpression => {
                let children = self.build.open(node);
                for index in children.clone().skip(1) {
                    self.expression(self.build.child(index).node, Role::Read);
                }
                self.build.close(children);
                let kind = ExpressionKind::Element(value?);
                Some(self.build.expression(kind, Role::Read, node))
            }
            Kind::TypeCast => {
                if let Some(ty) = self.in_field(node, Field::Type) {
                    self.type_expression(ty, Role::Type);
                }
                value
            }
            Kind::BinaryExpression => Some(self.binary(node)),
            _ => value,
        }
    }

    fn binary(&mut self, node: Node<'t>) -> ExpressionId {
        let operator = self.in_field(node, Field::Operator).map_or("", |operator| operator.kind());
        let logical = matches!(operator, "&&" | "||");
        if logical {
            self.build.decision();
        }
        if let Some(right) = self.in_field(node, Field::Right) {
            self.expression(right, Role::Read);
        }
        if node.child_count() > 3 {
            let children = self.build.open(node);
            self.build.close(children);
        }
        if logical || matches!(operator, "==" | "!=" | "<" | "<=" | ">" | ">=") {
            self.literal(LiteralKind::Boolean, node)
        } else {
            self.unknown(node)
        }
    }

    fn call(&mut self, node: Node<'t>, callee: ExpressionId) -> ExpressionId {
        let mut arguments = Vec::new();
        if let Some(list) = self.in_field(node, Field::Arguments) {
            let children = self.build.open(list);
            for index in children.clone() {
                let child = self.build.child(index).node;
                if self.kind(child) == Kind::AttributeItem {
                    self.loose_attribute(child);
                    continue;
                }
                let value = self.expression(child, Role::Read);
                // A place must not be lost, or later ones would move.
                arguments.push(value.unwrap_or_else(|| self.unknown(child)));
            }
            self.build.close(children);
        }
        let id = self.build.expression(ExpressionKind::Call(callee), Role::Read, node);
        for value in arguments {
            self.build.argument(id, None, value);
        }
        id
    }

    /// An expression that is no link of a chain.
    fn primary(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        match self.kind(node) {
            Kind::Identifier if self.build.text_of(node) == "_" => None,
            Kind::Identifier => Some(self.name_use(node, role)),
            Kind::SelfKeyword => {
                Some(self.build.expression(ExpressionKind::This, Role::Read, node))
            }
            Kind::ScopedIdentifier => self.path(node, role),
            Kind::StringLiteral | Kind::RawStringLiteral => {
                Some(self.literal(LiteralKind::Text, node))
            }
            Kind::IntegerLiteral | Kind::FloatLiteral | Kind::NegativeLiteral => {
                Some(self.literal(LiteralKind::Number, node))
            }
            Kind::BooleanLiteral => Some(self.literal(LiteralKind::Boolean, node)),
            Kind::CharLiteral => Some(self.literal(LiteralKind::Other, node)),
            Kind::UnitExpression => Some(self.literal(LiteralKind::Nothing, node)),
            Kind::TupleExpression => {
                self.each(node, role);
                Some(self.literal(LiteralKind::Tuple, node))
            }
            Kind::ArrayExpression => {
                self.each(node, role);
                Some(self.literal(LiteralKind::List, node))
            }
            Kind::StructExpression => self.struct_expression(node),
            Kind::ClosureExpression => Some(self.closure(node, role)),
            Kind::MacroInvocation => self.macro_invocation(node),
            Kind::AssignmentExpression | Kind::CompoundAssignment => self.assignment(node),
            Kind::Metavariable => Some(self.metavariable(node)),
            Kind::Label | Kind::ContinueExpression => None,
            kind => self.controlled(node, kind),
        }
    }

    /// Walks every child for what it uses.
    pub(super) fn each(&mut self, node: Node<'t>, role: Role) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::AttributeItem => self.loose_attribute(child),
                Kind::Label | Kind::Lifetime | Kind::MutableSpecifier => {}
                _ => {
                    self.expression(child, role);
                }
            }
        }
        self.build.close(children);
    }

    fn assignment(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let right = self.in_field(node, Field::Right);
        right.and_then(|right| self.expression(right, Role::Read));
        self.expression(self.in_field(node, Field::Left)?, Role::Write);
        None
    }

    /// `T { a: x, b, ..c }`.
    fn struct_expression(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let name = self.in_field(node, Field::Name)?;
        let constructed = self.type_expression(name, Role::Constructed);
        let constructed = constructed.unwrap_or_else(|| self.unknown(name));
        let mut values = Vec::new();
        if let Some(list) = self.in_field(node, Field::Body) {
            let children = self.build.open(list);
            for index in children.clone() {
                let child = self.build.child(index).node;
                values.extend(self.field_initializer(child));
            }
            self.build.close(children);
        }
        let new = self.build.expression(ExpressionKind::New(constructed), Role::Read, node);
        for &(field, value) in &values {
            let name = self.build.name_of(field);
            self.build.argument(new, Some(name), value);
        }
        for (field, _) in values {
            let name = self.build.name_of(field);
            self.build.expression(ExpressionKind::Member(new, name), Role::Write, field);
        }
        Some(new)
    }

    /// The field that an initializer names and the value it gives it.
    fn field_initializer(&mut self, node: Node<'t>) -> Option<(Node<'t>, ExpressionId)> {
        let first = self.first(node)?;
        if self.kind(first) == Kind::AttributeItem {
            self.loose_attribute(first);
        }
        match self.kind(node) {
            Kind::FieldInitializer => {
                let value_node = self.in_field(node, Field::Value)?;
                let value = self.expression(value_node, Role::Read);
                let value = value.unwrap_or_else(|| self.unknown(value_node));
                Some((self.in_field(node, Field::Member)?, value))
            }
            Kind::ShorthandInitializer => {
                let count = node.named_child_count() as u32;
                let name = node.named_child(count.checked_sub(1)?)?;
                Some((name, self.name_use(name, Role::Read)))
            }
            _ => {
                self.each(node, Role::Read);
                None
            }
        }
    }

    /// A closure; gives the expression that stands for it.
    fn closure(&mut self, node: Node<'t>, role: Role) -> ExpressionId {
        let name = self.build.next_lambda_name();
        let parameters = self.in_field(node, Field::Parameters);
        let head_end = parameters.map_or(node.start_byte(), |parameters| parameters.start_byte());
        let mut flags = DefinitionFlags::default();
        if self.build.text[node.start_byte()..head_end].contains("async") {
            flags.set(DefinitionFlags::ASYNC);
        }
        let id = self.build.define_unbound(NewDefinition {
            name,
            kind: DefinitionKind::Lambda,
            name_node: node,
            whole: node,
            visibility: Visibility::Private,
            flags,
        });
        self.inside(id, ScopeKind::Function, |walk| {
            walk.build.enter_function(id);
            if let Some(parameters) = parameters {
                walk.closure_parameters(id, parameters);
            }
            walk.returned_type(id, node);
            if let Some(body) = walk.in_field(node, Field::Body) {
                let value = match walk.kind(body) {
                    Kind::Block => walk.statements(body),
                    _ => walk.expression(body, Role::Read),
                };
                if let Some(value) = value {
                    walk.build.returns(value);
                }
            }
            walk.build.leave_function();
        });
        self.build.expression(ExpressionKind::Definition(id), role, node)
    }
}
