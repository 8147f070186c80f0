//! Expressions.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::Head;
use super::functions::This;
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
        match self.kind(node) {
            Kind::Identifier => {
                let name = self.build.name_of(node);
                Some(self.build.expression(ExpressionKind::Name(name), role, node))
            }
            Kind::MemberExpression => self.member_expression(node, role),
            Kind::CallExpression => self.call(node),
            Kind::NewExpression => self.construction(node),
            Kind::SubscriptExpression => self.subscript(node, role),
            Kind::This => {
                let lost = self.own.this == This::Lost;
                let kind = if lost { ExpressionKind::Unknown } else { ExpressionKind::This };
                Some(self.build.expression(kind, role, node))
            }
            Kind::Super => Some(self.build.expression(ExpressionKind::Super, role, node)),
            Kind::ArrowFunction | Kind::FunctionExpression | Kind::GeneratorFunction => {
                self.lambda(node, role, DefinitionFlags::default())
            }
            Kind::Class => self.class_expression(node),
            Kind::Object => self.object(node),
            Kind::Array => {
                self.each(node);
                self.literal(node, LiteralKind::List)
            }
            Kind::String => self.literal(node, LiteralKind::Text),
            Kind::TemplateString => {
                self.each(node);
                self.literal(node, LiteralKind::Text)
            }
            Kind::Number => self.literal(node, LiteralKind::Number),
            Kind::True | Kind::False => self.literal(node, LiteralKind::Boolean),
            Kind::Null | Kind::Undefined => self.literal(node, LiteralKind::Nothing),
            Kind::Regex => self.literal(node, LiteralKind::Other),
            Kind::ParenthesizedExpression
            | Kind::NonNullExpression
            | Kind::AsExpression
            | Kind::SatisfiesExpression
            | Kind::InstantiationExpression
            | Kind::TypeAssertion => self.typed(node, role),
            Kind::AwaitExpression => self.awaited(node),
            Kind::YieldExpression => self.yielded(node),
            Kind::AssignmentExpression => self.assignment(node),
            Kind::AugmentedAssignment => self.augmented(node),
            Kind::UpdateExpression => {
                let argument = self.in_field(node, Field::Argument)?;
                self.expression(argument, Role::Write);
                self.literal(node, LiteralKind::Number)
            }
            Kind::UnaryExpression => self.unary(node),
            Kind::BinaryExpression => self.binary(node),
            Kind::TernaryExpression => self.ternary(node),
            Kind::SequenceExpression => self.sequence(node),
            Kind::JsxElement => self.jsx_element(node),
            Kind::JsxSelfClosingElement => {
                self.jsx_tag(node, Role::Callee);
                None
            }
            Kind::InternalModule | Kind::Module => {
                self.namespace(node, Head::plain(node));
                None
            }
            Kind::MetaProperty => None,
            _ => {
                if node.is_error() {
                    self.parts(node);
                } else {
                    self.each(node);
                }
                None
            }
        }
    }

    /// Walks every child for what it uses.
    fn each(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if child.child_count() > 0 || self.kind(child) == Kind::Identifier {
                self.expression(child, Role::Read);
            }
        }
        self.build.close(children);
    }

    pub(super) fn literal(&mut self, node: Node<'t>, kind: LiteralKind) -> Option<ExpressionId> {
        Some(self.build.expression(ExpressionKind::Literal(kind), Role::Read, node))
    }

    /// An expression as an operand: one of which nothing is known at worst.
    fn operand(&mut self, node: Node<'t>, role: Role) -> ExpressionId {
        match self.expression(node, role) {
            Some(operand) => operand,
            None => self.unknown(node),
        }
    }

    fn member_expression(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let object = self.in_field(node, Field::Object)?;
        let property = self.in_field(node, Field::Property)?;
        let object = self.operand(object, Role::Read);
        let name = self.build.name_of(property);
        Some(self.build.expression(ExpressionKind::Member(object, name), role, property))
    }

    /// `a[i]`; `a['name']` is a member.
    fn subscript(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let object = self.in_field(node, Field::Object)?;
        let index = self.in_field(node, Field::Index)?;
        let object = self.operand(object, Role::Read);
        let name_node = self.name_node(index);
        if self.kind(name_node) == Kind::StringFragment {
            let name = self.build.name_of(name_node);
            let kind = ExpressionKind::Member(object, name);
            return Some(self.build.expression(kind, role, name_node));
        }
        self.expression(index, Role::Read);
        Some(self.build.expression(ExpressionKind::Element(object), Role::Read, node))
    }

    fn call(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let function = self.in_field(node, Field::Function)?;
        let module = self
            .required(node)
            .map(|source| self.import_from(source, Imported::Module, source.at, None));
        let callee = if self.kind(function) == Kind::Import {
            // A function of the language itself.
            let import = ExpressionKind::Literal(LiteralKind::Other);
            self.build.expression(import, Role::Callee, function)
        } else {
            self.operand(function, Role::Callee)
        };
        self.type_arguments(node);
        let first = self.own.operands.len();
        if let Some(list) = self.in_field(node, Field::Arguments) {
            if self.kind(list) == Kind::TemplateString {
                self.expression(list, Role::Read);
            } else {
                let test = self.is_test(function).then_some(node);
                self.arguments(list, test);
            }
        }
        let id = self.build.expression(ExpressionKind::Call(callee), Role::Read, node);
        self.arguments_from(first, id);
        // `import('…')` gives a promise of its module.
        match module.filter(|_| self.kind(function) != Kind::Import) {
            Some(module) => {
                Some(self.build.expression(ExpressionKind::Module(module), Role::Read, node))
            }
            None => Some(id),
        }
    }

    fn awaited(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let value = self.expression(self.only_child(node)?, Role::Read)?;
        let source = self.required(node);
        let import = source.and_then(|source| {
            let imports = &self.build.facts.imports;
            imports.iter().rposition(|import| import.at == source.at)
        });
        let kind = match import {
            Some(import) => ExpressionKind::Module(import as ImportId),
            None => ExpressionKind::Await(value),
        };
        Some(self.build.expression(kind, Role::Read, node))
    }

    fn construction(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let class = self.in_field(node, Field::Constructor)?;
        let class = self.operand(class, Role::Constructed);
        self.type_arguments(node);
        let first = self.own.operands.len();
        if let Some(list) = self.in_field(node, Field::Arguments) {
            self.arguments(list, None);
        }
        let id = self.build.expression(ExpressionKind::New(class), Role::Read, node);
        self.arguments_from(first, id);
        Some(id)
    }

    /// Walks arguments onto the stack of operands; functions among those of
    /// `test`, a test framework's call, are tests.
    fn arguments(&mut self, list: Node<'t>, test: Option<Node<'t>>) {
        let children = self.build.open(list);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let value = match test {
                Some(call) if self.is_function(child) => self.test_function(child, call),
                _ => self.expression(child, Role::Read),
            };
            let value = match value {
                Some(value) => value,
                None => self.unknown(child),
            };
            self.own.operands.push(value);
        }
        self.build.close(children);
    }

    /// A function given to a test framework; the call's head is its signature.
    fn test_function(&mut self, node: Node<'t>, call: Node<'t>) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let id = self.build.facts.definitions.len() as DefinitionId;
        let expression = self.lambda(node, Role::Read, DefinitionFlags::TEST);
        if let Some(body) = self.in_field(node, Field::Body) {
            let signature = self.signature(call, body.start_byte());
            self.build.definition_mut(id).signature = signature;
        }
        self.build.ascend();
        expression
    }

    /// Whether a callee is a test framework's: `it`, `test.each(…)`, `describe.only`.
    fn is_test(&self, callee: Node<'t>) -> bool {
        let mut at = callee;
        for _ in 0..6 {
            let inner = match self.kind(at) {
                Kind::Identifier => {
                    return matches!(
                        self.build.text_of(at),
                        "it" | "test" | "describe" | "suite" | "specify" | "context" | "bench"
                    );
                }
                Kind::MemberExpression => self.in_field(at, Field::Object),
                Kind::CallExpression => self.in_field(at, Field::Function),
                _ => None,
            };
            match inner {
                Some(inner) => at = inner,
                None => return false,
            }
        }
        false
    }

    /// Gives the operands from `first` on to an expression as its arguments.
    pub(super) fn arguments_from(&mut self, first: usize, of: ExpressionId) {
        for index in first..self.own.operands.len() {
            let value = self.own.operands[index];
            self.build.argument(of, None, value);
        }
        self.own.operands.truncate(first);
    }

    /// Parentheses and type assertions: the value inside.
    fn typed(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let mut value = None;
        let is_assertion = self.kind(node) == Kind::TypeAssertion;
        let children = self.build.open(node);
        for (place, index) in children.clone().enumerate() {
            let child = self.build.child(index).node;
            match (self.kind(child), place) {
                (Kind::TypeArguments, _) => match value {
                    Some(of) => value = Some(self.generic(child, of, node)),
                    None => {
                        self.each_type(child);
                    }
                },
                (_, 0) => value = self.expression(child, role),
                (_, 1) if is_assertion => value = self.expression(child, role),
                _ => {
                    self.type_expression(child, Role::Type);
                }
            }
        }
        self.build.close(children);
        value
    }

    fn yielded(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        if let Some(function) = self.build.function() {
            self.build.definition_mut(function).flags.set(DefinitionFlags::GENERATOR);
        }
        let value = self.expression(self.only_child(node)?, Role::Read)?;
        let delegates = node.child(1).is_some_and(|star| star.kind() == "*");
        if !delegates {
            self.build.returns(value);
        }
        None
    }

    fn unary(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let operator = self.in_field(node, Field::Operator)?;
        let argument = self.in_field(node, Field::Argument)?;
        self.expression(argument, Role::Read);
        let kind = match self.build.text_of(operator) {
            "typeof" => LiteralKind::Text,
            "void" => LiteralKind::Nothing,
            "!" | "delete" => LiteralKind::Boolean,
            _ => LiteralKind::Number,
        };
        self.literal(node, kind)
    }

    /// Operators; chains lean left without end, so they are walked in a loop.
    fn binary(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let mut spine = Vec::new();
        let mut at = node;
        while self.kind(at) == Kind::BinaryExpression {
            spine.push(at);
            match self.in_field(at, Field::Left) {
                Some(left) => at = left,
                None => break,
            }
        }
        let mut value = self.expression(at, Role::Read);
        while let Some(whole) = spine.pop() {
            let operator = self.in_field(whole, Field::Operator)?;
            let operator = self.build.text_of(operator);
            if matches!(operator, "&&" | "||" | "??") {
                self.build.decision();
            }
            let right = self.in_field(whole, Field::Right);
            let right = right.and_then(|right| self.expression(right, Role::Read));
            value = match operator {
                "||" | "??" => self.join(whole, value, right),
                // What `a && b` gives has the members of `b`.
                "&&" => right,
                "==" | "===" | "!=" | "!==" | "<" | "<=" | ">" | ">=" | "in" | "instanceof" => {
                    self.literal(whole, LiteralKind::Boolean)
                }
                _ => None,
            };
        }
        value
    }

    fn ternary(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        self.build.decision();
        let condition = self.in_field(node, Field::Condition)?;
        self.expression(condition, Role::Read);
        let then = self.in_field(node, Field::Consequence);
        let then = then.and_then(|then| self.expression(then, Role::Read));
        let otherwise = self.in_field(node, Field::Alternative);
        let otherwise = otherwise.and_then(|value| self.expression(value, Role::Read));
        self.join(node, then, otherwise)
    }

    /// `a, b`: the last one's value.
    fn sequence(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let children = self.build.open(node);
        let mut value = None;
        for index in children.clone() {
            value = self.expression(self.build.child(index).node, Role::Read);
        }
        self.build.close(children);
        value
    }

    /// Either of two values.
    pub(super) fn join(
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
}
