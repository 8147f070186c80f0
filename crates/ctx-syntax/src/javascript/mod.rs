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
use crate::grammar::{self, Syntax};
use crate::walk;

/// The walk over JavaScript and TypeScript.
type Walk<'g, 't> = walk::Walk<'g, 't, Script>;

/// The grammars of JavaScript and TypeScript.
pub(crate) type Grammar = grammar::Grammar<Script>;

/// What the walk over JavaScript and TypeScript looks at.
pub(crate) enum Script {}

impl Syntax for Script {
    type Kind = Kind;
    type Field = Field;
    type Own<'t> = Own;
    const COMMENTS: &'static [&'static str] = &["comment", "html_comment"];
}

/// What the walk needs to keep in mind.
pub(crate) struct Own {
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

/// Walks a tree into facts.
pub(crate) fn extract<'t>(grammar: &Grammar, text: &'t str, tree: &'t Tree) -> Builder<'t> {
    let root = tree.root_node();
    let own = Own {
        bound: FxHashMap::default(),
        fields: FxHashMap::default(),
        operands: Vec::new(),
        leading: 0..0,
        this: This::Free,
        ambient: Ambient::No,
        exports_scope: None,
    };
    let mut walk = Walk::new(grammar, text, root, own);
    walk.statements(root);
    walk.mark_exported();
    walk.build
}

/// Children that comments may document, and how far the walk has come in them.
struct Documented {
    children: Range<usize>,
    comment: usize,
    comments_end: usize,
}

impl<'t> Walk<'_, 't> {
    /// Opens a node whose children comments may document. Hand each child to
    /// [`reach`](Self::reach) in turn, then its children to the builder's `close`.
    fn open_documented(&mut self, node: Node<'t>) -> Documented {
        let comment = self.build.comments.len();
        let children = self.build.open(node);
        Documented { children, comment, comments_end: self.build.comments.len() }
    }

    /// Makes the comments between the last child and this one the leading ones.
    fn reach(&mut self, among: &mut Documented, child: Node<'t>) {
        self.own.leading.start = among.comment;
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
        self.own.leading.end = among.comment;
    }
}
