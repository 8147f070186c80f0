//! Names of a grammar's node kinds and fields as Rust enums, looked up by number.
//!
//! Tree-sitter numbers kinds and fields anew with each grammar release;
//! comparing numbers instead of texts is what keeps extraction cheap.

/// Declares an enum of the node kinds that an extractor looks at, with a table
/// from the grammar's numbers to it. Every other kind is `Other`.
macro_rules! node_kinds {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visibility enum $name { Other, $($variant),+ }

        impl $name {
            /// The table of this grammar: index = the grammar's kind number.
            $visibility fn table(language: &tree_sitter::Language) -> Vec<$name> {
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

        impl $name {
            /// The table of this grammar: index = the grammar's field number.
            $visibility fn table(language: &tree_sitter::Language) -> Vec<$name> {
                (0..=language.field_count() as u16)
                    .map(|id| match language.field_name_for_id(id) {
                        $(Some($text) => $name::$variant,)+
                        _ => $name::None,
                    })
                    .collect()
            }

            /// The way back: index = the field, value = the grammar's number (0 = none).
            $visibility fn numbers(language: &tree_sitter::Language) -> Vec<u16> {
                let mut numbers = vec![0];
                $(numbers.push(language.field_id_for_name($text).map_or(0, |id| id.get()));)+
                numbers
            }
        }
    };
}

pub(crate) use {node_fields, node_kinds};
