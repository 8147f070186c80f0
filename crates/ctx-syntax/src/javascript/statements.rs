//! Statements: blocks, control flow, loops.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::{Ambient, Head};
use super::patterns::{Given, Target};
use super::variables::VariableKind;
use super::{Field, Kind, Walk};

impl<'t> Walk<'_, 't> {
    /// Walks every statement of a file or a function's body.
    pub(super) fn statements(&mut self, node: Node<'t>) {
        let mut siblings = self.open_documented(node);
        for index in siblings.children.clone() {
            let child = self.build.child(index).node;
            self.reach(&mut siblings, child);
            self.statement(child);
        }
        self.build.close(siblings.children);
    }

    /// Walks a statement, or an expression that stands as one.
    pub(super) fn statement(&mut self, node: Node<'t>) {
        if !self.build.descend(node) {
            return;
        }
        match self.kind(node) {
            Kind::ExpressionStatement => self.expression_statement(node),
            Kind::StatementBlock => self.block(node),
            Kind::IfStatement => self.if_statement(node),
            Kind::ForStatement => self.for_statement(node),
            Kind::ForInStatement => self.for_in_statement(node),
            Kind::WhileStatement | Kind::DoStatement => {
                self.build.decision();
                self.nested(node);
            }
            Kind::SwitchStatement => self.switch_statement(node),
            Kind::SwitchCase => {
                self.build.decision();
                self.parts(node);
            }
            Kind::TryStatement => self.nested(node),
            Kind::CatchClause => self.catch_clause(node),
            Kind::ReturnStatement => {
                if let Some(value) = self.only_child(node)
                    && let Some(value) = self.expression(value, Role::Read)
                {
                    self.build.returns(value);
                }
            }
            Kind::ThrowStatement
            | Kind::WithStatement
            | Kind::ElseClause
            | Kind::FinallyClause
            | Kind::SwitchBody
            | Kind::SwitchDefault => self.parts(node),
            Kind::LabeledStatement => {
                if let Some(body) = self.in_field(node, Field::Body) {
                    self.statement(body);
                }
            }
            Kind::ImportStatement => self.import_statement(node),
            Kind::ExportStatement => self.export_statement(node),
            _ => {
                if !self.declaration(node, Head::plain(node)) {
                    self.expression(node, Role::Read);
                }
            }
        }
        self.build.ascend();
    }

    /// Walks a declaration; false if the node is none.
    pub(super) fn declaration(&mut self, node: Node<'t>, head: Head<'t>) -> bool {
        match self.kind(node) {
            Kind::FunctionDeclaration | Kind::GeneratorDeclaration | Kind::FunctionSignature => {
                self.function_declaration(node, head);
            }
            Kind::ClassDeclaration | Kind::AbstractClassDeclaration => {
                if let Some(name) = self.in_field(node, Field::Name) {
                    self.class(node, name, head);
                }
            }
            Kind::LexicalDeclaration | Kind::UsingDeclaration => {
                let kind = self.in_field(node, Field::Kind).map(|kind| self.build.text_of(kind));
                let kind =
                    if kind == Some("let") { VariableKind::Let } else { VariableKind::Constant };
                self.variables(node, head, kind);
            }
            Kind::VariableDeclaration => self.variables(node, head, VariableKind::Var),
            Kind::InterfaceDeclaration => self.interface(node, head),
            Kind::TypeAliasDeclaration => self.type_alias(node, head),
            Kind::EnumDeclaration => self.enumeration(node, head),
            Kind::Module | Kind::InternalModule => self.namespace(node, head),
            Kind::ImportAlias => self.import_alias(node, head),
            Kind::AmbientDeclaration => self.ambient_declaration(node, head),
            _ => return false,
        }
        true
    }

    /// `declare …`: what stands behind it only the type checker sees.
    fn ambient_declaration(&mut self, node: Node<'t>, head: Head<'t>) {
        let outer = self.own.ambient;
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) == Kind::StatementBlock {
                self.own.ambient = Ambient::Global;
                self.statements(child);
            } else {
                self.own.ambient = if outer == Ambient::No { Ambient::Declared } else { outer };
                if !self.declaration(child, head) {
                    self.type_expression(child, Role::Type);
                }
            }
        }
        self.build.close(children);
        self.own.ambient = outer;
    }

    /// Walks the children of a statement one level deeper.
    fn nested(&mut self, node: Node<'t>) {
        self.build.nest();
        self.parts(node);
        self.build.unnest();
    }

    /// Walks children that may be statements, blocks or expressions.
    pub(super) fn parts(&mut self, node: Node<'t>) {
        let mut siblings = self.open_documented(node);
        for index in siblings.children.clone() {
            let child = self.build.child(index).node;
            if child.is_named() {
                self.reach(&mut siblings, child);
                self.statement(child);
            }
        }
        self.build.close(siblings.children);
    }

    fn expression_statement(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            self.expression(self.build.child(index).node, Role::Read);
        }
        self.build.close(children);
    }

    /// A block; it has a scope if it declares something.
    pub(super) fn block(&mut self, node: Node<'t>) {
        let mut siblings = self.open_documented(node);
        let declares = siblings.children.clone().any(|index| {
            matches!(
                self.kind(self.build.child(index).node),
                Kind::LexicalDeclaration
                    | Kind::UsingDeclaration
                    | Kind::ClassDeclaration
                    | Kind::AbstractClassDeclaration
                    | Kind::EnumDeclaration
                    | Kind::InterfaceDeclaration
                    | Kind::TypeAliasDeclaration
            )
        });
        let outer = self.build.scope;
        if declares {
            self.build.enter_scope(ScopeKind::Block, None, None);
        }
        for index in siblings.children.clone() {
            let child = self.build.child(index).node;
            self.reach(&mut siblings, child);
            self.statement(child);
        }
        self.build.close(siblings.children);
        self.build.leave_scope(outer);
    }

    /// `if`, with its `else if`s in one loop: they nest without end.
    fn if_statement(&mut self, node: Node<'t>) {
        self.build.nest();
        let mut next = Some(node);
        while let Some(branch) = next.take() {
            self.build.decision();
            let children = self.build.open(branch);
            for index in children.clone() {
                let child = self.build.child(index).node;
                let chained = (self.kind(child) == Kind::ElseClause)
                    .then(|| self.only_child(child))
                    .flatten()
                    .filter(|inner| self.kind(*inner) == Kind::IfStatement);
                match chained {
                    Some(inner) => next = Some(inner),
                    None => self.statement(child),
                }
            }
            self.build.close(children);
        }
        self.build.unnest();
    }

    fn for_statement(&mut self, node: Node<'t>) {
        self.build.decision();
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        self.nested(node);
        self.build.leave_scope(outer);
    }

    /// `for … of` gives elements, `for … in` keys.
    fn for_in_statement(&mut self, node: Node<'t>) {
        self.build.decision();
        self.build.nest();
        let right = self.in_field(node, Field::Right);
        let value = right.and_then(|right| self.expression(right, Role::Read));
        let is_of = self
            .in_field(node, Field::Operator)
            .is_some_and(|operator| self.build.text_of(operator) == "of");
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        if let Some(left) = self.in_field(node, Field::Left) {
            let target = match self.in_field(node, Field::Kind) {
                None => Target::Assigned,
                Some(kind) => Target::Declared(match self.build.text_of(kind) {
                    "var" => VariableKind::Var,
                    "let" => VariableKind::Let,
                    _ => VariableKind::Constant,
                }),
            };
            let value = value.filter(|_| is_of);
            let given = Given { value, through: Through::Element, type_of: None };
            self.pattern(left, target, given, Head::plain(left));
        }
        if let Some(body) = self.in_field(node, Field::Body) {
            self.statement(body);
        }
        self.build.leave_scope(outer);
        self.build.unnest();
    }

    fn switch_statement(&mut self, node: Node<'t>) {
        if let Some(value) = self.in_field(node, Field::Value) {
            self.expression(value, Role::Read);
        }
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        self.build.nest();
        if let Some(body) = self.in_field(node, Field::Body) {
            self.statement(body);
        }
        self.build.unnest();
        self.build.leave_scope(outer);
    }

    fn catch_clause(&mut self, node: Node<'t>) {
        self.build.decision();
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        let annotation = self.in_field(node, Field::Type);
        let type_of = annotation.and_then(|ty| self.type_expression(ty, Role::Type));
        if let Some(parameter) = self.in_field(node, Field::Parameter) {
            let given = Given { value: None, through: Through::Instance, type_of };
            let target = Target::Declared(VariableKind::Let);
            self.pattern(parameter, target, given, Head::plain(parameter));
        }
        if let Some(body) = self.in_field(node, Field::Body) {
            self.block(body);
        }
        self.build.leave_scope(outer);
    }

    /// The first named child that is not a comment.
    pub(super) fn only_child(&self, node: Node<'t>) -> Option<Node<'t>> {
        let first = node.named_child(0)?;
        if first.kind() != "comment" {
            return Some(first);
        }
        let mut cursor = node.walk();
        node.named_children(&mut cursor).find(|child| child.kind() != "comment")
    }
}
