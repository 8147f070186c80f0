//! Imports and the package clause.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::Builder;

impl<'t> Walk<'_, 't> {
    /// `package name`.
    pub(super) fn package(&mut self, node: Node<'t>) {
        if let Some(name) = node.named_child(0) {
            self.build.facts.package = Some(self.build.name_of(name));
        }
    }

    /// `import "path"`, `import (…)`.
    pub(super) fn imports(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::ImportSpecList => {
                    let specs = self.build.open(child);
                    for index in specs.clone() {
                        self.import(self.build.child(index).node);
                    }
                    self.build.close(specs);
                }
                _ => self.import(child),
            }
        }
        self.build.close(children);
    }

    fn import(&mut self, node: Node<'t>) {
        if self.kind(node) != Kind::ImportSpec {
            return;
        }
        let Some(path) = self.in_field(node, Field::Path) else { return };
        let Some(content) = path.named_child(0) else { return };
        let path = self.build.text_of(content);
        let alias = self.in_field(node, Field::Name);
        let (what, local) = match alias.map(|alias| self.kind(alias)) {
            Some(Kind::Dot) => (Imported::Wildcard, None),
            Some(Kind::BlankIdentifier) => (Imported::Module, None),
            Some(_) => (Imported::Module, alias.map(|alias| self.build.text_of(alias))),
            None => (Imported::Module, Some(package_name(path))),
        };
        let module = self.build.name(path);
        let local = local.filter(|local| !local.is_empty());
        let local = local.map(|local| self.build.name(local));
        let import = Import {
            module,
            what,
            scope: self.build.scope,
            at: Builder::position(content),
            reexported: false,
            type_only: false,
        };
        self.build.import(import, local);
    }
}

/// The name that a package most likely has, by its import path.
fn package_name(path: &str) -> &str {
    let is_version = |text: &str| {
        text.strip_prefix('v').is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let (parents, last) = path.rsplit_once('/').unwrap_or(("", path));
    // Major versions are no names: `example.com/pkg/v2`, `gopkg.in/yaml.v3`.
    if is_version(last) && !parents.is_empty() {
        return parents.rsplit('/').next().unwrap_or(parents);
    }
    match last.rsplit_once('.') {
        Some((name, version)) if is_version(version) => name,
        _ => last,
    }
}

#[cfg(test)]
mod tests {
    use super::package_name;

    #[test]
    fn a_package_is_named_by_its_path_without_its_version() {
        let paths = ["fmt", "net/http", "github.com/a/b/v2", "gopkg.in/yaml.v3", "v2", "a/v"];
        let names = paths.map(package_name);
        assert_eq!(names, ["fmt", "http", "b", "yaml", "v2", "v"]);
    }
}
