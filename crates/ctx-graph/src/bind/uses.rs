//! Every use in a file, bound: the edges of its node.

use ctx_model::edge::{EdgeKind, How};
use ctx_model::facts::*;
use ctx_model::{Language, Position};

use super::edges::settled;
use super::interface::interface_hash;
use super::{Binder, Place, Target};
use crate::node::{
    Edge, FileExtensions, FileNode, FileNumber, NewSymbol, NodeParts, SymbolRef, name_hash,
};
use crate::unit::Unit;

/// What became of a use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Edges to symbols of the project.
    Edges(Vec<Edge>),
    /// It means a parameter or local variable, or the type around it; or it is
    /// a call of a value that has no name.
    Local,
    /// It means a module; the import says the rest.
    Module,
    /// It leaves the project; the name as far as the text tells it.
    External(String),
    /// No rule binds it.
    Unresolved,
}

/// One use of a name, bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundUse {
    /// The name as used.
    pub name: NameId,
    /// What it is used for.
    pub role: Role,
    /// The innermost definition around it, or the file.
    pub from: SymbolRef,
    /// Where the name stands.
    pub at: Position,
    /// What became of it.
    pub outcome: Outcome,
    /// What it calls, if it is a call and no rule tells what that runs.
    pub unknown_call: Option<ExpressionId>,
}

impl Binder<'_> {
    /// Binds every use of a file into its node; none if the file has no facts.
    /// `extensions` is what [`extensions_of`](Self::extensions_of) said of it.
    pub fn bind_file(&self, file: FileNumber, extensions: FileExtensions) -> Option<FileNode> {
        let place = self.start(file)?;
        let mut parts = NodeParts {
            path: self.layout.path(file),
            language: Some(place.unit.language),
            lines: place.unit.facts.lines,
            interface: interface_hash(&place.unit),
            extensions,
            ..NodeParts::default()
        };
        let package = place.unit.facts.package.map_or("", |package| place.name(package));
        parts.module = self.layout.module_name(file, place.unit.language, package);
        parts.symbols =
            place.unit.facts.definitions.iter().map(|d| symbol(&place.unit, d)).collect();
        self.each_use(&place, &mut |bound_use| {
            let called = bound_use.unknown_call;
            parts.unknown_calls.extend(called.map(|id| (bound_use.from.definition, id)));
            match bound_use.outcome {
                Outcome::Edges(edges) => {
                    parts.counts.resolved += 1;
                    parts.edges.extend(edges);
                }
                Outcome::External(_) => parts.counts.external += 1,
                Outcome::Unresolved => {
                    parts.counts.unresolved += 1;
                    parts.unresolved.push(name_hash(place.name(bound_use.name)));
                }
                Outcome::Local | Outcome::Module => {}
            }
        });
        parts.consulted = self.consulted();
        Some(FileNode::new(parts))
    }

    /// Every use of a file with what became of it, for an export that also
    /// wants what leaves the project.
    pub fn uses_of(&self, file: FileNumber, each: &mut dyn FnMut(&FileNumber, BoundUse)) {
        if let Some(place) = self.start(file) {
            self.each_use(&place, &mut |bound_use| each(&file, bound_use));
        }
    }

    fn each_use(&self, place: &Place, each: &mut dyn FnMut(BoundUse)) {
        let facts = &place.unit.facts;
        for id in 0..facts.expressions.len() as ExpressionId {
            let expression = &facts.expressions[id as usize];
            let (name, targets) = match expression.kind {
                ExpressionKind::Name(name)
                    if place.unit.language == Language::Rust
                        && expression.role == Role::Callee
                        && place.unit.call_of(id).is_none() =>
                {
                    (name, self.macro_targets(place, expression.scope, name))
                }
                ExpressionKind::Name(name) | ExpressionKind::Member(_, name) => {
                    (name, self.expression_targets(place, id, 0))
                }
                ExpressionKind::Call(callee) => {
                    self.called_value(place, id, callee, each);
                    continue;
                }
                _ => continue,
            };
            let from = self.around(place, expression.scope);
            let outcome = self.outcome(place, from, id, &targets);
            let unknown = self.calls_unknown(place, expression.role, &targets, &outcome);
            each(BoundUse {
                name,
                role: expression.role,
                from,
                at: expression.at,
                outcome,
                unknown_call: unknown.then_some(id),
            });
        }
        // `require` brings in a module and what it offers as its value by one
        // name: that is one use.
        let together = |a: &Import, b: &Import| a.at == b.at && a.module == b.module;
        for imports in facts.imports.chunk_by(together) {
            self.import_use(place, imports, each);
        }
    }

    pub(super) fn around(&self, place: &Place, scope: ScopeId) -> SymbolRef {
        let definition = place.unit.definition_around(scope).unwrap_or(SymbolRef::FILE);
        SymbolRef { file: place.file, definition }
    }

    /// The use that some imports of one module at one place are.
    fn import_use(&self, place: &Place, imports: &[Import], each: &mut dyn FnMut(BoundUse)) {
        let Some(first) = imports.first() else { return };
        let mut edges = Vec::new();
        let mut outcome = Outcome::Unresolved;
        for import in imports {
            for module in self.module_targets(place, import, 0) {
                match self.import_edge(place, import, module.target) {
                    Some(edge) => edges.push(Edge { kind: EdgeKind::Imports, ..edge }),
                    None if module.target == Target::External => {
                        outcome = Outcome::External(imported_name(place, first));
                    }
                    None if outcome == Outcome::Unresolved => outcome = Outcome::Module,
                    None => {}
                }
            }
            if let Imported::Member(_) = import.what {
                let members = self.import_targets(place, import, 0);
                edges.extend(
                    members.iter().filter_map(|b| self.import_edge(place, import, b.target)),
                );
            }
        }
        let name = match first.what {
            Imported::Member(name) => name,
            _ => first.module,
        };
        let from = self.around(place, first.scope);
        let outcome = settled(edges, outcome);
        let (role, at) = (Role::Read, first.at);
        each(BoundUse { name, role, from, at, outcome, unknown_call: None });
    }

    /// The edge from an import to what it brings in, if that is of the project.
    fn import_edge(&self, place: &Place, import: &Import, target: Target) -> Option<Edge> {
        let (kind, to) = match target {
            Target::Module(file, _) => (EdgeKind::Imports, SymbolRef::file(file)),
            Target::Symbol(symbol) => (EdgeKind::References, symbol),
            _ => return None,
        };
        let from = self.around(place, import.scope);
        Some(Edge { kind, from, to, at: import.at, how: How::Import, candidates: 1 })
    }
}

fn imported_name(place: &Place, import: &Import) -> String {
    let module = place.name(import.module);
    match import.what {
        Imported::Member(name) => format!("{module}.{}", place.name(name)),
        _ => module.to_string(),
    }
}

fn symbol<'u>(unit: &'u Unit, definition: &Definition) -> NewSymbol<'u> {
    let parent = definition.parent.or_else(|| {
        // A member written apart from its type in the same file.
        let owner = &unit.facts.expressions[definition.owner? as usize];
        let name = match owner.kind {
            ExpressionKind::Name(name) => name,
            ExpressionKind::Generic(of) => match unit.facts.expressions[of as usize].kind {
                ExpressionKind::Name(name) => name,
                _ => return None,
            },
            _ => return None,
        };
        unit.facts
            .definitions
            .iter()
            .position(|other| other.kind.is_type() && other.name == name)
            .map(|id| id as DefinitionId)
    });
    NewSymbol {
        name: unit.facts.name(definition.name),
        kind: definition.kind,
        parent,
        at: definition.at,
        start_line: definition.line,
        end_line: definition.end_line,
        visibility: definition.visibility,
        flags: definition.flags,
    }
}
