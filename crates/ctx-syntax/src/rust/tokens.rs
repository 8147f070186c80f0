//! Macros: their names, and the names in their tokens.
//!
//! The grammar leaves a macro's argument as loose tokens. What looks like an
//! expression in them is read as one, so that uses inside `assert!` or `vec!`
//! are not lost; what looks like a declaration is not taken for a use.

use std::ops::Range;

use ctx_model::facts::*;
use tree_sitter::Node;

use super::types::begins_with_capital;
use super::{Field, Kind, Walk};
use crate::builder::Builder;

/// Words that the grammar gives as identifiers inside tokens.
pub(super) const KEYWORDS: [&str; 12] =
    ["Self", "box", "dyn", "else", "extern", "in", "move", "mut", "ref", "try", "yield", "_"];

/// Macros whose arguments are arms: `pattern = future => value`.
const ARM_MACROS: [&str; 4] = ["select", "select_biased", "try_select", "select_loop"];

/// How the tokens of one tree are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Expressions and statements.
    Plain,
    /// Each segment begins with a pattern.
    Arms,
    /// Everything is a pattern.
    Pattern,
    /// An attribute's argument: lone words are its options.
    Attribute,
    /// Fields and their values behind the name of a struct.
    Fields,
}

/// Where the walk over one list of tokens stands.
pub(super) struct Cursor {
    pub(super) at: usize,
    pub(super) end: usize,
    /// At the start of what a comma or semicolon ends.
    pub(super) segment_start: bool,
    /// Whether the token before ends an operand.
    pub(super) after_operand: bool,
    /// Behind `match`: the next braces hold arms.
    matching: bool,
    /// Behind `if`, `match`, `while`, `for`: braces are a block.
    pub(super) block_next: bool,
    /// The only operand of the segment, if it has one and nothing else.
    lone: Option<ExpressionId>,
    /// Whether the segment holds more than one operand.
    compound: bool,
}

impl<'t> Walk<'_, 't> {
    /// `name!(…)`: the name is called; the value is known for a few of the
    /// standard library's macros only.
    pub(super) fn macro_invocation(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        let name_node = self.in_field(node, Field::Macro)?;
        self.name_or_path(name_node, Role::Callee);
        let text = self.build.text_of(name_node);
        let name = text.rsplit("::").next().unwrap_or(text);
        let reading = if ARM_MACROS.contains(&name) { Reading::Arms } else { Reading::Plain };
        let last = (node.named_child_count() as u32).checked_sub(1)?;
        let argument = node.named_child(last)?;
        if self.kind(argument) == Kind::TokenTree {
            let outer = self.build.scope;
            let tokens = self.build.text_of(argument);
            // Closures, `let`s and arms bind names that are no one else's.
            if tokens.contains('|') || tokens.contains("let ") || tokens.contains("=>") {
                self.build.enter_scope(ScopeKind::Block, None, None);
            }
            self.token_tree(argument, reading, &mut None);
            self.build.leave_scope(outer);
        }
        Some(match name {
            "vec" => self.literal(LiteralKind::List, node),
            "format" | "concat" | "stringify" | "include_str" => {
                self.literal(LiteralKind::Text, node)
            }
            _ => self.unknown(node),
        })
    }

    /// The tokens of a macro's rule.
    pub(super) fn loose_tokens(&mut self, tree: Node<'t>) {
        self.token_tree(tree, Reading::Plain, &mut None);
    }

    /// The tokens of an attribute's argument.
    pub(super) fn attribute_tokens(&mut self, tree: Node<'t>) {
        self.token_tree(tree, Reading::Attribute, &mut None);
    }

    /// The names in `derive(…)`.
    pub(super) fn derived(&mut self, tree: Node<'t>, annotations: &mut Vec<ExpressionId>) {
        let range = self.push_tokens(tree);
        let mut cursor = Cursor::over(range.clone());
        while cursor.at < cursor.end {
            if self.is_name(cursor.at) {
                let id = self.token_path(&mut cursor);
                self.build.facts.expressions[id as usize].role = Role::Annotation;
                annotations.push(id);
            } else {
                cursor.at += 1;
            }
        }
        self.own.tokens.truncate(range.start);
    }

    /// Puts the tokens of a tree on the shared stack, its brackets left out.
    pub(super) fn push_tokens(&mut self, tree: Node<'t>) -> Range<usize> {
        let start = self.own.tokens.len();
        self.own.cursor.reset(tree);
        if self.own.cursor.goto_first_child() {
            loop {
                let token = self.own.cursor.node();
                match self.kind(token) {
                    Kind::LineComment | Kind::BlockComment => self.build.comment(token),
                    _ if matches!(token.kind(), "(" | ")" | "[" | "]" | "{" | "}") => {}
                    // The mark that begins a repetition.
                    _ if token.kind() == "$" && token.start_byte() == tree.start_byte() => {}
                    _ => self.own.tokens.push(token),
                }
                if !self.own.cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        start..self.own.tokens.len()
    }

    /// Reads a tree; the values of its segments go to `values` where asked for.
    pub(super) fn token_tree(
        &mut self,
        tree: Node<'t>,
        reading: Reading,
        values: &mut Option<Vec<ExpressionId>>,
    ) {
        if !self.build.descend(tree) {
            return;
        }
        let range = self.push_tokens(tree);
        let mut cursor = Cursor::over(range.clone());
        while cursor.at < cursor.end {
            if cursor.segment_start && matches!(reading, Reading::Arms | Reading::Pattern) {
                self.token_pattern(&mut cursor, reading);
                continue;
            }
            self.token(&mut cursor, reading, values);
        }
        cursor.end_segment(self, tree, values);
        self.own.tokens.truncate(range.start);
        self.build.ascend();
    }

    /// Reads one token, or the operand that begins with it.
    pub(super) fn token(
        &mut self,
        cursor: &mut Cursor,
        reading: Reading,
        values: &mut Option<Vec<ExpressionId>>,
    ) {
        let token = self.own.tokens[cursor.at];
        match self.kind(token) {
            Kind::TokenTree | Kind::TokenRepetition => {
                let braces = self.build.text_of(token).starts_with('{');
                let inner = if braces && cursor.matching { Reading::Arms } else { Reading::Plain };
                let inner = if reading == Reading::Attribute { reading } else { inner };
                self.token_tree(token, inner, &mut None);
                cursor.operand(None);
                if braces {
                    (cursor.matching, cursor.block_next) = (false, false);
                    // A block ends an arm, with or without a comma.
                    cursor.segment_start |= reading == Reading::Arms;
                    cursor.after_operand = false;
                }
                cursor.at += 1;
            }
            Kind::Identifier
            | Kind::PrimitiveType
            | Kind::SelfKeyword
            | Kind::Super
            | Kind::Crate
            | Kind::Metavariable => self.token_name(cursor, reading),
            Kind::StringLiteral
            | Kind::RawStringLiteral
            | Kind::IntegerLiteral
            | Kind::FloatLiteral
            | Kind::BooleanLiteral
            | Kind::CharLiteral => self.token_literal(cursor, values.is_some()),
            Kind::MutableSpecifier => cursor.at += 1,
            _ => self.mark(cursor, token, values),
        }
    }

    /// Reads a keyword or a punctuation mark.
    fn mark(
        &mut self,
        cursor: &mut Cursor,
        token: Node<'t>,
        values: &mut Option<Vec<ExpressionId>>,
    ) {
        let after_operand = std::mem::replace(&mut cursor.after_operand, false);
        let segment_start = std::mem::replace(&mut cursor.segment_start, false);
        cursor.at += 1;
        match token.kind() {
            "," | ";" => cursor.end_segment(self, token, values),
            "=>" => cursor.block_next = false,
            // A lifetime or a label.
            "'" => cursor.at += 1,
            "&" | "*" if !after_operand => cursor.segment_start = segment_start,
            "&&" if !after_operand => {}
            "|" if !after_operand => self.closure_tokens(cursor),
            "let" => self.token_pattern(cursor, Reading::Plain),
            "for" if self.has_in(cursor) => {
                self.token_pattern(cursor, Reading::Plain);
                cursor.block_next = true;
            }
            "match" => (cursor.matching, cursor.block_next) = (true, true),
            "if" | "while" => cursor.block_next = true,
            "fn" | "struct" | "enum" | "trait" | "mod" | "type" | "union" => {
                if self.is_name(cursor.at) {
                    cursor.at += 1;
                }
                cursor.block_next = true;
            }
            "impl" => cursor.block_next = true,
            "const" | "static" => {
                if self.is_name(cursor.at) && self.mark_at(cursor.at + 1) == ":" {
                    cursor.at += 1;
                }
            }
            "$" if self.is_name(cursor.at) && self.token_text(cursor.at) != "crate" => {
                cursor.at += 1;
                cursor.operand(None);
            }
            _ => cursor.compound = true,
        }
    }

    /// Whether a `for` is a loop: an `in` comes before any braces.
    fn has_in(&self, cursor: &Cursor) -> bool {
        let end = cursor.end.min(cursor.at + 24);
        (cursor.at..end).any(|at| self.token_text(at) == "in")
    }

    /// The parameters of a closure, up to the closing bar.
    fn closure_tokens(&mut self, cursor: &mut Cursor) {
        let close = (cursor.at..cursor.end.min(cursor.at + 64)).find(|at| self.mark_at(*at) == "|");
        let Some(close) = close else { return };
        let mut parameters = Cursor { end: close, ..Cursor::over(cursor.at..close) };
        while parameters.at < close {
            if parameters.segment_start {
                self.token_pattern(&mut parameters, Reading::Pattern);
            } else {
                self.token(&mut parameters, Reading::Plain, &mut None);
            }
        }
        cursor.at = close + 1;
        cursor.compound = true;
    }

    /// Binds the names of a pattern, up to what ends it.
    fn token_pattern(&mut self, cursor: &mut Cursor, reading: Reading) {
        cursor.segment_start = false;
        while cursor.at < cursor.end {
            let token = self.own.tokens[cursor.at];
            match self.kind(token) {
                Kind::TokenTree => {
                    self.token_tree(token, Reading::Pattern, &mut None);
                    cursor.at += 1;
                }
                Kind::Identifier => self.pattern_name(cursor),
                Kind::SelfKeyword | Kind::Super | Kind::Crate
                    if self.mark_at(cursor.at + 1) == "::" =>
                {
                    self.token_path(cursor);
                }
                _ => {
                    cursor.at += 1;
                    match token.kind() {
                        "=" | "=>" | "if" | ";" => break,
                        // What follows is a type, or the pattern of a field.
                        ":" if reading != Reading::Pattern => break,
                        "'" => cursor.at += 1,
                        "," if reading == Reading::Pattern => cursor.segment_start = true,
                        _ => {}
                    }
                    // A closure's parameter has a type; a field's has a pattern.
                    if token.kind() == ":" && self.is_type(cursor.at) {
                        break;
                    }
                }
            }
            if cursor.at > 0
                && self.own.tokens.get(cursor.at).is_some()
                && self.token_text(cursor.at) == "in"
            {
                cursor.at += 1;
                break;
            }
        }
    }

    fn is_type(&self, at: usize) -> bool {
        self.mark_at(at) == "&" || begins_with_capital(self.token_text(at))
    }

    fn pattern_name(&mut self, cursor: &mut Cursor) {
        let token = self.own.tokens[cursor.at];
        let text = self.build.text_of(token);
        let used = self.mark_at(cursor.at + 1) == "::"
            || begins_with_capital(text) && text != "Self"
            || self.is_tree(cursor.at + 1);
        if used {
            self.token_path(cursor);
            return;
        }
        let field = self.mark_at(cursor.at + 1) == ":" && !self.is_type(cursor.at + 2);
        cursor.at += 1;
        if !KEYWORDS.contains(&text) && !field {
            let name = self.build.name(text);
            self.build.bind(name, BoundTo::Local, Builder::position(token).line);
        }
    }
}

impl Cursor {
    pub(super) fn over(range: Range<usize>) -> Cursor {
        Cursor {
            at: range.start,
            end: range.end,
            segment_start: true,
            after_operand: false,
            matching: false,
            block_next: false,
            lone: None,
            compound: false,
        }
    }

    /// Notes that an operand was read.
    pub(super) fn operand(&mut self, value: Option<ExpressionId>) {
        self.compound |= self.after_operand || self.lone.is_some();
        self.lone = value;
        self.compound |= value.is_none();
        self.after_operand = true;
        self.segment_start = false;
    }

    /// Ends a segment and gives its value to whoever asked.
    fn end_segment<'t>(
        &mut self,
        walk: &mut Walk<'_, 't>,
        at: Node<'t>,
        values: &mut Option<Vec<ExpressionId>>,
    ) {
        let empty = self.lone.is_none() && !self.compound;
        let lone = self.lone.take().filter(|_| !self.compound);
        if let Some(values) = values
            && !empty
        {
            let value = lone.unwrap_or_else(|| walk.unknown(at));
            values.push(value);
        }
        self.segment_start = true;
        self.compound = false;
        self.block_next = false;
        self.matching = false;
    }
}
