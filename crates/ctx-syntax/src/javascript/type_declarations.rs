//! Interfaces, type aliases, enumerations, namespaces.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::{Declared, Head};
use super::functions::This;
use super::{Field, Kind, Walk};

impl<'t> Walk<'_, 't> {
    /// `interface Name extends A { … }`.
    pub(super) fn interface(&mut self, node: Node<'t>, head: Head<'t>) {
        let (Some(name), Some(body)) =
            (self.in_field(node, Field::Name), self.in_field(node, Field::Body))
        else {
            return;
        };
        let kind = DefinitionKind::Interface;
        let end = body.start_byte();
        let id = self.declare(Declared { kind, name, head, end, visibility: None });
        let outer = self.build.scope;
        let outer_definition = self.build.definition.replace(id);
        self.type_parameters(node);
        let mut bases = Vec::new();
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) == Kind::ExtendsTypeClause {
                self.base_types(child, false, &mut bases);
            }
        }
        self.build.close(children);
        self.build.definition_mut(id).bases = bases;
        self.build.enter_scope(ScopeKind::Type, Some(id), None);
        self.type_members(body);
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
    }

    /// The members of an interface or object type, into the current scope.
    fn type_members(&mut self, body: Node<'t>) {
        if !self.build.descend(body) {
            return;
        }
        let mut siblings = self.open_documented(body);
        for index in siblings.children.clone() {
            let child = self.build.child(index).node;
            self.reach(&mut siblings, child);
            match (self.kind(child), self.in_field(child, Field::Name)) {
                (Kind::PropertySignature, Some(name)) => self.property_signature(child, name),
                (Kind::MethodSignature, Some(name)) => {
                    self.method(child, name, This::Object);
                }
                _ => {
                    self.type_expression(child, Role::Type);
                }
            }
        }
        self.build.close(siblings.children);
        self.build.ascend();
    }

    fn property_signature(&mut self, node: Node<'t>, name: Node<'t>) {
        let annotation = self.in_field(node, Field::Type);
        self.computed_name(name);
        let id = self.declare(Declared {
            kind: DefinitionKind::Field,
            name,
            head: Head::plain(node),
            end: self.first_line_end(node),
            visibility: None,
        });
        let binding = self.build.facts.bindings.len() - 1;
        let type_of = annotation.and_then(|ty| self.type_expression(ty, Role::Type));
        self.build.definition_mut(id).type_of = type_of;
        self.build.facts.bindings[binding].type_of = type_of;
    }

    /// `type Name = …`.
    pub(super) fn type_alias(&mut self, node: Node<'t>, head: Head<'t>) {
        let (Some(name), Some(value)) =
            (self.in_field(node, Field::Name), self.in_field(node, Field::Value))
        else {
            return;
        };
        let kind = DefinitionKind::TypeAlias;
        let end = self.first_line_end(head.whole);
        let id = self.declare(Declared { kind, name, head, end, visibility: None });
        let outer = self.build.scope;
        let outer_definition = self.build.definition.replace(id);
        self.type_parameters(node);
        let mut members = None;
        let type_of = self.alias_value(id, value, &mut members);
        self.build.definition_mut(id).type_of = type_of;
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
    }

    /// The type that an alias names; members of object types in it become the
    /// alias's.
    fn alias_value(
        &mut self,
        id: DefinitionId,
        node: Node<'t>,
        members: &mut Option<ScopeId>,
    ) -> Option<ExpressionId> {
        match self.kind(node) {
            Kind::ObjectType => {
                let outer = self.build.scope;
                match *members {
                    Some(scope) => self.build.scope = scope,
                    None => {
                        self.build.enter_scope(ScopeKind::Type, Some(id), None);
                        *members = Some(self.build.scope);
                    }
                }
                self.type_members(node);
                self.build.leave_scope(outer);
                None
            }
            Kind::UnionType | Kind::IntersectionType | Kind::ParenthesizedType => {
                if !self.build.descend(node) {
                    return None;
                }
                let mut value = None;
                let parts = match self.kind(node) {
                    Kind::ParenthesizedType => self.only_child(node).into_iter().collect(),
                    _ => self.parts_of(node),
                };
                for part in parts {
                    let part_value = self.alias_value(id, part, members);
                    value = self.join_types(part, value, part_value);
                }
                self.build.ascend();
                value
            }
            _ => self.type_expression(node, Role::Type),
        }
    }

    /// `enum Name { … }`.
    pub(super) fn enumeration(&mut self, node: Node<'t>, head: Head<'t>) {
        let (Some(name), Some(body)) =
            (self.in_field(node, Field::Name), self.in_field(node, Field::Body))
        else {
            return;
        };
        let kind = DefinitionKind::Enum;
        let end = body.start_byte();
        let id = self.declare(Declared { kind, name, head, end, visibility: None });
        let outer_definition = self.build.definition.replace(id);
        let outer = self.build.enter_scope(ScopeKind::Type, Some(id), None);
        let mut siblings = self.open_documented(body);
        for index in siblings.children.clone() {
            let child = self.build.child(index).node;
            self.reach(&mut siblings, child);
            let is_assignment = self.kind(child) == Kind::EnumAssignment;
            let name = if is_assignment { self.in_field(child, Field::Name) } else { Some(child) };
            let Some(name) = name.filter(|name| name.is_named()) else { continue };
            self.declare(Declared {
                kind: DefinitionKind::EnumMember,
                name,
                head: Head::plain(child),
                end: self.first_line_end(child),
                visibility: None,
            });
            let binding = self.build.facts.bindings.len() - 1;
            if is_assignment && let Some(value) = self.in_field(child, Field::Value) {
                let value = self.expression(value, Role::Read);
                self.build.facts.bindings[binding].value = value;
            }
        }
        self.build.close(siblings.children);
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
    }

    /// `namespace A.B { … }`, `module 'name' { … }`.
    pub(super) fn namespace(&mut self, node: Node<'t>, head: Head<'t>) {
        let Some(name) = self.in_field(node, Field::Name) else { return };
        let body = self.in_field(node, Field::Body);
        let outer = self.build.scope;
        let outer_definition = self.build.definition;
        let mut names = Vec::new();
        let mut at = name;
        while self.kind(at) == Kind::NestedIdentifier {
            let (object, property) =
                (self.in_field(at, Field::Object), self.in_field(at, Field::Property));
            let (Some(object), Some(property)) = (object, property) else { break };
            names.push(property);
            at = object;
        }
        names.push(at);
        let end = body.map_or(node.end_byte(), |body| body.start_byte());
        for name in names.into_iter().rev().take(DEEPEST_NAME) {
            let kind = DefinitionKind::Module;
            let id = self.declare(Declared { kind, name, head, end, visibility: None });
            self.build.definition = Some(id);
            self.build.enter_scope(ScopeKind::Module, Some(id), None);
        }
        if let Some(body) = body {
            self.statements(body);
        }
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
    }
}

/// Parts of a namespace's name that are followed.
const DEEPEST_NAME: usize = 32;
