//! The codecontext program: command line, daemon, configuration, wiring.
fn main() {}
