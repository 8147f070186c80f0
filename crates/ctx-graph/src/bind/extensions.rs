//! Members and traits that types are given away from their definition: Go
//! methods, Rust `impl` blocks, assignments to a prototype.

use ctx_model::facts::*;
use rustc_hash::FxHashMap;

use super::{Binder, Place, Type};
use crate::node::{FileExtensions, FileNumber, SymbolRef};

/// Members and traits of types, gathered from all files.
#[derive(Debug, Default, Clone)]
pub struct Extensions {
    members: FxHashMap<SymbolRef, Vec<SymbolRef>>,
    traits: FxHashMap<SymbolRef, Vec<SymbolRef>>,
}

impl Extensions {
    /// Adds what a file gives to types. The order in which files are added
    /// makes no difference.
    pub fn add(&mut self, file: FileNumber, given: &FileExtensions) {
        for (owner, definition) in &given.members {
            let member = SymbolRef { file, definition: *definition };
            insert(self.members.entry(*owner).or_default(), member);
        }
        for (owner, implemented) in &given.traits {
            insert(self.traits.entry(*owner).or_default(), *implemented);
        }
    }

    /// Members of a type that are defined away from it, and macros of the crate
    /// whose root a file is.
    pub fn members(&self, owner: SymbolRef) -> &[SymbolRef] {
        self.members.get(&owner).map_or(&[], Vec::as_slice)
    }

    /// Traits implemented for a type.
    pub fn traits(&self, owner: SymbolRef) -> &[SymbolRef] {
        self.traits.get(&owner).map_or(&[], Vec::as_slice)
    }
}

/// Inserts into a sorted list what it does not hold yet.
fn insert(sorted: &mut Vec<SymbolRef>, symbol: SymbolRef) {
    if let Err(place) = sorted.binary_search(&symbol) {
        sorted.insert(place, symbol);
    }
}

impl Binder<'_> {
    /// What a file adds to types. Needs no extensions itself.
    pub fn extensions_of(&self, file: FileNumber) -> FileExtensions {
        let mut given = FileExtensions::default();
        let Some(place) = self.start(file) else { return given };
        let facts = &place.unit.facts;
        let root = self.layout.crate_root(file);
        for (id, definition) in facts.definitions.iter().enumerate() {
            if let (DefinitionKind::Macro, Some(root)) = (definition.kind, root) {
                given.members.push((SymbolRef::file(root), id as DefinitionId));
            }
            let Some(owner) = definition.owner else { continue };
            for symbol in self.types_named(&place, owner) {
                given.members.push((symbol, id as DefinitionId));
            }
        }
        for (id, expression) in facts.expressions.iter().enumerate() {
            let scope = &facts.scopes[expression.scope as usize];
            let (Role::Base, ScopeKind::Extension, Some(owner)) =
                (expression.role, scope.kind, scope.owner)
            else {
                continue;
            };
            let owners = self.types_named(&place, owner);
            for implemented in self.types_named(&place, id as ExpressionId) {
                given.traits.extend(owners.iter().map(|owner| (*owner, implemented)));
            }
        }
        given
    }

    fn types_named(&self, place: &Place, expression: ExpressionId) -> Vec<SymbolRef> {
        self.annotated(place, expression, 0)
            .into_iter()
            .filter_map(|ty| match ty {
                Type::Instance(symbol) => Some(symbol),
                _ => None,
            })
            .collect()
    }
}
