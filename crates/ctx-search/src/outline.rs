//! A light outline of any language: definitions and comments told by how their
//! lines look. Used for files that no parser has read.

use std::ops::Range;

/// A definition, as one line suggests it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutlineItem<'a> {
    /// The name that the line introduces.
    pub name: &'a str,
    /// The line itself, without surrounding space.
    pub signature: &'a str,
    /// Line it stands on, from 1.
    pub start_line: u32,
    /// Last line before the next definition that is indented no deeper, from 1.
    pub end_line: u32,
}

/// Words that may stand before the keyword of a definition.
const MODIFIERS: &[&str] = &[
    "abstract",
    "async",
    "const",
    "declare",
    "default",
    "export",
    "extern",
    "final",
    "inline",
    "internal",
    "local",
    "open",
    "override",
    "partial",
    "private",
    "protected",
    "pub",
    "public",
    "readonly",
    "sealed",
    "static",
    "suspend",
    "synchronized",
    "unsafe",
    "virtual",
];

/// Words that introduce a name.
const KEYWORDS: &[&str] = &[
    "class",
    "def",
    "defmodule",
    "defp",
    "enum",
    "fn",
    "fun",
    "func",
    "function",
    "interface",
    "macro_rules!",
    "mod",
    "module",
    "namespace",
    "object",
    "protocol",
    "record",
    "struct",
    "sub",
    "trait",
    "type",
    "union",
];

/// Words before a parenthesis that call or branch instead of defining.
const NEVER_NAMES: &[&str] = &[
    "assert", "await", "case", "catch", "do", "elif", "else", "elseif", "except", "for", "foreach",
    "if", "in", "match", "new", "not", "print", "require", "return", "super", "switch", "throw",
    "try", "typeof", "unless", "until", "using", "when", "while", "with", "yield",
];

/// Longest line looked at, in bytes: longer ones are written by programs.
const LONGEST_LINE: usize = 400;

/// The definitions of `text`, in order of appearance.
pub fn outline(text: &str) -> Vec<OutlineItem<'_>> {
    let mut items: Vec<(OutlineItem<'_>, usize)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut lines = 0;
    for (number, line) in (1u32..).zip(text.lines()) {
        lines = number;
        if line.len() > LONGEST_LINE {
            continue;
        }
        let trimmed = line.trim_start();
        let Some(name) = defined_name(trimmed) else { continue };
        let indent = line.len() - trimmed.len();
        while let Some(&last) = open.last() {
            if items[last].1 < indent {
                break;
            }
            items[last].0.end_line = number - 1;
            open.pop();
        }
        open.push(items.len());
        let signature = trimmed.trim_end();
        items.push((OutlineItem { name, signature, start_line: number, end_line: number }, indent));
    }
    for last in open {
        items[last].0.end_line = lines;
    }
    items.into_iter().map(|(item, _)| item).collect()
}

/// The name that a line (without its indentation) defines, if it looks like a
/// definition.
pub fn defined_name(line: &str) -> Option<&str> {
    let first = line.as_bytes().first()?;
    if !(first.is_ascii_alphabetic() || matches!(first, b'_' | b'$')) {
        return None;
    }
    let mut rest = line;
    let mut modified = false;
    loop {
        let (word, after) = first_word(rest);
        if word == "impl" {
            return implemented_name(after);
        }
        if KEYWORDS.contains(&word) {
            return keyword_name(word, after);
        }
        if !MODIFIERS.contains(&word) {
            break;
        }
        modified = true;
        rest = after.trim_start();
        // `pub(crate)`
        if let Some(inner) = rest.strip_prefix('(') {
            rest = inner.split_once(')').map_or("", |(_, after)| after).trim_start();
        }
    }
    if (modified || matches!(first_word(rest).0, "let" | "var"))
        && let Some(name) =
            bound_function(rest.trim_start_matches("let ").trim_start_matches("var "))
    {
        return Some(name);
    }
    called_like_definition(rest)
}

/// The first word of `text` and what follows it.
fn first_word(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '!')))
        .unwrap_or(text.len());
    text.split_at(end)
}

/// The identifier at the start of `text`.
fn identifier(text: &str) -> Option<&str> {
    let end =
        text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).unwrap_or(text.len());
    let name = &text[..end];
    (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}

fn keyword_name<'a>(keyword: &str, after: &'a str) -> Option<&'a str> {
    let mut rest = after.trim_start();
    // Go: `func (receiver *Type) Name(`.
    if keyword == "func" && rest.starts_with('(') {
        rest = rest.split_once(')')?.1.trim_start();
    }
    // Generators, references and Ruby's `self.`.
    rest = rest.trim_start_matches(['*', '&', ' ']).trim_start_matches("self.");
    // A name follows its keyword after a space; `type(x)` is a call.
    if after.starts_with([' ', '\t', '*']) { identifier(rest) } else { None }
}

/// `impl<T> Trait for Type {` is about `Type`.
fn implemented_name(after: &str) -> Option<&str> {
    let target = after.rsplit_once(" for ").map_or(after, |(_, target)| target);
    let target = match target.trim_start().strip_prefix('<') {
        Some(generic) => generic.split_once('>')?.1,
        None => target,
    };
    identifier(target.trim_start().trim_start_matches(['&', '*']).rsplit("::").next()?)
}

/// `const name = (…) =>`, `let name = function`, `const NAME: Type = …`.
fn bound_function(rest: &str) -> Option<&str> {
    let name = identifier(rest)?;
    let after = rest[name.len()..].trim_start();
    (after.starts_with('=') || after.starts_with(':')).then_some(name)
}

/// `Type name(…) {`, `name(…) {`: C, Java, JavaScript methods, shell functions.
fn called_like_definition(rest: &str) -> Option<&str> {
    let opening = rest.find('(')?;
    if !rest.trim_end().ends_with('{') || rest[..opening].contains(['=', '.', ';', '"', '\'']) {
        return None;
    }
    let before = rest[..opening].trim_end();
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric() || matches!(c, '_' | '$'))
        .last()?
        .0;
    let name = identifier(&before[start..])?;
    let first = first_word(rest).0;
    (!NEVER_NAMES.contains(&name) && !NEVER_NAMES.contains(&first)).then_some(name)
}

/// Byte ranges of comments and Python doc strings, whole lines only: lines that
/// begin with a comment mark, and blocks between `/*` and `*/`, `"""` or `'''`.
pub fn comments(text: &str) -> Vec<Range<u32>> {
    let mut ranges: Vec<Range<u32>> = Vec::new();
    let mut closing: Option<&str> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let is_comment = match closing {
            Some(mark) => {
                if trimmed.contains(mark) {
                    closing = None;
                }
                true
            }
            None => {
                closing = opened_block(trimmed);
                closing.is_some() || starts_comment(trimmed)
            }
        };
        let end = at + line.len() as u32;
        if is_comment {
            match ranges.last_mut() {
                Some(last) if last.end == at => last.end = end,
                _ => ranges.push(at..end),
            }
        }
        at = end;
    }
    ranges
}

fn starts_comment(trimmed: &str) -> bool {
    let marks = ["//", "/*", "* ", "\"\"\"", "'''", "--"];
    marks.iter().any(|mark| trimmed.starts_with(mark))
        || (trimmed.starts_with('#') && !trimmed.starts_with("#[") && !trimmed.starts_with("#!["))
}

/// The mark that closes a block which `trimmed` opens and does not close itself.
fn opened_block(trimmed: &str) -> Option<&'static str> {
    for (opening, closing) in [("/*", "*/"), ("\"\"\"", "\"\"\""), ("'''", "'''")] {
        let Some(after) = trimmed.trim_start_matches(['r', 'b', 'f', 'u']).strip_prefix(opening)
        else {
            continue;
        };
        return (!after.contains(closing)).then_some(closing);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let items: Vec<String> = outline(text)
            .iter()
            .map(|item| format!("{} {}-{}", item.name, item.start_line, item.end_line))
            .collect();
        expected.assert_eq(&items.join("\n"));
    }

    #[test]
    fn php_classes_and_methods_are_found() {
        check(
            "<?php\nfinal class Hub implements HubContract\n{\n    public function pipe($object)\n    {\n        if ($x) {\n        }\n    }\n    protected static function make()\n    {\n    }\n}\n",
            expect![[r#"
                Hub 2-12
                pipe 4-8
                make 9-12"#]],
        );
    }

    #[test]
    fn methods_without_a_keyword_are_found_and_branches_are_not() {
        check(
            "int main(int argc) {\n  while (x) {\n  call(a);\n}\nrender() {\nexport const later = () => 1;\nelse if (b) {\nfoo.bar(function () {\n",
            expect![[r#"
                main 1-4
                render 5-5
                later 6-8"#]],
        );
    }

    #[test]
    fn ruby_go_shell_and_rust_lines_are_found() {
        check(
            "def self.load(x)\nfunc (c *Context) Next() {\nrun_all() {\npub(crate) fn park() {}\nimpl<T> Future for Join<T> {\n",
            expect![[r#"
                load 1-1
                Next 2-2
                run_all 3-3
                park 4-4
                Join 5-5"#]],
        );
    }

    #[test]
    fn comments_are_whole_lines_and_blocks() {
        let text = "x = 1\n# why\n\"\"\"Doc\nmore\n\"\"\"\ny\n/* a */ z\n";
        let found: Vec<&str> =
            comments(text).iter().map(|r| &text[r.start as usize..r.end as usize]).collect();
        assert_eq!(found, ["# why\n\"\"\"Doc\nmore\n\"\"\"\n", "/* a */ z\n"]);
    }
}
