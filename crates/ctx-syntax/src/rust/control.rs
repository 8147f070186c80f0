//! Blocks, branches, loops and `let`.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::patterns::Matched;
use super::{Field, Kind, Walk};

impl<'t> Walk<'_, 't> {
    /// An expression that steers where the program goes, or any other kind.
    pub(super) fn controlled(&mut self, node: Node<'t>, kind: Kind) -> Option<ExpressionId> {
        match kind {
            Kind::Block => self.block(node),
            Kind::UnsafeBlock
            | Kind::AsyncBlock
            | Kind::GenBlock
            | Kind::TryBlock
            | Kind::ConstBlock => self.marked_block(node),
            Kind::IfExpression => self.if_ladder(node),
            Kind::MatchExpression => self.match_expression(node),
            Kind::WhileExpression => {
                self.build.decision();
                self.conditional_loop(node);
                None
            }
            Kind::LoopExpression => {
                self.build.decision();
                self.build.nest();
                if let Some(body) = self.in_field(node, Field::Body) {
                    self.block(body);
                }
                self.build.unnest();
                None
            }
            Kind::ForExpression => {
                self.for_expression(node);
                None
            }
            Kind::LetCondition | Kind::LetChain => {
                let outer = self.build.scope;
                self.condition(node);
                self.build.leave_scope(outer);
                None
            }
            Kind::ReturnExpression => {
                let value = self.first(node).and_then(|value| self.expression(value, Role::Read));
                if let Some(value) = value {
                    self.build.returns(value);
                }
                None
            }
            Kind::BreakExpression => {
                self.each(node, Role::Read);
                None
            }
            Kind::YieldExpression => {
                if let Some(function) = self.build.function() {
                    self.build.definition_mut(function).flags.set(DefinitionFlags::GENERATOR);
                }
                self.each(node, Role::Read);
                None
            }
            // What the grammar could not read may hold items all the same.
            _ if node.is_error() => self.statements(node),
            _ => {
                if node.named_child_count() > 0 {
                    self.each(node, Role::Read);
                }
                Some(self.unknown(node))
            }
        }
    }

    /// A block; it opens a scope only if it declares something.
    pub(super) fn block(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let comments = self.build.comments.len();
        let children = self.build.open(node);
        let comments = comments..self.build.comments.len();
        let declares = children.clone().any(|index| {
            let child = self.build.child(index).node;
            self.kind(child) != Kind::ExpressionStatement && self.declares(child)
        });
        let outer = self.build.scope;
        if declares {
            self.build.enter_scope(ScopeKind::Block, None, None);
        }
        let value = self.opened_statements(children.clone(), comments);
        self.build.leave_scope(outer);
        self.build.close(children);
        self.build.ascend();
        value
    }

    fn declares(&self, node: Node<'t>) -> bool {
        matches!(
            self.kind(node),
            Kind::LetDeclaration
                | Kind::UseDeclaration
                | Kind::FunctionItem
                | Kind::ConstItem
                | Kind::StaticItem
                | Kind::StructItem
                | Kind::UnionItem
                | Kind::EnumItem
                | Kind::TraitItem
                | Kind::ModItem
                | Kind::TypeItem
                | Kind::MacroDefinition
                | Kind::ExternCrate
        )
    }

    /// `unsafe { … }`, `async { … }` and the like: the block is the last child.
    fn marked_block(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let children = self.build.open(node);
        let block = children.clone().next_back().map(|index| self.build.child(index).node);
        self.build.close(children);
        self.block(block?)
    }

    /// `if … else if … else …`, rung by rung without recursion.
    fn if_ladder(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let mut value = None;
        let mut rung = Some(node);
        self.build.nest();
        while let Some(at) = rung.take() {
            self.build.decision();
            let outer = self.build.scope;
            if let Some(condition) = self.in_field(at, Field::Condition) {
                self.condition(condition);
            }
            if let Some(then) = self.in_field(at, Field::Consequence) {
                let then = self.block(then);
                value = self.join(at, value, then);
            }
            self.build.leave_scope(outer);
            let otherwise = self.in_field(at, Field::Alternative);
            let Some(otherwise) = otherwise.and_then(|clause| self.first(clause)) else { break };
            if self.kind(otherwise) == Kind::IfExpression {
                rung = Some(otherwise);
            } else {
                let last = self.block(otherwise);
                value = self.join(node, value, last);
            }
        }
        self.build.unnest();
        value
    }

    fn join(
        &mut self,
        node: Node<'t>,
        left: Option<ExpressionId>,
        right: Option<ExpressionId>,
    ) -> Option<ExpressionId> {
        match (left, right) {
            (Some(left), Some(right)) => {
                let kind = ExpressionKind::Either(left, right);
                Some(self.build.expression(kind, Role::Read, node))
            }
            (one, other) => one.or(other),
        }
    }

    /// A condition; what its `let`s bind lives in a scope that is left open for
    /// the block behind it.
    fn condition(&mut self, node: Node<'t>) {
        match self.kind(node) {
            Kind::LetCondition => self.let_condition(node),
            Kind::LetChain => {
                if !self.build.descend(node) {
                    return;
                }
                let children = self.build.open(node);
                for (place, index) in children.clone().enumerate() {
                    if place > 0 {
                        self.build.decision();
                    }
                    self.condition(self.build.child(index).node);
                }
                self.build.close(children);
                self.build.ascend();
            }
            _ => {
                self.expression(node, Role::Read);
            }
        }
    }

    /// `let pattern = value` in a condition.
    fn let_condition(&mut self, node: Node<'t>) {
        let value = self.in_field(node, Field::Value);
        let value = value.and_then(|value| self.expression(value, Role::Read));
        self.build.enter_scope(ScopeKind::Block, None, None);
        if let Some(pattern) = self.in_field(node, Field::Pattern) {
            self.pattern(pattern, Matched::local(value));
        }
    }

    fn conditional_loop(&mut self, node: Node<'t>) {
        self.build.nest();
        let outer = self.build.scope;
        if let Some(condition) = self.in_field(node, Field::Condition) {
            self.condition(condition);
        }
        if let Some(body) = self.in_field(node, Field::Body) {
            self.block(body);
        }
        self.build.leave_scope(outer);
        self.build.unnest();
    }

    fn for_expression(&mut self, node: Node<'t>) {
        self.build.decision();
        self.build.nest();
        let value = self.in_field(node, Field::Value);
        let value = value.and_then(|value| self.expression(value, Role::Read));
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        if let Some(pattern) = self.in_field(node, Field::Pattern) {
            let matched = Matched { through: Through::Element, ..Matched::local(value) };
            self.pattern(pattern, matched);
        }
        if let Some(body) = self.in_field(node, Field::Body) {
            self.statements(body);
        }
        self.build.leave_scope(outer);
        self.build.unnest();
    }

    fn match_expression(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let matched = self.in_field(node, Field::Value);
        let matched = matched.and_then(|matched| self.expression(matched, Role::Read));
        let body = self.in_field(node, Field::Body)?;
        let mut value = None;
        self.build.nest();
        let children = self.build.open(body);
        for (place, index) in children.clone().enumerate() {
            if place > 0 {
                self.build.decision();
            }
            let arm = self.build.child(index).node;
            let given = self.match_arm(arm, matched);
            value = self.join(arm, value, given);
        }
        self.build.close(children);
        self.build.unnest();
        value
    }

    fn match_arm(&mut self, arm: Node<'t>, matched: Option<ExpressionId>) -> Option<ExpressionId> {
        let outer = self.build.enter_scope(ScopeKind::Block, None, None);
        let mut value = None;
        let children = self.build.open(arm);
        for index in children.clone() {
            let child = self.build.child(index);
            match (self.field(child.field), self.kind(child.node)) {
                (Field::Pattern, _) => {
                    if let Some(pattern) = self.first(child.node) {
                        self.pattern(pattern, Matched::local(matched));
                    }
                    if let Some(guard) = self.in_field(child.node, Field::Condition) {
                        self.condition(guard);
                    }
                }
                (Field::Value, _) => value = self.expression(child.node, Role::Read),
                (_, Kind::AttributeItem | Kind::InnerAttribute) => {
                    self.loose_attribute(child.node);
                }
                _ => {}
            }
        }
        self.build.close(children);
        self.build.leave_scope(outer);
        value
    }

    /// `let pattern: T = value else { … };`
    pub(super) fn let_declaration(&mut self, node: Node<'t>) {
        let value = self.in_field(node, Field::Value);
        let value = value.and_then(|value| self.expression(value, Role::Read));
        let type_of = self.in_field(node, Field::Type);
        let type_of = type_of.and_then(|ty| self.type_expression(ty, Role::Type));
        if let Some(otherwise) = self.in_field(node, Field::Alternative) {
            self.build.decision();
            self.block(otherwise);
        }
        if node.child_count() > 8 || value.is_none() {
            // Comments between the parts are kept for the search index.
            let children = self.build.open(node);
            self.build.close(children);
        }
        if let Some(pattern) = self.in_field(node, Field::Pattern) {
            self.pattern(pattern, Matched { type_of, ..Matched::local(value) });
        }
    }
}
