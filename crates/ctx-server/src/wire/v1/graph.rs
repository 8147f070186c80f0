//! The graph's edges, one a line.

use serde::{Deserialize, Serialize};

use ctx_engine::answer;

/// Write out the graph's edges.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GraphExportRequest {
    /// `jsonl` (the default), `dot`, `graphml` or `cypher`.
    pub format: Option<String>,
    /// Only edges of these kinds; every kind if empty.
    pub edges: Vec<String>,
}

/// A definition at an end of an edge.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GraphNode {
    /// The file.
    pub path: String,
    /// Line of the definition's name, from 1.
    pub line: u32,
    /// Last line of the definition.
    pub end_line: u32,
    /// Qualified name.
    pub qualified: String,
}

impl From<answer::GraphNode> for GraphNode {
    fn from(node: answer::GraphNode) -> GraphNode {
        GraphNode {
            path: node.path,
            line: node.line,
            end_line: node.end_line,
            qualified: node.qualified,
        }
    }
}

/// The place of a use.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GraphSite {
    /// The file.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-8 bytes, from 1.
    pub col: u32,
}

/// An edge; it has either `to` or `external`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GraphEdge {
    /// What it says.
    pub kind: String,
    /// Where it starts.
    pub from: GraphNode,
    /// The definition it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<GraphNode>,
    /// The name outside the project that it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<String>,
    /// The place of the use.
    pub site: GraphSite,
    /// The rule that bound it.
    pub how: String,
    /// 0 to 1.
    pub confidence: f64,
}

impl From<answer::GraphRow> for GraphEdge {
    fn from(row: answer::GraphRow) -> GraphEdge {
        let (to, external) = match row.to {
            answer::GraphTarget::Node(node) => (Some(node.into()), None),
            answer::GraphTarget::External(name) => (None, Some(name)),
        };
        GraphEdge {
            kind: row.kind.name().into(),
            from: row.from.into(),
            to,
            external,
            site: GraphSite { path: row.site_path, line: row.site.line, col: row.site.column },
            how: row.how.name().into(),
            confidence: row.confidence,
        }
    }
}
