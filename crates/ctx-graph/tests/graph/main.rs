//! What the graph of a project says: small projects as text, their edges as text.

mod completion;
mod fixture;
mod go;
mod honesty;
mod incremental;
mod java;
mod javascript;
mod python_flow;
mod python_names;
mod questions;
mod rust;
mod typescript;
