//! The MCP bundle (`.mcpb`, manifest version 0.3): what desktop programs
//! install with a double click.

use super::zip::{Deflated, Zip};
use super::{Ingredients, Made, template};

/// Packs it.
pub(super) fn make(from: &Ingredients<'_>) -> anyhow::Result<Made> {
    let manifest = template::json(from.root, "mcpb/manifest.json", from.facts)?;
    let mut zip = Zip::default();
    zip.add("manifest.json", 0o644, &Deflated::of(manifest.as_bytes()))?;
    zip.add("LICENSE", 0o644, &Deflated::of(&from.license))?;
    zip.add("README.md", 0o644, &Deflated::of(from.readme.as_bytes()))?;
    zip.add("server/codecontext", 0o755, &from.program.deflated)?;
    let name = format!(
        "{}-{}-{}.mcpb",
        from.facts["name"], from.facts["version"], from.facts["npm_platform"]
    );
    Ok(Made { name, bytes: zip.finish()? })
}
