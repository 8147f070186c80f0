//! Python: packages by `__init__.py`, source roots, namespace packages,
//! relative imports.

use ctx_model::Language;
use rustc_hash::FxHashMap;

use super::folders::Folders;
use super::{Found, LayoutFile, file_name, join, parent, shared_folders, without_ending};
use crate::node::FileNumber;

type Numbers = FxHashMap<Box<str>, FileNumber>;

/// Folders whose contents are importable by convention.
const SOURCE_ROOTS: [&str; 4] = ["src", "lib", "python", "source"];

/// Python modules by their dotted names.
#[derive(Debug, Default)]
pub(super) struct Modules {
    files: FxHashMap<Box<str>, Vec<Box<str>>>,
    numbers: FxHashMap<Box<str>, FileNumber>,
    folders: FxHashMap<Box<str>, Vec<Box<str>>>,
}

impl Modules {
    pub(super) fn new(files: &[LayoutFile<'_>], numbers: &Numbers) -> Modules {
        let mut modules = Modules::default();
        for file in files.iter().filter(|file| file.language == Language::Python) {
            modules.numbers.insert(file.path.into(), file.number);
            for name in names_of(file.path, numbers) {
                add(&mut modules.files, &name, file.path);
                // Every package above is a folder under the shortened name.
                let (mut name, mut folder) = (name.as_str(), parent(file.path));
                if file_name(file.path).starts_with("__init__.") {
                    add(&mut modules.folders, name, folder);
                    folder = parent(folder);
                }
                while let Some((shorter, _)) = name.rsplit_once('.') {
                    add(&mut modules.folders, shorter, folder);
                    name = shorter;
                    folder = parent(folder);
                }
            }
        }
        modules
    }

    /// The dotted name of a file from its source root.
    pub(super) fn name(&self, path: &str, numbers: &Numbers) -> String {
        names_of(path, numbers).swap_remove(0)
    }

    pub(super) fn resolve(&self, from: &str, module: &str, folders: &Folders) -> Found {
        let dots = module.bytes().take_while(|byte| *byte == b'.').count();
        if dots > 0 {
            return self.relative(from, dots, &module[dots..], folders);
        }
        if let Some(path) = self.files.get(module).and_then(|paths| nearest(paths, from)) {
            return self.numbers.get(path).map_or(Found::Missing, |number| Found::File(*number));
        }
        if let Some(path) = self.folders.get(module).and_then(|paths| nearest(paths, from)) {
            return folders.id(path, Language::Python).map_or(Found::Missing, Found::Folder);
        }
        // A script imports what lies beside it.
        let beside = join(parent(from), &module.replace('.', "/"));
        match self.at(&beside, folders) {
            Found::Missing => {
                let head = module.split('.').next().unwrap_or(module);
                let ours = self.files.contains_key(head) || self.folders.contains_key(head);
                if ours && head != module { Found::Missing } else { Found::External }
            }
            found => found,
        }
    }

    fn relative(&self, from: &str, dots: usize, rest: &str, folders: &Folders) -> Found {
        let mut folder = parent(from);
        for _ in 1..dots {
            if folder.is_empty() {
                return Found::Missing;
            }
            folder = parent(folder);
        }
        if rest.is_empty() {
            return self.at(folder, folders);
        }
        self.at(&join(folder, &rest.replace('.', "/")), folders)
    }

    /// The module at a path without ending.
    fn at(&self, path: &str, folders: &Folders) -> Found {
        module_at(path, &self.numbers, folders)
    }
}

/// The module at a path without ending: a file, a package or a folder.
fn module_at(path: &str, numbers: &Numbers, folders: &Folders) -> Found {
    for candidate in [
        join(path, "__init__.py"),
        format!("{path}.py"),
        join(path, "__init__.pyi"),
        format!("{path}.pyi"),
    ] {
        if let Some(number) = numbers.get(candidate.as_str()) {
            return Found::File(*number);
        }
    }
    folders.id(path, Language::Python).map_or(Found::Missing, Found::Folder)
}

/// A module directly inside a package's folder.
pub(super) fn child(folder: &str, name: &str, numbers: &Numbers, folders: &Folders) -> Found {
    module_at(&join(folder, name), numbers, folders)
}

fn add(map: &mut FxHashMap<Box<str>, Vec<Box<str>>>, name: &str, path: &str) {
    let paths = map.entry(name.into()).or_default();
    if !paths.iter().any(|known| &**known == path) {
        paths.push(path.into());
    }
}

/// Of several files with one module name, the one that shares most folders
/// with the importer; a source file before its stub.
fn nearest<'a>(paths: &'a [Box<str>], from: &str) -> Option<&'a str> {
    paths
        .iter()
        .max_by_key(|path| {
            (shared_folders(path, from), path.ends_with(".py"), std::cmp::Reverse(path.len()))
        })
        .map(|path| &**path)
}

/// The dotted names under which a file can be imported, the best first.
fn names_of(path: &str, numbers: &Numbers) -> Vec<String> {
    let has_init = |folder: &str| {
        numbers.contains_key(join(folder, "__init__.py").as_str())
            || numbers.contains_key(join(folder, "__init__.pyi").as_str())
    };
    let mut module = without_ending(path);
    if file_name(module) == "__init__" {
        module = parent(module);
    }
    // The root of the outermost package around the file.
    let mut root = parent(path);
    while !root.is_empty() && has_init(root) {
        root = parent(root);
    }
    let relative = |root: &str| {
        let rest = module.get(if root.is_empty() { 0 } else { root.len() + 1 }..).unwrap_or("");
        rest.replace('/', ".")
    };
    let in_package = parent(path) != root;
    // A file outside any package may belong to a namespace package: its name
    // then starts at a conventional source root or at the project's root.
    let namespace_root = module
        .match_indices('/')
        .map(|(end, _)| &module[..end])
        .rfind(|folder| SOURCE_ROOTS.contains(&file_name(folder)) && root.starts_with(folder))
        .unwrap_or("");
    let mut names = if in_package { vec![relative(root)] } else { vec![relative(namespace_root)] };
    let other = if in_package { relative(namespace_root) } else { relative(root) };
    if in_package && other != names[0] {
        names.push(other);
    }
    names.retain(|name| !name.is_empty());
    if names.is_empty() {
        names.push(file_name(without_ending(path)).to_string());
    }
    names
}
