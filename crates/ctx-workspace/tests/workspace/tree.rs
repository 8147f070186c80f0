//! Folders made from text.

use std::{os::unix::fs::symlink, path::Path};

use tempfile::TempDir;

/// A new folder with what `spec` lists, one a line: `path = content` (with
/// `\n`, `\0` and the like), `folder/`, `link -> target`.
pub(crate) fn tree(spec: &str) -> TempDir {
    let top = tempfile::tempdir().unwrap();
    grow(top.path(), spec);
    top
}

/// Adds what `spec` lists.
pub(crate) fn grow(top: &Path, spec: &str) {
    for line in spec.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let make_parent = |path: &str| {
            std::fs::create_dir_all(top.join(path).parent().unwrap()).unwrap();
        };
        if let Some((path, target)) = line.split_once(" -> ") {
            make_parent(path);
            symlink(target, top.join(path)).unwrap();
        } else if let Some((path, content)) = line.split_once(" = ") {
            make_parent(path);
            let content = content.replace("\\n", "\n").replace("\\0", "\0");
            std::fs::write(top.join(path), content).unwrap();
        } else if line.ends_with('/') {
            std::fs::create_dir_all(top.join(line)).unwrap();
        } else {
            make_parent(line);
            std::fs::write(top.join(line), "").unwrap();
        }
    }
}
