//! Templates: plain files under `packaging/` in which `{{name}}` stands for a
//! fact of the release.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};

/// Names, and what stands in their places.
pub(super) type Facts = BTreeMap<&'static str, String>;

/// The text of a template under `packaging/`, filled in.
pub(super) fn text(root: &Path, path: &str, facts: &Facts) -> anyhow::Result<String> {
    fill(&read(root, path)?, facts, str::to_owned).with_context(|| format!("packaging/{path}"))
}

/// The same for JSON: facts are escaped, and the result is JSON.
pub(super) fn json(root: &Path, path: &str, facts: &Facts) -> anyhow::Result<String> {
    let escaped = |fact: &str| {
        let quoted = serde_json::Value::from(fact).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    let place = || format!("packaging/{path}");
    let text = fill(&read(root, path)?, facts, escaped).with_context(place)?;
    serde_json::from_str::<serde_json::Value>(&text).with_context(place)?;
    Ok(text)
}

fn read(root: &Path, path: &str) -> anyhow::Result<String> {
    let file = root.join("packaging").join(path);
    std::fs::read_to_string(&file).with_context(|| format!("could not read `{}`", file.display()))
}

fn fill(template: &str, facts: &Facts, write: impl Fn(&str) -> String) -> anyhow::Result<String> {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { bail!("a `{{{{` has no end") };
        let fact = facts.get(name).with_context(|| format!("there is no fact `{name}`"))?;
        text.push_str(before);
        text.push_str(&write(fact));
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str) -> Result<String, String> {
        let facts = Facts::from([("name", "x".to_owned()), ("version", "1.2".to_owned())]);
        fill(template, &facts, str::to_owned).map_err(|error| error.to_string())
    }

    #[test]
    fn facts_stand_in_their_places() {
        assert_eq!(filled("{{name}}-{{version}} ${kept}"), Ok("x-1.2 ${kept}".into()));
        assert_eq!(filled("none"), Ok("none".into()));
    }

    #[test]
    fn a_name_that_is_no_fact_is_refused() {
        assert!(filled("{{nmae}}").is_err_and(|error| error.contains("`nmae`")));
        assert!(filled("{{name").is_err());
    }
}
