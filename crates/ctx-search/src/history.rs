//! History: what past commits say of a query.
//!
//! Commits whose messages resemble the query vote for the files they touched
//! (nearest neighbours over messages). Old votes count less, and so do votes of
//! commits that touched many files: they say little of each.

use crate::score::Scores;
use crate::snapshot::{NO_FILE, Snapshot};

/// Parameters of the votes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistoryWeights {
    /// Commits that vote.
    pub voters: usize,
    /// Days after which a vote counts half.
    pub half_life_days: f32,
    /// How sharply better matches count more (power of the score).
    pub sharpness: f32,
    /// How sharply commits of many files count less (power of their number).
    pub spread: f32,
}

impl Default for HistoryWeights {
    fn default() -> HistoryWeights {
        HistoryWeights { voters: 60, half_life_days: 1_000.0, sharpness: 2.0, spread: 0.5 }
    }
}

/// Commits that touched more files than this are sweeps through the tree and
/// have no vote.
const MOST_FILES: usize = 50;

const SECONDS_A_DAY: f32 = 86_400.0;

/// What past commits say, per dense file number.
pub(crate) struct History {
    /// Votes of similar commits.
    pub(crate) votes: Vec<f32>,
    /// Logarithm of the number of changes, newer ones counting more.
    pub(crate) heat: Vec<f32>,
}

/// Lets the commits most similar to the query vote.
pub(crate) fn history(snapshot: &Snapshot, scores: &Scores, weights: &HistoryWeights) -> History {
    let mut past =
        History { votes: vec![0.0; snapshot.files.len()], heat: vec![0.0; snapshot.files.len()] };
    let mut voters: Vec<(f32, &[u32])> = Vec::new();
    for segment in &snapshot.segments {
        for (document, start, end) in &segment.columns.commits {
            let files = &segment.touched[*start as usize..*end as usize];
            if files.is_empty() || files.len() > MOST_FILES {
                continue;
            }
            let at = segment.columns.place[*document as usize] as i64;
            let days = (snapshot.newest_commit - at).max(0) as f32 / SECONDS_A_DAY;
            let fresh = (-days / weights.half_life_days).exp2();
            let share = (files.len() as f32).powf(-weights.spread);
            for file in files.iter().filter(|file| **file != NO_FILE) {
                past.heat[*file as usize] += fresh * share;
            }
            let score = scores.document[(segment.base + document) as usize];
            if score > 0.0 {
                voters.push((score.powf(weights.sharpness) * fresh * share, files));
            }
        }
    }
    for heat in &mut past.heat {
        *heat = heat.ln_1p();
    }
    if voters.len() > weights.voters {
        voters.select_nth_unstable_by(weights.voters, |a, b| b.0.total_cmp(&a.0));
        voters.truncate(weights.voters);
    }
    for (vote, files) in voters {
        for file in files.iter().filter(|file| **file != NO_FILE) {
            past.votes[*file as usize] += vote;
        }
    }
    past
}
