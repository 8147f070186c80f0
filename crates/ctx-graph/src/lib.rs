//! FileFacts of many files to a resolved knowledge graph; pure.
//!
//! Owns module layout, name binding, the resident graph and the questions asked
//! of it. Never reads files: facts come through [`FactSource`], and the graph
//! encodes itself to bytes that others keep. An edge exists only where a rule
//! binds the name; what no rule binds is counted as unresolved, never guessed.

pub mod node;
pub mod unit;
pub mod layout;
pub mod bind;
pub mod graph;
pub mod question;
pub mod completion;
pub mod rank;
pub mod neighbours;
pub mod map;

pub use bind::Binder;
pub use graph::CodeGraph;
pub use layout::{Layout, Manifest};
pub use node::{Edge, FileExtensions, FileNode, FileNumber, Symbol, SymbolRef, UseCounts};
pub use unit::{FactSource, Unit};

/// Version of the encoded graph; raising it makes the graph be built again from facts.
pub const GRAPH_VERSION: u32 = 3;
