//! Statements: control flow, assignments, loops and what they bind.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::{Builder, NewDefinition};

impl<'t> Walk<'_, 't> {
    /// Walks every statement of a block or module.
    pub(super) fn body(&mut self, node: Node<'t>) {
        if !self.build.descend(node) {
            return;
        }
        let children = self.build.open(node);
        for index in children.clone() {
            self.statement(self.build.child(index).node);
        }
        self.build.close(children);
        self.build.ascend();
    }

    fn statement(&mut self, node: Node<'t>) {
        match self.kind(node) {
            Kind::ExpressionStatement => self.expression_statement(node),
            Kind::FunctionDefinition => self.function(node, node),
            Kind::ClassDefinition => self.class(node, node),
            Kind::DecoratedDefinition => self.decorated(node),
            Kind::ImportStatement => self.import(node),
            Kind::ImportFrom => self.import_from(node),
            Kind::FutureImport => {}
            Kind::ReturnStatement => self.return_statement(node),
            Kind::GlobalStatement | Kind::NonlocalStatement => self.outer_names(node),
            Kind::IfStatement => self.if_statement(node),
            Kind::ElifClause | Kind::ExceptClause | Kind::CaseClause | Kind::WhileStatement => {
                self.build.decision();
                self.nested(node);
            }
            Kind::ForStatement => {
                self.build.decision();
                self.build.nest();
                self.loop_parts(node);
                self.build.unnest();
            }
            Kind::TryStatement | Kind::WithStatement | Kind::MatchStatement => self.nested(node),
            Kind::Block => self.body(node),
            Kind::TypeAlias => self.type_alias(node),
            _ => self.parts(node),
        }
    }

    /// Walks the children of a compound statement one level deeper.
    fn nested(&mut self, node: Node<'t>) {
        self.build.nest();
        self.parts(node);
        self.build.unnest();
    }

    /// Walks children that may be statements, blocks or expressions.
    fn parts(&mut self, node: Node<'t>) {
        if !self.build.descend(node) {
            return;
        }
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::Block => self.body(child),
                Kind::WithItem => self.with_item(child),
                Kind::AsPattern if self.kind(node) == Kind::ExceptClause => {
                    self.as_pattern(child, Through::Instance);
                }
                Kind::CasePattern => self.pattern(child),
                kind if is_statement(kind) => self.statement(child),
                Kind::Other if child.named_child_count() > 0 => self.parts(child),
                _ => {
                    self.expression(child, Role::Read);
                }
            }
        }
        self.build.close(children);
        self.build.ascend();
    }

    fn if_statement(&mut self, node: Node<'t>) {
        self.build.decision();
        let type_only = self.own.type_only;
        if let Some(condition) = self.in_field(node, Field::Condition) {
            self.own.type_only |= self.build.text_of(condition).ends_with("TYPE_CHECKING");
        }
        self.nested(node);
        self.own.type_only = type_only;
    }

    fn loop_parts(&mut self, node: Node<'t>) {
        let right = self.in_field(node, Field::Right);
        let value = right.and_then(|right| self.expression(right, Role::Read));
        if let Some(left) = self.in_field(node, Field::Left) {
            self.target(left, value, Through::Element, None);
        }
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            match self.field(child.field) {
                Field::Body => self.body(child.node),
                Field::Alternative => self.statement(child.node),
                _ => {}
            }
        }
        self.build.close(children);
    }

    fn with_item(&mut self, node: Node<'t>) {
        let Some(value) = self.in_field(node, Field::Value) else { return };
        if self.kind(value) == Kind::AsPattern {
            self.as_pattern(value, Through::Entered);
        } else {
            self.expression(value, Role::Read);
        }
    }

    /// `value as target`, in `with` and `except`.
    fn as_pattern(&mut self, node: Node<'t>, through: Through) {
        let target = self.in_field(node, Field::Alias);
        let value = node.named_child(0).and_then(|value| self.expression(value, Role::Read));
        if let Some(target) = target {
            let target = target.named_child(0).unwrap_or(target);
            self.target(target, value, through, None);
        }
    }

    /// A `case` pattern: classes are used, other names are captured.
    fn pattern(&mut self, node: Node<'t>) {
        if !self.build.descend(node) {
            return;
        }
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::DottedName if self.kind(node) == Kind::ClassPattern => {
                    self.dotted(child, Role::Type);
                }
                Kind::DottedName if child.named_child_count() > 1 => {
                    self.dotted(child, Role::Read);
                }
                Kind::DottedName | Kind::Identifier => {
                    let name = self.build.name_of(child);
                    let line = Builder::position(child).line;
                    if self.build.text_of(child) != "_" {
                        self.build.bind(name, BoundTo::Local, line);
                    }
                }
                _ => self.pattern(child),
            }
        }
        self.build.close(children);
        self.build.ascend();
    }

    fn return_statement(&mut self, node: Node<'t>) {
        if let Some(value) = node.named_child(0)
            && let Some(value) = self.expression(value, Role::Read)
        {
            self.build.returns(value);
        }
    }

    fn outer_names(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            let name = self.build.name_of(child);
            self.build.bind(name, BoundTo::Outer, Builder::position(child).line);
        }
        self.build.close(children);
    }

    fn type_alias(&mut self, node: Node<'t>) {
        let (Some(left), Some(right)) =
            (self.in_field(node, Field::Left), self.in_field(node, Field::Right))
        else {
            return;
        };
        let value = self.type_expression(right);
        let name_node = first_identifier(left);
        let name = self.build.name_of(name_node);
        let id = self.build.define(NewDefinition {
            name,
            kind: DefinitionKind::TypeAlias,
            name_node,
            whole: node,
            visibility: super::definitions::visibility(self.build.text_of(name_node)),
            flags: DefinitionFlags::default(),
        });
        let signature = self.build.signature(node, node.end_byte());
        let definition = self.build.definition_mut(id);
        definition.signature = signature;
        definition.type_of = value;
    }

    fn expression_statement(&mut self, node: Node<'t>) {
        let outer = self.own.statement.replace(node);
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::Assignment => {
                    self.assignment(child);
                }
                Kind::AugmentedAssignment => self.augmented(child),
                Kind::String => {
                    // A string that stands alone is documentation.
                    self.build.comment(child);
                }
                _ => {
                    self.expression(child, Role::Read);
                }
            }
        }
        self.build.close(children);
        self.own.statement = outer;
    }

    /// `target: type = value`; gives the value so that `a = b = c` chains.
    pub(super) fn assignment(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let right = self.in_field(node, Field::Right);
        let value = right.and_then(|right| match self.kind(right) {
            Kind::Assignment => self.assignment(right),
            _ => self.expression(right, Role::Read),
        });
        let type_of = self.in_field(node, Field::Type).and_then(|ty| self.type_expression(ty));
        let left = self.in_field(node, Field::Left)?;
        if self.build.scope_kind() == ScopeKind::File && self.build.text_of(left) == "__all__" {
            self.explicit_exports(right);
        }
        self.target(left, value, Through::Itself, type_of);
        value
    }

    fn augmented(&mut self, node: Node<'t>) {
        let right = self.in_field(node, Field::Right);
        if let Some(right) = right {
            self.expression(right, Role::Read);
        }
        let Some(left) = self.in_field(node, Field::Left) else { return };
        if self.build.scope_kind() == ScopeKind::File && self.build.text_of(left) == "__all__" {
            self.explicit_exports(right);
        }
        self.expression(left, Role::Write);
    }

    /// Names listed in `__all__`.
    fn explicit_exports(&mut self, list: Option<Node<'t>>) {
        let Some(list) = list else { return };
        let children = self.build.open(list);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) == Kind::String
                && let Some(content) = self.string_content(child)
            {
                let name = self.build.name(content);
                self.build.facts.exports.push(Export { name, what: Exported::Local(name) });
            }
        }
        self.build.close(children);
    }

    /// Binds an assignment target.
    pub(super) fn target(
        &mut self,
        node: Node<'t>,
        value: Option<ExpressionId>,
        through: Through,
        type_of: Option<ExpressionId>,
    ) {
        match self.kind(node) {
            Kind::Identifier => self.assign_name(node, value, through, type_of),
            Kind::Attribute => self.assign_attribute(node, value, through, type_of),
            Kind::PatternList
            | Kind::TuplePattern
            | Kind::ListPattern
            | Kind::Tuple
            | Kind::List
            | Kind::ExpressionList
            | Kind::ListSplatPattern
            | Kind::ParenthesizedExpression => {
                if !self.build.descend(node) {
                    return;
                }
                // A tuple inside a loop target is a part of an element; which
                // part is beyond what a receiver's type needs.
                let through = if through == Through::Itself { Through::Part } else { through };
                let part = if through == Through::Part { value } else { None };
                let children = self.build.open(node);
                for index in children.clone() {
                    self.target(self.build.child(index).node, part, through, None);
                }
                self.build.close(children);
                self.build.ascend();
            }
            _ => {
                self.expression(node, Role::Write);
            }
        }
    }

    fn assign_name(
        &mut self,
        node: Node<'t>,
        value: Option<ExpressionId>,
        through: Through,
        type_of: Option<ExpressionId>,
    ) {
        let text = self.build.text_of(node);
        let name = self.build.name(text);
        let line = Builder::position(node).line;
        let scope = self.build.scope;
        let defined = match self.build.scope_kind() {
            ScopeKind::File | ScopeKind::Type => self.known_member(scope, name),
            _ => Some(BoundTo::Local),
        };
        let binding = match defined {
            Some(to) => {
                if to != BoundTo::Local {
                    self.build.expression(ExpressionKind::Name(name), Role::Write, node);
                }
                self.build.bind(name, to, line)
            }
            None => {
                self.define_variable(node, name, text, type_of);
                self.build.facts.bindings.len() - 1
            }
        };
        let binding = &mut self.build.facts.bindings[binding];
        binding.value = value;
        binding.through = through;
        binding.type_of = type_of;
    }

    /// What a name already stands for in a file or class scope, if it was
    /// defined there by an assignment.
    fn known_member(&self, scope: ScopeId, name: NameId) -> Option<BoundTo> {
        self.own.fields.get(&(scope | FILE_SCOPE, name)).map(|&id| BoundTo::Definition(id))
    }

    fn define_variable(
        &mut self,
        node: Node<'t>,
        name: NameId,
        text: &'t str,
        type_of: Option<ExpressionId>,
    ) {
        let in_class = self.build.scope_kind() == ScopeKind::Type;
        let constant = text.len() > 1
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        let kind = match (in_class, constant) {
            (true, _) => DefinitionKind::Field,
            (false, true) => DefinitionKind::Constant,
            (false, false) => DefinitionKind::Variable,
        };
        let statement = self.own.statement.unwrap_or(node);
        let id = self.build.define(NewDefinition {
            name,
            kind,
            name_node: node,
            whole: statement,
            visibility: super::definitions::visibility(text),
            flags: DefinitionFlags::default(),
        });
        let line_end = self.build.text[statement.start_byte()..]
            .find('\n')
            .map_or(self.build.text.len(), |offset| statement.start_byte() + offset);
        let signature = self.build.signature(statement, line_end.min(statement.end_byte()));
        let definition = self.build.definition_mut(id);
        definition.signature = signature;
        definition.type_of = type_of;
        self.own.fields.insert((self.build.scope | FILE_SCOPE, name), id);
        if in_class && let Some(class) = self.build.definition {
            self.own.fields.insert((class, name), id);
        }
    }

    /// `receiver.name = value` defines a field of the class the first time.
    fn assign_attribute(
        &mut self,
        node: Node<'t>,
        value: Option<ExpressionId>,
        through: Through,
        type_of: Option<ExpressionId>,
    ) {
        let object = self.in_field(node, Field::Object);
        let attribute = self.in_field(node, Field::Attribute);
        let (Some(class), Some(object), Some(attribute)) = (self.own.class, object, attribute)
        else {
            self.expression(node, Role::Write);
            return;
        };
        if self.kind(object) != Kind::Identifier
            || Some(self.build.text_of(object)) != self.own.receiver
        {
            self.expression(node, Role::Write);
            return;
        }
        let text = self.build.text_of(attribute);
        let name = self.build.name(text);
        let Some(class_scope) = self.build.facts.definitions[class as usize].body else { return };
        let id = match self.own.fields.get(&(class, name)) {
            Some(&id) => {
                self.expression(node, Role::Write);
                id
            }
            None => {
                self.expression(object, Role::Read);
                let id = self.define_field(attribute, node, name, text, class);
                self.build.definition_mut(id).type_of = type_of;
                id
            }
        };
        let line = Builder::position(attribute).line;
        self.build.facts.bindings.push(Binding {
            scope: class_scope,
            name,
            to: BoundTo::Definition(id),
            value,
            through,
            type_of,
            line,
        });
    }

    fn define_field(
        &mut self,
        attribute: Node<'t>,
        node: Node<'t>,
        name: NameId,
        text: &'t str,
        class: DefinitionId,
    ) -> DefinitionId {
        let statement = self.own.statement.unwrap_or(node);
        let id = self.build.define_unbound(NewDefinition {
            name,
            kind: DefinitionKind::Field,
            name_node: attribute,
            whole: statement,
            visibility: super::definitions::visibility(text),
            flags: DefinitionFlags::default(),
        });
        let signature = self.build.signature(statement, statement.end_byte());
        let scope = self.build.facts.definitions[class as usize].body.unwrap_or(0);
        let definition = self.build.definition_mut(id);
        definition.signature = signature;
        definition.parent = Some(class);
        definition.scope = scope;
        self.own.fields.insert((class, name), id);
        id
    }
}

/// Marks scope numbers among the keys of `Walk::fields`, which are otherwise
/// definition numbers.
const FILE_SCOPE: u32 = 1 << 31;

fn is_statement(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ExpressionStatement
            | Kind::FunctionDefinition
            | Kind::ClassDefinition
            | Kind::DecoratedDefinition
            | Kind::ImportStatement
            | Kind::ImportFrom
            | Kind::ReturnStatement
            | Kind::IfStatement
            | Kind::ElifClause
            | Kind::ExceptClause
            | Kind::CaseClause
            | Kind::ForStatement
            | Kind::WhileStatement
            | Kind::TryStatement
            | Kind::WithStatement
            | Kind::MatchStatement
    )
}

fn first_identifier(node: Node<'_>) -> Node<'_> {
    let mut at = node;
    while at.kind() != "identifier" {
        match at.named_child(0) {
            Some(child) => at = child,
            None => break,
        }
    }
    at
}
