//! What a written type says of the value that is declared with it.

use ctx_model::Language;
use ctx_model::facts::*;

use super::outside::{self, Wraps};
use super::types::is_script;
use super::{Binder, LONGEST_CHAIN, Place, Target, Type, Types, add_types, kept};
use crate::node::SymbolRef;

impl Binder<'_> {
    /// The types of a value that is declared with a written type.
    pub(super) fn annotated(&self, place: &Place, id: ExpressionId, depth: u32) -> Types {
        if depth > LONGEST_CHAIN {
            return Types::new();
        }
        let work = || self.annotated_unknown(place, id, depth);
        kept(&self.session, |session| &mut session.declared, (place.file, id), work)
    }

    fn annotated_unknown(&self, place: &Place, id: ExpressionId, depth: u32) -> Types {
        let expression = place.unit.facts.expressions[id as usize];
        match expression.kind {
            ExpressionKind::Name(_) | ExpressionKind::Member(..) => {
                self.declared_by_name(place, id, depth)
            }
            ExpressionKind::Generic(base) => self.declared_generic(place, id, base, depth),
            ExpressionKind::Element(of) => self.annotated(place, of, depth + 1),
            ExpressionKind::Either(left, right) => {
                let mut types = self.annotated(place, left, depth + 1);
                add_types(&mut types, self.annotated(place, right, depth + 1));
                types
            }
            ExpressionKind::Literal(LiteralKind::Nothing) => Types::new(),
            ExpressionKind::Literal(_) => vec![Type::External],
            ExpressionKind::This => self.types_of(place, id, depth + 1),
            // A base class that a call gives.
            ExpressionKind::Call(_) => constructed(self.types_of(place, id, depth + 1)),
            _ => Types::new(),
        }
    }

    fn declared_by_name(&self, place: &Place, id: ExpressionId, depth: u32) -> Types {
        let expression = place.unit.facts.expressions[id as usize];
        if let ExpressionKind::Name(name) | ExpressionKind::Member(_, name) = expression.kind
            && place.name(name) == "Self"
            && place.unit.language == Language::Python
        {
            let scope = expression.scope;
            let classes = self.enclosing_types(place, scope, depth);
            return classes.into_iter().map(Type::Instance).collect();
        }
        let mut types = Types::new();
        for target in self.expression_targets(place, id, depth + 1) {
            match target.target {
                Target::Symbol(symbol) => add_types(&mut types, self.declared_as(symbol, depth)),
                Target::External => add_types(&mut types, [Type::External]),
                Target::Local(file, scope, name) => {
                    // A type parameter stands for its bound.
                    if let Some(place) = self.place(file) {
                        for binding in place.unit.bindings(scope, name) {
                            if let Some(bound) = binding.type_of {
                                add_types(&mut types, self.annotated(&place, bound, depth + 1));
                            }
                        }
                    }
                }
                Target::Module(..) | Target::Folder(_) => {}
            }
        }
        types
    }

    /// A value declared as a symbol: an instance of a class, or of what an
    /// alias or a variable that holds a class stands for.
    fn declared_as(&self, symbol: SymbolRef, depth: u32) -> Types {
        let Some(place) = self.place(symbol.file) else { return Types::new() };
        let Some(definition) = place.unit.facts.definitions.get(symbol.definition as usize) else {
            return Types::new();
        };
        match definition.kind {
            // A type with methods of its own, whatever it is made of.
            DefinitionKind::TypeAlias if place.unit.language == Language::Go => {
                vec![Type::Instance(symbol)]
            }
            DefinitionKind::TypeAlias => {
                let mut types = Types::new();
                if let Some(aliased) = definition.type_of {
                    add_types(&mut types, self.annotated(&place, aliased, depth + 1));
                }
                if types.is_empty() { vec![Type::Instance(symbol)] } else { types }
            }
            kind if kind.is_type() => vec![Type::Instance(symbol)],
            // A constructor function is a class in all but name.
            DefinitionKind::Function if is_script(place.unit.language) => {
                vec![Type::Instance(symbol)]
            }
            kind if kind.is_function() => Types::new(),
            _ => constructed(self.types_of_symbol(symbol, depth + 1)),
        }
    }

    fn declared_generic(
        &self,
        place: &Place,
        id: ExpressionId,
        base: ExpressionId,
        depth: u32,
    ) -> Types {
        let name = match place.unit.facts.expressions[base as usize].kind {
            ExpressionKind::Name(name) | ExpressionKind::Member(_, name) => place.name(name),
            ExpressionKind::Literal(LiteralKind::Map) => "Map",
            ExpressionKind::Literal(LiteralKind::Tuple) => "Tuple",
            _ => "",
        };
        let ours: Types = self
            .annotated(place, base, depth + 1)
            .into_iter()
            .filter(|ty| *ty != Type::External)
            .collect();
        if !ours.is_empty() {
            return ours;
        }
        let arguments = place.unit.arguments(id);
        let of = |argument: Option<&Argument>| -> Types {
            argument.map_or_else(Types::new, |a| self.annotated(place, a.value, depth + 1))
        };
        let inner = |argument: Option<&Argument>| -> Types {
            of(argument).into_iter().filter(|ty| *ty != Type::External).collect()
        };
        let all = || -> Types {
            let mut types = Types::new();
            arguments.iter().for_each(|argument| add_types(&mut types, of(Some(argument))));
            types
        };
        match outside::wraps(place.unit.language, name) {
            Wraps::Transparent => of(arguments.first()),
            Wraps::AnyOf => all(),
            Wraps::Nothing => vec![Type::External],
            Wraps::TheClass => instances(all()).into_iter().map(Type::Class).collect(),
            Wraps::Map if arguments.len() == 2 => {
                vec![Type::Map(inner(arguments.first()), inner(arguments.last()))]
            }
            Wraps::Tuple if place.unit.language != Language::Python || arguments.len() > 1 => {
                vec![Type::Tuple(arguments.iter().map(|a| inner(Some(a))).collect())]
            }
            Wraps::First => vec![Type::Container(inner(arguments.first()))],
            Wraps::Last => vec![Type::Container(inner(arguments.last()))],
            Wraps::Map | Wraps::Tuple | Wraps::Elements => {
                let mut types = all();
                types.retain(|ty| *ty != Type::External);
                vec![Type::Container(types)]
            }
        }
    }
}

/// The symbols of those types that are instances.
pub(super) fn instances(types: Types) -> Vec<SymbolRef> {
    types
        .into_iter()
        .filter_map(|ty| match ty {
            Type::Instance(symbol) => Some(symbol),
            _ => None,
        })
        .collect()
}

/// Classes among values as values of them.
fn constructed(types: Types) -> Types {
    types
        .into_iter()
        .map(|ty| match ty {
            Type::Class(class) => Type::Instance(class),
            other => other,
        })
        .collect()
}
