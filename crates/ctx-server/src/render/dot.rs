//! Graphviz: <https://graphviz.org/doc/info/lang.html>.

use std::fmt::Write;

use super::End;
use crate::wire::v1::graph::GraphEdge;

pub(super) const START: &str = "digraph code {\n  node [shape=box];\n";
pub(super) const END: &str = "}\n";

pub(super) fn node(end: End<'_>, text: &mut String) {
    let number = end.number();
    let label = quoted(end.label());
    match end {
        End::Node(node) => {
            let tooltip = quoted(&format!("{}:{}", node.path, node.line));
            push(text, format_args!("  n{number:016x} [label={label}, tooltip={tooltip}];\n"));
        }
        End::External(_) => {
            push(text, format_args!("  n{number:016x} [label={label}, style=dashed];\n"));
        }
    }
}

pub(super) fn edge(from: End<'_>, to: End<'_>, edge: &GraphEdge, text: &mut String) {
    let (from, to, label) = (from.number(), to.number(), quoted(&edge.kind));
    push(text, format_args!("  n{from:016x} -> n{to:016x} [label={label}];\n"));
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            character if character.is_control() => quoted.push('\u{fffd}'),
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("writing to a string cannot fail");
}
