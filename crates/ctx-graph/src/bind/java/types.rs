//! Java's types as overload resolution compares them.

use ctx_model::facts::LiteralKind;

use crate::node::SymbolRef;

/// A type, its type arguments aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JavaType {
    /// `int`, `boolean` and the like.
    Primitive(Primitive),
    /// A type of the project.
    Class(SymbolRef),
    /// A type from outside.
    Outside(Outside),
    /// An array; none if its elements' type is not known.
    Array(Option<Box<JavaType>>),
    /// The type of `null`.
    Null,
    /// A lambda with its number of parameters, or a reference to a method.
    Function(Option<u32>),
    /// A method's own type parameter without a bound: any object.
    AnyObject,
}

/// A type from outside, known by its bare name alone.
#[derive(Debug, Clone, Eq)]
pub(crate) struct Outside {
    pub(super) name: String,
    /// Whether it is of the standard library, which knows nothing of the project.
    pub(super) standard: bool,
}

impl PartialEq for Outside {
    fn eq(&self, other: &Outside) -> bool {
        self.name == other.name
    }
}

/// The primitive types, in the order in which numbers widen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Primitive {
    Boolean,
    Character,
    Byte,
    Short,
    Integer,
    Long,
    Float,
    Double,
}

impl Primitive {
    pub(super) fn of(kind: LiteralKind) -> Option<Primitive> {
        Some(match kind {
            LiteralKind::Boolean => Primitive::Boolean,
            LiteralKind::Character => Primitive::Character,
            LiteralKind::Byte => Primitive::Byte,
            LiteralKind::Short => Primitive::Short,
            LiteralKind::Integer => Primitive::Integer,
            LiteralKind::Long => Primitive::Long,
            LiteralKind::Float => Primitive::Float,
            LiteralKind::Double => Primitive::Double,
            _ => return None,
        })
    }

    /// The type of `java.lang` that holds one.
    pub(super) fn boxed(self) -> &'static str {
        match self {
            Primitive::Boolean => "Boolean",
            Primitive::Character => "Character",
            Primitive::Byte => "Byte",
            Primitive::Short => "Short",
            Primitive::Integer => "Integer",
            Primitive::Long => "Long",
            Primitive::Float => "Float",
            Primitive::Double => "Double",
        }
    }

    pub(super) fn held_by(name: &str) -> Option<Primitive> {
        const ALL: [Primitive; 8] = [
            Primitive::Boolean,
            Primitive::Character,
            Primitive::Byte,
            Primitive::Short,
            Primitive::Integer,
            Primitive::Long,
            Primitive::Float,
            Primitive::Double,
        ];
        ALL.into_iter().find(|primitive| primitive.boxed() == name)
    }

    /// Widening of primitives (Java Language Specification, 5.1.2).
    pub(super) fn widens_to(self, other: Primitive) -> bool {
        match self {
            Primitive::Boolean => false,
            Primitive::Character => other >= Primitive::Integer,
            _ => self < other,
        }
    }
}

/// The supertypes of types of the standard library that nothing extends, and of
/// the one that everything does.
pub(super) fn all_supertypes(name: &str) -> Option<&'static [&'static str]> {
    const CONSTANTS: [&str; 5] =
        ["Object", "Comparable", "Serializable", "Constable", "ConstantDesc"];
    const NUMBERS: [&str; 6] =
        ["Object", "Number", "Comparable", "Serializable", "Constable", "ConstantDesc"];
    const TEXTS: [&str; 6] =
        ["Object", "CharSequence", "Comparable", "Serializable", "Constable", "ConstantDesc"];
    const CLASSES: [&str; 7] = [
        "Object",
        "Type",
        "Serializable",
        "GenericDeclaration",
        "AnnotatedElement",
        "OfField",
        "Constable",
    ];
    Some(match name {
        "Object" => &["Object"],
        "String" => &TEXTS,
        "Class" => &CLASSES,
        "Boolean" | "Character" => &CONSTANTS,
        _ => {
            Primitive::held_by(name)?;
            &NUMBERS
        }
    })
}

/// A type of `java.lang`.
pub(super) fn standard(name: &str) -> JavaType {
    JavaType::Outside(Outside { name: name.into(), standard: true })
}
