//! Patterns: what `instanceof` and `case` bind.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};

impl<'t> Walk<'_, 't> {
    /// `x instanceof T t`, `x instanceof Point(int a, var b)`.
    pub(super) fn instance_of(&mut self, node: Node<'t>) {
        if let Some(left) = self.in_field(node, Field::Left) {
            self.expression(left, Role::Read);
        }
        let right = self.in_field(node, Field::Right);
        let type_of = right.and_then(|right| self.type_expression(right, Role::Type));
        if let Some(name) = self.in_field(node, Field::Name) {
            self.bind_as(BoundTo::Local, name, type_of);
        }
        if let Some(pattern) = self.in_field(node, Field::Pattern) {
            self.pattern(pattern);
        }
    }

    /// Binds what a pattern names.
    pub(super) fn pattern(&mut self, node: Node<'t>) {
        if !self.build.descend(node) {
            return;
        }
        match self.kind(node) {
            Kind::TypePattern | Kind::RecordPatternComponent => self.typed_pattern(node),
            Kind::RecordPattern => {
                let children = self.build.open(node);
                for (place, index) in children.clone().enumerate() {
                    let child = self.build.child(index).node;
                    if place == 0 {
                        self.type_expression(child, Role::Type);
                    } else {
                        self.pattern(child);
                    }
                }
                self.build.close(children);
            }
            _ => {
                let children = self.build.open(node);
                for index in children.clone() {
                    self.pattern(self.build.child(index).node);
                }
                self.build.close(children);
            }
        }
        self.build.ascend();
    }

    /// `T t`.
    fn typed_pattern(&mut self, node: Node<'t>) {
        let (Some(ty), Some(name)) = (node.named_child(0), node.named_child(1)) else { return };
        let type_of = self.type_expression(ty, Role::Type);
        self.bind_as(BoundTo::Local, name, type_of);
    }
}
