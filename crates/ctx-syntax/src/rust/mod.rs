//! Rust: modules, types, functions, `impl` blocks and everything they name.

mod attributes;
mod control;
mod expressions;
mod imports;
mod items;
mod members;
mod operands;
mod patterns;
#[cfg(test)]
mod tests;
mod tokens;
mod types;
mod wrapped;

use std::ops::Range;

use ctx_model::facts::*;
use rustc_hash::FxHashMap;
use tree_sitter::{Node, Tree, TreeCursor};

use crate::builder::Builder;
use crate::grammar::{self, Syntax, node_fields, node_kinds};
use crate::walk;

node_kinds! {
    /// Node kinds of tree-sitter-rust that the extractor looks at.
    pub(crate) enum Kind {
        AbstractType = "abstract_type",
        ArrayExpression = "array_expression",
        ArrayType = "array_type",
        AssignmentExpression = "assignment_expression",
        AssociatedType = "associated_type",
        AsyncBlock = "async_block",
        AttributeItem = "attribute_item",
        AwaitExpression = "await_expression",
        BaseFieldInitializer = "base_field_initializer",
        BinaryExpression = "binary_expression",
        Block = "block",
        BlockComment = "block_comment",
        BooleanLiteral = "boolean_literal",
        BoundedType = "bounded_type",
        BracketedType = "bracketed_type",
        BreakExpression = "break_expression",
        CallExpression = "call_expression",
        CapturedPattern = "captured_pattern",
        CharLiteral = "char_literal",
        ClosureExpression = "closure_expression",
        CompoundAssignment = "compound_assignment_expr",
        ConstBlock = "const_block",
        ConstItem = "const_item",
        ConstParameter = "const_parameter",
        ContinueExpression = "continue_expression",
        Crate = "crate",
        DeclarationList = "declaration_list",
        DynamicType = "dynamic_type",
        EmptyStatement = "empty_statement",
        EnumItem = "enum_item",
        EnumVariant = "enum_variant",
        ExpressionStatement = "expression_statement",
        ExternCrate = "extern_crate_declaration",
        FieldDeclaration = "field_declaration",
        FieldExpression = "field_expression",
        FieldInitializer = "field_initializer",
        FieldPattern = "field_pattern",
        FloatLiteral = "float_literal",
        ForExpression = "for_expression",
        ForeignModItem = "foreign_mod_item",
        FunctionItem = "function_item",
        FunctionSignature = "function_signature_item",
        FunctionType = "function_type",
        GenBlock = "gen_block",
        GenericFunction = "generic_function",
        GenericPattern = "generic_pattern",
        GenericType = "generic_type",
        GenericTypeTurbofish = "generic_type_with_turbofish",
        HigherRankedBound = "higher_ranked_trait_bound",
        Identifier = "identifier",
        IfExpression = "if_expression",
        ImplItem = "impl_item",
        IndexExpression = "index_expression",
        InnerAttribute = "inner_attribute_item",
        IntegerLiteral = "integer_literal",
        Label = "label",
        LetChain = "let_chain",
        LetCondition = "let_condition",
        LetDeclaration = "let_declaration",
        Lifetime = "lifetime",
        LineComment = "line_comment",
        LoopExpression = "loop_expression",
        MacroDefinition = "macro_definition",
        MacroInvocation = "macro_invocation",
        MacroRule = "macro_rule",
        MatchArm = "match_arm",
        MatchExpression = "match_expression",
        MatchPattern = "match_pattern",
        Metavariable = "metavariable",
        ModItem = "mod_item",
        MutableSpecifier = "mutable_specifier",
        MutPattern = "mut_pattern",
        NegativeLiteral = "negative_literal",
        OrPattern = "or_pattern",
        OrderedFieldList = "ordered_field_declaration_list",
        Parameter = "parameter",
        ParenthesizedExpression = "parenthesized_expression",
        PointerType = "pointer_type",
        PrimitiveType = "primitive_type",
        QualifiedType = "qualified_type",
        RangeExpression = "range_expression",
        RangePattern = "range_pattern",
        RawStringLiteral = "raw_string_literal",
        ReferenceExpression = "reference_expression",
        ReferencePattern = "reference_pattern",
        ReferenceType = "reference_type",
        RefPattern = "ref_pattern",
        RemovedTraitBound = "removed_trait_bound",
        ReturnExpression = "return_expression",
        ScopedIdentifier = "scoped_identifier",
        ScopedTypeIdentifier = "scoped_type_identifier",
        ScopedUseList = "scoped_use_list",
        SelfKeyword = "self",
        SelfParameter = "self_parameter",
        ShorthandFieldIdentifier = "shorthand_field_identifier",
        ShorthandInitializer = "shorthand_field_initializer",
        SlicePattern = "slice_pattern",
        StaticItem = "static_item",
        StringContent = "string_content",
        StringLiteral = "string_literal",
        StructExpression = "struct_expression",
        StructItem = "struct_item",
        StructPattern = "struct_pattern",
        Super = "super",
        TokenRepetition = "token_repetition",
        TokenTree = "token_tree",
        TraitItem = "trait_item",
        TryBlock = "try_block",
        TryExpression = "try_expression",
        TupleExpression = "tuple_expression",
        TuplePattern = "tuple_pattern",
        TupleStructPattern = "tuple_struct_pattern",
        TupleType = "tuple_type",
        TypeArguments = "type_arguments",
        TypeBinding = "type_binding",
        TypeCast = "type_cast_expression",
        TypeIdentifier = "type_identifier",
        TypeItem = "type_item",
        TypeParameter = "type_parameter",
        UnaryExpression = "unary_expression",
        UnionItem = "union_item",
        UnitExpression = "unit_expression",
        UnitType = "unit_type",
        UnsafeBlock = "unsafe_block",
        UseAsClause = "use_as_clause",
        UseBounds = "use_bounds",
        UseDeclaration = "use_declaration",
        UseList = "use_list",
        UseWildcard = "use_wildcard",
        VisibilityModifier = "visibility_modifier",
        WhereClause = "where_clause",
        WherePredicate = "where_predicate",
        WhileExpression = "while_expression",
        YieldExpression = "yield_expression",
    }
}

node_fields! {
    /// Fields of tree-sitter-rust that the extractor looks at.
    pub(crate) enum Field {
        Alias = "alias",
        Alternative = "alternative",
        Argument = "argument",
        Arguments = "arguments",
        Body = "body",
        Bounds = "bounds",
        Condition = "condition",
        Consequence = "consequence",
        DefaultType = "default_type",
        Element = "element",
        Function = "function",
        Left = "left",
        Length = "length",
        List = "list",
        Macro = "macro",
        Member = "field",
        Name = "name",
        Operator = "operator",
        Parameters = "parameters",
        Path = "path",
        Pattern = "pattern",
        ReturnType = "return_type",
        Right = "right",
        Trait = "trait",
        Type = "type",
        TypeArguments = "type_arguments",
        TypeParameters = "type_parameters",
        Value = "value",
    }
}

/// The walk over Rust.
type Walk<'g, 't> = walk::Walk<'g, 't, Rust>;

/// The grammar of Rust.
pub(crate) type Grammar = grammar::Grammar<Rust>;

/// What the walk over Rust looks at.
pub(crate) enum Rust {}

impl Syntax for Rust {
    type Kind = Kind;
    type Field = Field;
    type Own<'t> = Own<'t>;
    const COMMENTS: &'static [&'static str] = &["line_comment", "block_comment"];
}

/// What the walk needs to keep in mind.
pub(crate) struct Own<'t> {
    wrapped: Option<&'t Wrapped>,
    cursor: TreeCursor<'t>,
    /// Shared stacks, so that chains, paths and token trees allocate nothing.
    steps: Vec<Step<'t>>,
    segments: Vec<Node<'t>>,
    tokens: Vec<Node<'t>>,
    impls: Vec<ImplBlock>,
    /// The visibility of what a trait or a trait's `impl` holds.
    inherited: Option<Visibility>,
    /// The type of the `impl` block that is being walked.
    owner: Option<ExpressionId>,
}

/// Trees of the items that macro invocations wrap, by where their token tree starts.
type Wrapped = FxHashMap<usize, Tree>;

/// Walks a tree into facts.
pub(crate) fn extract<'t>(grammar: &Grammar, text: &'t str, tree: &'t Tree) -> Builder<'t> {
    let wrapped = wrapped::items_in_macros(grammar, text, tree);
    if wrapped.is_empty() {
        return walk(grammar, text, tree, None);
    }
    let walked = walk(grammar, text, tree, Some(&wrapped));
    let (facts, comments) = (walked.facts, walked.comments);
    // The walk borrows trees of this call; what it found does not.
    let mut builder = grammar.builder(text, tree.root_node());
    builder.facts = facts;
    builder.comments = comments;
    builder
}

fn walk<'t>(
    grammar: &Grammar,
    text: &'t str,
    tree: &'t Tree,
    wrapped: Option<&'t Wrapped>,
) -> Builder<'t> {
    let root = tree.root_node();
    let own = Own {
        wrapped,
        cursor: root.walk(),
        steps: Vec::new(),
        segments: Vec::new(),
        tokens: Vec::new(),
        impls: Vec::new(),
        inherited: None,
        owner: None,
    };
    let mut walk = Walk::new(grammar, text, root, own);
    walk.statements(root);
    walk.pair_impls();
    walk.build
}

/// One link of a chain such as `a.b()?.c`, from the outside in.
#[derive(Clone, Copy)]
struct Step<'t> {
    node: Node<'t>,
    role: Role,
}

/// `impl Trait for Name`, to be paired with the type of that name once all
/// types of the file are known.
struct ImplBlock {
    /// The scope around the `impl` block.
    scope: ScopeId,
    name: NameId,
    base: ExpressionId,
}

/// What stands before an item: attributes, as indices into the builder's open
/// children, and comments, as indices into the builder's comments.
struct Before {
    attributes: Range<usize>,
    comments: Range<usize>,
}

impl<'t> Walk<'_, 't> {
    /// The first named child that is no comment.
    fn first(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        let first = node.named_child(0)?;
        if !matches!(self.kind(first), Kind::LineComment | Kind::BlockComment) {
            return Some(first);
        }
        let children = self.build.open(node);
        let first = children.clone().next().map(|index| self.build.child(index).node);
        self.build.close(children);
        first
    }

    fn literal(&mut self, kind: LiteralKind, node: Node<'t>) -> ExpressionId {
        self.build.expression(ExpressionKind::Literal(kind), Role::Read, node)
    }
}
