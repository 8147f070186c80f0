//! The engine's verbs, one file each.

mod status;
mod value;
mod search;
mod locate;
mod symbol;
mod names;
mod calls;
mod impact;
mod patch;
mod map;
mod meant;
mod graph_export;
mod remember;
mod recall;
mod journal;
mod seal;
mod projects;
mod doctor;
mod given;
mod places;

pub(crate) use given::inside;
