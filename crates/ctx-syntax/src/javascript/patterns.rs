//! Targets of declarations, assignments, loops and parameters, and what
//! destructuring gives each of their names.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::{Declared, Head};
use super::variables::{VariableKind, definition_kind};
use super::{Field, Kind, Walk};
use crate::builder::Builder;

/// What the names of a pattern become.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// Parts of the parameter at this place.
    Parameter(u32),
    /// New variables.
    Declared(VariableKind),
    /// Whatever they already are.
    Assigned,
}

/// What a pattern is given.
#[derive(Clone, Copy)]
pub(super) struct Given {
    pub(super) value: Option<ExpressionId>,
    pub(super) through: Through,
    pub(super) type_of: Option<ExpressionId>,
}

impl Given {
    fn itself(value: Option<ExpressionId>) -> Given {
        Given { value, through: Through::Itself, type_of: None }
    }

    fn part(value: Option<ExpressionId>) -> Given {
        Given { value, through: Through::Part, type_of: None }
    }
}

impl<'t> Walk<'_, 't> {
    /// Binds the names of a pattern.
    pub(super) fn pattern(&mut self, node: Node<'t>, target: Target, given: Given, head: Head<'t>) {
        if !self.build.descend(node) {
            return;
        }
        match self.kind(node) {
            Kind::Identifier | Kind::ShorthandPattern => {
                self.pattern_name(node, target, given, head);
            }
            Kind::ObjectPattern => self.object_pattern(node, target, given, head),
            Kind::ArrayPattern => {
                let whole = self.whole_value(node, given);
                let children = self.build.open(node);
                for index in children.clone() {
                    let child = self.build.child(index).node;
                    self.pattern(child, target, Given::part(whole), head);
                }
                self.build.close(children);
            }
            Kind::AssignmentPattern | Kind::ObjectAssignmentPattern => {
                self.defaulted(node, target, given, head);
            }
            Kind::RestPattern => {
                if let Some(inner) = self.only_child(node) {
                    self.pattern(inner, target, given, head);
                }
            }
            Kind::ParenthesizedExpression | Kind::NonNullExpression => {
                if let Some(inner) = self.only_child(node) {
                    self.pattern(inner, target, given, head);
                }
            }
            Kind::MemberExpression => {
                if !self.assign_field(node, given, head) {
                    self.expression(node, Role::Write);
                }
            }
            _ => {
                self.expression(node, Role::Write);
            }
        }
        self.build.ascend();
    }

    /// `target = default`.
    fn defaulted(&mut self, node: Node<'t>, target: Target, given: Given, head: Head<'t>) {
        let right = self.in_field(node, Field::Right);
        let default = right.and_then(|right| self.expression(right, Role::Read));
        let given = match given.through {
            Through::Itself => Given { value: self.join(node, given.value, default), ..given },
            _ if given.value.is_none() => {
                Given { value: default, through: Through::Itself, ..given }
            }
            _ => given,
        };
        if let Some(left) = self.in_field(node, Field::Left) {
            self.pattern(left, target, given, head);
        }
    }

    /// The value whose parts a pattern names.
    fn whole_value(&mut self, node: Node<'t>, given: Given) -> Option<ExpressionId> {
        let value = given.type_of.or(given.value)?;
        match given.through {
            Through::Itself => Some(value),
            Through::Element => {
                let kind = ExpressionKind::Element(value);
                Some(self.build.expression(kind, Role::Read, node))
            }
            _ => given.type_of,
        }
    }

    fn object_pattern(&mut self, node: Node<'t>, target: Target, given: Given, head: Head<'t>) {
        let whole = self.whole_value(node, given);
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::ShorthandPattern => {
                    let member = self.member_of(whole, child);
                    self.pattern(child, target, Given::itself(member), head);
                }
                Kind::ObjectAssignmentPattern => {
                    let left = self.in_field(child, Field::Left);
                    let left = left.filter(|left| self.kind(*left) == Kind::ShorthandPattern);
                    let member = left.and_then(|left| self.member_of(whole, left));
                    self.pattern(child, target, Given::itself(member), head);
                }
                Kind::PairPattern => {
                    let key = self.in_field(child, Field::Key);
                    let member = key.and_then(|key| self.property_of(whole, key));
                    if let Some(value) = self.in_field(child, Field::Value) {
                        self.pattern(value, target, Given::itself(member), head);
                    }
                }
                _ => self.pattern(child, target, Given::part(whole), head),
            }
        }
        self.build.close(children);
    }

    /// The member that a key of a pattern reads.
    fn property_of(&mut self, whole: Option<ExpressionId>, key: Node<'t>) -> Option<ExpressionId> {
        if self.kind(key) == Kind::ComputedPropertyName {
            self.computed_name(key);
            return None;
        }
        let key = self.name_node(key);
        self.member_of(whole, key)
    }

    /// The member of a value that a property of a pattern reads.
    fn member_of(&mut self, whole: Option<ExpressionId>, key: Node<'t>) -> Option<ExpressionId> {
        let name = self.build.name_of(key);
        let kind = ExpressionKind::Member(whole?, name);
        Some(self.build.expression(kind, Role::Read, key))
    }

    fn pattern_name(&mut self, node: Node<'t>, target: Target, given: Given, head: Head<'t>) {
        let name = self.build.name_of(node);
        let line = Builder::position(node).line;
        let inner = self.build.scope;
        let to = match target {
            Target::Assigned => return self.assign_name(node, name, given),
            Target::Parameter(place) => BoundTo::Parameter(place),
            Target::Declared(kind) => {
                self.build.scope = self.scope_of(kind);
                if self.is_module_scope(self.build.scope) {
                    self.define_part(node, kind, head, given);
                    self.build.scope = inner;
                    return;
                }
                BoundTo::Local
            }
        };
        self.own.bound.insert((self.build.scope, name), to);
        let binding = self.build.bind(name, to, line);
        self.build.scope = inner;
        let binding = &mut self.build.facts.bindings[binding];
        binding.value = given.value;
        binding.through = given.through;
        binding.type_of = given.type_of;
    }

    /// A variable of a file or namespace that a pattern declares.
    fn define_part(&mut self, node: Node<'t>, kind: VariableKind, head: Head<'t>, given: Given) {
        let end = self.first_line_end(head.whole);
        let id = self.declare(Declared {
            kind: definition_kind(kind),
            name: node,
            head,
            end,
            visibility: None,
        });
        self.build.definition_mut(id).type_of = given.type_of;
        if let Some(binding) = self.build.facts.bindings.last_mut() {
            binding.value = given.value;
            binding.through = given.through;
            binding.type_of = given.type_of;
        }
    }

    /// An assignment to a name declared before: one more value that it may have.
    fn assign_name(&mut self, node: Node<'t>, name: NameId, given: Given) {
        self.build.expression(ExpressionKind::Name(name), Role::Write, node);
        if given.value.is_none() {
            return;
        }
        let Some((scope, to)) = self.lookup(name) else { return };
        let holds_values = match to {
            BoundTo::Local | BoundTo::Parameter(_) => true,
            BoundTo::Definition(id) => matches!(
                self.build.facts.definitions[id as usize].kind,
                DefinitionKind::Variable | DefinitionKind::Constant
            ),
            BoundTo::Import(_) | BoundTo::Outer => false,
        };
        if holds_values {
            self.build.facts.bindings.push(Binding {
                scope,
                name,
                to,
                value: given.value,
                through: given.through,
                type_of: given.type_of,
                line: Builder::position(node).line,
            });
        }
    }
}
