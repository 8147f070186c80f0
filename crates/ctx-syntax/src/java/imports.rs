//! Imports and the package declaration.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::Builder;

impl<'t> Walk<'_, 't> {
    /// `package a.b;`.
    pub(super) fn package(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::Annotation | Kind::MarkerAnnotation => {
                    self.annotation(child);
                }
                _ => self.build.facts.package = Some(self.dotted_name(child)),
            }
        }
        self.build.close(children);
    }

    /// `import a.b.C;`, `import static a.b.C.m;`, `import a.b.*;`.
    pub(super) fn import(&mut self, node: Node<'t>) {
        let mut path = None;
        let mut wildcard = false;
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::Asterisk => wildcard = true,
                _ => path = Some(child),
            }
        }
        self.build.close(children);
        let Some(path) = path else { return };
        if wildcard {
            let module = self.dotted_name(path);
            self.add_import(module, Imported::Wildcard, path, None);
            return;
        }
        let (module, member) =
            match (self.in_field(path, Field::Scope), self.in_field(path, Field::Name)) {
                (Some(scope), Some(name)) => (self.dotted_name(scope), name),
                _ => (self.build.name(""), path),
            };
        if member.is_missing() {
            return;
        }
        let name = self.build.name_of(member);
        self.add_import(module, Imported::Member(name), member, Some(name));
    }

    fn add_import(
        &mut self,
        module: NameId,
        what: Imported,
        node: Node<'t>,
        local: Option<NameId>,
    ) {
        let import = Import {
            module,
            what,
            scope: self.build.scope,
            at: Builder::position(node),
            reexported: false,
            type_only: false,
        };
        self.build.import(import, local);
    }

    /// A dotted name as one text, white space removed.
    fn dotted_name(&mut self, node: Node<'t>) -> NameId {
        let text = self.build.text_of(node);
        if text.contains(char::is_whitespace) {
            let text: String = text.split_whitespace().collect();
            self.build.name(&text)
        } else {
            self.build.name(text)
        }
    }
}
