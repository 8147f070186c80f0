//! Where files lie, by the XDG Base Directory Specification.

use std::path::{Path, PathBuf};

/// The system's configuration file.
pub(crate) fn system_file() -> Option<PathBuf> {
    Some(PathBuf::from("/etc/codecontext/config.toml"))
}

/// The user's configuration file.
pub(crate) fn user_file() -> Option<PathBuf> {
    let folder = absolute_in("XDG_CONFIG_HOME").or_else(|| Some(home()?.join(".config")))?;
    Some(folder.join("codecontext/config.toml"))
}

/// The data folder, where nothing else is said.
pub(crate) fn default_data_dir() -> Option<PathBuf> {
    let folder = absolute_in("XDG_DATA_HOME").or_else(|| Some(home()?.join(".local/share")))?;
    Some(folder.join("codecontext"))
}

fn home() -> Option<PathBuf> {
    absolute_in("HOME")
}

/// The specification has relative paths ignored.
fn absolute_in(variable: &str) -> Option<PathBuf> {
    let path = PathBuf::from(std::env::var_os(variable)?);
    Some(path).filter(|path| Path::is_absolute(path))
}
