//! A full disk: a clear message, and nothing acknowledged is lost.
//!
//! The tests run themselves again in a mount namespace of their own, on a small
//! memory-backed disk that vanishes with it.

use std::process::Command;

use ctx_model::Action;
use ctx_storage::{AppendError, Space, StoreOptions, WriteError};

use crate::setup::{open, options, permit, register, remembered};

const DISK: &str = "CODECONTEXT_TEST_DISK";

/// Runs the test named `name` again on a disk of `size`; gives that disk where
/// this is already the process that runs on it.
fn on_small_disk(name: &str, size: &str) -> Option<std::path::PathBuf> {
    if let Some(disk) = std::env::var_os(DISK) {
        return Some(disk.into());
    }
    let disk = tempfile::tempdir().unwrap();
    let probe = Command::new("unshare")
        .args(["-rm", "mount", "-t", "tmpfs", "tmpfs"])
        .arg(disk.path())
        .output();
    if !probe.is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED {name}: this system gives no mount namespace to put a small disk in");
        return None;
    }
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", "mount -t tmpfs -o size=$0 tmpfs \"$1\" && shift && exec \"$@\""])
        .arg(size)
        .arg(disk.path())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(DISK, disk.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("1 passed"), "{told}");
    None
}

#[test]
fn writes_stop_before_the_reserve_is_used_up() {
    let name = "disk_full::writes_stop_before_the_reserve_is_used_up";
    let Some(disk) = on_small_disk(name, "12m") else { return };
    let options = StoreOptions { reserve_bytes: 4 << 20, ..options() };
    let store = ctx_storage::Store::open(&disk.join("data"), options).unwrap();
    let project = register(&store, "/p");
    let writing = permit(Action::WriteMemory, project);
    let text = "m".repeat(100_000);
    let mut acknowledged = 0;
    let error = loop {
        match store.journal().append(&writing, remembered(&text)) {
            Ok(_) => acknowledged += 1,
            Err(error) => break error,
        }
    };
    assert!(acknowledged > 10, "{acknowledged}");
    let AppendError::NotWritten { source: full @ WriteError::DiskFull { .. } } = error else {
        panic!("{error:?}")
    };
    assert!(full.to_string().contains("no space left"), "{full}");
    assert!(full.hint().contains("free some space"));
    // Reading goes on, and so does writing once there is room.
    assert_eq!(store.journal().records(project).unwrap().count(), acknowledged);
    drop(store);
    let store = open(&disk.join("data"));
    store.journal().append(&writing, remembered("small")).unwrap();
    assert_eq!(store.journal().records(project).unwrap().count(), acknowledged + 1);
    assert!(store.journal().verify().unwrap().is_clean());
}

#[test]
fn a_disk_that_is_full_to_the_last_byte_loses_nothing_acknowledged() {
    let name = "disk_full::a_disk_that_is_full_to_the_last_byte_loses_nothing_acknowledged";
    let Some(disk) = on_small_disk(name, "24m") else { return };
    let ballast = disk.join("ballast");
    std::fs::write(&ballast, vec![1; 4 << 20]).unwrap();
    let store = open(&disk.join("data"));
    let project = register(&store, "/p");
    let writing = permit(Action::WriteMemory, project);
    let indexing = permit(Action::IndexProject, project);
    let mut acknowledged = Vec::new();
    let mut files = 0_u32;
    // Incompressible, so that the disk fills in a few rounds.
    let mut state = 1;
    let error = loop {
        let value = noise(&mut state, 50_000);
        let mut batch = store.batch(&indexing).unwrap();
        batch.put(Space::Files, &files.to_le_bytes(), &value).unwrap();
        match batch.commit() {
            Ok(()) => files += 1,
            Err(error) => break error,
        }
        match store.journal().append(&writing, remembered(&format!("memory {files}"))) {
            Ok(appended) => acknowledged.push(appended.id),
            Err(AppendError::NotWritten { source }) => break source,
            Err(error) => panic!("{error}"),
        }
    };
    assert!(files > 50, "{files}");
    assert!(matches!(error, WriteError::DiskFull { .. }), "{error:?}");
    // Still no room for more than there is: told again, not by a panic or a
    // hang. Too far apart to be compressed, what is repeated stays large.
    let large = noise(&mut state, 100_000).repeat(300);
    for _ in 0..3 {
        let mut batch = store.batch(&indexing).unwrap();
        batch.put(Space::Files, b"too much", &large).unwrap();
        assert!(matches!(batch.commit(), Err(WriteError::DiskFull { .. })));
    }
    assert!(!store.contains(Space::Files, project, b"too much").unwrap());
    // Room again: the same store recovers by itself.
    std::fs::remove_file(&ballast).unwrap();
    let id = store.journal().append(&writing, remembered("room again")).unwrap().id;
    acknowledged.push(id);
    check(&store, project, &acknowledged, files);
    drop(store);
    check(&open(&disk.join("data")), project, &acknowledged, files);
}

fn noise(state: &mut u64, length: usize) -> Vec<u8> {
    let mut next = || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (*state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}

fn check(
    store: &ctx_storage::Store,
    project: ctx_model::ProjectId,
    acknowledged: &[ctx_model::RecordId],
    files: u32,
) {
    for id in acknowledged {
        assert!(store.journal().get(*id).unwrap().entry.is_some());
    }
    for file in 0..files {
        let value = store.get(Space::Files, project, &file.to_le_bytes()).unwrap();
        assert_eq!(value.map(|value| value.len()), Some(50_000), "file {file}");
    }
    let report = store.journal().verify().unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
}

#[test]
fn opening_on_a_full_disk_is_told() {
    let name = "disk_full::opening_on_a_full_disk_is_told";
    let Some(disk) = on_small_disk(name, "1m") else { return };
    let data = disk.join("data");
    std::fs::create_dir(&data).unwrap();
    let ballast = disk.join("ballast");
    let _ = std::fs::write(&ballast, vec![1; 2 << 20]);
    let error = ctx_storage::Store::open(&data, options()).unwrap_err();
    assert!(matches!(error, ctx_storage::OpenError::DiskFull { .. }), "{error:?}");
    std::fs::remove_file(&ballast).unwrap();
    assert!(open(&data).projects().unwrap().is_empty());
}
