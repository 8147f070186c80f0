//! A bare name, looked up through scopes, package, wildcards and built-ins.

use ctx_model::Language;
use ctx_model::edge::How;
use ctx_model::facts::*;

use super::meanings::not_yet;
use super::members::Wanted;
use super::{
    Binder, Bound, LONGEST_CHAIN, Place, Target, Type, add_bound, bound, builtins, is_local, kept,
    outside,
};
use crate::node::SymbolRef;

impl Binder<'_> {
    /// What a name means in a scope; empty if no rule binds it.
    pub(super) fn name_targets(
        &self,
        place: &Place,
        used: ExpressionId,
        name: NameId,
        depth: u32,
    ) -> Vec<Bound> {
        let Expression { scope, role, .. } = place.unit.facts.expressions[used as usize];
        if depth > LONGEST_CHAIN {
            return Vec::new();
        }
        let text = place.name(name);
        if let Some(special) = self.special_name(place, scope, text, depth) {
            return special;
        }
        let found = self.scoped_name(place, used, name, depth);
        if !found.is_empty() {
            return self.fitting(place, found, role);
        }
        let found = self.package_name(place, text);
        if !found.is_empty() {
            return found;
        }
        let found = self.wildcard_name(place, scope, text, depth);
        if !found.is_empty() {
            return found;
        }
        if place.unit.language == Language::Rust
            && let Some(root) = self.layout.crate_named(text)
        {
            return vec![bound(Target::Module(root, 0), How::Package)];
        }
        let is_dependency =
            place.unit.language == Language::Rust && self.layout.is_rust_dependency(text);
        if is_dependency || builtins::is_builtin(place.unit.language, text) {
            return vec![bound(Target::External, How::Syntax)];
        }
        if role == Role::Callee && self.may_inherit_from_outside(place, scope, text) {
            return vec![bound(Target::External, How::SelfType)];
        }
        Vec::new()
    }

    /// Whether a Java method that is called without a receiver may be one that
    /// a class around the call inherits from outside.
    fn may_inherit_from_outside(&self, place: &Place, scope: ScopeId, text: &str) -> bool {
        if place.unit.language != Language::Java {
            return false;
        }
        let scopes = &place.unit.facts.scopes;
        let around = std::iter::successors(Some(scope), |at| scopes[*at as usize].parent);
        let mut classes = around.filter_map(|at| match scopes[at as usize] {
            Scope { kind: ScopeKind::Type, definition: Some(definition), .. } => {
                Some(SymbolRef { file: place.file, definition })
            }
            _ => None,
        });
        outside::is_of_every_object(Language::Java, text)
            || classes.any(|class| self.extends_outside(class, 0))
    }

    /// Names with a meaning of their own: Rust's path heads.
    fn special_name(
        &self,
        place: &Place,
        scope: ScopeId,
        text: &str,
        depth: u32,
    ) -> Option<Vec<Bound>> {
        if place.unit.language != Language::Rust {
            return None;
        }
        match text {
            "crate" | "self" | "super" => {
                let module = self.rust_head(place, scope, text)?;
                Some(vec![bound(module, How::Scope)])
            }
            "Self" => Some(
                self.enclosing_types(place, scope, depth)
                    .into_iter()
                    .map(|symbol| bound(Target::Symbol(symbol), How::SelfType))
                    .collect(),
            ),
            _ => None,
        }
    }

    /// What one scope of a Java file binds a name to: methods, values and types
    /// have names apart from each other, and members may be inherited.
    fn java_scope(
        &self,
        place: &Place,
        id: ScopeId,
        used: ExpressionId,
        name: NameId,
        depth: u32,
    ) -> Vec<Bound> {
        let scope = &place.unit.facts.scopes[id as usize];
        let role = place.unit.facts.expressions[used as usize].role;
        let wanted = Wanted::by(role, Language::Java);
        if let (ScopeKind::Type, Some(definition)) = (scope.kind, scope.definition) {
            let class = SymbolRef { file: place.file, definition };
            let members = self.class_member_fitting(class, place.name(name), wanted, depth + 1);
            if !members.is_empty() {
                let target = |symbol| bound(Target::Symbol(symbol), How::SelfType);
                return members.into_iter().map(target).collect();
            }
        }
        if !place.unit.binds(id, name) || not_yet(place, id, name, used) {
            return Vec::new();
        }
        let mut found = self.scope_bindings(place, id, name, depth);
        found.retain(|bound| match bound.target {
            Target::Symbol(symbol) => self.kind_of(symbol).is_some_and(|kind| wanted.fits(kind)),
            Target::Local(..) => wanted != Wanted::Called,
            _ => true,
        });
        found
    }

    /// What kind of thing a symbol is.
    pub(super) fn kind_of(&self, symbol: SymbolRef) -> Option<DefinitionKind> {
        let place = self.place(symbol.file)?;
        Some(place.unit.facts.definitions.get(symbol.definition as usize)?.kind)
    }

    fn scoped_name(
        &self,
        place: &Place,
        used: ExpressionId,
        name: NameId,
        depth: u32,
    ) -> Vec<Bound> {
        let start = place.unit.facts.expressions[used as usize].scope;
        let facts = &place.unit.facts;
        let language = place.unit.language;
        let mut at = Some(start);
        while let Some(id) = at {
            let scope = &facts.scopes[id as usize];
            if language == Language::Java {
                let found = self.java_scope(place, id, used, name, depth);
                if !found.is_empty() {
                    return found;
                }
                at = scope.parent;
                continue;
            }
            let visible = match (scope.kind, language) {
                // A class body sees its own names; functions inside it do not.
                (ScopeKind::Type, Language::Python) => id == start,
                (ScopeKind::Type | ScopeKind::Extension, _) => false,
                _ => true,
            };
            if visible && place.unit.binds(id, name) && !not_yet(place, id, name, used) {
                let mut found = self.scope_bindings(place, id, name, depth);
                if language == Language::Python && id == start {
                    self.defined_before(place, used, name, &mut found);
                }
                if !found.is_empty() {
                    return found;
                }
            }
            if language == Language::Rust && scope.kind == ScopeKind::Module {
                return Vec::new();
            }
            at = scope.parent;
        }
        Vec::new()
    }

    /// What the bindings of one scope say.
    pub(super) fn scope_bindings(
        &self,
        place: &Place,
        scope: ScopeId,
        name: NameId,
        depth: u32,
    ) -> Vec<Bound> {
        let key = (place.file, scope, name);
        let work = || self.scope_bindings_but(place, scope, name, None, depth);
        kept(&self.session, |session| &mut session.bindings, key, work)
    }

    /// The same without one import, which must not be bound through itself.
    pub(super) fn scope_bindings_but(
        &self,
        place: &Place,
        scope: ScopeId,
        name: NameId,
        except: Option<ImportId>,
        depth: u32,
    ) -> Vec<Bound> {
        let mut found = Vec::new();
        let mut definition = None;
        let mut type_only = None;
        let mut local = false;
        let is_rust = place.unit.language == Language::Rust;
        for binding in place.unit.bindings(scope, name) {
            match binding.to {
                BoundTo::Import(id) if Some(id) == except => {}
                // Several live side by side: a type and a function, or one item
                // for each of several configurations.
                BoundTo::Definition(definition) if is_rust => {
                    let target = Target::Symbol(SymbolRef { file: place.file, definition });
                    add_bound(&mut found, [bound(target, How::Scope)]);
                }
                // The last definition wins, as it does when the code runs.
                BoundTo::Definition(id) if is_type_only(place, id) => {
                    type_only = Some(id);
                }
                BoundTo::Definition(id) => definition = Some(id),
                BoundTo::Import(id) => {
                    let import = place.unit.facts.imports[id as usize];
                    add_bound(&mut found, self.import_targets(place, &import, depth + 1));
                }
                BoundTo::Outer => return Vec::new(),
                to => local |= is_local(to),
            }
        }
        if let Some(definition) = type_only {
            let target = Target::Symbol(SymbolRef { file: place.file, definition });
            add_bound(&mut found, [bound(target, How::Scope)]);
        }
        if let Some(definition) = definition {
            // A fallback beside an import (`try: import x; except: x = None`)
            // matters only where the import leads nowhere.
            let has_symbol =
                type_only.is_none() && found.iter().any(|b| matches!(b.target, Target::Symbol(_)));
            if !has_symbol {
                found.retain(|b| b.target != Target::External);
                let target = Target::Symbol(SymbolRef { file: place.file, definition });
                add_bound(&mut found, [bound(target, How::Scope)]);
            }
        } else if local {
            add_bound(&mut found, [bound(Target::Local(place.file, scope, name), How::Scope)]);
        }
        found
    }

    /// Names of the same Go or Java package.
    fn package_name(&self, place: &Place, text: &str) -> Vec<Bound> {
        let language = place.unit.language;
        if !matches!(language, Language::Go | Language::Java) {
            return Vec::new();
        }
        let package = place.unit.facts.package.map_or("", |package| place.name(package));
        let mut found = Vec::new();
        for folder in self.layout.package_of(place.file, language, package) {
            for target in self.folder_member(folder, text, Some(package)) {
                add_bound(&mut found, [bound(target, How::Package)]);
            }
        }
        found
    }

    /// Names that a wildcard import of this file brings in.
    pub(super) fn wildcard_name(
        &self,
        place: &Place,
        scope: ScopeId,
        text: &str,
        depth: u32,
    ) -> Vec<Bound> {
        let facts = &place.unit.facts;
        let module_scope = place.module_scope(scope);
        let mut unknown = false;
        for import in facts.imports.iter().filter(|import| import.what == Imported::Wildcard) {
            if place.module_scope(import.scope) != module_scope || is_reexport_only(place, import) {
                continue;
            }
            let found = self.wildcard_member(place, import, text, depth + 1);
            match found {
                Some(found) if !found.is_empty() => {
                    return found.into_iter().map(|b| bound(b.target, How::Wildcard)).collect();
                }
                Some(_) => {}
                None => unknown = true,
            }
        }
        // The name may come out of a wildcard whose module is outside.
        if unknown { vec![bound(Target::External, How::Wildcard)] } else { Vec::new() }
    }

    /// Members of the modules that a wildcard names; none if they lie outside.
    pub(super) fn wildcard_member(
        &self,
        place: &Place,
        import: &Import,
        text: &str,
        depth: u32,
    ) -> Option<Vec<Bound>> {
        if depth > LONGEST_CHAIN {
            return Some(Vec::new());
        }
        let modules = self.module_targets(place, import, depth);
        let outside = modules.iter().all(|module| module.target == Target::External);
        if outside && !modules.is_empty() {
            return None;
        }
        let mut found = Vec::new();
        for module in modules {
            let container = match module.target {
                Target::Module(file, scope) => Type::Module(file, scope),
                Target::Folder(folder) => Type::Folder(folder),
                Target::Symbol(symbol) => Type::Class(symbol),
                _ => continue,
            };
            add_bound(&mut found, self.member_of(&container, text, depth + 1));
        }
        Some(found)
    }
}

/// Whether a definition exists only for TypeScript's type checker.
fn is_type_only(place: &Place, id: DefinitionId) -> bool {
    let kind = place.unit.facts.definitions[id as usize].kind;
    super::types::is_script(place.unit.language)
        && matches!(kind, DefinitionKind::Interface | DefinitionKind::TypeAlias)
}

/// `export * from` offers names on without binding them here.
fn is_reexport_only(place: &Place, import: &Import) -> bool {
    import.reexported
        && matches!(
            place.unit.language,
            Language::JavaScript | Language::TypeScript | Language::Tsx
        )
}
