//! What the engine promises, feature by feature: a small project of six
//! languages goes in, each verb's answer comes out.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop")]

mod bad_input;
mod hiding;
mod memory;
mod names;
mod reuse;
mod setup;
mod verbs;
mod watching;
