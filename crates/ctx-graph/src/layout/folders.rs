//! Folders that hold parsed files, numbered.

use ctx_model::Language;
use rustc_hash::FxHashMap;

use crate::node::FileNumber;

/// Number of a folder of one language.
pub type FolderId = u32;

#[derive(Debug)]
struct Folder {
    path: Box<str>,
    files: Vec<FileNumber>,
}

/// Folders by path and language.
#[derive(Debug, Default)]
pub(super) struct Folders {
    ids: FxHashMap<(Box<str>, Language), FolderId>,
    all: Vec<Folder>,
}

impl Folders {
    pub(super) fn add(&mut self, path: &str, language: Language, file: FileNumber) {
        let id = self.ensure(path, language);
        self.all[id as usize].files.push(file);
        // Python namespace packages are folders that hold only folders.
        if language == Language::Python {
            let mut at = path;
            while !at.is_empty() {
                at = super::parent(at);
                self.ensure(at, language);
            }
        }
    }

    fn ensure(&mut self, path: &str, language: Language) -> FolderId {
        if let Some(&id) = self.ids.get(&(path.into(), language)) {
            return id;
        }
        let id = self.all.len() as FolderId;
        self.all.push(Folder { path: path.into(), files: Vec::new() });
        self.ids.insert((path.into(), language), id);
        id
    }

    pub(super) fn id(&self, path: &str, language: Language) -> Option<FolderId> {
        self.ids.get(&(path.into(), language)).copied()
    }

    pub(super) fn path(&self, id: FolderId) -> &str {
        self.all.get(id as usize).map_or("", |folder| &folder.path)
    }

    pub(super) fn files(&self, id: FolderId) -> &[FileNumber] {
        self.all.get(id as usize).map_or(&[], |folder| &folder.files)
    }
}
