//! Where a project's search index lies, and how it is opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ctx_model::ProjectId;
use ctx_search::{OpenError, Place, Sealing, SearchIndex};
use ctx_security::{Sealer, Secret};

use crate::error::{EngineError, ErrorKind};
use crate::failure;

/// The folder of a project's search index.
pub(crate) fn folder(data_dir: &Path, project: ProjectId) -> PathBuf {
    data_dir.join("search").join(project.to_string())
}

/// Opens a project's search index; a damaged one, or one of another version,
/// is emptied, and the next indexing fills it again.
pub(crate) fn open(
    data_dir: &Path,
    project: ProjectId,
    secret: Option<&Secret>,
) -> Result<SearchIndex, EngineError> {
    let folder = folder(data_dir, project);
    if folder.symlink_metadata().is_ok_and(|found| !found.is_dir()) {
        tracing::warn!(%project, "a file lies where the search index belongs; it is removed");
        // If it stays, opening tells.
        let _ = std::fs::remove_file(&folder);
    }
    let place = match secret {
        None => Place::Folder(folder),
        Some(secret) => Place::SealedFolder(folder, sealing(project, secret)),
    };
    match SearchIndex::open(&place) {
        Ok(index) => Ok(index),
        Err(OpenError::Rebuild { reason, .. }) => {
            tracing::warn!(%project, reason, "the search index is emptied to be filled again");
            SearchIndex::create(&place).map_err(unopened)
        }
        Err(error) => Err(unopened(error)),
    }
}

fn unopened(error: OpenError) -> EngineError {
    // It was made a moment ago: whoever seals the project has removed it since.
    if failure::io_kind(&error) == Some(std::io::ErrorKind::NotFound) {
        return EngineError::new(ErrorKind::Busy, "the search index was just taken away")
            .with_hint("try again: it is filled anew")
            .because(error);
    }
    EngineError::new(ErrorKind::UnusableProject, error.to_string())
        .with_hint("check the rights on the data folder and the free space on its disk")
        .because(error)
}

fn sealing(project: ProjectId, secret: &Secret) -> Sealing {
    let sealer = Arc::new(Sealer::sealed(secret.derive("search")));
    let context = move |name: &str| [project.0.as_slice(), name.as_bytes()].concat();
    let opener = Arc::clone(&sealer);
    Sealing {
        seal: Arc::new(move |name, plain| {
            let mut nonce = [0; 24];
            getrandom::fill(&mut nonce).map_err(std::io::Error::other)?;
            Ok(sealer.seal(nonce, &context(name), plain))
        }),
        open: Arc::new(move |name, sealed| {
            opener.open(&context(name), sealed).map_err(std::io::Error::other)
        }),
    }
}
