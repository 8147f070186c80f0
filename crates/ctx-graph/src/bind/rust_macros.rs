//! Rust macros: they have names of their own, which reach through the whole
//! crate.

use ctx_model::Language;
use ctx_model::edge::How;
use ctx_model::facts::*;

use super::{Binder, Bound, Place, Target, bound, builtins};
use crate::node::{FileNumber, SymbolRef};

impl Binder<'_> {
    /// What `name!` means: a macro of the scopes around it, an import, or a
    /// macro of the crate. Textual order is not followed: crates do not give
    /// one name to two macros that both reach a place.
    pub(super) fn macro_targets(&self, place: &Place, scope: ScopeId, name: NameId) -> Vec<Bound> {
        let mut at = Some(scope);
        while let Some(id) = at {
            let mut found = self.scope_bindings(place, id, name, 0);
            found.retain(|bound| match bound.target {
                Target::Symbol(symbol) => {
                    self.kind_of(symbol) == Some(DefinitionKind::Macro) || bound.how == How::Import
                }
                Target::External => true,
                _ => false,
            });
            if !found.is_empty() {
                return found;
            }
            at = place.unit.facts.scopes[id as usize].parent;
        }
        let text = place.name(name);
        let root = self.layout.crate_root(place.file);
        let found = root.map_or_else(Vec::new, |root| self.crate_macros(root, text, place.file));
        if !found.is_empty() {
            return found;
        }
        if builtins::is_builtin(Language::Rust, text) {
            return vec![bound(Target::External, How::Syntax)];
        }
        self.wildcard_name(place, scope, text, 0)
    }

    /// Macros of this name in the crate with this root; those of `near` if it
    /// has one.
    pub(super) fn crate_macros(
        &self,
        root: FileNumber,
        text: &str,
        near: FileNumber,
    ) -> Vec<Bound> {
        let named = |symbol: &SymbolRef| {
            self.place(symbol.file).is_some_and(|place| {
                let definition = place.unit.facts.definitions.get(symbol.definition as usize);
                definition.is_some_and(|definition| place.name(definition.name) == text)
            })
        };
        // The look at the root is what makes a new macro bind this file again.
        if self.place(root).is_none() {
            return Vec::new();
        }
        let all = self.extensions.members(SymbolRef::file(root));
        let mut found: Vec<SymbolRef> = all.iter().copied().filter(named).collect();
        if found.iter().any(|symbol| symbol.file == near) {
            found.retain(|symbol| symbol.file == near);
            // The last one before is meant; without flow, the last.
            found.drain(..found.len() - 1);
        }
        found.into_iter().map(|symbol| bound(Target::Symbol(symbol), How::Package)).collect()
    }
}
