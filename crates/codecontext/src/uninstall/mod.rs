//! Uninstall: what of CodeContext is on this machine, and how it is removed.
//!
//! Looks everywhere that CodeContext writes to. Removes only what it made,
//! told by name: never a folder with whatever is in it.

mod data_folder;
mod kept;
mod programs;
mod purge;
mod settings;
mod sockets;
mod traces;

pub(crate) use kept::Kept;
pub(crate) use programs::Program;
pub(crate) use purge::{Purged, purge};
pub(crate) use traces::{Scope, Traces};
