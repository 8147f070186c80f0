//! House rules, generated docs, evaluations and packages, run as `cargo xtask NAME`.
//!
//! Owns what the project says about itself. Nothing that ships depends on it.

mod tree;

mod docs;
mod eval;
mod man;
mod package;
mod tidy;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  tidy                  hold the house rules; prints `path:line: rule: what to do`
  docs [--check]        write docs/cli.md from the program's own help, or say whether it is stale
  eval NAME [OPTION…]   measure against a public reference and update docs/measurements.md;
                        `cargo xtask eval` alone lists the names
  man DIR               write manual pages and completions below DIR, as below /usr/local
  package [--out DIR] [--program FILE]
                        make the packages of a release, of FILE or of a release build
";

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = tree::workspace_root()?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["tidy"] => tidy::run(&root),
        ["docs"] => docs::write(&root),
        ["docs", "--check"] => docs::check(&root),
        ["eval"] => Ok(eval::list()),
        ["eval", name, options @ ..] => eval::run(&root, name, options),
        ["man", folder] => man::write(&root, Path::new(folder)),
        ["package", options @ ..] => package::run(&root, options),
        _ => {
            eprint!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    }
}
