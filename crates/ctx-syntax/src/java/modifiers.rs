//! Modifiers and annotations, and heads without them.

use std::ops::Range;

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Field, Kind, Walk};

/// Annotations that make a method a test.
const TEST_ANNOTATIONS: [&str; 5] =
    ["Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate"];

/// What stands before a definition's own words.
#[derive(Default)]
pub(super) struct Modifiers {
    pub(super) visibility: Option<Visibility>,
    pub(super) flags: DefinitionFlags,
    pub(super) annotations: Vec<ExpressionId>,
    /// Where the annotations stand, in bytes.
    spans: Vec<Range<usize>>,
}

impl<'t> Walk<'_, 't> {
    /// The modifiers of a definition.
    pub(super) fn modifiers(&mut self, node: Node<'t>) -> Modifiers {
        let mut found = Modifiers::default();
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::Modifiers => self.note_modifiers(child, &mut found),
                // `public <T> @Nullable Shop<T> find()`.
                Kind::Annotation | Kind::MarkerAnnotation => self.note(child, &mut found),
                _ => {}
            }
        }
        self.build.close(children);
        found
    }

    fn note_modifiers(&mut self, list: Node<'t>, found: &mut Modifiers) {
        let mut cursor = list.walk();
        for child in list.children(&mut cursor) {
            match child.kind() {
                "public" => found.visibility = Some(Visibility::Public),
                "protected" => found.visibility = Some(Visibility::Protected),
                "private" => found.visibility = Some(Visibility::Private),
                "static" => found.flags.set(DefinitionFlags::STATIC),
                "abstract" => found.flags.set(DefinitionFlags::ABSTRACT),
                "annotation" | "marker_annotation" => self.note(child, found),
                // These lists are not opened, which would take them aside.
                "line_comment" | "block_comment" => self.build.comment(child),
                _ => {}
            }
        }
    }

    fn note(&mut self, annotation: Node<'t>, found: &mut Modifiers) {
        found.spans.push(annotation.byte_range());
        if let Some(name) = self.in_field(annotation, Field::Name) {
            let text = self.build.text_of(name);
            if TEST_ANNOTATIONS.contains(&text.rsplit('.').next().unwrap_or(text)) {
                found.flags.set(DefinitionFlags::TEST);
            }
        }
        found.annotations.extend(self.annotation(annotation));
    }

    /// Annotations that stand directly in a node or in its modifiers.
    pub(super) fn annotations_in(&mut self, node: Node<'t>) -> Vec<ExpressionId> {
        let mut found = Vec::new();
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::Annotation | Kind::MarkerAnnotation => found.extend(self.annotation(child)),
                Kind::Modifiers => found.extend(self.annotations_in(child)),
                _ => {}
            }
        }
        self.build.close(children);
        found
    }

    /// `@Name` or `@Name(…)`.
    pub(super) fn annotation(&mut self, node: Node<'t>) -> Option<ExpressionId> {
        if !self.build.descend(node) {
            return None;
        }
        let name = self.in_field(node, Field::Name);
        let name = name.and_then(|name| self.expression(name, Role::Annotation));
        let id = match (name, self.in_field(node, Field::Arguments)) {
            (Some(name), Some(list)) => {
                let mut arguments = Vec::new();
                let children = self.build.open(list);
                for index in children.clone() {
                    let child = self.build.child(index).node;
                    let (keyword, value) = match self.kind(child) {
                        Kind::ElementValuePair => (
                            self.in_field(child, Field::Key).map(|key| self.build.name_of(key)),
                            self.in_field(child, Field::Value),
                        ),
                        _ => (None, Some(child)),
                    };
                    let value = value.and_then(|value| self.expression(value, Role::Read));
                    arguments.push((keyword, value.unwrap_or_else(|| self.unknown(child))));
                }
                self.build.close(children);
                let call = ExpressionKind::Call(name);
                let id = self.build.expression(call, Role::Annotation, node);
                for (keyword, value) in arguments {
                    self.build.argument(id, keyword, value);
                }
                Some(id)
            }
            (name, _) => name,
        };
        self.build.ascend();
        id
    }

    /// The head of a definition up to byte `end`, annotations left out.
    pub(super) fn head(&mut self, node: Node<'t>, modifiers: &Modifiers, end: usize) -> NameId {
        let mut head = String::new();
        let mut start = node.start_byte();
        for span in &modifiers.spans {
            head.push_str(self.build.text.get(start..span.start).unwrap_or(""));
            start = span.end;
        }
        head.push_str(self.build.text.get(start..end).unwrap_or(""));
        self.build.signature_text(head.trim_end_matches([';', ' ']))
    }
}
