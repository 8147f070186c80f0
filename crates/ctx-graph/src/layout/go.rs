//! Go: import paths from `go.mod`.

use ctx_model::Language;

use super::folders::Folders;
use super::{Found, Manifest, join};

/// Modules of the project: import path prefix and folder, the longest prefix first.
#[derive(Debug, Default)]
pub(super) struct Modules {
    modules: Vec<(String, String)>,
}

impl Modules {
    pub(super) fn new(manifests: &[Manifest]) -> Modules {
        let mut modules: Vec<_> = manifests
            .iter()
            .filter(|manifest| manifest.path.rsplit('/').next() == Some("go.mod"))
            .filter_map(|manifest| {
                let line =
                    manifest.text.lines().find_map(|line| line.trim().strip_prefix("module "))?;
                let name = line.split("//").next().unwrap_or(line).trim().trim_matches('"');
                Some((name.to_string(), manifest.folder().to_string()))
            })
            .collect();
        modules.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Modules { modules }
    }

    pub(super) fn resolve(&self, import: &str, folders: &Folders) -> Found {
        for (name, folder) in &self.modules {
            let Some(rest) = import.strip_prefix(name.as_str()) else { continue };
            if rest.is_empty() || rest.starts_with('/') {
                let path = join(folder, rest.trim_start_matches('/'));
                let path = path.trim_end_matches('/');
                return folders.id(path, Language::Go).map_or(Found::Missing, Found::Folder);
            }
        }
        Found::External
    }

    /// The import path of a folder; the folder's own path where no module holds it.
    pub(super) fn import_path(&self, path: &str) -> String {
        self.modules
            .iter()
            .filter(|(_, folder)| {
                folder.is_empty()
                    || path == folder
                    || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
            })
            .max_by_key(|(_, folder)| folder.len())
            .map(|(name, folder)| {
                let rest = path.get(folder.len()..).unwrap_or("").trim_start_matches('/');
                join(name, rest).trim_end_matches('/').to_string()
            })
            .unwrap_or_else(|| path.to_string())
    }
}
