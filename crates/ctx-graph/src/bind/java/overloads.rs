//! Which of Java's overloads a call means: by the number of its arguments and
//! by their types, as far as those can be told (Java Language Specification,
//! 15.12.2). What cannot be told apart stays side by side.

use std::sync::Arc;

use ctx_model::Language;
use ctx_model::edge::How;
use ctx_model::facts::*;

use super::fit::Fit;
use super::types::JavaType;
use crate::bind::{Binder, Bound, Place, Target, bound, kept};
use crate::node::SymbolRef;

/// What a method takes.
#[derive(Debug)]
pub(crate) struct Signature {
    method: SymbolRef,
    parameters: Vec<Parameter>,
    /// Whether the last parameter takes any number of arguments.
    variable: bool,
}

/// What a parameter takes.
#[derive(Debug, Default)]
struct Parameter {
    /// None if it cannot be told.
    type_of: Option<JavaType>,
    /// Whether the type has arguments, which are not compared: a subtype need
    /// not have the same.
    generic: bool,
}

/// An overload that a call may mean.
struct Candidate<'s> {
    signature: &'s Signature,
    /// How each argument fits.
    fits: Vec<Fit>,
}

impl Signature {
    /// What the argument at a place is passed to, if the last parameter is
    /// spread over all that are left.
    fn spread(&self, place: usize) -> Parameter {
        let last = self.parameters.len().saturating_sub(1);
        match self.parameters.get(place.min(last)) {
            Some(Parameter { type_of: Some(JavaType::Array(of)), .. }) if place >= last => {
                Parameter { type_of: of.as_deref().cloned(), generic: false }
            }
            Some(Parameter { type_of, generic }) if place < last => {
                Parameter { type_of: type_of.clone(), generic: *generic }
            }
            _ => Parameter::default(),
        }
    }

    fn takes(&self, count: usize) -> bool {
        self.parameters.len() == count || self.variable && count + 1 >= self.parameters.len()
    }
}

impl Candidate<'_> {
    fn is_exact(&self) -> bool {
        self.fits.iter().all(|fit| *fit == Fit::Exact)
    }

    fn is_strict(&self) -> bool {
        self.fits.iter().all(|fit| fit.is_strict())
    }

    fn is_certain(&self) -> bool {
        self.fits.iter().all(|fit| *fit != Fit::Unknown)
    }

    fn boxes(&self) -> bool {
        self.fits.contains(&Fit::Boxed)
    }
}

impl Binder<'_> {
    /// Of the methods that a Java name may mean, those that the call of it can
    /// mean; of a name that is not called, those that no other overrides.
    pub(in crate::bind) fn keep_meant_overloads(
        &self,
        place: &Place,
        named: ExpressionId,
        found: Vec<Bound>,
        depth: u32,
    ) -> Vec<Bound> {
        if place.unit.language != Language::Java || found.len() < 2 {
            return found;
        }
        let methods: Vec<SymbolRef> = found
            .iter()
            .filter_map(|bound| match bound.target {
                Target::Symbol(symbol) => {
                    self.kind_of(symbol).is_some_and(DefinitionKind::is_function).then_some(symbol)
                }
                _ => None,
            })
            .collect();
        if methods.len() < found.len() {
            return found;
        }
        let call = place.unit.call_of(named);
        let meant = self.meant_by(place, call, &methods, depth);
        if meant.is_empty() {
            // None of them takes such arguments, so an overload that is
            // inherited from outside is meant.
            return vec![bound(Target::External, How::Inferred)];
        }
        let is_meant = |bound: &Bound| match bound.target {
            Target::Symbol(symbol) => meant.contains(&symbol),
            _ => true,
        };
        found.into_iter().filter(is_meant).collect()
    }

    /// Of some methods or constructors, those that a call can mean; of a call
    /// that is not known, all that no other overrides. None if one from outside
    /// must be meant.
    pub(in crate::bind) fn meant_by(
        &self,
        place: &Place,
        call: Option<ExpressionId>,
        methods: &[SymbolRef],
        depth: u32,
    ) -> Vec<SymbolRef> {
        if methods.len() < 2 {
            return methods.to_vec();
        }
        let signatures: Vec<Arc<Signature>> =
            methods.iter().filter_map(|method| self.signature(*method, depth)).collect();
        let mut meant: Vec<&Signature> = match call {
            Some(call) => {
                let given: Vec<Option<JavaType>> = place
                    .unit
                    .arguments(call)
                    .iter()
                    .map(|argument| self.static_type(place, argument.value, depth + 1))
                    .collect();
                let meant = self.applicable(&signatures, &given);
                if meant.is_empty() {
                    return self.fallback(&signatures, given.len(), depth);
                }
                meant
            }
            None => signatures.iter().map(Arc::as_ref).collect(),
        };
        self.drop_overridden(&mut meant, depth);
        meant.into_iter().map(|signature| signature.method).collect()
    }

    /// Whether a method or constructor takes a number of arguments.
    pub(in crate::bind) fn takes(&self, method: SymbolRef, count: usize) -> bool {
        self.signature(method, 1).is_some_and(|signature| signature.takes(count))
    }

    /// What a method or constructor takes.
    fn signature(&self, method: SymbolRef, depth: u32) -> Option<Arc<Signature>> {
        let work = || self.signature_unknown(method, depth).map(Arc::new);
        kept(&self.session, |session| &mut session.signatures, method, work)
    }

    fn signature_unknown(&self, method: SymbolRef, depth: u32) -> Option<Signature> {
        let place = self.place(method.file)?;
        let definition = place.unit.facts.definitions.get(method.definition as usize)?;
        let written = place.name(definition.signature);
        let types: Vec<Option<ExpressionId>> = if written.contains('(') {
            let parameters = place.unit.parameters(method.definition);
            parameters.iter().map(|parameter| parameter.type_of).collect()
        } else {
            // A record's compact constructor takes what the record consists of.
            let is_component = |other: &&Definition| {
                other.parent == definition.parent
                    && other.kind == DefinitionKind::Field
                    && !other.flags.has(DefinitionFlags::STATIC)
            };
            let definitions = place.unit.facts.definitions.iter();
            definitions.filter(is_component).map(|component| component.type_of).collect()
        };
        let parameters = types
            .into_iter()
            .map(|id| Parameter {
                type_of: id.and_then(|id| self.written_type(&place, id, depth + 1)),
                generic: id.is_some_and(|id| {
                    let kind = place.unit.facts.expressions[id as usize].kind;
                    matches!(kind, ExpressionKind::Generic(_))
                }),
            })
            .collect();
        Some(Signature { method, parameters, variable: written.contains("...") })
    }

    /// The overloads that a call may mean: those of the first phase in which one
    /// applies for certain (as they are; with boxing; with the last parameter
    /// spread), and those of it or before it of which that cannot be told.
    fn applicable<'s>(
        &self,
        signatures: &'s [Arc<Signature>],
        given: &[Option<JavaType>],
    ) -> Vec<&'s Signature> {
        let fixed: Vec<Candidate<'s>> = signatures
            .iter()
            .filter(|signature| signature.parameters.len() == given.len())
            .map(|signature| {
                let pairs = given.iter().zip(&signature.parameters);
                let fits = pairs.map(|(given, taken)| self.passed(given.as_ref(), taken));
                Candidate { signature, fits: fits.collect() }
            })
            .filter(|candidate| !candidate.fits.contains(&Fit::Never))
            .collect();
        if fixed.iter().any(Candidate::is_strict) {
            return self.most_specific(fixed.into_iter().filter(|c| !c.boxes()).collect());
        }
        if fixed.iter().any(Candidate::is_certain) {
            return self.most_specific(fixed);
        }
        let spread = signatures.iter().filter(|signature| {
            let fits = |(place, given): (usize, &Option<JavaType>)| {
                self.passed(given.as_ref(), &signature.spread(place)) != Fit::Never
            };
            signature.variable
                && given.len() + 1 >= signature.parameters.len()
                && given.iter().enumerate().all(fits)
                && !fixed.iter().any(|other| self.precedes(other.signature, signature, given.len()))
        });
        let mut meant: Vec<&Signature> =
            fixed.iter().map(|candidate| candidate.signature).collect();
        for signature in spread {
            if !meant.iter().any(|known| known.method == signature.method) {
                meant.push(signature);
            }
        }
        meant
    }

    /// Whether an argument can be passed to a parameter.
    fn passed(&self, given: Option<&JavaType>, taken: &Parameter) -> Fit {
        match self.fit(given, taken.type_of.as_ref()) {
            Fit::Widened | Fit::Boxed
                if taken.generic && !matches!(taken.type_of, Some(JavaType::Array(_))) =>
            {
                Fit::Unknown
            }
            fit => fit,
        }
    }

    /// Whether a method takes whatever another takes with its last parameter
    /// spread over some arguments: then it is the one that is meant.
    fn precedes(&self, method: &Signature, spread: &Signature, count: usize) -> bool {
        (0..count).all(|place| {
            let given = spread.spread(place);
            self.passed(given.type_of.as_ref(), &method.parameters[place]).is_strict()
        })
    }

    /// Leaves out those beside which another one applies for certain and takes
    /// less.
    fn most_specific<'s>(&self, candidates: Vec<Candidate<'s>>) -> Vec<&'s Signature> {
        if let Some(exact) = candidates.iter().position(Candidate::is_exact) {
            return vec![candidates[exact].signature];
        }
        let below = |one: &Signature, other: &Signature| {
            let pairs = one.parameters.iter().zip(&other.parameters);
            pairs
                .into_iter()
                .all(|(one, other)| self.passed(one.type_of.as_ref(), other).is_strict())
        };
        candidates
            .iter()
            .filter(|candidate| {
                !candidates.iter().any(|other| {
                    other.is_certain()
                        && below(other.signature, candidate.signature)
                        && !below(candidate.signature, other.signature)
                })
            })
            .map(|candidate| candidate.signature)
            .collect()
    }

    /// What is left of overloads of which none seems to apply: none if another
    /// may be inherited from outside, else those that take as many arguments,
    /// since the code compiles.
    fn fallback(&self, signatures: &[Arc<Signature>], count: usize, depth: u32) -> Vec<SymbolRef> {
        let from_outside = signatures.iter().any(|signature| {
            self.owner(signature.method).is_some_and(|(class, kind)| {
                kind == DefinitionKind::Method && self.extends_outside(class, depth)
            })
        });
        if from_outside {
            return Vec::new();
        }
        let all: Vec<SymbolRef> = signatures.iter().map(|signature| signature.method).collect();
        let taking = signatures.iter().filter(|signature| signature.takes(count));
        let taking: Vec<SymbolRef> = taking.map(|signature| signature.method).collect();
        if taking.is_empty() { all } else { taking }
    }

    /// The type that a method is a member of, and what the method is.
    fn owner(&self, method: SymbolRef) -> Option<(SymbolRef, DefinitionKind)> {
        let place = self.place(method.file)?;
        let definition = place.unit.facts.definitions.get(method.definition as usize)?;
        Some((SymbolRef { file: method.file, definition: definition.parent? }, definition.kind))
    }

    /// Takes out methods that one before them overrides or implements.
    fn drop_overridden(&self, meant: &mut Vec<&Signature>, depth: u32) {
        let mut kept: Vec<&Signature> = Vec::with_capacity(meant.len());
        for &signature in meant.iter() {
            if !kept.iter().any(|nearer| self.overrides(nearer, signature, depth)) {
                kept.push(signature);
            }
        }
        *meant = kept;
    }

    fn overrides(&self, nearer: &Signature, other: &Signature, depth: u32) -> bool {
        let same = nearer.parameters.len() == other.parameters.len()
            && nearer.parameters.iter().zip(&other.parameters).all(|(one, other)| {
                match (&one.type_of, &other.type_of) {
                    (Some(one), Some(other)) => one == other,
                    // A type parameter of a base class stands for some type.
                    _ => true,
                }
            });
        let owners = (self.owner(nearer.method), self.owner(other.method));
        let (Some((class, _)), Some((base, _))) = owners else { return false };
        same && class != base
            && (self.kind_of(base) == Some(DefinitionKind::Interface)
                || self.is_subclass(class, base, depth) == Some(true))
    }
}
