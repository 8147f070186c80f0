//! The program as people and scripts meet it: the real binary, each test with
//! a data folder of its own.

mod bad_input;
mod batches;
mod daemon;
mod damage;
mod init;
mod kill;
mod mcp;
mod mcp_kill;
mod shapes;
mod uninstall;
mod usage;
mod value;
mod world;
