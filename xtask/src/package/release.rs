//! The release: what Cargo's metadata says of the program, said nowhere else.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;

use super::program::Program;
use super::template::Facts;
use crate::tree;

/// What every package says of the program.
pub(super) struct Release {
    name: String,
    version: String,
    license: String,
    repository: String,
    title: String,
    summary: String,
    npm_scope: String,
    mcp_name: String,
}

/// Registries of tools cut a longer summary off.
const SUMMARY_MAX: usize = 100;

impl Release {
    /// Reads `crates/codecontext/Cargo.toml` through Cargo.
    pub(super) fn read(root: &Path) -> anyhow::Result<Release> {
        let metadata = tree::output_of(
            Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
                .args(["metadata", "--no-deps", "--format-version", "1"])
                .current_dir(root),
        )?;
        Release::from_metadata(&metadata)
    }

    fn from_metadata(metadata: &str) -> anyhow::Result<Release> {
        let metadata: Value =
            serde_json::from_str(metadata).context("`cargo metadata` printed no JSON")?;
        let packages = metadata["packages"].as_array().context("no `packages` in metadata")?;
        let package = packages.iter().find(|package| package["name"] == "codecontext");
        let package = package.context("no package `codecontext` in metadata")?;
        let distribution = &package["metadata"]["distribution"];
        let text = |value: &Value, name: &str| {
            let text = value[name].as_str().map(str::to_owned);
            text.with_context(|| format!("Cargo.toml does not say `{name}`"))
        };
        let release = Release {
            name: text(package, "name")?,
            version: text(package, "version")?,
            license: text(package, "license")?,
            repository: text(package, "repository")?,
            title: text(distribution, "title")?,
            summary: text(distribution, "summary")?,
            npm_scope: text(distribution, "npm-scope")?,
            mcp_name: text(distribution, "mcp-name")?,
        };
        if release.summary.chars().count() > SUMMARY_MAX {
            bail!("the summary has more than {SUMMARY_MAX} characters");
        }
        Ok(release)
    }

    /// Its title and version.
    pub(super) fn title(&self) -> String {
        format!("{} {}", self.title, self.version)
    }

    /// Refuses a program of another version: an old build lies around easily.
    pub(super) fn is_version_of(&self, file: &Path) -> anyhow::Result<()> {
        let said = tree::output_of(Command::new(file).arg("--version"))?;
        let expected = format!("{} {}", self.name, self.version);
        if said.trim() != expected {
            bail!("`{}` says it is `{}`, not `{expected}`", file.display(), said.trim());
        }
        Ok(())
    }

    /// Everything that a template can name.
    pub(super) fn facts(&self, program: &Program) -> Facts {
        let platform = program.platform();
        Facts::from([
            ("name", self.name.clone()),
            ("version", self.version.clone()),
            ("license", self.license.clone()),
            ("repository", self.repository.clone()),
            ("title", self.title.clone()),
            ("summary", self.summary.clone()),
            ("npm_scope", self.npm_scope.clone()),
            ("mcp_name", self.mcp_name.clone()),
            ("triple", program.triple().to_owned()),
            ("npm_platform", format!("{}-{}", platform.npm_os, platform.npm_cpu)),
            ("npm_os", platform.npm_os.to_owned()),
            ("npm_cpu", platform.npm_cpu.to_owned()),
            ("mcpb_platform", platform.npm_os.to_owned()),
            ("wheel_tag", program.wheel_tag()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(summary: &str) -> String {
        format!(
            r#"{{"packages":[{{"name":"codecontext","version":"1.2.3","license":"MIT",
            "repository":"https://example.org/x","metadata":{{"distribution":{{"title":"X",
            "summary":"{summary}","npm-scope":"@x","mcp-name":"org.example/x"}}}}}}]}}"#
        )
    }

    #[test]
    fn it_comes_from_cargo() {
        let release = Release::from_metadata(&metadata("Knows")).unwrap();
        assert_eq!((release.title().as_str(), release.npm_scope.as_str()), ("X 1.2.3", "@x"));
    }

    #[test]
    fn what_is_missing_or_too_long_is_told() {
        let long = "x".repeat(SUMMARY_MAX + 1);
        assert!(Release::from_metadata(&metadata(&long)).is_err());
        let without = metadata("Knows").replace("mcp-name", "other");
        let error = Release::from_metadata(&without).err().unwrap().to_string();
        assert!(error.contains("`mcp-name`"), "{error}");
    }
}
