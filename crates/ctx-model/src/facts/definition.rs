//! What a file defines: functions, types, their members, constants.

use super::{DefinitionId, ExpressionId, NameId, ScopeId};
use crate::Position;

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
