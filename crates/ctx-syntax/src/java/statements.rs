//! Statements: declarations and control flow.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};

impl<'t> Walk<'_, 't> {
    /// Walks the children of a file, a block or a function's body.
    pub(super) fn statements(&mut self, node: Node<'t>) {
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

    /// A statement, a declaration or a member of a type.
    pub(super) fn statement(&mut self, node: Node<'t>) {
        if !self.build.descend(node) {
            return;
        }
        self.statement_within(node);
        self.build.ascend();
    }

    fn statement_within(&mut self, node: Node<'t>) {
        match self.kind(node) {
            Kind::PackageDeclaration => self.package(node),
            Kind::ImportDeclaration => self.import(node),
            // Modules bind no names that code could use.
            Kind::ModuleDeclaration => {
                self.comments_in(node);
                if let Some(body) = self.in_field(node, Field::Body) {
                    self.comments_in(body);
                }
            }
            Kind::BreakStatement | Kind::ContinueStatement => {}
            Kind::ClassDeclaration
            | Kind::InterfaceDeclaration
            | Kind::EnumDeclaration
            | Kind::RecordDeclaration
            | Kind::AnnotationTypeDeclaration => self.type_declaration(node),
            Kind::MethodDeclaration
            | Kind::ConstructorDeclaration
            | Kind::CompactConstructor
            | Kind::AnnotationTypeElement => self.function(node),
            Kind::FieldDeclaration | Kind::ConstantDeclaration => self.fields(node),
            Kind::Block | Kind::ConstructorBody => self.in_scope(node, Self::statements),
            Kind::StaticInitializer | Kind::ClassBody => self.each_statement(node),
            Kind::LocalVariable => self.local_variables(node),
            Kind::ReturnStatement => {
                if let Some(value) = node.named_child(0)
                    && let Some(value) = self.expression(value, Role::Read)
                {
                    self.build.returns(value);
                }
            }
            Kind::IfStatement => self.if_statement(node),
            Kind::WhileStatement | Kind::DoStatement => {
                self.build.decision();
                self.nested(node, Self::each_statement);
            }
            Kind::ForStatement => {
                self.build.decision();
                self.nested(node, Self::each_statement);
            }
            Kind::EnhancedFor => {
                self.build.decision();
                self.nested(node, Self::enhanced_for);
            }
            Kind::TryStatement | Kind::TryWithResources => {
                self.nested(node, Self::each_statement);
            }
            Kind::CatchClause => {
                self.build.decision();
                self.in_scope(node, Self::each_statement);
            }
            Kind::CatchFormalParameter => self.caught(node),
            Kind::Resource => self.resource(node),
            Kind::LabeledStatement => self.labeled(node),
            // Broken text; `finally`, `synchronized`, `assert`, `throw` and the like.
            Kind::Other => self.each_statement(node),
            _ => {
                self.expression(node, Role::Read);
            }
        }
    }

    fn each_statement(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if child.is_named() {
                self.statement(child);
            }
        }
        self.build.close(children);
    }

    fn in_scope(&mut self, node: Node<'t>, walk: fn(&mut Self, Node<'t>)) {
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        walk(self, node);
        self.build.leave_scope(outer);
    }

    /// Walks a control structure in a scope of its own, one level deeper.
    pub(super) fn nested(&mut self, node: Node<'t>, walk: fn(&mut Self, Node<'t>)) {
        self.build.nest();
        self.in_scope(node, walk);
        self.build.unnest();
    }

    /// Walks an `if` with all its `else if`: long chains are no nesting.
    fn if_statement(&mut self, node: Node<'t>) {
        self.build.nest();
        let outer = self.build.scope;
        let mut at = Some(node);
        while let Some(node) = at.take() {
            self.build.decision();
            self.comments_in(node);
            let condition = self.in_field(node, Field::Condition);
            // What `if (!(x instanceof T t))` binds is used behind the statement.
            let negated = condition.is_some_and(|condition| {
                self.build.text_of(condition).trim_start_matches(['(', ' ']).starts_with('!')
            });
            if !negated {
                self.build.enter_scope(ScopeKind::Block, None, None);
            }
            if let Some(condition) = condition {
                self.expression(condition, Role::Read);
            }
            if let Some(consequence) = self.in_field(node, Field::Consequence) {
                self.statement(consequence);
            }
            self.build.leave_scope(outer);
            match self.in_field(node, Field::Alternative) {
                Some(next) if self.kind(next) == Kind::IfStatement => at = Some(next),
                Some(other) => self.statement(other),
                None => {}
            }
        }
        self.build.unnest();
    }

    fn enhanced_for(&mut self, node: Node<'t>) {
        self.annotations_in(node);
        let value = self.in_field(node, Field::Value);
        let value = value.and_then(|value| self.expression(value, Role::Read));
        let type_of = self.declared_type(node).map(|ty| self.with_dimensions(node, ty));
        if let Some(name) = self.in_field(node, Field::Name) {
            self.bind_local(name, type_of, value, Through::Element);
        }
        if let Some(body) = self.in_field(node, Field::Body) {
            self.statement(body);
        }
    }

    /// `T a = 1, b[];`.
    fn local_variables(&mut self, node: Node<'t>) {
        self.annotations_in(node);
        let declared = self.declared_type(node);
        let children = self.build.open(node);
        for index in children.clone() {
            let declarator = self.build.child(index).node;
            if self.kind(declarator) != Kind::VariableDeclarator {
                continue;
            }
            let Some(name) = self.in_field(declarator, Field::Name) else { continue };
            let type_of = declared.map(|ty| self.with_dimensions(declarator, ty));
            let value = self.in_field(declarator, Field::Value);
            let value = value.and_then(|value| self.expression(value, Role::Read));
            self.bind_local(name, type_of, value, Through::Itself);
        }
        self.build.close(children);
    }

    /// `catch (A | B e)`.
    fn caught(&mut self, node: Node<'t>) {
        self.annotations_in(node);
        let mut type_of = None;
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) == Kind::CatchType {
                type_of = self.type_expression(child, Role::Type);
            }
        }
        self.build.close(children);
        if let Some(name) = self.in_field(node, Field::Name) {
            self.bind_as(BoundTo::Local, name, type_of);
        }
    }

    /// What `try (…)` opens: a new variable, or one that there is.
    fn resource(&mut self, node: Node<'t>) {
        let Some(name) = self.in_field(node, Field::Name) else {
            return self.each(node);
        };
        self.annotations_in(node);
        let type_of = self.declared_type(node).map(|ty| self.with_dimensions(node, ty));
        let value = self.in_field(node, Field::Value);
        let value = value.and_then(|value| self.expression(value, Role::Read));
        self.bind_local(name, type_of, value, Through::Itself);
    }

    /// `label: statement`.
    fn labeled(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone().skip(1) {
            self.statement(self.build.child(index).node);
        }
        self.build.close(children);
    }

    /// The body of a `switch`.
    pub(super) fn switch_block(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::SwitchRule => self.in_scope(child, Self::switch_group),
                // Cases that fall through share their variables.
                _ => self.switch_group(child),
            }
        }
        self.build.close(children);
    }

    fn switch_group(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) == Kind::SwitchLabel {
                self.switch_label(child);
            } else {
                self.statement(child);
            }
        }
        self.build.close(children);
    }

    fn switch_label(&mut self, node: Node<'t>) {
        if self.build.text_of(node).starts_with("case") {
            self.build.decision();
        }
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::Pattern => self.pattern(child),
                _ => {
                    self.expression(child, Role::Read);
                }
            }
        }
        self.build.close(children);
    }
}
