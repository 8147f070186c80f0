//! The checkout: where it is, which files belong to it, where builds go.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn workspace_root() -> anyhow::Result<PathBuf> {
    let here = std::env::current_dir().context("the current folder is not readable")?;
    here.ancestors()
        .find(|folder| folder.join("xtask/Cargo.toml").is_file())
        .map(Path::to_path_buf)
        .with_context(|| format!("{} is not inside the CodeContext checkout", here.display()))
}

/// Files that belong to the project, relative to `root`, sorted: those that
/// git tracks, and new ones that it does not ignore.
pub(crate) fn files(root: &Path) -> anyhow::Result<Vec<String>> {
    let listing = output_of(
        Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root),
    )?;
    let mut files: Vec<String> = listing
        .split('\0')
        .filter(|path| !path.is_empty() && root.join(path).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// The folder that cargo builds into.
pub(crate) fn target_folder(root: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    }
}

/// Runs cargo with `arguments` in `root`, showing what it prints.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    cargo_with(root, arguments, &[])
}

/// The same with `variables` in its environment.
pub(crate) fn cargo_with(
    root: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(root)
        .status()
        .context("cargo did not start")?;
    if !status.success() {
        bail!("`cargo {}` failed: {status}", arguments.join(" "));
    }
    Ok(())
}

/// Standard output of a command that must succeed.
pub(crate) fn output_of(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("`{name}` did not start"))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!("`{name}` failed ({}): {}", output.status, message.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{name}` printed invalid UTF-8"))
}
