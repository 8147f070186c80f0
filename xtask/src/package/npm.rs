//! Packages for npm: one that people install, with a launcher, and one a
//! platform that holds the program. Neither runs anything when it is installed.

use super::{Entry, Ingredients, Made, tarball, template};

/// Packs both.
pub(super) fn make(from: &Ingredients<'_>) -> anyhow::Result<[Made; 2]> {
    let name =
        |suffix: &str| format!("{}-npm{suffix}-{}.tgz", from.facts["name"], from.facts["version"]);
    let manifest = template::json(from.root, "npm/package.json", from.facts)?;
    let launcher = template::text(from.root, "npm/bin/codecontext.js", from.facts)?;
    let installed = tarball::pack(vec![
        Entry::plain("package/package.json", manifest.into_bytes()),
        Entry::program("package/bin/codecontext.js", launcher.into_bytes()),
        Entry::plain("package/README.md", from.readme.as_bytes()),
        Entry::plain("package/LICENSE", &from.license),
    ])?;
    let manifest = template::json(from.root, "npm/platform/package.json", from.facts)?;
    let platform = tarball::pack(vec![
        Entry::plain("package/package.json", manifest.into_bytes()),
        Entry::program("package/bin/codecontext", &from.program.bytes),
        Entry::plain("package/LICENSE", &from.license),
    ])?;
    let suffix = format!("-{}", from.facts["npm_platform"]);
    Ok([Made { name: name(""), bytes: installed }, Made { name: name(&suffix), bytes: platform }])
}
