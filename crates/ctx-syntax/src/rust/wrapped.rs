//! Items inside macro invocations: `cfg_rt! { pub fn spawn() {} }`.
//!
//! The grammar sees a macro's argument as loose tokens. Where they are items of
//! Rust all the same, as under the many macros that only switch items on and
//! off, they are parsed as such, so that what they define is not lost.

use tree_sitter::{Node, Parser, Range, Tree};

use super::{Field, Grammar, Kind, Wrapped};
use crate::extract::parse;

/// Macros within macros are followed this far.
const DEEPEST: u32 = 4;

/// The trees of all arguments of item macros that are items themselves.
pub(super) fn items_in_macros(grammar: &Grammar, text: &str, tree: &Tree) -> Wrapped {
    let mut found = Wrapped::default();
    if !text.contains('!') {
        return found;
    }
    let mut arguments = Vec::new();
    item_macros(grammar, text, tree.root_node(), &mut arguments);
    let mut parser = None;
    for _ in 0..DEEPEST {
        let mut inner = Vec::new();
        for range in arguments {
            let parser = parser.get_or_insert_with(|| parser_for(grammar));
            let Some(tree) = parse_items(grammar, parser, text, range) else { continue };
            item_macros(grammar, text, tree.root_node(), &mut inner);
            found.insert(range.start_byte - 1, tree);
        }
        if inner.is_empty() {
            break;
        }
        arguments = inner;
    }
    found
}

fn parser_for(grammar: &Grammar) -> Parser {
    let mut parser = Parser::new();
    parser
        .set_language(&grammar.language)
        .expect("the grammar was loaded into a parser before it came here");
    parser
}

/// Collects what stands between the braces of each macro invocation in the
/// place of an item.
fn item_macros(grammar: &Grammar, text: &str, root: Node<'_>, arguments: &mut Vec<Range>) {
    let mut cursor = root.walk();
    let mut lists = vec![root];
    while let Some(list) = lists.pop() {
        cursor.reset(list);
        if !cursor.goto_first_child() {
            continue;
        }
        loop {
            let node = cursor.node();
            match grammar.kind(node) {
                Kind::MacroInvocation => arguments.extend(argument(text, node)),
                Kind::ExpressionStatement => {
                    let inner = node.named_child(0);
                    let invocation =
                        inner.filter(|inner| grammar.kind(*inner) == Kind::MacroInvocation);
                    arguments.extend(invocation.and_then(|node| argument(text, node)));
                }
                Kind::ModItem | Kind::ImplItem | Kind::TraitItem => {
                    lists.extend(grammar.in_field(node, Field::Body));
                }
                _ => {}
            }
            if !cursor.goto_next_sibling() {
                break;
            }
        }
    }
}

/// The range between the braces of a macro's argument, if items may stand there.
fn argument(text: &str, invocation: Node<'_>) -> Option<Range> {
    let tree = invocation.named_child(invocation.named_child_count().checked_sub(1)? as u32)?;
    let inner = text.get(tree.start_byte() + 1..tree.end_byte().checked_sub(1)?)?;
    if !text[tree.start_byte()..].starts_with('{') || !may_be_items(inner) {
        return None;
    }
    let (mut start, mut end) = (tree.start_position(), tree.end_position());
    start.column += 1;
    end.column = end.column.saturating_sub(1);
    Some(Range {
        start_byte: tree.start_byte() + 1,
        end_byte: tree.end_byte() - 1,
        start_point: start,
        end_point: end,
    })
}

/// Whether the first word behind comments and attributes can begin an item.
fn may_be_items(text: &str) -> bool {
    const WORDS: [&str; 15] = [
        "pub",
        "fn",
        "use",
        "mod",
        "struct",
        "enum",
        "impl",
        "trait",
        "type",
        "const",
        "static",
        "async",
        "unsafe",
        "extern",
        "macro_rules",
    ];
    let mut rest = text.trim_start();
    loop {
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
        } else if rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, rest)| rest).trim_start();
        } else {
            break;
        }
    }
    let word = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    // A macro may wrap a macro that wraps items.
    rest.starts_with("#[") || WORDS.contains(&word) || rest[word.len()..].starts_with('!')
}

/// Parses a range of the text; none unless it is items without an error.
fn parse_items(grammar: &Grammar, parser: &mut Parser, text: &str, range: Range) -> Option<Tree> {
    parser.set_included_ranges(&[range]).ok()?;
    let tree = parse(parser, text)?;
    let root = tree.root_node();
    if root.has_error() {
        return None;
    }
    let mut cursor = root.walk();
    let items = root.named_children(&mut cursor).any(|child| {
        matches!(
            grammar.kind(child),
            Kind::FunctionItem
                | Kind::FunctionSignature
                | Kind::StructItem
                | Kind::UnionItem
                | Kind::EnumItem
                | Kind::ImplItem
                | Kind::TraitItem
                | Kind::ModItem
                | Kind::UseDeclaration
                | Kind::TypeItem
                | Kind::ConstItem
                | Kind::StaticItem
                | Kind::ExternCrate
                | Kind::ForeignModItem
                | Kind::MacroDefinition
                | Kind::MacroInvocation
                | Kind::ExpressionStatement
        )
    });
    drop(cursor);
    items.then_some(tree)
}
