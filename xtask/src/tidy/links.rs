//! Links: relative links in the docs lead somewhere, and so do the paths that
//! they name in backticks.

use super::Finding;
use super::source::SourceText;

/// Folders of the checkout that docs name by path.
const NAMED_FOLDERS: [&str; 5] = ["crates/", "docs/", "evals/", "scripts/", "xtask/"];

/// Checks a Markdown file; `exists` says whether a path from the root does.
pub(super) fn check(source: &SourceText, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    if !source.path.ends_with(".md") {
        return Vec::new();
    }
    let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut findings = Vec::new();
    let mut in_block = false;
    for line in source.lines() {
        let text = source.line(line);
        if text.trim_start().starts_with("```") {
            in_block = !in_block;
        }
        if in_block {
            continue;
        }
        for target in link_targets(text) {
            if resolve(folder, target).is_none_or(|path| !exists(&path)) {
                let message = format!("the link to `{target}` leads nowhere");
                findings.push(source.finding(line, "link", message));
            }
        }
        for path in named_paths(text).filter(|path| !exists(path)) {
            let message = format!("`{path}` does not exist: name where the code is now");
            findings.push(source.finding(line, "link", message));
        }
    }
    findings
}

/// Targets of the relative links in a line, without their anchors.
fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or(target).trim())
        .filter(|target| !target.is_empty() && !target.contains(':'))
}

/// Paths from the root in backticks; ones with a placeholder or pattern are skipped.
fn named_paths(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).filter(|text| {
        NAMED_FOLDERS.iter().any(|folder| text.starts_with(folder))
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "/._-".contains(c))
    })
}

/// A link's target as a path from the root; none if it leaves the root.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(path: &str, text: &str) -> usize {
        let exists = |path: &str| ["README.md", "docs/cli.md", "crates/ctx-model"].contains(&path);
        check(&SourceText::new(path, text.into()), exists).len()
    }

    #[test]
    fn relative_links_resolve_from_the_file_that_holds_them() {
        assert_eq!(broken("docs/a.md", "[x](cli.md#help) [y](../README.md) [z](https://a.b)\n"), 0);
        assert_eq!(broken("docs/a.md", "[x](gone.md), [y](../../README.md)\n"), 2);
        assert_eq!(broken("docs/a.md", "```\n[x](gone.md)\n```\n"), 0);
        assert_eq!(broken("docs/a.rs", "[x](gone.md)\n"), 0);
    }

    #[test]
    fn paths_in_backticks_exist() {
        assert_eq!(broken("A.md", "`crates/ctx-model` `crates/ctx-gone/src/lib.rs`\n"), 1);
        assert_eq!(broken("A.md", "`crates/NAME/src` `crates/*/Cargo.toml` `cargo test`\n"), 0);
    }
}
