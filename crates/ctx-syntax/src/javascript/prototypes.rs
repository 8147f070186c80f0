//! Functions assigned to members: prototypes and the like.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::Head;
use super::functions::This;
use super::{Field, Kind, Walk};

impl<'t> Walk<'_, 't> {
    /// The owner of `owner.prototype`, and that word's node.
    pub(super) fn prototype(&self, node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let owner = self.member_object(node)?;
        let property = self.in_field(node, Field::Property)?;
        (self.build.text_of(property) == "prototype").then_some((owner, property))
    }

    /// `Owner.prototype = { … }`.
    pub(super) fn prototype_object(
        &mut self,
        owner: Node<'t>,
        word: Node<'t>,
        right: Node<'t>,
    ) -> Option<ExpressionId> {
        let owner = self.expression(owner, Role::Read)?;
        let name = self.build.name_of(word);
        self.build.expression(ExpressionKind::Member(owner, name), Role::Write, word);
        let outer = self.build.enter_scope(ScopeKind::Extension, None, Some(owner));
        let members = self.build.scope;
        self.build.scope = outer;
        let first = self.build.facts.definitions.len();
        let value = self.peeled(right);
        let value = self.object_in(members, value);
        for definition in &mut self.build.facts.definitions[first..] {
            if definition.scope == members {
                definition.owner = Some(owner);
            }
        }
        value
    }

    /// `Owner.prototype.name = function …` and `owner.name = function …` are
    /// methods of the owner; none if there is no such owner.
    pub(super) fn owned_function(
        &mut self,
        node: Node<'t>,
        left: Node<'t>,
        right: Node<'t>,
    ) -> Option<ExpressionId> {
        let object = self.member_object(left)?;
        let property = self.in_field(left, Field::Property)?;
        if !self.is_path(object) {
            return None;
        }
        let leading = self.own.leading.clone();
        let mut head = Head::plain(node);
        let (owner, is_prototype) = match self.prototype(object) {
            Some((owner, _)) => (owner, true),
            None => (object, false),
        };
        let owner = self.expression(owner, Role::Read)?;
        if !is_prototype {
            let name = self.build.name_of(property);
            self.build.expression(ExpressionKind::Member(owner, name), Role::Write, property);
            head = head.with(DefinitionFlags::STATIC);
        }
        self.own.leading = leading;
        let value = self.peeled(right);
        let is_arrow = self.kind(value) == Kind::ArrowFunction;
        let this = if is_arrow { self.own.this } else { This::Object };
        let outer = self.build.enter_scope(ScopeKind::Extension, None, Some(owner));
        let inner = if is_arrow { outer } else { self.build.scope };
        let kind = DefinitionKind::Method;
        let id = self.function(kind, property, value, head, None, this, inner);
        self.build.leave_scope(outer);
        self.asserted_types(right);
        self.build.definition_mut(id).owner = Some(owner);
        Some(self.build.expression(ExpressionKind::Definition(id), Role::Read, value))
    }

    /// Whether a node is a name or a path of members from one.
    fn is_path(&self, node: Node<'t>) -> bool {
        let mut at = node;
        loop {
            match self.kind(at) {
                Kind::Identifier => return true,
                Kind::MemberExpression => match self.in_field(at, Field::Object) {
                    Some(object) => at = object,
                    None => return false,
                },
                _ => return false,
            }
        }
    }
}
