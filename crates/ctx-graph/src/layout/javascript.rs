//! JavaScript and TypeScript: relative specifiers, workspace packages,
//! `tsconfig.json` paths.

use jsonc_parser::{JsonValue, ParseOptions, parse_to_value};
use rustc_hash::FxHashMap;

use super::{Found, Manifest, join, parent};
use crate::node::FileNumber;

type Numbers = FxHashMap<Box<str>, FileNumber>;

/// Endings tried in the order in which TypeScript prefers them.
const ENDINGS: [&str; 9] = [".ts", ".tsx", ".mts", ".cts", ".d.ts", ".js", ".jsx", ".mjs", ".cjs"];

#[derive(Debug)]
struct Package {
    name: String,
    folder: String,
    /// Paths that the manifest names as entry points, best first.
    entries: Vec<String>,
}

#[derive(Debug)]
struct PathRule {
    folder: String,
    prefix: String,
    suffix: String,
    targets: Vec<(String, String)>,
}

/// Packages of a workspace, and path rules.
#[derive(Debug, Default)]
pub(super) struct Packages {
    packages: Vec<Package>,
    rules: Vec<PathRule>,
    base_folders: Vec<(String, String)>,
}

impl Packages {
    pub(super) fn new(manifests: &[Manifest]) -> Packages {
        let mut packages = Packages::default();
        for manifest in manifests {
            let name = manifest.path.rsplit('/').next().unwrap_or("");
            if name == "package.json" {
                packages.add_package(manifest);
            } else if name.starts_with("tsconfig") {
                packages.add_rules(manifest);
            }
        }
        // The longest name first, so that `@a/b-c` is not taken for `@a/b`.
        packages.packages.sort_by_key(|package| std::cmp::Reverse(package.name.len()));
        packages
    }

    fn add_package(&mut self, manifest: &Manifest) {
        let Some(json) = json(&manifest.text) else { return };
        let Some(name) = text(&json, "name") else { return };
        let mut entries = Vec::new();
        for key in ["source", "types", "typings", "module", "main"] {
            entries.extend(text(&json, key).map(str::to_string));
        }
        if let Some(exports) = json.get("exports") {
            texts(exports, &mut entries);
        }
        self.packages.push(Package {
            name: name.to_string(),
            folder: manifest.folder().to_string(),
            entries,
        });
    }

    fn add_rules(&mut self, manifest: &Manifest) {
        let Some(json) = json(&manifest.text) else { return };
        let Some(options) = json.get_object("compilerOptions") else { return };
        let base_url = text(options, "baseUrl");
        let base = base_url.unwrap_or(".");
        let Some(folder) = normalized(manifest.folder(), base) else { return };
        if base_url.is_some() {
            self.base_folders.push((manifest.folder().to_string(), folder.clone()));
        }
        let Some(paths) = options.get_object("paths") else { return };
        for (pattern, targets) in paths.clone().into_iter() {
            let pattern: &str = &pattern;
            let (prefix, suffix) = pattern.split_once('*').unwrap_or((pattern, ""));
            let mut written = Vec::new();
            texts(&targets, &mut written);
            let targets = written
                .iter()
                .map(|target| target.split_once('*').unwrap_or((target, "")))
                .map(|(before, after)| (before.to_string(), after.to_string()))
                .collect();
            self.rules.push(PathRule {
                folder: folder.clone(),
                prefix: prefix.to_string(),
                suffix: if pattern.contains('*') { suffix.to_string() } else { "\0".to_string() },
                targets,
            });
        }
    }

    pub(super) fn resolve(&self, from: &str, specifier: &str, numbers: &Numbers) -> Found {
        let file = |found: Option<FileNumber>| found.map_or(Found::Missing, Found::File);
        if specifier.starts_with('.') {
            let Some(path) = normalized(parent(from), specifier) else { return Found::Missing };
            return file(probe(&path, numbers));
        }
        if let Some(found) = self.by_rule(specifier, numbers) {
            return Found::File(found);
        }
        for package in &self.packages {
            if let Some(rest) = specifier.strip_prefix(package.name.as_str()) {
                if rest.is_empty() {
                    return file(package.entry(numbers));
                }
                if let Some(rest) = rest.strip_prefix('/') {
                    return file(package.inner(rest, numbers));
                }
            }
        }
        for (scope, base) in &self.base_folders {
            if from.starts_with(scope.as_str())
                && let Some(found) = probe(&join(base, specifier), numbers)
            {
                return Found::File(found);
            }
        }
        Found::External
    }

    fn by_rule(&self, specifier: &str, numbers: &Numbers) -> Option<FileNumber> {
        self.rules.iter().find_map(|rule| {
            let middle = if rule.suffix == "\0" {
                (specifier == rule.prefix).then_some("")?
            } else {
                specifier.strip_prefix(rule.prefix.as_str())?.strip_suffix(rule.suffix.as_str())?
            };
            rule.targets.iter().find_map(|(before, after)| {
                let path = normalized(&rule.folder, &format!("{before}{middle}{after}"))?;
                probe(&path, numbers)
            })
        })
    }
}

impl Package {
    /// The source file behind the package's own name: its entries may name
    /// built files, whose source lies under `src`.
    fn entry(&self, numbers: &Numbers) -> Option<FileNumber> {
        let source = ["src/index", "index", "lib/index", "src/main"];
        self.entries
            .iter()
            .filter_map(|entry| normalized(&self.folder, entry))
            .find_map(|path| numbers.get(path.as_str()).copied())
            .filter(|_| !self.has_source(numbers))
            .or_else(|| source.iter().find_map(|path| probe(&join(&self.folder, path), numbers)))
    }

    fn has_source(&self, numbers: &Numbers) -> bool {
        probe(&join(&self.folder, "src/index"), numbers).is_some()
    }

    fn inner(&self, rest: &str, numbers: &Numbers) -> Option<FileNumber> {
        probe(&join(&self.folder, rest), numbers)
            .or_else(|| probe(&join(&self.folder, &format!("src/{rest}")), numbers))
    }
}

/// The file behind a path whose ending may be missing or that of built code.
fn probe(path: &str, numbers: &Numbers) -> Option<FileNumber> {
    let at = |path: &str| numbers.get(path).copied();
    let with_endings = |stem: &str| ENDINGS.iter().find_map(|end| at(&format!("{stem}{end}")));
    // `./x.js` in TypeScript means `x.ts`.
    let built = [
        (".js", [".ts", ".tsx"]),
        (".mjs", [".mts", ".mts"]),
        (".cjs", [".cts", ".cts"]),
        (".jsx", [".tsx", ".tsx"]),
    ];
    for (ending, sources) in built {
        if let Some(stem) = path.strip_suffix(ending)
            && let Some(found) = sources.iter().find_map(|end| at(&format!("{stem}{end}")))
        {
            return Some(found);
        }
    }
    at(path).or_else(|| with_endings(path)).or_else(|| with_endings(&join(path, "index")))
}

/// A path relative to a folder, with `.` and `..` folded; none if it leaves the project.
fn normalized(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A JSON object, comments and trailing commas allowed; none if it is anything else.
fn json(text: &str) -> Option<jsonc_parser::JsonObject<'_>> {
    match parse_to_value(text, &ParseOptions::default()).ok()?? {
        JsonValue::Object(object) => Some(object),
        _ => None,
    }
}

fn text<'a>(object: &'a jsonc_parser::JsonObject<'_>, key: &str) -> Option<&'a str> {
    object.get_string(key).map(|text| &**text)
}

/// Every text in a value, however deep.
fn texts(value: &JsonValue<'_>, into: &mut Vec<String>) {
    match value {
        JsonValue::String(text) => into.push(text.to_string()),
        JsonValue::Array(items) => items.iter().for_each(|item| texts(item, into)),
        JsonValue::Object(object) => {
            object.clone().into_iter().for_each(|(_, item)| texts(&item, into));
        }
        _ => {}
    }
}
