//! Rust: crates from `Cargo.toml`, module files by convention.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Manifest, file_name, join, parent, without_ending};
use crate::node::FileNumber;

type Numbers = FxHashMap<Box<str>, FileNumber>;

/// Folders in which each file is a crate of its own.
const TARGET_FOLDERS: [&str; 4] = ["tests", "benches", "examples", "src/bin"];

/// Crates of the project.
#[derive(Debug, Default)]
pub(super) struct Crates {
    /// Folders of manifests, the deepest first.
    folders: Vec<String>,
    roots: FxHashMap<String, FileNumber>,
    /// Names under which manifests depend on other crates.
    dependencies: FxHashSet<String>,
    /// Packages, the deepest first.
    packages: Vec<Package>,
    /// Names of crates by the root files that manifests name or that are taken
    /// for granted.
    targets: FxHashMap<String, String>,
    /// Root files of libraries, by folder.
    libraries: FxHashMap<String, String>,
    /// Root files that manifests name otherwise than by convention, by folder.
    named_roots: FxHashMap<String, String>,
    /// The crate of a folder of tests and the like that has only one.
    only_crates: FxHashMap<String, Option<String>>,
}

/// A package: its library, programs and tests are crates.
#[derive(Debug)]
struct Package {
    folder: String,
    /// The name of its library, or else of its program.
    name: String,
    /// The folder of that crate's root file.
    root_folder: String,
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
            crates.add_package(folder, &table, numbers);
        }
        crates.folders.sort_by_key(|folder| std::cmp::Reverse(folder.len()));
        crates.packages.sort_by_key(|package| std::cmp::Reverse(package.folder.len()));
        for path in numbers.keys().filter(|path| path.ends_with(".rs")) {
            if let Some((folder, name)) = crates.target_by_convention(path) {
                let only = crates.only_crates.entry(folder);
                only.and_modify(|only| *only = None).or_insert(Some(name));
            }
        }
        crates
    }

    fn add_package(&mut self, folder: &str, table: &toml::Table, numbers: &Numbers) {
        let setting = |section: &str, key: &str| table.get(section)?.get(key)?.as_str();
        let Some(package) = setting("package", "name") else { return };
        let library = setting("lib", "name").unwrap_or(package).replace('-', "_");
        let library_root = join(folder, setting("lib", "path").unwrap_or("src/lib.rs"));
        let program_root = join(folder, "src/main.rs");
        let named = numbers.get(library_root.as_str());
        if let Some(root) = named {
            self.roots.insert(library.clone(), *root);
            self.libraries.insert(parent(&library_root).to_string(), library_root.clone());
            self.targets.insert(library_root.clone(), library.clone());
        }
        for section in ["bin", "test", "bench", "example"] {
            let listed = table.get(section).and_then(toml::Value::as_array);
            for target in listed.into_iter().flatten() {
                let text = |key: &str| target.get(key).and_then(toml::Value::as_str);
                if let (Some(name), Some(path)) = (text("name"), text("path")) {
                    let root = join(folder, path);
                    let of_folder = self.named_roots.entry(parent(&root).to_string());
                    of_folder.or_insert_with(|| root.clone());
                    self.targets.insert(root, name.replace('-', "_"));
                }
            }
        }
        let build = setting("package", "build").unwrap_or("build.rs");
        let script = without_ending(file_name(build)).replace('-', "_");
        self.targets.insert(join(folder, build), format!("build_script_{script}"));
        self.targets.entry(program_root.clone()).or_insert_with(|| package.replace('-', "_"));
        let (name, root) = match named {
            Some(_) => (library, library_root),
            None => (package.replace('-', "_"), program_root),
        };
        let root_folder = parent(&root).to_string();
        self.packages.push(Package { folder: folder.to_string(), name, root_folder });
    }

    fn package_of(&self, path: &str) -> Option<&Package> {
        self.packages.iter().find(|package| relative(path, &package.folder).is_some())
    }

    /// The crate that a file is the root of by convention, with the folder that
    /// it stands in: `tests/all.rs`, `src/bin/tool/main.rs`.
    fn target_by_convention(&self, path: &str) -> Option<(String, String)> {
        let package = self.package_of(path)?;
        let inner = relative(path, &package.folder)?;
        TARGET_FOLDERS.iter().find_map(|folder| {
            let inner = relative(inner, folder)?;
            let name = match inner.split_once('/') {
                None => without_ending(inner),
                Some((name, "main.rs")) => name,
                Some(_) => return None,
            };
            Some((join(&package.folder, folder), name.replace('-', "_")))
        })
    }

    pub(super) fn named(&self, name: &str) -> Option<FileNumber> {
        self.roots.get(name).copied()
    }

    pub(super) fn is_dependency(&self, name: &str) -> bool {
        self.dependencies.contains(name)
    }

    /// The root file of the crate that a file is compiled into.
    pub(super) fn root_of(&self, path: &str, numbers: &Numbers) -> Option<FileNumber> {
        numbers.get(self.root_path(path, numbers).as_str()).copied()
    }

    /// Up through declaring files, then the file that nobody declares.
    fn root_path(&self, path: &str, numbers: &Numbers) -> String {
        let mut at = path.to_string();
        for _ in 0..64 {
            match self.declaring_path(&at, numbers) {
                Some(declaring) => at = declaring,
                None => break,
            }
        }
        at
    }

    /// `my_crate::a::b`, as the qualified names of a file's items start: the name
    /// of the crate as the compiler has it, then the modules inside. Without a
    /// manifest the crate is called `crate`.
    pub(super) fn module_path(&self, path: &str, numbers: &Numbers) -> String {
        let Some(package) = self.package_of(path) else {
            let folder = self.folders.iter().find(|folder| relative(path, folder).is_some());
            let inner = folder.and_then(|folder| relative(path, folder)).unwrap_or(path);
            return modules("crate", inner.strip_prefix("src/").unwrap_or(inner));
        };
        let root = self.root_path(path, numbers);
        let by_name = self.targets.get(&root).cloned();
        let name = by_name.or_else(|| self.target_by_convention(&root).map(|(_, name)| name));
        if let Some(name) = name {
            let inner = relative(path, parent(&root)).filter(|_| path != root);
            return modules(&name, inner.unwrap_or("lib.rs"));
        }
        // No crate's root leads here. What lies among tests is a part of them.
        for folder in TARGET_FOLDERS {
            let folder = join(&package.folder, folder);
            if let Some(inner) = relative(path, &folder)
                && let Some(Some(name)) = self.only_crates.get(&folder)
            {
                return modules(name, inner);
            }
        }
        let inner = relative(path, &package.root_folder);
        let inner = inner.or_else(|| relative(path, &package.folder)).unwrap_or(path);
        modules(&package.name, inner)
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
            || self.targets.contains_key(path)
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
        let is_root = matches!(file_name(path), "lib.rs" | "main.rs" | "build.rs");
        if is_root || self.targets.contains_key(path) {
            return None;
        }
        let folder = if file_name(path) == "mod.rs" { parent(parent(path)) } else { parent(path) };
        if self.holds_targets(folder) {
            return None;
        }
        let library = self.libraries.get(folder).cloned();
        let files = ["lib.rs", "main.rs", "mod.rs"].map(|name| join(folder, name));
        library
            .into_iter()
            .chain(files)
            .chain([format!("{folder}.rs")])
            .chain(self.named_roots.get(folder).cloned())
            .find(|candidate| candidate != path && numbers.contains_key(candidate.as_str()))
    }
}

/// What of a path follows a folder.
fn relative<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// The name of the module in a file, given its path from the crate's root.
fn modules(crate_name: &str, inner: &str) -> String {
    let module = without_ending(inner);
    let module = module.strip_suffix("/mod").unwrap_or(module);
    if matches!(module, "lib" | "main" | "mod") {
        return crate_name.to_string();
    }
    format!("{crate_name}::{}", module.replace('/', "::"))
}
