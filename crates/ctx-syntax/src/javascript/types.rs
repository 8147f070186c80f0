//! Types where they are written.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::Builder;

impl<'t> Walk<'_, 't> {
    /// Walks a type for what it names; gives its number where it says what a
    /// value's members are.
    pub(super) fn type_expression(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let id = self.type_within(node, role);
        self.build.ascend();
        id
    }

    // tidy: long because it is one table from kinds of nodes to what walks them.
    fn type_within(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        match self.kind(node) {
            Kind::TypeIdentifier | Kind::Identifier => {
                let name = self.build.name_of(node);
                Some(self.build.expression(ExpressionKind::Name(name), role, node))
            }
            Kind::NestedTypeIdentifier | Kind::NestedIdentifier => self.qualified(node, role),
            Kind::GenericType => {
                let base = self.in_field(node, Field::Name)?;
                let base = self.type_expression(base, role)?;
                match self.in_field(node, Field::TypeArguments) {
                    Some(arguments) => Some(self.generic(arguments, base, node)),
                    None => Some(base),
                }
            }
            Kind::UnionType | Kind::IntersectionType => self.alternatives(node, role),
            Kind::ArrayType => self.list_of(node, LiteralKind::List),
            Kind::TupleType => self.list_of(node, LiteralKind::Tuple),
            Kind::PredefinedType => self.predefined(node),
            Kind::LiteralType => self.expression(self.only_child(node)?, Role::Read),
            Kind::TemplateLiteralType => {
                self.each_type(node);
                self.literal(node, LiteralKind::Text)
            }
            Kind::ThisType | Kind::This => {
                Some(self.build.expression(ExpressionKind::This, role, node))
            }
            Kind::TypeQuery => self.type_query(node),
            Kind::LookupType => self.lookup_type(node),
            Kind::ConditionalType => self.conditional_type(node),
            Kind::FunctionType
            | Kind::ConstructorType
            | Kind::CallSignature
            | Kind::ConstructSignature
            | Kind::MethodSignature => {
                self.function_type(node);
                None
            }
            Kind::ObjectType => {
                let outer = self.build.scope;
                self.each_type(node);
                self.build.leave_scope(outer);
                None
            }
            Kind::IndexSignature => {
                self.index_signature(node);
                None
            }
            Kind::InferType => {
                let name = self.only_child(node)?;
                self.bind_type_parameter(name, None);
                None
            }
            Kind::TypePredicate => {
                self.in_field(node, Field::Type).and_then(|ty| self.type_expression(ty, role));
                self.literal(node, LiteralKind::Boolean)
            }
            Kind::TypePredicateAnnotation => self.type_expression(self.only_child(node)?, role),
            Kind::Asserts => {
                let child = self.only_child(node)?;
                if self.kind(child) == Kind::TypePredicate {
                    self.type_expression(child, role);
                }
                None
            }
            Kind::PropertySignature => {
                self.in_field(node, Field::Type).and_then(|ty| self.type_expression(ty, role))
            }
            Kind::RequiredParameter | Kind::OptionalParameter => {
                self.in_field(node, Field::Type).and_then(|ty| self.type_expression(ty, role))
            }
            Kind::IndexTypeQuery => {
                self.each_type(node);
                None
            }
            Kind::MemberExpression | Kind::CallExpression => self.imported_type(node, role),
            // Annotations, parentheses, `readonly T`, `T?`, `...T` and the like.
            _ => {
                let only = self.only_child(node)?;
                self.type_expression(only, role)
            }
        }
    }

    /// Walks every child as a type.
    pub(super) fn each_type(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if child.child_count() > 0 || self.kind(child) == Kind::TypeIdentifier {
                self.type_expression(child, Role::Type);
            }
        }
        self.build.close(children);
    }

    /// `a.b.C`.
    pub(super) fn qualified(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let is_path = matches!(
            self.kind(node),
            Kind::NestedTypeIdentifier | Kind::NestedIdentifier | Kind::MemberExpression
        );
        if !is_path {
            return self.expression(node, role);
        }
        if !self.build.descend(node) {
            return None;
        }
        let outer =
            self.in_field(node, Field::Module).or_else(|| self.in_field(node, Field::Object));
        let name =
            self.in_field(node, Field::Name).or_else(|| self.in_field(node, Field::Property));
        let object = outer.and_then(|outer| self.qualified(outer, Role::Read));
        self.build.ascend();
        let (object, name_node) = (object?, name?);
        let name = self.build.name_of(name_node);
        Some(self.build.expression(ExpressionKind::Member(object, name), role, name_node))
    }

    /// A type with the arguments that a list holds.
    pub(super) fn generic(
        &mut self,
        arguments: Node<'t>,
        base: ExpressionId,
        at: Node<'t>,
    ) -> ExpressionId {
        let first = self.own.operands.len();
        let children = self.build.open(arguments);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let argument = match self.type_expression(child, Role::Type) {
                Some(argument) => argument,
                None => self.unknown(child),
            };
            self.own.operands.push(argument);
        }
        self.build.close(children);
        let id = self.build.expression(ExpressionKind::Generic(base), Role::Read, at);
        self.arguments_from(first, id);
        id
    }

    /// Walks type arguments of a call for what they name.
    pub(super) fn type_arguments(&mut self, node: Node<'t>) {
        if let Some(arguments) = self.in_field(node, Field::TypeArguments) {
            self.each_type(arguments);
        }
    }

    /// `T[]`, `[A, B]`.
    fn list_of(&mut self, node: Node<'t>, kind: LiteralKind) -> Option<ExpressionId> {
        let base = self.build.expression(ExpressionKind::Literal(kind), Role::Type, node);
        Some(self.generic(node, base, node))
    }

    /// `A | B`, `A & B`.
    fn alternatives(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let mut value = None;
        for part in self.parts_of(node) {
            let part_value = self.type_expression(part, role);
            value = self.join_types(part, value, part_value);
        }
        value
    }

    /// The parts of a union or intersection in order. Chains of them lean left
    /// without end, so they are followed in a loop.
    pub(super) fn parts_of(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut parts = Vec::new();
        let mut at = Some(node);
        while let Some(whole) = at.take() {
            if !matches!(self.kind(whole), Kind::UnionType | Kind::IntersectionType) {
                parts.push(whole);
                continue;
            }
            let children = self.build.open(whole);
            let nodes = children.clone().map(|index| self.build.child(index).node);
            let nodes: Vec<Node<'t>> = nodes.collect();
            self.build.close(children);
            // With a leading `|` the only child is the right one.
            if let [left, rights @ ..] = nodes.as_slice() {
                parts.extend(rights.iter().rev());
                at = Some(*left);
            }
        }
        parts.reverse();
        parts
    }

    pub(super) fn join_types(
        &mut self,
        node: Node<'t>,
        left: Option<ExpressionId>,
        right: Option<ExpressionId>,
    ) -> Option<ExpressionId> {
        let literal = |walk: &Self, id: Option<ExpressionId>| {
            let kind = walk.build.facts.expressions[id? as usize].kind;
            if let ExpressionKind::Literal(kind) = kind { Some(kind) } else { None }
        };
        match (literal(self, left), literal(self, right)) {
            // `T | undefined` has the members of `T`.
            (Some(LiteralKind::Nothing), _) if right.is_some() => right,
            (_, Some(LiteralKind::Nothing)) if left.is_some() => left,
            (Some(one), Some(other)) if one == other => left,
            _ => self.join(node, left, right),
        }
    }

    fn predefined(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let kind = match self.build.text_of(node) {
            "string" => LiteralKind::Text,
            "number" => LiteralKind::Number,
            "boolean" => LiteralKind::Boolean,
            "void" | "never" => LiteralKind::Nothing,
            "object" => LiteralKind::Map,
            "any" | "unknown" => return None,
            _ => LiteralKind::Other,
        };
        self.literal(node, kind)
    }

    /// `typeof value`: the value is read.
    fn type_query(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let value = self.only_child(node)?;
        match self.kind(value) {
            Kind::CallExpression => self.imported_type(value, Role::Read),
            _ => self.expression(value, Role::Read),
        }
    }

    /// `import('x')`, `import('x').Name`: an import like any other.
    fn imported_type(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let object = match self.kind(node) {
            Kind::MemberExpression => self.in_field(node, Field::Object)?,
            _ => node,
        };
        let Some(mut source) = self.required(object) else {
            return self.expression(node, role);
        };
        source.type_only = true;
        match self.in_field(node, Field::Property) {
            Some(property) => {
                let member = self.build.name_of(property);
                let at = Builder::position(property);
                self.import_from(source, Imported::Member(member), at, None);
            }
            None => {
                self.import_from(source, Imported::Module, source.at, None);
            }
        }
        None
    }

    /// `T['name']` is the type of a member.
    fn lookup_type(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let (of, index) = (node.named_child(0)?, node.named_child(1)?);
        let of = self.type_expression(of, Role::Type);
        let name = Some(index)
            .filter(|index| self.kind(*index) == Kind::LiteralType)
            .and_then(|index| self.only_child(index))
            .filter(|string| self.kind(*string) == Kind::String)
            .map(|string| self.name_node(string))
            .filter(|name| self.kind(*name) == Kind::StringFragment);
        match name {
            Some(name_node) => {
                let name = self.build.name_of(name_node);
                let kind = ExpressionKind::Member(of?, name);
                Some(self.build.expression(kind, Role::Type, name_node))
            }
            None => {
                self.type_expression(index, Role::Type);
                let kind = ExpressionKind::Element(of?);
                Some(self.build.expression(kind, Role::Read, node))
            }
        }
    }

    /// `A extends B ? C : D`; `infer` binds names for the rest of it.
    fn conditional_type(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        let mut parts = [Field::Left, Field::Right, Field::Consequence, Field::Alternative]
            .map(|field| self.in_field(node, field))
            .map(|part| part.and_then(|part| self.type_expression(part, Role::Type)));
        self.build.leave_scope(outer);
        let (then, otherwise) = (parts[2].take(), parts[3].take());
        self.join(node, then, otherwise)
    }

    /// A function's type, or a member that has one.
    pub(super) fn function_type(&mut self, node: Node<'t>) {
        let outer = self.build.scope;
        self.type_parameters(node);
        if let Some(parameters) = self.in_field(node, Field::Parameters) {
            self.parameter_types(parameters);
        }
        for field in [Field::ReturnType, Field::Type] {
            if let Some(ty) = self.in_field(node, field) {
                self.type_expression(ty, Role::Type);
            }
        }
        self.build.leave_scope(outer);
    }

    /// Walks the types of parameters that have no function; gives their number.
    pub(super) fn parameter_types(&mut self, list: Node<'t>) -> u32 {
        let children = self.build.open(list);
        let mut count = 0;
        for index in children.clone() {
            let child = self.build.child(index).node;
            if let Some(ty) = self.in_field(child, Field::Type) {
                self.type_expression(ty, Role::Type);
            }
            if let Some(value) = self.in_field(child, Field::Value) {
                self.expression(value, Role::Read);
            }
            let pattern = self.in_field(child, Field::Pattern);
            count += u32::from(!pattern.is_some_and(|pattern| self.kind(pattern) == Kind::This));
        }
        self.build.close(children);
        count
    }

    /// `[key: K]: V`, `[K in keyof T]: V`.
    fn index_signature(&mut self, node: Node<'t>) {
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            if self.kind(child.node) == Kind::MappedTypeClause {
                let of = self.in_field(child.node, Field::Type);
                let of = of.and_then(|of| self.type_expression(of, Role::Type));
                if let Some(name) = self.in_field(child.node, Field::Name) {
                    self.bind_type_parameter(name, of);
                }
                if let Some(alias) = self.in_field(child.node, Field::Alias) {
                    self.type_expression(alias, Role::Type);
                }
            } else if self.field(child.field) != Field::Name && child.node.is_named() {
                self.type_expression(child.node, Role::Type);
            }
        }
        self.build.close(children);
        self.build.leave_scope(outer);
    }

    /// Binds a definition's type parameters in a scope of their own, which stays
    /// open.
    pub(super) fn type_parameters(&mut self, node: Node<'t>) {
        let Some(list) = self.in_field(node, Field::TypeParameters) else { return };
        self.build.enter_scope(ScopeKind::Block, None, None);
        let children = self.build.open(list);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let Some(name) = self.in_field(child, Field::Name) else { continue };
            let constraint = self.in_field(child, Field::Constraint);
            let bound = constraint.and_then(|bound| self.type_expression(bound, Role::Type));
            if let Some(default) = self.in_field(child, Field::Value) {
                self.type_expression(default, Role::Type);
            }
            self.bind_type_parameter(name, bound);
        }
        self.build.close(children);
    }

    /// Binds a type parameter; its values have the members of its bound.
    fn bind_type_parameter(&mut self, node: Node<'t>, bound: Option<ExpressionId>) {
        let name = self.build.name_of(node);
        let line = Builder::position(node).line;
        let binding = self.build.bind(name, BoundTo::Local, line);
        self.build.facts.bindings[binding].type_of = bound;
    }
}
