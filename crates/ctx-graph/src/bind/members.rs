//! A member of a value: looked up in its type and the type's bases, or in a module.

use ctx_model::Language;
use ctx_model::edge::How;
use ctx_model::facts::*;

use super::outside;
use super::{Binder, Bound, LONGEST_CHAIN, Place, Target, Type, add_bound, bound};
use crate::bind::imports::found_target;
use crate::layout::FolderId;
use crate::node::SymbolRef;

/// Which of a type's members a use may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Any.
    Anything,
    /// What can be called by its own name.
    Called,
    /// What holds a value.
    Value,
    /// A type.
    Type,
}

impl Wanted {
    /// What a use with this role means in a language.
    pub(super) fn by(role: Role, language: Language) -> Wanted {
        match (language, role) {
            (Language::Rust | Language::Java, Role::Callee) => Wanted::Called,
            (Language::Rust | Language::Java, Role::Read | Role::Write) => Wanted::Value,
            (Language::Java, _) => Wanted::Type,
            _ => Wanted::Anything,
        }
    }

    /// Whether it may mean a definition of this kind.
    pub(super) fn fits(self, kind: DefinitionKind) -> bool {
        match self {
            Wanted::Anything => true,
            Wanted::Type => kind.is_type(),
            Wanted::Called => !matches!(kind, DefinitionKind::Field | DefinitionKind::Constructor),
            Wanted::Value => !kind.is_function(),
        }
    }
}

/// How many implementations of one trait's method for one type are all taken
/// for possible.
const MOST_IMPLEMENTATIONS: usize = 2;

impl Binder<'_> {
    /// What `value.text` means for a value of one type.
    pub(super) fn member_of(&self, of: &Type, text: &str, depth: u32) -> Vec<Bound> {
        self.member_wanted(of, text, Wanted::Anything, depth)
    }

    /// The same for a use that calls or that does not.
    fn member_wanted(&self, of: &Type, text: &str, wanted: Wanted, depth: u32) -> Vec<Bound> {
        if depth > LONGEST_CHAIN {
            return Vec::new();
        }
        match of {
            Type::Instance(class) | Type::Class(class) => self
                .class_member_wanted(*class, text, wanted, depth)
                .into_iter()
                .map(|symbol| bound(Target::Symbol(symbol), How::ReceiverType))
                .collect(),
            Type::Module(file, scope) => self.module_member(*file, *scope, text, depth + 1),
            Type::Folder(folder) => self
                .folder_member(*folder, text, None)
                .into_iter()
                .map(|target| bound(target, How::Import))
                .collect(),
            Type::External | Type::Container(_) | Type::Map(..) | Type::Tuple(_) => {
                vec![bound(Target::External, How::Inferred)]
            }
            Type::Function(_) => Vec::new(),
        }
    }

    /// Members of this name in a class, the nearest first in its line of bases.
    ///
    /// Several are given only if two bases at the same distance have one.
    pub(super) fn class_member(&self, class: SymbolRef, text: &str, depth: u32) -> Vec<SymbolRef> {
        self.class_member_wanted(class, text, Wanted::Anything, depth)
    }

    /// The same, those that fit a use first: Rust and Java keep methods and
    /// fields apart, so that both may have one name.
    pub(super) fn class_member_wanted(
        &self,
        class: SymbolRef,
        text: &str,
        wanted: Wanted,
        depth: u32,
    ) -> Vec<SymbolRef> {
        let found = self.class_member_fitting(class, text, wanted, depth);
        if !found.is_empty() || wanted == Wanted::Anything {
            return found;
        }
        self.class_member_fitting(class, text, Wanted::Anything, depth)
    }

    /// The same, nothing but those that fit a use.
    pub(super) fn class_member_fitting(
        &self,
        class: SymbolRef,
        text: &str,
        wanted: Wanted,
        depth: u32,
    ) -> Vec<SymbolRef> {
        let is_python =
            self.place(class.file).is_some_and(|place| place.unit.language == Language::Python);
        if is_python {
            return self
                .resolution_order(class, depth)
                .into_iter()
                .find_map(|class| {
                    let place = self.place(class.file)?;
                    let found = self.own_members(&place, class, text, wanted);
                    (!found.is_empty()).then_some(found)
                })
                .unwrap_or_default();
        }
        self.class_member_unseen(class, text, wanted, depth, &mut Vec::new())
    }

    fn class_member_unseen(
        &self,
        class: SymbolRef,
        text: &str,
        wanted: Wanted,
        depth: u32,
        seen: &mut Vec<SymbolRef>,
    ) -> Vec<SymbolRef> {
        if depth > LONGEST_CHAIN || seen.contains(&class) {
            return Vec::new();
        }
        seen.push(class);
        let Some(place) = self.place(class.file) else { return Vec::new() };
        let own = self.own_members(&place, class, text, wanted);
        if place.unit.language == Language::Java && wanted == Wanted::Called {
            // What a class declares stands beside the overloads that it inherits.
            let mut all = own;
            for base in self.base_classes(class, depth) {
                all.extend(self.class_member_unseen(base, text, wanted, depth + 1, seen));
            }
            return all;
        }
        if !own.is_empty() {
            return own;
        }
        let apart = self.members_apart(class, text, wanted);
        if !apart.is_empty() {
            return apart;
        }
        for base in self.base_classes(class, depth) {
            let found = self.class_member_unseen(base, text, wanted, depth + 1, seen);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Members of this name that are written in the type itself: one, but for
    /// Java's overloads.
    fn own_members(
        &self,
        place: &Place,
        class: SymbolRef,
        text: &str,
        wanted: Wanted,
    ) -> Vec<SymbolRef> {
        let definitions = &place.unit.facts.definitions;
        let all = place
            .unit
            .members(class.definition, text)
            .filter(|id| wanted.fits(definitions[*id as usize].kind))
            .map(|definition| SymbolRef { file: class.file, definition });
        match place.unit.language {
            Language::Java => all.collect(),
            // What is defined replaces what is declared; a setter comes after
            // its getter and is the same member.
            Language::Python => {
                let mut all = all.peekable();
                let first = all.peek().copied();
                let defined = all.find(|symbol| {
                    definitions[symbol.definition as usize].kind != DefinitionKind::Field
                });
                defined.or(first).into_iter().collect()
            }
            _ => all.take(1).collect(),
        }
    }

    /// Members of this name that are written apart from their type: those of the
    /// type's own, else those of traits.
    fn members_apart(&self, class: SymbolRef, text: &str, wanted: Wanted) -> Vec<SymbolRef> {
        let (mut own, mut of_traits) = (Vec::new(), Vec::new());
        for &member in self.extensions.members(class) {
            if let Some(owner) = self.place(member.file)
                && let Some(definition) =
                    owner.unit.facts.definitions.get(member.definition as usize)
                && owner.name(definition.name) == text
                && wanted.fits(definition.kind)
            {
                let of_trait = owner.unit.implements_trait(definition.scope);
                if of_trait { of_traits.push(member) } else { own.push(member) }
            }
        }
        // A trait with arguments may be implemented many times (`From<A>`,
        // `From<B>`): which one is meant cannot be told.
        if of_traits.len() > MOST_IMPLEMENTATIONS {
            of_traits.clear();
        }
        if own.is_empty() { of_traits } else { own }
    }

    /// The classes, traits and interfaces that a type extends or implements, in order.
    pub(super) fn base_classes(&self, class: SymbolRef, depth: u32) -> Vec<SymbolRef> {
        let Some(place) = self.place(class.file) else { return Vec::new() };
        let Some(definition) = place.unit.facts.definitions.get(class.definition as usize) else {
            return Vec::new();
        };
        let mut bases = Vec::new();
        for base in &definition.bases {
            for ty in self.annotated(&place, base.expression, depth + 1) {
                if let Type::Instance(symbol) = ty
                    && symbol != class
                    && !bases.contains(&symbol)
                {
                    bases.push(symbol);
                }
            }
        }
        if definition.kind == DefinitionKind::TypeAlias
            && let Some(aliased) = definition.type_of
        {
            for ty in self.annotated(&place, aliased, depth + 1) {
                if let Type::Instance(symbol) = ty {
                    bases.push(symbol);
                }
            }
        }
        bases.extend(self.extensions.traits(class));
        bases
    }

    /// Whether a type has a base that leads out of the project, so that a
    /// missing member may be inherited from there.
    pub(super) fn has_outside_base(&self, class: SymbolRef, depth: u32) -> bool {
        if depth > LONGEST_CHAIN {
            return true;
        }
        let Some(place) = self.place(class.file) else { return true };
        let Some(definition) = place.unit.facts.definitions.get(class.definition as usize) else {
            return true;
        };
        let aliased = (definition.kind == DefinitionKind::TypeAlias).then_some(definition.type_of);
        if let Some(aliased) = aliased.flatten()
            && self.annotated(&place, aliased, depth + 1).contains(&Type::External)
        {
            return true;
        }
        definition.bases.iter().any(|base| {
            let types = self.annotated(&place, base.expression, depth + 1);
            types.is_empty() || types.contains(&Type::External)
        }) || self
            .base_classes(class, depth)
            .into_iter()
            .any(|base| self.has_outside_base(base, depth + 3))
    }

    /// A name of a folder that is a module: a Go or Java package, or a Python
    /// namespace package. `package` is the importer's own package, if it is
    /// the same one.
    pub(super) fn folder_member(
        &self,
        folder: FolderId,
        text: &str,
        package: Option<&str>,
    ) -> Vec<Target> {
        if let Some(target) = found_target(self.layout.python_child(None, Some(folder), text)) {
            return vec![target];
        }
        for &file in self.layout.files_in(folder) {
            let Some(place) = self.place(file) else { continue };
            let own = place.unit.facts.package.map_or("", |package| place.name(package));
            // Go keeps `x_test` beside `x` in one folder; they are two packages.
            if place.unit.language == Language::Go
                && package.map_or(own.ends_with("_test"), |package| package != own)
            {
                continue;
            }
            let Some(name) = place.unit.name_id(text) else { continue };
            for binding in place.unit.bindings(0, name) {
                if let BoundTo::Definition(definition) = binding.to {
                    return vec![Target::Symbol(SymbolRef { file, definition })];
                }
            }
        }
        Vec::new()
    }

    /// What a member expression means, with the rule that led there.
    pub(super) fn member_targets(
        &self,
        place: &Place,
        id: ExpressionId,
        object: ExpressionId,
        name: NameId,
        depth: u32,
    ) -> Vec<Bound> {
        if depth > LONGEST_CHAIN {
            return Vec::new();
        }
        let text = place.name(name);
        let expression = place.unit.facts.expressions[object as usize];
        let mut found = Vec::new();
        if expression.kind == ExpressionKind::Super {
            for class in self.enclosing_types(place, expression.scope, depth) {
                for base in self.base_classes(class, depth) {
                    let members = self.class_member(base, text, depth + 1);
                    add_bound(
                        &mut found,
                        members.into_iter().map(|s| bound(Target::Symbol(s), How::SelfType)),
                    );
                    if !found.is_empty() {
                        return found;
                    }
                }
            }
            return found;
        }
        let how = self.receiver_rule(place, object);
        let wanted = match place.unit.facts.expressions[id as usize].role {
            _ if place.unit.is_method_value(id) => Wanted::Called,
            role => Wanted::by(role, place.unit.language),
        };
        for ty in self.types_of(place, object, depth + 1) {
            for member in self.member_wanted(&ty, text, wanted, depth + 1) {
                let how = match member.how {
                    How::ReceiverType => how,
                    other => other,
                };
                add_bound(&mut found, [bound(member.target, how)]);
            }
            // What a derived or standard trait gives a Rust type is not written.
            let standard = place.unit.language == Language::Rust
                && matches!(ty, Type::Instance(_))
                && outside::handed_by_method(Language::Rust, text).is_some()
                || outside::is_of_every_object(place.unit.language, text);
            if let Type::Instance(class) | Type::Class(class) = ty
                && found.is_empty()
                && (standard || self.has_outside_base(class, depth))
            {
                add_bound(&mut found, [bound(Target::External, How::Inferred)]);
            }
        }
        if found.iter().any(|b| b.target != Target::External) {
            found.retain(|b| b.target != Target::External);
        }
        self.without_other_names(place, &mut found, depth);
        found
    }

    /// How the type of a receiver is known.
    fn receiver_rule(&self, place: &Place, object: ExpressionId) -> How {
        let expression = &place.unit.facts.expressions[object as usize];
        match expression.kind {
            ExpressionKind::This => How::SelfType,
            ExpressionKind::Call(_) | ExpressionKind::New(_) | ExpressionKind::Cast(_) => {
                How::ReceiverType
            }
            ExpressionKind::Name(name) => {
                let mut at = Some(expression.scope);
                while let Some(scope) = at {
                    if let Some(binding) = place.unit.bindings(scope, name).next() {
                        return match binding.to {
                            BoundTo::Parameter(0) if self.is_receiver(place, scope) => {
                                How::SelfType
                            }
                            BoundTo::Parameter(_) | BoundTo::Local if binding.type_of.is_some() => {
                                How::ReceiverType
                            }
                            BoundTo::Parameter(_) | BoundTo::Local => How::Inferred,
                            _ => How::ReceiverType,
                        };
                    }
                    at = place.unit.facts.scopes[scope as usize].parent;
                }
                How::Inferred
            }
            _ => How::Inferred,
        }
    }

    /// Whether the first parameter of a function scope is its receiver.
    pub(super) fn is_receiver(&self, place: &Place, scope: ScopeId) -> bool {
        self.receiver_class(place, scope).is_some()
    }

    /// The type whose method a function scope belongs to, if its first
    /// parameter receives a value of that type (or the type itself).
    pub(super) fn receiver_class(
        &self,
        place: &Place,
        scope: ScopeId,
    ) -> Option<(SymbolRef, bool)> {
        let facts = &place.unit.facts;
        let function = facts.scopes[scope as usize].definition?;
        let definition = &facts.definitions[function as usize];
        let is_method =
            matches!(definition.kind, DefinitionKind::Method | DefinitionKind::Constructor);
        if !is_method
            || definition.flags.has(DefinitionFlags::STATIC)
            || place.unit.language != Language::Python
        {
            return None;
        }
        let parent = definition.parent?;
        let receives_class = definition.flags.has(DefinitionFlags::CLASS_METHOD)
            || facts.name(definition.name) == "__new__";
        Some((SymbolRef { file: place.file, definition: parent }, receives_class))
    }
}
