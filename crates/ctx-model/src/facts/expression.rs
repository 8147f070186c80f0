//! Uses of names and the expressions around them: what binding follows from a
//! name to the value or type that it stands for.

use super::{DefinitionId, ExpressionId, ImportId, NameId, ScopeId};
use crate::Position;

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
    /// A value seen as one of a written type: `(T) value`.
    Cast(ExpressionId),
    /// A method or constructor taken as a value: `A::b`, `A::new`.
    Method(ExpressionId),
    /// A module that an expression brings in: `require('…')`.
    Module(ImportId),
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
    /// A single character, where that is no text.
    Character = 9,
    /// A whole number of 8 bits, where numbers are told apart; else all are
    /// [`Number`](LiteralKind::Number).
    Byte = 10,
    /// A whole number of 16 bits.
    Short = 11,
    /// A whole number of 32 bits.
    Integer = 12,
    /// A whole number of 64 bits.
    Long = 13,
    /// A number with a fraction, of 32 bits.
    Float = 14,
    /// A number with a fraction, of 64 bits.
    Double = 15,
    /// A type as a value: Java's `String.class`.
    Type = 16,
}

impl LiteralKind {
    /// Every kind, in the order of their stored numbers.
    pub const ALL: [LiteralKind; 17] = [
        LiteralKind::Text,
        LiteralKind::Number,
        LiteralKind::Boolean,
        LiteralKind::Nothing,
        LiteralKind::List,
        LiteralKind::Map,
        LiteralKind::Set,
        LiteralKind::Tuple,
        LiteralKind::Other,
        LiteralKind::Character,
        LiteralKind::Byte,
        LiteralKind::Short,
        LiteralKind::Integer,
        LiteralKind::Long,
        LiteralKind::Float,
        LiteralKind::Double,
        LiteralKind::Type,
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
