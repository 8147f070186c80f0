//! Types where they are written, and type parameters.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::Builder;

/// Arrays of more dimensions than this are not taken apart: hostile text writes
/// them without end.
const MOST_DIMENSIONS: usize = 255;

impl<'t> Walk<'_, 't> {
    /// `<T extends A & B, U>`: binds the names in the current scope.
    pub(super) fn type_parameters(&mut self, list: Node<'t>) {
        let parameters = self.build.open(list);
        for index in parameters.clone() {
            let parameter = self.build.child(index).node;
            let mut binding: Option<usize> = None;
            let parts = self.build.open(parameter);
            for index in parts.clone() {
                let part = self.build.child(index).node;
                match self.kind(part) {
                    Kind::Annotation | Kind::MarkerAnnotation => {
                        self.annotation(part);
                    }
                    Kind::TypeBound => {
                        let bound = self.types(part).into_iter().next();
                        if let Some(binding) = binding {
                            self.build.facts.bindings[binding].type_of = bound;
                        }
                    }
                    Kind::TypeIdentifier if !part.is_missing() => {
                        let name = self.build.name_of(part);
                        let line = Builder::position(part).line;
                        binding = Some(self.build.bind(name, BoundTo::Local, line));
                    }
                    _ => {}
                }
            }
            self.build.close(parts);
        }
        self.build.close(parameters);
    }

    /// The types among a node's children.
    pub(super) fn types(&mut self, node: Node<'t>) -> Vec<ExpressionId> {
        let mut types = Vec::new();
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let ty = self.type_expression(child, Role::Type);
            types.push(ty.unwrap_or_else(|| self.unknown(child)));
        }
        self.build.close(children);
        types
    }

    /// The declared type in a node's field; none for `var`.
    pub(super) fn declared_type(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        self.in_field(node, Field::Type).and_then(|ty| self.type_expression(ty, Role::Type))
    }

    /// A type, where one is written; `role` is that of the type's own name.
    pub(super) fn type_expression(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let id = self.type_within(node, role);
        self.build.ascend();
        id
    }

    fn type_within(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let built_in = |walk: &mut Self, kind| {
            Some(walk.build.expression(ExpressionKind::Literal(kind), Role::Type, node))
        };
        match self.kind(node) {
            Kind::TypeIdentifier if matches!(self.build.text_of(node), "" | "var") => None,
            Kind::Identifier if node.is_missing() => None,
            Kind::TypeIdentifier | Kind::Identifier => {
                let name = self.build.name_of(node);
                Some(self.build.expression(ExpressionKind::Name(name), role, node))
            }
            Kind::IntegralType | Kind::FloatingPointType => {
                let kind = match self.build.text_of(node) {
                    "byte" => LiteralKind::Byte,
                    "short" => LiteralKind::Short,
                    "int" => LiteralKind::Integer,
                    "long" => LiteralKind::Long,
                    "char" => LiteralKind::Character,
                    "float" => LiteralKind::Float,
                    _ => LiteralKind::Double,
                };
                built_in(self, kind)
            }
            Kind::BooleanType => built_in(self, LiteralKind::Boolean),
            Kind::VoidType => None,
            Kind::ScopedTypeIdentifier => self.scoped_type(node, role),
            Kind::GenericType => self.generic_type(node, role),
            Kind::ArrayType => {
                let element_node = self.in_field(node, Field::Element)?;
                let element = self.type_expression(element_node, role);
                let element = element.unwrap_or_else(|| self.unknown(element_node));
                Some(self.with_dimensions(node, element))
            }
            Kind::AnnotatedType | Kind::Wildcard => {
                let mut ty = None;
                let children = self.build.open(node);
                for index in children.clone() {
                    let child = self.build.child(index).node;
                    match self.kind(child) {
                        Kind::Annotation | Kind::MarkerAnnotation => {
                            self.annotation(child);
                        }
                        Kind::Super => {}
                        _ => ty = self.type_expression(child, role),
                    }
                }
                self.build.close(children);
                ty
            }
            Kind::CatchType => self.types(node).into_iter().reduce(|left, right| {
                let kind = ExpressionKind::Either(left, right);
                self.build.expression(kind, Role::Type, node)
            }),
            _ => self.expression(node, role),
        }
    }

    /// `a.b.C`: the last name has the role, those before it are read.
    fn scoped_type(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let mut scope = None;
        let children = self.build.open(node);
        for (place, index) in children.clone().enumerate() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::Annotation | Kind::MarkerAnnotation => {
                    self.annotation(child);
                }
                _ if place == 0 => scope = self.type_expression(child, Role::Read),
                Kind::TypeIdentifier if !child.is_missing() => {
                    let object = scope.unwrap_or_else(|| self.unknown(child));
                    let name = self.build.name_of(child);
                    let kind = ExpressionKind::Member(object, name);
                    scope = Some(self.build.expression(kind, role, child));
                }
                _ => {}
            }
        }
        self.build.close(children);
        scope
    }

    fn generic_type(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let mut base = None;
        let mut arguments = Vec::new();
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::TypeArguments => arguments = self.types(child),
                _ => base = self.type_expression(child, role),
            }
        }
        self.build.close(children);
        // `new Box<>()` says no more than its base.
        if arguments.is_empty() { base } else { Some(self.generic(base?, arguments, node)) }
    }

    fn generic(
        &mut self,
        base: ExpressionId,
        arguments: Vec<ExpressionId>,
        node: Node<'t>,
    ) -> ExpressionId {
        let id = self.build.expression(ExpressionKind::Generic(base), Role::Type, node);
        for value in arguments {
            self.build.argument(id, None, value);
        }
        id
    }

    /// The type with the array dimensions that a node has in fields of that name.
    pub(super) fn with_dimensions(
        &mut self,
        node: Node<'t>,
        mut element: ExpressionId,
    ) -> ExpressionId {
        let mut dimensions = 0;
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            if self.field(child.field) == Field::Dimensions {
                dimensions += self.build.text_of(child.node).matches('[').count();
            }
        }
        self.build.close(children);
        for _ in 0..dimensions.min(MOST_DIMENSIONS) {
            element = self.list_of(element, node);
        }
        element
    }

    /// The type of an array of these elements.
    pub(super) fn list_of(&mut self, element: ExpressionId, node: Node<'t>) -> ExpressionId {
        let list = ExpressionKind::Literal(LiteralKind::List);
        let list = self.build.expression(list, Role::Type, node);
        self.generic(list, vec![element], node)
    }
}
