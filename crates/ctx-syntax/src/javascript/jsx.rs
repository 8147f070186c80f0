//! JSX: elements name components.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};

impl<'t> Walk<'_, 't> {
    /// An element with all that it holds.
    pub(super) fn jsx_element(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::JsxOpeningElement => self.jsx_tag(child, Role::Callee),
                Kind::JsxClosingElement => self.jsx_tag(child, Role::Read),
                // Text, and expressions in braces.
                _ if child.named_child_count() == 0 => {}
                _ => {
                    self.expression(child, Role::Read);
                }
            }
        }
        self.build.close(children);
        None
    }

    /// A tag: its name in a role, its attributes.
    pub(super) fn jsx_tag(&mut self, node: Node<'t>, role: Role) {
        if !self.build.descend(node) {
            return;
        }
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            let is_name = self.field(child.field) == Field::Name;
            match self.kind(child.node) {
                Kind::Identifier if is_name => {
                    // Small letters name the platform's own elements.
                    let text = self.build.text_of(child.node);
                    if !text.starts_with(|first: char| first.is_ascii_lowercase()) {
                        self.expression(child.node, role);
                    }
                }
                Kind::MemberExpression | Kind::NestedIdentifier if is_name => {
                    self.qualified(child.node, role);
                }
                Kind::TypeArguments => {
                    self.type_arguments(node);
                }
                Kind::JsxAttribute => self.jsx_attribute(child.node),
                _ if is_name || child.node.named_child_count() == 0 => {}
                _ => {
                    self.expression(child.node, Role::Read);
                }
            }
        }
        self.build.close(children);
        self.build.ascend();
    }

    /// `name={value}`: the name is no variable.
    fn jsx_attribute(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone().skip(1) {
            let child = self.build.child(index).node;
            if child.named_child_count() > 0 && self.kind(child) != Kind::String {
                self.expression(child, Role::Read);
            }
        }
        self.build.close(children);
    }
}
