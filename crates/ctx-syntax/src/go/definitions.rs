//! Functions, methods, function literals, their parameters and results.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::{Builder, NewDefinition};

/// Who can see a name, by its first letter.
pub(super) fn visibility(name: &str) -> Visibility {
    if name.starts_with(char::is_uppercase) { Visibility::Public } else { Visibility::Package }
}

impl<'t> Walk<'_, 't> {
    /// A function or, with a receiver, a method.
    pub(super) fn function(&mut self, node: Node<'t>) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        if name_node.is_missing() {
            return self.each(node);
        }
        let receiver = self.in_field(node, Field::Receiver);
        let text = self.build.text_of(name_node);
        let parameters = self.in_field(node, Field::Parameters);
        let mut flags = DefinitionFlags::default();
        if receiver.is_none()
            && is_test(text, parameters.map_or(0, |list| list.named_child_count()))
        {
            flags.set(DefinitionFlags::TEST);
        }
        let new = NewDefinition {
            name: self.build.name(text),
            kind: match receiver {
                Some(_) => DefinitionKind::Method,
                None => DefinitionKind::Function,
            },
            name_node,
            whole: node,
            visibility: visibility(text),
            flags,
        };
        let id = match receiver {
            Some(_) => self.build.define_unbound(new),
            None => self.build.define(new),
        };
        let body = self.in_field(node, Field::Body);
        let doc = self.doc(node);
        let end = body.map_or(node.end_byte(), |body| body.start_byte());
        let signature = self.build.signature(node, end);
        let definition = self.build.definition_mut(id);
        definition.doc = doc;
        definition.signature = signature;
        self.function_parts(id, node, receiver, body);
    }

    /// A method of an interface.
    pub(super) fn interface_method(&mut self, node: Node<'t>, head: ScopeId) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        let text = self.build.text_of(name_node);
        let name = self.build.name(text);
        let id = self.build.define(NewDefinition {
            name,
            kind: DefinitionKind::Method,
            name_node,
            whole: node,
            visibility: visibility(text),
            flags: DefinitionFlags::ABSTRACT,
        });
        let doc = self.doc(node);
        let signature = self.build.signature(node, node.end_byte());
        let definition = self.build.definition_mut(id);
        definition.doc = doc;
        definition.signature = signature;
        // Members are seen only through a value: `Reader() Reader` names a type.
        let members = std::mem::replace(&mut self.build.scope, head);
        self.function_parts(id, node, None, None);
        self.build.scope = members;
    }

    /// The head and the body of a function that has a name.
    ///
    /// The types of its head stand in a scope of their own, which holds the type
    /// parameters: in `func get(url *url.URL)` the type is no parameter.
    fn function_parts(
        &mut self,
        id: DefinitionId,
        node: Node<'t>,
        receiver: Option<Node<'t>>,
        body: Option<Node<'t>>,
    ) {
        let outer_definition = self.build.definition.replace(id);
        let outer = self.enter_head(id);
        let received = receiver.and_then(|list| self.receiver(id, list));
        if let Some(list) = self.in_field(node, Field::TypeParameters) {
            self.type_parameters(list);
        }
        let head = self.build.enter_scope(ScopeKind::Function, Some(id), None);
        let receivers = u32::from(receiver.is_some());
        if let Some((name, type_of)) = received {
            self.bind_typed(name, BoundTo::Parameter(0), type_of);
        }
        let parameters = match self.in_field(node, Field::Parameters) {
            Some(list) => self.parameters(list, head, receivers) - receivers,
            None => 0,
        };
        let results = self.in_field(node, Field::Result);
        let returned = results.and_then(|result| self.results(result, head));
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

    /// Opens the scope of a definition's head: its type parameters, and the
    /// types that it names outside its body.
    pub(super) fn enter_head(&mut self, id: DefinitionId) -> ScopeId {
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        let head = self.build.scope as usize;
        self.build.facts.scopes[head].definition = Some(id);
        outer
    }

    /// `(s *Stack[T])`: sets the owner, declares the type parameters; gives the
    /// receiver's name and type.
    fn receiver(
        &mut self,
        id: DefinitionId,
        list: Node<'t>,
    ) -> Option<(Option<Node<'t>>, Option<ExpressionId>)> {
        let declaration = list.named_child(0)?;
        let name = self.in_field(declaration, Field::Name);
        let mut of = self.in_field(declaration, Field::Type)?;
        // Pointers and parentheses do not nest deeply in anything that compiles.
        for _ in 0..4 {
            match self.kind(of) {
                Kind::PointerType | Kind::ParenthesizedType => of = of.named_child(0)?,
                Kind::GenericType => {
                    if let Some(arguments) = self.in_field(of, Field::TypeArguments) {
                        self.receiver_type_parameters(arguments);
                    }
                    of = self.in_field(of, Field::Type)?;
                }
                _ => break,
            }
        }
        let owner = self.type_expression(of, Role::Type);
        self.build.definition_mut(id).owner = owner;
        Some((name, owner))
    }

    fn receiver_type_parameters(&mut self, arguments: Node<'t>) {
        let children = self.build.open(arguments);
        for index in children.clone() {
            let argument = self.build.child(index).node;
            let name = argument.named_child(0).unwrap_or(argument);
            self.bind_typed(Some(name), BoundTo::Local, None);
        }
        self.build.close(children);
    }

    /// `[K comparable, V any]`.
    pub(super) fn type_parameters(&mut self, list: Node<'t>) {
        let declarations = self.build.open(list);
        for index in declarations.clone() {
            let declaration = self.build.child(index).node;
            let constraint = self.in_field(declaration, Field::Type);
            let type_of = constraint.and_then(|ty| self.type_expression(ty, Role::Type));
            for name in self.all_in_field(declaration, Field::Name) {
                self.bind_typed(Some(name), BoundTo::Local, type_of);
            }
        }
        self.build.close(declarations);
    }

    /// Binds parameters in the current scope, from `place` on; their types stand
    /// in the scope `types`. Gives the place after the last.
    fn parameters(&mut self, list: Node<'t>, types: ScopeId, mut place: u32) -> u32 {
        let declarations = self.build.open(list);
        for index in declarations.clone() {
            let declaration = self.build.child(index).node;
            let type_of = self.parameter_type(declaration, types);
            let names = self.all_in_field(declaration, Field::Name);
            for &name in &names {
                self.bind_typed(Some(name), BoundTo::Parameter(place), type_of);
                place += 1;
            }
            place += u32::from(names.is_empty());
        }
        self.build.close(declarations);
        place
    }

    fn parameter_type(&mut self, declaration: Node<'t>, types: ScopeId) -> Option<ExpressionId> {
        let node = self.in_field(declaration, Field::Type)?;
        let inner = std::mem::replace(&mut self.build.scope, types);
        let mut type_of = self.type_expression(node, Role::Type);
        if self.kind(declaration) == Kind::VariadicParameterDeclaration {
            type_of = Some(self.container(LiteralKind::List, &[type_of], declaration));
        }
        self.build.scope = inner;
        type_of
    }

    /// Binds named results; gives what the function returns. Several results
    /// are a tuple.
    fn results(&mut self, node: Node<'t>, types: ScopeId) -> Option<ExpressionId> {
        if self.kind(node) != Kind::ParameterList {
            let inner = std::mem::replace(&mut self.build.scope, types);
            let type_of = self.type_expression(node, Role::Type);
            self.build.scope = inner;
            return type_of;
        }
        let mut results = Vec::new();
        let declarations = self.build.open(node);
        for index in declarations.clone() {
            let declaration = self.build.child(index).node;
            let type_of = self.parameter_type(declaration, types);
            let names = self.all_in_field(declaration, Field::Name);
            for &name in &names {
                self.bind_typed(Some(name), BoundTo::Local, type_of);
            }
            results.extend(std::iter::repeat_n(type_of, names.len().max(1)));
        }
        self.build.close(declarations);
        match results[..] {
            [] => None,
            [only] => only,
            _ => Some(self.container(LiteralKind::Tuple, &results, node)),
        }
    }

    /// A function literal; gives the expression that stands for it.
    pub(super) fn lambda(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let name = self.lambda_name();
        let id = self.build.define_unbound(NewDefinition {
            name,
            kind: DefinitionKind::Lambda,
            name_node: node,
            whole: node,
            visibility: Visibility::Private,
            flags: DefinitionFlags::default(),
        });
        let body = self.in_field(node, Field::Body);
        let end = body.map_or(node.end_byte(), |body| body.start_byte());
        let signature = self.build.signature(node, end);
        self.build.definition_mut(id).signature = signature;
        let shadowings = std::mem::replace(&mut self.own.shadowings, 0);
        self.function_parts(id, node, None, body);
        self.own.shadowings = shadowings;
        Some(self.build.expression(ExpressionKind::Definition(id), role, node))
    }

    /// The next lambda's name, counted by function, not by block, so that it is
    /// the only one of its name there.
    fn lambda_name(&mut self) -> NameId {
        let inner = self.build.scope;
        while self.build.scope_kind() == ScopeKind::Block {
            let scope = self.build.facts.scopes[self.build.scope as usize];
            self.build.scope = scope.parent.unwrap_or(0);
        }
        let name = self.build.next_lambda_name();
        self.build.scope = inner;
        name
    }

    /// Binds the name at a node, unless it is blank.
    pub(super) fn bind_typed(
        &mut self,
        node: Option<Node<'t>>,
        to: BoundTo,
        type_of: Option<ExpressionId>,
    ) {
        let Some(node) = node.filter(|node| !self.is_nameless(*node)) else { return };
        let name = self.build.name_of(node);
        let binding = self.build.bind(name, to, Builder::position(node).line);
        self.build.facts.bindings[binding].type_of = type_of;
    }
}

/// Whether `go test` runs a function of this name and number of parameters.
fn is_test(name: &str, parameters: usize) -> bool {
    let named = |prefix: &str| {
        name.strip_prefix(prefix).is_some_and(|rest| !rest.starts_with(char::is_lowercase))
    };
    match parameters {
        0 => named("Example"),
        1 => named("Test") || named("Benchmark") || named("Fuzz"),
        _ => false,
    }
}
