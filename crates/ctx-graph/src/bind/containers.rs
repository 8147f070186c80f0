//! Values inside other values: elements, parts, and what functions from
//! outside hand on.

use ctx_model::Language;
use ctx_model::facts::*;

use super::outside::{self, Handed};
use super::{Binder, LONGEST_CHAIN, Place, Type, Types, add_types};
use crate::node::SymbolRef;

/// How an element is taken out of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// By an index or a key.
    ByIndex,
    /// One after the other, as a loop does.
    InTurn,
}

impl Binder<'_> {
    /// Elements of some values. An index of a class gives the class: it is a
    /// generic type with its arguments.
    pub(super) fn elements(
        &self,
        types: Types,
        language: Language,
        taken: Taken,
        depth: u32,
    ) -> Types {
        let mut inner = Types::new();
        for ty in types {
            match ty {
                Type::Container(elements) => add_types(&mut inner, elements),
                Type::Map(keys, _) if taken == Taken::InTurn && language == Language::Python => {
                    add_types(&mut inner, keys);
                }
                Type::Map(_, values) => add_types(&mut inner, values),
                Type::Tuple(parts) => {
                    parts.into_iter().for_each(|part| add_types(&mut inner, part));
                }
                Type::Class(class) if taken == Taken::ByIndex => {
                    add_types(&mut inner, [Type::Class(class)]);
                }
                Type::External => add_types(&mut inner, [Type::External]),
                Type::Instance(class) if depth < LONGEST_CHAIN => {
                    add_types(&mut inner, self.elements_of_instance(class, language, taken, depth));
                }
                _ => {}
            }
        }
        inner
    }

    /// Elements of a value of a type of the project.
    fn elements_of_instance(
        &self,
        class: SymbolRef,
        language: Language,
        taken: Taken,
        depth: u32,
    ) -> Types {
        let Some(place) = self.place(class.file) else { return Types::new() };
        let Some(definition) = place.unit.facts.definitions.get(class.definition as usize) else {
            return Types::new();
        };
        if definition.kind == DefinitionKind::TypeAlias {
            let Some(aliased) = definition.type_of else { return Types::new() };
            let types = self.annotated(&place, aliased, depth + 1);
            return self.elements(types, language, taken, depth + 4);
        }
        if language != Language::Python {
            return Types::new();
        }
        let by = |name: &str| {
            let method = self.class_member(class, name, depth + 1).first().copied();
            method.map_or_else(Types::new, |method| self.returned(method, depth + 1))
        };
        if taken == Taken::ByIndex {
            return by("__getitem__");
        }
        let iterator =
            ["__iter__", "__aiter__"].iter().map(|name| by(name)).find(|t| !t.is_empty());
        self.elements(iterator.unwrap_or_default(), language, Taken::InTurn, depth + 4)
    }

    /// What one of several names in a pattern is bound to.
    pub(super) fn part(&self, place: &Place, binding: &Binding, types: Types, depth: u32) -> Types {
        let (nth, of) = part_number(place, binding);
        let mut parts = Types::new();
        let mut rest = Types::new();
        for ty in types {
            match ty {
                Type::Tuple(all) if all.len() == of => {
                    add_types(&mut parts, all.into_iter().nth(nth).unwrap_or_default());
                }
                Type::Instance(class) if place.unit.language == Language::Rust => {
                    for field in self.class_member(class, &nth.to_string(), depth + 1) {
                        add_types(&mut parts, self.types_of_symbol(field, depth + 1));
                    }
                }
                // What of it is bound cannot be told.
                Type::Tuple(_) => {}
                other => rest.push(other),
            }
        }
        add_types(&mut parts, self.elements(rest, place.unit.language, Taken::InTurn, depth));
        parts
    }

    /// What a call of something outside gives, as far as it hands on a value of
    /// the project.
    pub(super) fn handed_on(
        &self,
        place: &Place,
        call: ExpressionId,
        callee: ExpressionId,
        depth: u32,
    ) -> Types {
        let language = place.unit.language;
        let path = place.unit.spelled(callee);
        if let Some(handed) = outside::handed_by_function(language, &path)
            && let Some(first) = place.unit.arguments(call).first()
        {
            if handed == Handed::Declared {
                return self.annotated(place, first.value, depth + 1);
            }
            return self.hand(
                self.types_of(place, first.value, depth + 1),
                handed,
                language,
                depth,
            );
        }
        let ExpressionKind::Member(object, name) =
            place.unit.facts.expressions[callee as usize].kind
        else {
            return Types::new();
        };
        match outside::handed_by_method(language, place.name(name)) {
            Some(handed) => {
                let mut types = self.types_of(place, object, depth + 1);
                types.retain(|ty| {
                    !matches!(ty, Type::Module(..) | Type::Folder(_) | Type::Class(_))
                });
                self.hand(types, handed, language, depth)
            }
            None => Types::new(),
        }
    }

    fn hand(&self, types: Types, handed: Handed, language: Language, depth: u32) -> Types {
        let elements = |types: Types| self.elements(types, language, Taken::ByIndex, depth);
        match handed {
            Handed::Itself | Handed::Declared => types,
            Handed::Contained => vec![Type::Container(types)],
            Handed::Elements => {
                let inner = elements(types);
                if inner.is_empty() { inner } else { vec![Type::Container(inner)] }
            }
            Handed::Element => {
                // A lock or result whose wrapper is looked through is the value itself.
                let (values, containers): (Types, Types) =
                    types.into_iter().partition(|ty| matches!(ty, Type::Instance(_)));
                let mut given = elements(containers);
                if language == Language::Rust {
                    add_types(&mut given, values);
                } else {
                    add_types(&mut given, elements(values));
                }
                given
            }
        }
    }
}

/// Which of how many names that one value is taken apart into a binding is.
fn part_number(place: &Place, binding: &Binding) -> (usize, usize) {
    let all = &place.unit.facts.bindings;
    let Some(at) = place.unit.binding_number(binding) else { return (0, 0) };
    let same = |other: &&Binding| other.value == binding.value && other.through == Through::Part;
    let before = all[..at].iter().rev().take_while(same).count();
    let after = all[at..].iter().take_while(same).count();
    (before, before + after)
}
