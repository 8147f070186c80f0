//! Go: packages, functions, types and everything they name.

mod definitions;
mod docs;
mod expressions;
mod imports;
mod literals;
mod statements;
#[cfg(test)]
mod tests;
mod types;
mod variables;

use ctx_model::facts::{ExpressionId, ExpressionKind, Role};
use tree_sitter::{Node, Tree};

use crate::builder::Builder;
use crate::grammar::{self, Syntax, node_fields, node_kinds};
use crate::walk;

node_kinds! {
    /// Node kinds of tree-sitter-go that the extractor looks at.
    pub(crate) enum Kind {
        ArrayType = "array_type",
        AssignmentStatement = "assignment_statement",
        BinaryExpression = "binary_expression",
        BlankIdentifier = "blank_identifier",
        Block = "block",
        BreakStatement = "break_statement",
        CallExpression = "call_expression",
        ChannelType = "channel_type",
        CommunicationCase = "communication_case",
        CompositeLiteral = "composite_literal",
        ConstDeclaration = "const_declaration",
        ConstSpec = "const_spec",
        ContinueStatement = "continue_statement",
        DecStatement = "dec_statement",
        DefaultCase = "default_case",
        Dot = "dot",
        ExpressionCase = "expression_case",
        ExpressionList = "expression_list",
        ExpressionSwitchStatement = "expression_switch_statement",
        False = "false",
        FieldDeclaration = "field_declaration",
        FieldDeclarationList = "field_declaration_list",
        FieldIdentifier = "field_identifier",
        FloatLiteral = "float_literal",
        ForClause = "for_clause",
        ForStatement = "for_statement",
        FuncLiteral = "func_literal",
        FunctionDeclaration = "function_declaration",
        FunctionType = "function_type",
        GenericType = "generic_type",
        GotoStatement = "goto_statement",
        Identifier = "identifier",
        IfStatement = "if_statement",
        ImaginaryLiteral = "imaginary_literal",
        ImplicitLengthArrayType = "implicit_length_array_type",
        ImportDeclaration = "import_declaration",
        ImportSpec = "import_spec",
        ImportSpecList = "import_spec_list",
        IncStatement = "inc_statement",
        IndexExpression = "index_expression",
        IntLiteral = "int_literal",
        InterfaceType = "interface_type",
        InterpretedStringLiteral = "interpreted_string_literal",
        Iota = "iota",
        KeyedElement = "keyed_element",
        LabeledStatement = "labeled_statement",
        LabelName = "label_name",
        LiteralElement = "literal_element",
        LiteralValue = "literal_value",
        MapType = "map_type",
        MethodDeclaration = "method_declaration",
        MethodElem = "method_elem",
        NegatedType = "negated_type",
        Nil = "nil",
        PackageClause = "package_clause",
        PackageIdentifier = "package_identifier",
        ParameterDeclaration = "parameter_declaration",
        ParameterList = "parameter_list",
        ParenthesizedExpression = "parenthesized_expression",
        ParenthesizedType = "parenthesized_type",
        PointerType = "pointer_type",
        QualifiedType = "qualified_type",
        RangeClause = "range_clause",
        RawStringLiteral = "raw_string_literal",
        ReceiveStatement = "receive_statement",
        ReturnStatement = "return_statement",
        RuneLiteral = "rune_literal",
        SelectStatement = "select_statement",
        SelectorExpression = "selector_expression",
        ShortVarDeclaration = "short_var_declaration",
        SliceExpression = "slice_expression",
        SliceType = "slice_type",
        StatementList = "statement_list",
        StructType = "struct_type",
        True = "true",
        TypeAlias = "type_alias",
        TypeArguments = "type_arguments",
        TypeAssertionExpression = "type_assertion_expression",
        TypeCase = "type_case",
        TypeConstraint = "type_constraint",
        TypeConversionExpression = "type_conversion_expression",
        TypeDeclaration = "type_declaration",
        TypeElem = "type_elem",
        TypeIdentifier = "type_identifier",
        TypeInstantiationExpression = "type_instantiation_expression",
        TypeParameterDeclaration = "type_parameter_declaration",
        TypeSpec = "type_spec",
        TypeSwitchStatement = "type_switch_statement",
        UnaryExpression = "unary_expression",
        VarDeclaration = "var_declaration",
        VarSpec = "var_spec",
        VarSpecList = "var_spec_list",
        VariadicArgument = "variadic_argument",
        VariadicParameterDeclaration = "variadic_parameter_declaration",
    }
}

node_fields! {
    /// Fields of tree-sitter-go that the extractor looks at.
    pub(crate) enum Field {
        Alias = "alias",
        Alternative = "alternative",
        Arguments = "arguments",
        Body = "body",
        Communication = "communication",
        Condition = "condition",
        Consequence = "consequence",
        Element = "element",
        Function = "function",
        Index = "index",
        Initializer = "initializer",
        Key = "key",
        Left = "left",
        Length = "length",
        Member = "field",
        Name = "name",
        Operand = "operand",
        Operator = "operator",
        Package = "package",
        Parameters = "parameters",
        Path = "path",
        Receiver = "receiver",
        Result = "result",
        Right = "right",
        Type = "type",
        TypeArguments = "type_arguments",
        TypeParameters = "type_parameters",
        Value = "value",
    }
}

/// The walk over Go.
type Walk<'g, 't> = walk::Walk<'g, 't, Go>;

/// The grammar of Go.
pub(crate) type Grammar = grammar::Grammar<Go>;

/// What the walk over Go looks at.
pub(crate) enum Go {}

impl Syntax for Go {
    type Kind = Kind;
    type Field = Field;
    type Own<'t> = Own;
    const COMMENTS: &'static [&'static str] = &["comment"];
}

/// What the walk needs to keep in mind.
pub(crate) struct Own {
    /// Scopes opened around the current place because a declaration uses the
    /// outer meaning of a name that it declares (`url := url.Parse(…)`).
    shadowings: u32,
}

/// Walks a tree into facts.
pub(crate) fn extract<'t>(grammar: &Grammar, text: &'t str, tree: &'t Tree) -> Builder<'t> {
    let root = tree.root_node();
    let own = Own { shadowings: 0 };
    let mut walk = Walk::new(grammar, text, root, own);
    walk.statements(root);
    walk.build
}

impl<'t> Walk<'_, 't> {
    /// The named children in a field (the separators between them stand in it too).
    fn all_in_field(&mut self, node: Node<'t>, field: Field) -> Vec<Node<'t>> {
        let children = self.build.open(node);
        let found = children
            .clone()
            .map(|index| self.build.child(index))
            .filter(|child| self.field(child.field) == field && child.node.is_named())
            .map(|child| child.node)
            .collect();
        self.build.close(children);
        found
    }

    /// Whether an identifier names nothing: it is blank, or broken text lacks it.
    fn is_nameless(&self, node: Node<'t>) -> bool {
        matches!(self.build.text_of(node), "" | "_")
    }

    /// A name at a node, unless it names nothing.
    fn named(&mut self, node: Node<'t>, role: Role) -> Option<ExpressionId> {
        if self.is_nameless(node) {
            return None;
        }
        let name = self.build.name_of(node);
        Some(self.build.expression(ExpressionKind::Name(name), role, node))
    }
}
