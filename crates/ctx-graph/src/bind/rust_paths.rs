//! Rust paths, walked segment by segment through modules.

use ctx_model::edge::How;
use ctx_model::facts::*;

use super::{Binder, Bound, LONGEST_CHAIN, Place, Target, Type, bound};

impl Binder<'_> {
    /// What the path of a `use` or `mod` leads to.
    pub(super) fn rust_path(&self, place: &Place, import: &Import, depth: u32) -> Vec<Bound> {
        let path = place.name(import.module);
        if let Some(child) = path.strip_prefix("self::")
            && import.what == Imported::Module
            && !child.contains("::")
            && let Some(file) =
                self.layout.rust_child(place.file, &inline_modules(place, import.scope), child)
        {
            // `mod child;` or `use self::child;`: the file, if there is one.
            return vec![bound(Target::Module(file, 0), How::Import)];
        }
        let absolute = path.starts_with("::");
        let mut segments = path.split("::").map(str::trim).filter(|s| !s.is_empty());
        let Some(head) = segments.next() else { return external() };
        let mut at = match self.rust_head(place, import.scope, head) {
            Some(target) => vec![bound(target, How::Import)],
            None if absolute => self.rust_crate(head),
            None => self.rust_use_head(place, import, head, depth),
        };
        for segment in segments {
            if depth > LONGEST_CHAIN {
                return Vec::new();
            }
            at = self.rust_step(&at, segment, depth);
        }
        at
    }

    fn rust_step(&self, at: &[Bound], segment: &str, depth: u32) -> Vec<Bound> {
        let mut next = Vec::new();
        for step in at {
            match step.target {
                Target::Module(file, scope) if segment == "super" => {
                    next.extend(self.rust_parent(file, scope).map(|t| bound(t, How::Import)));
                }
                Target::Module(file, scope) => {
                    next.extend(self.member_of(&Type::Module(file, scope), segment, depth + 1));
                }
                Target::Symbol(symbol) => {
                    next.extend(self.member_of(&Type::Class(symbol), segment, depth + 1));
                }
                Target::External => next.push(*step),
                _ => {}
            }
        }
        next
    }

    /// `crate`, `self` or `super` as the head of a path.
    pub(super) fn rust_head(&self, place: &Place, scope: ScopeId, head: &str) -> Option<Target> {
        match head {
            "crate" => {
                let root = self.layout.crate_root(place.file).unwrap_or(place.file);
                Some(Target::Module(root, 0))
            }
            "self" => Some(Target::Module(place.file, place.module_scope(scope))),
            "super" => self.rust_parent(place.file, place.module_scope(scope)),
            _ => None,
        }
    }

    /// The module around a module.
    fn rust_parent(&self, file: u32, scope: ScopeId) -> Option<Target> {
        if scope == 0 {
            let parent = self.layout.rust_parent(file)?;
            return Some(Target::Module(parent, 0));
        }
        let place = self.place(file)?;
        let outer = place.unit.facts.scopes.get(scope as usize)?.parent?;
        Some(Target::Module(file, place.module_scope(outer)))
    }

    /// The first segment of a `use` path: a name in scope, or a crate.
    fn rust_use_head(&self, place: &Place, import: &Import, head: &str, depth: u32) -> Vec<Bound> {
        let module = place.module_scope(import.scope);
        if let Some(name) = place.unit.name_id(head)
            && place.unit.binds(module, name)
        {
            let itself = place.unit.bindings(module, name).find_map(|binding| match binding.to {
                BoundTo::Import(id) if place.unit.facts.imports[id as usize].at == import.at => {
                    Some(id)
                }
                _ => None,
            });
            let mut found = self.scope_bindings_but(place, module, name, itself, depth + 1);
            found.retain(|bound| !matches!(bound.target, Target::Local(..)));
            if !found.is_empty() {
                return found;
            }
        }
        self.rust_crate(head)
    }

    fn rust_crate(&self, name: &str) -> Vec<Bound> {
        match self.layout.crate_named(name) {
            Some(root) => vec![bound(Target::Module(root, 0), How::Import)],
            None => external(),
        }
    }
}

/// Names of the modules written around a scope of a file, the outermost first.
fn inline_modules(place: &Place, scope: ScopeId) -> Vec<&str> {
    let facts = &place.unit.facts;
    let mut names = Vec::new();
    let mut at = Some(scope);
    while let Some(id) = at {
        let scope = &facts.scopes[id as usize];
        if let (ScopeKind::Module, Some(definition)) = (scope.kind, scope.definition) {
            names.push(place.name(facts.definitions[definition as usize].name));
        }
        at = scope.parent;
    }
    names.reverse();
    names
}

fn external() -> Vec<Bound> {
    vec![bound(Target::External, How::Import)]
}
