//! Where modules live: from the names of files and the ecosystem's own
//! manifests to 'which file does this import mean'.

mod folders;
mod java;
mod javascript;
mod python;
mod rust;
mod go;

use ctx_model::Language;
use rustc_hash::FxHashMap;

use crate::node::FileNumber;

pub use folders::FolderId;

/// A manifest's text, as far as the layout needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Path relative to the project's root.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

impl Manifest {
    /// Whether a file of this name tells where modules live.
    pub fn is_one(path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        matches!(name, "go.mod" | "Cargo.toml" | "package.json")
            || (name.starts_with("tsconfig") && name.ends_with(".json"))
    }

    fn folder(&self) -> &str {
        parent(&self.path)
    }
}

/// What a module's name leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A file.
    File(FileNumber),
    /// A folder that is a module itself: a Go or Java package, a Python
    /// namespace package.
    Folder(FolderId),
    /// Nothing of the project: the standard library or a dependency.
    External,
    /// It should be in the project and is not there.
    Missing,
}

/// A file as the layout needs it.
#[derive(Debug, Clone, Copy)]
pub struct LayoutFile<'a> {
    /// Its number.
    pub number: FileNumber,
    /// Its path relative to the project's root.
    pub path: &'a str,
    /// What it is written in.
    pub language: Language,
}

/// Where modules live in one project.
#[derive(Debug, Default)]
pub struct Layout {
    numbers: FxHashMap<Box<str>, FileNumber>,
    paths: FxHashMap<FileNumber, Box<str>>,
    folders: folders::Folders,
    python: python::Modules,
    javascript: javascript::Packages,
    go: go::Modules,
    rust: rust::Crates,
    java: java::Packages,
}

impl Layout {
    /// Lays out a project.
    pub fn new(files: &[LayoutFile<'_>], manifests: &[Manifest]) -> Layout {
        let mut layout = Layout::default();
        // Numbers are given as files are read, which differs from run to run; of
        // two files that define one name the first by its path is meant.
        let mut files = files.to_vec();
        files.sort_unstable_by_key(|file| file.path);
        let files = files.as_slice();
        for file in files {
            layout.numbers.insert(file.path.into(), file.number);
            layout.paths.insert(file.number, file.path.into());
            if file.language.is_parsed() {
                layout.folders.add(parent(file.path), file.language, file.number);
            }
        }
        layout.python = python::Modules::new(files, &layout.numbers);
        layout.javascript = javascript::Packages::new(manifests);
        layout.go = go::Modules::new(manifests);
        layout.rust = rust::Crates::new(manifests, &layout.numbers);
        layout.java = java::Packages::new(files);
        layout
    }

    /// The number of the file at a path.
    pub fn number(&self, path: &str) -> Option<FileNumber> {
        self.numbers.get(path).copied()
    }

    /// The path of a file.
    pub fn path(&self, file: FileNumber) -> &str {
        self.paths.get(&file).map_or("", |path| path)
    }

    /// What an import's module, as written in `from`, leads to. Rust paths are
    /// walked by the binder, segment by segment.
    pub fn resolve(&self, from: FileNumber, language: Language, module: &str) -> Found {
        let path = self.path(from);
        match language {
            Language::Python => self.python.resolve(path, module, &self.folders),
            Language::JavaScript | Language::TypeScript | Language::Tsx => {
                self.javascript.resolve(path, module, &self.numbers)
            }
            Language::Go => self.go.resolve(module, &self.folders),
            Language::Java => self.java.resolve(module, &self.folders),
            Language::Rust | Language::Text => Found::External,
        }
    }

    /// What the qualified names of a file's symbols start with.
    pub fn module_name(&self, file: FileNumber, language: Language, package: &str) -> String {
        let path = self.path(file);
        match language {
            Language::Python => self.python.name(path, &self.numbers),
            Language::Go => self.go.import_path(parent(path)),
            Language::Java => package.to_string(),
            Language::Rust => self.rust.module_path(path, &self.numbers),
            _ => without_ending(path).to_string(),
        }
    }

    /// Files that share a Go or Java package with a file and see each other's
    /// names without an import.
    pub fn package_of(&self, file: FileNumber, language: Language, package: &str) -> Vec<FolderId> {
        match language {
            Language::Go => {
                self.folders.id(parent(self.path(file)), language).into_iter().collect()
            }
            Language::Java => self.java.folders(package, &self.folders),
            _ => Vec::new(),
        }
    }

    /// Files of a folder that is a module.
    pub fn files_in(&self, folder: FolderId) -> &[FileNumber] {
        self.folders.files(folder)
    }

    /// A submodule of a Python package or namespace package.
    pub fn python_child(
        &self,
        file: Option<FileNumber>,
        folder: Option<FolderId>,
        name: &str,
    ) -> Found {
        let base = match (file, folder) {
            (Some(file), _) => {
                let path = self.path(file);
                if !path.ends_with("__init__.py") && !path.ends_with("__init__.pyi") {
                    return Found::Missing;
                }
                parent(path)
            }
            (_, Some(folder)) => self.folders.path(folder),
            _ => return Found::Missing,
        };
        python::child(base, name, &self.numbers, &self.folders)
    }

    /// The root file of the crate that a Rust file belongs to.
    pub fn crate_root(&self, file: FileNumber) -> Option<FileNumber> {
        self.rust.root_of(self.path(file), &self.numbers)
    }

    /// The root file of a crate of the project, by the name that code uses.
    pub fn crate_named(&self, name: &str) -> Option<FileNumber> {
        self.rust.named(name)
    }

    /// Whether a manifest of the project names a crate as a dependency.
    pub fn is_rust_dependency(&self, name: &str) -> bool {
        self.rust.is_dependency(name)
    }

    /// The file of `mod name;` written in a Rust file, inside the inline modules
    /// named by `within`.
    pub fn rust_child(&self, file: FileNumber, within: &[&str], name: &str) -> Option<FileNumber> {
        self.rust.child(self.path(file), within, name, &self.numbers)
    }

    /// The file whose `mod` declares this Rust file, if it is not a root.
    pub fn rust_parent(&self, file: FileNumber) -> Option<FileNumber> {
        self.rust.declaring(self.path(file), &self.numbers)
    }
}

/// The folder of a path, empty for the root.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last segment of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A path without its last ending.
pub(crate) fn without_ending(path: &str) -> &str {
    let start = path.len() - file_name(path).len();
    match path[start..].rfind('.') {
        Some(dot) if dot > 0 => &path[..start + dot],
        _ => path,
    }
}

/// `folder/name` without a leading `/` for the root.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_string() } else { format!("{folder}/{name}") }
}

/// How many leading folders two paths share.
pub(crate) fn shared_folders(a: &str, b: &str) -> usize {
    parent(a).split('/').zip(parent(b).split('/')).take_while(|(a, b)| a == b).count()
}
