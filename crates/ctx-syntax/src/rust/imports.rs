//! `use`, `extern crate` and `mod x;`.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::Builder;

/// What stands before a part of a `use` tree.
#[derive(Clone, Copy)]
struct Prefix<'a> {
    /// The path so far, with `::` between segments; empty at the root.
    text: &'a str,
    reexported: bool,
}

impl<'t> Walk<'_, 't> {
    /// `use a::b::{self, C as D, e::*};`
    pub(super) fn use_declaration(&mut self, node: Node<'t>) {
        let reexported = self.visibility_of(node).is_some();
        if let Some(argument) = self.in_field(node, Field::Argument) {
            self.use_tree(argument, Prefix { text: "", reexported });
        }
    }

    fn use_tree(&mut self, node: Node<'t>, prefix: Prefix<'_>) {
        if !self.build.descend(node) {
            return;
        }
        match self.kind(node) {
            Kind::UseList => self.use_list(node, prefix),
            Kind::ScopedUseList => {
                let path = self.in_field(node, Field::Path);
                // `::{a, b}`: names of crates.
                let path = path.map_or("", |path| self.build.text_of(path));
                let leading = prefix.text.is_empty() && path.is_empty();
                let text = joined(prefix.text, path);
                if let Some(list) = self.in_field(node, Field::List) {
                    let text = if leading { "::" } else { text.as_str() };
                    self.use_list(list, Prefix { text, ..prefix });
                }
            }
            Kind::UseWildcard => self.use_wildcard(node, prefix),
            Kind::UseAsClause => {
                let alias = self.in_field(node, Field::Alias);
                if let Some(path) = self.in_field(node, Field::Path) {
                    self.use_path(path, alias, prefix);
                }
            }
            _ => self.use_path(node, None, prefix),
        }
        self.build.ascend();
    }

    fn use_list(&mut self, node: Node<'t>, prefix: Prefix<'_>) {
        let children = self.build.open(node);
        for index in children.clone() {
            self.use_tree(self.build.child(index).node, prefix);
        }
        self.build.close(children);
    }

    fn use_wildcard(&mut self, node: Node<'t>, prefix: Prefix<'_>) {
        let path = self.first(node);
        let at = match path {
            Some(path) => self.in_field(path, Field::Name).unwrap_or(path),
            None => node,
        };
        let path = path.map_or("", |path| self.build.text_of(path));
        let module = self.build.name(&joined(prefix.text, path));
        self.add_import(module, Imported::Wildcard, at, None, prefix);
    }

    /// One imported path, with the name it is bound to if that is another.
    fn use_path(&mut self, node: Node<'t>, alias: Option<Node<'t>>, prefix: Prefix<'_>) {
        let scoped = self.kind(node) == Kind::ScopedIdentifier;
        let name_node = if scoped { self.in_field(node, Field::Name) } else { Some(node) };
        let Some(name_node) = name_node else { return };
        let path = if scoped { self.in_field(node, Field::Path) } else { None };
        let path_text = path.map_or("", |path| self.build.text_of(path));
        let name_text = self.build.text_of(name_node);
        let mut module = joined(prefix.text, path_text);
        let mut local = name_text;
        let mut what = None;
        if name_text == "self" && !module.is_empty() {
            // `a::b::{self}` is the module itself.
            local = module.rsplit("::").next().unwrap_or("");
        } else if module.is_empty() || module == "::" {
            // `::a` keeps the mark of a crate's name.
            let leading = scoped && path.is_none() || module == "::";
            module = format!("{}{name_text}", if leading { "::" } else { "" });
        } else {
            what = Some(self.build.name(name_text));
        }
        let local = match alias {
            Some(alias) => self.build.text_of(alias),
            None => local,
        };
        // `as _` imports a trait's methods, not its name.
        let local = (local != "_").then(|| self.build.name(local));
        let module = self.build.name(&module);
        let what = what.map_or(Imported::Module, Imported::Member);
        self.add_import(module, what, name_node, local, prefix);
    }

    fn add_import(
        &mut self,
        module: NameId,
        what: Imported,
        at: Node<'t>,
        local: Option<NameId>,
        prefix: Prefix<'_>,
    ) {
        let import = Import {
            module,
            what,
            scope: self.build.scope,
            at: Builder::position(at),
            reexported: prefix.reexported,
            type_only: false,
        };
        self.build.import(import, local);
    }

    /// `extern crate a as b;`
    pub(super) fn extern_crate(&mut self, node: Node<'t>) {
        let Some(name) = self.in_field(node, Field::Name) else { return };
        let alias = self.in_field(node, Field::Alias);
        let reexported = self.visibility_of(node).is_some();
        self.use_path(name, alias, Prefix { text: "", reexported });
    }

    /// `mod x;`: the module lies in another file.
    pub(super) fn module_elsewhere(&mut self, node: Node<'t>, name_node: Node<'t>) {
        let text = self.build.text_of(name_node);
        let (module, local) = (self.build.name(&format!("self::{text}")), self.build.name(text));
        let reexported = self.visibility_of(node).is_some();
        let prefix = Prefix { text: "", reexported };
        self.add_import(module, Imported::Module, name_node, Some(local), prefix);
    }
}

/// A prefix and a path as one path, without white space.
fn joined(prefix: &str, path: &str) -> String {
    let mut text = String::with_capacity(prefix.len() + path.len() + 2);
    text.push_str(prefix);
    if !prefix.is_empty() && !path.is_empty() && !text.ends_with("::") {
        text.push_str("::");
    }
    text.extend(path.chars().filter(|c| !c.is_whitespace()));
    text
}
