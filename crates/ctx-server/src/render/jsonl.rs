//! A JSON object a line.

use crate::wire::v1::graph::GraphEdge;

pub(super) fn edge(edge: &GraphEdge, text: &mut String) {
    let json = serde_json::to_string(edge).expect("an edge holds only text and numbers");
    text.push_str(&json);
    text.push('\n');
}
