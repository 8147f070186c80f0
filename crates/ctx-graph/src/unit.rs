//! A file's facts made ready for binding: names found by scope, members by type.

use std::sync::Arc;

use ctx_model::Language;
use ctx_model::facts::*;
use rustc_hash::FxHashMap;

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
    /// Definitions by parent and name, for members of types.
    members: FxHashMap<(DefinitionId, NameId), DefinitionId>,
    /// Name numbers sorted by their text, to find a name that comes from elsewhere.
    sorted_names: Vec<NameId>,
    /// First argument of each call or generic type: a range of the facts' arguments.
    arguments: FxHashMap<ExpressionId, (u32, u32)>,
    /// Names of bases, with the type that has them.
    bases: FxHashMap<ExpressionId, BaseOf>,
    /// What functions give back.
    returns: FxHashMap<DefinitionId, Vec<ExpressionId>>,
    /// The first constructor of each type.
    constructors: FxHashMap<DefinitionId, DefinitionId>,
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
        let mut members = FxHashMap::default();
        for (id, definition) in facts.definitions.iter().enumerate() {
            if let Some(parent) = definition.parent {
                // The last one wins, as it does at run time, except that a
                // property's setter comes after its getter and is the same member.
                members.entry((parent, definition.name)).or_insert(id as DefinitionId);
            }
        }
        let mut sorted_names: Vec<NameId> = (0..facts.names.len() as NameId).collect();
        sorted_names.sort_unstable_by(|a, b| facts.names[*a as usize].cmp(&facts.names[*b as usize]));
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
        let constructors = facts
            .definitions
            .iter()
            .enumerate()
            .rev()
            .filter(|(_, definition)| definition.kind == DefinitionKind::Constructor)
            .filter_map(|(id, definition)| Some((definition.parent?, id as DefinitionId)))
            .collect();
        let bases = bases_by_name(&facts);
        Unit {
            facts,
            language,
            bound,
            order,
            members,
            sorted_names,
            arguments,
            bases,
            returns,
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

    /// Whether a scope binds a name.
    pub fn binds(&self, scope: ScopeId, name: NameId) -> bool {
        self.bound.contains_key(&(scope, name))
    }

    /// The definition directly inside another with this name.
    pub fn member(&self, parent: DefinitionId, name: &str) -> Option<DefinitionId> {
        let name = self.name_id(name)?;
        self.members.get(&(parent, name)).copied()
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

    /// The first constructor written in a type.
    pub fn constructor_of(&self, class: DefinitionId) -> Option<DefinitionId> {
        self.constructors.get(&class).copied()
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

/// Bases by the expression of their name: that of `Base<T>` is `Base`.
fn bases_by_name(facts: &FileFacts) -> FxHashMap<ExpressionId, BaseOf> {
    let mut bases = FxHashMap::default();
    for (id, definition) in facts.definitions.iter().enumerate() {
        for base in &definition.bases {
            let of = BaseOf { definition: id as DefinitionId, implements: base.implements };
            let mut at = base.expression;
            while let ExpressionKind::Generic(inner) | ExpressionKind::Element(inner) =
                facts.expressions[at as usize].kind
            {
                at = inner;
            }
            bases.insert(at, of);
        }
    }
    bases
}
