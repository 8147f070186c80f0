//! Generated docs: the command reference, written from the program's own help.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::SystemTime;

use anyhow::Context;

use crate::tree;

/// Where the command reference lies, relative to the root.
pub(crate) const REFERENCE: &str = "docs/cli.md";

const HEAD: &str = "\
# Commands

Written by `cargo xtask docs` from the program's own help; edit the help texts in
`crates/codecontext`, not this page.
";

/// Builds the program and writes the reference.
pub(crate) fn write(root: &Path) -> anyhow::Result<ExitCode> {
    let program = build(root)?;
    let reference = reference(&program)?;
    std::fs::write(root.join(REFERENCE), reference)
        .with_context(|| format!("could not write {REFERENCE}"))?;
    println!("wrote {REFERENCE}");
    Ok(ExitCode::SUCCESS)
}

/// Builds the program and compares the reference with it; exit code 1 if stale.
pub(crate) fn check(root: &Path) -> anyhow::Result<ExitCode> {
    let program = build(root)?;
    match staleness(root, &program)? {
        None => Ok(ExitCode::SUCCESS),
        Some(message) => {
            println!("{REFERENCE}:1: generated: {message}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// What to do about a reference that differs from the program's help.
pub(crate) fn staleness(root: &Path, program: &Path) -> anyhow::Result<Option<String>> {
    let written = std::fs::read_to_string(root.join(REFERENCE)).unwrap_or_default();
    let fresh = reference(program)?;
    Ok((written != fresh).then(|| "run `cargo xtask docs`: the program's help has changed".into()))
}

/// A built program that is newer than the sources its help is written in.
pub(crate) fn fresh_program(root: &Path) -> anyhow::Result<Option<PathBuf>> {
    let mut newest_source = SystemTime::UNIX_EPOCH;
    for path in tree::files(root)? {
        if path.starts_with("crates/codecontext/") || path == "Cargo.toml" {
            newest_source = newest_source.max(modified(&root.join(path))?);
        }
    }
    let target = tree::target_folder(root);
    let mut fresh = None;
    for profile in ["debug", "release"] {
        let program = target.join(profile).join("codecontext");
        if program.is_file() && modified(&program)? > newest_source {
            fresh = Some(program);
        }
    }
    Ok(fresh)
}

fn modified(path: &Path) -> anyhow::Result<SystemTime> {
    path.metadata()
        .and_then(|metadata| metadata.modified())
        .with_context(|| format!("{} has no time of change", path.display()))
}

fn build(root: &Path) -> anyhow::Result<PathBuf> {
    tree::cargo(root, &["build", "--quiet", "--package", "codecontext"])?;
    Ok(tree::target_folder(root).join("debug/codecontext"))
}

/// The whole reference, as Markdown.
fn reference(program: &Path) -> anyhow::Result<String> {
    let mut pages = vec![];
    collect(&mut pages, vec![], &|words| help(program, words))?;
    Ok(render(&pages))
}

/// A command's words after the program's name, and its help text.
type Page = (Vec<String>, String);

fn collect(
    pages: &mut Vec<Page>,
    words: Vec<String>,
    help: &impl Fn(&[String]) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    let text = help(&words)?;
    let commands: Vec<String> = subcommands(&text).map(str::to_owned).collect();
    pages.push((words.clone(), text));
    for command in commands {
        collect(pages, [words.as_slice(), &[command]].concat(), help)?;
    }
    Ok(())
}

/// Runs `codecontext WORDS --help` in an environment that is the same everywhere.
fn help(program: &Path, words: &[String]) -> anyhow::Result<String> {
    let mut command = Command::new(program);
    command.args(words).arg("--help").env("COLUMNS", "100").env("LC_ALL", "C.UTF-8");
    // Help shows the values of variables that are set.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CODECONTEXT_") {
            command.env_remove(name);
        }
    }
    tree::output_of(&mut command)
}

/// Names under `Commands:` in a help text; `help` itself is left out.
fn subcommands(help: &str) -> impl Iterator<Item = &str> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
}

fn render(pages: &[Page]) -> String {
    let mut text = HEAD.to_owned();
    for (words, help) in pages {
        let name = [&["codecontext".to_owned()], words.as_slice()].concat().join(" ");
        let lines: Vec<&str> = help.trim().lines().map(str::trim_end).collect();
        text.push_str(&format!("\n## `{name}`\n\n```text\n{}\n```\n", lines.join("\n")));
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_reference_has_a_section_for_every_command() {
        let help = |words: &[String]| {
            Ok(match words.join(" ").as_str() {
                "" => "Knows code.\n\nCommands:\n  index  Read\n         more\n  daemon  Run\n  help  x\n\nOptions:\n  -q  x\n",
                "daemon" => "Run.  \n\nCommands:\n  stop  Stop\n",
                _ => "Leaf.\n",
            }
            .to_owned())
        };
        let mut pages = vec![];
        collect(&mut pages, vec![], &help).unwrap();
        let headings: Vec<String> = render(&pages)
            .lines()
            .filter(|line| line.starts_with("## "))
            .map(str::to_owned)
            .collect();
        expect![[r###"
            ## `codecontext`
            ## `codecontext index`
            ## `codecontext daemon`
            ## `codecontext daemon stop`"###]]
        .assert_eq(&headings.join("\n"));
        assert!(!render(&pages).contains(" \n"));
    }
}
