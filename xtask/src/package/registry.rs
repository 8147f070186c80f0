//! `server.json`: the entry in the registry of MCP servers, which says where
//! the packages are and what the bundle's digest is.

use super::{Ingredients, Made, checksums, template};

/// Its name.
pub(super) const FILE: &str = "server.json";

/// Writes it for a bundle that has been made.
pub(super) fn make(from: &Ingredients<'_>, bundle: &Made) -> anyhow::Result<Made> {
    let mut facts = from.facts.clone();
    facts.insert("bundle_file", bundle.name.clone());
    facts.insert("bundle_sha256", checksums::hex(&bundle.bytes));
    let text = template::json(from.root, "registry/server.json", &facts)?;
    Ok(Made { name: FILE.into(), bytes: text.into_bytes() })
}
