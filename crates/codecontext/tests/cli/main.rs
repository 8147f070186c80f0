//! The program as people and scripts meet it: the real binary, each test with
//! a data folder of its own.

mod batches;
mod daemon;
mod shapes;
mod usage;
mod world;
