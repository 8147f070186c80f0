//! What every language's extractor writes into: facts under construction, the
//! walk over the tree, and the current scope and definition.

use std::ops::Range;

use ctx_model::Position;
use ctx_model::facts::*;
use rustc_hash::FxHashMap;
use tree_sitter::{Node, TreeCursor};

/// Deeper than this a tree is not followed: hostile text nests without end, and
/// each level costs stack.
const DEEPEST: u32 = 300;

/// Longest signature kept, in bytes.
const LONGEST_SIGNATURE: usize = 400;

/// Longest doc text kept, in bytes.
const LONGEST_DOC: usize = 600;

/// A child of a node, with the number of the field it stands in (0 = none).
#[derive(Clone, Copy)]
pub(crate) struct Child<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) field: u16,
}

/// A function whose body is being walked.
struct Frame {
    definition: DefinitionId,
    decisions: u32,
    nesting: u32,
    deepest: u32,
}

/// A definition as an extractor first meets it.
pub(crate) struct NewDefinition<'t> {
    pub(crate) name: NameId,
    pub(crate) kind: DefinitionKind,
    /// The node of its name.
    pub(crate) name_node: Node<'t>,
    /// The whole definition, annotations included.
    pub(crate) whole: Node<'t>,
    pub(crate) visibility: Visibility,
    pub(crate) flags: DefinitionFlags,
}

/// Facts under construction.
pub(crate) struct Builder<'t> {
    pub(crate) text: &'t str,
    pub(crate) facts: FileFacts,
    pub(crate) comments: Vec<Range<u32>>,
    /// The scope that names are bound in now.
    pub(crate) scope: ScopeId,
    /// The definition that is being walked, if any.
    pub(crate) definition: Option<DefinitionId>,
    names: FxHashMap<Box<str>, NameId>,
    cursor: TreeCursor<'t>,
    children: Vec<Child<'t>>,
    frames: Vec<Frame>,
    lambdas: FxHashMap<ScopeId, u32>,
    depth: u32,
    comment_kinds: Vec<bool>,
}

impl<'t> Builder<'t> {
    /// Starts the facts of `text`. `comment_kinds` lists the grammar's kinds of
    /// comments.
    pub(crate) fn new(
        text: &'t str,
        root: Node<'t>,
        language: &tree_sitter::Language,
        comment_kinds: &[&str],
    ) -> Self {
        let mut builder = Builder {
            text,
            facts: FileFacts::default(),
            comments: Vec::new(),
            scope: 0,
            definition: None,
            names: FxHashMap::default(),
            cursor: root.walk(),
            children: Vec::with_capacity(256),
            frames: Vec::new(),
            lambdas: FxHashMap::default(),
            depth: 0,
            comment_kinds: (0..language.node_kind_count() as u16)
                .map(|id| {
                    language.node_kind_for_id(id).is_some_and(|kind| comment_kinds.contains(&kind))
                })
                .collect(),
        };
        builder.facts.scopes.push(Scope {
            parent: None,
            kind: ScopeKind::File,
            definition: None,
            owner: None,
        });
        builder.name("");
        builder
    }

    // --- text ---------------------------------------------------------------

    /// The text of a node.
    pub(crate) fn text_of(&self, node: Node<'t>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// Interns a text.
    pub(crate) fn name(&mut self, text: &str) -> NameId {
        if let Some(&id) = self.names.get(text) {
            return id;
        }
        let id = self.facts.names.len() as NameId;
        self.facts.names.push(text.into());
        self.names.insert(text.into(), id);
        id
    }

    /// Interns the text of a node.
    pub(crate) fn name_of(&mut self, node: Node<'t>) -> NameId {
        let text = self.text_of(node);
        self.name(text)
    }

    /// Where a node starts.
    pub(crate) fn position(node: Node<'_>) -> Position {
        let point = node.start_position();
        Position { line: point.row as u32 + 1, column: point.column as u32 + 1 }
    }

    /// Remembers a node as comment text for the search index.
    pub(crate) fn comment(&mut self, node: Node<'_>) {
        self.comments.push(node.start_byte() as u32..node.end_byte() as u32);
    }

    /// Notes something wrong at a node.
    pub(crate) fn problem(&mut self, node: Node<'_>, kind: ProblemKind) {
        // One note a kind is enough for a reader; broken files would hold thousands.
        if !self.facts.problems.iter().any(|problem| problem.kind == kind) {
            self.facts.problems.push(Problem { at: Self::position(node), kind });
        }
    }

    /// The first `doc` paragraph with white space folded, interned.
    pub(crate) fn doc(&mut self, doc: &str) -> NameId {
        let mut folded = String::with_capacity(doc.len().min(LONGEST_DOC));
        for line in doc.trim().lines() {
            let line = line.trim();
            if line.is_empty() || folded.len() > LONGEST_DOC {
                break;
            }
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(line);
        }
        truncate(&mut folded, LONGEST_DOC);
        self.name(&folded)
    }

    /// The text from the start of `head` up to byte `end`, on one line, interned.
    pub(crate) fn signature(&mut self, head: Node<'t>, end: usize) -> NameId {
        let text = self.text.get(head.start_byte()..end.max(head.start_byte())).unwrap_or("");
        self.signature_text(text)
    }

    /// A signature that does not stand in one piece, on one line, interned.
    pub(crate) fn signature_text(&mut self, text: &str) -> NameId {
        let mut folded = String::with_capacity(text.len().min(LONGEST_SIGNATURE));
        for word in text.split_ascii_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(word);
            if folded.len() > LONGEST_SIGNATURE {
                break;
            }
        }
        let end = folded.trim_end_matches([':', '{', ' ', '=']).len();
        folded.truncate(end);
        truncate(&mut folded, LONGEST_SIGNATURE);
        self.name(&folded)
    }

    // --- the walk -----------------------------------------------------------

    /// The named children of a node, and those in a field; comments are taken
    /// aside. Hand the range back to [`close`](Self::close).
    ///
    /// Children lie on one shared stack, so that walking allocates nothing.
    pub(crate) fn open(&mut self, node: Node<'t>) -> Range<usize> {
        let start = self.children.len();
        self.cursor.reset(node);
        if self.cursor.goto_first_child() {
            loop {
                let child = self.cursor.node();
                if self.comment_kinds.get(usize::from(child.kind_id())) == Some(&true) {
                    self.comments.push(child.start_byte() as u32..child.end_byte() as u32);
                } else {
                    let field = self.cursor.field_id().map_or(0, |field| field.get());
                    if field != 0 || child.is_named() {
                        self.children.push(Child { node: child, field });
                    }
                }
                if !self.cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        start..self.children.len()
    }

    /// The child at an index of an open range.
    pub(crate) fn child(&self, index: usize) -> Child<'t> {
        self.children[index]
    }

    /// Gives an open range back.
    pub(crate) fn close(&mut self, range: Range<usize>) {
        self.children.truncate(range.start);
    }

    /// Enters one level of the tree; false (with a problem noted) if it is too deep.
    pub(crate) fn descend(&mut self, node: Node<'_>) -> bool {
        if self.depth >= DEEPEST {
            self.problem(node, ProblemKind::TooDeep);
            return false;
        }
        self.depth += 1;
        true
    }

    /// Leaves a level that [`descend`](Self::descend) entered.
    pub(crate) fn ascend(&mut self) {
        self.depth -= 1;
    }

    // --- scopes and definitions ---------------------------------------------

    /// Opens a scope under the current one and makes it current; returns the
    /// scope to go back to with [`leave_scope`](Self::leave_scope).
    pub(crate) fn enter_scope(
        &mut self,
        kind: ScopeKind,
        definition: Option<DefinitionId>,
        owner: Option<ExpressionId>,
    ) -> ScopeId {
        let outer = self.scope;
        let id = self.facts.scopes.len() as ScopeId;
        self.facts.scopes.push(Scope { parent: Some(outer), kind, definition, owner });
        if let Some(definition) = definition {
            let definition = &mut self.facts.definitions[definition as usize];
            definition.body.get_or_insert(id);
        }
        self.scope = id;
        outer
    }

    /// Goes back to an outer scope.
    pub(crate) fn leave_scope(&mut self, outer: ScopeId) {
        self.scope = outer;
    }

    /// The kind of the current scope.
    pub(crate) fn scope_kind(&self) -> ScopeKind {
        self.facts.scopes[self.scope as usize].kind
    }

    /// Adds a definition in the current scope and binds its name there.
    pub(crate) fn define(&mut self, new: NewDefinition<'t>) -> DefinitionId {
        let id = self.define_unbound(new);
        let definition = &self.facts.definitions[id as usize];
        let (name, line) = (definition.name, definition.at.line);
        self.bind(name, BoundTo::Definition(id), line);
        id
    }

    /// Adds a definition whose name no scope binds (a member written elsewhere).
    pub(crate) fn define_unbound(&mut self, new: NewDefinition<'t>) -> DefinitionId {
        let id = self.facts.definitions.len() as DefinitionId;
        self.facts.definitions.push(Definition {
            name: new.name,
            kind: new.kind,
            parent: self.definition,
            scope: self.scope,
            body: None,
            owner: None,
            at: Self::position(new.name_node),
            line: new.whole.start_position().row as u32 + 1,
            end_line: last_line(new.whole),
            signature: 0,
            doc: 0,
            visibility: new.visibility,
            flags: new.flags,
            complexity: Complexity::default(),
            bases: Vec::new(),
            annotations: Vec::new(),
            type_of: None,
        });
        id
    }

    /// A definition under construction.
    pub(crate) fn definition_mut(&mut self, id: DefinitionId) -> &mut Definition {
        &mut self.facts.definitions[id as usize]
    }

    /// The name for the next lambda of the current scope: `<lambda1>`, `<lambda2>`, …
    pub(crate) fn next_lambda_name(&mut self) -> NameId {
        let count = self.lambdas.entry(self.scope).or_insert(0);
        *count += 1;
        let name = format!("<lambda{count}>");
        self.name(&name)
    }

    /// Binds a name in the current scope without a value.
    pub(crate) fn bind(&mut self, name: NameId, to: BoundTo, line: u32) -> usize {
        self.facts.bindings.push(Binding {
            scope: self.scope,
            name,
            to,
            value: None,
            through: Through::Itself,
            type_of: None,
            line,
        });
        self.facts.bindings.len() - 1
    }

    /// Adds an import into the current scope and binds `local` to it, unless
    /// nothing is bound (a wildcard, a side effect, a re-export).
    pub(crate) fn import(&mut self, import: Import, local: Option<NameId>) -> ImportId {
        let id = self.facts.imports.len() as ImportId;
        self.facts.imports.push(import);
        if let Some(local) = local {
            self.bind(local, BoundTo::Import(id), import.at.line);
        }
        id
    }

    /// Adds an expression at a node in the current scope.
    pub(crate) fn expression(
        &mut self,
        kind: ExpressionKind,
        role: Role,
        node: Node<'_>,
    ) -> ExpressionId {
        let id = self.facts.expressions.len() as ExpressionId;
        self.facts.expressions.push(Expression {
            kind,
            role,
            scope: self.scope,
            at: Self::position(node),
        });
        id
    }

    /// Adds an argument of a call or a generic type.
    pub(crate) fn argument(
        &mut self,
        of: ExpressionId,
        keyword: Option<NameId>,
        value: ExpressionId,
    ) {
        self.facts.arguments.push(Argument { of, keyword, value });
    }

    // --- functions ----------------------------------------------------------

    /// Starts to measure a function's body.
    pub(crate) fn enter_function(&mut self, definition: DefinitionId) {
        self.frames.push(Frame { definition, decisions: 0, nesting: 0, deepest: 0 });
    }

    /// Ends the measuring of the innermost function.
    pub(crate) fn leave_function(&mut self) {
        if let Some(frame) = self.frames.pop() {
            let complexity = &mut self.facts.definitions[frame.definition as usize].complexity;
            complexity.cyclomatic = frame.decisions + 1;
            complexity.nesting = frame.deepest;
        }
    }

    /// The function whose body is being walked.
    pub(crate) fn function(&self) -> Option<DefinitionId> {
        self.frames.last().map(|frame| frame.definition)
    }

    /// Counts a decision: a branch, a loop, a case, a short-circuit operator.
    pub(crate) fn decision(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.decisions += 1;
        }
    }

    /// Enters a control structure.
    pub(crate) fn nest(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.nesting += 1;
            frame.deepest = frame.deepest.max(frame.nesting);
        }
    }

    /// Leaves a control structure.
    pub(crate) fn unnest(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.nesting = frame.nesting.saturating_sub(1);
        }
    }

    /// Notes what the innermost function gives back.
    pub(crate) fn returns(&mut self, value: ExpressionId) {
        if let Some(of) = self.function() {
            self.facts.returns.push(Return { of, value });
        }
    }
}

/// The last line of a node that holds some of its text.
pub(crate) fn last_line(node: Node<'_>) -> u32 {
    let end = node.end_position();
    let row =
        if end.column == 0 && end.row > node.start_position().row { end.row - 1 } else { end.row };
    row as u32 + 1
}

fn truncate(text: &mut String, limit: usize) {
    if text.len() > limit {
        let mut end = limit;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
}
