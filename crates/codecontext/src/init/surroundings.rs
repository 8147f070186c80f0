//! What is around the program: home, settings of assistants, the way to
//! programs. Read once; everything else takes it as a value.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::server::NAME;
use crate::exit::Failure;

/// Variables that move an assistant's folder.
const VARIABLES: [&str; 3] = ["CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME"];

/// What is around the program.
#[derive(Debug, Clone)]
pub(super) struct Surroundings {
    /// The person's folder.
    pub(super) home: PathBuf,
    /// Absolute folders by the variable that says so.
    folders: BTreeMap<&'static str, PathBuf>,
    /// Where programs are looked for, in that order.
    search: Vec<PathBuf>,
    /// This program's own file, without links in its path.
    program: PathBuf,
}

impl Surroundings {
    /// Reads the environment.
    pub(super) fn read() -> Result<Surroundings, Failure> {
        let absolute = |name: &str| {
            let folder = PathBuf::from(std::env::var_os(name)?);
            Some(folder).filter(|folder| folder.is_absolute() && folder.to_str().is_some())
        };
        let home = absolute("HOME").ok_or_else(|| {
            Failure::unusable("HOME is not set, so assistants' files cannot be found")
                .hint("set HOME to your home folder")
        })?;
        let folders = VARIABLES.iter().filter_map(|name| Some((*name, absolute(name)?))).collect();
        let search: OsString = std::env::var_os("PATH").unwrap_or_default();
        let search = std::env::split_paths(&search).filter(|folder| folder.is_absolute()).collect();
        let program = std::env::current_exe().and_then(std::fs::canonicalize).map_err(|error| {
            Failure::unusable("could not find this program's own file")
                .because(error)
                .hint("install it again, or run it by its full path")
        })?;
        if program.to_str().is_none() {
            let shown = program.display();
            return Err(Failure::unusable(format!("the name of `{shown}` is not UTF-8"))
                .hint("install the program in a folder with another name"));
        }
        Ok(Surroundings { home, folders, search, program })
    }

    /// The folder that a variable names, else `default` in the home folder.
    pub(super) fn folder(&self, variable: &str, default: &str) -> PathBuf {
        self.folders.get(variable).cloned().unwrap_or_else(|| self.home.join(default))
    }

    /// Whether a variable names the folder.
    pub(super) fn is_set(&self, variable: &str) -> bool {
        self.folders.contains_key(variable)
    }

    /// The program of this name that a shell would start.
    pub(super) fn program_named(&self, name: &str) -> Option<PathBuf> {
        self.search.iter().map(|folder| folder.join(name)).find(|file| is_program(file))
    }

    /// How a file that is shared with others starts this program: by its name,
    /// where a shell starts this very program by it.
    pub(super) fn portable_command(&self) -> String {
        match self.on_path() {
            Some(_) => NAME.to_owned(),
            None => shown(&self.program),
        }
    }

    /// How a file of this person alone starts this program. Programs that were
    /// started from a desktop often search fewer folders than a shell does.
    pub(super) fn own_command(&self) -> String {
        shown(&self.on_path().unwrap_or_else(|| self.program.clone()))
    }

    fn on_path(&self) -> Option<PathBuf> {
        let found = self.program_named(NAME)?;
        let same = std::fs::canonicalize(&found).is_ok_and(|file| file == self.program);
        (same && found.to_str().is_some()).then_some(found)
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn is_program(file: &Path) -> bool {
    file.is_file() && rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}
