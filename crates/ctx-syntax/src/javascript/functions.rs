//! Functions, methods, lambdas, their parameters.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::{Declared, Head};
use super::patterns::{Given, Target};
use super::{Field, Kind, Walk};
use crate::builder::{Builder, NewDefinition};

/// What `this` is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum This {
    /// Outside any class or object.
    Free,
    /// A value of this class, whose fields assignments define.
    Class(DefinitionId),
    /// The class, object or prototype whose scope the function stands in.
    Object,
    /// Whatever the caller of a plain function inside one of these gives it.
    Lost,
}

impl<'t> Walk<'_, 't> {
    /// Whether a node is a function expression.
    pub(super) fn is_function(&self, node: Node<'t>) -> bool {
        matches!(
            self.kind(node),
            Kind::ArrowFunction | Kind::FunctionExpression | Kind::GeneratorFunction
        )
    }

    /// What `this` is inside a function expression that is no method.
    pub(super) fn this_inside(&self, function: Node<'t>) -> This {
        match self.own.this {
            this if self.kind(function) == Kind::ArrowFunction => this,
            This::Free => This::Free,
            _ => This::Lost,
        }
    }

    /// A function declaration; it rises to the function around it.
    pub(super) fn function_declaration(&mut self, node: Node<'t>, head: Head<'t>) {
        let Some(name) = self.in_field(node, Field::Name) else { return };
        let this = if self.own.this == This::Free { This::Free } else { This::Lost };
        let inner = self.build.scope;
        self.build.scope = self.hoisting_scope();
        self.function(DefinitionKind::Function, name, node, head, None, this, inner);
        self.build.scope = inner;
    }

    /// Defines a function in the current scope and walks it; its own scope lies
    /// in `inner`. An overload joins the definition before it.
    #[expect(clippy::too_many_arguments, reason = "each caller knows all of these, none groups")]
    pub(super) fn function(
        &mut self,
        kind: DefinitionKind,
        name: Node<'t>,
        node: Node<'t>,
        head: Head<'t>,
        visibility: Option<Visibility>,
        this: This,
        inner: ScopeId,
    ) -> DefinitionId {
        let body = self.in_field(node, Field::Body);
        let mut flags = self.function_flags(node);
        if body.is_none() {
            flags.set(DefinitionFlags::ABSTRACT);
        }
        let id = match self.overloaded(name) {
            Some(id) => {
                let end_line = crate::builder::last_line(head.whole);
                let definition = self.build.definition_mut(id);
                definition.end_line = end_line;
                if body.is_some() {
                    definition.flags.0 &= !DefinitionFlags::ABSTRACT.0;
                    definition.flags.set(flags);
                }
                id
            }
            None => {
                let end = body.map_or(node.end_byte(), |body| body.start_byte());
                let head = head.with(flags);
                self.declare(Declared { kind, name, head, end, visibility })
            }
        };
        let scope = self.build.scope;
        self.build.scope = inner;
        self.function_parts(id, node, this);
        self.build.scope = scope;
        id
    }

    /// The function without a body that this name already stands for here.
    fn overloaded(&mut self, name: Node<'t>) -> Option<DefinitionId> {
        let name = self.name_node(name);
        let name = self.build.name_of(name);
        let Some(&BoundTo::Definition(id)) = self.own.bound.get(&(self.build.scope, name)) else {
            return None;
        };
        let definition = &self.build.facts.definitions[id as usize];
        let waits = definition.kind.is_function()
            && definition.flags.has(DefinitionFlags::ABSTRACT)
            && !definition.flags.has(DefinitionFlags::PROPERTY);
        waits.then_some(id)
    }

    fn function_flags(&self, node: Node<'t>) -> DefinitionFlags {
        let mut flags = DefinitionFlags::default();
        if matches!(self.kind(node), Kind::GeneratorFunction | Kind::GeneratorDeclaration) {
            flags.set(DefinitionFlags::GENERATOR);
        }
        let first = node.child(0).filter(|first| !first.is_named());
        if first.is_some_and(|first| first.kind() == "async") {
            flags.set(DefinitionFlags::ASYNC);
        }
        flags
    }

    /// Walks types, parameters and body of a function in the current scope.
    pub(super) fn function_parts(&mut self, id: DefinitionId, node: Node<'t>, this: This) {
        let outer_this = std::mem::replace(&mut self.own.this, this);
        let outer_definition = self.build.definition.replace(id);
        let outer = self.build.scope;
        self.type_parameters(node);
        // Types are read outside the parameters: a parameter may bear the name
        // of its type.
        let types = self.build.scope;
        let annotation = self.in_field(node, Field::ReturnType);
        let returned = annotation.and_then(|ty| self.type_expression(ty, Role::Type));
        let definition = self.build.definition_mut(id);
        definition.type_of = definition.type_of.or(returned);
        if let Some(body) = self.in_field(node, Field::Body) {
            self.build.enter_scope(ScopeKind::Function, Some(id), None);
            self.build.enter_function(id);
            self.bind_own_name(id, node);
            self.parameters(id, node, types);
            if self.kind(body) == Kind::StatementBlock {
                self.statements(body);
            } else if let Some(value) = self.expression(body, Role::Read) {
                self.build.returns(value);
            }
            self.build.leave_function();
        } else if let Some(parameters) = self.in_field(node, Field::Parameters) {
            let count = self.parameter_types(parameters);
            let complexity = &mut self.build.definition_mut(id).complexity;
            complexity.parameters = complexity.parameters.max(count);
        }
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
        self.own.this = outer_this;
    }

    /// A function expression's own name is known inside it.
    fn bind_own_name(&mut self, id: DefinitionId, node: Node<'t>) {
        if matches!(self.kind(node), Kind::FunctionExpression | Kind::GeneratorFunction)
            && let Some(name) = self.in_field(node, Field::Name)
        {
            let line = Builder::position(name).line;
            let name = self.build.name_of(name);
            self.build.bind(name, BoundTo::Definition(id), line);
        }
    }

    fn parameters(&mut self, id: DefinitionId, node: Node<'t>, types: ScopeId) {
        if let Some(single) = self.in_field(node, Field::Parameter) {
            let given = Given { value: None, through: Through::Itself, type_of: None };
            self.pattern(single, Target::Parameter(0), given, Head::plain(single));
            self.build.definition_mut(id).complexity.parameters = 1;
        }
        let Some(list) = self.in_field(node, Field::Parameters) else { return };
        let children = self.build.open(list);
        let mut place = 0;
        for index in children.clone() {
            let child = self.build.child(index).node;
            let typed =
                matches!(self.kind(child), Kind::RequiredParameter | Kind::OptionalParameter);
            if !typed {
                let given = Given { value: None, through: Through::Itself, type_of: None };
                self.pattern(child, Target::Parameter(place), given, Head::plain(child));
                place += 1;
            } else if self.typed_parameter(child, place, types) {
                place += 1;
            }
        }
        self.build.close(children);
        self.build.definition_mut(id).complexity.parameters = place;
    }

    /// A parameter of TypeScript; false for `this`, which is none.
    fn typed_parameter(&mut self, node: Node<'t>, place: u32, types: ScopeId) -> bool {
        let inner = self.build.scope;
        self.build.scope = types;
        let annotation = self.in_field(node, Field::Type);
        let type_of = annotation.and_then(|ty| self.type_expression(ty, Role::Type));
        self.build.scope = inner;
        let Some(pattern) = self.in_field(node, Field::Pattern) else { return false };
        if self.kind(pattern) == Kind::This {
            return false;
        }
        self.parameter_decorators(node);
        let default = self.in_field(node, Field::Value);
        let value = default.and_then(|value| self.expression(value, Role::Read));
        let given = Given { value, through: Through::Itself, type_of };
        self.pattern(pattern, Target::Parameter(place), given, Head::plain(node));
        self.parameter_property(node, pattern, given);
        true
    }

    fn parameter_decorators(&mut self, node: Node<'t>) {
        if !node.child(0).is_some_and(|first| self.kind(first) == Kind::Decorator) {
            return;
        }
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) == Kind::Decorator {
                self.decorator(child);
            }
        }
        self.build.close(children);
    }

    /// `constructor(private name: T)` declares a field, too.
    fn parameter_property(&mut self, node: Node<'t>, pattern: Node<'t>, given: Given) {
        let This::Class(class) = self.own.this else { return };
        let Some(function) = self.build.function() else { return };
        let kind = self.build.facts.definitions[function as usize].kind;
        if kind != DefinitionKind::Constructor || self.kind(pattern) != Kind::Identifier {
            return;
        }
        let words = self.build.text.get(node.start_byte()..pattern.start_byte()).unwrap_or("");
        let mut visibility = None;
        for word in words.split_ascii_whitespace() {
            match word {
                "private" => visibility = Some(Visibility::Private),
                "protected" => visibility = Some(Visibility::Protected),
                "public" | "readonly" | "override" => {
                    visibility = visibility.or(Some(Visibility::Public));
                }
                _ => {}
            }
        }
        let Some(visibility) = visibility else { return };
        let id = self.define_field(class, pattern, Head::plain(node), given.type_of);
        self.build.definition_mut(id).visibility = visibility;
        let definition = &self.build.facts.definitions[id as usize];
        let (scope, name, line) = (definition.scope, definition.name, definition.line);
        self.build.facts.bindings.push(Binding {
            scope,
            name,
            to: BoundTo::Definition(id),
            value: given.value,
            through: Through::Itself,
            type_of: given.type_of,
            line,
        });
    }

    /// A function in an expression; gives the expression that stands for it.
    pub(super) fn lambda(
        &mut self,
        node: Node<'t>,
        role: Role,
        flags: DefinitionFlags,
    ) -> Option<ExpressionId> {
        let own_name = self.in_field(node, Field::Name);
        let (name, name_node, kind) = match own_name {
            Some(name) => (self.build.name_of(name), name, DefinitionKind::Function),
            None => (self.build.next_lambda_name(), node, DefinitionKind::Lambda),
        };
        let mut all_flags = self.function_flags(node);
        all_flags.set(flags);
        let id = self.build.define_unbound(NewDefinition {
            name,
            kind,
            name_node,
            whole: node,
            visibility: Visibility::Private,
            flags: all_flags,
        });
        if own_name.is_some()
            && let Some(body) = self.in_field(node, Field::Body)
        {
            let signature = self.signature(node, body.start_byte());
            self.build.definition_mut(id).signature = signature;
        }
        let this = self.this_inside(node);
        self.function_parts(id, node, this);
        Some(self.build.expression(ExpressionKind::Definition(id), role, node))
    }
}
