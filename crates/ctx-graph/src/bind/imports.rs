//! What an import means: modules, members, re-exports followed.

use ctx_model::Language;
use ctx_model::edge::How;
use ctx_model::facts::*;

use super::{Binder, Bound, LONGEST_CHAIN, Place, Target, Type, add_bound, bound};
use crate::layout::{FolderId, Found};
use crate::node::{FileNumber, SymbolRef};

impl Binder<'_> {
    /// What an import binds its local name to.
    pub(super) fn import_targets(&self, place: &Place, import: &Import, depth: u32) -> Vec<Bound> {
        if depth > LONGEST_CHAIN {
            return Vec::new();
        }
        let modules = self.module_targets(place, import, depth);
        let Imported::Member(member) = import.what else { return modules };
        let text = place.name(member);
        let mut found = Vec::new();
        for module in modules {
            let members = match module.target {
                Target::Module(file, scope) => {
                    self.member_of(&Type::Module(file, scope), text, depth + 1)
                }
                Target::Folder(folder) => self.member_of(&Type::Folder(folder), text, depth + 1),
                Target::Symbol(symbol) => self.member_of(&Type::Class(symbol), text, depth + 1),
                Target::External => vec![bound(Target::External, How::Import)],
                Target::Local(..) => Vec::new(),
            };
            add_bound(&mut found, members.into_iter().map(|b| bound(b.target, How::Import)));
        }
        found
    }

    /// The module that an import names.
    pub(super) fn module_targets(&self, place: &Place, import: &Import, depth: u32) -> Vec<Bound> {
        let module = place.name(import.module);
        let language = place.unit.language;
        match language {
            Language::Rust => return self.rust_path(place, import, depth),
            Language::Java => return self.java_module(place, module, depth),
            _ => {}
        }
        match self.layout.resolve(place.file, language, module) {
            Found::File(file) => vec![bound(Target::Module(file, 0), How::Import)],
            Found::Folder(folder) => vec![bound(Target::Folder(folder), How::Import)],
            Found::External => vec![bound(Target::External, How::Import)],
            Found::Missing => Vec::new(),
        }
    }

    /// What `require('…')` gives: the module, and what it offers as its value.
    pub(super) fn module_value(&self, place: &Place, import: ImportId, depth: u32) -> Vec<Bound> {
        if depth > LONGEST_CHAIN {
            return Vec::new();
        }
        let import = place.unit.facts.imports[import as usize];
        let mut found = self.module_targets(place, &import, depth);
        for module in found.clone() {
            if let Target::Module(file, scope) = module.target {
                add_bound(&mut found, self.module_member(file, scope, "default", depth + 1));
            }
        }
        found
    }

    /// What a Java import names: a package, in every folder that holds some of
    /// it, or a class.
    fn java_module(&self, place: &Place, module: &str, depth: u32) -> Vec<Bound> {
        let folders = self.java_package(place, module);
        if folders.is_empty() {
            return self.java_class(place, module, depth);
        }
        folders.into_iter().map(|folder| bound(Target::Folder(folder), How::Import)).collect()
    }

    /// A Java import whose module is a class: a static or nested import.
    fn java_class(&self, place: &Place, module: &str, depth: u32) -> Vec<Bound> {
        let external = vec![bound(Target::External, How::Import)];
        let Some((package, class)) = module.rsplit_once('.') else { return external };
        if depth > LONGEST_CHAIN {
            return external;
        }
        let containers: Vec<Type> = self
            .java_module(place, package, depth + 1)
            .into_iter()
            .filter_map(|b| match b.target {
                Target::Folder(folder) => Some(Type::Folder(folder)),
                Target::Symbol(symbol) => Some(Type::Class(symbol)),
                _ => None,
            })
            .collect();
        if containers.is_empty() {
            return external;
        }
        containers.iter().flat_map(|c| self.member_of(c, class, depth + 1)).collect()
    }

    /// The folders that hold some of a Java package. Their paths only end like
    /// it: what their files say decides.
    fn java_package(&self, place: &Place, package: &str) -> Vec<FolderId> {
        let mut folders = self.layout.package_of(place.file, Language::Java, package);
        folders.retain(|folder| {
            self.layout.files_in(*folder).iter().any(|file| {
                self.place(*file).is_some_and(|place| {
                    place.unit.facts.package.is_some_and(|own| place.name(own) == package)
                })
            })
        });
        folders
    }

    /// What a file offers under a name to those that import it.
    pub(super) fn module_member(
        &self,
        file: FileNumber,
        scope: ScopeId,
        text: &str,
        depth: u32,
    ) -> Vec<Bound> {
        if depth > LONGEST_CHAIN {
            return Vec::new();
        }
        let Some(place) = self.place(file) else { return Vec::new() };
        let is_script = matches!(
            place.unit.language,
            Language::JavaScript | Language::TypeScript | Language::Tsx
        );
        if is_script && scope == 0 {
            let exported = self.exported(&place, text, depth);
            if !exported.is_empty() {
                return exported;
            }
        } else if let Some(name) = place.unit.name_id(text) {
            let found = self.scope_bindings(&place, scope, name, depth + 1);
            if !found.is_empty() {
                return found;
            }
        }
        if place.unit.language == Language::Python && scope == 0 {
            let child = self.layout.python_child(Some(file), None, text);
            if let Some(target) = found_target(child) {
                return vec![bound(target, How::Import)];
            }
        }
        let offered = self.offered_by_wildcard(&place, scope, text, depth);
        if offered.is_empty() && scope == 0 && self.layout.crate_root(file) == Some(file) {
            // What `#[macro_export]` offers is found at the root of the crate.
            return self.crate_macros(file, text, file);
        }
        offered
    }

    fn offered_by_wildcard(
        &self,
        place: &Place,
        scope: ScopeId,
        text: &str,
        depth: u32,
    ) -> Vec<Bound> {
        let mut outside = false;
        for import in &place.unit.facts.imports {
            let offered = import.what == Imported::Wildcard
                && import.reexported
                && place.module_scope(import.scope) == scope;
            if !offered || (text == "default") {
                continue;
            }
            match self.wildcard_member(place, import, text, depth + 1) {
                Some(found) if !found.is_empty() => return found,
                Some(_) => {}
                None => outside = true,
            }
        }
        if outside { vec![bound(Target::External, How::Wildcard)] } else { Vec::new() }
    }

    /// An export of a JavaScript or TypeScript file.
    fn exported(&self, place: &Place, text: &str, depth: u32) -> Vec<Bound> {
        let facts = &place.unit.facts;
        let mut found = Vec::new();
        for export in facts.exports.iter().filter(|export| facts.name(export.name) == text) {
            match export.what {
                Exported::Local(name) => {
                    add_bound(&mut found, self.scope_bindings(place, 0, name, depth + 1));
                }
                Exported::Import(id) => {
                    let import = facts.imports[id as usize];
                    add_bound(&mut found, self.import_targets(place, &import, depth + 1));
                }
                Exported::Expression(id) => {
                    add_bound(&mut found, self.expression_targets(place, id, depth + 1));
                }
            }
        }
        if found.is_empty() {
            let wanted = if text == "default" {
                DefinitionFlags::DEFAULT_EXPORT
            } else {
                DefinitionFlags::EXPORTED
            };
            let definition = facts.definitions.iter().position(|definition| {
                definition.parent.is_none()
                    && definition.flags.has(wanted)
                    && (text == "default" || facts.name(definition.name) == text)
            });
            found.extend(definition.map(|id| {
                let symbol = SymbolRef { file: place.file, definition: id as DefinitionId };
                bound(Target::Symbol(symbol), How::Import)
            }));
        }
        found
    }
}

/// A module found by the layout as a target.
pub(super) fn found_target(found: Found) -> Option<Target> {
    match found {
        Found::File(file) => Some(Target::Module(file, 0)),
        Found::Folder(folder) => Some(Target::Folder(folder)),
        Found::External | Found::Missing => None,
    }
}
