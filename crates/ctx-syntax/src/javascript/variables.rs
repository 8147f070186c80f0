//! Variables: declarations, assignments, and what is defined by them.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::{Declared, Head};
use super::functions::This;
use super::patterns::{Given, Target};
use super::{Field, Kind, Walk};
use crate::builder::{Builder, NewDefinition};

/// How a variable is declared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum VariableKind {
    /// `const`, `using`.
    Constant,
    /// `let`.
    Let,
    /// `var`: lives in the whole function.
    Var,
}

impl<'t> Walk<'_, 't> {
    /// `const a = …, b = …`.
    pub(super) fn variables(&mut self, node: Node<'t>, head: Head<'t>, kind: VariableKind) {
        let children = self.build.open(node);
        let is_declarator = |walk: &Self, index: usize| {
            walk.kind(walk.build.child(index).node) == Kind::VariableDeclarator
        };
        let count = children.clone().filter(|index| is_declarator(self, *index)).count();
        let inner = self.build.scope;
        for index in children.clone() {
            if is_declarator(self, index) {
                let child = self.build.child(index).node;
                let whole = if count == 1 { head.whole } else { child };
                self.declarator(child, Head { whole, flags: head.flags }, kind);
                self.build.scope = inner;
            }
        }
        self.build.close(children);
    }

    fn declarator(&mut self, node: Node<'t>, head: Head<'t>, kind: VariableKind) {
        let Some(name) = self.in_field(node, Field::Name) else { return };
        let written = self.in_field(node, Field::Value);
        let annotation = self.in_field(node, Field::Type);
        if let Some(written) = written
            && self.bound_import(written, name, kind)
        {
            return;
        }
        let exported = written.and_then(|value| self.exported_chain(value));
        if exported.is_some() {
            self.offer_default(name);
        }
        let written = exported.or(written);
        if self.kind(name) == Kind::Identifier
            && let Some(written) = written
        {
            let value = self.peeled(written);
            if self.defines_itself(value) {
                let inner = self.build.scope;
                self.build.scope = self.scope_of(kind);
                self.valued(name, value, head, inner);
                self.asserted_types(written);
                if let Some(annotation) = annotation {
                    self.type_expression(annotation, Role::Type);
                }
                return;
            }
        }
        let type_of = annotation.and_then(|ty| self.type_expression(ty, Role::Type));
        if self.kind(name) == Kind::Identifier && self.is_module_scope(self.scope_of(kind)) {
            self.module_variable(name, written, type_of, head, kind);
            return;
        }
        let (value, asserted) = match written {
            Some(written) => self.value_and_type(written),
            None => (None, None),
        };
        let given = Given { value, through: Through::Itself, type_of: type_of.or(asserted) };
        self.pattern(name, Target::Declared(kind), given, head);
    }

    /// Whether a value is a definition by itself that takes the name of what it
    /// is assigned to.
    pub(super) fn defines_itself(&self, value: Node<'t>) -> bool {
        self.is_function(value) || self.kind(value) == Kind::Class
    }

    /// Defines the function or class `value` under a name in the current scope;
    /// its own scopes lie in `inner`.
    pub(super) fn valued(
        &mut self,
        name: Node<'t>,
        value: Node<'t>,
        head: Head<'t>,
        inner: ScopeId,
    ) -> DefinitionId {
        if self.kind(value) == Kind::Class {
            let outer = self.build.scope;
            let id = self.class(value, name, head);
            self.build.scope = outer;
            return id;
        }
        let this = self.this_inside(value);
        self.function(DefinitionKind::Function, name, value, head, None, this, inner)
    }

    /// A variable of a file or namespace: a definition, whose members are those
    /// of the object literal that it is set to.
    fn module_variable(
        &mut self,
        name: Node<'t>,
        written: Option<Node<'t>>,
        type_of: Option<ExpressionId>,
        head: Head<'t>,
        kind: VariableKind,
    ) {
        let inner = self.build.scope;
        self.build.scope = self.scope_of(kind);
        let text = self.build.name_of(name);
        let known = self.own.bound.contains_key(&(self.build.scope, text));
        if known && kind != VariableKind::Constant {
            // `var` again: the same variable.
            self.build.scope = inner;
            let (value, asserted) =
                written.map_or((None, None), |value| self.value_and_type(value));
            let given = Given { value, through: Through::Itself, type_of: type_of.or(asserted) };
            self.pattern(name, Target::Assigned, given, head);
            return;
        }
        let end = self.first_line_end(head.whole);
        let id = self.declare(Declared {
            kind: definition_kind(kind),
            name,
            head,
            end,
            visibility: None,
        });
        let binding = self.build.facts.bindings.len() - 1;
        self.build.scope = inner;
        let (value, asserted) = match written {
            Some(written) => self.value_of(id, written),
            None => (None, None),
        };
        let type_of = type_of.or(asserted);
        self.build.definition_mut(id).type_of = type_of;
        let binding = &mut self.build.facts.bindings[binding];
        binding.value = value;
        binding.type_of = type_of;
    }

    /// Walks the value of a definition, within it; an object literal's members
    /// become the definition's.
    pub(super) fn value_of(
        &mut self,
        id: DefinitionId,
        written: Node<'t>,
    ) -> (Option<ExpressionId>, Option<ExpressionId>) {
        let outer = self.build.definition.replace(id);
        let value = self.peeled(written);
        let given = if self.kind(value) == Kind::Object {
            let value = self.object_of(id, value);
            self.asserted_types(written);
            (value, None)
        } else {
            self.value_and_type(written)
        };
        self.build.definition = outer;
        given
    }

    /// A value, and the type that it is asserted to have: `x as T`.
    pub(super) fn value_and_type(
        &mut self,
        node: Node<'t>,
    ) -> (Option<ExpressionId>, Option<ExpressionId>) {
        if self.kind(node) != Kind::AsExpression || !self.build.descend(node) {
            return (self.expression(node, Role::Read), None);
        }
        let value = node.named_child(0).and_then(|value| self.expression(value, Role::Read));
        let ty = node.named_child(1).and_then(|ty| self.type_expression(ty, Role::Type));
        self.build.ascend();
        (value, ty)
    }

    /// The value inside parentheses and type assertions.
    pub(super) fn peeled(&self, node: Node<'t>) -> Node<'t> {
        let mut at = node;
        while matches!(
            self.kind(at),
            Kind::ParenthesizedExpression
                | Kind::AsExpression
                | Kind::SatisfiesExpression
                | Kind::NonNullExpression
        ) {
            match self.only_child(at) {
                Some(inner) => at = inner,
                None => break,
            }
        }
        at
    }

    /// Walks the types that [`peeled`](Self::peeled) passed over.
    pub(super) fn asserted_types(&mut self, node: Node<'t>) {
        let mut at = node;
        loop {
            match self.kind(at) {
                Kind::AsExpression | Kind::SatisfiesExpression => {
                    if let Some(ty) = at.named_child(1) {
                        self.type_expression(ty, Role::Type);
                    }
                }
                Kind::ParenthesizedExpression | Kind::NonNullExpression => {}
                _ => return,
            }
            match self.only_child(at) {
                Some(inner) => at = inner,
                None => return,
            }
        }
    }

    /// The scope that a variable is bound in.
    pub(super) fn scope_of(&self, kind: VariableKind) -> ScopeId {
        if kind == VariableKind::Var { self.hoisting_scope() } else { self.build.scope }
    }

    /// The scope that `var` and function declarations rise to.
    pub(super) fn hoisting_scope(&self) -> ScopeId {
        let scopes = &self.build.facts.scopes;
        let mut at = self.build.scope;
        loop {
            let scope = scopes[at as usize];
            match scope.parent {
                Some(parent)
                    if scope.kind == ScopeKind::Block
                        && scopes[parent as usize].kind != ScopeKind::Type =>
                {
                    at = parent;
                }
                _ => return at,
            }
        }
    }

    /// Whether variables of a scope are definitions.
    pub(super) fn is_module_scope(&self, scope: ScopeId) -> bool {
        let kind = self.build.facts.scopes[scope as usize].kind;
        matches!(kind, ScopeKind::File | ScopeKind::Module)
    }

    /// What a name stands for here, as far as the walk has come.
    pub(super) fn lookup(&self, name: NameId) -> Option<(ScopeId, BoundTo)> {
        let mut at = Some(self.build.scope);
        while let Some(scope) = at {
            if let Some(&to) = self.own.bound.get(&(scope, name)) {
                return Some((scope, to));
            }
            at = self.build.facts.scopes[scope as usize].parent;
        }
        None
    }

    /// `left = right`; gives the value so that `a = b = c` chains.
    pub(super) fn assignment(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let left = self.in_field(node, Field::Left)?;
        let right = self.in_field(node, Field::Right)?;
        if let Some(target) = self.commonjs_target(left) {
            return self.commonjs_export(node, target, right);
        }
        if let Some((owner, name)) = self.prototype(left)
            && self.kind(self.peeled(right)) == Kind::Object
        {
            return self.prototype_object(owner, name, right);
        }
        if self.is_function(self.peeled(right))
            && let Some(id) = self.owned_function(node, left, right)
        {
            return Some(id);
        }
        let (value, type_of) = self.value_and_type(right);
        let given = Given { value, through: Through::Itself, type_of };
        self.pattern(left, Target::Assigned, given, Head::plain(node));
        value
    }

    /// `left += right` and the like.
    pub(super) fn augmented(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let left = self.in_field(node, Field::Left)?;
        let operator = self.in_field(node, Field::Operator)?;
        let right = self.in_field(node, Field::Right)?;
        let value = self.expression(right, Role::Read);
        if matches!(self.build.text_of(operator), "||=" | "??=" | "&&=") {
            self.build.decision();
            let given = Given { value, through: Through::Itself, type_of: None };
            self.pattern(left, Target::Assigned, given, Head::plain(node));
            value
        } else {
            self.expression(left, Role::Write);
            None
        }
    }

    /// `this.name = value` defines a field of the class the first time; false
    /// if the target is another.
    pub(super) fn assign_field(&mut self, node: Node<'t>, given: Given, head: Head<'t>) -> bool {
        let This::Class(class) = self.own.this else { return false };
        let object = self.in_field(node, Field::Object);
        let property = self.in_field(node, Field::Property);
        let (Some(object), Some(property)) = (object, property) else { return false };
        if self.kind(object) != Kind::This {
            return false;
        }
        let name = self.build.name_of(property);
        let id = match self.own.fields.get(&(class, name)).copied() {
            None => {
                self.expression(object, Role::Read);
                self.define_field(class, property, head, given.type_of)
            }
            Some(known) => {
                self.expression(node, Role::Write);
                match known.filter(|id| self.is_field(*id)) {
                    Some(id) => id,
                    None => return true,
                }
            }
        };
        let scope = self.build.facts.definitions[class as usize].body.unwrap_or(0);
        self.build.facts.bindings.push(Binding {
            scope,
            name,
            to: BoundTo::Definition(id),
            value: given.value,
            through: given.through,
            type_of: given.type_of,
            line: Builder::position(property).line,
        });
        true
    }

    fn is_field(&self, id: DefinitionId) -> bool {
        self.build.facts.definitions[id as usize].kind == DefinitionKind::Field
    }

    /// A field of a class that stands in one of its methods.
    pub(super) fn define_field(
        &mut self,
        class: DefinitionId,
        name_node: Node<'t>,
        head: Head<'t>,
        type_of: Option<ExpressionId>,
    ) -> DefinitionId {
        let name = self.build.name_of(name_node);
        let private = self.kind(name_node) == Kind::PrivateName;
        let id = self.build.define_unbound(NewDefinition {
            name,
            kind: DefinitionKind::Field,
            name_node,
            whole: head.whole,
            visibility: if private { Visibility::Private } else { Visibility::Public },
            flags: head.flags,
        });
        let doc = self.doc(head.whole.start_byte());
        let end = self.first_line_end(head.whole);
        let signature = self.signature(head.whole, end);
        let scope = self.build.facts.definitions[class as usize].body.unwrap_or(0);
        let definition = self.build.definition_mut(id);
        definition.signature = signature;
        definition.doc = doc;
        definition.parent = Some(class);
        definition.scope = scope;
        definition.type_of = type_of;
        self.own.fields.insert((class, name), Some(id));
        id
    }
}

/// What a variable of a file or namespace is.
pub(super) fn definition_kind(kind: VariableKind) -> DefinitionKind {
    match kind {
        VariableKind::Constant => DefinitionKind::Constant,
        VariableKind::Let | VariableKind::Var => DefinitionKind::Variable,
    }
}
