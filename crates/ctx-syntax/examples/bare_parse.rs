//! The least that any indexer must do: parse every file of the six languages
//! under a folder and visit every node. Its CPU time is what indexing is
//! measured against.
//!
//! `bare_parse FOLDER [SKIPPED]` prints one line of JSON. SKIPPED is a file of
//! paths relative to FOLDER, one a line, that the indexer left out.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tree_sitter::{Parser, Tree};

#[derive(Default)]
struct Totals {
    files: usize,
    bytes: usize,
    lines: usize,
    nodes: usize,
    unreadable: usize,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let Some(root) = arguments.next() else {
        eprintln!("usage: bare_parse FOLDER [SKIPPED]");
        return ExitCode::from(2);
    };
    let skipped: HashSet<PathBuf> = match arguments.next().map(fs::read_to_string) {
        None => HashSet::new(),
        Some(Ok(list)) => list.lines().map(|line| root.join(line)).collect(),
        Some(Err(error)) => {
            eprintln!("SKIPPED cannot be read: {error}");
            return ExitCode::from(2);
        }
    };
    let mut totals = Totals::default();
    let mut folders = vec![root];
    let mut parser = Parser::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            totals.unreadable += 1;
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(kind) = entry.file_type() else { continue };
            if skipped.contains(&path) {
                continue;
            }
            if kind.is_dir() && !entry.file_name().to_string_lossy().starts_with('.') {
                folders.push(path);
            } else if kind.is_file() {
                parse(&mut parser, &path, &mut totals);
            }
        }
    }
    let Totals { files, bytes, lines, nodes, unreadable } = totals;
    println!(
        r#"{{"files":{files},"bytes":{bytes},"lines":{lines},"nodes":{nodes},"unreadable":{unreadable}}}"#
    );
    ExitCode::SUCCESS
}

fn parse(parser: &mut Parser, path: &Path, totals: &mut Totals) {
    let Some(grammar) = grammar_of(path) else { return };
    let Ok(text) = fs::read(path) else {
        totals.unreadable += 1;
        return;
    };
    parser.set_language(&grammar).expect("linked grammars match the linked library");
    let Some(tree) = parser.parse(&text, None) else { return };
    totals.files += 1;
    totals.bytes += text.len();
    totals.lines += text.iter().filter(|byte| **byte == b'\n').count();
    totals.nodes += count_nodes(&tree);
}

fn count_nodes(tree: &Tree) -> usize {
    let mut cursor = tree.walk();
    let mut nodes = 1;
    loop {
        if cursor.goto_first_child() || cursor.goto_next_sibling() {
            nodes += 1;
            continue;
        }
        loop {
            if !cursor.goto_parent() {
                return nodes;
            }
            if cursor.goto_next_sibling() {
                nodes += 1;
                break;
            }
        }
    }
}

fn grammar_of(path: &Path) -> Option<tree_sitter::Language> {
    let language = match path.extension()?.to_str()? {
        "py" | "pyi" | "pyw" => tree_sitter_python::LANGUAGE,
        "js" | "jsx" | "mjs" | "cjs" => tree_sitter_javascript::LANGUAGE,
        "ts" | "mts" | "cts" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        "tsx" => tree_sitter_typescript::LANGUAGE_TSX,
        "go" => tree_sitter_go::LANGUAGE,
        "rs" => tree_sitter_rust::LANGUAGE,
        "java" => tree_sitter_java::LANGUAGE,
        _ => return None,
    };
    Some(language.into())
}
