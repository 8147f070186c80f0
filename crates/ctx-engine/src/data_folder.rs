//! What the engine keeps in a data folder, told by name: nothing is opened.
//!
//! Whoever removes a data folder removes what is named here and nothing else:
//! the folder may be one that holds other things too.

use std::path::Path;

/// Whether a path, relative to a data folder, is one that the engine makes there.
pub fn belongs(path: &Path) -> bool {
    let Some(first) = path.iter().next() else { return false };
    let rest = path.strip_prefix(first).unwrap_or(path);
    let is_first = rest.as_os_str().is_empty();
    match first.to_str() {
        Some("store") => is_first || ctx_storage::belongs(rest),
        Some("search") => is_first || is_search_index(rest),
        _ => false,
    }
}

/// Whether a data folder says that it is one.
pub fn is_marked(data_dir: &Path) -> bool {
    ctx_storage::is_store(&data_dir.join("store"))
}

/// Whether a path lies in a search index, whose folder is named by a project's
/// id. Whatever lies there, the index has put there.
fn is_search_index(path: &Path) -> bool {
    let folder = path.iter().next().and_then(|name| name.to_str()).unwrap_or_default();
    folder.len() == 32 && folder.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_engine_makes_belongs_to_it() {
        let ours = |path: &str| belongs(Path::new(path));
        let index = "search/8e6e2789b0f90c9445549add6f6d4c98";
        for path in ["store", "store/lock", "store/db-1/lock", "search", index] {
            assert!(ours(path), "{path}");
        }
        assert!(ours(&format!("{index}/meta.json")));
        for path in ["", "notes", "store/notes", "search/notes", "search/notes/a", "run", "log"] {
            assert!(!ours(path), "{path}");
        }
    }
}
