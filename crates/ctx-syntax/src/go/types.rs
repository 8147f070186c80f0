//! Type declarations with their members, and types where they are written.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::visibility;
use super::{Field, Kind, Walk};
use crate::builder::NewDefinition;

impl<'t> Walk<'_, 't> {
    /// `type A …`, `type (A …; B …)`.
    pub(super) fn type_declaration(&mut self, node: Node<'t>) {
        let grouped = self.is_grouped(node);
        let specs = self.build.open(node);
        for index in specs.clone() {
            let spec = self.build.child(index).node;
            if matches!(self.kind(spec), Kind::TypeSpec | Kind::TypeAlias) {
                self.type_spec(spec, if grouped { spec } else { node });
            }
        }
        self.build.close(specs);
    }

    /// Whether a declaration holds its specifications in parentheses.
    pub(super) fn is_grouped(&self, node: Node<'t>) -> bool {
        self.build.text_of(node).ends_with(')')
            && self
                .build
                .text_of(node)
                .trim_start_matches(|c: char| c.is_ascii_lowercase())
                .trim_start()
                .starts_with('(')
    }

    fn type_spec(&mut self, node: Node<'t>, whole: Node<'t>) {
        let (Some(name_node), Some(value)) =
            (self.in_field(node, Field::Name), self.in_field(node, Field::Type))
        else {
            return;
        };
        if name_node.is_missing() {
            return;
        }
        let text = self.build.text_of(name_node);
        let (kind, end) = match self.kind(value) {
            _ if self.kind(node) == Kind::TypeAlias => {
                (DefinitionKind::TypeAlias, self.first_line_end(whole))
            }
            Kind::StructType => (DefinitionKind::Struct, value.start_byte() + "struct".len()),
            Kind::InterfaceType => {
                (DefinitionKind::Interface, value.start_byte() + "interface".len())
            }
            _ => (DefinitionKind::TypeAlias, self.first_line_end(whole)),
        };
        let local = self.build.function().is_some();
        let name = self.build.name(text);
        let id = self.build.define(NewDefinition {
            name,
            kind,
            name_node,
            whole,
            visibility: if local { Visibility::Private } else { visibility(text) },
            flags: DefinitionFlags::default(),
        });
        let doc = self.doc(whole);
        let signature = self.build.signature(whole, end);
        let definition = self.build.definition_mut(id);
        definition.doc = doc;
        definition.signature = signature;

        let outer_definition = self.build.definition.replace(id);
        let outer = self.enter_head(id);
        if let Some(list) = self.in_field(node, Field::TypeParameters) {
            self.type_parameters(list);
        }
        match kind {
            DefinitionKind::Struct => self.struct_members(id, value),
            DefinitionKind::Interface => self.interface_members(id, value),
            _ => {
                let type_of = self.type_expression(value, Role::Type);
                self.build.definition_mut(id).type_of = type_of;
            }
        }
        self.build.leave_scope(outer);
        self.build.definition = outer_definition;
    }

    fn struct_members(&mut self, id: DefinitionId, node: Node<'t>) {
        let head = self.build.enter_scope(ScopeKind::Type, Some(id), None);
        if let Some(list) = node.named_child(0) {
            let declarations = self.build.open(list);
            for index in declarations.clone() {
                let declaration = self.build.child(index).node;
                if self.kind(declaration) == Kind::FieldDeclaration {
                    self.fields(id, declaration, head);
                }
            }
            self.build.close(declarations);
        }
        self.build.leave_scope(head);
    }

    /// One line of fields, or an embedded type: a field named after the type,
    /// whose members are promoted as if it were a base.
    fn fields(&mut self, owner: DefinitionId, node: Node<'t>, head: ScopeId) {
        let Some(type_node) = self.in_field(node, Field::Type) else { return };
        let mut names = self.all_in_field(node, Field::Name);
        let embedded = names.is_empty();
        // Members are seen only through a value: `Reader Reader` names a type.
        let members = std::mem::replace(&mut self.build.scope, head);
        let role = if embedded { Role::Base } else { Role::Type };
        let type_of = self.type_expression(type_node, role);
        self.build.scope = members;
        if embedded {
            if let Some(expression) = type_of {
                let base = BaseType { expression, implements: false };
                self.build.definition_mut(owner).bases.push(base);
            }
            names.push(self.base_name(type_node));
        }
        let doc = self.doc(node);
        let signature = self.build.signature(node, self.first_line_end(node));
        for name_node in names {
            if self.is_nameless(name_node) {
                continue;
            }
            let text = self.build.text_of(name_node);
            let name = self.build.name(text);
            let id = self.build.define(NewDefinition {
                name,
                kind: DefinitionKind::Field,
                name_node,
                whole: node,
                visibility: visibility(text),
                flags: DefinitionFlags::default(),
            });
            let definition = self.build.definition_mut(id);
            definition.doc = doc;
            definition.signature = signature;
            definition.type_of = type_of;
            if let Some(binding) = self.build.facts.bindings.last_mut() {
                binding.type_of = type_of;
            }
        }
    }

    /// The last name of an embedded type: `T` of `*pkg.T[int]`.
    fn base_name(&self, node: Node<'t>) -> Node<'t> {
        match self.kind(node) {
            Kind::GenericType => {
                self.in_field(node, Field::Type).map_or(node, |of| match self.kind(of) {
                    Kind::QualifiedType => self.in_field(of, Field::Name).unwrap_or(of),
                    _ => of,
                })
            }
            Kind::QualifiedType => self.in_field(node, Field::Name).unwrap_or(node),
            _ => node,
        }
    }

    fn interface_members(&mut self, id: DefinitionId, node: Node<'t>) {
        let head = self.build.enter_scope(ScopeKind::Type, Some(id), None);
        let members = self.build.scope;
        let elements = self.build.open(node);
        for index in elements.clone() {
            let element = self.build.child(index).node;
            match self.kind(element) {
                Kind::MethodElem => self.interface_method(element, head),
                Kind::TypeElem => {
                    self.build.scope = head;
                    self.embedded_interface(id, element);
                    self.build.scope = members;
                }
                _ => {}
            }
        }
        self.build.close(elements);
        self.build.leave_scope(head);
    }

    fn embedded_interface(&mut self, id: DefinitionId, element: Node<'t>) {
        let only = element.named_child(0).filter(|_| element.named_child_count() == 1);
        let named = only.filter(|only| {
            matches!(
                self.kind(*only),
                Kind::TypeIdentifier | Kind::QualifiedType | Kind::GenericType
            )
        });
        match named {
            Some(base) => {
                if let Some(expression) = self.type_expression(base, Role::Base) {
                    let base = BaseType { expression, implements: false };
                    self.build.definition_mut(id).bases.push(base);
                }
            }
            None => {
                self.type_expression(element, Role::Type);
            }
        }
    }

    /// A type, where one is written; `role` is that of the type's own name.
    pub(super) fn type_expression(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let id = self.type_within(node, role);
        self.build.ascend();
        id
    }

    fn type_within(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        match self.kind(node) {
            Kind::TypeIdentifier if self.build.text_of(node) == "nil" => None,
            Kind::TypeIdentifier | Kind::PackageIdentifier => self.named(node, role),
            Kind::QualifiedType => {
                let package = self.in_field(node, Field::Package)?;
                let name_node = self.in_field(node, Field::Name)?;
                let package = self.named(package, Role::Read)?;
                if name_node.is_missing() {
                    return Some(package);
                }
                let name = self.build.name_of(name_node);
                let kind = ExpressionKind::Member(package, name);
                Some(self.build.expression(kind, role, name_node))
            }
            Kind::GenericType => {
                let base = self.type_expression(self.in_field(node, Field::Type)?, role)?;
                let arguments = self.in_field(node, Field::TypeArguments);
                let arguments = arguments.map(|list| self.types(list)).unwrap_or_default();
                Some(self.generic(base, &arguments, node))
            }
            Kind::PointerType | Kind::ParenthesizedType | Kind::NegatedType => {
                self.type_expression(node.named_child(0)?, role)
            }
            Kind::SliceType | Kind::ArrayType | Kind::ImplicitLengthArrayType => {
                if let Some(length) = self.in_field(node, Field::Length) {
                    self.expression(length, Role::Read);
                }
                let element = self.in_field(node, Field::Element);
                let element = element.and_then(|ty| self.type_expression(ty, Role::Type));
                Some(self.container(LiteralKind::List, &[element], node))
            }
            Kind::ChannelType => {
                let element = self.in_field(node, Field::Value);
                let element = element.and_then(|ty| self.type_expression(ty, Role::Type));
                Some(self.container(LiteralKind::List, &[element], node))
            }
            Kind::MapType => {
                let [key, value] = [Field::Key, Field::Value].map(|field| {
                    self.in_field(node, field).and_then(|ty| self.type_expression(ty, Role::Type))
                });
                Some(self.container(LiteralKind::Map, &[key, value], node))
            }
            Kind::TypeElem | Kind::TypeConstraint => {
                let types = self.types(node);
                types.into_iter().flatten().reduce(|left, right| {
                    let kind = ExpressionKind::Either(left, right);
                    self.build.expression(kind, Role::Read, node)
                })
            }
            Kind::FunctionType | Kind::StructType | Kind::InterfaceType => {
                self.unnamed_type(node);
                Some(self.unknown(node))
            }
            _ => self.expression(node, role),
        }
    }

    /// The types among a node's children.
    pub(super) fn types(&mut self, node: Node<'t>) -> Vec<Option<ExpressionId>> {
        let mut types = Vec::new();
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if child.is_named() {
                types.push(self.type_expression(child, Role::Type));
            }
        }
        self.build.close(children);
        types
    }

    /// What a type without a name uses: its members are nobody's definitions.
    fn unnamed_type(&mut self, node: Node<'t>) {
        if !self.build.descend(node) {
            return;
        }
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::FieldDeclarationList
                | Kind::FieldDeclaration
                | Kind::MethodElem
                | Kind::ParameterList
                | Kind::ParameterDeclaration
                | Kind::VariadicParameterDeclaration => self.unnamed_type(child),
                Kind::Identifier
                | Kind::FieldIdentifier
                | Kind::RawStringLiteral
                | Kind::InterpretedStringLiteral => {}
                _ if child.is_named() => {
                    self.type_expression(child, Role::Type);
                }
                _ => {}
            }
        }
        self.build.close(children);
        self.build.ascend();
    }

    /// A built-in container of these types.
    pub(super) fn container(
        &mut self,
        kind: LiteralKind,
        types: &[Option<ExpressionId>],
        node: Node<'t>,
    ) -> ExpressionId {
        let base = self.build.expression(ExpressionKind::Literal(kind), Role::Read, node);
        self.generic(base, types, node)
    }

    /// A type with arguments; unknown ones keep their places.
    pub(super) fn generic(
        &mut self,
        base: ExpressionId,
        types: &[Option<ExpressionId>],
        node: Node<'t>,
    ) -> ExpressionId {
        let known: Vec<ExpressionId> =
            types.iter().map(|ty| ty.unwrap_or_else(|| self.unknown(node))).collect();
        let id = self.build.expression(ExpressionKind::Generic(base), Role::Type, node);
        for value in known {
            self.build.argument(id, None, value);
        }
        id
    }
}
