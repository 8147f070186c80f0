//! Expressions.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};

/// Bindings looked through for whether a name is a local variable.
const LATEST_BINDINGS: usize = 256;

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
            Kind::Identifier | Kind::TypeIdentifier | Kind::PackageIdentifier => {
                self.named(node, role)
            }
            Kind::SelectorExpression => self.selector(node, role),
            Kind::CallExpression => self.call(node),
            Kind::TypeConversionExpression => self.conversion(node),
            Kind::TypeInstantiationExpression => self.instantiation(node, role),
            Kind::IndexExpression => self.index(node, role),
            Kind::SliceExpression => self.slice(node),
            Kind::CompositeLiteral => self.composite(node),
            Kind::FuncLiteral => self.lambda(node, role),
            Kind::TypeAssertionExpression => {
                self.assertion(node);
                Some(self.unknown(node))
            }
            Kind::ParenthesizedExpression => self.expression(node.named_child(0)?, role),
            Kind::UnaryExpression => self.unary(node, role),
            Kind::BinaryExpression => {
                self.binary(node);
                Some(self.unknown(node))
            }
            Kind::VariadicArgument => self.expression(node.named_child(0)?, role),
            Kind::InterpretedStringLiteral | Kind::RawStringLiteral => {
                literal(self, LiteralKind::Text)
            }
            Kind::IntLiteral
            | Kind::FloatLiteral
            | Kind::ImaginaryLiteral
            | Kind::RuneLiteral
            | Kind::Iota => literal(self, LiteralKind::Number),
            Kind::True | Kind::False => literal(self, LiteralKind::Boolean),
            Kind::Nil => literal(self, LiteralKind::Nothing),
            Kind::QualifiedType
            | Kind::GenericType
            | Kind::PointerType
            | Kind::ParenthesizedType
            | Kind::SliceType
            | Kind::ArrayType
            | Kind::ImplicitLengthArrayType
            | Kind::MapType
            | Kind::ChannelType
            | Kind::FunctionType
            | Kind::StructType
            | Kind::InterfaceType => self.type_expression(node, role),
            Kind::Other if node.is_error() => {
                self.statements(node);
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
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if child.is_named() {
                self.expression(child, Role::Read);
            }
        }
        self.build.close(children);
    }

    fn selector(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        self.comments_in(node);
        let operand = self.in_field(node, Field::Operand)?;
        let field = self.in_field(node, Field::Member)?;
        let object = self.object(operand);
        if field.is_missing() {
            return Some(object);
        }
        let name = self.build.name_of(field);
        Some(self.build.expression(ExpressionKind::Member(object, name), role, field))
    }

    /// What a member is taken of. Of a type assertion it is taken by the type, as
    /// in a method expression: `thing.(Shop).Open()` means `Shop`'s.
    fn object(&mut self, node: Node<'t>) -> ExpressionId {
        let inner = self.without_parentheses(node);
        let object = match self.kind(inner) {
            Kind::TypeAssertionExpression => self.assertion(inner),
            _ => self.expression(node, Role::Read),
        };
        object.unwrap_or_else(|| self.unknown(node))
    }

    pub(super) fn without_parentheses(&self, node: Node<'t>) -> Node<'t> {
        let mut inner = node;
        while self.kind(inner) == Kind::ParenthesizedExpression
            && let Some(within) = inner.named_child(0)
        {
            inner = within;
        }
        inner
    }

    fn call(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let function = self.in_field(node, Field::Function)?;
        let list = self.in_field(node, Field::Arguments);
        if self.kind(function) == Kind::Identifier
            && let made @ ("new" | "make") = self.build.text_of(function)
            && let Some(list) = list
        {
            return self.made(node, function, made, list);
        }
        let callee = match self.in_field(node, Field::TypeArguments) {
            Some(arguments) => self.applied(function, arguments, node, Role::Callee),
            None => self.expression(function, Role::Callee),
        };
        let callee = callee.unwrap_or_else(|| self.unknown(function));
        let mut arguments = Vec::new();
        if let Some(list) = list {
            let children = self.build.open(list);
            for index in children.clone() {
                let child = self.build.child(index).node;
                let value = self.expression(child, Role::Read);
                arguments.push(value.unwrap_or_else(|| self.unknown(child)));
            }
            self.build.close(children);
        }
        let id = self.build.expression(ExpressionKind::Call(callee), Role::Read, node);
        for value in arguments {
            self.build.argument(id, None, value);
        }
        Some(id)
    }

    /// `new(T)` and `make(T, …)`: a value of the type.
    fn made(
        &mut self,
        node: Node<'t>,
        function: Node<'t>,
        made: &str,
        list: Node<'t>,
    ) -> Option<ExpressionId> {
        self.named(function, Role::Callee);
        let role = if made == "new" { Role::Constructed } else { Role::Type };
        let mut of = None;
        let children = self.build.open(list);
        for (place, index) in children.clone().enumerate() {
            let child = self.build.child(index).node;
            if place == 0 {
                of = self.type_expression(child, role);
            } else {
                self.expression(child, Role::Read);
            }
        }
        self.build.close(children);
        Some(self.build.expression(ExpressionKind::New(of?), Role::Read, node))
    }

    /// `[]byte(x)`. The grammar reads `max[T](x)` and `handlers[i](x)` so too.
    fn conversion(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let type_node = self.in_field(node, Field::Type)?;
        let parts =
            (self.in_field(type_node, Field::Type), self.in_field(type_node, Field::TypeArguments));
        let callee = match (self.kind(type_node), parts) {
            (Kind::GenericType, (Some(base), Some(arguments))) => {
                self.applied(base, arguments, type_node, Role::Callee)
            }
            _ => self.type_expression(type_node, Role::Callee),
        };
        let callee = callee.unwrap_or_else(|| self.unknown(type_node));
        let operand = self.in_field(node, Field::Operand);
        let operand = operand.and_then(|operand| self.expression(operand, Role::Read));
        let id = self.build.expression(ExpressionKind::Call(callee), Role::Read, node);
        if let Some(operand) = operand {
            self.build.argument(id, None, operand);
        }
        Some(id)
    }

    /// `f[int, string]` as a value.
    fn instantiation(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let base_node = self.in_field(node, Field::Type)?;
        let base = self.type_expression(base_node, role)?;
        let mut types = self.types(node);
        // The base stands among the children; its second reading is dropped.
        types.remove(0);
        Some(self.generic(base, &types, node))
    }

    /// `x[i]` or `f[T]`.
    fn index(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let operand = self.in_field(node, Field::Operand)?;
        let index = self.in_field(node, Field::Index)?;
        if role != Role::Callee || !self.is_type(index) {
            let of = self.expression(operand, Role::Read);
            let of = of.unwrap_or_else(|| self.unknown(operand));
            self.expression(index, Role::Read);
            return Some(self.build.expression(ExpressionKind::Element(of), Role::Read, node));
        }
        let base = self.expression(operand, role)?;
        let argument = self.type_expression(index, Role::Type);
        Some(self.generic(base, &[argument], node))
    }

    /// What is called in `base[arguments](…)`: a function with its type arguments
    /// or else an element of a container, which the grammar cannot tell apart.
    fn applied(
        &mut self,
        base: Node<'t>,
        arguments: Node<'t>,
        node: Node<'t>,
        role: Role,
    ) -> Option<ExpressionId> {
        let only = arguments.named_child(0).filter(|_| arguments.named_child_count() == 1);
        let index = only.map(|only| match self.kind(only) {
            Kind::TypeElem => only.named_child(0).unwrap_or(only),
            _ => only,
        });
        if let Some(index) = index.filter(|index| !self.is_type(*index)) {
            let of = self.value_name(base)?;
            self.value_name(index);
            return Some(self.build.expression(ExpressionKind::Element(of), Role::Read, node));
        }
        let base = self.expression(base, role)?;
        let types = self.types(arguments);
        Some(self.generic(base, &types, node))
    }

    /// Reads a name that the grammar took for a type.
    fn value_name(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        match self.kind(node) {
            Kind::QualifiedType => self.type_expression(node, Role::Read),
            _ => self.expression(node, Role::Read),
        }
    }

    /// Whether what stands in brackets is a type. A name is one unless it begins
    /// as a local variable does.
    fn is_type(&self, node: Node<'t>) -> bool {
        let (root, last) = match self.kind(node) {
            Kind::Identifier | Kind::TypeIdentifier => (node, node),
            Kind::QualifiedType => {
                match (self.in_field(node, Field::Package), self.in_field(node, Field::Name)) {
                    (Some(package), Some(name)) => (package, name),
                    _ => return true,
                }
            }
            Kind::SelectorExpression => {
                match (self.in_field(node, Field::Operand), self.in_field(node, Field::Member)) {
                    (Some(operand), Some(field)) if self.kind(operand) == Kind::Identifier => {
                        (operand, field)
                    }
                    _ => return false,
                }
            }
            Kind::GenericType
            | Kind::PointerType
            | Kind::SliceType
            | Kind::ArrayType
            | Kind::MapType
            | Kind::ChannelType
            | Kind::FunctionType
            | Kind::StructType
            | Kind::InterfaceType => return true,
            _ => return false,
        };
        let root_text = self.build.text_of(root);
        let exported = self.build.text_of(last).starts_with(char::is_uppercase);
        let facts = &self.build.facts;
        let local = facts.bindings.iter().rev().take(LATEST_BINDINGS).any(|binding| {
            matches!(binding.to, BoundTo::Local | BoundTo::Parameter(_))
                && facts.name(binding.name) == root_text
        });
        // A type parameter is a local name too, but a capital one.
        !local || exported && root == last
    }

    fn slice(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let mut sliced = None;
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            let value = self.expression(child.node, Role::Read);
            if self.field(child.field) == Field::Operand {
                sliced = value;
            }
        }
        self.build.close(children);
        sliced
    }

    /// `x.(T)`; gives the type.
    pub(super) fn assertion(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        if let Some(operand) = self.in_field(node, Field::Operand) {
            self.expression(operand, Role::Read);
        }
        self.type_expression(self.in_field(node, Field::Type)?, Role::Type)
    }

    /// The operator of a unary or binary expression.
    pub(super) fn operator(&self, node: Node<'t>) -> &'t str {
        self.in_field(node, Field::Operator).map_or("", |operator| self.build.text_of(operator))
    }

    fn unary(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let operand = self.in_field(node, Field::Operand)?;
        match self.operator(node) {
            "*" | "&" => {
                // What a pointer points to is written, not the pointer.
                let role = if role == Role::Write { Role::Read } else { role };
                self.expression(operand, role)
            }
            "<-" => {
                let of = self.expression(operand, Role::Read)?;
                Some(self.build.expression(ExpressionKind::Element(of), Role::Read, node))
            }
            _ => {
                self.expression(operand, Role::Read);
                Some(self.unknown(node))
            }
        }
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
            if matches!(self.operator(part), "&&" | "||") {
                self.build.decision();
            }
            if let Some(right) = self.in_field(part, Field::Right) {
                self.expression(right, Role::Read);
            }
        }
    }
}
