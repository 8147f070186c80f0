//! Whether a value can be passed to a parameter (Java Language Specification,
//! 5.3).

use ctx_model::facts::*;

use super::types::{JavaType, Primitive, all_supertypes};
use crate::bind::Binder;
use crate::node::SymbolRef;

/// Whether an argument can be passed to a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The types are the same.
    Exact,
    /// By widening: to a supertype, to a wider number.
    Widened,
    /// By putting a primitive into its object, or taking it out.
    Boxed,
    /// It cannot be told.
    Unknown,
    /// For certain not.
    Never,
}

impl Fit {
    /// Whether it fits for certain without boxing.
    pub(super) fn is_strict(self) -> bool {
        matches!(self, Fit::Exact | Fit::Widened)
    }

    fn of(answer: Option<bool>) -> Fit {
        match answer {
            Some(true) => Fit::Widened,
            Some(false) => Fit::Never,
            None => Fit::Unknown,
        }
    }
}

impl Binder<'_> {
    /// Whether a value of one type can be passed to a parameter of another.
    pub(super) fn fit(&self, given: Option<&JavaType>, taken: Option<&JavaType>) -> Fit {
        let (Some(given), Some(taken)) = (given, taken) else { return Fit::Unknown };
        match (given, taken) {
            (JavaType::Array(from), JavaType::Array(to)) => {
                self.array_fit(from.as_deref(), to.as_deref())
            }
            _ if given == taken => Fit::Exact,
            (JavaType::Primitive(from), JavaType::Primitive(to)) => {
                Fit::of(Some(from.widens_to(*to)))
            }
            (JavaType::Primitive(_), JavaType::AnyObject) => Fit::Boxed,
            (JavaType::Primitive(from), JavaType::Outside(to)) => {
                let supertypes = all_supertypes(from.boxed()).unwrap_or_default();
                let boxes = from.boxed() == to.name || supertypes.contains(&to.name.as_str());
                if boxes { Fit::Boxed } else { Fit::Never }
            }
            (JavaType::Outside(from), JavaType::Primitive(to)) => {
                let held = Primitive::held_by(&from.name);
                let unboxes = held.is_some_and(|held| held == *to || held.widens_to(*to));
                if unboxes { Fit::Boxed } else { Fit::Never }
            }
            (JavaType::Primitive(_), _) | (_, JavaType::Primitive(_) | JavaType::Null) => {
                Fit::Never
            }
            (JavaType::Function(parameters), taken) => self.function_fit(*parameters, taken),
            (_, JavaType::AnyObject) => Fit::Widened,
            (_, JavaType::Outside(to)) if to.name == "Object" => Fit::Widened,
            (JavaType::Null, _) => Fit::Widened,
            (JavaType::AnyObject, _) => Fit::Never,
            (JavaType::Array(_), JavaType::Outside(to)) => {
                Fit::of(Some(matches!(to.name.as_str(), "Cloneable" | "Serializable")))
            }
            (JavaType::Array(_), _) | (_, JavaType::Array(_)) => Fit::Never,
            (JavaType::Outside(from), JavaType::Outside(to)) => outside_fit(&from.name, &to.name),
            // Other types from outside may be of one of the project: code that is
            // made while building lies outside.
            (JavaType::Outside(from), JavaType::Class(to)) => {
                Fit::of((from.standard && !self.is_of_standard_library(*to)).then_some(false))
            }
            (JavaType::Outside(_), JavaType::Function(_)) => Fit::Never,
            (JavaType::Class(from), JavaType::Class(to)) => {
                Fit::of(self.is_subclass(*from, *to, 0))
            }
            (JavaType::Class(from), JavaType::Outside(to)) => {
                Fit::of(self.is_below_outside(*from, &to.name, 0))
            }
            (JavaType::Class(_), JavaType::Function(_)) => Fit::Never,
        }
    }

    /// Whether the project is where a type of the standard library comes from.
    fn is_of_standard_library(&self, class: SymbolRef) -> bool {
        self.place(class.file).is_some_and(|place| {
            let package = place.unit.facts.package.map_or("", |package| place.name(package));
            package.starts_with("java.")
        })
    }

    /// Arrays fit by their elements, which are never boxed.
    fn array_fit(&self, from: Option<&JavaType>, to: Option<&JavaType>) -> Fit {
        match (from, to) {
            (Some(JavaType::Primitive(from)), Some(JavaType::Primitive(to))) if from != to => {
                Fit::Never
            }
            _ => match self.fit(from, to) {
                Fit::Boxed => Fit::Never,
                fit => fit,
            },
        }
    }

    /// A lambda fits an interface with one method of as many parameters.
    fn function_fit(&self, parameters: Option<u32>, taken: &JavaType) -> Fit {
        match taken {
            JavaType::Outside(to) if all_supertypes(&to.name).is_some() => Fit::Never,
            JavaType::Class(interface) => {
                let Some(place) = self.place(interface.file) else { return Fit::Unknown };
                let definitions = &place.unit.facts.definitions;
                let Some(definition) = definitions.get(interface.definition as usize) else {
                    return Fit::Unknown;
                };
                if definition.kind != DefinitionKind::Interface {
                    return Fit::Never;
                }
                let mut methods = definitions.iter().filter(|method| {
                    method.parent == Some(interface.definition)
                        && method.flags.has(DefinitionFlags::ABSTRACT)
                });
                match (methods.next(), methods.next(), parameters) {
                    (Some(only), None, Some(given)) if definition.bases.is_empty() => {
                        let same = only.complexity.parameters == given;
                        if same { Fit::Unknown } else { Fit::Never }
                    }
                    _ => Fit::Unknown,
                }
            }
            JavaType::Outside(_) => Fit::Unknown,
            _ => Fit::Never,
        }
    }
}

fn outside_fit(from: &str, to: &str) -> Fit {
    match (all_supertypes(from), all_supertypes(to)) {
        (Some(supertypes), _) => Fit::of(Some(supertypes.contains(&to))),
        (None, Some(_)) => Fit::Never,
        (None, None) => Fit::Unknown,
    }
}
