//! What one file says: a pure function of its text and language.
//!
//! Facts name things only by what is written in the file. Binding names to
//! other files is the graph's work, so facts never go stale when another file
//! changes and can be kept by content hash.

mod definition;
mod expression;

use crate::{Language, Position};

pub use definition::{
    BaseType, Complexity, Definition, DefinitionFlags, DefinitionKind, Visibility,
};
pub use expression::{Argument, Expression, ExpressionKind, LiteralKind, Return, Role};

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
