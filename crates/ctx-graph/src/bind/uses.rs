//! Every use in a file, bound: the edges of its node.

use ctx_model::edge::{EdgeKind, How};
use ctx_model::facts::*;
use ctx_model::{Language, Position};

use super::{Binder, Bound, Place, Target, Type};
use crate::node::{
    Edge, FileExtensions, FileNode, FileNumber, NewSymbol, NodeParts, SymbolRef, UseCounts, name_hash,
};
use crate::unit::Unit;

/// What became of a use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Edges to symbols of the project.
    Edges(Vec<Edge>),
    /// It means a parameter or local variable.
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
        parts.symbols = place.unit.facts.definitions.iter().map(|d| symbol(&place.unit, d)).collect();
        self.each_use(&place, &mut |bound_use| match bound_use.outcome {
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
                ExpressionKind::Name(name) => {
                    (name, self.name_targets(place, expression.scope, name, expression.role, 0))
                }
                ExpressionKind::Member(object, name) => {
                    (name, self.member_targets(place, object, name, 0))
                }
                ExpressionKind::Call(callee) => {
                    self.called_value(place, callee, each);
                    continue;
                }
                _ => continue,
            };
            let from = self.around(place, expression.scope);
            let outcome = self.outcome(place, from, expression, id, &targets);
            each(BoundUse { name, role: expression.role, from, at: expression.at, outcome });
        }
        for import in &facts.imports {
            self.import_use(place, import, each);
        }
    }

    /// `super(…)` and `this(…)` call constructors without naming them.
    fn called_value(
        &self,
        place: &Place,
        callee: ExpressionId,
        each: &mut dyn FnMut(BoundUse),
    ) {
        let facts = &place.unit.facts;
        let head = &facts.expressions[callee as usize];
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
        let edges: Vec<Edge> = classes
            .into_iter()
            .filter_map(|class| self.constructor(class, place.unit.language))
            .map(|to| Edge {
                kind: EdgeKind::Calls,
                from,
                to,
                at: head.at,
                how: How::SelfType,
                candidates: 1,
            })
            .collect();
        if !edges.is_empty() {
            let outcome = Outcome::Edges(edges);
            each(BoundUse { name: 0, role: Role::Callee, from, at: head.at, outcome });
        }
    }

    fn around(&self, place: &Place, scope: ScopeId) -> SymbolRef {
        let definition = place.unit.definition_around(scope).unwrap_or(SymbolRef::FILE);
        SymbolRef { file: place.file, definition }
    }

    fn outcome(
        &self,
        place: &Place,
        from: SymbolRef,
        expression: &Expression,
        id: ExpressionId,
        targets: &[Bound],
    ) -> Outcome {
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
                Some(Target::External) => Outcome::External(spelled(&place.unit, id)),
                _ => Outcome::Module,
            };
        }
        let candidates = symbols.len() as u32;
        let edge = |kind, to, how| Edge { kind, from, to, at: expression.at, how, candidates };
        let mut edges = Vec::new();
        for (symbol, how) in symbols {
            let Some(target) = self.place(symbol.file) else { continue };
            let Some(definition) = target.unit.facts.definitions.get(symbol.definition as usize)
            else {
                continue;
            };
            match expression.role {
                Role::Callee | Role::Constructed | Role::Annotation
                    if definition.kind.is_type() =>
                {
                    if expression.role == Role::Annotation && !decorators_call(place.unit.language) {
                        edges.push(edge(EdgeKind::References, symbol, how));
                        continue;
                    }
                    edges.push(edge(EdgeKind::Instantiates, symbol, how));
                    if let Some(constructor) = self.constructor(symbol, target.unit.language) {
                        edges.push(edge(EdgeKind::Calls, constructor, how));
                    }
                }
                Role::Callee if definition.kind.is_function() => {
                    edges.push(edge(EdgeKind::Calls, symbol, how));
                }
                Role::Annotation
                    if definition.kind.is_function() && decorators_call(place.unit.language) =>
                {
                    edges.push(edge(EdgeKind::Calls, symbol, how));
                }
                Role::Callee => {
                    edges.push(edge(EdgeKind::References, symbol, how));
                    // A variable that holds a function.
                    for ty in self.types_of_symbol(symbol, 1) {
                        self.calls_of_value(&ty, &mut |to, kind| {
                            edges.push(edge(kind, to, How::Inferred));
                        });
                    }
                }
                Role::Constructed => edges.push(edge(EdgeKind::Instantiates, symbol, how)),
                Role::Base => {
                    let kind = Self::base_kind(place, id, definition);
                    let from = self.based(place, from, id);
                    edges.push(Edge { from, ..edge(kind, symbol, how) });
                }
                _ if definition.flags.has(DefinitionFlags::PROPERTY)
                    && definition.kind.is_function()
                    && expression.role == Role::Read =>
                {
                    // Reading a property runs it.
                    edges.push(edge(EdgeKind::Calls, symbol, how));
                }
                _ => edges.push(edge(EdgeKind::References, symbol, how)),
            }
        }
        if edges.is_empty() { Outcome::Unresolved } else { Outcome::Edges(edges) }
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
        let local = [super::bound(Target::Local(file, scope, name), How::Scope)];
        let types = self.local_types(&local);
        let mut edges = Vec::new();
        let candidates = types.len() as u32;
        for ty in &types {
            self.calls_of_value(ty, &mut |to, kind| {
                edges.push(Edge { kind, from, to, at: expression.at, how: How::Inferred, candidates });
            });
        }
        if edges.is_empty() { Outcome::Local } else { Outcome::Edges(edges) }
    }

    /// What calling a value of a type calls.
    fn calls_of_value(&self, ty: &Type, each: &mut dyn FnMut(SymbolRef, EdgeKind)) {
        match ty {
            Type::Function(function) => each(*function, EdgeKind::Calls),
            Type::Class(class) => {
                let Some(place) = self.place(class.file) else { return };
                let kind = place.unit.facts.definitions[class.definition as usize].kind;
                if !kind.is_type() {
                    return;
                }
                each(*class, EdgeKind::Instantiates);
                if let Some(constructor) = self.constructor(*class, place.unit.language) {
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

    /// The constructor that making a value of a class runs, if the project defines it.
    fn constructor(&self, class: SymbolRef, language: Language) -> Option<SymbolRef> {
        let names: &[&str] = match language {
            Language::Python => &["__init__", "__new__"],
            Language::JavaScript | Language::TypeScript | Language::Tsx => &["constructor"],
            Language::Java => {
                let place = self.place(class.file)?;
                let definition = place.unit.constructor_of(class.definition)?;
                return Some(SymbolRef { file: class.file, definition });
            }
            _ => return None,
        };
        names.iter().find_map(|name| self.class_member(class, name, 1).first().copied())
    }

    /// Whether a base is extended or implemented.
    fn base_kind(place: &Place, id: ExpressionId, target: &Definition) -> EdgeKind {
        let scope = place.unit.facts.expressions[id as usize].scope;
        let in_extension =
            place.unit.facts.scopes[scope as usize].kind == ScopeKind::Extension;
        match place.unit.base_of(id).map(|base| base.implements) {
            Some(true) => EdgeKind::Implements,
            Some(false) => EdgeKind::Inherits,
            None if in_extension || target.kind == DefinitionKind::Trait => EdgeKind::Implements,
            None => EdgeKind::Inherits,
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

    fn import_use(&self, place: &Place, import: &Import, each: &mut dyn FnMut(BoundUse)) {
        let from = self.around(place, import.scope);
        let edge = |kind, to, how| Edge { kind, from, to, at: import.at, how, candidates: 1 };
        let mut edges = Vec::new();
        let mut external = false;
        for module in self.module_targets(place, import, 0) {
            match module.target {
                Target::Module(file, _) => {
                    edges.push(edge(EdgeKind::Imports, SymbolRef::file(file), How::Import));
                }
                Target::Symbol(symbol) => edges.push(edge(EdgeKind::Imports, symbol, How::Import)),
                Target::External => external = true,
                _ => {}
            }
        }
        let name = match import.what {
            Imported::Member(name) => {
                for target in self.import_targets(place, import, 0) {
                    match target.target {
                        Target::Symbol(symbol) => {
                            edges.push(edge(EdgeKind::References, symbol, How::Import));
                        }
                        Target::Module(file, _) => {
                            edges.push(edge(EdgeKind::Imports, SymbolRef::file(file), How::Import));
                        }
                        _ => {}
                    }
                }
                name
            }
            _ => import.module,
        };
        let outcome = match (edges.is_empty(), external) {
            (false, _) => Outcome::Edges(edges),
            (true, true) => Outcome::External(imported_name(place, import)),
            (true, false) => match self.module_targets(place, import, 0).first() {
                Some(_) => Outcome::Module,
                None => Outcome::Unresolved,
            },
        };
        each(BoundUse { name, role: Role::Read, from, at: import.at, outcome });
    }
}

fn imported_name(place: &Place, import: &Import) -> String {
    let module = place.name(import.module);
    match import.what {
        Imported::Member(name) => format!("{module}.{}", place.name(name)),
        _ => module.to_string(),
    }
}

fn decorators_call(language: Language) -> bool {
    matches!(
        language,
        Language::Python | Language::JavaScript | Language::TypeScript | Language::Tsx
    )
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

/// An expression as text, as far as it is a path of names.
fn spelled(unit: &Unit, id: ExpressionId) -> String {
    let mut parts = Vec::new();
    let mut at = id;
    loop {
        match unit.facts.expressions[at as usize].kind {
            ExpressionKind::Name(name) => {
                parts.push(unit.facts.name(name));
                break;
            }
            ExpressionKind::Member(object, name) => {
                parts.push(unit.facts.name(name));
                at = object;
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

/// A hash of what other files can see of this one: definitions with their
/// types and bases, imports and exports, and what module-level names and
/// fields are assigned. Function bodies count only through what they return.
fn interface_hash(unit: &Unit) -> u64 {
    let mut bytes = ctx_model::codec::Writer::default();
    let facts = &unit.facts;
    let seen = |bytes: &mut ctx_model::codec::Writer, id: ExpressionId| {
        visible_expression(bytes, unit, id, 0);
    };
    for definition in &facts.definitions {
        bytes.text(facts.name(definition.name));
        bytes.byte(definition.kind as u8);
        bytes.number(u64::from(definition.flags.0));
        bytes.option(definition.parent);
        bytes.number(u64::from(definition.scope));
        let expressions = definition.bases.iter().map(|base| base.expression);
        for id in expressions.chain(definition.owner).chain(definition.type_of) {
            seen(&mut bytes, id);
        }
    }
    for import in &facts.imports {
        bytes.text(facts.name(import.module));
        if let Imported::Member(name) = import.what {
            bytes.text(facts.name(name));
        }
        bytes.number(u64::from(import.scope));
    }
    for export in &facts.exports {
        bytes.text(facts.name(export.name));
    }
    for binding in &facts.bindings {
        bytes.text(facts.name(binding.name));
        bytes.number(u64::from(binding.scope));
        for id in binding.value.into_iter().chain(binding.type_of) {
            seen(&mut bytes, id);
        }
    }
    for returned in &facts.returns {
        bytes.number(u64::from(returned.of));
        seen(&mut bytes, returned.value);
    }
    bytes.text(facts.package.map_or("", |package| facts.name(package)));
    let bytes = bytes.finish();
    bytes.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn visible_expression(
    bytes: &mut ctx_model::codec::Writer,
    unit: &Unit,
    id: ExpressionId,
    depth: u32,
) {
    if depth > 8 {
        return;
    }
    match unit.facts.expressions[id as usize].kind {
        ExpressionKind::Name(name) => bytes.text(unit.facts.name(name)),
        ExpressionKind::Member(object, name) => {
            visible_expression(bytes, unit, object, depth + 1);
            bytes.text(unit.facts.name(name));
        }
        ExpressionKind::Call(of)
        | ExpressionKind::New(of)
        | ExpressionKind::Element(of)
        | ExpressionKind::Generic(of)
        | ExpressionKind::Await(of) => {
            bytes.byte(b'(');
            visible_expression(bytes, unit, of, depth + 1);
            for argument in unit.arguments(id) {
                visible_expression(bytes, unit, argument.value, depth + 1);
            }
            bytes.byte(b')');
        }
        ExpressionKind::Either(left, right) => {
            visible_expression(bytes, unit, left, depth + 1);
            visible_expression(bytes, unit, right, depth + 1);
        }
        ExpressionKind::Literal(kind) => bytes.byte(kind as u8),
        ExpressionKind::This => bytes.byte(b't'),
        ExpressionKind::Super => bytes.byte(b's'),
        ExpressionKind::Definition(of) => bytes.number(u64::from(of)),
        ExpressionKind::Unknown => bytes.byte(b'?'),
    }
}

impl UseCounts {
    /// Adds another file's counts.
    pub fn add(&mut self, other: UseCounts) {
        self.resolved += other.resolved;
        self.external += other.external;
        self.unresolved += other.unresolved;
    }
}
