//! Python 3: modules, classes, functions and everything they name.

mod definitions;
mod expressions;
mod imports;
mod statements;
#[cfg(test)]
mod tests;

use ctx_model::facts::DefinitionId;
use rustc_hash::FxHashMap;
use tree_sitter::{Node, Tree};

use crate::builder::Builder;
use crate::grammar::{self, Syntax, node_fields, node_kinds};
use crate::walk;

node_kinds! {
    /// Node kinds of tree-sitter-python that the extractor looks at.
    pub(crate) enum Kind {
        AliasedImport = "aliased_import",
        AsPattern = "as_pattern",
        AsPatternTarget = "as_pattern_target",
        Assignment = "assignment",
        Attribute = "attribute",
        AugmentedAssignment = "augmented_assignment",
        Await = "await",
        BinaryOperator = "binary_operator",
        Block = "block",
        BooleanOperator = "boolean_operator",
        Call = "call",
        CaseClause = "case_clause",
        CasePattern = "case_pattern",
        ClassDefinition = "class_definition",
        ClassPattern = "class_pattern",
        ConditionalExpression = "conditional_expression",
        DecoratedDefinition = "decorated_definition",
        Decorator = "decorator",
        DefaultParameter = "default_parameter",
        Dictionary = "dictionary",
        DictionaryComprehension = "dictionary_comprehension",
        DictionarySplat = "dictionary_splat",
        DictionarySplatPattern = "dictionary_splat_pattern",
        DottedName = "dotted_name",
        ElifClause = "elif_clause",
        ExceptClause = "except_clause",
        ExpressionList = "expression_list",
        ExpressionStatement = "expression_statement",
        False = "false",
        Float = "float",
        ForInClause = "for_in_clause",
        ForStatement = "for_statement",
        FunctionDefinition = "function_definition",
        FutureImport = "future_import_statement",
        GeneratorExpression = "generator_expression",
        GenericType = "generic_type",
        GlobalStatement = "global_statement",
        Identifier = "identifier",
        IfClause = "if_clause",
        IfStatement = "if_statement",
        ImportFrom = "import_from_statement",
        ImportStatement = "import_statement",
        Integer = "integer",
        KeywordArgument = "keyword_argument",
        KeywordPattern = "keyword_pattern",
        Lambda = "lambda",
        List = "list",
        ListComprehension = "list_comprehension",
        ListPattern = "list_pattern",
        ListSplat = "list_splat",
        ListSplatPattern = "list_splat_pattern",
        MatchStatement = "match_statement",
        MemberType = "member_type",
        NamedExpression = "named_expression",
        None = "none",
        NonlocalStatement = "nonlocal_statement",
        Pair = "pair",
        ParenthesizedExpression = "parenthesized_expression",
        PatternList = "pattern_list",
        ReturnStatement = "return_statement",
        Set = "set",
        SetComprehension = "set_comprehension",
        SplatPattern = "splat_pattern",
        String = "string",
        StringContent = "string_content",
        Subscript = "subscript",
        True = "true",
        TryStatement = "try_statement",
        Tuple = "tuple",
        TuplePattern = "tuple_pattern",
        Type = "type",
        TypeAlias = "type_alias_statement",
        TypedDefaultParameter = "typed_default_parameter",
        TypedParameter = "typed_parameter",
        TypeParameter = "type_parameter",
        UnionType = "union_type",
        WhileStatement = "while_statement",
        WildcardImport = "wildcard_import",
        WithItem = "with_item",
        WithStatement = "with_statement",
        Yield = "yield",
    }
}

node_fields! {
    /// Fields of tree-sitter-python that the extractor looks at.
    pub(crate) enum Field {
        Alias = "alias",
        Alternative = "alternative",
        Arguments = "arguments",
        Attribute = "attribute",
        Body = "body",
        Condition = "condition",
        Consequence = "consequence",
        Definition = "definition",
        Function = "function",
        Left = "left",
        ModuleName = "module_name",
        Name = "name",
        Object = "object",
        Parameters = "parameters",
        ReturnType = "return_type",
        Right = "right",
        Superclasses = "superclasses",
        Type = "type",
        TypeParameters = "type_parameters",
        Value = "value",
    }
}

/// The walk over Python.
type Walk<'g, 't> = walk::Walk<'g, 't, Python>;

/// The grammar of Python.
pub(crate) type Grammar = grammar::Grammar<Python>;

/// What the walk over Python looks at.
pub(crate) enum Python {}

impl Syntax for Python {
    type Kind = Kind;
    type Field = Field;
    type Own<'t> = Own<'t>;
    const COMMENTS: &'static [&'static str] = &["comment"];
}

/// What the walk needs to keep in mind.
pub(crate) struct Own<'t> {
    /// Fields already defined, by class and name.
    fields: FxHashMap<(DefinitionId, u32), DefinitionId>,
    /// The simple statement that is being walked.
    statement: Option<Node<'t>>,
    /// The class whose method is being walked.
    class: Option<DefinitionId>,
    /// The name of that method's first parameter.
    receiver: Option<&'t str>,
    /// Inside `if TYPE_CHECKING:`.
    type_only: bool,
}

/// Walks a tree into facts.
pub(crate) fn extract<'t>(grammar: &Grammar, text: &'t str, tree: &'t Tree) -> Builder<'t> {
    let root = tree.root_node();
    let own = Own {
        fields: FxHashMap::default(),
        statement: None,
        class: None,
        receiver: None,
        type_only: false,
    };
    let mut walk = Walk::new(grammar, text, root, own);
    walk.body(root);
    walk.build
}

impl<'t> Walk<'_, 't> {}
