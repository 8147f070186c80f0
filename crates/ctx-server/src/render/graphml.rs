//! GraphML: <http://graphml.graphdrawing.org/specification.html>.

use std::fmt::Write;

use super::End;
use crate::wire::v1::graph::GraphEdge;

pub(super) const START: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="name" for="node" attr.name="name" attr.type="string"/>
  <key id="path" for="node" attr.name="path" attr.type="string"/>
  <key id="line" for="node" attr.name="line" attr.type="int"/>
  <key id="kind" for="edge" attr.name="kind" attr.type="string"/>
  <key id="how" for="edge" attr.name="how" attr.type="string"/>
  <key id="confidence" for="edge" attr.name="confidence" attr.type="double"/>
  <graph edgedefault="directed">
"#;
pub(super) const END: &str = "  </graph>\n</graphml>\n";

pub(super) fn node(end: End<'_>, text: &mut String) {
    let (number, name) = (end.number(), escaped(end.label()));
    push(text, format_args!("    <node id=\"n{number:016x}\"><data key=\"name\">{name}</data>"));
    if let End::Node(node) = end {
        let (path, line) = (escaped(&node.path), node.line);
        push(
            text,
            format_args!("<data key=\"path\">{path}</data><data key=\"line\">{line}</data>"),
        );
    }
    text.push_str("</node>\n");
}

pub(super) fn edge(from: End<'_>, to: End<'_>, edge: &GraphEdge, text: &mut String) {
    let (from, to) = (from.number(), to.number());
    let (kind, how, confidence) = (escaped(&edge.kind), escaped(&edge.how), edge.confidence);
    push(
        text,
        format_args!(
            "    <edge source=\"n{from:016x}\" target=\"n{to:016x}\"><data key=\"kind\">{kind}\
             </data><data key=\"how\">{how}</data><data key=\"confidence\">{confidence}</data>\
             </edge>\n"
        ),
    );
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // XML 1.0 has no way to write them.
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            character => escaped.push(character),
        }
    }
    escaped
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("writing to a string cannot fail");
}
