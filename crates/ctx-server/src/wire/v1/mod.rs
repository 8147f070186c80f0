//! Version 1: one file per kind of answer. Requests refuse fields that they do
//! not know, so that a misspelt option never passes silently.

pub mod calls;
pub mod daemon;
pub mod doctor;
pub mod error;
pub mod freshness;
pub mod graph;
pub mod impact;
pub mod index;
pub mod journal;
pub mod locate;
pub mod map;
pub mod memory;
pub mod project;
pub mod seal;
pub mod search;
pub mod status;
pub mod symbol;
pub mod value;

#[cfg(test)]
mod goldens;

use std::time::Duration;

use ctx_model::Timestamp;
use serde::{Deserialize, Deserializer, de};

/// A time in RFC 3339, UTC. Out of range it is the nearest that can be written.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    let nearest = if at.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    jiff::Timestamp::from_microsecond(at.0).unwrap_or(nearest).to_string()
}

/// A duration in milliseconds, to the microsecond.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}

/// The largest count of items that a request may ask for.
pub const LIMIT_MAX: usize = 10_000;
/// The largest number of tokens that a request may ask for.
pub const TOKENS_MAX: usize = 1_000_000;
/// The largest number of steps through the graph that a request may ask for.
pub const DEPTH_MAX: u32 = 64;

/// A count that is worth asking for: 1 to [`LIMIT_MAX`].
pub(crate) fn limit<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    within(usize::deserialize(from)?, 1, LIMIT_MAX, "limit")
}

/// A number of tokens: 1 to [`TOKENS_MAX`].
pub(crate) fn tokens<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    within(usize::deserialize(from)?, 1, TOKENS_MAX, "tokens")
}

/// A number of steps: 1 to [`DEPTH_MAX`].
pub(crate) fn depth<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    within(u32::deserialize(from)?, 1, DEPTH_MAX, "depth")
}

fn within<N, E>(number: N, least: N, most: N, name: &str) -> Result<N, E>
where
    N: PartialOrd + std::fmt::Display,
    E: de::Error,
{
    if number < least || number > most {
        return Err(E::custom(format_args!("`{name}` must be {least} to {most}, not {number}")));
    }
    Ok(number)
}
