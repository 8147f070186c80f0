//! Where a data folder's daemon keeps its socket, its lock and its log.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::exit::Failure;
use crate::fnv::fnv1a;

/// The longest path that a Unix socket may have, without its final zero.
const SOCKET_PATH_MAX: usize = 107;

/// A data folder's places.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    data_dir: PathBuf,
    socket: PathBuf,
}

impl Place {
    /// The places of a data folder, which is made if it is not there.
    pub(crate) fn made(data_dir: &Path) -> Result<Place, Failure> {
        private_folder(data_dir)?;
        let place = Place::of(data_dir)?;
        private_folder(&place.run_dir())?;
        private_folder(&place.log_dir())?;
        if let Some(folder) = place.socket.parent() {
            private_folder(folder)?;
            owned_by_us_alone(folder)?;
        }
        Ok(place)
    }

    /// The places of a data folder; nothing is written. None if it is not there.
    pub(crate) fn existing(data_dir: &Path) -> Result<Option<Place>, Failure> {
        if data_dir.is_dir() { Place::of(data_dir).map(Some) } else { Ok(None) }
    }

    fn of(data_dir: &Path) -> Result<Place, Failure> {
        // Whatever name it is reached by, one folder has one daemon.
        let data_dir = fs::canonicalize(data_dir).map_err(|error| {
            let shown = data_dir.display();
            Failure::unusable(format!("the data folder `{shown}` cannot be used")).because(error)
        })?;
        let mut place = Place { socket: data_dir.join("run/daemon.sock"), data_dir };
        if place.socket.as_os_str().len() > SOCKET_PATH_MAX {
            place.socket = match fs::read_to_string(place.socket_note()) {
                Ok(noted) if Path::new(&noted).is_absolute() => noted.into(),
                _ => derived_socket(&place.data_dir),
            };
        }
        Ok(place)
    }

    /// The data folder, without links in its path.
    pub(crate) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The daemon's socket.
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Held locked by whoever has the store open.
    pub(crate) fn lock_file(&self) -> PathBuf {
        self.run_dir().join("daemon.lock")
    }

    /// The daemon's log.
    pub(crate) fn log_file(&self) -> PathBuf {
        self.log_dir().join("daemon.log")
    }

    /// Where a socket that lies elsewhere is noted, so that clients with
    /// another environment find it too.
    fn socket_note(&self) -> PathBuf {
        self.run_dir().join("socket")
    }

    fn run_dir(&self) -> PathBuf {
        self.data_dir.join("run")
    }

    fn log_dir(&self) -> PathBuf {
        self.data_dir.join("log")
    }

    /// Listens at the socket, in place of whatever is left of an earlier
    /// daemon. Only for whoever holds the lock.
    pub(crate) fn listen(&self) -> Result<std::os::unix::net::UnixListener, Failure> {
        let shown = self.socket.display();
        let unusable = |error: io::Error| {
            Failure::unusable(format!("could not listen at `{shown}`")).because(error)
        };
        match fs::symlink_metadata(&self.socket) {
            Ok(found) if found.file_type().is_socket() => {
                fs::remove_file(&self.socket).map_err(unusable)?;
            }
            Ok(_) => {
                return Err(Failure::unusable(format!("`{shown}` is not a socket of ours"))
                    .hint("move it away"));
            }
            Err(_) => {}
        }
        let listener = std::os::unix::net::UnixListener::bind(&self.socket).map_err(unusable)?;
        let rights = fs::Permissions::from_mode(0o600);
        fs::set_permissions(&self.socket, rights).map_err(unusable)?;
        listener.set_nonblocking(true).map_err(unusable)?;
        if !self.socket.starts_with(&self.data_dir) {
            let noted = self.socket.as_os_str().as_encoded_bytes();
            fs::write(self.socket_note(), noted).map_err(unusable)?;
        }
        Ok(listener)
    }

    /// Which file the socket is now; none if it is gone.
    pub(crate) fn socket_identity(&self) -> Option<(u64, u64)> {
        fs::symlink_metadata(&self.socket).ok().map(|found| (found.dev(), found.ino()))
    }
}

/// Whether a path, relative to a data folder, is one that a daemon makes there:
/// tells by name, looks at nothing.
pub(crate) fn belongs(path: &Path) -> bool {
    const PATHS: [&str; 7] = [
        "run",
        "run/daemon.lock",
        "run/daemon.sock",
        "run/socket",
        "log",
        "log/daemon.log",
        "log/daemon.log.1",
    ];
    PATHS.iter().any(|ours| path == Path::new(ours))
}

/// Folders in which sockets of data folders with long paths may lie.
pub(crate) fn socket_folders() -> Vec<PathBuf> {
    let temporary = PathBuf::from(format!("/tmp/codecontext-{}", our_uid()));
    runtime_folder().into_iter().chain([temporary]).collect()
}

/// Whether a file in such a folder is named as our sockets are.
pub(crate) fn is_socket_name(name: &str) -> bool {
    let stem = name.strip_suffix(".sock").unwrap_or_default();
    stem.len() == 16 && stem.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Our folder among those of the session, where there is one.
fn runtime_folder() -> Option<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let folder = runtime.filter(|folder| folder.is_absolute())?;
    Some(folder.join("codecontext"))
}

/// Whether the other end of a connection belongs to our user.
pub(crate) fn peer_is_ours(stream: &tokio::net::UnixStream) -> bool {
    stream.peer_cred().is_ok_and(|peer| peer.uid() == our_uid())
}

/// Our user.
pub(super) fn our_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// A short place outside the data folder, the same for all our clients.
fn derived_socket(data_dir: &Path) -> PathBuf {
    // The daemon says which folder it serves, so a collision shows.
    let name = format!("{:016x}.sock", fnv1a(data_dir.as_os_str().as_encoded_bytes()));
    let in_runtime = runtime_folder()
        .map(|folder| folder.join(&name))
        .filter(|socket| socket.as_os_str().len() <= SOCKET_PATH_MAX);
    in_runtime
        .unwrap_or_else(|| PathBuf::from(format!("/tmp/codecontext-{}", our_uid())).join(name))
}

/// Makes a folder that only we can enter, unless it is there.
fn private_folder(folder: &Path) -> Result<(), Failure> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| {
        Failure::unusable(format!("could not make the folder `{}`", folder.display()))
            .because(error)
            .hint("choose another with --data-dir or CODECONTEXT_DATA_DIR")
    })
}

/// Refuses a folder in which somebody else could have put a socket.
fn owned_by_us_alone(folder: &Path) -> Result<(), Failure> {
    let shown = folder.display();
    let found = fs::symlink_metadata(folder).map_err(|error| {
        Failure::unusable(format!("could not look at `{shown}`")).because(error)
    })?;
    if !found.is_dir() || found.uid() != our_uid() {
        return Err(Failure::new(
            ctx_engine::ErrorKind::Denied,
            format!("`{shown}` is not a folder of ours, so no socket in it can be trusted"),
        )
        .hint("move it away, or choose another data folder"));
    }
    if found.mode() & 0o077 != 0 {
        return Err(Failure::new(
            ctx_engine::ErrorKind::Denied,
            format!("others may enter `{shown}`, so no socket in it can be trusted"),
        )
        .hint(format!("chmod 700 {shown}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_data_folder_has_a_short_socket() {
        let folder = tempfile::tempdir().unwrap();
        let long = folder.path().join("x".repeat(120));
        fs::create_dir(&long).unwrap();
        let place = Place::of(&long).unwrap();
        assert!(place.socket().as_os_str().len() <= SOCKET_PATH_MAX);
        assert!(!place.socket().starts_with(&long));
        let short = Place::of(folder.path()).unwrap();
        assert!(short.socket().starts_with(short.data_dir()));
    }

    #[test]
    fn a_folder_that_others_may_enter_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("run")).unwrap();
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.path().join("run"), open).unwrap();
        assert_eq!(Place::made(folder.path()).unwrap_err().exit(), crate::exit::Exit::Refused);
    }
}
