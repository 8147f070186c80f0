//! Classes, functions, lambdas, their parameters and decorators.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::{Builder, NewDefinition};

/// Who can see a name, by Python's underscore convention.
pub(super) fn visibility(name: &str) -> Visibility {
    let dunder = name.starts_with("__") && name.ends_with("__");
    if name.starts_with('_') && !dunder { Visibility::Private } else { Visibility::Public }
}

impl<'t> Walk<'_, 't> {
    /// A definition behind its decorators.
    pub(super) fn decorated(&mut self, node: Node<'t>) {
        let Some(definition) = self.in_field(node, Field::Definition) else { return };
        match self.kind(definition) {
            Kind::ClassDefinition => self.class(definition, node),
            _ => self.function(definition, node),
        }
    }

    /// The decorators of a definition, as expressions, and what they say of it.
    fn decorators(&mut self, whole: Node<'t>) -> (Vec<ExpressionId>, DefinitionFlags) {
        let mut flags = DefinitionFlags::default();
        let mut annotations = Vec::new();
        if self.kind(whole) != Kind::DecoratedDefinition {
            return (annotations, flags);
        }
        let children = self.build.open(whole);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) != Kind::Decorator {
                continue;
            }
            let Some(expression) = child.named_child(0) else { continue };
            let text = self.build.text_of(expression);
            let head = text.split('(').next().unwrap_or(text);
            match head.rsplit('.').next().unwrap_or(head) {
                "staticmethod" => flags.set(DefinitionFlags::STATIC),
                "classmethod" => flags.set(DefinitionFlags::CLASS_METHOD),
                "property" | "cached_property" | "setter" | "getter" | "deleter" => {
                    flags.set(DefinitionFlags::PROPERTY);
                }
                "abstractmethod" | "abstractproperty" => flags.set(DefinitionFlags::ABSTRACT),
                "fixture" if head.contains("pytest") => flags.set(DefinitionFlags::TEST),
                _ => {}
            }
            annotations.extend(self.expression(expression, Role::Annotation));
        }
        self.build.close(children);
        (annotations, flags)
    }

    /// A class; `whole` is the definition with its decorators.
    pub(super) fn class(&mut self, node: Node<'t>, whole: Node<'t>) {
        let (Some(name_node), Some(body)) =
            (self.in_field(node, Field::Name), self.in_field(node, Field::Body))
        else {
            return;
        };
        let (annotations, mut flags) = self.decorators(whole);
        let bases = self.bases(node);
        let text = self.build.text_of(name_node);
        if text.starts_with("Test") {
            flags.set(DefinitionFlags::TEST);
        }
        let name = self.build.name(text);
        let id = self.build.define(NewDefinition {
            name,
            kind: DefinitionKind::Class,
            name_node,
            whole,
            visibility: visibility(text),
            flags,
        });
        let (signature, doc) = self.head(node, body);
        let definition = self.build.definition_mut(id);
        definition.signature = signature;
        definition.doc = doc;
        definition.annotations = annotations;
        definition.bases = bases;

        let outer_definition = self.build.definition.replace(id);
        let outer = self.build.enter_scope(ScopeKind::Type, Some(id), None);
        self.body(body);
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
    }

    fn bases(&mut self, node: Node<'t>) -> Vec<BaseType> {
        let mut bases = Vec::new();
        let Some(list) = self.in_field(node, Field::Superclasses) else { return bases };
        let children = self.build.open(list);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) == Kind::KeywordArgument {
                if let Some(value) = self.in_field(child, Field::Value) {
                    self.expression(value, Role::Read);
                }
            } else if let Some(expression) = self.expression(child, Role::Base) {
                bases.push(BaseType { expression, implements: false });
            }
        }
        self.build.close(children);
        bases
    }

    /// A function or method; `whole` is the definition with its decorators.
    pub(super) fn function(&mut self, node: Node<'t>, whole: Node<'t>) {
        let (Some(name_node), Some(body)) =
            (self.in_field(node, Field::Name), self.in_field(node, Field::Body))
        else {
            return;
        };
        let (annotations, mut flags) = self.decorators(whole);
        let text = self.build.text_of(name_node);
        let in_class = self.build.scope_kind() == ScopeKind::Type;
        if text.starts_with("test") {
            flags.set(DefinitionFlags::TEST);
        }
        if self.build.text[node.start_byte()..].starts_with("async") {
            flags.set(DefinitionFlags::ASYNC);
        }
        let kind = match (in_class, text) {
            (true, "__init__" | "__new__") => DefinitionKind::Constructor,
            (true, _) => DefinitionKind::Method,
            (false, _) => DefinitionKind::Function,
        };
        let returned =
            self.in_field(node, Field::ReturnType).and_then(|ty| self.type_expression(ty));
        let name = self.build.name(text);
        let id = self.build.define(NewDefinition {
            name,
            kind,
            name_node,
            whole,
            visibility: visibility(text),
            flags,
        });
        let (signature, doc) = self.head(node, body);
        let definition = self.build.definition_mut(id);
        definition.signature = signature;
        definition.doc = doc;
        definition.annotations = annotations;
        definition.type_of = returned;
        self.function_body(id, self.in_field(node, Field::Parameters), body, in_class, flags);
    }

    fn function_body(
        &mut self,
        id: DefinitionId,
        parameters: Option<Node<'t>>,
        body: Node<'t>,
        in_class: bool,
        flags: DefinitionFlags,
    ) {
        let outer_class = self.own.class;
        let outer_receiver = self.own.receiver;
        let outer_definition = self.build.definition.replace(id);
        if in_class {
            self.own.class = outer_definition.filter(|_| !flags.has(DefinitionFlags::STATIC));
            self.own.receiver = None;
        }
        let outer = self.build.enter_scope(ScopeKind::Function, Some(id), None);
        self.build.enter_function(id);
        if let Some(parameters) = parameters {
            self.parameters(id, parameters, in_class && self.own.class.is_some());
        }
        self.body(body);
        self.build.leave_function();
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
        self.own.class = outer_class;
        self.own.receiver = outer_receiver;
    }

    /// Binds parameters; the first of a method is its receiver.
    pub(super) fn parameters(&mut self, id: DefinitionId, node: Node<'t>, receives: bool) {
        let children = self.build.open(node);
        let mut place = 0;
        for index in children.clone() {
            let child = self.build.child(index).node;
            let Some(name_node) = parameter_name(child) else { continue };
            let text = self.build.text_of(name_node);
            if place == 0 && receives {
                self.own.receiver = Some(text);
            }
            let name = self.build.name(text);
            // Types and defaults are evaluated outside the function.
            let inner = self.build.scope;
            self.build.scope = self.build.facts.scopes[inner as usize].parent.unwrap_or(0);
            let type_of = self.in_field(child, Field::Type).and_then(|ty| self.type_expression(ty));
            let value = self
                .in_field(child, Field::Value)
                .and_then(|value| self.expression(value, Role::Read));
            self.build.scope = inner;
            let line = Builder::position(name_node).line;
            let binding = self.build.bind(name, BoundTo::Parameter(place), line);
            let binding = &mut self.build.facts.bindings[binding];
            binding.value = value;
            binding.type_of = type_of;
            place += 1;
        }
        self.build.close(children);
        let receivers = u32::from(receives && place > 0);
        self.build.definition_mut(id).complexity.parameters = place - receivers;
    }

    /// A lambda; gives the expression that stands for it.
    pub(super) fn lambda(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        let name = self.build.next_lambda_name();
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
        self.build.enter_function(id);
        if let Some(parameters) = self.in_field(node, Field::Parameters) {
            self.parameters(id, parameters, false);
        }
        if let Some(body) = self.in_field(node, Field::Body)
            && let Some(value) = self.expression(body, Role::Read)
        {
            self.build.returns(value);
        }
        self.build.leave_function();
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
        Some(self.build.expression(ExpressionKind::Definition(id), role, node))
    }

    /// The signature and the doc string of a class or function.
    fn head(&mut self, node: Node<'t>, body: Node<'t>) -> (NameId, NameId) {
        // The body of a block starts behind the colon and any comment.
        let end = [Field::ReturnType, Field::Parameters, Field::Superclasses, Field::Name]
            .into_iter()
            .filter_map(|field| {
                let children = self.build.open(node);
                let found = children
                    .clone()
                    .map(|index| self.build.child(index))
                    .find(|child| self.field(child.field) == field);
                self.build.close(children);
                found
            })
            .map(|child| child.node.end_byte())
            .max()
            .unwrap_or(body.start_byte());
        let signature = self.build.signature(node, end);
        let doc = body
            .named_child(0)
            .filter(|first| self.kind(*first) == Kind::ExpressionStatement)
            .and_then(|first| first.named_child(0))
            .filter(|string| self.kind(*string) == Kind::String)
            .and_then(|string| self.string_content(string));
        let doc = doc.map_or(0, |doc| self.build.doc(doc));
        (signature, doc)
    }
}

/// The identifier of a parameter, whatever its form.
fn parameter_name(node: Node<'_>) -> Option<Node<'_>> {
    let mut at = node;
    for _ in 0..4 {
        if at.kind() == "identifier" {
            return Some(at);
        }
        at = at.child_by_field_name("name").or_else(|| at.named_child(0))?;
    }
    None
}
