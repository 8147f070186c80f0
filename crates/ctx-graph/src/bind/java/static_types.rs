//! The types that Java code is written with: of parameters, and of expressions.

use ctx_model::facts::*;

use super::hierarchy::{is_standard, last_name};
use super::types::{JavaType, Outside, Primitive, standard};
use crate::bind::{Binder, LONGEST_CHAIN, Place, Target, kept};
use crate::node::SymbolRef;

impl Binder<'_> {
    /// A type where it is written.
    pub(super) fn written_type(
        &self,
        place: &Place,
        id: ExpressionId,
        depth: u32,
    ) -> Option<JavaType> {
        if depth > LONGEST_CHAIN {
            return None;
        }
        match place.unit.facts.expressions[id as usize].kind {
            ExpressionKind::Literal(kind) => Primitive::of(kind).map(JavaType::Primitive),
            ExpressionKind::Generic(base) => {
                let list = ExpressionKind::Literal(LiteralKind::List);
                if place.unit.facts.expressions[base as usize].kind != list {
                    return self.written_type(place, base, depth + 1);
                }
                let element = place.unit.arguments(id).first();
                let element = element.and_then(|e| self.written_type(place, e.value, depth + 1));
                Some(JavaType::Array(element.map(Box::new)))
            }
            ExpressionKind::Name(_) | ExpressionKind::Member(..) => {
                let target = self.expression_targets(place, id, depth + 1).first()?.target;
                match target {
                    Target::Symbol(symbol) if self.kind_of(symbol)?.is_type() => {
                        Some(JavaType::Class(symbol))
                    }
                    Target::External => {
                        let name = last_name(place, id)?.to_string();
                        Some(JavaType::Outside(Outside { name, standard: is_standard(place, id) }))
                    }
                    Target::Local(file, scope, name) if file == place.file => {
                        self.type_parameter(place, scope, name, depth)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A type parameter: that of a method stands for its bound; what that of a
    /// class stands for depends on the receiver.
    fn type_parameter(
        &self,
        place: &Place,
        scope: ScopeId,
        name: NameId,
        depth: u32,
    ) -> Option<JavaType> {
        if place.unit.facts.scopes[scope as usize].kind != ScopeKind::Function {
            return None;
        }
        match place.unit.bindings(scope, name).next()?.type_of {
            Some(bound) => self.written_type(place, bound, depth + 1),
            None => Some(JavaType::AnyObject),
        }
    }

    /// The static type of an expression.
    pub(super) fn static_type(
        &self,
        place: &Place,
        id: ExpressionId,
        depth: u32,
    ) -> Option<JavaType> {
        if depth > LONGEST_CHAIN {
            return None;
        }
        let work = || self.static_type_unknown(place, id, depth);
        kept(&self.session, |session| &mut session.static_types, (place.file, id), work)
    }

    fn static_type_unknown(&self, place: &Place, id: ExpressionId, depth: u32) -> Option<JavaType> {
        let expression = place.unit.facts.expressions[id as usize];
        match expression.kind {
            ExpressionKind::Literal(LiteralKind::Text) => Some(standard("String")),
            ExpressionKind::Literal(LiteralKind::Type) => Some(standard("Class")),
            ExpressionKind::Literal(LiteralKind::Nothing) => Some(JavaType::Null),
            ExpressionKind::Literal(kind) => Primitive::of(kind).map(JavaType::Primitive),
            ExpressionKind::New(of) | ExpressionKind::Cast(of) => {
                known(self.written_type(place, of, depth + 1))
            }
            ExpressionKind::Method(_) => Some(JavaType::Function(None)),
            ExpressionKind::Definition(definition) => {
                let definition = &place.unit.facts.definitions[definition as usize];
                let is_lambda = definition.kind == DefinitionKind::Lambda;
                is_lambda.then_some(JavaType::Function(Some(definition.complexity.parameters)))
            }
            ExpressionKind::This => {
                let class = self.enclosing_types(place, expression.scope, depth).first().copied();
                class.map(JavaType::Class)
            }
            ExpressionKind::Element(of) => match self.static_type(place, of, depth + 1)? {
                JavaType::Array(element) => element.map(|element| *element),
                _ => None,
            },
            ExpressionKind::Either(left, right) => {
                let left = self.static_type(place, left, depth + 1)?;
                let right = self.static_type(place, right, depth + 1)?;
                match (&left, &right) {
                    _ if left == right => Some(left),
                    (JavaType::Primitive(_), _) | (_, JavaType::Primitive(_)) => None,
                    (JavaType::Null, _) => Some(right),
                    (_, JavaType::Null) => Some(left),
                    _ => None,
                }
            }
            ExpressionKind::Name(_) | ExpressionKind::Member(..) => {
                let targets = self.expression_targets(place, id, depth + 1);
                let [only] = targets.as_slice() else { return None };
                self.type_of_value(only.target, depth + 1)
            }
            ExpressionKind::Call(callee) => self.type_of_call(place, id, callee, depth + 1),
            _ => None,
        }
    }

    /// The type of a variable, a parameter, a field or an enum's constant.
    fn type_of_value(&self, target: Target, depth: u32) -> Option<JavaType> {
        match target {
            Target::Symbol(symbol) => {
                let place = self.place(symbol.file)?;
                let definition = place.unit.facts.definitions.get(symbol.definition as usize)?;
                match definition.kind {
                    DefinitionKind::EnumMember => Some(JavaType::Class(SymbolRef {
                        file: symbol.file,
                        definition: definition.parent?,
                    })),
                    kind if kind.is_type() || kind.is_function() => None,
                    _ => known(self.written_type(&place, definition.type_of?, depth)),
                }
            }
            Target::Local(file, scope, name) => {
                let place = self.place(file)?;
                let mut bindings = place.unit.bindings(scope, name);
                let binding = bindings.next()?;
                if bindings.next().is_some() {
                    return None;
                }
                match (binding.type_of, binding.value, binding.through) {
                    (Some(written), _, _) => known(self.written_type(&place, written, depth)),
                    (None, Some(value), Through::Itself) => self.static_type(&place, value, depth),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What a call gives, if all methods that it may mean declare the same.
    fn type_of_call(
        &self,
        place: &Place,
        call: ExpressionId,
        callee: ExpressionId,
        depth: u32,
    ) -> Option<JavaType> {
        if let ExpressionKind::Member(_, name) = place.unit.facts.expressions[callee as usize].kind
            && let Some(given) = of_every_object(place.name(name), place.unit.arguments(call).len())
        {
            return Some(given);
        }
        let mut given = None;
        for target in self.expression_targets(place, callee, depth) {
            let Target::Symbol(symbol) = target.target else { return None };
            let place = self.place(symbol.file)?;
            let definition = place.unit.facts.definitions.get(symbol.definition as usize)?;
            if definition.kind != DefinitionKind::Method {
                return None;
            }
            let returned = definition.type_of?;
            if self.depends_on_call(&place, returned, depth) {
                return None;
            }
            let declared = self.written_type(&place, returned, depth)?;
            if *given.get_or_insert_with(|| declared.clone()) != declared {
                return None;
            }
        }
        given
    }

    /// Whether a written type is a type parameter or an array of one: what that
    /// stands for is worked out anew for each call.
    fn depends_on_call(&self, place: &Place, id: ExpressionId, depth: u32) -> bool {
        match place.unit.facts.expressions[id as usize].kind {
            ExpressionKind::Generic(of) => {
                let list = ExpressionKind::Literal(LiteralKind::List);
                let is_array = place.unit.facts.expressions[of as usize].kind == list;
                let element = place.unit.arguments(id).first().filter(|_| is_array);
                element.is_some_and(|element| self.depends_on_call(place, element.value, depth))
            }
            ExpressionKind::Name(_) => self
                .expression_targets(place, id, depth + 1)
                .iter()
                .any(|bound| matches!(bound.target, Target::Local(..))),
            _ => false,
        }
    }
}

/// A type that is the same for every call: what a type parameter stands for is not.
fn known(found: Option<JavaType>) -> Option<JavaType> {
    found.filter(|found| *found != JavaType::AnyObject)
}

/// What a method that every object has gives, whoever overrides it.
fn of_every_object(name: &str, arguments: usize) -> Option<JavaType> {
    match (name, arguments) {
        ("toString", 0) => Some(standard("String")),
        ("getClass", 0) => Some(standard("Class")),
        ("hashCode", 0) => Some(JavaType::Primitive(Primitive::Integer)),
        _ => None,
    }
}
