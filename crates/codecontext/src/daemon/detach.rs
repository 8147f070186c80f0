//! Leaving the client behind that started this daemon.

use std::fs;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};

/// Leaves the client's terminal, folder and open files. Only at the start of a
/// detached daemon, while this process has opened nothing that it keeps.
pub(super) fn detach() {
    // It fails only if we lead a session already, which is as good.
    let _ = rustix::process::setsid();
    leave_folder();
    for descriptor in inherited() {
        close(descriptor);
    }
}

/// A daemon must not keep anybody from unmounting where it was started.
pub(super) fn leave_folder() {
    let _ = std::env::set_current_dir("/");
}

/// Open files that the client was given by whoever started it: a shell's lock
/// or a build tool's pipe, which a daemon would hold for an hour.
fn inherited() -> Vec<RawFd> {
    let Ok(open) = fs::read_dir("/proc/self/fd") else { return Vec::new() };
    let named = open.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let named: Vec<RawFd> = named.filter(|descriptor| *descriptor > 2).collect();
    // The one that listed them is closed by now.
    let is_open = |descriptor: &RawFd| fs::read_link(format!("/proc/self/fd/{descriptor}")).is_ok();
    named.into_iter().filter(is_open).collect()
}

#[expect(
    unsafe_code,
    reason = "the standard library has no safe way to close what it did not open"
)]
fn close(descriptor: RawFd) {
    // SAFETY: the descriptor is open, and nothing in this process owns it: it
    // was inherited, and this process has kept nothing open of its own yet.
    drop(unsafe { OwnedFd::from_raw_fd(descriptor) });
}
