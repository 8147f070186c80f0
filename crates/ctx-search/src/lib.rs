//! Find code and text by words: BM25F over a tantivy index.
//!
//! Owns how text becomes terms, how files become chunks, what lies in the index
//! and how answers are ranked. Never walks a project's files, parses a
//! language or keeps any text: callers pass text in and read lines themselves.
//!
//! ```
//! use ctx_search::{FileDocument, Place, SearchIndex};
//!
//! let index = SearchIndex::open(&Place::Memory)?;
//! let mut session = index.begin()?;
//! session.put_file(&FileDocument {
//!     file: 7,
//!     path: "src/park.rs",
//!     text: "fn park_worker() {}\n",
//!     comments: &[],
//!     definitions: &[],
//! })?;
//! session.commit("first")?;
//! let hits = index.search("parking workers", &|_| true, 10)?;
//! assert_eq!((hits[0].file, hits[0].start_line), (7, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod document;
mod fields;
mod folder;
pub mod history;
pub mod index;
pub mod outline;
pub mod query;
pub mod rank;
pub mod role;
pub mod score;
mod snapshot;
pub mod snippet;
mod terms;
pub mod words;

pub use document::{CommitDocument, DefinitionOutline, FileDocument};
pub use fields::TextField;
pub use folder::{Seal, Sealing};
pub use index::{IndexError, OpenError, Place, SearchIndex, Session};
pub use query::Query;
pub use rank::{ChunkHit, Evidence, FileHit, FilePrior, Match};
pub use role::FileRole;
