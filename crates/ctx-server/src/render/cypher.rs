//! Cypher: <https://opencypher.org/>. Statements that may run twice.

use std::fmt::Write;

use super::End;
use crate::wire::v1::graph::GraphEdge;

pub(super) fn node(end: End<'_>, text: &mut String) {
    let (number, name) = (end.number(), quoted(end.label()));
    match end {
        End::Node(node) => {
            let (path, line) = (quoted(&node.path), node.line);
            push(
                text,
                format_args!(
                    "MERGE (n:Symbol {{id: '{number:016x}'}}) SET n.name = {name}, \
                     n.path = {path}, n.line = {line};\n"
                ),
            );
        }
        End::External(_) => {
            push(
                text,
                format_args!("MERGE (n:External {{id: '{number:016x}'}}) SET n.name = {name};\n"),
            );
        }
    }
}

pub(super) fn edge(from: End<'_>, to: End<'_>, edge: &GraphEdge, text: &mut String) {
    let (from, to) = (from.number(), to.number());
    // Kinds are our own words, so they need no quoting.
    let kind = edge.kind.to_uppercase().replace('-', "_");
    let (how, path, line) = (quoted(&edge.how), quoted(&edge.site.path), edge.site.line);
    let confidence = edge.confidence;
    push(
        text,
        format_args!(
            "MATCH (a {{id: '{from:016x}'}}), (b {{id: '{to:016x}'}}) \
             MERGE (a)-[:{kind} {{how: {how}, confidence: {confidence:?}, path: {path}, \
             line: {line}}}]->(b);\n"
        ),
    );
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for character in text.chars() {
        match character {
            '\'' | '\\' => quoted.extend(['\\', character]),
            character if character.is_control() => quoted.push('\u{fffd}'),
            character => quoted.push(character),
        }
    }
    quoted.push('\'');
    quoted
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("writing to a string cannot fail");
}
