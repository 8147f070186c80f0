//! History: what past commits say of a query.
//!
//! Commits whose messages resemble the query vote for the files they touched
//! (nearest neighbours over messages), and files that used to change together
//! with what was found by words are likely to change with it again. Old
//! commits count less, and so do those that touched many files: they say
//! little of each.

use crate::score::Scores;
use crate::snapshot::{NO_FILE, Snapshot};

/// Parameters of what history says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistoryWeights {
    /// Commits that vote.
    pub voters: usize,
    /// Days after which a commit counts half.
    pub half_life_days: f32,
    /// How sharply better matches count more (power of the score).
    pub sharpness: f32,
    /// How sharply commits of many files count less (power of their number).
    pub spread: f32,
    /// Files found by words whose companions are looked for.
    pub seeds: usize,
    /// How sharply better seeds count more (power of the score).
    pub seed_sharpness: f32,
}

impl Default for HistoryWeights {
    fn default() -> HistoryWeights {
        HistoryWeights {
            voters: 20,
            half_life_days: 2_000.0,
            sharpness: 2.0,
            spread: 0.3,
            seeds: 5,
            seed_sharpness: 8.0,
        }
    }
}

/// Commits that touched more files than this are sweeps through the tree and
/// have no vote.
const MOST_FILES: usize = 50;

/// Commits that touched more files than this say nothing of which belong together.
const MOST_COMPANIONS: usize = 20;

/// Added to how often a file changed before dividing by it, so that one common
/// change does not make two files inseparable.
const FEW_CHANGES: f32 = 3.0;

const SECONDS_A_DAY: f32 = 86_400.0;

/// What past commits say, per dense file number; each part is relative to
/// nothing, so it must be normalised before it is added to others.
pub(crate) struct History<'a> {
    /// Votes of the most similar commits.
    pub(crate) votes: Vec<f32>,
    /// Likeness of all messages of the commits that touched the file, as against
    /// how often it changed.
    pub(crate) wording: Vec<f32>,
    /// How often the file changed, newer changes counting more.
    changes: Vec<f32>,
    /// What each commit is worth and the files it touched.
    commits: Vec<(f32, &'a [u32])>,
}

/// Asks the past commits.
pub(crate) fn history<'a>(
    snapshot: &'a Snapshot,
    scores: &Scores,
    weights: &HistoryWeights,
) -> History<'a> {
    let mut commits: Vec<(f32, &[u32])> = Vec::with_capacity(snapshot.commits as usize);
    let mut voters: Vec<(f32, &[u32])> = Vec::new();
    let mut changes = vec![0.0_f32; snapshot.files.len()];
    for segment in &snapshot.segments {
        for (document, start, end) in &segment.columns.commits {
            let touched = &segment.touched[*start as usize..*end as usize];
            // Files that are gone don't count: the same commits must say the same
            // in an index that never knew those files.
            let files = known(touched).count();
            if files == 0 || files > MOST_FILES {
                continue;
            }
            let at = segment.columns.place[*document as usize] as i64;
            let days = (snapshot.newest_commit - at).max(0) as f32 / SECONDS_A_DAY;
            let fresh = (-days / weights.half_life_days).exp2();
            let value = fresh * (files as f32).powf(-weights.spread);
            for file in known(touched) {
                changes[file] += value;
            }
            commits.push((value, touched));
            let score = scores.document[(segment.base + document) as usize];
            if score > 0.0 {
                voters.push((score.powf(weights.sharpness) * value, touched));
            }
        }
    }
    History {
        wording: wording(&voters, &changes),
        votes: votes(voters, changes.len(), weights.voters),
        changes,
        commits,
    }
}

impl History<'_> {
    /// How often each file changed together with those found best, as against
    /// how often it changed. `found` tells how well each file was found.
    pub(crate) fn companions(&self, found: &[f32], weights: &HistoryWeights) -> Vec<f32> {
        let seeds = seeds(found, weights);
        let mut sums = vec![0.0; found.len()];
        for (value, touched) in &self.commits {
            let all: f32 = known(touched).map(|file| seeds[file]).sum();
            if all <= 0.0 || known(touched).count() > MOST_COMPANIONS {
                continue;
            }
            for file in known(touched) {
                sums[file] += value * (all - seeds[file]);
            }
        }
        for (sum, changes) in sums.iter_mut().zip(&self.changes) {
            *sum /= (changes + FEW_CHANGES).sqrt();
        }
        sums
    }
}

/// The best of `found`, relative to the very best; 0 for all others.
fn seeds(found: &[f32], weights: &HistoryWeights) -> Vec<f32> {
    let mut order: Vec<usize> = (0..found.len()).filter(|file| found[*file] > 0.0).collect();
    if order.len() > weights.seeds {
        order.select_nth_unstable_by(weights.seeds, |a, b| found[*b].total_cmp(&found[*a]));
        order.truncate(weights.seeds);
    }
    let most = order.iter().map(|file| found[*file]).fold(f32::MIN_POSITIVE, f32::max);
    let mut seeds = vec![0.0; found.len()];
    for file in order {
        seeds[file] = (found[file] / most).powf(weights.seed_sharpness);
    }
    seeds
}

fn known(touched: &[u32]) -> impl Iterator<Item = usize> {
    touched.iter().filter(|file| **file != NO_FILE).map(|file| *file as usize)
}

/// Lets the commits with the highest values vote.
fn votes(mut voters: Vec<(f32, &[u32])>, files: usize, most: usize) -> Vec<f32> {
    if voters.len() > most {
        voters.select_nth_unstable_by(most, |a, b| b.0.total_cmp(&a.0));
        voters.truncate(most);
    }
    let mut votes = vec![0.0; files];
    for (value, touched) in voters {
        for file in known(touched) {
            votes[file] += value;
        }
    }
    votes
}

/// Every commit with a word of the query has a say, faintly.
fn wording(voters: &[(f32, &[u32])], changes: &[f32]) -> Vec<f32> {
    let mut wording = vec![0.0; changes.len()];
    for (value, touched) in voters {
        for file in known(touched) {
            wording[file] += value.sqrt();
        }
    }
    for (value, changes) in wording.iter_mut().zip(changes) {
        *value /= (changes + 1.0).sqrt();
    }
    wording
}
