//! Packages: everything that installs the program without a compiler, made
//! from one built program file.
//!
//! What is made depends on the program and the checkout alone: the same bytes
//! every time, on any machine.

mod archive;
mod bundle;
mod checksums;
mod entry;
mod npm;
mod program;
mod registry;
mod release;
mod tarball;
mod template;
mod wheel;
mod zip;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::{man, tree};
use entry::Entry;
use program::Program;
use release::Release;
use template::Facts;

/// A file that was made: its name in the folder of packages, and its bytes.
struct Made {
    name: String,
    bytes: Vec<u8>,
}

/// What every format is made from.
struct Ingredients<'a> {
    /// The checkout.
    root: &'a Path,
    program: &'a Program,
    facts: &'a Facts,
    license: Vec<u8>,
    readme: String,
}

/// Where packages go and what they are made from.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    out: Option<PathBuf>,
    program: Option<PathBuf>,
}

/// Makes every package; without a program, builds the one that is released.
pub(crate) fn run(root: &Path, words: &[&str]) -> anyhow::Result<ExitCode> {
    let options = options(words)?;
    let file = match options.program {
        Some(file) => file,
        None => build(root)?,
    };
    let release = Release::read(root)?;
    let program = Program::read(&file)?;
    release.is_version_of(&file)?;
    let out = options.out.unwrap_or_else(|| tree::target_folder(root).join("package"));
    let made = make(root, &release, &program, &file)?;
    write(&out, &made)?;
    println!("{} for {}, glibc {}", release.title(), program.triple(), program.glibc());
    for made in &made {
        println!("{:>12}  {}", made.bytes.len(), out.join(&made.name).display());
    }
    Ok(ExitCode::SUCCESS)
}

fn options(words: &[&str]) -> anyhow::Result<Options> {
    let mut options = Options::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let slot = match *word {
            "--out" => &mut options.out,
            "--program" => &mut options.program,
            _ => bail!("`{word}` is none of `--out DIR`, `--program FILE`"),
        };
        let value = words.next().with_context(|| format!("`{word}` needs a value"))?;
        *slot = Some(std::path::absolute(value)?);
    }
    Ok(options)
}

/// Builds the program so that it needs no library but glibc's and the
/// compiler's.
fn build(root: &Path) -> anyhow::Result<PathBuf> {
    let arguments = ["build", "--release", "--locked", "--package", "codecontext"];
    tree::cargo_with(root, &arguments, &[("LIBZ_SYS_STATIC", "1")])?;
    Ok(tree::target_folder(root).join("release/codecontext"))
}

fn make(
    root: &Path,
    release: &Release,
    program: &Program,
    file: &Path,
) -> anyhow::Result<Vec<Made>> {
    let facts = release.facts(program);
    let ingredients = Ingredients {
        root,
        program,
        facts: &facts,
        license: fs::read(root.join("LICENSE")).context("the licence is missing")?,
        readme: template::text(root, "README.md", &facts)?,
    };
    let shares = man::shares(file)?;
    let bundle = bundle::make(&ingredients)?;
    let registry = registry::make(&ingredients, &bundle)?;
    let mut made = vec![archive::make(&ingredients, shares)?];
    made.extend(npm::make(&ingredients)?);
    made.extend([wheel::make(&ingredients)?, bundle, registry]);
    made.push(checksums::make(&made));
    Ok(made)
}

/// Writes what was made, in place of what an earlier run left there.
fn write(out: &Path, made: &[Made]) -> anyhow::Result<()> {
    fs::create_dir_all(out).with_context(|| format!("could not make `{}`", out.display()))?;
    for entry in fs::read_dir(out).with_context(|| format!("could not list `{}`", out.display()))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("codecontext-") || matches!(name, registry::FILE | checksums::FILE) {
            fs::remove_file(&path)
                .with_context(|| format!("could not replace `{}`", path.display()))?;
        }
    }
    for made in made {
        let path = out.join(&made.name);
        fs::write(&path, &made.bytes)
            .with_context(|| format!("could not write `{}`", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_two_and_each_has_a_value() {
        let read = |words: &[&str]| options(words).map_err(|error| error.to_string());
        assert_eq!(read(&[]), Ok(Options::default()));
        let out = Some(PathBuf::from("/tmp/x"));
        assert_eq!(read(&["--out", "/tmp/x"]), Ok(Options { out, program: None }));
        assert!(read(&["--out"]).is_err_and(|error| error.contains("needs a value")));
        assert!(read(&["--fast"]).is_err_and(|error| error.contains("`--fast`")));
    }
}
