//! Binding: from a use of a name to the definition it means.
//!
//! Every answer follows from a rule: a scope, an import, a package, the type of
//! a receiver that is written, constructed or flows in view. There is no rule
//! that matches by name alone: a wrong edge is worse than a missing one.

mod names;
mod meanings;
mod imports;
mod rust_paths;
mod rust_macros;
mod members;
mod resolution_order;
mod types;
mod declared;
mod containers;
mod outside;
mod extensions;
mod uses;
mod edges;
mod calls;
mod interface;
mod builtins;
mod java;

use std::cell::RefCell;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use ctx_model::edge::How;
use ctx_model::facts::{BoundTo, ExpressionId, NameId, ScopeId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::layout::{FolderId, Layout};
use crate::node::{FileNumber, SymbolRef};
use crate::unit::{FactSource, Unit};

pub use extensions::Extensions;
pub use uses::{BoundUse, Outcome};

/// How many steps a chain of imports, bases or inferred values may have.
const LONGEST_CHAIN: u32 = 40;

/// How many types one expression is followed to.
const MOST_TYPES: usize = 16;

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    /// A definition of the project.
    Symbol(SymbolRef),
    /// A module: a file, or a module inside it.
    Module(FileNumber, ScopeId),
    /// A folder that is a module.
    Folder(FolderId),
    /// A parameter or local variable.
    Local(FileNumber, ScopeId, NameId),
    /// Something outside the project.
    External,
}

/// A target with the rule that led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) target: Target,
    pub(crate) how: How,
}

/// What kind of value an expression has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    /// A value of a type of the project.
    Instance(SymbolRef),
    /// The type itself.
    Class(SymbolRef),
    /// A function of the project.
    Function(SymbolRef),
    /// A module.
    Module(FileNumber, ScopeId),
    /// A folder that is a module.
    Folder(FolderId),
    /// A container from outside whose elements have these types.
    Container(Vec<Type>),
    /// A map from outside: types of its keys, and of its values.
    Map(Vec<Type>, Vec<Type>),
    /// Parts in order, each of some types.
    Tuple(Vec<Vec<Type>>),
    /// Known to come from outside the project.
    External,
}

/// Types an expression may have; empty if nothing is known.
pub(crate) type Types = Vec<Type>;

/// Binds the names of files, one at a time.
pub struct Binder<'a> {
    layout: &'a Layout,
    source: &'a dyn FactSource,
    extensions: &'a Extensions,
    session: RefCell<Session>,
}

/// What is kept while one file is bound. No answer yet stands for one that is
/// being worked out: a circle ends there.
#[derive(Default)]
struct Session {
    consulted: FxHashSet<FileNumber>,
    types: FxHashMap<(FileNumber, ExpressionId), Option<Types>>,
    declared: FxHashMap<(FileNumber, ExpressionId), Option<Types>>,
    returned: FxHashMap<SymbolRef, Option<Types>>,
    bindings: FxHashMap<(FileNumber, ScopeId, NameId), Option<Vec<Bound>>>,
    units: FxHashMap<FileNumber, Option<Arc<Unit>>>,
    orders: FxHashMap<SymbolRef, Vec<SymbolRef>>,
    static_types: FxHashMap<(FileNumber, ExpressionId), Option<Option<java::JavaType>>>,
    signatures: FxHashMap<SymbolRef, Option<Option<Arc<java::Signature>>>>,
}

/// A file with its facts at hand.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) file: FileNumber,
    pub(crate) unit: Arc<Unit>,
}

impl<'a> Binder<'a> {
    /// A binder over a project's layout and facts. `extensions` lists the
    /// members that types have been given away from their definition.
    pub fn new(
        layout: &'a Layout,
        source: &'a dyn FactSource,
        extensions: &'a Extensions,
    ) -> Binder<'a> {
        Binder { layout, source, extensions, session: RefCell::default() }
    }

    /// Starts on another file; returns its facts.
    fn start(&self, file: FileNumber) -> Option<Place> {
        *self.session.borrow_mut() = Session::default();
        self.place(file)
    }

    /// Files looked at since [`start`](Self::start).
    fn consulted(&self) -> Vec<FileNumber> {
        self.session.borrow().consulted.iter().copied().collect()
    }

    /// A file's facts; the look is remembered, since a change there may change
    /// what is bound here.
    fn place(&self, file: FileNumber) -> Option<Place> {
        if let Some(known) = self.session.borrow().units.get(&file) {
            return known.clone().map(|unit| Place { file, unit });
        }
        let unit = self.source.facts(file);
        let mut session = self.session.borrow_mut();
        session.consulted.insert(file);
        session.units.insert(file, unit.clone());
        unit.map(|unit| Place { file, unit })
    }
}

impl Place {
    fn name(&self, id: NameId) -> &str {
        self.unit.facts.name(id)
    }

    /// The module scope around a scope: an inline module, or the file.
    fn module_scope(&self, scope: ScopeId) -> ScopeId {
        let mut at = scope;
        loop {
            let scope = &self.unit.facts.scopes[at as usize];
            match (scope.kind, scope.parent) {
                (ctx_model::facts::ScopeKind::Module, _) | (_, None) => return at,
                (_, Some(parent)) => at = parent,
            }
        }
    }
}

/// The answer kept under a key, or else what `work` gives, which is kept.
fn kept<K: Copy + Eq + std::hash::Hash, T: Clone + Default>(
    session: &RefCell<Session>,
    answers: impl Fn(&mut Session) -> &mut FxHashMap<K, Option<T>>,
    key: K,
    work: impl FnOnce() -> T,
) -> T {
    match answers(&mut session.borrow_mut()).entry(key) {
        Entry::Occupied(known) => return known.get().clone().unwrap_or_default(),
        Entry::Vacant(entry) => {
            entry.insert(None);
        }
    }
    let answer = work();
    answers(&mut session.borrow_mut()).insert(key, Some(answer.clone()));
    answer
}

fn bound(target: Target, how: How) -> Bound {
    Bound { target, how }
}

/// Adds what is not there yet.
fn add_bound(all: &mut Vec<Bound>, new: impl IntoIterator<Item = Bound>) {
    for item in new {
        if !all.iter().any(|known| known.target == item.target) {
            all.push(item);
        }
    }
}

fn add_types(all: &mut Types, new: impl IntoIterator<Item = Type>) {
    for item in new {
        if all.len() < MOST_TYPES && !all.contains(&item) {
            all.push(item);
        }
    }
}

/// Whether a binding is one that lives only inside a function.
fn is_local(to: BoundTo) -> bool {
    matches!(to, BoundTo::Parameter(_) | BoundTo::Local)
}
