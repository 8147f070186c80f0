//! Names as people give them: symbols, and places in files.

use std::path::{Component, Path};

use ctx_graph::SymbolRef as Found;
use ctx_graph::question::symbols_named;

use super::meant::near_names;
use crate::error::{EngineError, ErrorKind};
use crate::host::Result;
use crate::project::{Project, Snapshot};

/// Symbols with a name, or an error that names near ones.
pub(super) fn named(project: &Project, snapshot: &Snapshot, name: &str) -> Result<Vec<Found>> {
    let name = given(&project.root, name)?;
    let found = symbols_named(&snapshot.graph, &name);
    if !found.is_empty() {
        return Ok(found);
    }
    let root = project.root.display();
    if let Some((path, line)) = place_in_file(&name) {
        let (message, hint) = match snapshot.graph.file_at(path) {
            Some(_) => (
                format!("no definition stands at line {line} of `{path}` in `{root}`"),
                "give a line inside of one",
            ),
            None => (
                format!("`{path}` is no indexed file of `{root}`"),
                "paths start at the project's root",
            ),
        };
        return Err(EngineError::new(ErrorKind::NotFound, message).with_hint(hint));
    }
    let message = format!("no definition in `{root}` is called `{name}`");
    let error = EngineError::new(ErrorKind::NotFound, message);
    let near = near_names(snapshot, &name);
    if near.is_empty() {
        return Err(error.with_hint("try `codecontext search` with words of it"));
    }
    let quoted: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    Err(error.with_hint(format!("did you mean {}?", quoted.join(", "))))
}

/// A name as the graph knows it, or an error if there is nothing to it. A path
/// may be written from the project's root, with or without `./`, or from that
/// of the file system.
pub(super) fn given(root: &Path, name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(EngineError::new(ErrorKind::InvalidRequest, "the name is empty")
            .with_hint("give a name, a qualified name or `path:line`"));
    }
    Ok(match place_in_file(name) {
        Some((path, line)) => format!("{}:{line}", inside(root, path)),
        None => name.to_string(),
    })
}

/// The path and the line of `path:line`.
fn place_in_file(name: &str) -> Option<(&str, u32)> {
    let (path, line) = name.rsplit_once(':')?;
    // `a::1` is a name of Rust: the second field of a tuple.
    if path.ends_with(':') {
        return None;
    }
    Some((path, line.parse().ok()?))
}

/// A path as the project knows it: relative to its root, as far as it lies
/// inside; any other stays as it is.
pub(crate) fn inside(root: &Path, path: &str) -> String {
    let written = Path::new(path);
    if !written.is_absolute() {
        return folded(written).unwrap_or_else(|| path.to_string());
    }
    let below = written.strip_prefix(root).ok().and_then(folded).or_else(|| {
        // One of them may be written through a link.
        let (root, written) = (root.canonicalize().ok()?, written.canonicalize().ok()?);
        folded(written.strip_prefix(root).ok()?)
    });
    below.unwrap_or_else(|| path.to_string())
}

/// A relative path without `.` and `..`; none if it leaves the folder that it
/// starts in.
fn folded(path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}
