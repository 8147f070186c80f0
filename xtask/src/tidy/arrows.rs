//! Arrows: which crate may depend on which. `deny.toml` is the one table;
//! `cargo deny` holds it over the whole dependency tree, and this rule over our
//! own crates on every run.

use std::collections::BTreeMap;

use anyhow::Context;

use super::Finding;

/// A crate of the workspace.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Crate {
    pub(super) name: String,
    /// Its Cargo.toml, relative to the root.
    pub(super) manifest: String,
    /// Crates that it names as dependencies, whatever for.
    pub(super) dependencies: Vec<String>,
}

/// Crate → the only crates that may depend on it.
pub(super) type Bans = BTreeMap<String, Vec<String>>;

/// Floors of the house; an arrow leads to a strictly lower one.
const FLOORS: [(&str, u8); 11] = [
    ("ctx-model", 0),
    ("ctx-syntax", 1),
    ("ctx-security", 1),
    ("ctx-graph", 2),
    ("ctx-storage", 2),
    ("ctx-workspace", 2),
    ("ctx-search", 2),
    ("ctx-memory", 3),
    ("ctx-engine", 5),
    ("ctx-server", 6),
    ("codecontext", 7),
];

/// Crates that third parties use freely, so that `deny.toml` cannot hold them,
/// and the only ones of ours that may.
const OURS_ALONE: [(&str, &[&str]); 3] = [
    ("serde", &["ctx-server", "codecontext", "xtask"]),
    ("serde_json", &["ctx-server", "codecontext", "xtask"]),
    ("anyhow", &["codecontext", "xtask"]),
];

/// Reads the workspace's crates from `cargo metadata --no-deps`.
pub(super) fn crates(metadata: &str) -> anyhow::Result<Vec<Crate>> {
    let metadata: serde_json::Value =
        serde_json::from_str(metadata).context("`cargo metadata` printed no JSON")?;
    let root = metadata["workspace_root"].as_str().context("no `workspace_root` in metadata")?;
    let packages = metadata["packages"].as_array().context("no `packages` in metadata")?;
    packages
        .iter()
        .map(|package| {
            let manifest = package["manifest_path"].as_str().context("no `manifest_path`")?;
            let dependencies = package["dependencies"].as_array().context("no `dependencies`")?;
            Ok(Crate {
                name: package["name"].as_str().context("no `name`")?.into(),
                manifest: manifest.trim_start_matches(root).trim_start_matches('/').into(),
                dependencies: dependencies
                    .iter()
                    .filter_map(|dependency| dependency["name"].as_str())
                    .map(str::to_owned)
                    .collect(),
            })
        })
        .collect()
}

/// Reads the `[[bans.deny]]` entries that have `wrappers`.
pub(super) fn bans(deny: &str) -> anyhow::Result<Bans> {
    let document: toml::Table = deny.parse().context("deny.toml is not TOML")?;
    let entries = document
        .get("bans")
        .and_then(|bans| bans.get("deny"))
        .and_then(|deny| deny.as_array())
        .context("deny.toml has no `[[bans.deny]]`")?;
    let mut bans = Bans::new();
    for entry in entries {
        let name = entry.get("crate").and_then(|name| name.as_str());
        let wrappers = entry.get("wrappers").and_then(|list| list.as_array());
        bans.insert(
            name.context("a `[[bans.deny]]` entry has no `crate`")?.into(),
            wrappers
                .into_iter()
                .flatten()
                .filter_map(|wrapper| wrapper.as_str())
                .map(str::to_owned)
                .collect(),
        );
    }
    Ok(bans)
}

/// Forbidden arrows, and holes in the table itself. `read` returns the text of
/// a manifest, to say on which line an arrow is.
pub(super) fn check(
    crates: &[Crate],
    bans: &Bans,
    read: impl Fn(&str) -> anyhow::Result<String>,
) -> anyhow::Result<Vec<Finding>> {
    let mut findings = holes(crates, bans);
    for from in crates {
        let manifest = read(&from.manifest)?;
        for to in &from.dependencies {
            if let Some(why) = refusal(&from.name, to, bans) {
                let line =
                    manifest.lines().position(|line| line.trim_start().starts_with(to.as_str()));
                findings.push(Finding {
                    path: from.manifest.clone(),
                    line: line.map_or(1, |line| line + 1),
                    rule: "arrow",
                    message: format!("`{}` → `{to}`: {why}", from.name),
                });
            }
        }
    }
    Ok(findings)
}

fn refusal(from: &str, to: &str, bans: &Bans) -> Option<String> {
    if let Some((_, users)) = OURS_ALONE.iter().find(|(name, _)| *name == to)
        && !users.contains(&from)
    {
        return Some(format!("of our crates, only {} may use it", users.join(", ")));
    }
    let wrappers = bans.get(to)?;
    if wrappers.iter().any(|wrapper| wrapper == from) {
        return None;
    }
    Some(match wrappers.as_slice() {
        [] => "deny.toml bans it".into(),
        wrappers => format!("deny.toml lets only {} use it", wrappers.join(", ")),
    })
}

/// Our crates that the table forgets, and arrows in it that do not point down.
fn holes(crates: &[Crate], bans: &Bans) -> Vec<Finding> {
    let floor = |name: &str| FLOORS.iter().find(|(crate_, _)| *crate_ == name).map(|(_, f)| *f);
    let finding = |message| Finding { path: "deny.toml".into(), line: 1, rule: "arrow", message };
    let mut findings = Vec::new();
    for Crate { name, .. } in crates.iter().filter(|member| member.name != "xtask") {
        if floor(name).is_none() {
            findings.push(finding(format!("`{name}` has no floor: add it to tidy's `FLOORS`")));
        }
        if name != "codecontext" && !bans.contains_key(name) {
            findings.push(finding(format!("add a `[[bans.deny]]` entry for `{name}`")));
        }
    }
    for (to, wrappers) in bans {
        let Some(below) = floor(to) else { continue };
        for from in wrappers.iter().filter(|from| floor(from).is_none_or(|above| above <= below)) {
            findings.push(finding(format!("`{from}` → `{to}` does not point down")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const DENY: &str = r#"
        [[bans.deny]]
        crate = "ctx-model"
        wrappers = ["ctx-graph", "ctx-memory", "ctx-search"]
        [[bans.deny]]
        crate = "ctx-graph"
        wrappers = ["ctx-memory"]
        [[bans.deny]]
        crate = "ctx-search"
        wrappers = ["ctx-memory"]
        [[bans.deny]]
        crate = "ctx-memory"
        wrappers = []
        [[bans.deny]]
        crate = "tantivy"
        wrappers = ["ctx-search"]
    "#;

    /// `house` has a line a crate: its name, then its dependencies.
    fn check_house(deny: &str, house: &str, expected: Expect) {
        let crates: Vec<Crate> = house
            .lines()
            .map(|line| {
                let mut words = line.split_whitespace().map(str::to_owned);
                let name = words.next().unwrap();
                let manifest = format!("crates/{name}/Cargo.toml");
                Crate { name, manifest, dependencies: words.collect() }
            })
            .collect();
        let findings = check(&crates, &bans(deny).unwrap(), |_| {
            Ok("[dependencies]\nctx-model.workspace = true\n".into())
        });
        let lines: Vec<String> = findings.unwrap().iter().map(Finding::to_string).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn allowed_arrows_pass() {
        let house = "ctx-model\nctx-graph ctx-model\nctx-memory ctx-graph ctx-model thiserror";
        check_house(DENY, house, expect![""]);
    }

    #[test]
    fn a_forbidden_arrow_is_refused_where_it_is_written() {
        check_house(
            DENY,
            "ctx-model\nctx-search tantivy ctx-graph\nctx-graph serde\nctx-memory tantivy",
            expect![[r#"
                crates/ctx-search/Cargo.toml:1: arrow: `ctx-search` → `ctx-graph`: deny.toml lets only ctx-memory use it
                crates/ctx-graph/Cargo.toml:1: arrow: `ctx-graph` → `serde`: of our crates, only ctx-server, codecontext, xtask may use it
                crates/ctx-memory/Cargo.toml:1: arrow: `ctx-memory` → `tantivy`: deny.toml lets only ctx-search use it"#]],
        );
    }

    #[test]
    fn a_new_crate_cannot_be_forgotten() {
        check_house(
            DENY,
            "ctx-dreams ctx-model",
            expect![[r#"
                deny.toml:1: arrow: `ctx-dreams` has no floor: add it to tidy's `FLOORS`
                deny.toml:1: arrow: add a `[[bans.deny]]` entry for `ctx-dreams`
                crates/ctx-dreams/Cargo.toml:2: arrow: `ctx-dreams` → `ctx-model`: deny.toml lets only ctx-graph, ctx-memory, ctx-search use it"#]],
        );
    }

    #[test]
    fn the_table_itself_points_down() {
        let deny = "[[bans.deny]]\ncrate = \"ctx-graph\"\nwrappers = [\"ctx-search\"]\n";
        check_house(
            deny,
            "codecontext",
            expect!["deny.toml:1: arrow: `ctx-search` → `ctx-graph` does not point down"],
        );
    }

    #[test]
    fn crates_come_from_cargo() {
        let metadata = r#"{"workspace_root":"/w","packages":[{"name":"a",
            "manifest_path":"/w/crates/a/Cargo.toml","dependencies":[{"name":"b"}]}]}"#;
        let expected = Crate {
            name: "a".into(),
            manifest: "crates/a/Cargo.toml".into(),
            dependencies: vec!["b".into()],
        };
        assert_eq!(crates(metadata).unwrap(), [expected]);
    }
}
