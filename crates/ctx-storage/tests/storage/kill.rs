//! kill -9: what was acknowledged is there, whole, and the chain verifies.
//!
//! The test binary runs itself again as the process to be killed.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use ctx_model::{Action, RecordId};
use ctx_storage::Space;

use crate::setup::{open, permit, register, remembered};

const DIR: &str = "CODECONTEXT_TEST_KILL_DIR";
const ROUNDS: &str = "CODECONTEXT_SOAK_ROUNDS";

/// The process that is killed: writes and tells what was acknowledged.
#[test]
fn victim() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let store = open(Path::new(&dir));
    let project = register(&store, "/p");
    let writing = permit(Action::WriteMemory, project);
    let indexing = permit(Action::IndexProject, project);
    let first = store.journal().records(project).unwrap().count();
    for number in first.. {
        let mut batch = store.batch(&indexing).unwrap();
        let value = format!("{number}").repeat(500);
        batch.put(Space::Files, b"left", value.as_bytes()).unwrap();
        batch.put(Space::Graph, b"right", value.as_bytes()).unwrap();
        batch.put(Space::Facts, &number.to_le_bytes(), value.as_bytes()).unwrap();
        batch.commit().unwrap();
        let id = store.journal().append(&writing, remembered(&format!("memory {number}")));
        println!("ACKNOWLEDGED {number} {}", id.unwrap().id);
    }
}

#[test]
fn nothing_acknowledged_is_lost_to_kill_9() {
    let rounds = std::env::var(ROUNDS).ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = HashMap::new();
    let mut noise = u64::from(std::process::id());
    for round in 0..rounds {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        // Sometimes before the first acknowledgement, in the middle of opening.
        let patience = (noise >> 40) as usize % 25;
        let told: HashMap<_, _> = kill_after(patience, dir.path()).into_iter().collect();
        check(dir.path(), &told, round);
        acknowledged.extend(told);
    }
    check(dir.path(), &acknowledged, rounds);
    println!("{rounds} rounds of kill -9, {} acknowledged records", acknowledged.len());
}

/// Starts a victim and kills it when it has acknowledged `patience` records.
fn kill_after(patience: usize, dir: &Path) -> Vec<(RecordId, usize)> {
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::victim", "--nocapture"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(victim.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut told = Vec::new();
    // The harness prints a line before the test starts: wait for it at least.
    lines.next();
    while told.len() < patience {
        told.extend(lines.next().as_deref().and_then(acknowledgement));
    }
    victim.kill().unwrap();
    told.extend(lines.filter_map(|line| acknowledgement(&line)));
    victim.wait().unwrap();
    told
}

fn acknowledgement(line: &str) -> Option<(RecordId, usize)> {
    // The harness may print the test's name on the same line.
    let (_, rest) = line.split_once("ACKNOWLEDGED ")?;
    let (number, id) = rest.split_once(' ')?;
    Some((id.parse().ok()?, number.parse().ok()?))
}

fn check(dir: &Path, acknowledged: &HashMap<RecordId, usize>, round: usize) {
    let store = open(dir);
    let project = register(&store, "/p");
    for (id, number) in acknowledged {
        let record = store.journal().get(*id).unwrap();
        assert_eq!(record.memory().unwrap().text, format!("memory {number}"), "round {round}");
    }
    let report = store.journal().verify().unwrap();
    assert!(report.is_clean(), "round {round}: {:?}", report.findings);
    // At most the one that was under way is there without being acknowledged.
    let records = store.journal().records(project).unwrap().count() as u64;
    assert_eq!(records, report.records);
    let left = store.get(Space::Files, project, b"left").unwrap();
    assert_eq!(left, store.get(Space::Graph, project, b"right").unwrap(), "round {round}");
    if let Some(newest) = acknowledged.values().max() {
        let fact = store.get(Space::Facts, project, &newest.to_le_bytes()).unwrap();
        assert_eq!(fact, Some(format!("{newest}").repeat(500).into_bytes()), "round {round}");
    }
}
