//! Evaluations: builds the release program and hands it, as a black box, to the
//! script of one set under `evals/`.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Context;

use crate::tree;

/// What `cargo xtask eval NAME` can measure; `evals/NAME.py` with `_` for `-`.
const EVALUATIONS: [(&str, &str); 8] = [
    ("index-speed", "CPU and memory of a cold index against a bare parse of the same files"),
    ("latency", "answers through a warm daemon, and from a saved file to its new symbol"),
    ("localisation", "bug reports in prose → the files that their commits changed"),
    ("references", "references by file and line against compilers' own"),
    ("jedi", "call edges of Python packages against jedi's"),
    ("memory", "turns of long conversations that hold the answer to a question"),
    ("large-tree", "a tree of two million lines"),
    ("peers", "other indexers on the same tree, if they are installed"),
];

/// Prints what can be measured.
pub(crate) fn list() -> ExitCode {
    println!("cargo xtask eval NAME [OPTION…]; `--help` after a name lists its options\n");
    for (name, what) in EVALUATIONS {
        println!("  {name:14}{what}");
    }
    ExitCode::SUCCESS
}

/// Builds what the evaluation called `name` needs and runs it with `options`.
pub(crate) fn run(root: &Path, name: &str, options: &[&str]) -> anyhow::Result<ExitCode> {
    if !EVALUATIONS.iter().any(|(known, _)| *known == name) {
        eprintln!("no evaluation is called `{name}`\n");
        list();
        return Ok(ExitCode::from(2));
    }
    let release = tree::target_folder(root).join("release");
    let asks_for_help = options.iter().any(|option| matches!(*option, "-h" | "--help"));
    if !asks_for_help {
        tree::cargo(root, &["build", "--release", "--package", "codecontext"])?;
        if matches!(name, "index-speed" | "large-tree" | "peers") {
            let example = ["--package", "ctx-syntax", "--example", "bare_parse"];
            tree::cargo(root, &[&["build", "--release"], example.as_slice()].concat())?;
        }
    }
    let script = root.join("evals").join(format!("{}.py", name.replace('-', "_")));
    let status = Command::new("python3")
        .arg(script)
        .args(options)
        .env("CODECONTEXT_EVAL_PROGRAM", release.join("codecontext"))
        .env("CODECONTEXT_EVAL_BARE_PARSE", release.join("examples/bare_parse"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(root)
        .status()
        .context("python3 did not start")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
