//! What each answer looks like as JSON. A golden that changes other than by an
//! added field breaks clients: it belongs in a new version.

mod code;
mod records;

use ctx_engine::{Receipt, answer};
use ctx_model::{ProjectId, Timestamp};
use expect_test::Expect;
use serde::Serialize;

use super::freshness;

/// Checks how `value` is sent.
fn check(value: impl Serialize, expected: Expect) {
    let json = serde_json::to_string_pretty(&value).expect("wire types serialize");
    expected.assert_eq(&json);
}

/// Checks how an answer with freshness is sent, its freshness left out.
fn check_answer<D, W: Serialize + From<D>>(content: D, expected: Expect) {
    let answer = answer::Answer {
        content,
        freshness: answer::Freshness::default(),
        receipt: Receipt::default(),
    };
    let mut json = serde_json::to_value(freshness::Answer::<W>::from(answer)).expect("an object");
    let fields = json.as_object_mut().expect("an object");
    assert!(fields.remove("freshness").is_some(), "every project answer carries freshness");
    check(json, expected);
}

fn status() -> answer::Status {
    answer::Status {
        project: ProjectId([0xab; 16]),
        root: "/home/ann/project".into(),
        indexed_at: Some(Timestamp(1_683_554_160_000_000)),
        symbols: 5,
        edges: answer::EdgeCounts { resolved: 3, external: 2, unresolved: 1 },
        memories: 4,
        index_bytes: 4096,
        rss_bytes: 8192,
        watching: true,
        seal: answer::SealState::Open,
    }
}
