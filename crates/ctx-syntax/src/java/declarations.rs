//! Classes, interfaces, enums, records and annotation types with their members.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::functions::Parameter;
use super::modifiers::Modifiers;
use super::{Field, Kind, Walk};
use crate::builder::{Builder, NewDefinition};

impl<'t> Walk<'_, 't> {
    /// A type that has a name.
    pub(super) fn type_declaration(&mut self, node: Node<'t>) {
        let (Some(name_node), Some(body)) =
            (self.in_field(node, Field::Name), self.in_field(node, Field::Body))
        else {
            return;
        };
        if name_node.is_missing() {
            return self.members(body);
        }
        let kind = match self.kind(node) {
            Kind::InterfaceDeclaration | Kind::AnnotationTypeDeclaration => {
                DefinitionKind::Interface
            }
            Kind::EnumDeclaration => DefinitionKind::Enum,
            Kind::RecordDeclaration => DefinitionKind::Struct,
            _ => DefinitionKind::Class,
        };
        let modifiers = self.modifiers(node);
        let name = self.build.name_of(name_node);
        let id = self.build.define(NewDefinition {
            name,
            kind,
            name_node,
            whole: node,
            visibility: self.visibility(&modifiers),
            flags: modifiers.flags,
        });
        let doc = self.doc(node);
        let signature = self.head(node, &modifiers, body.start_byte());
        let definition = self.build.definition_mut(id);
        definition.doc = doc;
        definition.signature = signature;
        definition.annotations = modifiers.annotations;

        let outer_definition = self.build.definition.replace(id);
        // The head stands in a scope of its own: its types are no members.
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        let head = self.build.scope as usize;
        self.build.facts.scopes[head].definition = Some(id);
        if let Some(list) = self.in_field(node, Field::TypeParameters) {
            self.type_parameters(list);
        }
        let bases = self.bases(node);
        self.build.definition_mut(id).bases = bases;
        let within = self.build.enter_scope(ScopeKind::Type, Some(id), None);
        if let Some(list) = self.in_field(node, Field::Parameters) {
            self.components(list);
        }
        self.members(body);
        self.build.leave_scope(within);
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
    }

    /// Who can see what is declared here without saying so.
    fn visibility(&self, modifiers: &Modifiers) -> Visibility {
        modifiers.visibility.unwrap_or_else(|| {
            let inside_interface = self.build.scope_kind() == ScopeKind::Type
                && self.enclosing_kind() == Some(DefinitionKind::Interface);
            match self.build.scope_kind() {
                _ if inside_interface => Visibility::Public,
                ScopeKind::Function | ScopeKind::Block => Visibility::Private,
                _ => Visibility::Package,
            }
        })
    }

    fn enclosing_kind(&self) -> Option<DefinitionKind> {
        self.build.definition.map(|id| self.build.facts.definitions[id as usize].kind)
    }

    fn bases(&mut self, node: Node<'t>) -> Vec<BaseType> {
        let mut bases = Vec::new();
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::Superclass => self.base_list(child, &mut bases, false),
                Kind::SuperInterfaces | Kind::ExtendsInterfaces => {
                    let implements = self.kind(child) == Kind::SuperInterfaces;
                    if let Some(list) = child.named_child(0) {
                        self.base_list(list, &mut bases, implements);
                    }
                }
                // `permits` only repeats what the subclasses say.
                Kind::Permits => {
                    if let Some(list) = child.named_child(0) {
                        self.types(list);
                    }
                }
                _ => {}
            }
        }
        self.build.close(children);
        bases
    }

    fn base_list(&mut self, list: Node<'t>, bases: &mut Vec<BaseType>, implements: bool) {
        let children = self.build.open(list);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if let Some(expression) = self.type_expression(child, Role::Base) {
                bases.push(BaseType { expression, implements });
            }
        }
        self.build.close(children);
    }

    /// The components of a record: fields, read through accessors of their name.
    fn components(&mut self, list: Node<'t>) {
        let children = self.build.open(list);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let Some(Parameter { name: name_node, type_of, annotations }) = self.parameter(child)
            else {
                continue;
            };
            let head = self.in_field(child, Field::Type).unwrap_or(child);
            let signature = self.build.signature(head, child.end_byte());
            let name = self.build.name_of(name_node);
            let id = self.build.define(NewDefinition {
                name,
                kind: DefinitionKind::Field,
                name_node,
                whole: child,
                visibility: Visibility::Public,
                flags: DefinitionFlags::default(),
            });
            let definition = self.build.definition_mut(id);
            definition.signature = signature;
            definition.annotations = annotations;
            definition.type_of = type_of;
            if let Some(binding) = self.build.facts.bindings.last_mut() {
                binding.type_of = type_of;
            }
        }
        self.build.close(children);
    }

    /// A class without a name; `base` is the type that it extends.
    pub(super) fn anonymous_class(
        &mut self,
        body: Node<'t>,
        whole: Node<'t>,
        base: Option<ExpressionId>,
    ) {
        let name = self.anonymous_name();
        let id = self.build.define_unbound(NewDefinition {
            name,
            kind: DefinitionKind::Class,
            name_node: whole,
            whole,
            visibility: Visibility::Private,
            flags: DefinitionFlags::default(),
        });
        let head = self.in_field(whole, Field::Name).unwrap_or(whole);
        let signature = self.build.signature(head, body.start_byte());
        let definition = self.build.definition_mut(id);
        definition.signature = signature;
        definition.bases.extend(base.map(|expression| BaseType { expression, implements: false }));
        let outer_definition = self.build.definition.replace(id);
        let outer = self.build.enter_scope(ScopeKind::Type, Some(id), None);
        self.members(body);
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
    }

    /// Walks the body of a type.
    fn members(&mut self, body: Node<'t>) {
        if !self.build.descend(body) {
            return;
        }
        let children = self.build.open(body);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::EnumConstant => self.enum_constant(child),
                Kind::EnumBodyDeclarations => self.members(child),
                _ => self.statement(child),
            }
        }
        self.build.close(children);
        self.build.ascend();
    }

    fn enum_constant(&mut self, node: Node<'t>) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        if name_node.is_missing() {
            return self.each(node);
        }
        let modifiers = self.modifiers(node);
        let name = self.build.name_of(name_node);
        let id = self.build.define(NewDefinition {
            name,
            kind: DefinitionKind::EnumMember,
            name_node,
            whole: node,
            visibility: Visibility::Public,
            flags: DefinitionFlags::STATIC,
        });
        let body = self.in_field(node, Field::Body);
        let end = body.map_or(self.first_line_end(name_node), |body| body.start_byte());
        let end = self.in_field(node, Field::Arguments).map_or(end, |list| list.end_byte());
        let signature = self.head(node, &modifiers, end);
        let doc = self.doc(node);
        let definition = self.build.definition_mut(id);
        definition.doc = doc;
        definition.signature = signature;
        definition.annotations = modifiers.annotations;
        if let Some(list) = self.in_field(node, Field::Arguments) {
            self.each(list);
        }
        if let Some(body) = body {
            let outer_definition = self.build.definition.replace(id);
            self.anonymous_class(body, node, None);
            self.build.definition = outer_definition;
        }
    }

    /// The fields of one declaration.
    pub(super) fn fields(&mut self, node: Node<'t>) {
        let Some(type_node) = self.in_field(node, Field::Type) else { return };
        let mut modifiers = self.modifiers(node);
        let visibility = self.visibility(&modifiers);
        if self.kind(node) == Kind::ConstantDeclaration {
            modifiers.flags.set(DefinitionFlags::STATIC);
        }
        let type_of = self.type_expression(type_node, Role::Type);
        let doc = self.doc(node);
        let text = &self.build.text[type_node.start_byte()..node.end_byte()];
        let line_end = type_node.start_byte() + text.find('\n').unwrap_or(text.len());
        let signature = self.head(node, &modifiers, line_end);
        let children = self.build.open(node);
        for index in children.clone() {
            let declarator = self.build.child(index).node;
            if self.kind(declarator) != Kind::VariableDeclarator {
                continue;
            }
            let Some(name_node) = self.in_field(declarator, Field::Name) else { continue };
            if self.is_nameless(name_node) {
                continue;
            }
            let type_of = type_of.map(|ty| self.with_dimensions(declarator, ty));
            let name = self.build.name_of(name_node);
            let id = self.build.define(NewDefinition {
                name,
                kind: DefinitionKind::Field,
                name_node,
                whole: node,
                visibility,
                flags: modifiers.flags,
            });
            let definition = self.build.definition_mut(id);
            definition.doc = doc;
            definition.signature = signature;
            definition.annotations.clone_from(&modifiers.annotations);
            definition.type_of = type_of;
            let binding = self.build.facts.bindings.len() - 1;
            let value = self.in_field(declarator, Field::Value);
            let value = value.and_then(|value| self.expression(value, Role::Read));
            let binding = &mut self.build.facts.bindings[binding];
            binding.type_of = type_of;
            binding.value = value;
        }
        self.build.close(children);
    }

    /// A method, a constructor or an element of an annotation type.
    pub(super) fn function(&mut self, node: Node<'t>) {
        let Some(name_node) = self.in_field(node, Field::Name) else { return };
        if name_node.is_missing() {
            return self.each(node);
        }
        let modifiers = self.modifiers(node);
        let body = self.in_field(node, Field::Body);
        let mut flags = modifiers.flags;
        let inside = self.enclosing_kind().filter(|_| self.build.scope_kind() == ScopeKind::Type);
        if body.is_none() && inside == Some(DefinitionKind::Interface) {
            flags.set(DefinitionFlags::ABSTRACT);
        }
        let kind = match self.kind(node) {
            Kind::ConstructorDeclaration | Kind::CompactConstructor => DefinitionKind::Constructor,
            _ if inside.is_none() => DefinitionKind::Function,
            _ => DefinitionKind::Method,
        };
        let new = NewDefinition {
            name: self.build.name_of(name_node),
            kind,
            name_node,
            whole: node,
            visibility: self.visibility(&modifiers),
            flags,
        };
        // Inside the class the constructor's name still names the class.
        let id = match kind {
            DefinitionKind::Constructor => self.build.define_unbound(new),
            _ => self.build.define(new),
        };
        let doc = self.doc(node);
        let end = body.map_or(node.end_byte(), |body| body.start_byte());
        let signature = self.head(node, &modifiers, end);
        let definition = self.build.definition_mut(id);
        definition.doc = doc;
        definition.signature = signature;
        definition.annotations = modifiers.annotations;
        self.function_parts(id, node, body);
    }

    /// Whether a name stands for nothing: it is `_`, or broken text lacks it.
    fn is_nameless(&self, node: Node<'t>) -> bool {
        self.kind(node) == Kind::UnderscorePattern || node.is_missing()
    }

    /// Binds a local variable's name at a node.
    pub(super) fn bind_local(
        &mut self,
        node: Node<'t>,
        type_of: Option<ExpressionId>,
        value: Option<ExpressionId>,
        through: Through,
    ) {
        self.bind_as(BoundTo::Local, node, type_of);
        if !self.is_nameless(node)
            && let Some(binding) = self.build.facts.bindings.last_mut()
        {
            binding.value = value;
            binding.through = through;
        }
    }

    /// Binds the name at a node, unless it stands for nothing.
    pub(super) fn bind_as(&mut self, to: BoundTo, node: Node<'t>, type_of: Option<ExpressionId>) {
        if self.is_nameless(node) {
            return;
        }
        let name = self.build.name_of(node);
        let binding = self.build.bind(name, to, Builder::position(node).line);
        self.build.facts.bindings[binding].type_of = type_of;
    }
}
