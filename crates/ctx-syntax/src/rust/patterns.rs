//! Patterns and parameters: what they bind and what they use.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::types::begins_with_capital;
use super::{Field, Kind, Walk};
use crate::builder::Builder;

/// What a pattern is matched against.
#[derive(Clone, Copy)]
pub(super) struct Matched {
    /// What a name that stands for the whole is bound to.
    pub(super) to: BoundTo,
    pub(super) value: Option<ExpressionId>,
    pub(super) through: Through,
    pub(super) type_of: Option<ExpressionId>,
}

impl Matched {
    /// A local variable's value.
    pub(super) fn local(value: Option<ExpressionId>) -> Matched {
        Matched { to: BoundTo::Local, value, through: Through::Itself, type_of: None }
    }

    /// A part of this. A part of an element is of no known type.
    fn part(self, through: Through) -> Matched {
        let value = self.value.filter(|_| self.through == Through::Itself);
        Matched { through, ..Matched::local(value) }
    }
}

impl<'t> Walk<'_, 't> {
    /// Binds what a pattern binds and records what it uses.
    pub(super) fn pattern(&mut self, node: Node<'t>, matched: Matched) {
        if !self.build.descend(node) {
            return;
        }
        self.pattern_within(node, matched);
        self.build.ascend();
    }

    fn pattern_within(&mut self, node: Node<'t>, matched: Matched) {
        match self.kind(node) {
            Kind::Identifier | Kind::ShorthandFieldIdentifier => self.bind_name(node, matched),
            Kind::SelfKeyword => self.bind_matched(node, matched),
            Kind::MutPattern | Kind::RefPattern | Kind::ReferencePattern => {
                let children = self.build.open(node);
                if let Some(index) = children.clone().next_back() {
                    self.pattern(self.build.child(index).node, matched);
                }
                self.build.close(children);
            }
            Kind::CapturedPattern => self.captured_pattern(node, matched),
            Kind::TuplePattern => self.each_pattern(node, matched.part(Through::Part)),
            Kind::SlicePattern => self.each_pattern(node, matched.part(Through::Element)),
            Kind::TupleStructPattern => self.tuple_struct_pattern(node, matched),
            Kind::StructPattern => self.struct_pattern(node, matched),
            Kind::OrPattern => self.or_pattern(node, matched),
            Kind::ScopedIdentifier => {
                self.path(node, Role::Read);
            }
            Kind::GenericPattern => self.generic_pattern(node),
            Kind::RangePattern => {
                let children = self.build.open(node);
                for index in children.clone() {
                    let end = self.build.child(index).node;
                    if matches!(self.kind(end), Kind::Identifier | Kind::ScopedIdentifier) {
                        self.name_or_path(end, Role::Read);
                    }
                }
                self.build.close(children);
            }
            Kind::MacroInvocation | Kind::ConstBlock | Kind::ClosureExpression => {
                self.expression(node, Role::Read);
            }
            // Literals and `..` bind and use nothing.
            _ => {}
        }
    }

    /// A name alone: by convention one with a capital is a constant or a
    /// variant without fields, and is used; any other is bound.
    fn bind_name(&mut self, node: Node<'t>, matched: Matched) {
        let text = self.build.text_of(node);
        if text == "_" {
            return;
        }
        if begins_with_capital(text) {
            self.name_use(node, Role::Read);
        } else {
            self.bind_matched(node, matched);
        }
    }

    fn bind_matched(&mut self, node: Node<'t>, matched: Matched) {
        let name = self.build.name_of(node);
        let binding = self.build.bind(name, matched.to, Builder::position(node).line);
        let binding = &mut self.build.facts.bindings[binding];
        binding.value = matched.value;
        binding.through = matched.through;
        binding.type_of = matched.type_of;
    }

    fn each_pattern(&mut self, node: Node<'t>, matched: Matched) {
        let children = self.build.open(node);
        for index in children.clone() {
            self.pattern(self.build.child(index).node, matched);
        }
        self.build.close(children);
    }

    /// `name @ pattern`.
    fn captured_pattern(&mut self, node: Node<'t>, matched: Matched) {
        let children = self.build.open(node);
        for (place, index) in children.clone().enumerate() {
            let child = self.build.child(index).node;
            if place == 0 {
                self.bind_matched(child, matched);
            } else {
                self.pattern(child, Matched { to: BoundTo::Local, ..matched });
            }
        }
        self.build.close(children);
    }

    /// `Some(x)` gives an element of what is matched; another type's `T(x)` a part.
    fn tuple_struct_pattern(&mut self, node: Node<'t>, matched: Matched) {
        let Some(ty) = self.in_field(node, Field::Type) else { return };
        self.type_expression(ty, Role::Type);
        let inner = match self.build.text_of(ty) {
            "Some" | "Ok" => matched.part(Through::Element),
            // What a failure holds is no element of the result.
            "Err" => Matched::local(None),
            _ => matched.part(Through::Part),
        };
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index);
            if self.field(child.field) != Field::Type {
                self.pattern(child.node, inner);
            }
        }
        self.build.close(children);
    }

    /// `T { a, b: pattern, .. }`: the fields are used, and give their values.
    fn struct_pattern(&mut self, node: Node<'t>, matched: Matched) {
        let Some(ty) = self.in_field(node, Field::Type) else { return };
        let ty = self.type_expression(ty, Role::Type);
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) != Kind::FieldPattern {
                continue;
            }
            let Some(name_node) = self.in_field(child, Field::Name) else { continue };
            let name = self.build.name_of(name_node);
            let inner = match ty {
                Some(ty) => {
                    let kind = ExpressionKind::Member(ty, name);
                    Matched::local(Some(self.build.expression(kind, Role::Read, name_node)))
                }
                None => matched.part(Through::Part),
            };
            match self.in_field(child, Field::Pattern) {
                Some(pattern) => self.pattern(pattern, inner),
                None => self.bind_matched(name_node, inner),
            }
        }
        self.build.close(children);
    }

    /// `a | b | c` leans to the left; long ones are followed without recursion.
    fn or_pattern(&mut self, node: Node<'t>, matched: Matched) {
        let start = self.own.segments.len();
        let mut at = node;
        loop {
            let children = self.build.open(at);
            let first = children.clone().next().map(|index| self.build.child(index).node);
            for index in children.clone().skip(1).rev() {
                let alternative = self.build.child(index).node;
                self.own.segments.push(alternative);
            }
            self.build.close(children);
            match first {
                Some(first) if self.kind(first) == Kind::OrPattern => at = first,
                first => {
                    self.own.segments.extend(first);
                    break;
                }
            }
        }
        while self.own.segments.len() > start {
            let Some(alternative) = self.own.segments.pop() else { break };
            self.pattern(alternative, matched);
        }
    }

    fn generic_pattern(&mut self, node: Node<'t>) {
        if let Some(path) = self.first(node) {
            self.name_or_path(path, Role::Read);
        }
        if let Some(list) = self.in_field(node, Field::TypeArguments) {
            self.type_arguments(list, None, &mut Vec::new());
        }
    }

    /// Binds one written parameter; gives whether it is the receiver.
    pub(super) fn parameter(&mut self, node: Node<'t>, place: u32) -> bool {
        let type_of = self.in_field(node, Field::Type);
        let type_of = type_of.and_then(|ty| self.type_expression(ty, Role::Type));
        let Some(pattern) = self.in_field(node, Field::Pattern) else { return false };
        let to = BoundTo::Parameter(place);
        self.pattern(pattern, Matched { to, type_of, ..Matched::local(None) });
        self.kind(pattern) == Kind::SelfKeyword
    }

    /// Binds a closure's parameters.
    pub(super) fn closure_parameters(&mut self, id: DefinitionId, node: Node<'t>) {
        let children = self.build.open(node);
        let mut place = 0;
        for index in children.clone() {
            let child = self.build.child(index).node;
            if self.kind(child) == Kind::Parameter {
                self.parameter(child, place);
            } else {
                let to = BoundTo::Parameter(place);
                self.pattern(child, Matched { to, ..Matched::local(None) });
            }
            place += 1;
        }
        self.build.close(children);
        self.build.definition_mut(id).complexity.parameters = place;
    }
}
