//! Imports.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::Builder;

impl<'t> Walk<'_, 't> {
    /// `import a.b, c as d`.
    pub(super) fn import(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let (module, alias) = self.name_and_alias(child);
            let module_text = self.build.text_of(module);
            let local = match alias {
                Some(alias) => self.build.text_of(alias),
                // `import a.b` binds `a`.
                None => module_text.split('.').next().unwrap_or(module_text),
            };
            let bound_module = if alias.is_some() { module_text } else { local };
            let (full, bound, local) = (
                self.build.name(module_text),
                self.build.name(bound_module),
                self.build.name(local),
            );
            let at = Builder::position(module);
            if full != bound {
                // The submodule is loaded too, though only its package is bound.
                self.import_module(full, at, None);
            }
            self.import_module(bound, at, Some(local));
        }
        self.build.close(children);
    }

    fn import_module(&mut self, module: NameId, at: ctx_model::Position, local: Option<NameId>) {
        let import = Import {
            module,
            what: Imported::Module,
            scope: self.build.scope,
            at,
            reexported: false,
            type_only: self.own.type_only,
        };
        self.build.import(import, local);
    }

    /// `from .a import b as c, d`.
    pub(super) fn import_from(&mut self, node: Node<'t>) {
        let Some(module_node) = self.in_field(node, Field::ModuleName) else { return };
        let module_text: String =
            self.build.text_of(module_node).chars().filter(|c| !c.is_whitespace()).collect();
        let module = self.build.name(&module_text);
        let scope = self.build.scope;
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            if self.kind(child.node) == Kind::WildcardImport {
                let at = Builder::position(child.node);
                let import = Import {
                    module,
                    what: Imported::Wildcard,
                    scope,
                    at,
                    reexported: true,
                    type_only: self.own.type_only,
                };
                self.build.import(import, None);
            } else if self.field(child.field) == Field::Name {
                let (member, alias) = self.name_and_alias(child.node);
                let name = self.build.name_of(member);
                let local = alias.map_or(name, |alias| self.build.name_of(alias));
                let import = Import {
                    module,
                    what: Imported::Member(name),
                    scope,
                    at: Builder::position(member),
                    reexported: false,
                    type_only: self.own.type_only,
                };
                self.build.import(import, Some(local));
            }
        }
        self.build.close(children);
    }

    fn name_and_alias(&self, node: Node<'t>) -> (Node<'t>, Option<Node<'t>>) {
        if self.kind(node) == Kind::AliasedImport {
            let name = self.in_field(node, Field::Name).unwrap_or(node);
            (name, self.in_field(node, Field::Alias))
        } else {
            (node, None)
        }
    }
}
