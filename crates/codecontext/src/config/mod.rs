//! Configuration: read once, in layers, each value with where it came from.
//!
//! Defaults, then the system's file, the user's, the project's, environment
//! variables and flags; later layers win. A project's file is written by
//! whoever wrote the project, so it may set only what concerns its own index.

mod paths;
mod value;

use std::path::{Path, PathBuf};
use std::time::Duration;

use ctx_engine::request::IndexLimits;

use crate::exit::Failure;

pub(crate) use paths::{default_data_dir, system_file, user_file};
pub(crate) use value::{Key, Value};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Built in.
    Default,
    /// A file.
    File(PathBuf),
    /// An environment variable.
    Environment(&'static str),
    /// A flag.
    Flag(&'static str),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(path) => write!(f, "file {}", path.display()),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// Every value, and where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    values: Vec<(Key, Value, Origin)>,
    /// What was passed over, and why: for notes and `doctor`.
    pub(crate) warnings: Vec<String>,
}

impl Config {
    /// Reads every layer but the project's.
    pub(crate) fn load(data_dir_flag: Option<&Path>) -> Result<Config, Failure> {
        let mut config = Config { values: Vec::new(), warnings: Vec::new() };
        let limits = IndexLimits::default();
        for (key, value) in [
            (Key::ProjectIdle, Value::Duration(Duration::from_secs(15 * 60))),
            (Key::DaemonIdle, Value::Duration(Duration::from_secs(60 * 60))),
            (Key::MaxFileBytes, Value::Number(limits.max_file_bytes)),
            (Key::HistoryCommits, Value::Number(u64::from(limits.history_commits))),
        ] {
            config.put(key, value, Origin::Default);
        }
        for file in [paths::system_file(), paths::user_file()].into_iter().flatten() {
            config.read_file(&file)?;
        }
        config.read_environment()?;
        if let Some(folder) = data_dir_flag {
            let folder = Value::Path(absolute(folder)?);
            config.put(Key::DataDir, folder, Origin::Flag("--data-dir"));
        }
        if config.find(Key::DataDir).is_none() {
            let folder = paths::default_data_dir().ok_or_else(|| {
                Failure::unusable("no place for a data folder: HOME is not set")
                    .hint("use --data-dir or set CODECONTEXT_DATA_DIR")
            })?;
            config.put(Key::DataDir, Value::Path(folder), Origin::Default);
        }
        Ok(config)
    }

    /// The same with a project's file below the environment and the flags. A
    /// file that cannot be used is passed over with a warning.
    #[must_use]
    pub(crate) fn with_project(&self, root: &Path) -> Config {
        let mut config = self.clone();
        let file = root.join(".codecontext").join("config.toml");
        let entries = match value::entries_of(&file) {
            Ok(entries) => entries,
            Err(message) => {
                config.warnings.push(format!("passed over {}: {message}", file.display()));
                return config;
            }
        };
        for (name, value) in entries {
            let setting = Key::named(&name).filter(|key| key.is_project_matter());
            match setting.map(|key| (key, Value::from_toml(key, &value))) {
                Some((key, Ok(value))) => {
                    let (_, origin) = config.value(key);
                    if matches!(origin, Origin::Default | Origin::File(_)) {
                        config.put(key, value, Origin::File(file.clone()));
                    }
                }
                Some((_, Err(message))) => {
                    config.warnings.push(format!("{}: {message}", file.display()));
                }
                None => config.warnings.push(format!(
                    "{}: a project may not set `{name}`; it is passed over",
                    file.display()
                )),
            }
        }
        config
    }

    /// The folder where all state lives, absolute.
    pub(crate) fn data_dir(&self) -> &Path {
        match self.value(Key::DataDir) {
            (Value::Path(path), _) => path,
            _ => unreachable!("`Value::from_*` gives this key a path"),
        }
    }

    /// How long a project that nobody asks about stays in memory.
    pub(crate) fn project_idle(&self) -> Duration {
        self.duration(Key::ProjectIdle)
    }

    /// How long a daemon that nobody asks lives on.
    pub(crate) fn daemon_idle(&self) -> Duration {
        self.duration(Key::DaemonIdle)
    }

    /// What is too large or too old to index.
    pub(crate) fn limits(&self) -> IndexLimits {
        IndexLimits {
            max_file_bytes: self.number(Key::MaxFileBytes),
            history_commits: u32::try_from(self.number(Key::HistoryCommits)).unwrap_or(u32::MAX),
        }
    }

    /// A value, if anybody set it to other than the default.
    pub(crate) fn set_number(&self, key: Key) -> Option<u64> {
        match self.value(key) {
            (_, Origin::Default) => None,
            _ => Some(self.number(key)),
        }
    }

    /// Every value in the order of the keys, and where it came from.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Key, &Value, &Origin)> {
        Key::ALL.into_iter().map(|key| {
            let (value, origin) = self.value(key);
            (key, value, origin)
        })
    }

    fn find(&self, key: Key) -> Option<(&Value, &Origin)> {
        let entry = self.values.iter().find(|(found, _, _)| *found == key);
        entry.map(|(_, value, origin)| (value, origin))
    }

    fn value(&self, key: Key) -> (&Value, &Origin) {
        self.find(key).expect("loading sets every key")
    }

    fn duration(&self, key: Key) -> Duration {
        match self.value(key) {
            (Value::Duration(duration), _) => *duration,
            _ => unreachable!("`Value::from_*` gives this key a duration"),
        }
    }

    fn number(&self, key: Key) -> u64 {
        match self.value(key) {
            (Value::Number(number), _) => *number,
            _ => unreachable!("`Value::from_*` gives this key a number"),
        }
    }

    fn put(&mut self, key: Key, value: Value, origin: Origin) {
        self.values.retain(|(found, _, _)| *found != key);
        self.values.push((key, value, origin));
    }

    fn read_file(&mut self, file: &Path) -> Result<(), Failure> {
        let unusable = |message: String| {
            Failure::unusable(format!("{}: {message}", file.display()))
                .hint("mend the file, or move it away")
        };
        for (name, value) in value::entries_of(file).map_err(unusable)? {
            let Some(key) = Key::named(&name) else {
                self.warnings.push(format!("{}: there is no setting `{name}`", file.display()));
                continue;
            };
            let value = Value::from_toml(key, &value).map_err(unusable)?;
            self.put(key, value, Origin::File(file.to_path_buf()));
        }
        Ok(())
    }

    fn read_environment(&mut self) -> Result<(), Failure> {
        for key in Key::ALL {
            let name = key.environment();
            let Some(text) = std::env::var_os(name).filter(|text| !text.is_empty()) else {
                continue;
            };
            let value = if key == Key::DataDir {
                Ok(Value::Path(absolute(Path::new(&text))?))
            } else {
                Value::from_text(key, &text.to_string_lossy())
            };
            let value = value.map_err(|message| Failure::unusable(format!("{name}: {message}")))?;
            self.put(key, value, Origin::Environment(name));
        }
        Ok(())
    }
}

fn absolute(folder: &Path) -> Result<PathBuf, Failure> {
    let usable = std::path::absolute(folder).ok().filter(|folder| folder.to_str().is_some());
    usable.ok_or_else(|| {
        Failure::unusable(format!("`{}` cannot be a data folder", folder.display()))
            .hint("give a folder whose name is UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_may_set_its_own_limits_and_nothing_else() {
        let project = tempfile::tempdir().unwrap();
        std::fs::create_dir(project.path().join(".codecontext")).unwrap();
        std::fs::write(
            project.path().join(".codecontext/config.toml"),
            "max_file_bytes = 1000\ndata_dir = '/tmp/elsewhere'\nhistory_commits = 'many'\n",
        )
        .unwrap();
        let config = Config::load(Some(Path::new("/tmp/here"))).unwrap();
        let config = config.with_project(project.path());
        assert_eq!(config.limits().max_file_bytes, 1000);
        assert_eq!(config.data_dir(), Path::new("/tmp/here"));
        assert_eq!(config.warnings.len(), 2);
    }

    #[test]
    fn a_broken_project_file_is_passed_over() {
        let project = tempfile::tempdir().unwrap();
        std::fs::create_dir(project.path().join(".codecontext")).unwrap();
        std::fs::write(project.path().join(".codecontext/config.toml"), [0xff, 0x00]).unwrap();
        let config = Config::load(Some(Path::new("/tmp/here"))).unwrap();
        let config = config.with_project(project.path());
        assert_eq!(config.limits(), IndexLimits::default());
        assert_eq!(config.warnings.len(), 1);
    }
}
