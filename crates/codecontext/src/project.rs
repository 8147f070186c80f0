//! Which project a command is about.

use std::path::{Path, PathBuf};

use crate::exit::Failure;

/// The root that was given, exactly so, as an absolute path.
pub(crate) fn given(folder: &Path) -> Result<PathBuf, Failure> {
    let shown = folder.display();
    let absolute = std::path::absolute(folder)
        .map_err(|error| Failure::unusable(format!("`{shown}` is no folder")).because(error))?;
    match std::fs::metadata(&absolute) {
        Ok(found) if found.is_dir() => usable(absolute),
        Ok(_) => Err(Failure::unusable(format!("`{shown}` is not a folder"))
            .hint("give the folder that holds the project")),
        Err(error) => Err(Failure::unusable(format!("could not open the folder `{shown}`"))
            .because(error)
            .hint("give a folder that exists and that you may read")),
    }
}

/// The current folder.
pub(crate) fn current() -> Result<PathBuf, Failure> {
    let folder = std::env::current_dir().map_err(|error| {
        Failure::unusable("the current folder cannot be used").because(error).hint("use --project")
    })?;
    usable(folder)
}

/// The nearest folder around `folder`, itself included, that says it is a
/// project: by a `.codecontext` folder or by git.
pub(crate) fn marked_around(folder: &Path) -> Option<PathBuf> {
    let is_marked =
        |folder: &&Path| folder.join(".codecontext").is_dir() || folder.join(".git").exists();
    folder.ancestors().find(is_marked).map(Path::to_path_buf)
}

fn usable(folder: PathBuf) -> Result<PathBuf, Failure> {
    if folder.to_str().is_none() {
        let shown = folder.display();
        return Err(Failure::unusable(format!("the name of `{shown}` is not UTF-8"))
            .hint("rename the folder, or reach it by a link with another name"));
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mark_wins() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("outer/inner/src");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::create_dir(folder.path().join("outer/.git")).unwrap();
        assert_eq!(marked_around(&inner), Some(folder.path().join("outer")));
        std::fs::create_dir(folder.path().join("outer/inner/.codecontext")).unwrap();
        assert_eq!(marked_around(&inner), Some(folder.path().join("outer/inner")));
    }

    #[test]
    fn a_file_is_no_project() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(given(file.path()).is_err());
        assert!(given(Path::new("/no/such/folder")).is_err());
    }
}
