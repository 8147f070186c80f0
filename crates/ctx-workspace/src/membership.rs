//! Whether one path belongs to a project: the verdict that the walk, a look at
//! single paths and the watch share.

use std::{
    ffi::{CStr, CString},
    path::{Path, PathBuf},
    sync::Arc,
};

use ctx_model::{
    Language,
    project::{FileEntry, SkipReason},
};
use rustc_hash::FxHashMap;
use rustix::{fs::FileType, io::Errno};

use crate::{
    folder::{Folder, refusal, stamp},
    names::{Markers, file_reason, folder_reason, is_version_control},
    rules::{Rules, Verdict, git_pointer, probe},
    walk::{WalkError, WalkOptions},
};

/// What one path is to a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file that belongs to it.
    File(FileEntry),
    /// A folder that is walked.
    Folder,
    /// Left out, by itself or with a folder above it.
    Skipped(SkipReason),
    /// Nothing there, or nothing that is ever mentioned, such as git's own records.
    Gone,
}

/// What each of `paths` (relative, with `/`) is to the project at `root`: the
/// walk's verdict on single paths, for those that a [`crate::Watch`] reported.
/// Answers in the same order.
pub fn look(root: &Path, paths: &[String], options: &WalkOptions) -> Result<Vec<Found>, WalkError> {
    let mut lookup = Lookup::new(Project::open(root, options)?, KnownRules::default());
    Ok(paths.iter().map(|path| lookup.look(path)).collect())
}

/// A project's open root and what decides on its members.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) folder: Folder,
    /// The root without links.
    pub(crate) root: PathBuf,
    max_file_bytes: u64,
    user_ignore_file: Option<PathBuf>,
}

/// The verdict on a name in a folder that is walked.
#[derive(Debug)]
pub(crate) enum Member {
    File(FileEntry),
    Folder {
        /// The project's own rules insist on it.
        kept: bool,
    },
    Skipped(SkipReason),
    /// Not even reported.
    Unmentioned,
}

impl Project {
    pub(crate) fn open(root: &Path, options: &WalkOptions) -> Result<Project, WalkError> {
        let given = || root.to_path_buf();
        let folder = Folder::open(root).map_err(|error| match error {
            Errno::NOENT => WalkError::Missing { root: given() },
            Errno::NOTDIR => WalkError::NotAFolder { root: given() },
            other => WalkError::Unreadable { root: given(), source: other.into() },
        })?;
        let root = root
            .canonicalize()
            .map_err(|source| WalkError::Unreadable { root: given(), source })?;
        Ok(Project {
            folder,
            root,
            max_file_bytes: options.max_file_bytes,
            user_ignore_file: options.user_ignore_file.clone(),
        })
    }

    /// The rules that reach the root from above it.
    pub(crate) fn above_root(&self) -> Arc<Rules> {
        Rules::above_root(&self.root, self.user_ignore_file.as_deref())
    }

    /// Why the folder at `path` is left out for what lies in it.
    pub(crate) fn marked(
        &self,
        path: &str,
        folder: &Folder,
        markers: Markers,
    ) -> Option<SkipReason> {
        let name = path.rsplit('/').next().unwrap_or(path);
        if let Some(reason) = markers.reason(name) {
            return Some(reason);
        }
        // A worktree of a repository, kept inside it: the same project once more.
        let worktree = markers.repository
            && git_pointer(folder).is_some_and(|to| to.contains(".git/worktrees/"));
        worktree.then_some(SkipReason::Vendored)
    }

    /// The verdict on `name` in `folder`, where `rules` hold; `path` is its
    /// path from the root, `kind` what the folder's listing says.
    pub(crate) fn member(
        &self,
        rules: &Rules,
        folder: &Folder,
        path: &str,
        name: &CStr,
        kind: FileType,
    ) -> Member {
        let kind = match kind {
            FileType::Unknown => match folder.stat(name) {
                Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                Err(error) => return Member::Skipped(refusal(error)),
            },
            known => known,
        };
        let (parent, plain) = split(path);
        if is_version_control(plain) {
            return Member::Unmentioned;
        }
        let is_folder = kind == FileType::Directory;
        let verdict = rules.verdict(path, is_folder);
        let kept = verdict == Verdict::KeptByProject;
        // Whose code it is says more than that a rule names it, and `node_modules` is mostly both.
        if is_folder
            && !kept
            && let Some(reason) = self.folder_reason(parent, plain)
        {
            return Member::Skipped(reason);
        }
        if verdict == Verdict::Ignored {
            return Member::Skipped(SkipReason::Ignored);
        }
        match kind {
            FileType::Directory => Member::Folder { kept },
            FileType::RegularFile => self.file(folder, path, name, kept),
            FileType::Symlink => Member::Skipped(SkipReason::Link),
            _ => Member::Skipped(SkipReason::NotRegular),
        }
    }

    fn folder_reason(&self, parent: &str, name: &str) -> Option<SkipReason> {
        // The kernel's pretended files have no end and some wait for ever.
        if parent.is_empty()
            && matches!(name, "proc" | "sys" | "dev" | "run")
            && self.root == Path::new("/")
        {
            return Some(SkipReason::NotRegular);
        }
        folder_reason(split(parent).1, name)
    }

    fn file(&self, folder: &Folder, path: &str, name: &CStr, kept: bool) -> Member {
        if let Some(reason) = file_reason(split(path).1)
            && (!kept || reason == SkipReason::Binary)
        {
            return Member::Skipped(reason);
        }
        let stat = match folder.stat(name) {
            Ok(stat) => stat,
            Err(error) => return Member::Skipped(refusal(error)),
        };
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Member::Skipped(SkipReason::Vanished);
        }
        let stamp = stamp(&stat);
        if stamp.size > self.max_file_bytes {
            return Member::Skipped(SkipReason::TooLarge);
        }
        Member::File(FileEntry { path: path.to_owned(), language: Language::of_path(path), stamp })
    }
}

/// A path's folder (`""` at the root) and name.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The rules of the folders that were met.
#[derive(Debug, Default)]
pub(crate) struct KnownRules(FxHashMap<String, Arc<Rules>>);

impl KnownRules {
    /// Forgets the folder at `path` and those in it.
    pub(crate) fn forget(&mut self, path: &str) {
        self.0.retain(|known, _| {
            known.strip_prefix(path).is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/'))
        });
    }
}

/// Verdicts on single paths; remembers the rules of the folders that it met
/// (not which folders are left out, as that depends on what they are).
#[derive(Debug)]
pub(crate) struct Lookup {
    pub(crate) project: Project,
    pub(crate) known: KnownRules,
}

impl Lookup {
    pub(crate) fn new(project: Project, known: KnownRules) -> Lookup {
        Lookup { project, known }
    }

    /// What `path` is to the project.
    pub(crate) fn look(&mut self, path: &str) -> Found {
        let unsound = |step: &str| matches!(step, "" | "." | ".." | ".git" | ".codecontext");
        if path.split('/').any(unsound) {
            return Found::Gone;
        }
        let (parent, name) = split(path);
        let (rules, folder) = match self.enter(parent) {
            Ok(entered) => entered,
            Err(SkipReason::Vanished) => return Found::Gone,
            Err(reason) => return Found::Skipped(reason),
        };
        let Ok(name) = CString::new(name) else { return Found::Gone };
        if matches!(folder.stat(&name), Err(Errno::NOENT)) {
            return Found::Gone;
        }
        match self.project.member(&rules, &folder, path, &name, FileType::Unknown) {
            Member::File(entry) => Found::File(entry),
            Member::Folder { .. } => match self.rules(path) {
                Ok(_) => Found::Folder,
                Err(SkipReason::Vanished) => Found::Gone,
                Err(reason) => Found::Skipped(reason),
            },
            Member::Skipped(SkipReason::Vanished) | Member::Unmentioned => Found::Gone,
            Member::Skipped(reason) => Found::Skipped(reason),
        }
    }

    fn enter(&mut self, path: &str) -> Result<(Arc<Rules>, Folder), SkipReason> {
        let rules = self.rules(path)?;
        Ok((rules, self.project.folder.folder(path).map_err(refusal)?))
    }

    /// The rules in the folder at `path`, or why it is left out.
    pub(crate) fn rules(&mut self, path: &str) -> Result<Arc<Rules>, SkipReason> {
        if let Some(known) = self.known.0.get(path) {
            return Ok(Arc::clone(known));
        }
        let ends = path.match_indices('/').map(|(at, _)| at);
        let steps = [0].into_iter().chain(ends).chain([path.len()]);
        let mut above: Option<Arc<Rules>> = None;
        for end in steps {
            let folder = &path[..end];
            let rules = match (self.known.0.get(folder), &above) {
                (Some(known), _) => Arc::clone(known),
                (None, None) => self.top(),
                (None, Some(above)) => self.step(above, folder)?,
            };
            self.known.0.entry(folder.to_owned()).or_insert_with(|| Arc::clone(&rules));
            above = Some(rules);
        }
        above.ok_or(SkipReason::Vanished)
    }

    fn top(&self) -> Arc<Rules> {
        let folder = &self.project.folder;
        self.project.above_root().enter(folder, "", probe(folder))
    }

    fn step(&self, above: &Arc<Rules>, path: &str) -> Result<Arc<Rules>, SkipReason> {
        let (parent, name) = split(path);
        let around = self.project.folder.folder(parent).map_err(refusal)?;
        let name = CString::new(name).map_err(|_| SkipReason::UnprintableName)?;
        match self.project.member(above, &around, path, &name, FileType::Unknown) {
            Member::Folder { kept } => {
                let folder = self.project.folder.folder(path).map_err(refusal)?;
                let markers = probe(&folder);
                if !kept && let Some(reason) = self.project.marked(path, &folder, markers) {
                    return Err(reason);
                }
                Ok(above.enter(&folder, &format!("{path}/"), markers))
            }
            Member::Skipped(reason) => Err(reason),
            Member::Unmentioned | Member::File(_) => Err(SkipReason::Vanished),
        }
    }
}
