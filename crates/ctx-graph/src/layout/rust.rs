//! Rust: crates from `Cargo.toml`, module files by convention.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Manifest, file_name, join, parent, without_ending};
use crate::node::FileNumber;

type Numbers = FxHashMap<Box<str>, FileNumber>;

/// Crates of the project.
#[derive(Debug, Default)]
pub(super) struct Crates {
    /// Folder of the manifest, the deepest first.
    folders: Vec<String>,
    roots: FxHashMap<String, FileNumber>,
    /// Names under which manifests depend on other crates.
    dependencies: FxHashSet<String>,
}

impl Crates {
    pub(super) fn new(manifests: &[Manifest], numbers: &Numbers) -> Crates {
        let mut crates = Crates::default();
        for manifest in manifests.iter().filter(|m| file_name(&m.path) == "Cargo.toml") {
            let folder = manifest.folder();
            crates.folders.push(folder.to_string());
            let Ok(table) = manifest.text.parse::<toml::Table>() else { continue };
            for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
                let named = table.get(section).and_then(toml::Value::as_table);
                let names = named.into_iter().flat_map(|named| named.keys());
                crates.dependencies.extend(names.map(|name| name.replace('-', "_")));
            }
            let setting = |section: &str, key: &str| table.get(section)?.get(key)?.as_str();
            let name = setting("lib", "name").or_else(|| setting("package", "name"));
            let library = setting("lib", "path").unwrap_or("src/lib.rs");
            if let (Some(name), Some(root)) = (name, numbers.get(join(folder, library).as_str())) {
                crates.roots.insert(name.replace('-', "_"), *root);
            }
        }
        crates.folders.sort_by_key(|folder| std::cmp::Reverse(folder.len()));
        crates
    }

    pub(super) fn named(&self, name: &str) -> Option<FileNumber> {
        self.roots.get(name).copied()
    }

    pub(super) fn is_dependency(&self, name: &str) -> bool {
        self.dependencies.contains(name)
    }

    fn crate_folder<'a>(&'a self, path: &str) -> Option<&'a str> {
        self.folders
            .iter()
            .find(|folder| {
                folder.is_empty()
                    || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
            })
            .map(String::as_str)
    }

    /// The root file of the crate that a file is compiled into.
    pub(super) fn root_of(&self, path: &str, numbers: &Numbers) -> Option<FileNumber> {
        // Up through declaring files, then the file that nobody declares.
        let mut at = path.to_string();
        for _ in 0..64 {
            match self.declaring_path(&at, numbers) {
                Some(declaring) => at = declaring,
                None => break,
            }
        }
        numbers.get(at.as_str()).copied()
    }

    /// `crate::a::b`, as the qualified names of a file's items start.
    pub(super) fn module_path(&self, path: &str) -> String {
        let folder = self.crate_folder(path).unwrap_or("");
        let inner =
            path.get(if folder.is_empty() { 0 } else { folder.len() + 1 }..).unwrap_or(path);
        let inner = inner.strip_prefix("src/").unwrap_or(inner);
        let module = without_ending(inner);
        let module = module.strip_suffix("/mod").unwrap_or(module);
        if matches!(module, "lib" | "main" | "mod") {
            return "crate".to_string();
        }
        format!("crate::{}", module.replace('/', "::"))
    }

    /// The file of `mod name;` written in the file at `path`, inside the inline
    /// modules named by `within`.
    pub(super) fn child(
        &self,
        path: &str,
        within: &[&str],
        name: &str,
        numbers: &Numbers,
    ) -> Option<FileNumber> {
        let mut folder = self.module_folder(path);
        for inline in within {
            folder = join(&folder, inline);
        }
        [join(&folder, &format!("{name}.rs")), join(&folder, &format!("{name}/mod.rs"))]
            .iter()
            .find_map(|path| numbers.get(path.as_str()).copied())
    }

    /// The folder in which a file's child modules lie.
    fn module_folder(&self, path: &str) -> String {
        let is_root = matches!(file_name(path), "mod.rs" | "lib.rs" | "main.rs" | "build.rs")
            || self.holds_targets(parent(path));
        if is_root { parent(path).to_string() } else { without_ending(path).to_string() }
    }

    /// Whether each file of a folder is a crate of its own: tests and the like.
    fn holds_targets(&self, folder: &str) -> bool {
        let of_crate = |folder: &str| {
            self.folders.is_empty() || self.folders.iter().any(|known| known == folder)
        };
        match file_name(folder) {
            "tests" | "benches" | "examples" => of_crate(parent(folder)),
            "bin" => file_name(parent(folder)) == "src" && of_crate(parent(parent(folder))),
            _ => false,
        }
    }

    /// The file that declares this one as its module.
    pub(super) fn declaring(&self, path: &str, numbers: &Numbers) -> Option<FileNumber> {
        self.declaring_path(path, numbers).and_then(|path| numbers.get(path.as_str()).copied())
    }

    fn declaring_path(&self, path: &str, numbers: &Numbers) -> Option<String> {
        if matches!(file_name(path), "lib.rs" | "main.rs" | "build.rs") {
            return None;
        }
        let folder = if file_name(path) == "mod.rs" { parent(parent(path)) } else { parent(path) };
        if self.holds_targets(folder) {
            return None;
        }
        let beside = format!("{folder}.rs");
        ["lib.rs", "main.rs", "mod.rs"]
            .iter()
            .map(|name| join(folder, name))
            .chain([beside])
            .find(|candidate| candidate != path && numbers.contains_key(candidate.as_str()))
    }
}
