//! What CommonJS modules export: `exports.name = …`, `module.exports = …`.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::{DEFAULT, Declared, Head};
use super::{Field, Kind, Walk};

/// What an assignment exports.
#[derive(Clone, Copy)]
pub(super) enum Offered<'t> {
    /// The module's value: `module.exports = …`; the node is the word `exports`.
    Module(Node<'t>),
    /// One name: `exports.name = …`.
    Member(Node<'t>),
}

impl<'t> Walk<'_, 't> {
    /// What an assignment to this target exports, if it does.
    pub(super) fn commonjs_target(&mut self, left: Node<'t>) -> Option<Offered<'t>> {
        if self.kind(left) == Kind::Identifier {
            return self.is_global(left, "exports").then_some(Offered::Module(left));
        }
        let object = self.member_object(left)?;
        let property = self.in_field(left, Field::Property)?;
        if self.is_module_exports(left) {
            return Some(Offered::Module(property));
        }
        (self.is_global(object, "exports") || self.is_module_exports(object))
            .then_some(Offered::Member(property))
    }

    pub(super) fn member_object(&self, node: Node<'t>) -> Option<Node<'t>> {
        if self.kind(node) != Kind::MemberExpression {
            return None;
        }
        self.in_field(node, Field::Object)
    }

    fn is_module_exports(&mut self, node: Node<'t>) -> bool {
        let Some(object) = self.member_object(node) else { return false };
        let property = self.in_field(node, Field::Property);
        property.is_some_and(|property| self.build.text_of(property) == "exports")
            && self.is_global(object, "module")
    }

    /// Whether a node is this name, and nothing around it binds the name.
    pub(super) fn is_global(&mut self, node: Node<'t>, text: &str) -> bool {
        if self.kind(node) != Kind::Identifier || self.build.text_of(node) != text {
            return false;
        }
        let name = self.build.name(text);
        self.lookup(name).is_none()
    }

    /// Whether the file's scope binds a name by a declaration.
    fn is_declared(&self, name: NameId) -> bool {
        self.own.bound.contains_key(&(0, name))
    }

    /// The value behind `module.exports = …`, if that is what this is.
    pub(super) fn exported_chain(&mut self, value: Node<'t>) -> Option<Node<'t>> {
        let mut at = value;
        let mut exported = None;
        while self.kind(at) == Kind::AssignmentExpression {
            let left = self.in_field(at, Field::Left)?;
            let right = self.in_field(at, Field::Right)?;
            if !matches!(self.commonjs_target(left), Some(Offered::Module(_))) {
                return None;
            }
            exported = Some(right);
            at = right;
        }
        exported
    }

    /// Offers the variable that is being declared as the module's value.
    pub(super) fn offer_default(&mut self, name: Node<'t>) {
        let default = self.build.name(DEFAULT);
        let local = self.build.name_of(name);
        self.export(default, Exported::Local(local));
    }

    /// `exports.name = value` and `module.exports = value`.
    pub(super) fn commonjs_export(
        &mut self,
        node: Node<'t>,
        target: Offered<'t>,
        right: Node<'t>,
    ) -> Option<ExpressionId> {
        let (Offered::Module(name) | Offered::Member(name)) = target;
        let is_module = matches!(target, Offered::Module(_));
        let offered = if is_module { self.build.name(DEFAULT) } else { self.build.name_of(name) };
        let value = self.peeled(right);
        if let Some(source) = self.required(value) {
            if is_module {
                self.reexport(source, Imported::Wildcard, source.at, 0);
            } else {
                self.reexport(source, Imported::Module, source.at, offered);
            }
            let default = self.build.name(DEFAULT);
            self.reexport(source, Imported::Member(default), source.at, offered);
            return None;
        }
        match self.kind(value) {
            Kind::AssignmentExpression => {
                let value = self.expression(value, Role::Read)?;
                self.export(offered, Exported::Expression(value));
                return Some(value);
            }
            // What a compiler writes to announce a name.
            Kind::Undefined => return None,
            Kind::UnaryExpression if self.build.text_of(value).starts_with("void") => return None,
            _ => {}
        }
        let defines = self.defines_itself(value)
            || self.kind(value) == Kind::Object
            || (!is_module && self.kind(value) != Kind::Identifier);
        if !defines {
            let what = self.offered_value(right);
            self.export(offered, what);
            return match what {
                Exported::Expression(value) => Some(value),
                _ => None,
            };
        }
        let first = self.build.facts.bindings.len();
        let id = self.exported_definition(node, target, value, right);
        let kind = ExpressionKind::Definition(id);
        let expression = self.build.expression(kind, Role::Read, right);
        self.export(offered, Exported::Expression(expression));
        if is_module {
            self.export_members(id, first);
        }
        Some(expression)
    }

    /// What an export defines: its name is known to importers, not to this file.
    fn exported_definition(
        &mut self,
        node: Node<'t>,
        target: Offered<'t>,
        value: Node<'t>,
        right: Node<'t>,
    ) -> DefinitionId {
        let mut head = Head::plain(node).with(DefinitionFlags::EXPORTED);
        let name = match target {
            Offered::Member(name) => name,
            Offered::Module(name) => {
                head = head.with(DefinitionFlags::DEFAULT_EXPORT);
                self.in_field(value, Field::Name).unwrap_or(name)
            }
        };
        let inner = self.build.scope;
        self.enter_exports();
        let id = if self.defines_itself(value) {
            let id = self.valued(name, value, head, inner);
            self.asserted_types(right);
            id
        } else {
            let kind = DefinitionKind::Constant;
            let end = self.first_line_end(node);
            let id = self.declare(Declared { kind, name, head, end, visibility: None });
            let binding = self.build.facts.bindings.len() - 1;
            self.build.scope = inner;
            let (value, type_of) = self.value_of(id, right);
            self.build.facts.bindings[binding].value = value;
            self.build.definition_mut(id).type_of = type_of;
            id
        };
        self.build.scope = inner;
        id
    }

    fn enter_exports(&mut self) {
        match self.own.exports_scope {
            Some(scope) => self.build.scope = scope,
            None => {
                self.build.scope = 0;
                self.build.enter_scope(ScopeKind::Type, None, None);
                self.own.exports_scope = Some(self.build.scope);
            }
        }
    }

    /// Offers each member of the object that is the module's value; their
    /// bindings stand from `first` on.
    fn export_members(&mut self, id: DefinitionId, first: usize) {
        let Some(members) = self.build.facts.definitions[id as usize].body else { return };
        let mut offered = Vec::new();
        for binding in &self.build.facts.bindings[first..] {
            let BoundTo::Definition(member) = binding.to else { continue };
            if binding.scope != members {
                continue;
            }
            let local = binding.value.and_then(|value| {
                match self.build.facts.expressions[value as usize].kind {
                    ExpressionKind::Name(name) => Some(name),
                    _ => None,
                }
            });
            offered.push((binding.name, member, local));
        }
        for (name, member, local) in offered {
            let what = match local.filter(|local| self.is_declared(*local)) {
                Some(local) => Exported::Local(local),
                None => {
                    let definition = &self.build.facts.definitions[member as usize];
                    let (at, kind) = (definition.at, ExpressionKind::Definition(member));
                    let scope = self.build.scope;
                    let expression = Expression { kind, role: Role::Read, scope, at };
                    self.build.facts.expressions.push(expression);
                    Exported::Expression(self.build.facts.expressions.len() as ExpressionId - 1)
                }
            };
            self.export(name, what);
        }
    }
}
