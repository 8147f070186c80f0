//! What one file says: a pure function of its text and language.
//!
//! Facts name things only by what is written in the file. Binding names to
//! other files is the graph's work, so facts never go stale when another file
//! changes and can be kept by content hash.

use crate::{Language, Position};

/// Index into [`FileFacts::definitions`].
pub type DefinitionId = u32;
/// Index into [`FileFacts::scopes`]; 0 is the file's own scope.
pub type ScopeId = u32;
/// Index into [`FileFacts::expressions`].
pub type ExpressionId = u32;
/// Index into [`FileFacts::imports`].
pub type ImportId = u32;
/// Index into [`FileFacts::names`].
pub type NameId = u32;

/// Everything later stages need to know of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileFacts {
    /// What the file is written in.
    pub language: Option<Language>,
    /// Number of lines.
    pub lines: u32,
    /// Every text the facts name, once.
    pub names: Vec<Box<str>>,
    /// Definitions in order of appearance; a parent stands before its children.
    pub definitions: Vec<Definition>,
    /// Scopes; a parent stands before its children, the file's own first.
    pub scopes: Vec<Scope>,
    /// Names introduced into scopes, in order of appearance.
    pub bindings: Vec<Binding>,
    /// Imports in order of appearance.
    pub imports: Vec<Import>,
    /// Names the file offers to others under an explicit export.
    pub exports: Vec<Export>,
    /// Uses of names and the expressions around them; operands stand before
    /// the expression that has them.
    pub expressions: Vec<Expression>,
    /// Arguments of calls, in order of their calls.
    pub arguments: Vec<Argument>,
    /// Expressions returned or yielded by functions.
    pub returns: Vec<Return>,
    /// The package or module that the file declares itself (Go, Java).
    pub package: Option<NameId>,
    /// Byte ranges of comments and doc strings, sorted, for the search index.
    pub comments: Vec<std::ops::Range<u32>>,
    /// What was wrong with the text.
    pub problems: Vec<Problem>,
}

impl FileFacts {
    /// The text of a name.
    pub fn name(&self, id: NameId) -> &str {
        self.names.get(id as usize).map_or("", |name| name)
    }
}

/// What kind of thing a definition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum DefinitionKind {
    /// A function outside a type.
    Function = 0,
    /// A function of a type.
    Method = 1,
    /// A method that constructs its type.
    Constructor = 2,
    /// A class.
    Class = 3,
    /// A struct or record.
    Struct = 4,
    /// An interface.
    Interface = 5,
    /// A trait.
    Trait = 6,
    /// An enumeration.
    Enum = 7,
    /// A variant or member of an enumeration.
    EnumMember = 8,
    /// A type alias.
    TypeAlias = 9,
    /// A field, attribute or property of a type.
    Field = 10,
    /// A constant outside a function.
    Constant = 11,
    /// A variable outside a function.
    Variable = 12,
    /// A module, namespace or package written in the file.
    Module = 13,
    /// A macro.
    Macro = 14,
    /// A function without a name.
    Lambda = 15,
}

impl DefinitionKind {
    /// Every kind, in the order of their stored numbers.
    pub const ALL: [DefinitionKind; 16] = [
        DefinitionKind::Function,
        DefinitionKind::Method,
        DefinitionKind::Constructor,
        DefinitionKind::Class,
        DefinitionKind::Struct,
        DefinitionKind::Interface,
        DefinitionKind::Trait,
        DefinitionKind::Enum,
        DefinitionKind::EnumMember,
        DefinitionKind::TypeAlias,
        DefinitionKind::Field,
        DefinitionKind::Constant,
        DefinitionKind::Variable,
        DefinitionKind::Module,
        DefinitionKind::Macro,
        DefinitionKind::Lambda,
    ];

    /// The name printed and accepted everywhere.
    pub fn name(self) -> &'static str {
        match self {
            DefinitionKind::Function => "function",
            DefinitionKind::Method => "method",
            DefinitionKind::Constructor => "constructor",
            DefinitionKind::Class => "class",
            DefinitionKind::Struct => "struct",
            DefinitionKind::Interface => "interface",
            DefinitionKind::Trait => "trait",
            DefinitionKind::Enum => "enum",
            DefinitionKind::EnumMember => "enum-member",
            DefinitionKind::TypeAlias => "type-alias",
            DefinitionKind::Field => "field",
            DefinitionKind::Constant => "constant",
            DefinitionKind::Variable => "variable",
            DefinitionKind::Module => "module",
            DefinitionKind::Macro => "macro",
            DefinitionKind::Lambda => "lambda",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<DefinitionKind> {
        DefinitionKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it can be called by its own name or through a receiver.
    pub fn is_function(self) -> bool {
        matches!(
            self,
            DefinitionKind::Function
                | DefinitionKind::Method
                | DefinitionKind::Constructor
                | DefinitionKind::Lambda
                | DefinitionKind::Macro
        )
    }

    /// Whether it has members that are looked up through a receiver.
    pub fn is_type(self) -> bool {
        matches!(
            self,
            DefinitionKind::Class
                | DefinitionKind::Struct
                | DefinitionKind::Interface
                | DefinitionKind::Trait
                | DefinitionKind::Enum
                | DefinitionKind::TypeAlias
        )
    }
}

/// Who can see a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Visibility {
    /// Everybody.
    Public = 0,
    /// The package, crate or module tree.
    Package = 1,
    /// The type and those that extend it.
    Protected = 2,
    /// The file, type or scope.
    Private = 3,
}

impl Visibility {
    /// Every visibility, in the order of their stored numbers.
    pub const ALL: [Visibility; 4] =
        [Visibility::Public, Visibility::Package, Visibility::Protected, Visibility::Private];

    /// The name printed everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Visibility::Public => "public",
            Visibility::Package => "package",
            Visibility::Protected => "protected",
            Visibility::Private => "private",
        }
    }
}

/// Yes-or-no properties of a definition, as a bit set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DefinitionFlags(pub u16);

impl DefinitionFlags {
    /// A test: run by a test framework.
    pub const TEST: DefinitionFlags = DefinitionFlags(1);
    /// Called on the type, not on a value of it.
    pub const STATIC: DefinitionFlags = DefinitionFlags(2);
    /// Runs asynchronously.
    pub const ASYNC: DefinitionFlags = DefinitionFlags(4);
    /// Has no body of its own.
    pub const ABSTRACT: DefinitionFlags = DefinitionFlags(8);
    /// Read like a field, computed by a function.
    pub const PROPERTY: DefinitionFlags = DefinitionFlags(16);
    /// Takes the class itself as receiver (Python's `classmethod`).
    pub const CLASS_METHOD: DefinitionFlags = DefinitionFlags(32);
    /// Gives values one by one.
    pub const GENERATOR: DefinitionFlags = DefinitionFlags(64);
    /// The file's default export.
    pub const DEFAULT_EXPORT: DefinitionFlags = DefinitionFlags(128);
    /// Written under an explicit `export`.
    pub const EXPORTED: DefinitionFlags = DefinitionFlags(256);
    /// Declared in a scope that only the type checker sees or that the
    /// preprocessor may drop.
    pub const CONDITIONAL: DefinitionFlags = DefinitionFlags(512);

    /// Whether every bit of `other` is set.
    pub fn has(self, other: DefinitionFlags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Sets the bits of `other`.
    pub fn set(&mut self, other: DefinitionFlags) {
        self.0 |= other.0;
    }
}

/// How hard a function is to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Complexity {
    /// McCabe's cyclomatic complexity: decisions plus one; 0 for what has no body.
    pub cyclomatic: u32,
    /// Deepest nesting of control structures.
    pub nesting: u32,
    /// Number of parameters, receivers left out.
    pub parameters: u32,
}

/// Something the file defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its own name; `<lambdaN>` for a lambda.
    pub name: NameId,
    /// What it is.
    pub kind: DefinitionKind,
    /// The definition that it is written in, if any.
    pub parent: Option<DefinitionId>,
    /// The scope that its name is bound in.
    pub scope: ScopeId,
    /// The scope that it opens, if any.
    pub body: Option<ScopeId>,
    /// The type that it belongs to where that is written apart from it: the
    /// receiver of a Go method, the type of a Rust `impl`.
    pub owner: Option<ExpressionId>,
    /// Where its name stands.
    pub at: Position,
    /// First line of the whole definition, annotations included.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// Its head as written, on one line.
    pub signature: NameId,
    /// First paragraph of its doc comment, markers removed; empty text if none.
    pub doc: NameId,
    /// Who can see it.
    pub visibility: Visibility,
    /// Yes-or-no properties.
    pub flags: DefinitionFlags,
    /// How hard it is to follow.
    pub complexity: Complexity,
    /// Classes, traits and interfaces that it extends or implements.
    pub bases: Vec<BaseType>,
    /// Decorators, annotations and attributes.
    pub annotations: Vec<ExpressionId>,
    /// Declared type: of a field or variable, or what a function returns.
    pub type_of: Option<ExpressionId>,
}

/// A type that a definition extends or implements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseType {
    /// The type's name as an expression.
    pub expression: ExpressionId,
    /// Whether it is implemented (an interface or trait), not extended.
    pub implements: bool,
}

/// What a scope belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ScopeKind {
    /// The file.
    File = 0,
    /// A module or namespace inside the file.
    Module = 1,
    /// The members of a type.
    Type = 2,
    /// A function's parameters and body.
    Function = 3,
    /// A block, loop, comprehension or the like inside a function.
    Block = 4,
    /// A Rust `impl` block or the like: members of a type written elsewhere.
    Extension = 5,
}

impl ScopeKind {
    /// Every kind, in the order of their stored numbers.
    pub const ALL: [ScopeKind; 6] = [
        ScopeKind::File,
        ScopeKind::Module,
        ScopeKind::Type,
        ScopeKind::Function,
        ScopeKind::Block,
        ScopeKind::Extension,
    ];
}

/// A region in which names are bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The enclosing scope; none for the file's own.
    pub parent: Option<ScopeId>,
    /// What it belongs to.
    pub kind: ScopeKind,
    /// The definition that opened it, if any.
    pub definition: Option<DefinitionId>,
    /// The type whose members an extension scope holds.
    pub owner: Option<ExpressionId>,
}

/// What a binding binds its name to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BoundTo {
    /// A definition of this file.
    Definition(DefinitionId),
    /// What an import brings in.
    Import(ImportId),
    /// A parameter: its place, from 0, the receiver included.
    Parameter(u32),
    /// A local variable, assigned here.
    Local,
    /// A name declared to live in an outer scope (`global`, `nonlocal`).
    Outer,
}

/// A name introduced into a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// The scope.
    pub scope: ScopeId,
    /// The name.
    pub name: NameId,
    /// What it stands for.
    pub to: BoundTo,
    /// What is assigned, where one expression is.
    pub value: Option<ExpressionId>,
    /// How `value` becomes the name's value.
    pub through: Through,
    /// The declared type, where written.
    pub type_of: Option<ExpressionId>,
    /// Line of the binding.
    pub line: u32,
}

/// How an assigned expression becomes a variable's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Through {
    /// The value itself.
    #[default]
    Itself = 0,
    /// One element of it: a loop variable.
    Element = 1,
    /// What it gives when entered: Python's `with … as`.
    Entered = 2,
    /// A part of it, by destructuring.
    Part = 3,
    /// An instance of it: `except Error as e`, a narrowed type.
    Instance = 4,
}

impl Through {
    /// Every way, in the order of their stored numbers.
    pub const ALL: [Through; 5] =
        [Through::Itself, Through::Element, Through::Entered, Through::Part, Through::Instance];
}

/// What an import names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Imported {
    /// The module itself.
    Module,
    /// One member of the module (`default` for a default import).
    Member(NameId),
    /// Every public member.
    Wildcard,
}

/// An import of a module or of one of its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Import {
    /// The module as written: `..pkg.mod`, `./file`, `net/http`, `crate::a::b`, `java.util`.
    pub module: NameId,
    /// What of it.
    pub what: Imported,
    /// The scope it is imported into.
    pub scope: ScopeId,
    /// Where the imported name (or else the module's name) stands.
    pub at: Position,
    /// Whether it is offered on to importers of this file (`pub use`, `export … from`).
    pub reexported: bool,
    /// Whether only types are imported.
    pub type_only: bool,
}

/// What an export offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exported {
    /// A name of this file's own scope.
    Local(NameId),
    /// What an import of this file names.
    Import(ImportId),
    /// The value of an expression (`export default f(x)`).
    Expression(ExpressionId),
}

/// A name that the file offers to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export {
    /// The name under which it is offered; empty text for a wildcard export.
    pub name: NameId,
    /// What is offered.
    pub what: Exported,
}

/// What an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExpressionKind {
    /// A name, looked up through the scopes.
    Name(NameId),
    /// A member of another expression's value.
    Member(ExpressionId, NameId),
    /// A call; its arguments are in [`FileFacts::arguments`].
    Call(ExpressionId),
    /// An explicit construction: `new C(…)`, a struct literal.
    New(ExpressionId),
    /// An element of a container: `a[i]`.
    Element(ExpressionId),
    /// A type with arguments: `List[int]`, `Vec<T>`; the arguments are in
    /// [`FileFacts::arguments`].
    Generic(ExpressionId),
    /// What awaiting gives.
    Await(ExpressionId),
    /// Either of two values: `a or b`, `x if c else y`, `A | B`.
    Either(ExpressionId, ExpressionId),
    /// The value that a type's own code calls itself: `self`, `this`.
    This,
    /// The same, seen as the base class.
    Super,
    /// A literal of a built-in type.
    Literal(LiteralKind),
    /// A function without a name, or the value of a definition in place.
    Definition(DefinitionId),
    /// Anything else.
    Unknown,
}

/// The built-in type of a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum LiteralKind {
    /// Text.
    Text = 0,
    /// A number.
    Number = 1,
    /// True or false.
    Boolean = 2,
    /// None, null, nil, undefined.
    Nothing = 3,
    /// A list or array.
    List = 4,
    /// A dictionary, map or plain object.
    Map = 5,
    /// A set.
    Set = 6,
    /// A tuple.
    Tuple = 7,
    /// A regular expression or another literal.
    Other = 8,
}

impl LiteralKind {
    /// Every kind, in the order of their stored numbers.
    pub const ALL: [LiteralKind; 9] = [
        LiteralKind::Text,
        LiteralKind::Number,
        LiteralKind::Boolean,
        LiteralKind::Nothing,
        LiteralKind::List,
        LiteralKind::Map,
        LiteralKind::Set,
        LiteralKind::Tuple,
        LiteralKind::Other,
    ];
}

/// What a name is used for where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Role {
    /// Its value is read.
    Read = 0,
    /// It is assigned.
    Write = 1,
    /// It is called.
    Callee = 2,
    /// It is constructed: `new C`, a struct literal.
    Constructed = 3,
    /// It names a type.
    Type = 4,
    /// It is a base class, trait or interface.
    Base = 5,
    /// It is a decorator, annotation or attribute.
    Annotation = 6,
    /// It is exported.
    Export = 7,
}

impl Role {
    /// Every role, in the order of their stored numbers.
    pub const ALL: [Role; 8] = [
        Role::Read,
        Role::Write,
        Role::Callee,
        Role::Constructed,
        Role::Type,
        Role::Base,
        Role::Annotation,
        Role::Export,
    ];
}

/// An expression whose value or type may matter to binding a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// What it is used for.
    pub role: Role,
    /// The scope it stands in.
    pub scope: ScopeId,
    /// Where its name stands (for a member, the member's name), else where it starts.
    pub at: Position,
}

/// One argument of a call or of a generic type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument {
    /// The call or generic type.
    pub of: ExpressionId,
    /// Its keyword, where written.
    pub keyword: Option<NameId>,
    /// Its value.
    pub value: ExpressionId,
}

/// An expression that a function gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Return {
    /// The function.
    pub of: DefinitionId,
    /// What it gives.
    pub value: ExpressionId,
}

/// Something wrong with a file's text. Bad text still has facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub at: Position,
    /// What.
    pub kind: ProblemKind,
}

/// What can be wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ProblemKind {
    /// The grammar does not accept it.
    Syntax = 0,
    /// Nested too deeply: what lies deeper was left out.
    TooDeep = 1,
    /// Parsing took too long and was stopped: the file has no facts.
    TooSlow = 2,
}

impl ProblemKind {
    /// Every kind, in the order of their stored numbers.
    pub const ALL: [ProblemKind; 3] =
        [ProblemKind::Syntax, ProblemKind::TooDeep, ProblemKind::TooSlow];
}
