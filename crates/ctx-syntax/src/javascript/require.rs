//! Modules brought in by expressions: `require('…')`, `import('…')`.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::DEFAULT;
use super::imports::Source;
use super::variables::VariableKind;
use super::{Field, Kind, Walk};
use crate::builder::Builder;

impl<'t> Walk<'_, 't> {
    /// The module that `require('…')`, `import('…')` or `await import('…')` names.
    pub(super) fn required(&mut self, node: Node<'t>) -> Option<Source> {
        let node = match self.kind(node) {
            Kind::AwaitExpression => {
                let inner = self.only_child(node)?;
                let function = self.in_field(inner, Field::Function)?;
                (self.kind(function) == Kind::Import).then_some(inner)?
            }
            _ => node,
        };
        if self.kind(node) != Kind::CallExpression {
            return None;
        }
        let function = self.in_field(node, Field::Function)?;
        let awaited = self.kind(function) == Kind::Import;
        if !awaited && !self.is_global(function, "require") {
            return None;
        }
        let string = self.in_field(node, Field::Arguments)?.named_child(0)?;
        (self.kind(string) == Kind::String).then(|| self.source(string, false))
    }

    /// `const name = require('…')`, `const { a } = await import('…')`; false if
    /// the value is no module.
    pub(super) fn bound_import(
        &mut self,
        value: Node<'t>,
        target: Node<'t>,
        kind: VariableKind,
    ) -> bool {
        let is_call = self.kind(value) == Kind::CallExpression;
        if is_call
            && self.in_field(value, Field::Function).map(|f| self.kind(f)) == Some(Kind::Import)
        {
            // A promise of a module is no module.
            return false;
        }
        let property = self.in_field(value, Field::Property);
        let module = match self.member_object(value) {
            Some(object) => self.peeled(object),
            None => value,
        };
        let Some(source) = self.required(module) else { return false };
        let inner = self.build.scope;
        self.build.scope = self.scope_of(kind);
        let bound = match (self.kind(target), property) {
            (Kind::Identifier, None) => {
                let local = self.build.name_of(target);
                self.import_from(source, Imported::Module, source.at, Some(local));
                if self.kind(module) == Kind::CallExpression {
                    self.import_value(source, local);
                }
                true
            }
            (Kind::Identifier, Some(property)) => {
                let member = self.build.name_of(property);
                let local = self.build.name_of(target);
                let at = Builder::position(property);
                self.import_from(source, Imported::Member(member), at, Some(local));
                true
            }
            (Kind::ObjectPattern, None) => self.import_members(target, source),
            _ => false,
        };
        self.build.scope = inner;
        bound
    }

    /// `require` gives the module's own value, where it has one.
    pub(super) fn import_value(&mut self, source: Source, local: NameId) {
        let default = self.build.name(DEFAULT);
        self.import_from(source, Imported::Member(default), source.at, Some(local));
    }

    /// `{ a, b: c }` of a module; false if the pattern holds more than names.
    fn import_members(&mut self, pattern: Node<'t>, source: Source) -> bool {
        let children = self.build.open(pattern);
        let mut members = Vec::new();
        let mut simple = true;
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::ShorthandPattern => members.push((child, child)),
                Kind::PairPattern => {
                    let key = self.in_field(child, Field::Key);
                    let value = self.in_field(child, Field::Value);
                    match (key, value) {
                        (Some(key), Some(value)) if self.kind(value) == Kind::Identifier => {
                            members.push((key, value));
                        }
                        _ => simple = false,
                    }
                }
                _ => simple = false,
            }
        }
        self.build.close(children);
        if simple {
            for (name, local) in members {
                let name = self.name_node(name);
                let member = self.build.name_of(name);
                let local = self.build.name_of(local);
                let at = Builder::position(name);
                self.import_from(source, Imported::Member(member), at, Some(local));
            }
        }
        simple
    }
}
