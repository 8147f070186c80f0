//! A file's facts made ready for binding: names found by scope, members by type.

use std::sync::Arc;

use ctx_model::Language;
use ctx_model::facts::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::node::FileNumber;

/// Where facts come from. The graph asks for them as it needs them, so a large
/// project's facts are never all in memory.
pub trait FactSource: Sync {
    /// The facts of a file; none if it has none any more.
    fn facts(&self, file: FileNumber) -> Option<Arc<Unit>>;
}

/// One file's facts with the indexes that binding needs.
#[derive(Debug)]
pub struct Unit {
    /// The facts.
    pub facts: FileFacts,
    /// Its language.
    pub language: Language,
    /// Bindings by scope and name: a range of `order`.
    bound: FxHashMap<(ScopeId, NameId), (u32, u32)>,
    order: Vec<u32>,
    /// Definitions by parent and name, for members of types: the first.
    members: FxHashMap<(DefinitionId, NameId), DefinitionId>,
    /// The next member of the same name: an overload, a setter.
    next_members: FxHashMap<DefinitionId, DefinitionId>,
    /// Name numbers sorted by their text, to find a name that comes from elsewhere.
    sorted_names: Vec<NameId>,
    /// First argument of each call or generic type: a range of the facts' arguments.
    arguments: FxHashMap<ExpressionId, (u32, u32)>,
    /// Names of bases, with the type that has them.
    bases: FxHashMap<ExpressionId, BaseOf>,
    /// What functions give back.
    returns: FxHashMap<DefinitionId, Vec<ExpressionId>>,
    /// Scopes of `impl` blocks that implement a trait.
    of_traits: FxHashSet<ScopeId>,
    /// The call of each expression that is called.
    calls: FxHashMap<ExpressionId, ExpressionId>,
    /// Names of methods that are taken as values.
    method_values: FxHashSet<ExpressionId>,
    /// The constructors of each type.
    constructors: FxHashMap<DefinitionId, Vec<DefinitionId>>,
}

/// A base seen from its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BaseOf {
    /// The type that has the base.
    pub(crate) definition: DefinitionId,
    /// Whether the base is implemented, not extended.
    pub(crate) implements: bool,
}

impl Unit {
    /// Indexes facts.
    pub fn new(facts: FileFacts) -> Unit {
        let mut order: Vec<u32> = (0..facts.bindings.len() as u32).collect();
        order.sort_by_key(|&id| {
            let binding = &facts.bindings[id as usize];
            (binding.scope, binding.name)
        });
        let mut bound = FxHashMap::default();
        let key = |id: u32| {
            let binding = &facts.bindings[id as usize];
            (binding.scope, binding.name)
        };
        let mut start = 0;
        while start < order.len() {
            let this = key(order[start]);
            let length = order[start..].iter().take_while(|id| key(**id) == this).count();
            bound.insert(this, (start as u32, length as u32));
            start += length;
        }
        let (members, next_members) = members_by_name(&facts);
        let mut sorted_names: Vec<NameId> = (0..facts.names.len() as NameId).collect();
        sorted_names
            .sort_unstable_by(|a, b| facts.names[*a as usize].cmp(&facts.names[*b as usize]));
        let mut arguments: FxHashMap<ExpressionId, (u32, u32)> = FxHashMap::default();
        for (id, argument) in facts.arguments.iter().enumerate() {
            let range = arguments.entry(argument.of).or_insert((id as u32, 0));
            range.1 += 1;
        }
        let language = facts.language.unwrap_or(Language::Text);
        let mut returns: FxHashMap<DefinitionId, Vec<ExpressionId>> = FxHashMap::default();
        for returned in &facts.returns {
            returns.entry(returned.of).or_default().push(returned.value);
        }
        let mut constructors: FxHashMap<DefinitionId, Vec<DefinitionId>> = FxHashMap::default();
        for (id, definition) in facts.definitions.iter().enumerate() {
            if let (DefinitionKind::Constructor, Some(class)) = (definition.kind, definition.parent)
            {
                constructors.entry(class).or_default().push(id as DefinitionId);
            }
        }
        let bases = bases_by_name(&facts);
        let of_traits = facts
            .expressions
            .iter()
            .filter(|expression| expression.role == Role::Base)
            .map(|expression| expression.scope)
            .filter(|scope| facts.scopes[*scope as usize].kind == ScopeKind::Extension)
            .collect();
        let calls = calls_by_callee(&facts, language);
        let method_values = method_values(&facts);
        Unit {
            facts,
            language,
            bound,
            order,
            members,
            next_members,
            sorted_names,
            arguments,
            bases,
            returns,
            of_traits,
            calls,
            method_values,
            constructors,
        }
    }

    /// About how many bytes of memory the facts and their indexes take.
    pub fn heap_bytes(&self) -> usize {
        let facts = &self.facts;
        facts.names.iter().map(|name| name.len() + 24).sum::<usize>()
            + facts.definitions.len() * (size_of::<Definition>() + 24)
            + facts.scopes.len() * size_of::<Scope>()
            + facts.bindings.len() * (size_of::<Binding>() + 4 + 24)
            + facts.imports.len() * size_of::<Import>()
            + facts.expressions.len() * size_of::<Expression>()
            + facts.arguments.len() * (size_of::<Argument>() + 24)
            + facts.returns.len() * size_of::<Return>()
    }

    /// The number of a name in this file, if the file names it at all.
    pub fn name_id(&self, name: &str) -> Option<NameId> {
        self.sorted_names
            .binary_search_by(|id| self.facts.name(*id).cmp(name))
            .ok()
            .map(|index| self.sorted_names[index])
    }

    /// Bindings of a name in a scope, in order of appearance.
    pub fn bindings(&self, scope: ScopeId, name: NameId) -> impl Iterator<Item = &Binding> {
        let (start, length) = self.bound.get(&(scope, name)).copied().unwrap_or((0, 0));
        self.order[start as usize..(start + length) as usize]
            .iter()
            .map(|id| &self.facts.bindings[*id as usize])
    }

    /// Where a binding of this file stands among its bindings.
    pub(crate) fn binding_number(&self, binding: &Binding) -> Option<usize> {
        let start = self.facts.bindings.as_ptr() as usize;
        let at = (std::ptr::from_ref(binding) as usize).checked_sub(start)? / size_of::<Binding>();
        (at < self.facts.bindings.len()).then_some(at)
    }

    /// Whether a scope binds a name.
    pub fn binds(&self, scope: ScopeId, name: NameId) -> bool {
        self.bound.contains_key(&(scope, name))
    }

    /// The parameters of a function, in order.
    pub(crate) fn parameters(&self, function: DefinitionId) -> Vec<&Binding> {
        let definition = self.facts.definitions.get(function as usize);
        let Some(body) = definition.and_then(|definition| definition.body) else {
            return Vec::new();
        };
        let scope_of = |id: &u32| self.facts.bindings[*id as usize].scope;
        let start = self.order.partition_point(|id| scope_of(id) < body);
        let mut parameters: Vec<(u32, &Binding)> = self.order[start..]
            .iter()
            .take_while(|id| scope_of(id) == body)
            .map(|id| &self.facts.bindings[*id as usize])
            .filter_map(|binding| match binding.to {
                BoundTo::Parameter(place) => Some((place, binding)),
                _ => None,
            })
            .collect();
        parameters.sort_by_key(|(place, _)| *place);
        parameters.into_iter().map(|(_, binding)| binding).collect()
    }

    /// Whether a member is named as a value that can be called: Java's `A::b`.
    pub(crate) fn is_method_value(&self, named: ExpressionId) -> bool {
        self.method_values.contains(&named)
    }

    /// The definitions directly inside another with this name, in order.
    pub fn members(
        &self,
        parent: DefinitionId,
        name: &str,
    ) -> impl Iterator<Item = DefinitionId> + '_ {
        let first = self.name_id(name).and_then(|name| self.members.get(&(parent, name)).copied());
        std::iter::successors(first, |id| self.next_members.get(id).copied())
    }

    /// Arguments of a call or generic type.
    pub fn arguments(&self, of: ExpressionId) -> &[Argument] {
        let (start, length) = self.arguments.get(&of).copied().unwrap_or((0, 0));
        &self.facts.arguments[start as usize..(start + length) as usize]
    }

    /// The type that has the base named by an expression.
    pub(crate) fn base_of(&self, name: ExpressionId) -> Option<BaseOf> {
        self.bases.get(&name).copied()
    }

    /// Expressions that a function gives back.
    pub fn returned_by(&self, function: DefinitionId) -> &[ExpressionId] {
        self.returns.get(&function).map_or(&[], Vec::as_slice)
    }

    /// Whether a scope is that of an `impl` block that implements a trait.
    pub(crate) fn implements_trait(&self, scope: ScopeId) -> bool {
        self.of_traits.contains(&scope)
    }

    /// The call of what an expression names, in Rust and Java. A callee without
    /// one is the name of a Rust macro.
    pub(crate) fn call_of(&self, callee: ExpressionId) -> Option<ExpressionId> {
        self.calls.get(&callee).copied()
    }

    /// The constructors written in a type.
    pub fn constructors_of(&self, class: DefinitionId) -> &[DefinitionId] {
        self.constructors.get(&class).map_or(&[], Vec::as_slice)
    }

    /// An expression as text, as far as it is a path of names.
    pub(crate) fn spelled(&self, id: ExpressionId) -> String {
        let mut parts = Vec::new();
        let mut at = id;
        loop {
            match self.facts.expressions[at as usize].kind {
                ExpressionKind::Name(name) => {
                    parts.push(self.facts.name(name));
                    break;
                }
                ExpressionKind::Member(object, name) => {
                    parts.push(self.facts.name(name));
                    at = object;
                }
                ExpressionKind::Module(import) => {
                    parts.push(self.facts.name(self.facts.imports[import as usize].module));
                    break;
                }
                _ => {
                    parts.push("?");
                    break;
                }
            }
        }
        parts.reverse();
        parts.join(".")
    }

    /// What a call calls, as a reader would write it; arguments are left out.
    pub fn called(&self, id: ExpressionId) -> String {
        let mut written = Vec::new();
        let mut at = Some(id);
        while let Some(id) = at {
            let Some(expression) = self.facts.expressions.get(id as usize) else { break };
            at = match expression.kind {
                ExpressionKind::Name(name) => {
                    written.push(self.facts.name(name));
                    None
                }
                ExpressionKind::Member(object, name) => {
                    written.extend([self.facts.name(name), "."]);
                    Some(object)
                }
                ExpressionKind::Call(of) | ExpressionKind::New(of) => {
                    written.push("(…)");
                    Some(of)
                }
                ExpressionKind::Element(of) => {
                    written.push("[…]");
                    Some(of)
                }
                ExpressionKind::Generic(of) | ExpressionKind::Await(of) => Some(of),
                ExpressionKind::Module(import) => {
                    let import = self.facts.imports.get(import as usize);
                    written.push(import.map_or("…", |import| self.facts.name(import.module)));
                    None
                }
                ExpressionKind::This => {
                    written.push(if self.language == Language::Rust { "self" } else { "this" });
                    None
                }
                ExpressionKind::Super => {
                    written.push("super");
                    None
                }
                _ => {
                    written.push("…");
                    None
                }
            };
        }
        written.reverse();
        written.concat()
    }

    /// The innermost definition that a scope belongs to.
    pub fn definition_around(&self, scope: ScopeId) -> Option<DefinitionId> {
        let mut at = Some(scope);
        while let Some(id) = at {
            let scope = self.facts.scopes.get(id as usize)?;
            if scope.definition.is_some() {
                return scope.definition;
            }
            at = scope.parent;
        }
        None
    }
}

type Members = FxHashMap<(DefinitionId, NameId), DefinitionId>;

/// The first definition of each name inside each other, and those that follow.
fn members_by_name(facts: &FileFacts) -> (Members, FxHashMap<DefinitionId, DefinitionId>) {
    let mut first = Members::default();
    let mut last = Members::default();
    let mut next = FxHashMap::default();
    for (id, definition) in facts.definitions.iter().enumerate() {
        let Some(parent) = definition.parent else { continue };
        let id = id as DefinitionId;
        if let Some(before) = last.insert((parent, definition.name), id) {
            next.insert(before, id);
        } else {
            first.insert((parent, definition.name), id);
        }
    }
    (first, next)
}

/// The call of each expression that is called, in languages where it tells
/// macros from functions (Rust) or one overload from another (Java).
fn calls_by_callee(facts: &FileFacts, language: Language) -> FxHashMap<ExpressionId, ExpressionId> {
    if !matches!(language, Language::Rust | Language::Java) {
        return FxHashMap::default();
    }
    let calls = facts.expressions.iter().enumerate().filter_map(|(id, expression)| {
        let (ExpressionKind::Call(callee) | ExpressionKind::New(callee)) = expression.kind else {
            return None;
        };
        Some((without_arguments(facts, callee), id as ExpressionId))
    });
    calls.collect()
}

/// Names of methods that are taken as values.
fn method_values(facts: &FileFacts) -> FxHashSet<ExpressionId> {
    let named = facts.expressions.iter().filter_map(|expression| match expression.kind {
        ExpressionKind::Method(named) => Some(named),
        _ => None,
    });
    named.collect()
}

/// Bases by the expression of their name.
fn bases_by_name(facts: &FileFacts) -> FxHashMap<ExpressionId, BaseOf> {
    let mut bases = FxHashMap::default();
    for (id, definition) in facts.definitions.iter().enumerate() {
        for base in &definition.bases {
            let of = BaseOf { definition: id as DefinitionId, implements: base.implements };
            bases.insert(without_arguments(facts, base.expression), of);
        }
    }
    bases
}

/// What is named by a type with arguments: `Base` by `Base<T>`.
fn without_arguments(facts: &FileFacts, id: ExpressionId) -> ExpressionId {
    let mut at = id;
    while let ExpressionKind::Generic(inner) | ExpressionKind::Element(inner) =
        facts.expressions[at as usize].kind
    {
        at = inner;
    }
    at
}
