//! Ignore rules: those of a folder on top of those of the folders above it.
//!
//! The semantics are git's, by the `ignore` crate's matchers: in one kind of
//! file the deepest folder's last matching line decides; `.codecontextignore`
//! outranks `.ignore`, that outranks `.gitignore`, that outranks
//! `.git/info/exclude`, and the user's own file comes last.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    sync::Arc,
};

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

use crate::{
    folder::{Folder, read_small_anywhere},
    names::Markers,
};

/// The name of the project's own ignore file.
pub(crate) const OWN_RULES: &str = ".codecontextignore";

/// More than this of an ignore file is not read, in bytes: no honest one is
/// longer, and each line costs compiling.
const MAX_RULES_BYTES: u64 = 256 * 1024;
/// Nor more lines than this.
const MAX_RULES_LINES: usize = 4_000;

/// The rules that hold in a folder.
#[derive(Debug)]
pub(crate) struct Rules {
    place: Place,
    /// By rank: own, `.ignore`, `.gitignore`, `info/exclude`, the user's.
    ranks: [Option<Gitignore>; RANKS],
    /// A repository begins here: git's rules from above don't reach in.
    repository: bool,
    above: Option<Arc<Rules>>,
}

const RANKS: usize = 5;
const OWN: usize = 0;
const PLAIN: usize = 1;
const GIT: usize = 2;
const EXCLUDE: usize = 3;
const USER: usize = 4;

/// Where a folder's rules apply, seen from the project's root.
#[derive(Debug)]
enum Place {
    /// In the project: so many bytes of a path lead to the folder.
    Inside(usize),
    /// Above the root: this, with a `/` at its end, leads from the folder to the root.
    Above(String),
}

/// What the rules say of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing.
    Unnamed,
    /// Left out.
    Ignored,
    /// Taken in again by a `!` line of a lower rank than the project's own file.
    Kept,
    /// Taken in again by the project's own file, which outranks every custom.
    KeptByProject,
}

impl Rules {
    /// The rules that hold at the project's root from above: those of the
    /// enclosing repository's folders and the user's.
    pub(crate) fn above_root(root: &Path, user_file: Option<&Path>) -> Arc<Rules> {
        let mut ranks: [Option<Gitignore>; RANKS] = Default::default();
        if let Some(text) = user_file.and_then(|path| read_small_anywhere(path, MAX_RULES_BYTES)) {
            ranks[USER] = matcher(&text);
        }
        let steps = folders_from_repository(root);
        let prefix = steps.first().and_then(|top| path_between(top, root));
        let place = prefix.map_or(Place::Inside(0), Place::Above);
        let user = Arc::new(Rules { place, ranks, repository: false, above: None });
        match Rules::of_folders(&user, &steps, root) {
            Some(rules) if !rules.leaves_out_root() => rules,
            _ => user,
        }
    }

    /// Whether the repository around `root` ignores it, so that `root` lies in
    /// its folder but is no part of it.
    pub(crate) fn repository_leaves_out(root: &Path) -> bool {
        let ranks = Default::default();
        let none =
            Arc::new(Rules { place: Place::Inside(0), ranks, repository: false, above: None });
        Rules::of_folders(&none, &folders_from_repository(root), root)
            .is_some_and(|rules| rules.leaves_out_root())
    }

    /// The rules of `folders`, which lead down to `root`; none if one can't be read.
    fn of_folders(above: &Arc<Rules>, folders: &[PathBuf], root: &Path) -> Option<Arc<Rules>> {
        let mut rules = Arc::clone(above);
        for path in folders {
            let folder = Folder::open(path).ok()?;
            rules = rules.with(&folder, probe(&folder), Place::Above(path_between(path, root)?));
        }
        Some(rules)
    }

    /// The rules in `folder`, whose path is `path` (`""` or ending with `/`).
    pub(crate) fn enter(
        self: &Arc<Rules>,
        folder: &Folder,
        path: &str,
        markers: Markers,
    ) -> Arc<Rules> {
        self.with(folder, markers, Place::Inside(path.len()))
    }

    fn with(self: &Arc<Rules>, folder: &Folder, markers: Markers, place: Place) -> Arc<Rules> {
        let mut ranks: [Option<Gitignore>; RANKS] = Default::default();
        let named = [
            (markers.own_rules, OWN, OWN_RULES),
            (markers.rules, PLAIN, ".ignore"),
            (markers.git_rules, GIT, ".gitignore"),
        ];
        for (present, rank, name) in named {
            if present {
                ranks[rank] =
                    folder.read_small(name, MAX_RULES_BYTES).and_then(|text| matcher(&text));
            }
        }
        if markers.repository {
            ranks[EXCLUDE] = exclude_file(folder).and_then(|text| matcher(&text));
        }
        if !markers.repository && ranks.iter().all(Option::is_none) {
            return Arc::clone(self);
        }
        let repository = markers.repository;
        Arc::new(Rules { place, ranks, repository, above: Some(Arc::clone(self)) })
    }

    /// What they say of `path` (relative to the project's root, with `/`, no
    /// `/` at its end).
    pub(crate) fn verdict(&self, path: &str, is_folder: bool) -> Verdict {
        let mut found: [Option<Verdict>; RANKS] = [None; RANKS];
        let mut git_reaches = true;
        let mut next = Some(self);
        while let Some(rules) = next {
            for (rank, matcher) in rules.ranks.iter().enumerate() {
                let of_git = matches!(rank, GIT | EXCLUDE);
                let Some(matcher) = matcher else { continue };
                if found[rank].is_some() || (of_git && !git_reaches) {
                    continue;
                }
                found[rank] = match matcher.matched(Path::new(&*rules.seen(path)), is_folder) {
                    Match::None => None,
                    Match::Ignore(_) => Some(Verdict::Ignored),
                    Match::Whitelist(_) if rank == OWN => Some(Verdict::KeptByProject),
                    Match::Whitelist(_) => Some(Verdict::Kept),
                };
            }
            git_reaches &= !rules.repository;
            next = rules.above.as_deref();
        }
        found.into_iter().flatten().next().unwrap_or(Verdict::Unnamed)
    }

    /// The path as this folder's rules see it.
    fn seen<'a>(&self, path: &'a str) -> Cow<'a, str> {
        match &self.place {
            Place::Inside(length) => Cow::Borrowed(path.get(*length..).unwrap_or(path)),
            Place::Above(prefix) => Cow::Owned(format!("{prefix}{path}")),
        }
    }

    /// Whether the enclosing repository ignores the root itself or a folder
    /// above it: then the project is no part of it, and its rules don't matter.
    fn leaves_out_root(&self) -> bool {
        let mut next = Some(self);
        let mut matchers = Vec::new();
        while let Some(rules) = next {
            if let Place::Above(prefix) = &rules.place {
                matchers.extend(rules.ranks.iter().flatten().map(|rank| (prefix, rank)));
            }
            next = rules.above.as_deref();
        }
        matchers.iter().any(|(prefix, matcher)| {
            let path = prefix.trim_end_matches('/');
            let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
            ends.into_iter().any(|end| matcher.matched(Path::new(&path[..end]), true).is_ignore())
        })
    }
}

/// The rule files in a folder that is not listed.
pub(crate) fn probe(folder: &Folder) -> Markers {
    let mut markers = Markers::default();
    for name in Markers::NAMES {
        if folder.has(name) {
            markers.note(name.as_bytes());
        }
    }
    markers
}

/// The folders above `root` from its repository's top down, without `root`;
/// none if `root` is a top itself or in no repository.
fn folders_from_repository(root: &Path) -> Vec<PathBuf> {
    if root.join(".git").symlink_metadata().is_ok() {
        return Vec::new();
    }
    let mut steps = Vec::new();
    for folder in root.ancestors().skip(1) {
        steps.push(folder.to_path_buf());
        if folder.join(".git").symlink_metadata().is_ok() {
            steps.reverse();
            return steps;
        }
    }
    Vec::new()
}

/// The steps from `folder` down to `root`, each with a `/` after it.
fn path_between(folder: &Path, root: &Path) -> Option<String> {
    Some(format!("{}/", root.strip_prefix(folder).ok()?.to_str()?))
}

/// The text of a repository's `info/exclude`, also of a worktree's.
fn exclude_file(folder: &Folder) -> Option<Vec<u8>> {
    if let Some(text) = folder.read_small(".git/info/exclude", MAX_RULES_BYTES) {
        return Some(text);
    }
    let pointer = git_pointer(folder)?;
    let git = Path::new(pointer.trim());
    if !git.is_absolute() {
        // A submodule's: its records lie in those of the repository around it,
        // which this folder can't be asked for.
        return None;
    }
    let common = read_small_anywhere(&git.join("commondir"), 4096)?;
    let common = String::from_utf8(common).ok()?;
    read_small_anywhere(&git.join(common.trim()).join("info/exclude"), MAX_RULES_BYTES)
}

/// Where a `.git` file points to, if it is one.
pub(crate) fn git_pointer(folder: &Folder) -> Option<String> {
    let text = String::from_utf8(folder.read_small(".git", 8192)?).ok()?;
    Some(text.strip_prefix("gitdir:")?.trim().to_owned())
}

/// A matcher for the lines of an ignore file; lines that are no pattern are
/// passed over, as git does.
fn matcher(text: &[u8]) -> Option<Gitignore> {
    let text = String::from_utf8_lossy(text);
    let mut builder = GitignoreBuilder::new("");
    for line in text.trim_start_matches('\u{feff}').lines().take(MAX_RULES_LINES) {
        if let Err(error) = builder.add_line(None, line) {
            tracing::debug!(%error, line, "an ignore rule is no pattern");
        }
    }
    match builder.build() {
        Ok(matcher) if matcher.is_empty() => None,
        Ok(matcher) => Some(matcher),
        Err(error) => {
            tracing::warn!(%error, "an ignore file can't be used");
            None
        }
    }
}
