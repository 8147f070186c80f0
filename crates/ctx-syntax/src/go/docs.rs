//! Doc comments: the comment that ends on the line above a definition.

use ctx_model::facts::NameId;
use tree_sitter::Node;

use super::Walk;
use crate::block_comment;

/// Comment lines looked through for the start of a doc comment. A longer one
/// is cut at its front.
const LONGEST_COMMENT: usize = 500;

impl<'t> Walk<'_, 't> {
    /// The doc comment above a definition; empty text if there is none.
    pub(super) fn doc(&mut self, whole: Node<'t>) -> NameId {
        let before = &self.build.text[..whole.start_byte()];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        // What stands behind other code on its line has no comment of its own.
        if !before[line_start..].trim().is_empty() {
            return 0;
        }
        let doc = comment_before(&before[..line_start]);
        if doc.is_empty() { 0 } else { self.build.doc(&doc) }
    }
}

/// The text of the comment that ends `before`, markers removed.
fn comment_before(before: &str) -> String {
    let above = before.strip_suffix('\n').unwrap_or(before).trim_end_matches([' ', '\t', '\r']);
    let last_line = above.rsplit('\n').next().unwrap_or(above);
    if above.ends_with("*/") && !last_line.trim_start().starts_with("//") {
        let comment = block_comment::ending(above).filter(|comment| {
            let code = &above[..above.len() - "*/".len() - comment.len()];
            code.rsplit('\n').next().unwrap_or(code).trim().is_empty()
        });
        return comment.map(block_text).unwrap_or_default();
    }
    let mut lines: Vec<&str> = above
        .lines()
        .rev()
        .map(str::trim)
        .take_while(|line| line.starts_with("//"))
        .take(LONGEST_COMMENT)
        .filter(|line| !is_directive(line))
        .map(|line| &line[2..])
        .collect();
    lines.reverse();
    lines.join("\n")
}

/// The text of a block comment, its markers removed.
fn block_text(comment: &str) -> String {
    let lines: Vec<&str> = comment
        .trim_start_matches(['/', '*'])
        .lines()
        .map(|line| line.trim().trim_start_matches('*').trim_start())
        .collect();
    lines.join("\n")
}

/// Whether a comment line speaks to a tool: `//go:build`, `//nolint:all`.
fn is_directive(line: &str) -> bool {
    let Some((tool, rest)) = line[2..].split_once(':') else { return false };
    !tool.is_empty()
        && tool.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && rest.starts_with(|first: char| first.is_ascii_alphanumeric())
}
