//! `graph`: the graph's edges for other programs.

use std::io::{self, Write};

use clap::{Args, Subcommand, ValueEnum};
use ctx_engine::ErrorKind;
use ctx_server::wire::v1::graph::GraphExportRequest;

use crate::client::Question;
use crate::exit::{Exit, Failure};
use crate::session::Session;

/// Write the knowledge graph for other programs
#[derive(Debug, Subcommand)]
pub(crate) enum Graph {
    Export(Export),
}

/// Write the graph's edges
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// What to write
    #[arg(long, value_enum, default_value = "jsonl")]
    format: Format,
    /// Only edges of these kinds, for example `calls,imports`
    #[arg(long, value_delimiter = ',', value_name = "KINDS")]
    edges: Vec<String>,
}

/// What an export looks like.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A JSON object a line
    Jsonl,
    /// Graphviz
    Dot,
    /// For yEd, Gephi and NetworkX
    Graphml,
    /// Statements for Neo4j
    Cypher,
    /// A compiler's index; not in this version
    #[value(hide = true)]
    Scip,
}

impl Graph {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let Graph::Export(export) = self;
        let format = match export.format {
            Format::Jsonl => "jsonl",
            Format::Dot => "dot",
            Format::Graphml => "graphml",
            Format::Cypher => "cypher",
            Format::Scip => {
                return Err(Failure::new(
                    ErrorKind::Unavailable,
                    "this version does not write SCIP",
                )
                .hint("use --format jsonl"));
            }
        };
        let request = GraphExportRequest { format: Some(format.into()), edges: export.edges };
        let root = session.root()?;
        let question = Question::with_body("/graph/export", &request).about(&root);
        let mut out = io::stdout().lock();
        session.client()?.stream(&question, &mut |piece| Ok(out.write_all(piece)?))?;
        out.flush()?;
        Ok(Exit::Done)
    }
}
