//! Text to [`FileFacts`](ctx_model::facts::FileFacts): one folder per language,
//! a pure function of a file's bytes.
//!
//! Owns parsing, extraction and the stored encoding of facts. Never reads files,
//! clocks or the network, and knows nothing of other files.

mod block_comment;
mod builder;
mod decode;
mod encode;
mod extract;
mod go;
mod grammar;
mod java;
mod javascript;
#[cfg(test)]
mod printed;
mod python;
mod rust;
mod walk;

pub use decode::decode;
pub use encode::encode;
pub use extract::Extractor;

/// Version of what is extracted and of how it is encoded. It is part of the
/// name under which facts are kept, so raising it makes every file be parsed
/// again.
pub const FACTS_VERSION: u32 = 2;
