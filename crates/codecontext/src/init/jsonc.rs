//! JSON with comments and trailing commas, read with the place of everything in
//! it, and changed at one place only.

use std::ops::Range;

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::tokens::{Token, TokenAndRange};
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

use super::json::{Json, Layout};
use super::pieces::Problem;
use super::text::{self, Splice};

/// A text and what it says.
pub(super) struct Document<'t> {
    text: &'t str,
    root: Option<Value<'t>>,
    tokens: Vec<TokenAndRange<'t>>,
}

/// An object or an array: where its brackets are, and where its items.
#[derive(Debug, Clone)]
pub(super) struct Container {
    open: usize,
    close: usize,
    items: Vec<Range<usize>>,
}

/// The way to an item: each container with the number of the item in it, the
/// outermost first.
pub(super) type Way = Vec<(Container, usize)>;

/// What was found under some names.
pub(super) enum Found<'d, 't> {
    /// The value, and the way to it.
    Here(&'d Value<'t>, Way),
    /// So many names are there; this container lacks the next.
    Missing(usize, Container),
    /// So many names are there; the next is `null` where an object is needed.
    Null(usize, Range<usize>),
    /// The text holds no value at all.
    Nothing,
}

impl<'t> Document<'t> {
    /// Reads a text, which has no mark before it.
    pub(super) fn read(text: &'t str) -> Result<Document<'t>, Problem> {
        let collect =
            CollectOptions { comments: CommentCollectionStrategy::AsTokens, tokens: true };
        let options = ParseOptions {
            allow_comments: true,
            allow_trailing_commas: true,
            allow_loose_object_property_names: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let parsed = parse_to_ast(text, &collect, &options).map_err(|error| {
            Problem::broken(text, error.range().start, error.kind().to_string())
        })?;
        Ok(Document { text, root: parsed.value, tokens: parsed.tokens.unwrap_or_default() })
    }

    /// Whether it is JSON as it was first defined, without comments and
    /// trailing commas.
    pub(super) fn is_plain(&self) -> bool {
        let closes = |token: &Token| matches!(token, Token::CloseBrace | Token::CloseBracket);
        let mut pairs = self.tokens.iter().zip(self.tokens.iter().skip(1));
        self.tokens.iter().all(|token| !is_comment(&token.token))
            && !pairs.any(|(one, next)| one.token == Token::Comma && closes(&next.token))
    }

    /// Whether it says nothing: no comment, and no value but empty containers.
    pub(super) fn is_bare(&self) -> bool {
        fn is_bare(value: &Value) -> bool {
            match value {
                Value::Object(object) => {
                    object.properties.iter().all(|field| is_bare(&field.value))
                }
                Value::Array(array) => array.elements.iter().all(is_bare),
                _ => false,
            }
        }
        self.tokens.iter().all(|token| !is_comment(&token.token))
            && self.root.as_ref().is_none_or(is_bare)
    }

    /// What is under these names, the outermost first.
    pub(super) fn find(&self, names: &[&str]) -> Result<Found<'_, 't>, Problem> {
        let Some(mut value) = self.root.as_ref() else { return Ok(Found::Nothing) };
        let mut way = Way::new();
        for (depth, name) in names.iter().enumerate() {
            let Value::Object(object) = value else {
                let parent =
                    if depth == 0 { "the file".into() } else { format!("`{}`", names[depth - 1]) };
                if depth > 0 && matches!(value, Value::NullKeyword(_)) {
                    return Ok(Found::Null(depth - 1, range(value)));
                }
                return Err(self.wrong(parent, "an object", value));
            };
            let container = container(value);
            // Where a name stands twice, programs take the last.
            let number = object.properties.iter().rposition(|field| field.name.as_str() == *name);
            let Some(number) = number else { return Ok(Found::Missing(depth, container)) };
            value = &object.properties[number].value;
            way.push((container, number));
        }
        Ok(Found::Here(value, way))
    }

    /// Says that what people call `name` is not of the kind that it must be.
    pub(super) fn wrong(&self, name: String, wanted: &'static str, value: &Value) -> Problem {
        let (line, column) = text::position(self.text, value.range().start);
        Problem::Kind { name, wanted, is: kind(value), line, column }
    }

    /// Puts a value under names that do not all lead somewhere. Also how many
    /// containers had to be made for it.
    pub(super) fn put(
        &self,
        names: &[&'static str],
        found: &Found<'_, '_>,
        value: Json,
    ) -> (Vec<Splice>, usize) {
        match found {
            Found::Here(there, _) => {
                let at = range(there);
                let written = value.written(&self.layout_at(at.start));
                (vec![Splice::replace(at, written)], 0)
            }
            Found::Missing(depth, container) => {
                let value = value.within(&names[depth + 1..]);
                let field = |layout: &Layout| {
                    format!("{}: {}", super::json::quoted(names[*depth]), value.written(layout))
                };
                (self.append(container, &field), names.len() - 1 - depth)
            }
            Found::Null(depth, at) => {
                let written = value.within(&names[depth + 1..]).written(&self.layout_at(at.start));
                (vec![Splice::replace(at.clone(), written)], names.len() - 1 - depth)
            }
            Found::Nothing => {
                let line_break = text::line_break(self.text);
                let layout = Layout::Lines { indent: String::new(), unit: self.unit(), line_break };
                let written = value.within(names).written(&layout);
                let parted = self.text.is_empty() || self.text.ends_with('\n');
                let before = if parted { "" } else { line_break };
                let splice =
                    Splice::insert(self.text.len(), format!("{before}{written}{line_break}"));
                (vec![splice], names.len())
            }
        }
    }

    /// Adds an item at the end of a container.
    pub(super) fn append(
        &self,
        container: &Container,
        item: &dyn Fn(&Layout) -> String,
    ) -> Vec<Splice> {
        let layout = self.layout_inside(container);
        let is_line = layout == Layout::Line;
        let Some(last) = container.items.last() else {
            let before = self.comment_inside(container).unwrap_or(container.open + 1);
            let space = if is_line && before > container.open + 1 { " " } else { "" };
            let mut written = format!("{space}{}{}", layout.lead(), item(&layout));
            if !is_line && !self.text[before..container.close].contains('\n') {
                written.push_str(&self.layout_at(container.open).lead());
            }
            return vec![Splice::insert(before, written)];
        };
        let comma = self.comma_after(last.end);
        let mut splices = Vec::new();
        if comma.is_none() {
            splices.push(Splice::insert(last.end, ","));
        }
        let mut at = comma.as_ref().map_or(last.end, |comma| comma.end);
        let mut lead = " ".to_owned();
        if !is_line {
            // What is said about the last item on its line stays there.
            at = self.end_of_remark(at);
            lead = layout.lead();
        }
        let trailing = if comma.is_some() { "," } else { "" };
        splices.push(Splice::insert(at, format!("{lead}{}{trailing}", item(&layout))));
        splices
    }

    /// Takes away the item at the end of a way, and up to `made` containers
    /// around it that hold nothing else.
    pub(super) fn remove(&self, way: &Way, made: usize) -> Vec<Splice> {
        let mut last = way.len() - 1;
        let least = last.saturating_sub(made);
        let holds_nothing_else = |container: &Container| {
            container.items.len() == 1 && self.comment_inside(container).is_none()
        };
        while last > least && holds_nothing_else(&way[last].0) {
            last -= 1;
        }
        let (container, number) = &way[last];
        if last == 0 && made >= way.len() && holds_nothing_else(container) {
            let end = text::next_line(self.text, container.close);
            return vec![Splice::delete(container.open..end)];
        }
        if holds_nothing_else(container) {
            return vec![Splice::delete(container.open + 1..container.close)];
        }
        let item = &container.items[*number];
        let comma = self.comma_after(item.end);
        let end = comma.as_ref().map_or(item.end, |comma| comma.end);
        let before = self.tokens.partition_point(|token| token.range.start < item.start);
        let before = &self.tokens[before - 1];
        let follows = &self.text[end..text::next_line(self.text, end)];
        // Without its line break the rest of the line would be a comment too.
        let must_part = matches!(before.token, Token::CommentLine(_)) && !follows.trim().is_empty();
        let start = if must_part { item.start } else { self.end_of(before) };
        let mut splices = vec![Splice::delete(start..end)];
        if comma.is_none() && *number > 0 {
            let before = self.comma_after(container.items[number - 1].end);
            splices.extend(before.map(Splice::delete));
        }
        splices
    }

    /// The layout of a value that starts at this byte.
    pub(super) fn layout_at(&self, at: usize) -> Layout {
        if self.shares_its_line(at) {
            return Layout::Line;
        }
        Layout::Lines {
            indent: text::indent(self.text, at).to_owned(),
            unit: self.unit(),
            line_break: text::line_break(self.text),
        }
    }

    fn layout_inside(&self, container: &Container) -> Layout {
        let line_break = text::line_break(self.text);
        match container.items.last() {
            Some(last) => {
                let line = text::line_start(self.text, last.start);
                if !self.text[line..last.start].trim().is_empty() {
                    return Layout::Line;
                }
                let indent = text::indent(self.text, last.start).to_owned();
                Layout::Lines { indent, unit: self.unit(), line_break }
            }
            None if self.text[container.open..container.close].contains('\n') => Layout::Lines {
                indent: text::indent(self.text, container.open).to_owned(),
                unit: self.unit(),
                line_break,
            }
            .inner(),
            None => self.layout_at(container.open).inner(),
        }
    }

    /// Whether a container around this byte opens on the same line.
    fn shares_its_line(&self, at: usize) -> bool {
        let line = text::line_start(self.text, at);
        self.tokens.iter().any(|token| {
            let opens = matches!(token.token, Token::OpenBrace | Token::OpenBracket);
            opens && (line..at).contains(&token.range.start)
        })
    }

    /// What one level of indentation is in this file.
    fn unit(&self) -> String {
        let first = self.root.as_ref().map(container).and_then(|root| {
            let first = root.items.first()?.start;
            let outer = text::indent(self.text, root.open);
            let line = text::line_start(self.text, first);
            let indent = self.text[line..first].strip_prefix(outer)?;
            (line > root.open && indent.trim().is_empty() && !indent.is_empty())
                .then(|| indent.to_owned())
        });
        let tabbed = || self.text.lines().any(|line| line.starts_with('\t'));
        first.unwrap_or_else(|| if tabbed() { "\t".into() } else { "  ".into() })
    }

    /// The comma that follows, with nothing but comments before it.
    fn comma_after(&self, at: usize) -> Option<Range<usize>> {
        let from = self.tokens.partition_point(|token| token.range.start < at);
        let next = self.tokens[from..].iter().find(|token| !is_comment(&token.token))?;
        (next.token == Token::Comma).then_some(next.range.start..next.range.end)
    }

    /// Where the comments end that follow on the same line.
    fn end_of_remark(&self, mut at: usize) -> usize {
        let from = self.tokens.partition_point(|token| token.range.start < at);
        for token in &self.tokens[from..] {
            let between = &self.text[at..token.range.start];
            if !is_comment(&token.token) || between.contains('\n') {
                break;
            }
            at = self.end_of(token);
        }
        at
    }

    /// Where the last comment ends that is in a container and in no item of it.
    fn comment_inside(&self, container: &Container) -> Option<usize> {
        let inside = |token: &&TokenAndRange| {
            let at = token.range.start;
            is_comment(&token.token)
                && (container.open..container.close).contains(&at)
                && !container.items.iter().any(|item| item.contains(&at))
        };
        self.tokens.iter().rev().find(inside).map(|token| self.end_of(token))
    }

    /// Where a token ends, without the first half of a line break.
    fn end_of(&self, token: &TokenAndRange) -> usize {
        let end = token.range.end;
        if self.text[..end].ends_with('\r') { end - 1 } else { end }
    }
}

/// The last field of an object that has this name.
pub(super) fn field<'d, 't>(value: &'d Value<'t>, name: &str) -> Option<&'d ObjectProp<'t>> {
    let object = value.as_object()?;
    object.properties.iter().rev().find(|field| field.name.as_str() == name)
}

/// A value that is a text.
pub(super) fn text_of<'d>(value: &'d Value<'_>) -> Option<&'d str> {
    value.as_string_lit().map(|literal| literal.value.as_ref())
}

/// A value that is an array of texts.
pub(super) fn texts_of(value: &Value<'_>) -> Option<Vec<String>> {
    let array = value.as_array()?;
    array.elements.iter().map(|element| text_of(element).map(str::to_owned)).collect()
}

/// Where a value is.
pub(super) fn range(value: &Value<'_>) -> Range<usize> {
    let range = value.range();
    range.start..range.end
}

/// An object or an array; any other value counts as one that is empty.
pub(super) fn container(value: &Value<'_>) -> Container {
    let at = value.range();
    let items = match value {
        Value::Object(object) => object.properties.iter().map(|field| field.range()).collect(),
        Value::Array(array) => array.elements.iter().map(|element| element.range()).collect(),
        _ => Vec::new(),
    };
    let items = items.into_iter().map(|item| item.start..item.end).collect();
    Container { open: at.start, close: at.end.saturating_sub(1), items }
}

fn kind(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "a text",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "true or false",
        Value::Object(_) => "an object",
        Value::Array(_) => "an array",
        Value::NullKeyword(_) => "null",
    }
}

fn is_comment(token: &Token<'_>) -> bool {
    matches!(token, Token::CommentLine(_) | Token::CommentBlock(_))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value as Tree;

    use super::*;

    /// What may stand between two tokens.
    fn filler() -> impl Strategy<Value = String> {
        let pieces = ["", "", " ", "\n  ", "\r\n\t", "\n\n", " /* c, } */ ", " // c, {\n"];
        proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned)
    }

    fn list(
        open: char,
        items: impl Strategy<Value = String>,
        close: char,
    ) -> impl Strategy<Value = String> {
        let item = (filler(), items, filler()).prop_map(|(a, item, b)| format!("{a}{item}{b}"));
        (proptest::collection::vec(item, 0..4), any::<bool>(), filler()).prop_map(
            move |(items, trails, end)| {
                let comma = if trails && !items.is_empty() { "," } else { "" };
                format!("{open}{}{comma}{end}{close}", items.join(","))
            },
        )
    }

    fn value() -> impl Strategy<Value = String> {
        let leaf = proptest::sample::select(vec!["1", "null", "true", "\"é\\n\""]);
        leaf.prop_map(str::to_owned).prop_recursive(3, 12, 4, |inner| {
            let field = (0..9u8, filler(), inner.clone())
                .prop_map(|(name, gap, value)| format!("\"k{name}\":{gap}{value}"));
            prop_oneof![list('{', field, '}'), list('[', inner, ']')]
        })
    }

    /// A file with or without the object that holds servers.
    fn file() -> impl Strategy<Value = String> {
        let servers = list('{', ("[a-c]", value()).prop_map(|(n, v)| format!("\"{n}\": {v}")), '}');
        let servers = servers.prop_map(|servers| format!("\"servers\": {servers}"));
        let other = value().prop_map(|value| format!("\"x\":{value}"));
        let root = list('{', prop_oneof![servers, other], '}');
        (filler(), root, filler()).prop_map(|(before, root, after)| {
            // A comment after the last line break must end too.
            format!("{before}{root}{after}")
        })
    }

    /// What a text says, the last of equal names winning; its comments apart.
    fn tree(value: &Value) -> Tree {
        match value {
            Value::Object(object) => object
                .properties
                .iter()
                .map(|field| (field.name.as_str().to_owned(), tree(&field.value)))
                .collect(),
            Value::Array(array) => array.elements.iter().map(tree).collect(),
            Value::StringLit(text) => text.value.as_ref().into(),
            Value::NumberLit(number) => number.value.into(),
            Value::BooleanLit(boolean) => boolean.value.into(),
            Value::NullKeyword(_) => Tree::Null,
        }
    }

    fn said(text: &str) -> (Tree, Vec<String>) {
        let document = Document::read(text).unwrap();
        let comments = document.tokens.iter().filter(|token| is_comment(&token.token));
        let comments = comments.map(|token| token.token.as_str().to_owned()).collect();
        (document.root.as_ref().map(tree).unwrap_or_default(), comments)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn only_our_item_comes_and_goes(text in file()) {
            const NAMES: [&str; 2] = ["servers", "ours"];
            let document = Document::read(&text).unwrap();
            let found = document.find(&NAMES).unwrap();
            let entry = Json::Object(vec![("args", Json::texts(&["mcp".into()]))]);
            let (splices, made) = document.put(&NAMES, &found, entry);
            let with = text::spliced(&text, splices);

            let (mut tree, comments) = said(&with);
            let (before, comments_before) = said(&text);
            prop_assert_eq!(comments, comments_before.clone(), "{}", with);
            prop_assert_eq!(tree["servers"]["ours"]["args"][0].as_str(), Some("mcp"), "{}", with);
            tree["servers"].as_object_mut().unwrap().remove("ours");
            if made > 0 {
                tree.as_object_mut().unwrap().remove("servers");
            }
            prop_assert_eq!(tree, before.clone(), "{}", with);

            let document = Document::read(&with).unwrap();
            let Ok(Found::Here(_, way)) = document.find(&NAMES) else { panic!("gone: {with}") };
            let without = text::spliced(&with, document.remove(&way, made));
            prop_assert_eq!(said(&without), (before, comments_before), "{}", without);
            let words = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(words(&without), words(&text), "{}", with);
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,40}|[\\[\\]{}:,\"'/*\\\\ a1\n\r\t-]{0,40}") {
            if let Ok(document) = Document::read(&text) {
                let _ = document.find(&["servers", "ours"]);
            }
        }
    }
}
