//! What calls run: constructors, functions that values hold, and what of it no
//! rule tells.

use ctx_model::Language;
use ctx_model::edge::{EdgeKind, How};
use ctx_model::facts::*;

use super::edges::{Site, decorators_call, settled};
use super::uses::{BoundUse, Outcome};
use super::{Binder, Bound, LONGEST_CHAIN, Place, Target, Type, bound};
use crate::node::{Edge, FileNumber, SymbolRef};

impl Binder<'_> {
    /// A call of what is no name: `super(…)`, `this(…)`, a function written in
    /// place, an element of a list, what another call gives.
    pub(super) fn called_value(
        &self,
        place: &Place,
        call: ExpressionId,
        callee: ExpressionId,
        each: &mut dyn FnMut(BoundUse),
    ) {
        let head = &place.unit.facts.expressions[callee as usize];
        let from = self.around(place, head.scope);
        let outcome = match head.kind {
            ExpressionKind::Name(_) | ExpressionKind::Member(..) => return,
            ExpressionKind::Generic(of) => return self.called_value(place, call, of, each),
            ExpressionKind::Super | ExpressionKind::This => {
                self.called_constructor(place, call, callee, from)
            }
            kind => {
                let is_written_here = matches!(kind, ExpressionKind::Definition(_));
                let how = if is_written_here { How::Scope } else { How::Inferred };
                let mut types = self.types_of(place, callee, 1);
                // What `require` gives is called as the module's value.
                types.retain(|ty| !matches!(ty, Type::Module(..)));
                let site = Site { from, at: head.at, targets: types.len() };
                let mut edges = Vec::new();
                for ty in &types {
                    self.calls_of_value(ty, &mut |to, kind| edges.push(site.edge(kind, to, how)));
                }
                settled(edges, Outcome::Local)
            }
        };
        let is_constructor = matches!(head.kind, ExpressionKind::Super | ExpressionKind::This);
        let is_unknown = outcome == Outcome::Local
            && !is_constructor
            && !matches!(head.kind, ExpressionKind::Literal(_))
            && !self.comes_from_outside(place, callee, 0);
        if outcome != Outcome::Local || is_unknown {
            let unknown_call = is_unknown.then_some(callee);
            let (role, at) = (Role::Callee, head.at);
            each(BoundUse { name: 0, role, from, at, outcome, unknown_call });
        }
    }

    /// `super(…)` and `this(…)` call constructors without naming them.
    fn called_constructor(
        &self,
        place: &Place,
        call: ExpressionId,
        callee: ExpressionId,
        from: SymbolRef,
    ) -> Outcome {
        let head = &place.unit.facts.expressions[callee as usize];
        let mut classes = self.enclosing_types(place, head.scope, 0);
        if head.kind == ExpressionKind::Super {
            classes = classes.into_iter().flat_map(|class| self.base_classes(class, 0)).collect();
        }
        let site = Site { from, at: head.at, targets: 1 };
        let edges: Vec<Edge> = classes
            .into_iter()
            .flat_map(|class| self.constructors(class, Some((place, call))))
            // No constructor begins with itself.
            .filter(|to| *to != from)
            .map(|to| site.edge(EdgeKind::Calls, to, How::SelfType))
            .collect();
        settled(edges, Outcome::Local)
    }

    /// A local variable that is called: the functions and classes it may hold.
    pub(super) fn called_local(
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
    pub(super) fn calls_of_value(&self, ty: &Type, each: &mut dyn FnMut(SymbolRef, EdgeKind)) {
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
    pub(super) fn constructors(
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

    /// Whether a use calls something of which no rule tells what it runs.
    pub(super) fn calls_unknown(
        &self,
        place: &Place,
        role: Role,
        targets: &[Bound],
        outcome: &Outcome,
    ) -> bool {
        let calls = match role {
            Role::Callee | Role::Constructed => true,
            Role::Annotation => decorators_call(place.unit.language),
            _ => false,
        };
        calls
            && match outcome {
                Outcome::External(_) => false,
                Outcome::Unresolved | Outcome::Module => true,
                Outcome::Edges(edges) => {
                    let runs =
                        |edge: &Edge| matches!(edge.kind, EdgeKind::Calls | EdgeKind::Instantiates);
                    !edges.iter().any(runs)
                        && targets.iter().any(|bound| self.holds_unknown(bound.target))
                }
                Outcome::Local => targets.iter().any(|bound| self.holds_unknown(bound.target)),
            }
    }

    /// Whether calling what a name means runs something unknown. It does not
    /// where that makes a value of an enum, reads a record or runs code from
    /// outside.
    fn holds_unknown(&self, target: Target) -> bool {
        let holds = |file: FileNumber, scope: ScopeId, name: NameId| {
            self.place(file).is_none_or(|place| {
                !place.unit.bindings(scope, name).all(|binding| {
                    let untyped = binding.type_of.is_none() && binding.through == Through::Itself;
                    let outside = |value| self.comes_from_outside(&place, value, 0);
                    untyped && binding.value.is_some_and(outside)
                })
            })
        };
        match target {
            Target::Symbol(symbol) => {
                let Some(place) = self.place(symbol.file) else { return true };
                let definitions = &place.unit.facts.definitions;
                let Some(definition) = definitions.get(symbol.definition as usize) else {
                    return true;
                };
                let parent = definition.parent.and_then(|id| definitions.get(id as usize));
                match definition.kind {
                    DefinitionKind::EnumMember => false,
                    // The accessor of a record's component is not written.
                    DefinitionKind::Field if place.unit.language == Language::Java => {
                        parent.is_none_or(|parent| parent.kind != DefinitionKind::Struct)
                    }
                    _ => holds(symbol.file, definition.scope, definition.name),
                }
            }
            Target::Local(file, scope, name) => holds(file, scope, name),
            Target::External => false,
            Target::Module(..) | Target::Folder(_) => true,
        }
    }

    /// Whether a value is what an import from outside brings in, or what calling
    /// it gives. What the language's own functions give may be anything.
    fn comes_from_outside(&self, place: &Place, id: ExpressionId, depth: u32) -> bool {
        if depth > LONGEST_CHAIN {
            return false;
        }
        match place.unit.facts.expressions[id as usize].kind {
            ExpressionKind::Name(_) => {
                let targets = self.expression_targets(place, id, depth + 1);
                let imported =
                    |bound: &Bound| bound.target == Target::External && bound.how == How::Import;
                !targets.is_empty() && targets.iter().all(imported)
            }
            ExpressionKind::Module(_) => {
                let targets = self.expression_targets(place, id, depth + 1);
                !targets.is_empty() && targets.iter().all(|bound| bound.target == Target::External)
            }
            ExpressionKind::Member(of, _)
            | ExpressionKind::Call(of)
            | ExpressionKind::New(of)
            | ExpressionKind::Generic(of)
            | ExpressionKind::Await(of) => self.comes_from_outside(place, of, depth + 1),
            _ => false,
        }
    }
}
