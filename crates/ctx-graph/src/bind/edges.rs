//! From what a name means to the edges that its use gives.

use ctx_model::edge::{EdgeKind, How};
use ctx_model::facts::*;
use ctx_model::{Language, Position};

use super::uses::{BoundUse, Outcome};
use super::{Binder, Bound, Place, Target, Type, bound};
use crate::node::{Edge, FileNumber, SymbolRef};

/// Where a use stands: what its edges have in common.
#[derive(Clone, Copy)]
struct Site {
    from: SymbolRef,
    at: Position,
    /// How many things its name may mean.
    targets: usize,
}

impl Site {
    fn edge(self, kind: EdgeKind, to: SymbolRef, how: How) -> Edge {
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

    /// `super(…)` and `this(…)` call constructors without naming them.
    pub(super) fn called_value(
        &self,
        place: &Place,
        call: ExpressionId,
        callee: ExpressionId,
        each: &mut dyn FnMut(BoundUse),
    ) {
        let head = &place.unit.facts.expressions[callee as usize];
        let classes = match head.kind {
            ExpressionKind::Super => self
                .enclosing_types(place, head.scope, 0)
                .into_iter()
                .flat_map(|class| self.base_classes(class, 0))
                .collect(),
            ExpressionKind::This => self.enclosing_types(place, head.scope, 0),
            _ => return,
        };
        let from = self.around(place, head.scope);
        let site = Site { from, at: head.at, targets: 1 };
        let edges: Vec<Edge> = classes
            .into_iter()
            .flat_map(|class| self.constructors(class, Some((place, call))))
            // No constructor begins with itself.
            .filter(|to| *to != from)
            .map(|to| site.edge(EdgeKind::Calls, to, How::SelfType))
            .collect();
        let outcome = settled(edges, Outcome::Local);
        if outcome != Outcome::Local {
            each(BoundUse { name: 0, role: Role::Callee, from, at: head.at, outcome });
        }
    }

    /// A local variable that is called: the functions and classes it may hold.
    fn called_local(
        &self,
        place: &Place,
        from: SymbolRef,
        expression: &Expression,
        (file, scope, name): (FileNumber, ScopeId, NameId),
    ) -> Outcome {
        if expression.role != Role::Callee || file != place.file {
            return Outcome::Local;
        }
        let types = self.local_types(&[bound(Target::Local(file, scope, name), How::Scope)]);
        let site = Site { from, at: expression.at, targets: types.len() };
        let mut edges = Vec::new();
        for ty in &types {
            self.calls_of_value(ty, &mut |to, kind| edges.push(site.edge(kind, to, How::Inferred)));
        }
        settled(edges, Outcome::Local)
    }

    /// What calling a value of a type calls.
    fn calls_of_value(&self, ty: &Type, each: &mut dyn FnMut(SymbolRef, EdgeKind)) {
        match ty {
            Type::Function(function) => each(*function, EdgeKind::Calls),
            Type::Class(class) if self.kind_of(*class).is_some_and(DefinitionKind::is_type) => {
                each(*class, EdgeKind::Instantiates);
                for constructor in self.constructors(*class, None) {
                    each(constructor, EdgeKind::Calls);
                }
            }
            Type::Instance(class) => {
                for call in self.class_member(*class, "__call__", 1) {
                    each(call, EdgeKind::Calls);
                }
            }
            _ => {}
        }
    }

    /// The constructors that making a value of a class may run, as far as the
    /// project defines them. `made` is the call that makes it, where known.
    fn constructors(
        &self,
        class: SymbolRef,
        made: Option<(&Place, ExpressionId)>,
    ) -> Vec<SymbolRef> {
        let Some(place) = self.place(class.file) else { return Vec::new() };
        let names: &[&str] = match place.unit.language {
            Language::Python => &["__init__", "__new__"],
            Language::JavaScript | Language::TypeScript | Language::Tsx => &["constructor"],
            Language::Java => {
                let all: Vec<SymbolRef> = place
                    .unit
                    .constructors_of(class.definition)
                    .iter()
                    .map(|definition| SymbolRef { file: class.file, definition: *definition })
                    .collect();
                let Some((by, call)) = made else { return all };
                let mut meant = self.meant_by(by, Some(call), &all, 1);
                if self.kind_of(class) == Some(DefinitionKind::Struct) {
                    // The constructor that a record has unwritten may be meant.
                    let given = by.unit.arguments(call).len();
                    meant.retain(|constructor| self.takes(*constructor, given));
                }
                return meant;
            }
            _ => return Vec::new(),
        };
        names
            .iter()
            .find_map(|name| self.class_member(class, name, 1).first().copied())
            .into_iter()
            .collect()
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

fn decorators_call(language: Language) -> bool {
    matches!(
        language,
        Language::Python | Language::JavaScript | Language::TypeScript | Language::Tsx
    )
}
