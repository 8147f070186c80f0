//! Statements: declarations, control flow, assignments.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};
use crate::builder::Builder;

impl<'t> Walk<'_, 't> {
    /// Walks the children of a file, a block or a list of statements.
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

    pub(super) fn statement(&mut self, node: Node<'t>) {
        match self.kind(node) {
            Kind::PackageClause => self.package(node),
            Kind::ImportDeclaration => self.imports(node),
            Kind::FunctionDeclaration | Kind::MethodDeclaration => self.function(node),
            Kind::TypeDeclaration => self.type_declaration(node),
            Kind::ConstDeclaration | Kind::VarDeclaration => self.variable_declaration(node),
            Kind::StatementList => self.statements(node),
            Kind::Block => self.block(node),
            Kind::ShortVarDeclaration => {
                if let Some(left) = self.in_field(node, Field::Left) {
                    self.short_declaration(left, self.in_field(node, Field::Right));
                }
            }
            Kind::AssignmentStatement => self.assignment(node),
            Kind::IncStatement | Kind::DecStatement => {
                if let Some(target) = node.named_child(0) {
                    self.expression(target, Role::Write);
                }
            }
            Kind::ReturnStatement => self.return_statement(node),
            Kind::IfStatement => self.if_statement(node),
            Kind::ForStatement => {
                self.build.decision();
                self.in_block(node, Self::for_statement);
            }
            Kind::ExpressionSwitchStatement | Kind::TypeSwitchStatement | Kind::SelectStatement => {
                self.in_block(node, Self::switch);
            }
            Kind::LabeledStatement => self.statements(node),
            Kind::LabelName
            | Kind::BreakStatement
            | Kind::ContinueStatement
            | Kind::GotoStatement => {}
            Kind::Other if node.is_error() => self.statements(node),
            // Statements that only hold expressions: calls, `go`, `defer`, sends.
            Kind::Other => self.each(node),
            _ => {
                self.expression(node, Role::Read);
            }
        }
    }

    /// A block with a scope of its own.
    fn block(&mut self, node: Node<'t>) {
        let shadowings = self.own.shadowings;
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        self.statements(node);
        self.build.leave_scope(outer);
        self.own.shadowings = shadowings;
    }

    /// Walks a control structure in a scope of its own, one level deeper.
    fn in_block(&mut self, node: Node<'t>, walk: fn(&mut Self, Node<'t>)) {
        if !self.build.descend(node) {
            return;
        }
        let shadowings = self.own.shadowings;
        self.build.nest();
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        walk(self, node);
        self.build.leave_scope(outer);
        self.build.unnest();
        self.own.shadowings = shadowings;
        self.build.ascend();
    }

    fn if_statement(&mut self, node: Node<'t>) {
        self.in_block(node, |walk, node| {
            // `else if` goes on where it stands: long chains are no nesting.
            let mut at = Some(node);
            while let Some(node) = at.take() {
                walk.build.decision();
                walk.comments_in(node);
                if let Some(initializer) = walk.in_field(node, Field::Initializer) {
                    walk.statement(initializer);
                }
                if let Some(condition) = walk.in_field(node, Field::Condition) {
                    walk.expression(condition, Role::Read);
                }
                if let Some(consequence) = walk.in_field(node, Field::Consequence) {
                    walk.block(consequence);
                }
                match walk.in_field(node, Field::Alternative) {
                    Some(next) if walk.kind(next) == Kind::IfStatement => {
                        // What one `if` declares, the next may declare anew.
                        if walk.in_field(next, Field::Initializer).is_some() {
                            walk.build.enter_scope(ScopeKind::Block, None, None);
                        }
                        at = Some(next);
                    }
                    Some(block) => walk.block(block),
                    None => {}
                }
            }
        });
    }

    fn for_statement(&mut self, node: Node<'t>) {
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            match self.kind(child.node) {
                Kind::RangeClause => self.range(child.node),
                Kind::ForClause => {
                    let parts = self.build.open(child.node);
                    for index in parts.clone() {
                        self.statement(self.build.child(index).node);
                    }
                    self.build.close(parts);
                }
                Kind::Block => self.block(child.node),
                _ => {
                    self.expression(child.node, Role::Read);
                }
            }
        }
        self.build.close(children);
    }

    fn range(&mut self, node: Node<'t>) {
        let right = self.in_field(node, Field::Right);
        // What is ranged over cannot see the variables of the loop.
        let inner = self.build.scope;
        self.build.scope = self.build.facts.scopes[inner as usize].parent.unwrap_or(0);
        let value = right.and_then(|right| self.expression(right, Role::Read));
        self.build.scope = inner;
        let Some(left) = self.in_field(node, Field::Left) else { return };
        if self.declares(left) {
            self.range_variables(left, value);
        } else {
            self.targets(left);
        }
    }

    /// Whether `:=` follows the left side of a clause.
    fn declares(&self, left: Node<'t>) -> bool {
        self.build.text[left.end_byte()..].trim_start().starts_with(":=")
    }

    /// The head and the cases of `switch` and `select`.
    fn switch(&mut self, node: Node<'t>) {
        let mut alias = None;
        let mut value = None;
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            match self.kind(child.node) {
                Kind::ExpressionCase
                | Kind::TypeCase
                | Kind::CommunicationCase
                | Kind::DefaultCase => self.case(child.node, alias, value),
                _ => match self.field(child.field) {
                    Field::Initializer => self.statement(child.node),
                    Field::Alias => alias = child.node.named_child(0),
                    _ => value = self.expression(child.node, Role::Read),
                },
            }
        }
        self.build.close(children);
    }

    /// One case; in a type switch it declares the switched value anew.
    fn case(&mut self, node: Node<'t>, alias: Option<Node<'t>>, value: Option<ExpressionId>) {
        let shadowings = self.own.shadowings;
        if self.kind(node) != Kind::DefaultCase {
            self.build.decision();
        }
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        let types = self.all_in_field(node, Field::Type);
        let mut type_of = None;
        for ty in &types {
            type_of = self.type_expression(*ty, Role::Type);
        }
        if let Some(alias) = alias.filter(|alias| !self.is_nameless(*alias)) {
            let name = self.build.name_of(alias);
            let binding = self.build.bind(name, BoundTo::Local, Builder::position(node).line);
            let binding = &mut self.build.facts.bindings[binding];
            binding.type_of = type_of.filter(|_| types.len() == 1);
            binding.value = value.filter(|_| binding.type_of.is_none());
        }
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            match self.field(child.field) {
                Field::Type => {}
                Field::Value => self.each(child.node),
                Field::Communication => self.communication(child.node),
                _ => self.statement(child.node),
            }
        }
        self.build.close(children);
        self.build.leave_scope(outer);
        self.own.shadowings = shadowings;
    }

    /// What a case of `select` sends or receives.
    fn communication(&mut self, node: Node<'t>) {
        let left = self.in_field(node, Field::Left);
        let right = self.in_field(node, Field::Right);
        match left {
            Some(left) if self.declares(left) => self.short_declaration(left, right),
            Some(left) => {
                if let Some(right) = right {
                    self.expression(right, Role::Read);
                }
                self.targets(left);
            }
            None => self.each(node),
        }
    }

    fn assignment(&mut self, node: Node<'t>) {
        self.comments_in(node);
        if let Some(right) = self.in_field(node, Field::Right) {
            self.each(right);
        }
        if let Some(left) = self.in_field(node, Field::Left) {
            self.targets(left);
        }
    }

    /// What is assigned to.
    fn targets(&mut self, list: Node<'t>) {
        for target in self.names_in(list) {
            self.expression(target, Role::Write);
        }
    }

    fn return_statement(&mut self, node: Node<'t>) {
        let Some(list) = node.named_child(0) else { return };
        let mut values = Vec::new();
        let children = self.build.open(list);
        for index in children.clone() {
            values.push(self.expression(self.build.child(index).node, Role::Read));
        }
        self.build.close(children);
        match values[..] {
            [only] => {
                if let Some(value) = only {
                    self.build.returns(value);
                }
            }
            _ => {
                let tuple = ExpressionKind::Literal(LiteralKind::Tuple);
                let value = self.build.expression(tuple, Role::Read, list);
                self.build.returns(value);
            }
        }
    }
}
