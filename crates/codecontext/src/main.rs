//! The codecontext program: command line, daemon, configuration, wiring.
//!
//! Every command is an HTTP request: over the data folder's Unix socket to its
//! daemon, which starts by itself, or with `--no-daemon` to the same router in
//! this process. `commands` has one file for each.

mod commands;
mod cli;
mod session;
mod config;
mod project;
mod client;
mod daemon;
mod batch;
mod seal_key;
mod output;
mod exit;

use std::process::ExitCode;

/// The allocator; measured by `cargo xtask eval`, see docs/measurements.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
