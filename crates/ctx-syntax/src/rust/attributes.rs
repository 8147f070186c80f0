//! Attributes and doc comments: what stands before an item.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::{Before, Field, Kind, Walk};
use crate::builder::Builder;

/// What attributes and doc comments say of the item behind them.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) annotations: Vec<ExpressionId>,
    pub(super) flags: DefinitionFlags,
    pub(super) doc: NameId,
    /// The line of the first attribute.
    pub(super) line: Option<u32>,
    /// Under `#[macro_export]`.
    pub(super) exported_macro: bool,
}

impl<'t> Walk<'_, 't> {
    /// Reads what stands before an item.
    pub(super) fn notes(&mut self, before: &Before) -> Notes {
        let mut notes = Notes::default();
        let mut doc = self.outer_doc(before);
        for index in before.attributes.clone() {
            let node = self.build.child(index).node;
            if self.kind(node) != Kind::AttributeItem {
                continue;
            }
            notes.line.get_or_insert(Builder::position(node).line);
            self.attribute(node, &mut notes, &mut doc);
        }
        if !doc.is_empty() {
            notes.doc = self.build.doc(&doc);
        }
        notes
    }

    /// Records the attributes of what is no definition.
    pub(super) fn loose_attributes(&mut self, before: &Before) {
        for index in before.attributes.clone() {
            let node = self.build.child(index).node;
            self.loose_attribute(node);
        }
    }

    /// Records one attribute of what is no definition.
    pub(super) fn loose_attribute(&mut self, node: Node<'t>) {
        self.attribute(node, &mut Notes::default(), &mut String::new());
    }

    fn attribute(&mut self, item: Node<'t>, notes: &mut Notes, doc: &mut String) {
        let Some(attribute) = self.first(item) else { return };
        let Some(path) = self.first(attribute) else { return };
        let whole = self.build.text_of(path);
        let last = whole.rsplit("::").next().unwrap_or(whole).trim();
        match last {
            "test" | "rstest" | "bench" | "test_case" | "wasm_bindgen_test" => {
                notes.flags.set(DefinitionFlags::TEST);
            }
            "cfg" => notes.flags.set(DefinitionFlags::CONDITIONAL),
            "macro_export" => notes.exported_macro = true,
            _ => {}
        }
        notes.annotations.extend(self.name_or_path(path, Role::Annotation));
        if let Some(value) = self.in_field(attribute, Field::Value) {
            let literal = matches!(self.kind(value), Kind::StringLiteral | Kind::RawStringLiteral);
            if whole == "doc" && literal {
                self.build.comment(value);
                doc.push_str(string_content(self.build.text_of(value)));
                doc.push('\n');
            } else if !literal {
                self.expression(value, Role::Read);
            }
        }
        let Some(arguments) = self.in_field(attribute, Field::Arguments) else { return };
        if whole == "derive" {
            self.derived(arguments, &mut notes.annotations);
        } else if !SAYS_NO_NAMES.contains(&whole) {
            self.attribute_tokens(arguments);
        }
    }

    /// The outer doc comments before an item, markers removed.
    fn outer_doc(&mut self, before: &Before) -> String {
        let mut doc = String::new();
        for index in before.comments.clone() {
            let range = self.build.comments[index].clone();
            let text = &self.build.text[range.start as usize..range.end as usize];
            if let Some(text) = outer_doc_text(text) {
                add_doc(&mut doc, text);
            }
        }
        doc
    }

    /// The inner doc comments (`//!`) at the start of a module's body.
    pub(super) fn inner_doc(&mut self, body: Node<'t>) -> NameId {
        let known = self.build.comments.len();
        let children = self.build.open(body);
        self.build.close(children);
        let mut doc = String::new();
        for range in self.build.comments.drain(known..) {
            let text = &self.build.text[range.start as usize..range.end as usize];
            let inner = text.strip_prefix("//!").or_else(|| {
                text.strip_prefix("/*!").map(|text| text.strip_suffix("*/").unwrap_or(text))
            });
            match inner {
                Some(inner) => add_doc(&mut doc, inner),
                None => break,
            }
        }
        if doc.is_empty() { 0 } else { self.build.doc(&doc) }
    }
}

/// Attributes of the language whose arguments name nothing of the program.
const SAYS_NO_NAMES: [&str; 19] = [
    "allow",
    "cfg",
    "cfg_attr",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "export_name",
    "feature",
    "forbid",
    "inline",
    "link",
    "link_section",
    "macro_use",
    "must_use",
    "recursion_limit",
    "repr",
    "target_feature",
    "warn",
];

/// The text of an outer doc comment without its markers; none for another comment.
fn outer_doc_text(comment: &str) -> Option<&str> {
    if let Some(text) = comment.strip_prefix("///") {
        return (!text.starts_with('/')).then_some(text);
    }
    let text = comment.strip_prefix("/**")?;
    if text.starts_with('*') || text.starts_with('/') {
        return None;
    }
    Some(text.strip_suffix("*/").unwrap_or(text))
}

fn add_doc(doc: &mut String, text: &str) {
    // Only the first paragraph is kept in the end.
    if doc.len() > 2_000 {
        return;
    }
    for line in text.trim_end().split('\n') {
        let line = line.trim();
        doc.push_str(line.strip_prefix("* ").unwrap_or(if line == "*" { "" } else { line }));
        doc.push('\n');
    }
}

fn string_content(literal: &str) -> &str {
    let start = literal.find('"').map_or(0, |at| at + 1);
    let end = literal.rfind('"').unwrap_or(literal.len());
    literal.get(start..end).unwrap_or("").trim()
}
