//! Composite literals: `T{…}`, `[]T{{…}}`, `map[K]V{…}`.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};

/// What the braces of a composite literal hold.
#[derive(Clone, Copy)]
enum Holds {
    /// Fields of the value that this expression constructs.
    Fields(ExpressionId),
    /// Keys and elements of these types, as far as they are known.
    Elements { key: Option<ExpressionId>, element: Option<ExpressionId> },
}

impl<'t> Walk<'_, 't> {
    /// `T{…}`; gives the constructed value.
    pub(super) fn composite(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let type_node = self.in_field(node, Field::Type)?;
        let constructed = self.type_expression(type_node, Role::Constructed);
        let constructed = constructed.unwrap_or_else(|| self.unknown(type_node));
        let id = self.build.expression(ExpressionKind::New(constructed), Role::Read, node);
        if let Some(body) = self.in_field(node, Field::Body) {
            let holds = self.holds(constructed, id);
            self.literal_value(body, holds);
        }
        Some(id)
    }

    /// What a literal of this type holds.
    fn holds(&self, of: ExpressionId, value: ExpressionId) -> Holds {
        let facts = &self.build.facts;
        let kind = |id: ExpressionId| facts.expressions[id as usize].kind;
        let ExpressionKind::Generic(base) = kind(of) else { return Holds::Fields(value) };
        // Arguments lie in the order of what they are arguments of.
        let first = facts.arguments.partition_point(|argument| argument.of < of);
        let argument = |place: usize| {
            facts
                .arguments
                .get(first + place)
                .filter(|argument| argument.of == of)
                .map(|argument| argument.value)
        };
        match kind(base) {
            ExpressionKind::Literal(LiteralKind::Map) => {
                Holds::Elements { key: argument(0), element: argument(1) }
            }
            ExpressionKind::Literal(_) => Holds::Elements { key: None, element: argument(0) },
            _ => Holds::Fields(value),
        }
    }

    fn literal_value(&mut self, node: Node<'t>, holds: Holds) {
        if !self.build.descend(node) {
            return;
        }
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) == Kind::KeyedElement {
                self.comments_in(child);
                if let Some(key) = self.in_field(child, Field::Key) {
                    self.key(key, holds);
                }
                if let Some(value) = self.in_field(child, Field::Value) {
                    self.element(value, element_of(holds));
                }
            } else {
                self.element(child, element_of(holds));
            }
        }
        self.build.close(children);
        self.build.ascend();
    }

    fn key(&mut self, node: Node<'t>, holds: Holds) {
        let inner = node.named_child(0).unwrap_or(node);
        match holds {
            Holds::Fields(value) if self.kind(inner) == Kind::Identifier => {
                let name = self.build.name_of(inner);
                self.build.expression(ExpressionKind::Member(value, name), Role::Write, inner);
            }
            Holds::Fields(_) => self.element(node, None),
            Holds::Elements { key, .. } => self.element(node, key),
        }
    }

    /// An element; without a type of its own it has that of its container.
    fn element(&mut self, node: Node<'t>, type_of: Option<ExpressionId>) {
        let inner = match self.kind(node) {
            Kind::LiteralElement => node.named_child(0).unwrap_or(node),
            _ => node,
        };
        if self.kind(inner) != Kind::LiteralValue {
            self.expression(inner, Role::Read);
            return;
        }
        let constructed = type_of.unwrap_or_else(|| self.unknown(inner));
        let id = self.build.expression(ExpressionKind::New(constructed), Role::Read, inner);
        let holds = self.holds(constructed, id);
        self.literal_value(inner, holds);
    }
}

fn element_of(holds: Holds) -> Option<ExpressionId> {
    match holds {
        Holds::Fields(_) => None,
        Holds::Elements { element, .. } => element,
    }
}
