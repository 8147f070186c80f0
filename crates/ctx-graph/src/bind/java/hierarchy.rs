//! What a class has above itself, and what of that is known.

use ctx_model::facts::*;

use super::types::all_supertypes;
use crate::bind::{Binder, LONGEST_CHAIN, Place, Type, builtins};
use crate::node::SymbolRef;

/// What a class extends or implements.
enum Above {
    /// A type of the project.
    Ours(SymbolRef),
    /// A type of the standard library, which knows nothing of the project.
    Standard(String),
    /// Another one from outside.
    Foreign(String),
}

impl Binder<'_> {
    /// Whether a class is another or has it above itself; none if it has
    /// something above itself that is not known.
    pub(super) fn is_subclass(&self, class: SymbolRef, of: SymbolRef, depth: u32) -> Option<bool> {
        if class == of {
            return Some(true);
        }
        if depth > LONGEST_CHAIN {
            return None;
        }
        let mut answer = Some(false);
        for base in self.bases_in_java(class, depth) {
            let above = match base {
                Above::Ours(base) => self.is_subclass(base, of, depth + 1),
                Above::Standard(_) => Some(false),
                Above::Foreign(_) => None,
            };
            match above {
                Some(true) => return Some(true),
                Some(false) => {}
                None => answer = None,
            }
        }
        answer
    }

    /// Whether a class has a type from outside above itself.
    pub(super) fn is_below_outside(
        &self,
        class: SymbolRef,
        name: &str,
        depth: u32,
    ) -> Option<bool> {
        if all_supertypes(name).is_some() {
            return Some(false);
        }
        if depth > LONGEST_CHAIN {
            return None;
        }
        let mut answer = match (self.kind_of(class), name) {
            (Some(DefinitionKind::Enum), "Enum" | "Comparable" | "Serializable" | "Constable")
            | (Some(DefinitionKind::Struct), "Record") => return Some(true),
            _ => Some(false),
        };
        for base in self.bases_in_java(class, depth) {
            let above = match base {
                Above::Ours(base) => self.is_below_outside(base, name, depth + 1),
                Above::Standard(base) | Above::Foreign(base) => (base == name).then_some(true),
            };
            match above {
                Some(true) => return Some(true),
                Some(false) => {}
                None => answer = None,
            }
        }
        answer
    }

    /// Whether a class has something above itself that lies outside.
    pub(in crate::bind) fn extends_outside(&self, class: SymbolRef, depth: u32) -> bool {
        depth > LONGEST_CHAIN
            || self.bases_in_java(class, depth).into_iter().any(|base| match base {
                Above::Ours(base) => self.extends_outside(base, depth + 1),
                Above::Standard(_) | Above::Foreign(_) => true,
            })
    }

    fn bases_in_java(&self, class: SymbolRef, depth: u32) -> Vec<Above> {
        let Some(place) = self.place(class.file) else {
            return vec![Above::Foreign(String::new())];
        };
        let Some(definition) = place.unit.facts.definitions.get(class.definition as usize) else {
            return Vec::new();
        };
        let mut bases = Vec::new();
        for base in &definition.bases {
            let types = self.annotated(&place, base.expression, depth + 1);
            let mut ours = types.iter().filter_map(|ty| match ty {
                Type::Instance(symbol) if *symbol != class => Some(Above::Ours(*symbol)),
                _ => None,
            });
            match ours.next() {
                Some(first) => bases.extend([first].into_iter().chain(ours)),
                None => {
                    let head = erased(&place, base.expression);
                    let name = last_name(&place, head).unwrap_or_default().to_string();
                    let standard = is_standard(&place, head);
                    bases.push(if standard { Above::Standard(name) } else { Above::Foreign(name) });
                }
            }
        }
        bases
    }
}

/// The name of a written type without its arguments.
fn erased(place: &Place, id: ExpressionId) -> ExpressionId {
    let mut at = id;
    while let ExpressionKind::Generic(of) = place.unit.facts.expressions[at as usize].kind {
        at = of;
    }
    at
}

pub(super) fn last_name(place: &Place, id: ExpressionId) -> Option<&str> {
    match place.unit.facts.expressions[id as usize].kind {
        ExpressionKind::Name(name) | ExpressionKind::Member(_, name) => Some(place.name(name)),
        _ => None,
    }
}

/// Whether a type's name leads to the standard library.
pub(super) fn is_standard(place: &Place, id: ExpressionId) -> bool {
    let standard = |path: &str| path.starts_with("java.") || path.starts_with("javax.");
    match place.unit.facts.expressions[id as usize].kind {
        ExpressionKind::Name(name) => {
            let mut imports = place.unit.bindings(0, name).filter_map(|binding| match binding.to {
                BoundTo::Import(id) => Some(place.unit.facts.imports[id as usize].module),
                _ => None,
            });
            match imports.next() {
                Some(module) => standard(&format!("{}.", place.name(module))),
                None => builtins::is_builtin(place.unit.language, place.name(name)),
            }
        }
        _ => standard(&place.unit.spelled(id)),
    }
}
