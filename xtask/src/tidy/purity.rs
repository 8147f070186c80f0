//! Purity: crates that only compute never touch files, clocks, the network,
//! the environment, processes or threads, and only the outer crates serialise.

use super::Finding;
use super::source::SourceText;

/// Crates that take text, time and randomness as arguments and return values.
const PURE_CRATES: [&str; 4] = ["ctx-model", "ctx-syntax", "ctx-graph", "ctx-security"];

/// Modules of the standard library that reach outside.
const OUTSIDE_MODULES: [&str; 5] = ["fs", "net", "env", "process", "thread"];

/// Ways to read a clock.
const CLOCKS: [&str; 4] = ["SystemTime", "Instant::now", "Timestamp::now", "Zoned::now"];

/// Crates whose types may derive serde: the wire and the program.
const SERIALISING_CRATES: [&str; 2] = ["ctx-server", "codecontext"];

/// Forbidden reaches of a crate's shipped code.
pub(super) fn check(source: &SourceText) -> Vec<Finding> {
    let Some((owner, file)) =
        source.path.strip_prefix("crates/").and_then(|rest| rest.split_once("/src/"))
    else {
        return Vec::new();
    };
    if !file.ends_with(".rs") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if PURE_CRATES.contains(&owner) {
        findings.extend(outside_reaches(source).into_iter().map(|(line, reach)| {
            let message =
                format!("`{owner}` only computes: take the result of `{reach}` as an argument");
            source.finding(line, "purity", message)
        }));
    }
    if !SERIALISING_CRATES.contains(&owner) {
        for word in ["Serialize", "Deserialize"] {
            findings.extend(shipped(source, source.words(word)).map(|line| {
                let message =
                    "domain types derive no serde: give the server or storage its own version";
                source.finding(line, "serde", message.into())
            }));
        }
    }
    findings
}

fn outside_reaches(source: &SourceText) -> Vec<(usize, String)> {
    let mut reaches = Vec::new();
    for module in OUTSIDE_MODULES {
        let path = format!("std::{module}");
        reaches.extend(shipped(source, source.words(&path)).map(|line| (line, path.clone())));
    }
    for clock in CLOCKS {
        reaches.extend(shipped(source, source.words(clock)).map(|line| (line, clock.into())));
    }
    for (at, group) in source.code.match_indices("std::{") {
        let open = at + group.len() - 1;
        let body = &source.code[open + 1..source.closing(open).unwrap_or(source.code.len())];
        let line = source.line_of(at);
        if source.is_test_line(line) {
            continue;
        }
        for item in body.split(',').map(|item| item.trim().split("::").next().unwrap_or(item)) {
            if OUTSIDE_MODULES.contains(&item) {
                reaches.push((line, format!("std::{item}")));
            }
        }
    }
    reaches
}

/// The lines of those offsets that are outside tests.
fn shipped<'a>(
    source: &'a SourceText,
    offsets: impl Iterator<Item = usize> + 'a,
) -> impl Iterator<Item = usize> + 'a {
    offsets.map(|at| source.line_of(at)).filter(|line| !source.is_test_line(*line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        let source = SourceText::new(path, text.into());
        check(&source).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn pure_crates_reach_for_nothing_outside() {
        let graph = "crates/ctx-graph/src/a.rs";
        assert_eq!(rules(graph, "use std::fs;"), ["purity"]);
        assert_eq!(rules(graph, "use std::{fmt, process::Command};"), ["purity"]);
        assert_eq!(rules(graph, "let now = Instant::now();"), ["purity"]);
        assert!(rules(graph, "use std::fmt; // std::fs\nlet a = \"std::net\";").is_empty());
        assert!(rules(graph, "#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n").is_empty());
        assert!(rules("crates/ctx-workspace/src/a.rs", "use std::fs;").is_empty());
        assert!(rules("crates/ctx-syntax/examples/a.rs", "use std::fs;").is_empty());
    }

    #[test]
    fn domain_types_derive_no_serde() {
        let derive = "#[derive(Debug, Serialize)]\nstruct A;";
        assert_eq!(rules("crates/ctx-memory/src/a.rs", derive), ["serde"]);
        assert!(rules("crates/ctx-server/src/a.rs", derive).is_empty());
    }
}
