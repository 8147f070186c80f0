//! A member of a value: looked up in its type and the type's bases, or in a module.

use ctx_model::Language;
use ctx_model::edge::How;
use ctx_model::facts::*;

use super::{Binder, Bound, LONGEST_CHAIN, Target, Type, add_bound, bound};
use crate::bind::imports::found_target;
use crate::layout::FolderId;
use crate::node::SymbolRef;

impl Binder<'_> {
    /// What `value.text` means for a value of one type.
    pub(super) fn member_of(&self, of: &Type, text: &str, depth: u32) -> Vec<Bound> {
        if depth > LONGEST_CHAIN {
            return Vec::new();
        }
        match of {
            Type::Instance(class) | Type::Class(class) => self
                .class_member(*class, text, depth)
                .into_iter()
                .map(|symbol| bound(Target::Symbol(symbol), How::ReceiverType))
                .collect(),
            Type::Module(file, scope) => self.module_member(*file, *scope, text, depth + 1),
            Type::Folder(folder) => self
                .folder_member(*folder, text, None)
                .into_iter()
                .map(|target| bound(target, How::Import))
                .collect(),
            Type::External | Type::Container(_) => vec![bound(Target::External, How::Inferred)],
            Type::Function(_) => Vec::new(),
        }
    }

    /// Members of this name in a class, the nearest first in its line of bases.
    ///
    /// Several are given only if two bases at the same distance have one.
    pub(super) fn class_member(&self, class: SymbolRef, text: &str, depth: u32) -> Vec<SymbolRef> {
        let mut seen = Vec::new();
        self.class_member_unseen(class, text, depth, &mut seen)
    }

    fn class_member_unseen(
        &self,
        class: SymbolRef,
        text: &str,
        depth: u32,
        seen: &mut Vec<SymbolRef>,
    ) -> Vec<SymbolRef> {
        if depth > LONGEST_CHAIN || seen.contains(&class) {
            return Vec::new();
        }
        seen.push(class);
        let Some(place) = self.place(class.file) else { return Vec::new() };
        if let Some(definition) = place.unit.member(class.definition, text) {
            return vec![SymbolRef { file: class.file, definition }];
        }
        for &member in self.extensions.members(class) {
            if let Some(owner) = self.place(member.file)
                && let Some(definition) = owner.unit.facts.definitions.get(member.definition as usize)
                && owner.name(definition.name) == text
            {
                return vec![member];
            }
        }
        for base in self.base_classes(class, depth) {
            let found = self.class_member_unseen(base, text, depth + 1, seen);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
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
        place: &super::Place,
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
                    add_bound(&mut found, members.into_iter().map(|s| bound(Target::Symbol(s), How::SelfType)));
                    if !found.is_empty() {
                        return found;
                    }
                }
            }
            return found;
        }
        let how = self.receiver_rule(place, object);
        for ty in self.types_of(place, object, depth + 1) {
            for member in self.member_of(&ty, text, depth + 1) {
                let how = match member.how {
                    How::ReceiverType => how,
                    other => other,
                };
                add_bound(&mut found, [bound(member.target, how)]);
            }
            if let Type::Instance(class) | Type::Class(class) = ty
                && found.is_empty()
                && self.has_outside_base(class, depth)
            {
                add_bound(&mut found, [bound(Target::External, How::Inferred)]);
            }
        }
        if found.iter().any(|b| b.target != Target::External) {
            found.retain(|b| b.target != Target::External);
        }
        found
    }

    /// How the type of a receiver is known.
    fn receiver_rule(&self, place: &super::Place, object: ExpressionId) -> How {
        let expression = &place.unit.facts.expressions[object as usize];
        match expression.kind {
            ExpressionKind::This => How::SelfType,
            ExpressionKind::Call(_) | ExpressionKind::New(_) => How::ReceiverType,
            ExpressionKind::Name(name) => {
                let mut at = Some(expression.scope);
                while let Some(scope) = at {
                    if let Some(binding) = place.unit.bindings(scope, name).next() {
                        return match binding.to {
                            BoundTo::Parameter(0) if self.is_receiver(place, scope) => How::SelfType,
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
    pub(super) fn is_receiver(&self, place: &super::Place, scope: ScopeId) -> bool {
        self.receiver_class(place, scope).is_some()
    }

    /// The type whose method a function scope belongs to, if its first
    /// parameter receives a value of that type (or the type itself).
    pub(super) fn receiver_class(
        &self,
        place: &super::Place,
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
