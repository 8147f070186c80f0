//! Plain text that is the same on every machine: no trailing whitespace, a line
//! break at the end, Unix line breaks, no path of the machine it was written on.

use std::path::Path;

use super::Finding;
use super::source::SourceText;

/// Folders whose files are test input and keep their bytes as they are.
const VERBATIM_FOLDERS: [&str; 4] = ["fixtures", "corpus", "goldens", "golden"];

/// Names in examples that are nobody's.
const SAMPLE_PEOPLE: [&str; 6] = ["ada", "alice", "ann", "bob", "you", "user"];

/// Texts that only a path of somebody's machine starts with: the checkout, the
/// home folder, and where homes lie on Linux and macOS.
pub(super) fn machine_paths(root: &Path, home: Option<&Path>) -> Vec<String> {
    let mut paths: Vec<String> = [Some(root), home]
        .into_iter()
        .flatten()
        .map(|path| format!("{}/", path.display()))
        .filter(|path| path.len() > 3)
        .collect();
    // Split, so that this file is not its own finding.
    paths.push(concat!("/ho", "me/").into());
    paths.push(concat!("/Use", "rs/").into());
    paths
}

/// Checks one file; `machine_paths` are texts that must not appear.
pub(super) fn check(source: &SourceText, machine_paths: &[String]) -> Vec<Finding> {
    if source.text.contains('\0') || source.path.split('/').any(|f| VERBATIM_FOLDERS.contains(&f)) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for line in source.lines() {
        let text = source.line(line);
        if text.ends_with('\r') {
            findings.push(source.finding(line, "whitespace", "use Unix line breaks".into()));
        } else if text.ends_with([' ', '\t']) && !source.ends_in_literal(line) {
            let message = "remove the whitespace at the end of the line";
            findings.push(source.finding(line, "whitespace", message.into()));
        }
        if let Some(found) = machine_paths.iter().find(|path| holds_path(text, path)) {
            let message = format!("`{found}` is a path of one machine: make it relative");
            findings.push(source.finding(line, "machine-path", message));
        }
    }
    if !source.text.is_empty() && !source.text.ends_with('\n') {
        let line = *source.lines().end();
        let message = "end the file with a line break";
        findings.push(source.finding(line, "whitespace", message.into()));
    }
    findings
}

/// Whether an absolute path that starts with `prefix` stands in `text`: not one
/// in the middle of a longer path, and with somebody's name after it.
fn holds_path(text: &str, prefix: &str) -> bool {
    text.match_indices(prefix).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | '/');
        let rest = &text[at + prefix.len()..];
        let name = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(rest);
        !before.is_some_and(is_inside) && name.len() > 1 && !SAMPLE_PEOPLE.contains(&name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let source = SourceText::new(path, text.into());
        let paths = machine_paths(Path::new("/srv/checkout"), None);
        check(&source, &paths).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn trailing_whitespace_is_refused_outside_strings() {
        assert_eq!(lines("a.md", "a \nb\n"), [1]);
        assert!(lines("a.rs", "let a = \"x \n y\";\n").is_empty());
        assert!(lines("tests/fixtures/a.py", "a \r\n").is_empty());
    }

    #[test]
    fn files_end_with_a_line_break() {
        assert_eq!(lines("a.md", "a\nb"), [2]);
        assert!(lines("a.md", "").is_empty());
        assert_eq!(lines("a.md", "a\r\n"), [1]);
    }

    #[test]
    fn no_path_of_a_machine() {
        assert_eq!(lines("a.md", concat!("/ho", "me/carol/x\n")), [1]);
        assert!(lines("a.md", concat!("/ho", "me/ada/x\n")).is_empty());
        assert_eq!(lines("a.md", "cd /srv/checkout/crates\n"), [1]);
        assert!(lines("a.md", concat!("web/ho", "me/x and /ho", "me/\n")).is_empty());
    }
}
