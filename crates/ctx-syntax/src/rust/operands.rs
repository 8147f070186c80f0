//! Operands among a macro's tokens: names, paths, fields, calls and literals.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::tokens::{Cursor, KEYWORDS, Reading};
use super::types::{begins_with_capital, segment_role};
use super::{Kind, Walk};

impl<'t> Walk<'_, 't> {
    pub(super) fn token_literal(&mut self, cursor: &mut Cursor, wanted: bool) {
        let token = self.own.tokens[cursor.at];
        cursor.at += 1;
        if !wanted && self.mark_at(cursor.at) != "." {
            cursor.operand(None);
            return;
        }
        let kind = match self.kind(token) {
            Kind::StringLiteral | Kind::RawStringLiteral => LiteralKind::Text,
            Kind::BooleanLiteral => LiteralKind::Boolean,
            Kind::CharLiteral => LiteralKind::Other,
            _ => LiteralKind::Number,
        };
        let literal = self.literal(kind, token);
        let value = self.token_chain(cursor, literal);
        cursor.operand(Some(value));
    }

    /// A name, path, field, call or macro, with the links behind it.
    pub(super) fn token_name(&mut self, cursor: &mut Cursor, reading: Reading) {
        let token = self.own.tokens[cursor.at];
        let text = self.build.text_of(token);
        let next = self.mark_at(cursor.at + 1);
        let keyword = KEYWORDS.contains(&text) && text != "Self";
        // `name = value` names an option, `name: T` a field or parameter.
        let label = (cursor.segment_start && next == "=" && reading != Reading::Arms)
            || (next == ":" && !begins_with_capital(text) && self.is_name(cursor.at));
        let option = reading == Reading::Attribute
            && cursor.segment_start
            && next != "::"
            && !begins_with_capital(text);
        if keyword || label || option {
            cursor.at += 1;
            cursor.segment_start = false;
            cursor.after_operand = false;
            return;
        }
        let head = if self.kind(token) == Kind::SelfKeyword && next != "::" {
            cursor.at += 1;
            self.build.expression(ExpressionKind::This, Role::Read, token)
        } else {
            self.token_path(cursor)
        };
        let head = self.braced(cursor, head, text);
        let value = self.token_chain(cursor, head);
        cursor.operand(Some(value));
    }

    /// `a::B::c`; the generic arguments between segments are used too.
    pub(super) fn token_path(&mut self, cursor: &mut Cursor) -> ExpressionId {
        let token = self.own.tokens[cursor.at];
        cursor.at += 1;
        let role = match self.mark_at(cursor.at) {
            "::" => segment_role(self.build.text_of(token)),
            _ => Role::Read,
        };
        let mut value = match self.kind(token) {
            Kind::Metavariable => self.metavariable(token),
            _ => self.name_use(token, role),
        };
        while cursor.at < cursor.end && self.mark_at(cursor.at) == "::" {
            if self.mark_at(cursor.at + 1) == "<" {
                self.turbofish(cursor);
                continue;
            }
            if !self.is_name(cursor.at + 1) || cursor.at + 1 >= cursor.end {
                break;
            }
            let segment = self.own.tokens[cursor.at + 1];
            cursor.at += 2;
            let name = self.build.name_of(segment);
            let role = match self.mark_at(cursor.at) {
                "::" => segment_role(self.build.text_of(segment)),
                _ => Role::Read,
            };
            value = self.build.expression(ExpressionKind::Member(value, name), role, segment);
        }
        value
    }

    /// `::<A, B>`: reads the types and stands behind the closing bracket.
    pub(super) fn turbofish(&mut self, cursor: &mut Cursor) {
        let mut depth = 0_i32;
        let mut close = cursor.at + 1;
        while close < cursor.end {
            depth += match self.mark_at(close) {
                "<" => 1,
                ">" => -1,
                ">>" => -2,
                _ => 0,
            };
            if depth <= 0 {
                break;
            }
            close += 1;
        }
        let mut types = Cursor::over(cursor.at + 2..close.min(cursor.end));
        while types.at < types.end {
            self.token(&mut types, Reading::Plain, &mut None);
        }
        cursor.at = (close + 1).min(cursor.end);
    }

    /// A struct literal, if braces behind a type's name make it one.
    pub(super) fn braced(
        &mut self,
        cursor: &mut Cursor,
        head: ExpressionId,
        text: &str,
    ) -> ExpressionId {
        let tree = self.own.tokens.get(cursor.at).copied().filter(|_| cursor.at < cursor.end);
        let Some(tree) = tree.filter(|tree| self.kind(*tree) == Kind::TokenTree) else {
            return head;
        };
        let named = match self.build.facts.expressions[head as usize].kind {
            ExpressionKind::Member(_, name) | ExpressionKind::Name(name) => name,
            _ => return head,
        };
        let capital = begins_with_capital(self.build.facts.name(named)) || text == "Self";
        if cursor.block_next || !capital || !self.build.text_of(tree).starts_with('{') {
            return head;
        }
        self.build.facts.expressions[head as usize].role = Role::Constructed;
        cursor.at += 1;
        self.token_tree(tree, Reading::Fields, &mut None);
        let new = self.build.expression(ExpressionKind::New(head), Role::Read, tree);
        self.initialized_fields(new, tree);
        new
    }

    /// The fields that a struct literal's tokens name, as written members.
    pub(super) fn initialized_fields(&mut self, new: ExpressionId, tree: Node<'t>) {
        let range = self.push_tokens(tree);
        let mut segment_start = true;
        for at in range.clone() {
            let next = self.mark_at(at + 1);
            if segment_start
                && self.is_name(at)
                && (matches!(next, ":" | ",") || at + 1 == range.end)
            {
                let field = self.own.tokens[at];
                let name = self.build.name_of(field);
                self.build.expression(ExpressionKind::Member(new, name), Role::Write, field);
            }
            segment_start = self.mark_at(at) == ",";
        }
        self.own.tokens.truncate(range.start);
    }

    /// The links behind an operand: fields, calls, indices, `?` and `.await`.
    pub(super) fn token_chain(&mut self, cursor: &mut Cursor, head: ExpressionId) -> ExpressionId {
        let mut value = head;
        while cursor.at < cursor.end {
            let token = self.own.tokens[cursor.at];
            if self.kind(token) == Kind::TokenTree {
                let Some(applied) = self.applied(cursor, value, token) else { break };
                value = applied;
                continue;
            }
            match token.kind() {
                "." => {
                    let Some(&member) = self.own.tokens.get(cursor.at + 1) else { break };
                    let kind = match self.kind(member) {
                        _ if cursor.at + 1 >= cursor.end => break,
                        Kind::Identifier | Kind::IntegerLiteral => {
                            ExpressionKind::Member(value, self.build.name_of(member))
                        }
                        _ if member.kind() == "await" => ExpressionKind::Await(value),
                        _ => break,
                    };
                    cursor.at += 2;
                    value = self.build.expression(kind, Role::Read, member);
                }
                "::" if self.mark_at(cursor.at + 1) == "<" => self.turbofish(cursor),
                "?" => {
                    cursor.at += 1;
                    value =
                        self.build.expression(ExpressionKind::Element(value), Role::Read, token);
                }
                "!" if self.is_tree(cursor.at + 1) && cursor.at + 1 < cursor.end => {
                    self.build.facts.expressions[value as usize].role = Role::Callee;
                    let tree = self.own.tokens[cursor.at + 1];
                    cursor.at += 2;
                    self.token_tree(tree, Reading::Plain, &mut None);
                    value = self.unknown(tree);
                }
                _ => break,
            }
        }
        value
    }

    /// `value(…)` or `value[…]`; none for braces, which belong to no operand.
    pub(super) fn applied(
        &mut self,
        cursor: &mut Cursor,
        value: ExpressionId,
        tree: Node<'t>,
    ) -> Option<ExpressionId> {
        let opening = self.build.text_of(tree).as_bytes().first().copied();
        match opening {
            Some(b'(') => {
                cursor.at += 1;
                self.build.facts.expressions[value as usize].role = Role::Callee;
                let mut values = Some(Vec::new());
                self.token_tree(tree, Reading::Plain, &mut values);
                let call = self.build.expression(ExpressionKind::Call(value), Role::Read, tree);
                for value in values.into_iter().flatten() {
                    self.build.argument(call, None, value);
                }
                Some(call)
            }
            Some(b'[') => {
                cursor.at += 1;
                self.token_tree(tree, Reading::Plain, &mut None);
                Some(self.build.expression(ExpressionKind::Element(value), Role::Read, tree))
            }
            _ => None,
        }
    }

    // --- looking ahead ------------------------------------------------------

    pub(super) fn token_text(&self, at: usize) -> &'t str {
        self.own.tokens.get(at).map_or("", |token| self.build.text_of(*token))
    }

    /// The kind of the mark at an index; empty for what is no mark.
    pub(super) fn mark_at(&self, at: usize) -> &'t str {
        match self.own.tokens.get(at) {
            Some(token) if !token.is_named() => token.kind(),
            _ => "",
        }
    }

    pub(super) fn is_tree(&self, at: usize) -> bool {
        self.own.tokens.get(at).is_some_and(|token| self.kind(*token) == Kind::TokenTree)
    }

    pub(super) fn is_name(&self, at: usize) -> bool {
        self.own.tokens.get(at).is_some_and(|token| {
            matches!(self.kind(*token), Kind::Identifier | Kind::Super | Kind::Crate)
        })
    }
}
