//! Tidy: the house rules of `CONTRIBUTING.md`, held by a program.
//!
//! Each rule takes text and returns findings, so that its tests are small
//! texts; only this file reads the checkout.

mod source;

mod arrows;
mod doc_comments;
mod links;
mod names;
mod purity;
mod size;
mod whitespace;
mod words;

use std::collections::HashSet;
use std::fmt;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Context;

use crate::{docs, tree};
use source::SourceText;

/// One place that breaks a house rule.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// Relative to the root, with `/`.
    path: String,
    /// From 1.
    line: usize,
    rule: &'static str,
    /// What to do about it.
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.rule, self.message)
    }
}

/// Holds every rule over the checkout at `root`; exit code 1 if one is broken.
pub(crate) fn run(root: &Path) -> anyhow::Result<ExitCode> {
    let files = tree::files(root)?;
    let sources = read_sources(root, &files)?;
    let machine_paths = whitespace::machine_paths(root, std::env::home_dir().as_deref());
    let mut refused: Vec<Finding> = files.iter().flat_map(|path| names::check(path)).collect();
    let mut notes = Vec::new();
    for source in &sources {
        refused.extend(whitespace::check(source, &machine_paths));
        refused.extend(size::refused(source));
        notes.extend(size::worth_a_question(source));
        refused.extend(names::check_types(source));
        refused.extend(words::check(source));
        refused.extend(purity::check(source));
        refused.extend(doc_comments::check(source));
        refused.extend(links::check(source, |target| root.join(target).exists()));
    }
    refused.extend(check_arrows(root)?);
    refused.extend(check_generated_docs(root)?);

    for note in &notes {
        println!("note: {note}");
    }
    for finding in &refused {
        println!("{finding}");
    }
    let verdict = if refused.is_empty() { "tidy" } else { "not tidy" };
    println!("{verdict}: {} files, {} refused, {} notes", files.len(), refused.len(), notes.len());
    Ok(if refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every file that is text, with those marked that serve tests.
fn read_sources(root: &Path, files: &[String]) -> anyhow::Result<Vec<SourceText>> {
    let mut sources = Vec::new();
    for path in files {
        let bytes =
            std::fs::read(root.join(path)).with_context(|| format!("{path} is not readable"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            sources.push(SourceText::new(path, text));
        }
    }
    let test_modules: HashSet<String> = sources.iter().flat_map(SourceText::test_modules).collect();
    for source in &mut sources {
        if test_modules.contains(&source.path) {
            source.mark_as_test();
        }
    }
    Ok(sources)
}

fn check_arrows(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let metadata = tree::output_of(
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(root),
    )?;
    let deny = std::fs::read_to_string(root.join("deny.toml")).context("deny.toml is missing")?;
    arrows::check(&arrows::crates(&metadata)?, &arrows::bans(&deny)?, |path| {
        std::fs::read_to_string(root.join(path)).with_context(|| format!("{path} is not readable"))
    })
}

/// The command reference is compared only if a program newer than its sources
/// is at hand: tidy itself builds nothing, so that it stays quick.
fn check_generated_docs(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let Some(program) = docs::fresh_program(root)? else {
        println!("note: docs/cli.md not compared: no fresh build; `cargo xtask docs --check` does");
        return Ok(Vec::new());
    };
    Ok(docs::staleness(root, &program)?
        .map(|message| Finding {
            path: docs::REFERENCE.into(),
            line: 1,
            rule: "generated",
            message,
        })
        .into_iter()
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_like_a_compiler_message() {
        let finding = Finding {
            path: "crates/a/src/lib.rs".into(),
            line: 3,
            rule: "words",
            message: "say why".into(),
        };
        assert_eq!(finding.to_string(), "crates/a/src/lib.rs:3: words: say why");
    }
}
