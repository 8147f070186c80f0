//! Types, bounds and paths.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::Builder;

impl<'t> Walk<'_, 't> {
    /// Walks a type; `role` is that of its head.
    pub(super) fn type_expression(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let id = self.type_within(node, role);
        self.build.ascend();
        id
    }

    fn type_within(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        match self.kind(node) {
            Kind::TypeIdentifier | Kind::PrimitiveType | Kind::Identifier => {
                if self.build.text_of(node) == "_" {
                    return Some(self.unknown(node));
                }
                Some(self.name_use(node, role))
            }
            Kind::ScopedTypeIdentifier | Kind::ScopedIdentifier => self.path(node, role),
            Kind::GenericType | Kind::GenericTypeTurbofish => self.generic_type(node, role),
            Kind::ReferenceType | Kind::PointerType | Kind::HigherRankedBound => {
                self.type_expression(self.in_field(node, Field::Type)?, role)
            }
            Kind::DynamicType | Kind::AbstractType => {
                self.type_expression(self.in_field(node, Field::Trait)?, role)
            }
            Kind::RemovedTraitBound => {
                let inner = self.first(node)?;
                self.type_expression(inner, Role::Type);
                None
            }
            Kind::BoundedType => self.first_type(node, role),
            Kind::QualifiedType => self.qualified_type(node),
            Kind::BracketedType => {
                let inner = self.first(node)?;
                self.type_expression(inner, Role::Type)
            }
            Kind::TupleType => self.sequence_type(node, LiteralKind::Tuple),
            Kind::ArrayType => self.sequence_type(node, LiteralKind::List),
            Kind::UnitType => Some(self.literal(LiteralKind::Nothing, node)),
            Kind::FunctionType => Some(self.function_type(node)),
            Kind::MacroInvocation => self.expression(node, Role::Read),
            Kind::Lifetime | Kind::UseBounds | Kind::AttributeItem => None,
            Kind::Block
            | Kind::IntegerLiteral
            | Kind::StringLiteral
            | Kind::CharLiteral
            | Kind::BooleanLiteral => self.expression(node, Role::Read),
            _ => Some(self.unknown(node)),
        }
    }

    fn generic_type(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let base = self.type_expression(self.in_field(node, Field::Type)?, role)?;
        let mut arguments = Vec::new();
        if let Some(list) = self.in_field(node, Field::TypeArguments) {
            self.type_arguments(list, Some(base), &mut arguments);
        }
        let id = self.build.expression(ExpressionKind::Generic(base), Role::Read, node);
        for (keyword, value) in arguments {
            self.build.argument(id, keyword, value);
        }
        Some(id)
    }

    /// Type arguments. An associated type's (`Item = T`) has its name as keyword
    /// and is used as a member of `base`.
    pub(super) fn type_arguments(
        &mut self,
        list: Node<'t>,
        base: Option<ExpressionId>,
        arguments: &mut Vec<(Option<NameId>, ExpressionId)>,
    ) {
        let children = self.build.open(list);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) != Kind::TypeBinding {
                let value = self.type_expression(child, Role::Type);
                arguments.extend(value.map(|value| (None, value)));
                continue;
            }
            let name_node = self.in_field(child, Field::Name);
            let keyword = name_node.map(|name| self.build.name_of(name));
            if let (Some(base), Some(name), Some(node)) = (base, keyword, name_node) {
                self.build.expression(ExpressionKind::Member(base, name), Role::Type, node);
            }
            let value = self.in_field(child, Field::Type);
            let value = value.and_then(|value| self.type_expression(value, Role::Type));
            arguments.extend(value.map(|value| (keyword, value)));
        }
        self.build.close(children);
    }

    /// A tuple, slice or array: its elements are its arguments.
    fn sequence_type(&mut self, node: Node<'t>, kind: LiteralKind) -> Option<ExpressionId> {
        let mut elements = Vec::new();
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            if self.field(child.field) == Field::Length {
                self.expression(child.node, Role::Read);
            } else {
                elements.extend(self.type_expression(child.node, Role::Type));
            }
        }
        self.build.close(children);
        let base = self.literal(kind, node);
        let id = self.build.expression(ExpressionKind::Generic(base), Role::Read, node);
        for element in elements {
            self.build.argument(id, None, element);
        }
        Some(id)
    }

    /// `A + B`: the first is the type, the others are used too.
    fn first_type(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let mut first = None;
        let children = self.build.open(node);
        for index in children.clone() {
            let id = self.type_expression(self.build.child(index).node, role);
            first = first.or(id);
        }
        self.build.close(children);
        first
    }

    /// `<T as Trait>`: a member of it is T's or the trait's.
    fn qualified_type(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let ty = self.type_expression(self.in_field(node, Field::Type)?, Role::Type)?;
        let alias = self.in_field(node, Field::Alias)?;
        let Some(alias) = self.type_expression(alias, Role::Type) else { return Some(ty) };
        Some(self.build.expression(ExpressionKind::Either(ty, alias), Role::Read, node))
    }

    /// `fn(A) -> B`, `Fn(A) -> B`: only its parts are used.
    fn function_type(&mut self, node: Node<'t>) -> ExpressionId {
        if let Some(function_trait) = self.in_field(node, Field::Trait) {
            self.type_expression(function_trait, Role::Type);
        }
        if let Some(parameters) = self.in_field(node, Field::Parameters) {
            let children = self.build.open(parameters);
            for index in children.clone() {
                let child = self.build.child(index).node;
                // `fn(name: A)` may name its parameters.
                let ty = self.in_field(child, Field::Type);
                let ty = ty.filter(|_| self.kind(child) == Kind::Parameter).unwrap_or(child);
                self.type_expression(ty, Role::Type);
            }
            self.build.close(children);
        }
        if let Some(returned) = self.in_field(node, Field::ReturnType) {
            self.type_expression(returned, Role::Type);
        }
        self.unknown(node)
    }

    /// Walks bounds (`: A + B`); gives the first.
    pub(super) fn bounds(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let mut first = None;
        self.each_bound(node, role, |bound| {
            first.get_or_insert(bound);
        });
        first
    }

    /// Walks bounds and hands each that is a trait to `each`.
    pub(super) fn each_bound(
        &mut self,
        node: Node<'t>,
        role: Role,
        mut each: impl FnMut(ExpressionId),
    ) {
        let children = self.build.open(node);
        for index in children.clone() {
            if let Some(bound) = self.type_expression(self.build.child(index).node, role) {
                each(bound);
            }
        }
        self.build.close(children);
    }

    /// Walks a `where` clause. The first bound of a type parameter that had none
    /// becomes its type.
    pub(super) fn where_clause(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let clause = self.build.child(index).node;
            if self.kind(clause) == Kind::WhereClause {
                self.where_predicates(clause);
            }
        }
        self.build.close(children);
    }

    fn where_predicates(&mut self, clause: Node<'t>) {
        let children = self.build.open(clause);
        for index in children.clone() {
            let predicate = self.build.child(index).node;
            let left = self.in_field(predicate, Field::Left);
            let bounded = left.and_then(|left| self.type_expression(left, Role::Type));
            let bounds = self.in_field(predicate, Field::Bounds);
            let bound = bounds.and_then(|bounds| self.bounds(bounds, Role::Type));
            if let (Some(bounded), Some(bound)) = (bounded, bound)
                && let ExpressionKind::Name(name) =
                    self.build.facts.expressions[bounded as usize].kind
            {
                self.bound_parameter(name, bound);
            }
        }
        self.build.close(children);
    }

    fn bound_parameter(&mut self, name: NameId, bound: ExpressionId) {
        let scope = self.build.scope;
        // Type parameters were bound a few names ago, if this is one at all.
        let parameter = self.build.facts.bindings.iter_mut().rev().take(32).find(|binding| {
            binding.scope == scope && binding.name == name && binding.to == BoundTo::Local
        });
        if let Some(parameter) = parameter {
            parameter.type_of.get_or_insert(bound);
        }
    }

    // --- names and paths ----------------------------------------------------

    /// A use of the name that a node spells.
    pub(super) fn name_use(&mut self, node: Node<'t>, role: Role) -> ExpressionId {
        let name = self.build.name_of(node);
        self.build.expression(ExpressionKind::Name(name), role, node)
    }

    /// A name or a path.
    pub(super) fn name_or_path(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        match self.kind(node) {
            Kind::ScopedIdentifier | Kind::ScopedTypeIdentifier => self.path(node, role),
            Kind::Metavariable => Some(self.metavariable(node)),
            _ => Some(self.name_use(node, role)),
        }
    }

    /// `a::B::c` as a member of a member; `role` is that of the last name.
    pub(super) fn path(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let start = self.own.segments.len();
        let mut at = Some(node);
        let mut head = None;
        while let Some(path) = at {
            if !matches!(self.kind(path), Kind::ScopedIdentifier | Kind::ScopedTypeIdentifier) {
                head = Some(path);
                break;
            }
            self.own.segments.extend(self.in_field(path, Field::Name));
            at = self.in_field(path, Field::Path);
        }
        let mut value = head.and_then(|head| self.path_head(head));
        if head.is_some() && value.is_none() {
            value = head.map(|head| self.unknown(head));
        }
        while self.own.segments.len() > start {
            let Some(segment) = self.own.segments.pop() else { break };
            let name = self.build.name_of(segment);
            let last = self.own.segments.len() == start;
            let role = if last { role } else { segment_role(self.build.text_of(segment)) };
            let kind = match value {
                None => ExpressionKind::Name(name),
                Some(object) => ExpressionKind::Member(object, name),
            };
            value = Some(self.build.expression(kind, role, segment));
        }
        value
    }

    fn path_head(&mut self, head: Node<'t>) -> Option<ExpressionId> {
        match self.kind(head) {
            Kind::GenericType | Kind::GenericTypeTurbofish | Kind::BracketedType => {
                self.type_expression(head, Role::Type)
            }
            Kind::Metavariable => Some(self.metavariable(head)),
            _ => {
                let role = segment_role(self.build.text_of(head));
                Some(self.name_use(head, role))
            }
        }
    }

    /// `$crate` is the crate of the macro; another variable stands for anything.
    pub(super) fn metavariable(&mut self, node: Node<'t>) -> ExpressionId {
        if self.build.text_of(node) != "$crate" {
            return self.unknown(node);
        }
        let name = self.build.name("crate");
        let id = self.build.expression(ExpressionKind::Name(name), Role::Read, node);
        let mut at = Builder::position(node);
        at.column += 1;
        self.build.facts.expressions[id as usize].at = at;
        id
    }
}

/// The role of a segment that others follow: by convention, types begin with a
/// capital and modules do not.
pub(super) fn segment_role(text: &str) -> Role {
    if begins_with_capital(text) { Role::Type } else { Role::Read }
}

/// Whether a name begins with a capital, as types, variants and constants do.
pub(super) fn begins_with_capital(text: &str) -> bool {
    text.trim_start_matches(['_', '#']).starts_with(char::is_uppercase)
}
