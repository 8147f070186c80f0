//! What type a value has, as far as the code says so.

use ctx_model::Language;
use ctx_model::facts::*;

use super::containers::Taken;
use super::declared::instances;
use super::{Binder, Bound, LONGEST_CHAIN, Place, Target, Type, Types, add_types, kept};
use crate::node::SymbolRef;

impl Binder<'_> {
    /// What an expression names, if it names something.
    pub(super) fn expression_targets(
        &self,
        place: &Place,
        id: ExpressionId,
        depth: u32,
    ) -> Vec<Bound> {
        match place.unit.facts.expressions[id as usize].kind {
            ExpressionKind::Name(name) => {
                let found = self.name_targets(place, id, name, depth);
                self.keep_meant_overloads(place, id, found, depth)
            }
            ExpressionKind::Member(object, name) => {
                let found = self.member_targets(place, id, object, name, depth);
                self.keep_meant_overloads(place, id, found, depth)
            }
            ExpressionKind::Generic(of) | ExpressionKind::Method(of) => {
                self.expression_targets(place, of, depth + 1)
            }
            ExpressionKind::Definition(definition) => {
                let symbol = SymbolRef { file: place.file, definition };
                vec![super::bound(Target::Symbol(symbol), ctx_model::edge::How::Scope)]
            }
            ExpressionKind::Module(import) => self.module_value(place, import, depth),
            _ => Vec::new(),
        }
    }

    /// The types that an expression's value may have.
    pub(super) fn types_of(&self, place: &Place, id: ExpressionId, depth: u32) -> Types {
        if depth > LONGEST_CHAIN {
            return Types::new();
        }
        let key = (place.file, id);
        let work = || self.types_unknown(place, id, depth);
        kept(&self.session, |session| &mut session.types, key, work)
    }

    fn types_unknown(&self, place: &Place, id: ExpressionId, depth: u32) -> Types {
        let expression = place.unit.facts.expressions[id as usize];
        match expression.kind {
            ExpressionKind::Name(_) | ExpressionKind::Member(..) => {
                let targets = self.expression_targets(place, id, depth);
                self.types_of_targets(&targets, depth)
            }
            ExpressionKind::Call(callee) => self.called(place, id, callee, depth),
            ExpressionKind::New(of) | ExpressionKind::Cast(of) => self.annotated(place, of, depth),
            ExpressionKind::Module(_) => {
                let targets = self.expression_targets(place, id, depth);
                self.types_of_targets(&targets, depth)
            }
            ExpressionKind::Generic(of) | ExpressionKind::Method(of) => {
                self.types_of(place, of, depth + 1)
            }
            ExpressionKind::Element(of) => {
                let types = self.types_of(place, of, depth + 1);
                self.elements(types, place.unit.language, Taken::ByIndex, depth)
            }
            ExpressionKind::Await(of) => {
                let types = self.types_of(place, of, depth + 1);
                let contained = types.iter().any(|ty| matches!(ty, Type::Container(_)));
                if !contained {
                    return types;
                }
                self.elements(types, place.unit.language, Taken::InTurn, depth)
            }
            ExpressionKind::Either(left, right) => {
                let mut types = self.types_of(place, left, depth + 1);
                add_types(&mut types, self.types_of(place, right, depth + 1));
                types
            }
            ExpressionKind::This | ExpressionKind::Super => {
                self.receiver_types(place, expression.scope, depth)
            }
            ExpressionKind::Literal(LiteralKind::Nothing) | ExpressionKind::Unknown => Types::new(),
            ExpressionKind::Literal(_) => vec![Type::External],
            ExpressionKind::Definition(definition) => {
                vec![self.type_of_definition(place, definition)]
            }
        }
    }

    fn type_of_definition(&self, place: &Place, definition: DefinitionId) -> Type {
        let symbol = SymbolRef { file: place.file, definition };
        match place.unit.facts.definitions[definition as usize].kind {
            kind if kind.is_type() => Type::Class(symbol),
            _ => Type::Function(symbol),
        }
    }

    fn types_of_targets(&self, targets: &[Bound], depth: u32) -> Types {
        let mut types = Types::new();
        for target in targets {
            match target.target {
                Target::Symbol(symbol) => {
                    add_types(&mut types, self.types_of_symbol(symbol, depth))
                }
                Target::Module(file, scope) => add_types(&mut types, [Type::Module(file, scope)]),
                Target::Folder(folder) => add_types(&mut types, [Type::Folder(folder)]),
                Target::Local(file, scope, name) => {
                    if let Some(place) = self.place(file) {
                        add_types(&mut types, self.types_of_local(&place, scope, name, depth));
                    }
                }
                Target::External => add_types(&mut types, [Type::External]),
            }
        }
        types
    }

    /// The types of what a definition stands for.
    pub(super) fn types_of_symbol(&self, symbol: SymbolRef, depth: u32) -> Types {
        let Some(place) = self.place(symbol.file) else { return Types::new() };
        let Some(definition) = place.unit.facts.definitions.get(symbol.definition as usize) else {
            return Types::new();
        };
        match definition.kind {
            DefinitionKind::EnumMember => definition.parent.map_or_else(Types::new, |parent| {
                vec![Type::Instance(SymbolRef { file: symbol.file, definition: parent })]
            }),
            kind if kind.is_type() => vec![Type::Class(symbol)],
            kind if kind.is_function() => {
                if definition.flags.has(DefinitionFlags::PROPERTY) {
                    return self.returned(symbol, depth + 1);
                }
                let mut types = vec![Type::Function(symbol)];
                if is_script(place.unit.language) {
                    // `const f: F = () => …` has the members of `F` too.
                    let bindings = place.unit.bindings(definition.scope, definition.name);
                    for declared in bindings.filter_map(|binding| binding.type_of) {
                        add_types(&mut types, self.annotated(&place, declared, depth + 1));
                    }
                }
                types
            }
            DefinitionKind::Module => definition
                .body
                .map_or_else(Types::new, |body| vec![Type::Module(symbol.file, body)]),
            _ => self.types_of_variable(&place, symbol, definition, depth),
        }
    }

    fn types_of_variable(
        &self,
        place: &Place,
        symbol: SymbolRef,
        definition: &Definition,
        depth: u32,
    ) -> Types {
        if let Some(declared) = definition.type_of {
            let types = self.annotated(place, declared, depth + 1);
            if !types.is_empty() {
                return types;
            }
        }
        if definition.body.is_some() {
            // An object literal: its members are looked up in the definition itself.
            return vec![Type::Class(symbol)];
        }
        let mut types = Types::new();
        for binding in place.unit.bindings(definition.scope, definition.name) {
            if binding.to == BoundTo::Definition(symbol.definition) {
                add_types(&mut types, self.types_of_binding(place, binding, depth));
            }
        }
        types
    }

    fn types_of_local(&self, place: &Place, scope: ScopeId, name: NameId, depth: u32) -> Types {
        let mut types = Types::new();
        for binding in place.unit.bindings(scope, name) {
            if binding.to == BoundTo::Parameter(0)
                && let Some((class, itself)) = self.receiver_class(place, scope)
            {
                return vec![if itself { Type::Class(class) } else { Type::Instance(class) }];
            }
            if matches!(binding.to, BoundTo::Parameter(0))
                && place.name(name) == "self"
                && place.unit.language == Language::Rust
            {
                return self.receiver_types(place, scope, depth);
            }
            add_types(&mut types, self.types_of_binding(place, binding, depth));
        }
        types
    }

    fn types_of_binding(&self, place: &Place, binding: &Binding, depth: u32) -> Types {
        if let Some(declared) = binding.type_of {
            let types = self.annotated(place, declared, depth + 1);
            if !types.is_empty() {
                return types;
            }
        }
        let Some(value) = binding.value else { return Types::new() };
        let types = self.types_of(place, value, depth + 1);
        match binding.through {
            Through::Itself => types,
            Through::Element => self.elements(types, place.unit.language, Taken::InTurn, depth),
            Through::Part => self.part(place, binding, types, depth),
            Through::Entered => self.entered(types, depth),
            Through::Instance => types
                .into_iter()
                .map(|ty| match ty {
                    Type::Class(class) => Type::Instance(class),
                    other => other,
                })
                .collect(),
        }
    }

    /// What `with value as name` binds: what `__enter__` gives, or the value.
    fn entered(&self, types: Types, depth: u32) -> Types {
        let mut entered = Types::new();
        for ty in types {
            match ty {
                Type::Instance(class) => {
                    let enter = ["__enter__", "__aenter__"].iter().find_map(|name| {
                        self.class_member(class, name, depth + 1).first().copied()
                    });
                    let given = enter.map(|enter| self.returned(enter, depth + 1));
                    match given {
                        Some(given) if !given.is_empty() => add_types(&mut entered, given),
                        _ => add_types(&mut entered, [Type::Instance(class)]),
                    }
                }
                Type::Container(inner) => add_types(&mut entered, inner),
                other => add_types(&mut entered, [other]),
            }
        }
        entered
    }

    /// What calling an expression gives.
    fn called(&self, place: &Place, call: ExpressionId, callee: ExpressionId, depth: u32) -> Types {
        let mut types = Types::new();
        let callees = self.types_of(place, callee, depth + 1);
        if callees.iter().all(|ty| *ty == Type::External) {
            types = self.handed_on(place, call, callee, depth);
            if !types.is_empty() {
                return types;
            }
        }
        for ty in callees {
            match ty {
                Type::Class(class) => add_types(&mut types, [Type::Instance(class)]),
                Type::Function(function) => {
                    add_types(&mut types, self.returned(function, depth + 1));
                }
                // A variant of an enum is called like a function.
                Type::Instance(of) if place.unit.language == Language::Rust => {
                    add_types(&mut types, [Type::Instance(of)]);
                }
                Type::Instance(of) => {
                    for call in self.class_member(of, "__call__", depth + 1) {
                        add_types(&mut types, self.returned(call, depth + 1));
                    }
                }
                Type::External => add_types(&mut types, [Type::External]),
                _ => {}
            }
        }
        types
    }

    /// What a function gives back: its declared type, or the types of the
    /// expressions that it returns.
    pub(super) fn returned(&self, function: SymbolRef, depth: u32) -> Types {
        if depth > LONGEST_CHAIN {
            return Types::new();
        }
        let work = || self.returned_unknown(function, depth);
        kept(&self.session, |session| &mut session.returned, function, work)
    }

    fn returned_unknown(&self, function: SymbolRef, depth: u32) -> Types {
        let Some(place) = self.place(function.file) else { return Types::new() };
        let Some(definition) = place.unit.facts.definitions.get(function.definition as usize)
        else {
            return Types::new();
        };
        if let Some(declared) = definition.type_of {
            return self.annotated(&place, declared, depth + 1);
        }
        if definition.kind == DefinitionKind::Constructor
            && let Some(parent) = definition.parent
        {
            return vec![Type::Instance(SymbolRef { file: function.file, definition: parent })];
        }
        let mut types = Types::new();
        for value in place.unit.returned_by(function.definition) {
            add_types(&mut types, self.types_of(&place, *value, depth + 1));
        }
        if definition.flags.has(DefinitionFlags::GENERATOR) {
            return vec![Type::Container(types)];
        }
        types
    }

    /// Types of `self` or `this` in a scope. Inside an `impl` for a type from
    /// outside, what that block itself defines is all that is known of it.
    fn receiver_types(&self, place: &Place, scope: ScopeId, depth: u32) -> Types {
        let classes = self.enclosing_types(place, scope, depth);
        if classes.is_empty() {
            let scopes = &place.unit.facts.scopes;
            let outwards = std::iter::successors(Some(scope), |at| scopes[*at as usize].parent);
            let extension =
                outwards.into_iter().find(|at| scopes[*at as usize].kind == ScopeKind::Extension);
            return extension.map(|scope| Type::Module(place.file, scope)).into_iter().collect();
        }
        classes.into_iter().map(Type::Instance).collect()
    }

    /// The types whose code a scope belongs to: the class around it, or the
    /// type of the `impl` around it.
    pub(super) fn enclosing_types(
        &self,
        place: &Place,
        scope: ScopeId,
        depth: u32,
    ) -> Vec<SymbolRef> {
        let facts = &place.unit.facts;
        let mut at = Some(scope);
        while let Some(id) = at {
            let scope = &facts.scopes[id as usize];
            match (scope.kind, scope.definition, scope.owner) {
                (ScopeKind::Type, Some(definition), _) => {
                    return vec![SymbolRef { file: place.file, definition }];
                }
                (ScopeKind::Extension, _, Some(owner)) => {
                    return instances(self.annotated(place, owner, depth + 1));
                }
                (ScopeKind::Function, Some(definition), _) => {
                    if let Some(owner) = facts.definitions[definition as usize].owner
                        && facts.scopes[facts.definitions[definition as usize].scope as usize].kind
                            != ScopeKind::Extension
                    {
                        return instances(self.annotated(place, owner, depth + 1));
                    }
                }
                _ => {}
            }
            at = scope.parent;
        }
        Vec::new()
    }
}

pub(super) fn is_script(language: Language) -> bool {
    matches!(language, Language::JavaScript | Language::TypeScript | Language::Tsx)
}

impl Binder<'_> {
    /// Types of local variables, for calls through them.
    pub(super) fn local_types(&self, targets: &[Bound]) -> Types {
        self.types_of_targets(targets, 1)
    }
}
