//! JavaScript, TypeScript and both with JSX: three grammars, one extractor.
//!
//! What the facts say where the language leaves a choice:
//!
//! - A function, class or object literal written as a variable's value is one
//!   definition with the variable's name. Other functions are lambdas, unless
//!   they have a name or stand under a property's key.
//! - An anonymous default export is a definition named `default`. `export =`
//!   and `module.exports =` offer the name `default` too.
//! - Overloads are one definition: where the first stands, with the body of the
//!   implementation.
//! - Built-in types are literals: `string` is a text, `T[]` a generic whose base
//!   is a list literal, `[A, B]` one whose base is a tuple literal.
//! - A destructured property is a member expression, read where it is written;
//!   a destructured parameter's is a member of the parameter's declared type.
//! - `require` binds its variable to the module and to the module's `default`:
//!   what is called or constructed is the one, members may be of either.
//! - `x as T` is `x`; where it is assigned directly, `T` is the declared type.

mod classes;
mod commonjs;
mod definitions;
mod expressions;
mod functions;
mod imports;
mod jsx;
mod kinds;
mod objects;
mod patterns;
mod prototypes;
mod require;
mod statements;
#[cfg(test)]
mod tests;
mod type_declarations;
mod types;
mod variables;

use std::ops::Range;

use ctx_model::facts::*;
use rustc_hash::FxHashMap;
use tree_sitter::{Node, Tree};

use self::definitions::Ambient;
use self::functions::This;
use self::kinds::{Field, Kind};
use crate::builder::Builder;

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
    let comments = ["comment", "html_comment"];
    let mut walk = Walk {
        grammar,
        build: Builder::new(text, root, &grammar.language, &comments),
        bound: FxHashMap::default(),
        fields: FxHashMap::default(),
        operands: Vec::new(),
        leading: 0..0,
        this: This::Free,
        ambient: Ambient::No,
        exports_scope: None,
    };
    walk.statements(root);
    walk.mark_exported();
    walk.build
}

/// The walk: the builder, and what only this language needs to keep in mind.
struct Walk<'g, 't> {
    grammar: &'g Grammar,
    build: Builder<'t>,
    /// What names stand for, as far as the walk has come.
    bound: FxHashMap<(ScopeId, NameId), BoundTo>,
    /// Members of classes, by class and name; none for one that stands further down.
    fields: FxHashMap<(DefinitionId, NameId), Option<DefinitionId>>,
    /// Arguments of the calls that are being walked, on one shared stack.
    operands: Vec<ExpressionId>,
    /// The comments directly before the statement or member that is being walked.
    leading: Range<usize>,
    /// What `this` is.
    this: This,
    /// Whether only the type checker sees what is declared.
    ambient: Ambient,
    /// The scope of names that stand only in `exports.name = …`.
    exports_scope: Option<ScopeId>,
}

/// Children that comments may document, and how far the walk has come in them.
struct Documented {
    children: Range<usize>,
    comment: usize,
    comments_end: usize,
}

impl<'t> Walk<'_, 't> {
    fn kind(&self, node: Node<'t>) -> Kind {
        self.grammar.kinds.get(usize::from(node.kind_id())).copied().unwrap_or(Kind::Other)
    }

    /// The child in a field.
    fn in_field(&self, node: Node<'t>, field: Field) -> Option<Node<'t>> {
        match self.grammar.field_numbers[field as usize] {
            0 => None,
            number => node.child_by_field_id(number),
        }
    }

    /// Whether a child stands in a field.
    fn is_in(&self, number: u16, field: Field) -> bool {
        let found = self.grammar.fields.get(usize::from(number)).copied();
        found.unwrap_or(Field::None) == field
    }

    /// Opens a node whose children comments may document. Hand each child to
    /// [`reach`](Self::reach) in turn, then its children to the builder's `close`.
    fn open_documented(&mut self, node: Node<'t>) -> Documented {
        let comment = self.build.comments.len();
        let children = self.build.open(node);
        Documented { children, comment, comments_end: self.build.comments.len() }
    }

    /// Makes the comments between the last child and this one the leading ones.
    fn reach(&mut self, among: &mut Documented, child: Node<'t>) {
        self.leading.start = among.comment;
        self.reach_on(among, child);
    }

    /// As [`reach`](Self::reach), but keeps the comments before the last child,
    /// which was a decorator.
    fn reach_on(&mut self, among: &mut Documented, child: Node<'t>) {
        let start = child.start_byte() as u32;
        while among.comment < among.comments_end && self.build.comments[among.comment].start < start
        {
            among.comment += 1;
        }
        self.leading.end = among.comment;
    }
}
