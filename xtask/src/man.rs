//! Manual pages and completions, written by the program itself.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Context;

use crate::tree;

/// A file that belongs below a prefix such as `/usr/local`.
pub(crate) struct Share {
    /// Relative to the prefix.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Each shell, and where it looks for completions below a prefix.
const COMPLETIONS: [(&str, &str); 6] = [
    ("bash", "share/bash-completion/completions/codecontext"),
    ("elvish", "share/elvish/lib/codecontext.elv"),
    ("fish", "share/fish/vendor_completions.d/codecontext.fish"),
    ("nushell", "share/nushell/vendor/autoload/codecontext.nu"),
    ("powershell", "share/codecontext/codecontext.ps1"),
    ("zsh", "share/zsh/site-functions/_codecontext"),
];

/// Builds the program and writes its manual pages and completions below `folder`.
pub(crate) fn write(root: &Path, folder: &Path) -> anyhow::Result<ExitCode> {
    tree::cargo(root, &["build", "--quiet", "--package", "codecontext"])?;
    for share in shares(&tree::target_folder(root).join("debug/codecontext"))? {
        let file = folder.join(&share.path);
        let written = file.parent().map_or(Ok(()), fs::create_dir_all);
        written
            .and_then(|()| fs::write(&file, share.text))
            .with_context(|| format!("could not write `{}`", file.display()))?;
        println!("{}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// A program's manual pages and completions, sorted by path.
pub(crate) fn shares(program: &Path) -> anyhow::Result<Vec<Share>> {
    let mut shares = Vec::new();
    for (shell, path) in COMPLETIONS {
        let text = tree::output_of(Command::new(program).args(["completions", shell]))?;
        shares.push(Share { path: path.into(), text });
    }
    let folder = scratch()?;
    let pages = pages(program, &folder);
    // What is left in the folder for temporary files harms nobody.
    let _ = fs::remove_dir_all(&folder);
    shares.extend(pages?);
    shares.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(shares)
}

fn pages(program: &Path, folder: &Path) -> anyhow::Result<Vec<Share>> {
    tree::output_of(Command::new(program).args(["completions", "--man"]).arg(folder))?;
    let mut shares = Vec::new();
    for entry in fs::read_dir(folder).context("the manual pages were not written")? {
        let file = entry?.path();
        let name = file.file_name().and_then(|name| name.to_str());
        let name = name.context("a manual page whose name is not UTF-8")?;
        let path = format!("share/man/man1/{name}");
        let text = fs::read_to_string(&file).with_context(|| format!("{name} is not readable"))?;
        shares.push(Share { path, text });
    }
    Ok(shares)
}

/// A folder of our own among the temporary ones.
fn scratch() -> anyhow::Result<std::path::PathBuf> {
    let folder = std::env::temp_dir().join(format!("codecontext-man-{}", std::process::id()));
    fs::create_dir(&folder).with_context(|| format!("could not make `{}`", folder.display()))?;
    Ok(folder)
}
