//! Java: packages by the end of their folders' paths.

use ctx_model::Language;
use rustc_hash::FxHashMap;

use super::folders::{FolderId, Folders};
use super::{Found, LayoutFile, parent};

/// Java folders by their last segment.
#[derive(Debug, Default)]
pub(super) struct Packages {
    folders: FxHashMap<Box<str>, Vec<Box<str>>>,
}

impl Packages {
    pub(super) fn new(files: &[LayoutFile<'_>]) -> Packages {
        let mut packages = Packages::default();
        for file in files.iter().filter(|file| file.language == Language::Java) {
            let folder = parent(file.path);
            let last = folder.rsplit('/').next().unwrap_or(folder);
            let paths = packages.folders.entry(last.into()).or_default();
            if !paths.iter().any(|known| &**known == folder) {
                paths.push(folder.into());
            }
        }
        packages
    }

    /// The folders that hold a package: the main sources, the tests, other modules.
    pub(super) fn folders(&self, package: &str, folders: &Folders) -> Vec<FolderId> {
        let path = package.replace('.', "/");
        let last = path.rsplit('/').next().unwrap_or(&path);
        let mut found: Vec<FolderId> = self
            .folders
            .get(last)
            .into_iter()
            .flatten()
            .filter(|folder| {
                folder
                    .strip_suffix(path.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            })
            .filter_map(|folder| folders.id(folder, Language::Java))
            .collect();
        found.sort_unstable();
        found
    }

    pub(super) fn resolve(&self, package: &str, folders: &Folders) -> Found {
        self.folders(package, folders).first().map_or(Found::External, |id| Found::Folder(*id))
    }
}
