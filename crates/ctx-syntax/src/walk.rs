//! The walk that every language's extractor is: a grammar, the facts under
//! construction, and what that language keeps in mind.

use ctx_model::facts::{ExpressionId, ExpressionKind, Role};
use tree_sitter::Node;

use crate::builder::Builder;
use crate::grammar::{Grammar, Syntax};

/// A walk over one file's tree. Each language adds methods of its own.
pub(crate) struct Walk<'g, 't, S: Syntax> {
    pub(crate) grammar: &'g Grammar<S>,
    pub(crate) build: Builder<'t>,
    /// What only this language needs to keep in mind.
    pub(crate) own: S::Own<'t>,
}

impl<'g, 't, S: Syntax> Walk<'g, 't, S> {
    /// A walk that starts at the root of a file's tree.
    pub(crate) fn new(
        grammar: &'g Grammar<S>,
        text: &'t str,
        root: Node<'t>,
        own: S::Own<'t>,
    ) -> Self {
        Walk { grammar, build: grammar.builder(text, root), own }
    }

    /// What a node is.
    pub(crate) fn kind(&self, node: Node<'t>) -> S::Kind {
        self.grammar.kind(node)
    }

    /// The field with a number.
    pub(crate) fn field(&self, number: u16) -> S::Field {
        self.grammar.field(number)
    }

    /// The child in a field.
    pub(crate) fn in_field(&self, node: Node<'t>, field: S::Field) -> Option<Node<'t>> {
        self.grammar.in_field(node, field)
    }

    /// Takes aside the comments between the parts of a node that are only looked
    /// up by their fields.
    pub(crate) fn comments_in(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        self.build.close(children);
    }

    /// The end of a node's first line, in bytes.
    pub(crate) fn first_line_end(&self, node: Node<'t>) -> usize {
        let text = self.build.text_of(node);
        node.start_byte() + memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len())
    }

    /// An expression of which nothing is known.
    pub(crate) fn unknown(&mut self, node: Node<'t>) -> ExpressionId {
        self.build.expression(ExpressionKind::Unknown, Role::Read, node)
    }
}
