//! Where a project begins.

use std::path::{Path, PathBuf};

/// Files that a build tool keeps at the top of what it builds.
const MANIFESTS: [&str; 18] = [
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "package.json",
    "deno.json",
    "go.mod",
    "go.work",
    "Cargo.toml",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "settings.gradle.kts",
    "composer.json",
    "Gemfile",
    "mix.exs",
    "CMakeLists.txt",
    "Package.swift",
];

/// The folder of the project that `start` (a folder or a file) lies in.
///
/// The nearest ancestor that holds `.codecontext/` or `.git`; without one, the
/// outermost ancestor that holds a manifest such as `Cargo.toml`; without one,
/// `start` itself, or its folder if it is a file. The home folder, what is
/// above it, and `/` never count for a manifest alone, because a stray
/// `package.json` there would make everything one project.
pub fn enclosing_project(start: &Path) -> PathBuf {
    enclosing_project_below(start, std::env::home_dir().as_deref())
}

fn enclosing_project_below(start: &Path, home: Option<&Path>) -> PathBuf {
    let start = start.canonicalize().unwrap_or_else(|_| start.to_path_buf());
    let home = home.and_then(|home| home.canonicalize().ok());
    let folder = match start.parent() {
        Some(parent) if start.is_file() => parent,
        _ => &start,
    };
    let has = |folder: &Path, name: &str| folder.join(name).symlink_metadata().is_ok();
    let is_top = |folder: &&Path| has(folder, ".codecontext") || has(folder, ".git");
    if let Some(top) = folder.ancestors().find(is_top) {
        return top.to_path_buf();
    }
    let too_broad = |folder: &Path| {
        folder.parent().is_none() || home.as_deref().is_some_and(|home| home.starts_with(folder))
    };
    folder
        .ancestors()
        .take_while(|folder| !too_broad(folder))
        .filter(|folder| MANIFESTS.iter().any(|name| has(folder, name)))
        .last()
        .unwrap_or(folder)
        .to_path_buf()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// `tree` lists files to make; a name that ends with `/` is a folder.
    fn check(tree: &str, start: &str, expected: Expect) {
        let top = tempfile::tempdir().unwrap();
        let top = top.path().canonicalize().unwrap();
        for name in tree.split_whitespace() {
            let path = top.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            if name.ends_with('/') {
                std::fs::create_dir_all(path).unwrap();
            } else {
                std::fs::write(path, "").unwrap();
            }
        }
        let root = enclosing_project_below(&top.join(start), Some(&top.join("home")));
        expected.assert_eq(&root.strip_prefix(&top).unwrap().to_string_lossy());
    }

    #[test]
    fn a_repository_is_a_project() {
        check("home/p/.git/ home/p/a/b/c.py", "home/p/a/b/c.py", expect!["home/p"]);
        check("home/p/.git home/p/a/package.json", "home/p/a", expect!["home/p"]);
    }

    #[test]
    fn our_own_folder_inside_a_repository_makes_a_project() {
        check("home/p/.git/ home/p/a/.codecontext/ home/p/a/b/", "home/p/a/b", expect!["home/p/a"]);
    }

    #[test]
    fn without_a_repository_the_outermost_manifest_counts() {
        check("home/p/Cargo.toml home/p/a/Cargo.toml", "home/p/a", expect!["home/p"]);
    }

    #[test]
    fn a_stray_manifest_at_home_makes_no_project() {
        check("home/package.json home/p/a.js", "home/p", expect!["home/p"]);
        check("home/package.json home/a.js", "home", expect!["home"]);
    }

    #[test]
    fn a_repository_at_home_is_honoured() {
        check("home/.git/ home/notes/a.md", "home/notes", expect!["home"]);
    }

    #[test]
    fn a_plain_folder_is_its_own_project() {
        check("home/x/y.txt", "home/x", expect!["home/x"]);
        check("home/x/y.txt", "home/x/y.txt", expect!["home/x"]);
    }
}
