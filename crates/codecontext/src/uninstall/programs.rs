//! Program files, and who put them there.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// A program file, and how it goes.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    /// Who put it there.
    pub(crate) owner: &'static str,
    /// The command that removes it, a word each; none where it is not a command.
    pub(crate) remove: Vec<String>,
}

/// Files that the release archive puts below a prefix, beside the program and
/// the manual pages.
const ARCHIVED: [&str; 8] = [
    "share/bash-completion/completions/codecontext",
    "share/codecontext/codecontext.ps1",
    "share/doc/codecontext/LICENSE",
    "share/doc/codecontext/README.md",
    "share/elvish/lib/codecontext.elv",
    "share/fish/vendor_completions.d/codecontext.fish",
    "share/nushell/vendor/autoload/codecontext.nu",
    "share/zsh/site-functions/_codecontext",
];

impl Program {
    /// This program and all others of its name that a shell would find.
    pub(crate) fn find() -> Vec<Program> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let in_path = std::env::split_paths(&path).map(|folder| folder.join("codecontext"));
        let mut programs: Vec<Program> = Vec::new();
        for file in std::env::current_exe().into_iter().chain(in_path) {
            let Ok(file) = fs::canonicalize(file) else { continue };
            if !is_ours(&file) {
                continue;
            }
            let program = Program::at(file);
            // A launcher and what it launches go with one command.
            if !programs.iter().any(|known| known.is_removed_with(&program)) {
                programs.push(program);
            }
        }
        programs
    }

    fn is_removed_with(&self, other: &Program) -> bool {
        self.path == other.path || (!self.remove.is_empty() && self.remove == other.remove)
    }

    /// Tells from where a program lies, without links in its path, who owns it.
    fn at(path: PathBuf) -> Program {
        let (owner, remove) = by_npm(&path)
            .or_else(|| by_python(&path))
            .or_else(|| by_bundle(&path))
            .or_else(|| by_cargo(&path))
            .or_else(|| by_system(&path))
            .unwrap_or_else(|| by_archive(&path));
        Program { path, owner, remove }
    }
}

type Owned = (&'static str, Vec<String>);

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

/// Whether a file of our name is our program, or npm's launcher of it.
fn is_ours(file: &Path) -> bool {
    let mut start = [0; 4];
    let read = fs::File::open(file).and_then(|mut file| file.read_exact(&mut start));
    let is_program = read.is_ok() && &start == b"\x7fELF";
    is_program || (npm_folder(file).is_some() && file.ends_with("bin/codecontext.js"))
}

/// The outermost `node_modules` around a file.
fn npm_folder(file: &Path) -> Option<&Path> {
    file.ancestors().filter(|folder| folder.ends_with("node_modules")).last()
}

fn by_npm(file: &Path) -> Option<Owned> {
    let around = npm_folder(file)?.parent()?;
    if around.parent().is_some_and(|folder| folder.ends_with("_npx")) {
        return Some(("npx", words(["rm", "-r", &around.to_string_lossy()])));
    }
    // Global packages lie in the folder `lib` of npm's prefix.
    if around.ends_with("lib") {
        let prefix = around.parent()?.to_string_lossy();
        let remove = ["npm", "uninstall", "--global", "--prefix", &prefix, "codecontext"];
        return Some(("npm", words(remove)));
    }
    let prefix = around.to_string_lossy();
    Some(("npm", words(["npm", "uninstall", "--prefix", &prefix, "codecontext"])))
}

fn by_python(file: &Path) -> Option<Owned> {
    let scripts = file.parent()?;
    let prefix = scripts.parent()?;
    let interpreters = fs::read_dir(prefix.join("lib")).ok()?.flatten();
    let interpreter = interpreters.map(|entry| entry.path()).find(|folder| {
        let packages = [folder.join("site-packages"), folder.join("dist-packages")];
        is_named(folder, "python") && packages.iter().any(|packages| holds_our_wheel(packages))
    })?;
    if prefix.ends_with("pipx/venvs/codecontext") {
        return Some(("pipx", words(["pipx", "uninstall", "codecontext"])));
    }
    if prefix.ends_with("uv/tools/codecontext") {
        return Some(("uv", words(["uv", "tool", "uninstall", "codecontext"])));
    }
    let name = interpreter.file_name()?.to_string_lossy().into_owned();
    let beside = scripts.join(&name);
    let python = if beside.exists() { beside.to_string_lossy().into_owned() } else { name };
    Some(("pip", words([&python, "-m", "pip", "uninstall", "--yes", "codecontext"])))
}

fn is_named(path: &Path, start: &str) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start))
}

fn holds_our_wheel(packages: &Path) -> bool {
    let mut entries = fs::read_dir(packages).into_iter().flatten().flatten();
    entries.any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("codecontext-") && name.ends_with(".dist-info")
    })
}

fn by_bundle(file: &Path) -> Option<Owned> {
    let folder = file.parent().filter(|folder| folder.ends_with("server"))?.parent()?;
    folder
        .join("manifest.json")
        .is_file()
        .then(|| ("the program that installed the bundle", vec![]))
}

fn by_cargo(file: &Path) -> Option<Owned> {
    if file.ancestors().any(|folder| folder.join("CACHEDIR.TAG").is_file()) {
        return Some(("a build from source", words(["rm", &file.to_string_lossy()])));
    }
    let home = file.parent().filter(|folder| folder.ends_with("bin"))?.parent()?;
    let installed = fs::read_to_string(home.join(".crates.toml")).ok()?;
    let remove = ["cargo", "uninstall", "--root", &home.to_string_lossy(), "codecontext"];
    installed.contains("\"codecontext ").then(|| ("cargo", words(remove)))
}

fn by_system(file: &Path) -> Option<Owned> {
    let of_system = file.starts_with("/usr") && !file.starts_with("/usr/local");
    of_system.then(|| ("the system's package manager", vec![]))
}

/// Nobody keeps account of it: an unpacked archive, or a copy.
fn by_archive(file: &Path) -> Owned {
    let mut remove = words(["rm", &file.to_string_lossy()]);
    if let Some(prefix) =
        file.parent().filter(|folder| folder.ends_with("bin")).and_then(Path::parent)
    {
        let mut beside: Vec<PathBuf> = ARCHIVED.iter().map(|path| prefix.join(path)).collect();
        let pages = fs::read_dir(prefix.join("share/man/man1")).into_iter().flatten().flatten();
        beside.extend(pages.map(|entry| entry.path()).filter(|page| is_our_page(page)));
        beside.sort_unstable();
        let there = beside.into_iter().filter(|path| path.is_file());
        remove.extend(there.map(|path| path.to_string_lossy().into_owned()));
    }
    ("nobody: an unpacked archive or a copy", remove)
}

fn is_our_page(page: &Path) -> bool {
    let name = page.file_name().unwrap_or_default().to_string_lossy();
    name == "codecontext.1" || (name.starts_with("codecontext-") && name.ends_with(".1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The owner of `program` and the command that removes it, in a folder
    /// that holds it and these other files.
    fn told(program: &str, others: &[&str]) -> (&'static str, String) {
        let folder = tempfile::tempdir().unwrap();
        for path in others.iter().chain([&program]) {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "\"codecontext 0.1.0\"").unwrap();
        }
        let found = Program::at(folder.path().join(program));
        let around = format!("{}/", folder.path().display());
        (found.owner, found.remove.join(" ").replace(&around, ""))
    }

    #[test]
    fn npm_owns_what_lies_in_its_folders() {
        let remove = "npm uninstall --prefix app codecontext".to_owned();
        let found = told("app/node_modules/@codecontext/linux-x64/bin/codecontext", &[]);
        assert_eq!(found, ("npm", remove));
        let remove = "npm uninstall --global --prefix usr codecontext".to_owned();
        let nested = "usr/lib/node_modules/codecontext/node_modules/@codecontext/x/bin/codecontext";
        assert_eq!(told(nested, &[]), ("npm", remove));
        let found = told(".npm/_npx/a1/node_modules/@codecontext/x/bin/codecontext", &[]);
        assert_eq!(found, ("npx", "rm -r .npm/_npx/a1".to_owned()));
    }

    #[test]
    fn python_owns_what_its_packages_account_for() {
        let wheel = "lib/python3.12/site-packages/codecontext-0.1.0.dist-info/RECORD";
        let at = |prefix: &str| {
            told(&format!("{prefix}/bin/codecontext"), &[&format!("{prefix}/{wheel}")])
        };
        let remove = "python3.12 -m pip uninstall --yes codecontext".to_owned();
        assert_eq!(at("venv"), ("pip", remove));
        assert_eq!(at("pipx/venvs/codecontext").1, "pipx uninstall codecontext");
        assert_eq!(at("uv/tools/codecontext").1, "uv tool uninstall codecontext");
    }

    #[test]
    fn cargo_owns_what_it_installed_or_built() {
        let found = told(".cargo/bin/codecontext", &[".cargo/.crates.toml"]);
        assert_eq!(found, ("cargo", "cargo uninstall --root .cargo codecontext".to_owned()));
        let found = told("target/debug/codecontext", &["target/CACHEDIR.TAG"]);
        assert_eq!(found.0, "a build from source");
    }

    #[test]
    fn a_bundle_belongs_to_whoever_installed_it() {
        let found = told("ext/server/codecontext", &["ext/manifest.json"]);
        assert_eq!(found, ("the program that installed the bundle", String::new()));
    }

    #[test]
    fn an_archive_goes_with_what_it_brought() {
        let brought = ["p/share/man/man1/codecontext-index.1", "p/share/doc/codecontext/LICENSE"];
        let others = ["p/share/man/man1/git.1", "p/share/doc/git/LICENSE"];
        let (owner, remove) = told("p/bin/codecontext", &[&brought[..], &others].concat());
        assert_eq!(owner, "nobody: an unpacked archive or a copy");
        assert_eq!(remove, format!("rm p/bin/codecontext {} {}", brought[1], brought[0]));
    }
}
