//! One file's text to its facts, with parsers kept for reuse.

use std::ops::ControlFlow;

use ctx_model::facts::{FileFacts, Problem, ProblemKind, Scope, ScopeKind};
use ctx_model::{Language, Position};
use tree_sitter::{ParseOptions, Parser, Tree};

use crate::builder::Builder;
use crate::grammar::{Grammar, Syntax};
use crate::{go, java, javascript, python, rust};

/// How often the parser may report progress per byte of text before it is
/// stopped: a bound on work that does not depend on a clock.
const REPORTS_PER_BYTE: u64 = 4;
const REPORTS_ALWAYS: u64 = 20_000;

/// Extracts facts, keeping one parser a language. Not shared between threads:
/// each has its own.
#[derive(Default)]
pub struct Extractor {
    python: Option<Loaded<python::Python>>,
    javascript: Option<Loaded<javascript::Script>>,
    typescript: Option<Loaded<javascript::Script>>,
    tsx: Option<Loaded<javascript::Script>>,
    go: Option<Loaded<go::Go>>,
    rust: Option<Loaded<rust::Rust>>,
    java: Option<Loaded<java::Java>>,
}

/// A parser with the tables of its language.
struct Loaded<S: Syntax> {
    parser: Parser,
    grammar: Grammar<S>,
}

impl Extractor {
    /// An extractor that has loaded no grammar yet.
    pub fn new() -> Extractor {
        Extractor::default()
    }

    /// The facts of a text. Broken text has facts too, with the problems noted.
    pub fn extract(&mut self, language: Language, text: &str) -> FileFacts {
        let mut facts = match language {
            Language::Python => Loaded::of(&mut self.python, tree_sitter_python::LANGUAGE)
                .run(text, python::extract),
            Language::JavaScript => {
                Loaded::of(&mut self.javascript, tree_sitter_javascript::LANGUAGE)
                    .run(text, javascript::extract)
            }
            Language::TypeScript => {
                Loaded::of(&mut self.typescript, tree_sitter_typescript::LANGUAGE_TYPESCRIPT)
                    .run(text, javascript::extract)
            }
            Language::Tsx => Loaded::of(&mut self.tsx, tree_sitter_typescript::LANGUAGE_TSX)
                .run(text, javascript::extract),
            Language::Go => {
                Loaded::of(&mut self.go, tree_sitter_go::LANGUAGE).run(text, go::extract)
            }
            Language::Rust => {
                Loaded::of(&mut self.rust, tree_sitter_rust::LANGUAGE).run(text, rust::extract)
            }
            Language::Java => {
                Loaded::of(&mut self.java, tree_sitter_java::LANGUAGE).run(text, java::extract)
            }
            Language::Text => without_facts(),
        };
        facts.language = Some(language);
        facts.lines = count_lines(text);
        facts.comments.sort_unstable_by_key(|range| range.start);
        // A node that is looked into twice hands its comments over twice.
        facts.comments.dedup();
        facts
    }
}

impl<S: Syntax> Loaded<S> {
    /// The parser kept in `slot`, loaded at first use.
    fn of(
        slot: &mut Option<Loaded<S>>,
        language: impl Into<tree_sitter::Language>,
    ) -> &mut Loaded<S> {
        slot.get_or_insert_with(|| {
            let language = language.into();
            let mut parser = Parser::new();
            parser
                .set_language(&language)
                .expect("the linked grammar has the ABI version that the linked library reads");
            Loaded { parser, grammar: Grammar::new(language) }
        })
    }

    fn run(
        &mut self,
        text: &str,
        extract: for<'t> fn(&Grammar<S>, &'t str, &'t Tree) -> Builder<'t>,
    ) -> FileFacts {
        let Some(tree) = parse(&mut self.parser, text) else {
            let mut facts = without_facts();
            let at = Position { line: 1, column: 1 };
            facts.problems.push(Problem { at, kind: ProblemKind::TooSlow });
            return facts;
        };
        let mut builder = extract(&self.grammar, text, &tree);
        if tree.root_node().has_error() {
            let at = first_error(&tree);
            builder.facts.problems.push(Problem { at, kind: ProblemKind::Syntax });
        }
        builder.facts.comments = builder.comments;
        builder.facts
    }
}

/// Parses within a bound on work; none if the bound was reached.
pub(crate) fn parse(parser: &mut Parser, text: &str) -> Option<Tree> {
    let bytes = text.as_bytes();
    let mut reports_left = REPORTS_ALWAYS + bytes.len() as u64 * REPORTS_PER_BYTE;
    let mut progress = |_: &tree_sitter::ParseState| {
        reports_left = reports_left.saturating_sub(1);
        if reports_left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let tree = parser.parse_with_options(
        &mut |offset, _| bytes.get(offset..).unwrap_or(&[]),
        None,
        Some(options),
    );
    if tree.is_none() {
        parser.reset();
    }
    tree
}

/// Where the first syntax error stands.
fn first_error(tree: &Tree) -> Position {
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            return Builder::position(node);
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return Builder::position(tree.root_node());
            }
        }
    }
}

fn without_facts() -> FileFacts {
    let mut facts = FileFacts::default();
    facts.names.push("".into());
    facts.scopes.push(Scope { parent: None, kind: ScopeKind::File, definition: None, owner: None });
    facts
}

/// Number of lines; a last line without an end counts.
fn count_lines(text: &str) -> u32 {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let open = !text.is_empty() && !text.ends_with('\n');
    u32::try_from(ends + usize::from(open)).unwrap_or(u32::MAX)
}
