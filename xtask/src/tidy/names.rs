//! Names: a file or type is named after its thing, never after a pattern.

use super::Finding;
use super::source::SourceText;

/// Names that say nothing, as a whole file, folder or type name.
const EMPTY_NAMES: [&str; 16] = [
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "service",
    "services", "impl", "impls", "base", "data", "info", "stuff",
];

/// Patterns that no type name may end in.
const EMPTY_ENDINGS: [&str; 6] = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl"];

/// Checks the path of a source file.
pub(super) fn check(path: &str) -> Vec<Finding> {
    let is_source = [".rs", ".py", ".sh", ".ts", ".proto"].iter().any(|end| path.ends_with(end));
    let empty = path
        .split('/')
        .map(|name| name.split('.').next().unwrap_or(name))
        .find(|name| EMPTY_NAMES.contains(name));
    match empty {
        Some(name) if is_source => vec![Finding {
            path: path.into(),
            line: 1,
            rule: "name",
            message: format!("`{name}` names no thing: name it after what it holds"),
        }],
        _ => Vec::new(),
    }
}

/// Checks the types that a file defines.
pub(super) fn check_types(source: &SourceText) -> Vec<Finding> {
    if !source.is_rust() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for keyword in ["struct", "enum", "trait", "type"] {
        for at in source.words(keyword) {
            // An associated type has the name that its trait gives it.
            let line = source.line(source.line_of(at));
            if keyword == "type" && line.starts_with(' ') {
                continue;
            }
            let after = source.code[at + keyword.len()..].trim_start();
            let end = after.find(|c: char| c != '_' && !c.is_alphanumeric());
            let name = &after[..end.unwrap_or(after.len())];
            let is_empty = EMPTY_NAMES.contains(&name.to_ascii_lowercase().as_str());
            if is_empty || EMPTY_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
                let message = format!("`{name}` names a pattern: name it after its thing");
                findings.push(source.finding(source.line_of(at), "name", message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(text: &str) -> usize {
        check_types(&SourceText::new("a.rs", text.into())).len()
    }

    #[test]
    fn files_and_folders_are_named_after_their_thing() {
        assert_eq!(check("crates/ctx-memory/src/utils.rs").len(), 1);
        assert_eq!(check("crates/ctx-memory/src/helpers/mod.rs").len(), 1);
        assert_eq!(check("evals/common.py").len(), 1);
        assert!(check("crates/ctx-memory/src/forget.rs").is_empty());
        assert!(check("docs/data.md").is_empty());
    }

    #[test]
    fn types_are_named_after_their_thing() {
        assert_eq!(types("struct MemoryManager;\nenum Data { A }\ntrait StoreImpl {}"), 3);
        assert_eq!(types("pub struct Recall { limit: usize } // struct Helper"), 0);
        assert_eq!(types("impl Database {\n    type Data = Bytes;\n    fn base(&self) {}\n}"), 0);
    }
}
