//! A language's grammar: names of its node kinds and fields as Rust enums,
//! looked up by number.
//!
//! Tree-sitter numbers kinds and fields anew with each grammar release;
//! comparing numbers instead of texts is what keeps extraction cheap.

use tree_sitter::{Language, Node};

use crate::builder::Builder;

/// What tells the walk over one language from that over another.
pub(crate) trait Syntax: Sized {
    /// The kinds of nodes that the walk looks at.
    type Kind: NodeKind;
    /// The fields that the walk looks at.
    type Field: NodeField;
    /// What the walk keeps in mind beside the facts under construction.
    type Own<'t>;
    /// The grammar's names of comments.
    const COMMENTS: &'static [&'static str];
}

/// An enum that [`node_kinds`] declares.
pub(crate) trait NodeKind: Copy + PartialEq + 'static {
    /// Every kind that the walk does not look at.
    const OTHER: Self;
    /// The others.
    #[cfg(test)]
    const ALL: &'static [Self];

    /// The table of this grammar: index = the grammar's kind number.
    fn table(language: &Language) -> Vec<Self>;
}

/// An enum that [`node_fields`] declares.
pub(crate) trait NodeField: Copy + PartialEq + 'static {
    /// No field, or one that the walk does not look at.
    const NONE: Self;
    /// The others.
    #[cfg(test)]
    const ALL: &'static [Self];

    /// The table of this grammar: index = the grammar's field number.
    fn table(language: &Language) -> Vec<Self>;

    /// The way back: index = the field's, value = the grammar's number (0 = none).
    fn numbers(language: &Language) -> Vec<u16>;

    /// The field's own number.
    fn index(self) -> usize;
}

/// A grammar with its tables.
pub(crate) struct Grammar<S: Syntax> {
    pub(crate) language: Language,
    kinds: Vec<S::Kind>,
    fields: Vec<S::Field>,
    numbers: Vec<u16>,
}

impl<S: Syntax> Grammar<S> {
    /// Builds the tables.
    pub(crate) fn new(language: Language) -> Grammar<S> {
        Grammar {
            kinds: S::Kind::table(&language),
            fields: S::Field::table(&language),
            numbers: S::Field::numbers(&language),
            language,
        }
    }

    /// Facts to be written of a text.
    pub(crate) fn builder<'t>(&self, text: &'t str, root: Node<'t>) -> Builder<'t> {
        Builder::new(text, root, &self.language, S::COMMENTS)
    }

    /// What a node is.
    pub(crate) fn kind(&self, node: Node<'_>) -> S::Kind {
        self.kinds.get(usize::from(node.kind_id())).copied().unwrap_or(S::Kind::OTHER)
    }

    /// The field with a number.
    pub(crate) fn field(&self, number: u16) -> S::Field {
        self.fields.get(usize::from(number)).copied().unwrap_or(S::Field::NONE)
    }

    /// The child in a field; none if this grammar has no such field.
    pub(crate) fn in_field<'t>(&self, node: Node<'t>, field: S::Field) -> Option<Node<'t>> {
        match self.numbers[field.index()] {
            0 => None,
            number => node.child_by_field_id(number),
        }
    }
}

/// Declares an enum of the node kinds that an extractor looks at. Every other
/// kind is `Other`.
macro_rules! node_kinds {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visibility enum $name { Other, $($variant),+ }

        impl $crate::grammar::NodeKind for $name {
            const OTHER: $name = $name::Other;
            #[cfg(test)]
            const ALL: &'static [$name] = &[$($name::$variant),+];

            fn table(language: &tree_sitter::Language) -> Vec<$name> {
                (0..language.node_kind_count() as u16)
                    .map(|id| match language.node_kind_for_id(id) {
                        $(Some($text) if language.node_kind_is_named(id) => $name::$variant,)+
                        _ => $name::Other,
                    })
                    .collect()
            }
        }
    };
}

/// Declares an enum of the fields that an extractor looks at; `None` stands for
/// no field or any other.
macro_rules! node_fields {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visibility enum $name { None, $($variant),+ }

        impl $crate::grammar::NodeField for $name {
            const NONE: $name = $name::None;
            #[cfg(test)]
            const ALL: &'static [$name] = &[$($name::$variant),+];

            fn table(language: &tree_sitter::Language) -> Vec<$name> {
                (0..=language.field_count() as u16)
                    .map(|id| match language.field_name_for_id(id) {
                        $(Some($text) => $name::$variant,)+
                        _ => $name::None,
                    })
                    .collect()
            }

            fn numbers(language: &tree_sitter::Language) -> Vec<u16> {
                let mut numbers = vec![0];
                $(numbers.push(language.field_id_for_name($text).map_or(0, |id| id.get()));)+
                numbers
            }

            fn index(self) -> usize {
                self as usize
            }
        }
    };
}

pub(crate) use {node_fields, node_kinds};

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;
    use crate::{go, java, javascript, python, rust};

    /// Checks that some grammars together have each kind and field that a walk
    /// looks at: one that a newer grammar names otherwise would be passed over.
    fn check<S: Syntax<Kind: Debug, Field: Debug>>(languages: &[Language]) {
        let kinds: Vec<S::Kind> = languages.iter().flat_map(S::Kind::table).collect();
        let fields: Vec<S::Field> = languages.iter().flat_map(S::Field::table).collect();
        let missing: Vec<_> = S::Kind::ALL.iter().filter(|kind| !kinds.contains(kind)).collect();
        assert!(missing.is_empty(), "no grammar has {missing:?}");
        let missing: Vec<_> = S::Field::ALL.iter().filter(|f| !fields.contains(f)).collect();
        assert!(missing.is_empty(), "no grammar has {missing:?}");
    }

    #[test]
    fn the_grammars_have_every_kind_and_field_that_is_looked_at() {
        check::<python::Python>(&[tree_sitter_python::LANGUAGE.into()]);
        check::<go::Go>(&[tree_sitter_go::LANGUAGE.into()]);
        check::<rust::Rust>(&[tree_sitter_rust::LANGUAGE.into()]);
        check::<java::Java>(&[tree_sitter_java::LANGUAGE.into()]);
        check::<javascript::Script>(&[
            tree_sitter_javascript::LANGUAGE.into(),
            tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            tree_sitter_typescript::LANGUAGE_TSX.into(),
        ]);
    }
}
