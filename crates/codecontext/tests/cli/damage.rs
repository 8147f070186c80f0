//! A data folder that is not what was written, has no room, or belongs to
//! somebody else just now: told clearly, mended where it can be computed again,
//! and what was remembered stays.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bad_input::bounded;
use crate::world::{World, eventually};

const DISK: &str = "CODECONTEXT_TEST_DISK";

/// An indexed project with one memory, and nobody in its data folder.
fn filled() -> World {
    let world = World::new();
    assert_eq!(world.alone(&["index"]).code, Some(0));
    assert_eq!(world.alone(&["remember", "sell nothing on Sundays"]).code, Some(0));
    world
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    let copied = Command::new("cp").args(["-a"]).arg(from).arg(to).status();
    assert!(copied.is_ok_and(|copied| copied.success()));
}

#[test]
fn a_damaged_search_index_is_filled_again() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 6] = [
        ("rubbish in every file", |folder| {
            for file in files_below(folder) {
                fs::write(file, [0xa5; 300]).expect("a file");
            }
        }),
        ("a flipped byte in every file", |folder| {
            for file in files_below(folder) {
                let mut bytes = fs::read(&file).expect("a file");
                let middle = bytes.len() / 2;
                if let Some(byte) = bytes.get_mut(middle) {
                    *byte ^= 0x40;
                }
                fs::write(file, bytes).expect("a file");
            }
        }),
        ("every file emptied", |folder| {
            for file in files_below(folder) {
                fs::write(file, "").expect("a file");
            }
        }),
        ("half of the files deleted", |folder| {
            for file in files_below(folder).iter().step_by(2) {
                fs::remove_file(file).expect("a file");
            }
        }),
        ("the folder deleted", |folder| fs::remove_dir_all(folder).expect("removed")),
        ("a file in place of the folder", |folder| {
            fs::remove_dir_all(folder).expect("removed");
            fs::write(folder, "no folder").expect("a file");
        }),
    ];
    let world = filled();
    let hits = |what: &str| {
        let ran = world.alone(&["search", "sell", "--json"]);
        assert_eq!(ran.code, Some(0), "{what}: {ran:?}");
        ran.json()["hits"].as_array().expect("hits").len()
    };
    let all = hits("whole");
    assert!(all > 0);
    for (what, damage) in damages {
        let folder = fs::read_dir(world.data_dir().join("search")).expect("a folder");
        damage(&folder.flatten().next().expect("one project").path());
        assert_eq!(hits(what), all, "{what}");
        let ran = world.alone(&["locate", "selling fails"]);
        assert!(ran.code == Some(0) && ran.out.contains("shop.py"), "{what}: {ran:?}");
        assert_eq!(world.alone(&["index"]).code, Some(0), "{what}");
    }
    // The same under a daemon that has it open.
    assert_eq!(bounded(&mut world.command(&["search", "sell"])).code, Some(0));
    fs::remove_dir_all(world.data_dir().join("search")).expect("removed");
    world.write("pkg/late.py", "def late():\n    \"\"\"Sells late.\"\"\"\n");
    eventually("the new file is found", || {
        bounded(&mut world.command(&["search", "late"])).out.contains("late.py")
    });
    assert_eq!(bounded(&mut world.command(&["index"])).code, Some(0));
    assert!(bounded(&mut world.command(&["search", "sell"])).out.contains("shop.py"));
}

#[test]
fn a_damaged_store_is_told_and_never_a_crash() {
    let world = filled();
    let (store, whole) = (world.data_dir().join("store"), world.folder().join("whole"));
    copy(&store, &whole);
    let damaged = |file: &Path, what: &str| {
        for command in [
            &["status"][..],
            &["symbol", "sell"],
            &["recall", "Sundays"],
            &["audit", "verify"],
            &["index"],
        ] {
            let ran = world.alone(command);
            if ran.code == Some(0) && command[0] == "symbol" {
                let is_told =
                    ran.out.contains("shop.py") || ran.out.contains("no definition has this name");
                assert!(is_told, "{what} {}: {ran:?}", file.display());
            }
        }
    };
    let mut dice = 7_u64;
    for file in files_below(&whole) {
        let name = file.strip_prefix(&whole).expect("it lies in it");
        let bytes = fs::read(&file).expect("a file");
        for _ in 0..2 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut flipped = bytes.clone();
            let place = (dice >> 33) as usize % bytes.len().max(1);
            if let Some(byte) = flipped.get_mut(place) {
                *byte ^= 1 << (dice % 8);
            }
            fs::write(store.join(name), flipped).expect("a file");
            damaged(name, &format!("byte {place} of {} flipped in", bytes.len()));
            copy(&whole, &store);
        }
        fs::write(store.join(name), &bytes[..bytes.len() / 2]).expect("a file");
        damaged(name, "half of");
        copy(&whole, &store);
        fs::remove_file(store.join(name)).expect("a file");
        damaged(name, "deleted");
        copy(&whole, &store);
    }
    assert!(world.alone(&["recall", "Sundays"]).out.contains("sell nothing"));
    assert_eq!(world.alone(&["audit", "verify"]).code, Some(0));
}

#[test]
fn a_store_of_another_format_is_told() {
    let world = filled();
    let format = world.data_dir().join("store/format");
    let text = fs::read_to_string(&format).expect("a file");
    for (there, told) in [
        ("codecontext store\nformat 99\ngeneration 1\n", "format 99"),
        ("something else\n", "format"),
        ("", "format"),
    ] {
        fs::write(&format, there).expect("a file");
        // Through a daemon, too.
        for flags in [&["--no-daemon", "recall", "Sundays"][..], &["recall", "Sundays"]] {
            let ran = bounded(&mut world.command(flags));
            assert_eq!(ran.code, Some(3), "{ran:?}");
            assert!(ran.err.contains(told), "{ran:?}");
        }
        assert_eq!(fs::read_to_string(&format).expect("still there"), there);
    }
    fs::write(&format, text).expect("a file");
    assert!(world.alone(&["recall", "Sundays"]).out.contains("sell nothing"));
}

#[test]
fn a_second_process_in_one_data_folder_is_refused() {
    let world = filled();
    let batch = world.folder().join("batch");
    assert!(Command::new("mkfifo").arg(&batch).status().is_ok_and(|made| made.success()));
    let path = batch.to_str().expect("UTF-8");
    let mut first = world.start(&["--no-daemon", "locate", "--batch", path, "--jsonl"]);
    // Opening the pipe waits for the first process, which then waits for a line.
    let mut pipe = fs::OpenOptions::new().write(true).open(&batch).expect("a pipe");
    use std::io::{BufRead, BufReader, Write};
    pipe.write_all(b"{\"id\":\"1\",\"query\":\"sell\"}\n").expect("somebody reads");
    let mut answers = BufReader::new(first.stdout.take().expect("a pipe"));
    let is_streamed = {
        let mut line = String::new();
        let (sender, receiver) = std::sync::mpsc::channel();
        let reader = std::thread::spawn(move || {
            let read = answers.read_line(&mut line).is_ok();
            let _ = sender.send(read);
            answers
        });
        let answered = receiver.recv_timeout(std::time::Duration::from_secs(3)).is_ok();
        drop(reader);
        answered
    };
    for second in [&["remember", "me too"][..], &["index"], &["search", "sell"]] {
        let ran = world.alone(second);
        assert_eq!(ran.code, Some(3), "{is_streamed} {ran:?}");
        assert!(ran.err.contains("open") && ran.err.contains("hint:"), "{ran:?}");
    }
    drop(pipe);
    assert!(first.wait().is_ok_and(|ended| ended.success()));
    assert_eq!(world.alone(&["audit", "verify"]).code, Some(0));
    assert!(world.alone(&["recall", "Sundays"]).out.contains("sell nothing"));
}

/// Runs the test named `name` again in a mount namespace with a small disk of
/// its own; gives that disk where this is already the process that runs there.
fn on_small_disk(name: &str, size: &str) -> Option<PathBuf> {
    if let Some(disk) = std::env::var_os(DISK) {
        return Some(disk.into());
    }
    let disk = tempfile::tempdir().expect("a folder");
    let mount = "mount -t tmpfs -o size=$0 tmpfs \"$1\" && shift && exec \"$@\"";
    let inside = |program: &Path| {
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", mount, size]).arg(disk.path()).arg(program);
        command
    };
    if !inside(Path::new("true")).output().is_ok_and(|ran| ran.status.success()) {
        eprintln!("SKIPPED {name}: this system gives no mount namespace to put a small disk in");
        return None;
    }
    let ran = inside(&std::env::current_exe().expect("this program"))
        .args(["--exact", name, "--nocapture"])
        .env(DISK, disk.path())
        .output()
        .expect("it runs");
    let told = String::from_utf8_lossy(&ran.stdout) + String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && told.contains("1 passed"), "{told}");
    None
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let name = "damage::a_full_disk_is_told_and_loses_nothing";
    let Some(disk) = on_small_disk(name, "120m") else { return };
    let world = World::new();
    let place = disk.join("data");
    let ask = |arguments: &[&str]| {
        let place = place.to_str().expect("UTF-8");
        bounded(world.command(&["--data-dir", place]).args(arguments))
    };
    assert_eq!(ask(&["index"]).code, Some(0));
    assert_eq!(ask(&["remember", "before it was full"]).code, Some(0));
    let mut acknowledged = 1;
    // First below the reserve, then to the last byte.
    for (round, left) in [8_u64 << 20, 0].into_iter().enumerate() {
        fill(&disk, left);
        for flags in [&[][..], &["--no-daemon"]] {
            if !flags.is_empty() {
                ask(&["daemon", "stop"]);
            }
            let ran = ask(&[flags, &["remember", "while it is full"]].concat());
            assert_eq!(ran.code, Some(3), "{round} {ran:?}");
            assert!(ran.err.contains("space"), "{round} {ran:?}");
            world.write(&format!("pkg/extra{round}.py"), &"def extra():\n    pass\n".repeat(100));
            let ran = ask(&[flags, &["index"]].concat());
            assert!(ran.code == Some(3) && ran.err.contains("space"), "{round} {ran:?}");
        }
        fs::remove_file(disk.join("ballast")).expect("it was there");
        assert_eq!(ask(&["remember", "there is room again"]).code, Some(0));
        acknowledged += 1;
        assert_eq!(ask(&["index"]).code, Some(0));
        let log = ask(&["memory", "log", "--json"]).json();
        assert_eq!(log["records"].as_array().map(Vec::len), Some(acknowledged), "{log}");
        assert!(ask(&["recall", "before full"]).out.contains("before it was full"));
        assert!(ask(&["search", "extra"]).out.contains("extra"));
        assert_eq!(ask(&["audit", "verify"]).code, Some(0));
    }
    assert_eq!(ask(&["daemon", "stop"]).code, Some(0));
}

/// Leaves so many bytes free, or as few as can be.
fn fill(disk: &Path, left: u64) {
    use std::io::Write;
    let mut ballast = fs::File::create(disk.join("ballast")).expect("a file");
    let free = || {
        let told = Command::new("df").args(["--output=avail", "-B1"]).arg(disk).output();
        let text = String::from_utf8(told.expect("df runs").stdout).expect("digits");
        text.lines().last().and_then(|line| line.trim().parse::<u64>().ok()).expect("a number")
    };
    while free() > left {
        let step = (free() - left).clamp(1, 1 << 20) as usize;
        if ballast.write_all(&vec![7; step]).is_err() {
            return;
        }
    }
}
