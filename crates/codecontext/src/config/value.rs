//! Settings: their names, their types and how they are written.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// A configuration file above this size, in bytes, is no configuration file.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// Where all state lives.
    DataDir,
    /// How long a project that nobody asks about stays in memory.
    ProjectIdle,
    /// How long a daemon that nobody asks lives on.
    DaemonIdle,
    /// Files above this size, in bytes, are skipped.
    MaxFileBytes,
    /// How many past commits are searched.
    HistoryCommits,
}

impl Key {
    /// Every setting, in the order in which they are shown.
    pub(crate) const ALL: [Key; 5] =
        [Key::DataDir, Key::ProjectIdle, Key::DaemonIdle, Key::MaxFileBytes, Key::HistoryCommits];

    /// Its name in files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Key::DataDir => "data_dir",
            Key::ProjectIdle => "project_idle",
            Key::DaemonIdle => "daemon_idle",
            Key::MaxFileBytes => "max_file_bytes",
            Key::HistoryCommits => "history_commits",
        }
    }

    /// Its environment variable.
    pub(crate) fn environment(self) -> &'static str {
        match self {
            Key::DataDir => "CODECONTEXT_DATA_DIR",
            Key::ProjectIdle => "CODECONTEXT_PROJECT_IDLE",
            Key::DaemonIdle => "CODECONTEXT_DAEMON_IDLE",
            Key::MaxFileBytes => "CODECONTEXT_MAX_FILE_BYTES",
            Key::HistoryCommits => "CODECONTEXT_HISTORY_COMMITS",
        }
    }

    pub(super) fn named(name: &str) -> Option<Key> {
        Key::ALL.into_iter().find(|key| key.name() == name)
    }

    /// Whether a project's own file may set it.
    pub(super) fn is_project_matter(self) -> bool {
        matches!(self, Key::MaxFileBytes | Key::HistoryCommits)
    }
}

/// What a setting is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// An absolute path.
    Path(PathBuf),
    /// Written `90s`, `15m`, `1h` or `2d`.
    Duration(Duration),
    /// A count.
    Number(u64),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Path(path) => write!(f, "{}", path.display()),
            Value::Duration(duration) => write!(f, "{}s", duration.as_secs()),
            Value::Number(number) => write!(f, "{number}"),
        }
    }
}

impl Value {
    pub(super) fn from_toml(key: Key, value: &toml::Value) -> Result<Value, String> {
        match value {
            toml::Value::String(text) => Value::from_text(key, text),
            toml::Value::Integer(number) => Value::from_text(key, &number.to_string()),
            _ => Err(format!("`{}` takes a text or a number", key.name())),
        }
    }

    pub(super) fn from_text(key: Key, text: &str) -> Result<Value, String> {
        let name = key.name();
        match key {
            Key::DataDir => {
                let path = Path::new(text);
                let absolute = path.is_absolute().then(|| Value::Path(path.to_path_buf()));
                absolute.ok_or_else(|| format!("`{name}` must be an absolute path"))
            }
            Key::ProjectIdle | Key::DaemonIdle => duration(text)
                .map(Value::Duration)
                .ok_or_else(|| format!("`{name}` is written like 90s, 15m, 1h or 2d")),
            Key::MaxFileBytes => within(text, 1, 1 << 30)
                .ok_or_else(|| format!("`{name}` must be a number from 1 to 1073741824")),
            Key::HistoryCommits => within(text, 0, 10_000_000)
                .ok_or_else(|| format!("`{name}` must be a number up to 10000000")),
        }
    }
}

fn within(text: &str, least: u64, most: u64) -> Option<Value> {
    let number = text.trim().parse().ok()?;
    (least..=most).contains(&number).then_some(Value::Number(number))
}

/// Reads `90s`, `15m`, `1h`, `2d` or plain seconds; up to a year.
fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (number, seconds) = match text.char_indices().last()? {
        (end, 's') => (&text[..end], 1),
        (end, 'm') => (&text[..end], 60),
        (end, 'h') => (&text[..end], 3600),
        (end, 'd') => (&text[..end], 86_400),
        _ => (text, 1),
    };
    let seconds = number.trim().parse::<u64>().ok()?.checked_mul(seconds)?;
    (seconds > 0 && seconds <= 366 * 86_400).then(|| Duration::from_secs(seconds))
}

/// The entries of a file; none if it does not exist.
pub(super) fn entries_of(file: &Path) -> Result<Vec<(String, toml::Value)>, String> {
    let found = match std::fs::metadata(file) {
        Ok(found) => found,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.to_string()),
    };
    if !found.is_file() || found.len() > FILE_BYTES_MAX {
        return Err("not a configuration file".into());
    }
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        // The whole error quotes the line; its message alone names the fault.
        error.message().to_owned()
    })?;
    Ok(table.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_with_a_unit() {
        assert_eq!(duration("90s"), Some(Duration::from_secs(90)));
        assert_eq!(duration("15m"), Some(Duration::from_secs(900)));
        assert_eq!(duration("2 h"), Some(Duration::from_secs(7200)));
        assert_eq!(duration("7"), Some(Duration::from_secs(7)));
        for wrong in ["", "h", "-1s", "0s", "99999999999999999999d", "1w", "é"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
