//! The codecontext program: command line, daemon, configuration, wiring.
//!
//! Every command is an HTTP request: over the data folder's Unix socket to its
//! daemon, which starts by itself, or with `--no-daemon` to the same router in
//! this process. `commands` has one file for each.

mod batch;
mod cli;
mod client;
mod commands;
mod config;
mod daemon;
mod exit;
mod fnv;
mod init;
mod mcp;
mod output;
mod memory;
mod project;
mod seal_key;
mod session;
mod uninstall;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Whatever is written is for its owner alone, under any umask.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    memory::keep_small();
    cli::main()
}
