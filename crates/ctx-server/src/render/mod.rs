//! The graph's edges as text for other programs.

mod cypher;
mod dot;
mod graphml;
mod jsonl;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use ctx_engine::ErrorKind;

use crate::wire::v1::error::WireError;
use crate::wire::v1::graph::{GraphEdge, GraphNode};

/// What an export looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// A JSON object a line.
    JsonLines,
    /// Graphviz.
    Dot,
    /// GraphML, for yEd, Gephi and NetworkX.
    GraphMl,
    /// Cypher statements, for Neo4j.
    Cypher,
}

impl Format {
    pub(crate) fn named(name: &str) -> Result<Format, WireError> {
        match name {
            "jsonl" => Ok(Format::JsonLines),
            "dot" => Ok(Format::Dot),
            "graphml" => Ok(Format::GraphMl),
            "cypher" => Ok(Format::Cypher),
            _ => Err(WireError::new(
                ErrorKind::InvalidRequest,
                format!("`{name}` is not a format of the graph"),
            )
            .with_hint("formats are jsonl, dot, graphml and cypher")),
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Format::JsonLines => "application/x-ndjson",
            Format::Dot => "text/vnd.graphviz",
            Format::GraphMl => "application/graphml+xml",
            Format::Cypher => "text/plain; charset=utf-8",
        }
    }
}

/// An export under way: it declares each node once, before its first edge.
#[derive(Debug)]
pub(crate) struct Rendering {
    format: Format,
    declared: BTreeSet<u64>,
}

/// An end of an edge, inside the project or not.
#[derive(Debug, Clone, Copy)]
enum End<'a> {
    Node(&'a GraphNode),
    External(&'a str),
}

impl End<'_> {
    /// A number that names it in the export. The same definition has the same
    /// number within one export only.
    fn number(self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match self {
            End::Node(node) => (&node.path, node.line, &node.qualified).hash(&mut hasher),
            End::External(name) => ("external", name).hash(&mut hasher),
        }
        hasher.finish()
    }

    fn label(&self) -> &str {
        match self {
            End::Node(node) => &node.qualified,
            End::External(name) => name,
        }
    }
}

impl Rendering {
    pub(crate) fn new(format: Format) -> Rendering {
        Rendering { format, declared: BTreeSet::new() }
    }

    /// What stands before the first edge.
    pub(crate) fn start(&self) -> String {
        match self.format {
            Format::JsonLines | Format::Cypher => String::new(),
            Format::Dot => dot::START.into(),
            Format::GraphMl => graphml::START.into(),
        }
    }

    /// Appends an edge, and its ends where they are new.
    pub(crate) fn edge(&mut self, edge: &GraphEdge, text: &mut String) {
        if self.format == Format::JsonLines {
            return jsonl::edge(edge, text);
        }
        let from = End::Node(&edge.from);
        let to = match (&edge.to, &edge.external) {
            (Some(node), _) => End::Node(node),
            (None, Some(name)) => End::External(name),
            (None, None) => return,
        };
        for end in [from, to] {
            if self.declared.insert(end.number()) {
                match self.format {
                    Format::JsonLines => {}
                    Format::Dot => dot::node(end, text),
                    Format::GraphMl => graphml::node(end, text),
                    Format::Cypher => cypher::node(end, text),
                }
            }
        }
        match self.format {
            Format::JsonLines => {}
            Format::Dot => dot::edge(from, to, edge, text),
            Format::GraphMl => graphml::edge(from, to, edge, text),
            Format::Cypher => cypher::edge(from, to, edge, text),
        }
    }

    /// Appends what stands behind the last edge.
    pub(crate) fn finish(&self, text: &mut String) {
        text.push_str(match self.format {
            Format::JsonLines | Format::Cypher => "",
            Format::Dot => dot::END,
            Format::GraphMl => graphml::END,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::v1::graph::GraphSite;
    use expect_test::{Expect, expect};

    fn check(format: &str, expected: Expect) {
        let node = |line, qualified: &str| GraphNode {
            path: "a \"b\"<&>.py".into(),
            line,
            end_line: line + 2,
            qualified: qualified.into(),
        };
        let edge = |to, external: Option<&str>| GraphEdge {
            kind: "calls".into(),
            from: node(1, "a.f"),
            to,
            external: external.map(String::from),
            site: GraphSite { path: "a \"b\"<&>.py".into(), line: 2, col: 5 },
            how: "scope".into(),
            confidence: 1.0,
        };
        let format = Format::named(format).expect("a known format");
        let mut rendering = Rendering::new(format);
        let mut text = rendering.start();
        rendering.edge(&edge(Some(node(5, "a.g")), None), &mut text);
        rendering.edge(&edge(None, Some("os.path.join")), &mut text);
        rendering.finish(&mut text);
        // Numbers differ between releases of the standard library.
        for (name, end) in [
            ("#f", End::Node(&node(1, "a.f"))),
            ("#g", End::Node(&node(5, "a.g"))),
            ("#join", End::External("os.path.join")),
        ] {
            text = text.replace(&format!("{:016x}", end.number()), name);
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn json_lines_have_an_edge_a_line() {
        check(
            "jsonl",
            expect![[r#"
            {"kind":"calls","from":{"path":"a \"b\"<&>.py","line":1,"end_line":3,"qualified":"a.f"},"to":{"path":"a \"b\"<&>.py","line":5,"end_line":7,"qualified":"a.g"},"site":{"path":"a \"b\"<&>.py","line":2,"col":5},"how":"scope","confidence":1.0}
            {"kind":"calls","from":{"path":"a \"b\"<&>.py","line":1,"end_line":3,"qualified":"a.f"},"external":"os.path.join","site":{"path":"a \"b\"<&>.py","line":2,"col":5},"how":"scope","confidence":1.0}
        "#]],
        );
    }

    #[test]
    fn dot_quotes_names() {
        check(
            "dot",
            expect![[r#"
            digraph code {
              node [shape=box];
              n#f [label="a.f", tooltip="a \"b\"<&>.py:1"];
              n#g [label="a.g", tooltip="a \"b\"<&>.py:5"];
              n#f -> n#g [label="calls"];
              n#join [label="os.path.join", style=dashed];
              n#f -> n#join [label="calls"];
            }
        "#]],
        );
    }

    #[test]
    fn graphml_escapes_names() {
        check(
            "graphml",
            expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
              <key id="name" for="node" attr.name="name" attr.type="string"/>
              <key id="path" for="node" attr.name="path" attr.type="string"/>
              <key id="line" for="node" attr.name="line" attr.type="int"/>
              <key id="kind" for="edge" attr.name="kind" attr.type="string"/>
              <key id="how" for="edge" attr.name="how" attr.type="string"/>
              <key id="confidence" for="edge" attr.name="confidence" attr.type="double"/>
              <graph edgedefault="directed">
                <node id="n#f"><data key="name">a.f</data><data key="path">a "b"&lt;&amp;&gt;.py</data><data key="line">1</data></node>
                <node id="n#g"><data key="name">a.g</data><data key="path">a "b"&lt;&amp;&gt;.py</data><data key="line">5</data></node>
                <edge source="n#f" target="n#g"><data key="kind">calls</data><data key="how">scope</data><data key="confidence">1</data></edge>
                <node id="n#join"><data key="name">os.path.join</data></node>
                <edge source="n#f" target="n#join"><data key="kind">calls</data><data key="how">scope</data><data key="confidence">1</data></edge>
              </graph>
            </graphml>
        "#]],
        );
    }

    #[test]
    fn cypher_quotes_names() {
        check(
            "cypher",
            expect![[r#"
            MERGE (n:Symbol {id: '#f'}) SET n.name = 'a.f', n.path = 'a "b"<&>.py', n.line = 1;
            MERGE (n:Symbol {id: '#g'}) SET n.name = 'a.g', n.path = 'a "b"<&>.py', n.line = 5;
            MATCH (a {id: '#f'}), (b {id: '#g'}) MERGE (a)-[:CALLS {how: 'scope', confidence: 1.0, path: 'a "b"<&>.py', line: 2}]->(b);
            MERGE (n:External {id: '#join'}) SET n.name = 'os.path.join';
            MATCH (a {id: '#f'}), (b {id: '#join'}) MERGE (a)-[:CALLS {how: 'scope', confidence: 1.0, path: 'a "b"<&>.py', line: 2}]->(b);
        "#]],
        );
    }

    #[test]
    fn an_unknown_format_is_refused() {
        assert!(Format::named("scip").is_err());
    }
}
