//! The daemon itself.

use serde::{Deserialize, Serialize};

/// Who answers at this socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaemonAnswer {
    /// The program's version.
    pub version: String,
    /// Tells builds of one version apart: higher was built later.
    pub build: u64,
    /// The version of the API.
    pub api_version: u32,
    /// The format of the store's files.
    pub data_format: u32,
    /// The process.
    pub pid: u32,
    /// When it started.
    pub started_at: String,
    /// The folder where it keeps all state.
    pub data_dir: String,
    /// Requests that run now, this one included.
    pub in_flight: usize,
    /// Whether it is about to end.
    pub draining: bool,
}

/// The daemon will end when its running requests have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrainAnswer {
    /// Always true.
    pub draining: bool,
    /// The process that will end.
    pub pid: u32,
    /// Requests it still waits for.
    pub in_flight: usize,
}
