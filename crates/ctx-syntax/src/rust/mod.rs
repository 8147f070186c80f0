//! Rust.

use tree_sitter::{Node, Tree};

use crate::builder::Builder;
use crate::grammar::{node_fields, node_kinds};

node_kinds! {
    /// Node kinds that the extractor looks at.
    pub(crate) enum Kind {
        Comment = "line_comment",
    }
}

node_fields! {
    /// Fields that the extractor looks at.
    pub(crate) enum Field {
        Name = "name",
    }
}

/// The grammar with its tables.
pub(crate) struct Grammar {
    language: tree_sitter::Language,
    kinds: Vec<Kind>,
    fields: Vec<Field>,
    field_numbers: Vec<u16>,
}

impl Grammar {
    /// Builds the tables.
    pub(crate) fn new(language: tree_sitter::Language) -> Grammar {
        Grammar {
            kinds: Kind::table(&language),
            fields: Field::table(&language),
            field_numbers: Field::numbers(&language),
            language,
        }
    }
}

/// Walks a tree into facts.
pub(crate) fn extract<'t>(grammar: &Grammar, text: &'t str, tree: &'t Tree) -> Builder<'t> {
    let root = tree.root_node();
    let mut walk = Walk {
        grammar,
        build: Builder::new(text, root, &grammar.language, &["line_comment", "block_comment"]),
    };
    walk.body(root);
    walk.build
}

/// The walk.
struct Walk<'g, 't> {
    grammar: &'g Grammar,
    build: Builder<'t>,
}

impl<'t> Walk<'_, 't> {
    fn body(&mut self, _node: Node<'t>) {}
}
