//! The daemon: one per data folder, started by whoever asks first, gone when
//! nobody asks any more.

mod detach;
mod lock;
mod log;
mod place;
mod run;
mod store;
mod upkeep;

pub(crate) use lock::{Held, Lock, holder};
pub(crate) use log::{open as open_log, tail};
pub(crate) use place::{Place, belongs, is_socket_name, peer_is_ours, socket_folders};
pub(crate) use run::{Mode, run};
pub(crate) use store::open_store;

use std::path::Path;
use std::time::UNIX_EPOCH;

use ctx_server::Identity;

/// Who this program is, as the daemon tells it.
pub(crate) fn identity(data_dir: &Path) -> Identity {
    Identity {
        version: env!("CARGO_PKG_VERSION").into(),
        build: build(),
        data_dir: data_dir.to_path_buf(),
    }
}

/// Tells builds of one version apart: when the program's file was written, in
/// nanoseconds since 1970; 0 where that cannot be known.
fn build() -> u64 {
    let written = std::env::current_exe()
        .and_then(|program| program.metadata())
        .and_then(|program| program.modified());
    let since = written.ok().and_then(|written| written.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or(0)
}

/// A version and build as something that can be compared: newer is greater.
pub(crate) fn age(version: &str, build: u64) -> (Vec<u64>, u64) {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    let numbers = release.split('.').map(|number| number.parse().unwrap_or(0)).collect();
    (numbers, build)
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn newer_versions_are_greater_and_then_newer_builds() {
        assert!(age("0.10.0", 1) > age("0.9.3", 7));
        assert!(age("0.9.3", 8) > age("0.9.3", 7));
        assert!(age("1.0.0-rc.1", 0) == age("1.0.0", 0));
    }
}
