//! Parameters and bodies of methods, constructors and lambdas.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::NewDefinition;

/// A parameter of a function or a component of a record.
pub(super) struct Parameter<'t> {
    pub(super) name: Node<'t>,
    pub(super) type_of: Option<ExpressionId>,
    pub(super) annotations: Vec<ExpressionId>,
}

impl<'t> Walk<'_, 't> {
    /// The head and the body of a method or constructor.
    pub(super) fn function_parts(
        &mut self,
        id: DefinitionId,
        node: Node<'t>,
        body: Option<Node<'t>>,
    ) {
        let outer_definition = self.build.definition.replace(id);
        let outer = self.build.enter_scope(ScopeKind::Function, Some(id), None);
        if let Some(list) = self.in_field(node, Field::TypeParameters) {
            self.type_parameters(list);
        }
        let returned = self.declared_type(node).map(|ty| self.with_dimensions(node, ty));
        let mut parameters = 0;
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::FormalParameters => parameters = self.parameters(child),
                Kind::Throws => {
                    self.types(child);
                }
                _ => {}
            }
        }
        self.build.close(children);
        // The default of an annotation's element.
        if let Some(value) = self.in_field(node, Field::Value) {
            self.expression(value, Role::Read);
        }
        let definition = self.build.definition_mut(id);
        definition.type_of = returned;
        definition.complexity.parameters = parameters;
        if let Some(body) = body {
            self.build.enter_function(id);
            self.statements(body);
            self.build.leave_function();
        }
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
    }

    /// Binds parameters; gives their number.
    fn parameters(&mut self, list: Node<'t>) -> u32 {
        let mut place = 0;
        let children = self.build.open(list);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let (name, type_of) = match self.kind(child) {
                Kind::Identifier | Kind::UnderscorePattern => (child, None),
                _ => match self.parameter(child) {
                    Some(parameter) => (parameter.name, parameter.type_of),
                    None => continue,
                },
            };
            self.bind_as(BoundTo::Parameter(place), name, type_of);
            place += 1;
        }
        self.build.close(children);
        place
    }

    /// What a parameter says; none for a receiver, which is only written to be
    /// annotated.
    pub(super) fn parameter(&mut self, node: Node<'t>) -> Option<Parameter<'t>> {
        let annotations = self.annotations_in(node);
        match self.kind(node) {
            Kind::FormalParameter => {
                let name = self.in_field(node, Field::Name)?;
                let type_of = self.declared_type(node).map(|ty| self.with_dimensions(node, ty));
                Some(Parameter { name, type_of, annotations })
            }
            Kind::SpreadParameter => {
                let mut name = None;
                let mut type_of = None;
                let children = self.build.open(node);
                for index in children.clone() {
                    let child = self.build.child(index).node;
                    match self.kind(child) {
                        Kind::Modifiers | Kind::Annotation | Kind::MarkerAnnotation => {}
                        Kind::VariableDeclarator => name = self.in_field(child, Field::Name),
                        _ => type_of = self.type_expression(child, Role::Type),
                    }
                }
                self.build.close(children);
                let type_of = type_of.map(|element| self.list_of(element, node));
                Some(Parameter { name: name?, type_of, annotations })
            }
            Kind::ReceiverParameter => {
                let children = self.build.open(node);
                for index in children.clone() {
                    let child = self.build.child(index).node;
                    if !matches!(
                        self.kind(child),
                        Kind::This | Kind::Annotation | Kind::MarkerAnnotation
                    ) {
                        self.type_expression(child, Role::Type);
                    }
                }
                self.build.close(children);
                None
            }
            _ => None,
        }
    }

    /// A lambda; gives the expression that stands for it.
    pub(super) fn lambda(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        self.comments_in(node);
        let name = self.lambda_name();
        let id = self.build.define_unbound(NewDefinition {
            name,
            kind: DefinitionKind::Lambda,
            name_node: node,
            whole: node,
            visibility: Visibility::Private,
            flags: DefinitionFlags::default(),
        });
        let outer_definition = self.build.definition.replace(id);
        let outer = self.build.enter_scope(ScopeKind::Function, Some(id), None);
        let list = self.in_field(node, Field::Parameters);
        let parameters = match list.map(|list| (list, self.kind(list))) {
            Some((name, Kind::Identifier | Kind::UnderscorePattern)) => {
                self.bind_as(BoundTo::Parameter(0), name, None);
                1
            }
            Some((list, _)) => self.parameters(list),
            None => 0,
        };
        let signature =
            self.build.signature(node, list.map_or(node.start_byte(), |list| list.end_byte()));
        let definition = self.build.definition_mut(id);
        definition.signature = signature;
        definition.complexity.parameters = parameters;
        self.build.enter_function(id);
        match self.in_field(node, Field::Body) {
            Some(body) if self.kind(body) == Kind::Block => self.statements(body),
            Some(body) => {
                if let Some(value) = self.expression(body, Role::Read) {
                    self.build.returns(value);
                }
            }
            None => {}
        }
        self.build.leave_function();
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
        Some(self.build.expression(ExpressionKind::Definition(id), role, node))
    }
}
