//! Java: packages, types, their members and everything they name.

mod calls;
mod declarations;
mod docs;
mod expressions;
mod functions;
mod imports;
mod modifiers;
mod patterns;
mod statements;
#[cfg(test)]
mod tests;
mod types;

use ctx_model::facts::{NameId, ScopeId, ScopeKind};
use rustc_hash::FxHashMap;
use tree_sitter::Tree;

use crate::builder::Builder;
use crate::grammar::{self, Syntax, node_fields, node_kinds};
use crate::walk;

node_kinds! {
    /// Node kinds of tree-sitter-java that the extractor looks at.
    pub(crate) enum Kind {
        AnnotatedType = "annotated_type",
        Annotation = "annotation",
        AnnotationTypeDeclaration = "annotation_type_declaration",
        AnnotationTypeElement = "annotation_type_element_declaration",
        ArrayAccess = "array_access",
        ArrayCreation = "array_creation_expression",
        ArrayInitializer = "array_initializer",
        ArrayType = "array_type",
        AssignmentExpression = "assignment_expression",
        Asterisk = "asterisk",
        BinaryExpression = "binary_expression",
        BinaryInteger = "binary_integer_literal",
        Block = "block",
        BooleanType = "boolean_type",
        BreakStatement = "break_statement",
        CastExpression = "cast_expression",
        CatchClause = "catch_clause",
        CatchFormalParameter = "catch_formal_parameter",
        CatchType = "catch_type",
        CharacterLiteral = "character_literal",
        ClassBody = "class_body",
        ClassDeclaration = "class_declaration",
        ClassLiteral = "class_literal",
        CompactConstructor = "compact_constructor_declaration",
        ConstantDeclaration = "constant_declaration",
        ConstructorBody = "constructor_body",
        ConstructorDeclaration = "constructor_declaration",
        ContinueStatement = "continue_statement",
        DecimalFloat = "decimal_floating_point_literal",
        DecimalInteger = "decimal_integer_literal",
        DoStatement = "do_statement",
        ElementValueArray = "element_value_array_initializer",
        ElementValuePair = "element_value_pair",
        EnhancedFor = "enhanced_for_statement",
        EnumBodyDeclarations = "enum_body_declarations",
        EnumConstant = "enum_constant",
        EnumDeclaration = "enum_declaration",
        ExplicitConstructorInvocation = "explicit_constructor_invocation",
        ExtendsInterfaces = "extends_interfaces",
        False = "false",
        FieldAccess = "field_access",
        FieldDeclaration = "field_declaration",
        FloatingPointType = "floating_point_type",
        ForStatement = "for_statement",
        FormalParameter = "formal_parameter",
        FormalParameters = "formal_parameters",
        GenericType = "generic_type",
        HexFloat = "hex_floating_point_literal",
        HexInteger = "hex_integer_literal",
        Identifier = "identifier",
        IfStatement = "if_statement",
        ImportDeclaration = "import_declaration",
        InferredParameters = "inferred_parameters",
        InstanceofExpression = "instanceof_expression",
        IntegralType = "integral_type",
        InterfaceDeclaration = "interface_declaration",
        LabeledStatement = "labeled_statement",
        LambdaExpression = "lambda_expression",
        LocalVariable = "local_variable_declaration",
        MarkerAnnotation = "marker_annotation",
        MethodDeclaration = "method_declaration",
        MethodInvocation = "method_invocation",
        MethodReference = "method_reference",
        Modifiers = "modifiers",
        ModuleDeclaration = "module_declaration",
        Null = "null_literal",
        ObjectCreation = "object_creation_expression",
        OctalInteger = "octal_integer_literal",
        PackageDeclaration = "package_declaration",
        Parenthesized = "parenthesized_expression",
        Pattern = "pattern",
        ReceiverParameter = "receiver_parameter",
        Permits = "permits",
        RecordDeclaration = "record_declaration",
        RecordPattern = "record_pattern",
        RecordPatternBody = "record_pattern_body",
        RecordPatternComponent = "record_pattern_component",
        Resource = "resource",
        ReturnStatement = "return_statement",
        ScopedIdentifier = "scoped_identifier",
        ScopedTypeIdentifier = "scoped_type_identifier",
        SpreadParameter = "spread_parameter",
        StaticInitializer = "static_initializer",
        String = "string_literal",
        Super = "super",
        Superclass = "superclass",
        SuperInterfaces = "super_interfaces",
        SwitchBlock = "switch_block",
        SwitchExpression = "switch_expression",
        SwitchLabel = "switch_label",
        SwitchRule = "switch_rule",
        Ternary = "ternary_expression",
        This = "this",
        Throws = "throws",
        True = "true",
        TryStatement = "try_statement",
        TryWithResources = "try_with_resources_statement",
        TypeArguments = "type_arguments",
        TypeBound = "type_bound",
        TypeIdentifier = "type_identifier",
        TypePattern = "type_pattern",
        UnaryExpression = "unary_expression",
        UnderscorePattern = "underscore_pattern",
        UpdateExpression = "update_expression",
        VariableDeclarator = "variable_declarator",
        VoidType = "void_type",
        WhileStatement = "while_statement",
        Wildcard = "wildcard",
    }
}

node_fields! {
    /// Fields of tree-sitter-java that the extractor looks at.
    pub(crate) enum Field {
        Alternative = "alternative",
        Arguments = "arguments",
        Array = "array",
        Body = "body",
        Condition = "condition",
        Consequence = "consequence",
        Constructor = "constructor",
        Declarator = "declarator",
        Dimensions = "dimensions",
        Element = "element",
        Index = "index",
        Interfaces = "interfaces",
        Key = "key",
        Left = "left",
        Member = "field",
        Name = "name",
        Object = "object",
        Operand = "operand",
        Operator = "operator",
        Parameters = "parameters",
        Pattern = "pattern",
        Right = "right",
        Scope = "scope",
        Superclass = "superclass",
        Type = "type",
        TypeArguments = "type_arguments",
        TypeParameters = "type_parameters",
        Value = "value",
    }
}

/// The walk over Java.
type Walk<'g, 't> = walk::Walk<'g, 't, Java>;

/// The grammar of Java.
pub(crate) type Grammar = grammar::Grammar<Java>;

/// What the walk over Java looks at.
pub(crate) enum Java {}

impl Syntax for Java {
    type Kind = Kind;
    type Field = Field;
    type Own<'t> = Own;
    const COMMENTS: &'static [&'static str] = &["line_comment", "block_comment"];
}

/// What the walk needs to keep in mind.
pub(crate) struct Own {
    /// Classes without a name met so far, by scope.
    anonymous: FxHashMap<ScopeId, u32>,
}

/// Walks a tree into facts.
pub(crate) fn extract<'t>(grammar: &Grammar, text: &'t str, tree: &'t Tree) -> Builder<'t> {
    let root = tree.root_node();
    let own = Own { anonymous: FxHashMap::default() };
    let mut walk = Walk::new(grammar, text, root, own);
    walk.statements(root);
    walk.build
}

impl<'t> Walk<'_, 't> {
    /// The next lambda's name.
    fn lambda_name(&mut self) -> NameId {
        let counting = self.counting_scope();
        let inner = std::mem::replace(&mut self.build.scope, counting);
        let name = self.build.next_lambda_name();
        self.build.scope = inner;
        name
    }

    /// The name of the next class that has none.
    fn anonymous_name(&mut self) -> NameId {
        let counting = self.counting_scope();
        let count = self.own.anonymous.entry(counting).or_insert(0);
        *count += 1;
        let name = format!("<anonymous{count}>");
        self.build.name(&name)
    }

    /// The scope by which lambdas and classes without a name are counted: of a
    /// function or type, not of a block, so that each has a name of its own there.
    fn counting_scope(&self) -> ScopeId {
        let scopes = &self.build.facts.scopes;
        let mut at = self.build.scope;
        while scopes[at as usize].kind == ScopeKind::Block {
            at = scopes[at as usize].parent.unwrap_or(0);
        }
        at
    }
}
