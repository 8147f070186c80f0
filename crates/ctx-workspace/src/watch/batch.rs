//! Events gathered until it is quiet.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

/// More paths than these are not worth naming: walking is as fast.
pub(super) const MAX_PATHS: usize = 2_000;

/// What has been seen since the last batch was handed over.
#[derive(Debug)]
pub(super) struct Batch {
    debounce: Duration,
    max_delay: Duration,
    paths: BTreeSet<String>,
    rescan: bool,
    /// When its first and its latest event were seen.
    span: Option<(Instant, Instant)>,
}

impl Batch {
    pub(super) fn new(debounce: Duration, max_delay: Duration) -> Batch {
        Batch { debounce, max_delay, paths: BTreeSet::new(), rescan: false, span: None }
    }

    /// Something happened to `path` at `now`.
    pub(super) fn add(&mut self, path: &str, now: Instant) {
        self.touch(now);
        if !self.rescan && !self.paths.contains(path) {
            self.paths.insert(path.to_owned());
            if self.paths.len() > MAX_PATHS {
                self.rescan(now);
            }
        }
    }

    /// Something happened that no path tells.
    pub(super) fn rescan(&mut self, now: Instant) {
        self.touch(now);
        self.rescan = true;
        self.paths.clear();
    }

    /// How long to wait from `now` until it must be handed over; none while it is empty.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let (first, latest) = self.span?;
        let due = (latest + self.debounce).min(first + self.max_delay);
        Some(due.saturating_duration_since(now))
    }

    /// Its paths and whether to walk again; empty afterwards.
    pub(super) fn take(&mut self) -> (BTreeSet<String>, bool) {
        self.span = None;
        (std::mem::take(&mut self.paths), std::mem::take(&mut self.rescan))
    }

    fn touch(&mut self, now: Instant) {
        let first = self.span.map_or(now, |(first, _)| first);
        self.span = Some((first, now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> (Batch, Instant) {
        (Batch::new(Duration::from_millis(15), Duration::from_millis(100)), Instant::now())
    }

    #[test]
    fn a_batch_waits_for_quiet_but_not_for_ever() {
        let (mut batch, start) = batch();
        assert_eq!(batch.wait(start), None);
        batch.add("a", start);
        assert_eq!(batch.wait(start), Some(Duration::from_millis(15)));
        for millisecond in (10..=90).step_by(10) {
            batch.add("b", start + Duration::from_millis(millisecond));
        }
        let at = start + Duration::from_millis(90);
        assert_eq!(batch.wait(at), Some(Duration::from_millis(10)));
        assert_eq!(batch.take().0.into_iter().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(batch.wait(at), None);
    }

    #[test]
    fn too_many_paths_become_a_rescan() {
        let (mut batch, start) = batch();
        for number in 0..=MAX_PATHS {
            batch.add(&number.to_string(), start);
        }
        batch.add("one more", start);
        let (paths, rescan) = batch.take();
        assert!(rescan && paths.is_empty());
    }
}
