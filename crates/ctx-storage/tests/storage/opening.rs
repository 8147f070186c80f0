//! Opening: rights, the lock, formats, damage.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use ctx_model::Action;
use ctx_storage::{OpenError, Space, Store, StoreOptions};
use expect_test::{Expect, expect};

use crate::setup::{Setup, open, options};

/// Changes a closed store's folder, then tells how opening it goes.
fn check(change: impl FnOnce(&Path), expected: Expect) {
    let Setup { dir, store, .. } = Setup::new();
    drop(store);
    change(dir.path());
    let told = match Store::open(dir.path(), options()) {
        Ok(_) => "opened".into(),
        Err(error) => format!("{error}\n{}", error.hint()),
    };
    expected
        .assert_eq(&told.replace(&dir.path().canonicalize().unwrap().display().to_string(), "DIR"));
}

#[test]
fn only_the_owner_can_look_into_the_folder() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("deep/down");
    let store = open(&dir);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(&dir.join("db-1")), 0o700);
    for file in ["secret", "format", "lock"] {
        assert_eq!(mode(&dir.join(file)), 0o600, "{file}");
    }
    drop(store);
}

#[test]
fn a_second_opener_is_told_who_holds_the_folder() {
    let setup = Setup::new();
    let second = Store::open(setup.dir.path(), options()).unwrap_err();
    let OpenError::InUse { holder, .. } = &second else { panic!("{second}") };
    assert_eq!(*holder, Some(std::process::id()));
    // When the holder is gone, the folder is free again.
    let setup = setup.reopened();
    assert_eq!(setup.store.projects().unwrap().len(), 1);
}

#[test]
fn many_openers_at_once_leave_one_holder() {
    let dir = tempfile::tempdir().unwrap();
    let results: Vec<_> = std::thread::scope(|scope| {
        let openers: Vec<_> =
            (0..8).map(|_| scope.spawn(|| Store::open(dir.path(), options()))).collect();
        openers.into_iter().map(|opener| opener.join().unwrap()).collect()
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(matches!(error, OpenError::InUse { .. }), "{error}");
    }
}

#[test]
fn a_newer_format_is_refused_with_a_hint() {
    check(
        |dir| fs::write(dir.join("format"), "codecontext store\nformat 3\nshape new\n").unwrap(),
        expect![[r#"
            data folder `DIR` has format 3; this version knows up to 2
            use the version of CodeContext that wrote it, or choose another --data-dir"#]],
    );
}

#[test]
fn a_damaged_or_missing_format_file_is_told_and_nothing_is_removed() {
    for text in
        ["", "format 2\n", "codecontext store\nformat two\n", "codecontext store\nformat 2\n"]
    {
        check(
            |dir| fs::write(dir.join("format"), text).unwrap(),
            expect![[r#"
                `DIR/format` does not tell the data folder's format
                restore the file from a backup, or choose another --data-dir"#]],
        );
    }
    let Setup { dir, store, .. } = Setup::new();
    drop(store);
    let format = fs::read(dir.path().join("format")).unwrap();
    fs::remove_file(dir.path().join("format")).unwrap();
    let error = Store::open(dir.path(), options()).unwrap_err();
    assert!(matches!(error, OpenError::FormatDamaged { .. }), "{error}");
    fs::write(dir.path().join("format"), format).unwrap();
    assert_eq!(open(dir.path()).projects().unwrap().len(), 1);
}

#[test]
fn a_missing_cut_or_foreign_secret_is_told() {
    let changes: [fn(&Path); 3] = [
        |dir| fs::remove_file(dir.join("secret")).unwrap(),
        |dir| fs::write(dir.join("secret"), [1; 31]).unwrap(),
        |dir| fs::write(dir.join("secret"), [1; 32]).unwrap(),
    ];
    for change in changes {
        check(
            change,
            expect![[r#"
                `DIR/secret` is missing or not the secret of this data folder
                restore the file from a backup, or choose another --data-dir"#]],
        );
    }
}

#[test]
fn a_data_folder_that_is_a_file_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    let error = Store::open(&file, options()).unwrap_err();
    assert!(matches!(error, OpenError::Unusable { .. }), "{error}");
}

#[test]
fn leftovers_of_an_interrupted_rewrite_are_swept_away() {
    let Setup { dir, store, .. } = Setup::new();
    drop(store);
    fs::create_dir(dir.path().join("db-2")).unwrap();
    fs::write(dir.path().join("db-2/half"), "x").unwrap();
    fs::write(dir.path().join("format.next"), "codecont").unwrap();
    let store = open(dir.path());
    assert_eq!(store.projects().unwrap().len(), 1);
    assert!(!dir.path().join("db-2").exists());
}

#[test]
fn a_first_opening_that_was_interrupted_starts_anew() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("format"), "codecontext store\nformat 2\ngeneration 0\n").unwrap();
    fs::create_dir(dir.path().join("db-1")).unwrap();
    fs::write(dir.path().join("db-1/0.jnl"), "half").unwrap();
    assert_eq!(open(dir.path()).projects().unwrap().len(), 0);
}

/// Flips bytes all over the engine's files: opening and reading may fail, with
/// an error, but must not panic, hang, or give a wrong value.
#[test]
fn damaged_files_are_errors_and_never_wrong_values() {
    let setup = Setup::with(StoreOptions { memtable_bytes: 64 * 1024, ..options() });
    for round in 0..20_u8 {
        let mut batch = setup.store.batch(&setup.permit(Action::IndexProject)).unwrap();
        for key in 0..20_u8 {
            batch.put(Space::Files, &[round, key], &[round ^ key; 1500]).unwrap();
        }
        batch.commit_durable().unwrap();
        setup.remember(&format!("memory {round}"));
    }
    let Setup { dir, store, project } = setup;
    drop(store);
    let mut files = Vec::new();
    read_folder(dir.path(), dir.path(), &mut files);
    let engine: Vec<_> = (0..files.len())
        .filter(|&at| files[at].0.starts_with("db-1") && !files[at].1.is_empty())
        .collect();
    assert!(engine.len() > 5, "{files:?}");
    let mut noise = 1_u64;
    for flip in 0..60 {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let file = engine[flip % engine.len()];
        let at = (noise >> 20) as usize % files[file].1.len();
        files[file].1[at] ^= 0x41;
        let copy = tempfile::tempdir().unwrap();
        for (path, bytes) in &files {
            let path = copy.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        files[file].1[at] ^= 0x41;
        let Ok(store) = Store::open(copy.path(), options()) else { continue };
        for round in 0..20_u8 {
            for key in 0..20_u8 {
                if let Ok(Some(value)) = store.get(Space::Files, project, &[round, key]) {
                    assert_eq!(value, [round ^ key; 1500]);
                }
            }
        }
        if let Ok(records) = store.journal().records(project) {
            for record in records.flatten() {
                let text = record.memory().unwrap().text;
                assert_eq!(text, format!("memory {}", record.sequence - 1));
            }
        }
        let _ = store.journal().verify();
    }
}

/// Every file below `path`, named from `root`. The engine's log is laid out in
/// advance: what it holds of nothing is left out.
fn read_folder(root: &Path, path: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(root, &path, files);
        } else {
            let mut bytes = fs::read(&path).unwrap();
            if path.extension().is_some_and(|ending| ending == "jnl") {
                bytes.truncate(bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1));
            }
            files.push((path.strip_prefix(root).unwrap().to_owned(), bytes));
        }
    }
    files.sort();
}
