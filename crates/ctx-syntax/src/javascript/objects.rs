//! Object literals: functions in them are methods, and the properties of one
//! that a file's constant holds are its fields.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::{Declared, Head};
use super::functions::This;
use super::{Field, Kind, Walk};

/// An object literal with more members than this is a table: only its functions
/// are definitions.
const MOST_FIELDS: usize = 256;

/// The object literal whose members are being walked.
struct Literal {
    /// The scope that it stands in.
    outer: ScopeId,
    /// The scope of its members, once there is one.
    members: Option<ScopeId>,
    /// Whether its properties are fields of a definition.
    fields: bool,
}

impl<'t> Walk<'_, 't> {
    /// An object literal in an expression.
    pub(super) fn object(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let mut literal = Literal { outer: self.build.scope, members: None, fields: false };
        self.members(node, &mut literal);
        self.map_literal(node)
    }

    /// The object literal that a definition holds: its members are the definition's.
    pub(super) fn object_of(&mut self, id: DefinitionId, node: Node<'t>) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let outer = self.build.enter_scope(ScopeKind::Type, Some(id), None);
        let members = self.build.scope;
        let fields = node.named_child_count() <= MOST_FIELDS;
        self.build.scope = outer;
        self.members(node, &mut Literal { outer, members: Some(members), fields });
        self.build.ascend();
        self.map_literal(node)
    }

    /// The object literal whose members a scope takes.
    pub(super) fn object_in(&mut self, members: ScopeId, node: Node<'t>) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let outer = self.build.scope;
        self.members(node, &mut Literal { outer, members: Some(members), fields: true });
        self.build.ascend();
        self.map_literal(node)
    }

    fn map_literal(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let kind = ExpressionKind::Literal(LiteralKind::Map);
        Some(self.build.expression(kind, Role::Read, node))
    }

    fn members(&mut self, node: Node<'t>, literal: &mut Literal) {
        let mut siblings = self.open_documented(node);
        for index in siblings.children.clone() {
            let child = self.build.child(index).node;
            self.reach(&mut siblings, child);
            match self.kind(child) {
                Kind::MethodDefinition => {
                    if let Some(name) = self.in_field(child, Field::Name) {
                        self.enter_members(literal);
                        self.method(child, name, This::Object);
                        self.build.leave_scope(literal.outer);
                    }
                }
                Kind::Pair => self.property(child, literal),
                Kind::ShorthandProperty => self.shorthand(child, literal),
                _ => {
                    self.expression(child, Role::Read);
                }
            }
        }
        self.build.close(siblings.children);
    }

    fn enter_members(&mut self, literal: &mut Literal) {
        match literal.members {
            Some(members) => self.build.scope = members,
            None => {
                self.build.enter_scope(ScopeKind::Type, None, None);
                literal.members = Some(self.build.scope);
            }
        }
    }

    /// `key: value`.
    fn property(&mut self, node: Node<'t>, literal: &mut Literal) {
        let (Some(key), Some(written)) =
            (self.in_field(node, Field::Key), self.in_field(node, Field::Value))
        else {
            return;
        };
        let leading = self.own.leading.clone();
        self.computed_name(key);
        self.own.leading = leading;
        let value = self.peeled(written);
        let computed = self.kind(key) == Kind::ComputedPropertyName;
        if self.is_function(value) {
            self.enter_members(literal);
            let is_arrow = self.kind(value) == Kind::ArrowFunction;
            let this = if is_arrow { self.own.this } else { This::Object };
            let kind = DefinitionKind::Method;
            let head = Head::plain(node);
            self.function(kind, key, value, head, None, this, literal.outer_for(is_arrow));
            self.build.leave_scope(literal.outer);
            self.asserted_types(written);
        } else if literal.fields && !computed {
            self.enter_members(literal);
            let id = self.declare(Declared {
                kind: DefinitionKind::Field,
                name: key,
                head: Head::plain(node),
                end: self.first_line_end(node),
                visibility: None,
            });
            let binding = self.build.facts.bindings.len() - 1;
            self.build.leave_scope(literal.outer);
            let (value, type_of) = self.value_of(id, written);
            self.build.definition_mut(id).type_of = type_of;
            let binding = &mut self.build.facts.bindings[binding];
            binding.value = value;
            binding.type_of = type_of;
        } else {
            self.expression(written, Role::Read);
        }
    }

    /// `{ name }`: reads a variable; the field's value is that variable's.
    fn shorthand(&mut self, node: Node<'t>, literal: &mut Literal) {
        let name = self.build.name_of(node);
        let value = self.build.expression(ExpressionKind::Name(name), Role::Read, node);
        if literal.fields {
            self.enter_members(literal);
            self.declare(Declared {
                kind: DefinitionKind::Field,
                name: node,
                head: Head::plain(node),
                end: node.end_byte(),
                visibility: None,
            });
            if let Some(binding) = self.build.facts.bindings.last_mut() {
                binding.value = Some(value);
            }
            self.build.leave_scope(literal.outer);
        }
    }

    /// Walks the expression of a computed key.
    pub(super) fn computed_name(&mut self, key: Node<'t>) {
        if self.kind(key) == Kind::ComputedPropertyName
            && let Some(inner) = self.only_child(key)
        {
            self.expression(inner, Role::Read);
        }
    }
}

impl Literal {
    /// The scope that a function's own scope lies in: an arrow function has the
    /// `this` of the code around the literal, other functions have the literal.
    fn outer_for(&self, is_arrow: bool) -> ScopeId {
        match self.members {
            Some(members) if !is_arrow => members,
            _ => self.outer,
        }
    }
}
