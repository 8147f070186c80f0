//! Which of several meanings of a name a use has: by its role and its place.

use ctx_model::Language;
use ctx_model::edge::How;
use ctx_model::facts::*;

use super::types::is_script;
use super::{Binder, Bound, LONGEST_CHAIN, Place, Target, bound};
use crate::node::SymbolRef;

impl Binder<'_> {
    /// Names of several kinds may be spelled alike; the use says which is meant.
    pub(super) fn fitting(&self, place: &Place, found: Vec<Bound>, role: Role) -> Vec<Bound> {
        let is_rust = place.unit.language == Language::Rust;
        if is_rust && role == Role::Annotation {
            return self.attributes(found);
        }
        if found.len() < 2 {
            return found;
        }
        let wants_type = matches!(role, Role::Type | Role::Base);
        let has_module =
            is_rust && found.iter().any(|bound| matches!(bound.target, Target::Module(..)));
        let fits = |bound: &Bound| match bound.target {
            Target::Symbol(symbol) => self.kind_of(symbol).is_none_or(|kind| {
                let only_type =
                    matches!(kind, DefinitionKind::Interface | DefinitionKind::TypeAlias);
                match role {
                    _ if wants_type => kind.is_type(),
                    Role::Callee if is_rust => kind != DefinitionKind::Macro,
                    // The head of a path: `sleep::other` beside `fn sleep`.
                    Role::Read if has_module => !kind.is_function(),
                    _ if is_rust => true,
                    _ => !only_type,
                }
            }),
            // A Rust module is no value: `sleep()` beside `mod sleep`.
            Target::Module(..) => !(is_rust && matches!(role, Role::Callee | Role::Type)),
            _ => true,
        };
        let fitting: Vec<Bound> = found.iter().copied().filter(fits).collect();
        if fitting.is_empty() { found } else { fitting }
    }

    /// What of some targets can be an attribute of Rust: a macro, or what an
    /// import brings in; a plain function beside it is none.
    fn attributes(&self, mut found: Vec<Bound>) -> Vec<Bound> {
        found.retain(|bound| match bound.target {
            Target::Symbol(symbol) if bound.how == How::Scope => {
                self.kind_of(symbol) == Some(DefinitionKind::Macro)
            }
            Target::Module(..) | Target::Local(..) => false,
            _ => true,
        });
        if found.is_empty() { vec![bound(Target::External, How::Syntax)] } else { found }
    }

    /// Takes out of several targets in JavaScript those that are other names of
    /// one of them: `require` gives what a module exports and the object that it
    /// exports it by, `module.exports = { run }`.
    pub(super) fn without_other_names(&self, place: &Place, found: &mut Vec<Bound>, depth: u32) {
        if found.len() < 2 || !is_script(place.unit.language) || depth > LONGEST_CHAIN {
            return;
        }
        let targets: Vec<Target> = found.iter().map(|bound| bound.target).collect();
        found.retain(|bound| {
            let Target::Symbol(symbol) = bound.target else { return true };
            let stands_for = self.named_by_value(symbol, depth + 1);
            !stands_for.iter().any(|other| *other != bound.target && targets.contains(other))
        });
    }

    /// What the value of a constant, variable or property names.
    fn named_by_value(&self, symbol: SymbolRef, depth: u32) -> Vec<Target> {
        let Some(place) = self.place(symbol.file) else { return Vec::new() };
        let Some(definition) = place.unit.facts.definitions.get(symbol.definition as usize) else {
            return Vec::new();
        };
        if definition.kind.is_function() || definition.kind.is_type() {
            return Vec::new();
        }
        place
            .unit
            .bindings(definition.scope, definition.name)
            .filter(|binding| binding.to == BoundTo::Definition(symbol.definition))
            .filter_map(|binding| binding.value)
            .flat_map(|value| self.expression_targets(&place, value, depth))
            .map(|bound| bound.target)
            .collect()
    }

    /// Of several definitions of one name in one Python scope, a use in the same
    /// scope means the last one before it.
    pub(super) fn defined_before(
        &self,
        place: &Place,
        used: ExpressionId,
        name: NameId,
        found: &mut [Bound],
    ) {
        let used = &place.unit.facts.expressions[used as usize];
        let [only] = found else { return };
        let Target::Symbol(symbol) = only.target else { return };
        if symbol.file != place.file || place.unit.bindings(used.scope, name).nth(1).is_none() {
            return;
        }
        let before = place
            .unit
            .bindings(used.scope, name)
            .filter(|binding| binding.line < used.at.line)
            .filter_map(|binding| match binding.to {
                BoundTo::Definition(definition) => Some(definition),
                _ => None,
            });
        if let Some(definition) = before.last() {
            only.target = Target::Symbol(SymbolRef { file: place.file, definition });
        }
    }
}

/// Whether a scope binds a name only after a use of it, or by the value that
/// the use stands in: `let level = level(self)` calls what an outer scope binds.
pub(super) fn not_yet(place: &Place, scope: ScopeId, name: NameId, used: ExpressionId) -> bool {
    let facts = &place.unit.facts;
    let Expression { role, at, .. } = facts.expressions[used as usize];
    let in_order = match place.unit.language {
        Language::Rust | Language::Go => true,
        Language::Java => role != Role::Callee,
        _ => false,
    };
    in_order
        && place.unit.bindings(scope, name).all(|binding| {
            // Operands stand before what has them.
            let in_value = binding.value.is_some_and(|value| {
                used < value && facts.expressions[value as usize].at.line <= at.line
            });
            binding.to == BoundTo::Local && (binding.line > at.line || in_value)
        })
}
