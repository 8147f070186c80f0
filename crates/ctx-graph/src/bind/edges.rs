//! From what a name means to the edges that its use gives.

use ctx_model::edge::{EdgeKind, How};
use ctx_model::facts::*;
use ctx_model::{Language, Position};

use super::uses::Outcome;
use super::{Binder, Bound, Place, Target};
use crate::node::{Edge, SymbolRef};

/// Where a use stands: what its edges have in common.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) from: SymbolRef,
    pub(super) at: Position,
    /// How many things its name may mean.
    pub(super) targets: usize,
}

impl Site {
    pub(super) fn edge(self, kind: EdgeKind, to: SymbolRef, how: How) -> Edge {
        let candidates = self.targets as u32;
        Edge { kind, from: self.from, to, at: self.at, how, candidates }
    }
}

/// The outcome of a use with some edges: each edge once, by the first rule that
/// led to it. A use that may run several functions runs one of them, even if
/// its name means one thing: a class with several constructors, a variable. An
/// import reaches all that it names.
pub(super) fn settled(found: Vec<Edge>, without: Outcome) -> Outcome {
    let mut edges: Vec<Edge> = Vec::with_capacity(found.len());
    for edge in found {
        if !edges.iter().any(|known| known.kind == edge.kind && known.to == edge.to) {
            edges.push(edge);
        }
    }
    for kind in EdgeKind::ALL.into_iter().filter(|kind| *kind != EdgeKind::Imports) {
        let of_kind = edges.iter().filter(|edge| edge.kind == kind).count() as u32;
        for edge in edges.iter_mut().filter(|edge| edge.kind == kind) {
            edge.candidates = edge.candidates.max(of_kind);
        }
    }
    if edges.is_empty() { without } else { Outcome::Edges(edges) }
}

impl Binder<'_> {
    /// What becomes of a use whose name means `targets`.
    pub(super) fn outcome(
        &self,
        place: &Place,
        from: SymbolRef,
        id: ExpressionId,
        targets: &[Bound],
    ) -> Outcome {
        let expression = &place.unit.facts.expressions[id as usize];
        if is_self_type(place, expression) {
            return Outcome::Local;
        }
        let symbols: Vec<(SymbolRef, How)> = targets
            .iter()
            .filter_map(|bound| match bound.target {
                Target::Symbol(symbol) => Some((symbol, bound.how)),
                _ => None,
            })
            .collect();
        if symbols.is_empty() {
            return match targets.first().map(|bound| bound.target) {
                None => Outcome::Unresolved,
                Some(Target::Local(file, scope, name)) => {
                    self.called_local(place, from, expression, (file, scope, name))
                }
                Some(Target::External) => Outcome::External(place.unit.spelled(id)),
                _ => Outcome::Module,
            };
        }
        let site = Site { from, at: expression.at, targets: symbols.len() };
        let mut edges = Vec::new();
        for (symbol, how) in symbols {
            self.edges_of_symbol(place, id, site, symbol, how, &mut edges);
        }
        settled(edges, Outcome::Unresolved)
    }

    /// The edges of a use that means one symbol.
    fn edges_of_symbol(
        &self,
        place: &Place,
        id: ExpressionId,
        site: Site,
        symbol: SymbolRef,
        how: How,
        edges: &mut Vec<Edge>,
    ) {
        let Some(target) = self.place(symbol.file) else { return };
        let Some(definition) = target.unit.facts.definitions.get(symbol.definition as usize) else {
            return;
        };
        let role = place.unit.facts.expressions[id as usize].role;
        let calls = match role {
            Role::Callee | Role::Constructed => true,
            Role::Annotation => decorators_call(place.unit.language),
            _ => false,
        };
        match role {
            Role::Base => {
                let kind = base_kind(place, id, definition);
                let from = self.based(place, site.from, id);
                edges.push(Edge { from, ..site.edge(kind, symbol, how) });
            }
            _ if calls && definition.kind.is_type() => {
                edges.push(site.edge(EdgeKind::Instantiates, symbol, how));
                for constructor in self.constructors(symbol, made_by(place, id)) {
                    edges.push(site.edge(EdgeKind::Calls, constructor, how));
                }
            }
            Role::Callee | Role::Annotation if calls && definition.kind.is_function() => {
                edges.push(site.edge(EdgeKind::Calls, symbol, how));
            }
            Role::Callee => {
                edges.push(site.edge(EdgeKind::References, symbol, how));
                // A variable that holds a function.
                for ty in self.types_of_symbol(symbol, 1) {
                    self.calls_of_value(&ty, &mut |to, kind| {
                        edges.push(site.edge(kind, to, How::Inferred));
                    });
                }
            }
            Role::Constructed => edges.push(site.edge(EdgeKind::Instantiates, symbol, how)),
            _ => edges.push(site.edge(EdgeKind::References, symbol, how)),
        }
    }

    /// The type that has a base: an edge to the base starts there.
    fn based(&self, place: &Place, from: SymbolRef, id: ExpressionId) -> SymbolRef {
        if let Some(base) = place.unit.base_of(id) {
            return SymbolRef { file: place.file, definition: base.definition };
        }
        let scope = place.unit.facts.expressions[id as usize].scope;
        self.enclosing_types(place, scope, 0)
            .into_iter()
            .find(|symbol| symbol.file == place.file)
            .unwrap_or(from)
    }
}

/// The call of a name of a class, where it tells one constructor from another.
fn made_by(place: &Place, named: ExpressionId) -> Option<(&Place, ExpressionId)> {
    place.unit.call_of(named).map(|call| (place, call))
}

/// Whether a base is extended or implemented.
fn base_kind(place: &Place, id: ExpressionId, target: &Definition) -> EdgeKind {
    let scope = place.unit.facts.expressions[id as usize].scope;
    let in_extension = place.unit.facts.scopes[scope as usize].kind == ScopeKind::Extension;
    match place.unit.base_of(id).map(|base| base.implements) {
        Some(true) => EdgeKind::Implements,
        Some(false) => EdgeKind::Inherits,
        None if in_extension || target.kind == DefinitionKind::Trait => EdgeKind::Implements,
        None => EdgeKind::Inherits,
    }
}

/// Whether a use is Rust's `Self`, which stands for the type around it and
/// does not name it.
fn is_self_type(place: &Place, expression: &Expression) -> bool {
    place.unit.language == Language::Rust
        && !matches!(expression.role, Role::Callee | Role::Constructed)
        && matches!(expression.kind, ExpressionKind::Name(name) if place.name(name) == "Self")
}

pub(super) fn decorators_call(language: Language) -> bool {
    matches!(
        language,
        Language::Python | Language::JavaScript | Language::TypeScript | Language::Tsx
    )
}
