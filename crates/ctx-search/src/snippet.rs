//! Snippets: the lines of a chunk that show best why it was found.

use std::ops::Range;

use crate::query::Query;
use crate::words::words;

/// The `most` consecutive lines of `text` that hold most of the query's
/// weight, as a range of lines from 0. Earlier lines win among equals. Empty
/// if `text` is.
pub fn best_lines(text: &str, query: &Query, most: usize) -> Range<usize> {
    let weights: Vec<f32> = text.lines().map(|line| line_weight(line, query)).collect();
    let width = most.min(weights.len());
    if width == 0 {
        return 0..0;
    }
    let mut sum: f32 = weights[..width].iter().sum();
    let (mut best, mut start) = (sum, 0);
    for first in 1..=weights.len() - width {
        sum += weights[first + width - 1] - weights[first - 1];
        // Adding and subtracting leaves tiny differences.
        if sum > best + 1e-4 {
            (best, start) = (sum, first);
        }
    }
    start..start + width
}

/// Weight of the query's terms on a line, each counted once.
fn line_weight(line: &str, query: &Query) -> f32 {
    let mut found: Vec<usize> = Vec::new();
    words(line, &mut |word| {
        let at = query.terms.iter().position(|term| term.term == word);
        found.extend(at.filter(|at| !found.contains(at)));
    });
    found.into_iter().map(|at| query.terms[at].weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_with_most_of_the_query_are_shown() {
        let text = "fn a() {}\n\n// parks the worker\nfn park(worker: &Worker) {\n}\nfn b() {}\n";
        let query = Query::parse("worker parks twice");
        assert_eq!(best_lines(text, &query, 2), 2..4);
        assert_eq!(best_lines(text, &Query::parse("zebra"), 3), 0..3);
        assert_eq!(best_lines("", &query, 3), 0..0);
    }
}
