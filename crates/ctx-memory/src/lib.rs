//! Remember, recall, revise, forget.
//!
//! Owns what a memory is worth: which ones a question brings back, in what
//! order, and whether they can still be believed. A [`MemoryView`] is folded
//! from the journal's records and can be dropped at any time. Never reads files,
//! clocks or the network, and never writes: callers pass text and time in and
//! append the events that come out.

pub mod view;

pub mod recall;
pub mod remember;
pub mod standing;
pub mod when;

mod index;
mod query;

#[cfg(test)]
mod tests;

pub use recall::{RecallQuery, Recalled, decisions, memories, recall, speaks_of};
pub use remember::{Prepared, RememberError, ReviseError, feedback, forget, remember, supersede};
pub use standing::{CodeState, Presence, Status};
pub use view::MemoryView;
pub use when::parse_when;
