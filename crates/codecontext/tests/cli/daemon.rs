//! The daemon: one per data folder, there when needed, gone when not.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::world::{Ran, World, eventually, is_alive};

#[test]
fn ten_clients_at_once_start_one_daemon() {
    let world = World::new();
    let clients: Vec<_> = (0..10).map(|_| world.start(&["daemon", "start", "--json"])).collect();
    let mut daemons = BTreeSet::new();
    for client in clients {
        let ran = Ran::of(client.wait_with_output().expect("it ends"));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(ran.err, "", "losers are quiet");
        daemons.insert(ran.json()["pid"].as_u64().expect("a process"));
    }
    assert_eq!(daemons, BTreeSet::from([world.daemon()]));
}

#[test]
fn a_killed_daemon_is_replaced_unnoticed() {
    let world = World::new();
    for _ in 0..3 {
        assert_eq!(world.run(&["daemon", "start"]).code, Some(0));
        let daemon = world.daemon();
        world.kill(daemon);
        let socket = world.data_dir().join("run/daemon.sock");
        assert!(socket.exists(), "a killed daemon leaves its socket");
        let ran = world.run(&["projects", "--json"]);
        assert!(!ran.err.contains("daemon"), "{ran:?}");
        assert_ne!(world.daemon(), daemon);
    }
}

/// Asks, over a connection that stays open, who is there; the status is 200.
fn ask(stream: &mut UnixStream) -> std::io::Result<()> {
    stream.write_all(b"GET /api/v1/daemon HTTP/1.1\r\nhost: daemon\r\n\r\n")?;
    let mut head = [0; 15];
    stream.read_exact(&mut head)?;
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    // The rest of the answer comes in one piece.
    stream.set_read_timeout(Some(Duration::from_millis(50)))?;
    let mut rest = [0; 4096];
    while stream.read(&mut rest).is_ok_and(|read| read > 0) {}
    stream.set_read_timeout(Some(Duration::from_secs(10)))
}

#[test]
fn connections_that_only_wait_keep_no_client_out() {
    let world = World::new();
    world.json(&["daemon", "start"]);
    let socket = world.data_dir().join("run/daemon.sock");
    let connect = || UnixStream::connect(&socket).expect("it listens");
    let mut working = connect();
    ask(&mut working).expect("an answer");
    // More than there is room for; half a question is none.
    let mut waiting: Vec<UnixStream> = (0..700).map(|_| connect()).collect();
    let mut last = waiting.pop().expect("there are many");
    last.write_all(b"GET /api/v1/dae").expect("it is connected");
    let begun = Instant::now();
    assert_eq!(world.run(&["projects"]).code, Some(0));
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    ask(&mut working).expect("who asks stays connected");
    let mut closed = 0;
    for stream in &mut waiting {
        stream.set_nonblocking(true).expect("a socket");
        closed += u32::from(stream.read(&mut [0]).is_ok_and(|read| read == 0));
    }
    assert!(closed >= 700 - 512, "{closed} made room");
    // Nobody who asks nothing stays, whether there is room or not.
    last.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
    assert_eq!(last.read(&mut [0]).expect("the end"), 0);
}

#[test]
fn a_stale_socket_is_removed() {
    let world = World::new();
    fs::create_dir_all(world.data_dir().join("run")).expect("a folder");
    let private = fs::Permissions::from_mode(0o700);
    fs::set_permissions(world.data_dir().join("run"), private).expect("rights");
    drop(UnixListener::bind(world.data_dir().join("run/daemon.sock")).expect("a socket"));
    assert_eq!(world.json(&["daemon", "start"])["running"], true);
}

#[test]
fn what_is_not_a_socket_is_left_alone() {
    let world = World::new();
    assert_eq!(world.run(&["daemon", "start"]).code, Some(0));
    assert_eq!(world.run(&["daemon", "stop"]).code, Some(0));
    let place = world.data_dir().join("run/daemon.sock");
    fs::write(&place, "precious").expect("a file");
    let ran = world.run(&["daemon", "start"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.err.contains("is not a socket of ours"), "{ran:?}");
    assert_eq!(fs::read_to_string(&place).expect("still there"), "precious");
}

#[test]
fn two_data_folders_have_a_daemon_each() {
    let (one, other) = (World::new(), World::new());
    assert_eq!(one.run(&["daemon", "start"]).code, Some(0));
    assert_eq!(other.run(&["daemon", "start"]).code, Some(0));
    assert_ne!(one.daemon(), other.daemon());
    assert_eq!(one.run(&["daemon", "stop"]).code, Some(0));
    assert!(is_alive(other.daemon()));
}

#[test]
fn a_long_data_folder_works_too() {
    let world = World::new();
    let long = world.folder().join("x".repeat(120));
    let long = long.to_str().expect("UTF-8");
    let first = world.run(&["--data-dir", long, "daemon", "start", "--json"]).json();
    // Another environment finds the same daemon.
    let mut elsewhere = world.command(&["--data-dir", long, "daemon", "status", "--json"]);
    elsewhere.env("XDG_RUNTIME_DIR", world.folder());
    let second = Ran::of(elsewhere.output().expect("the program runs")).json();
    assert_eq!(first["pid"], second["pid"]);
    assert_eq!(world.run(&["--data-dir", long, "daemon", "stop"]).code, Some(0));
}

#[test]
fn only_the_owner_may_reach_the_socket() {
    let world = World::new();
    assert_eq!(world.run(&["daemon", "start"]).code, Some(0));
    for (path, rights) in [("", 0o700), ("run", 0o700), ("run/daemon.sock", 0o600)] {
        let found = fs::metadata(world.data_dir().join(path)).expect("it exists");
        assert_eq!(found.mode() & 0o777, rights, "{path}");
    }
}

#[test]
fn a_folder_that_others_may_enter_is_refused() {
    let world = World::new();
    assert_eq!(world.run(&["daemon", "start"]).code, Some(0));
    assert_eq!(world.run(&["daemon", "stop"]).code, Some(0));
    let run = world.data_dir().join("run");
    fs::set_permissions(&run, fs::Permissions::from_mode(0o777)).expect("rights");
    let ran = world.run(&["daemon", "start"]);
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert!(ran.err.contains("chmod 700"), "{ran:?}");
}

#[test]
fn stopping_drains_and_tidies_up() {
    let world = World::new();
    assert_eq!(world.run(&["daemon", "start"]).code, Some(0));
    let daemon = world.daemon();
    assert_eq!(world.run(&["daemon", "stop"]).code, Some(0));
    eventually("the daemon ends", || !is_alive(daemon));
    assert!(!world.data_dir().join("run/daemon.sock").exists());
    assert_eq!(world.json(&["daemon", "status"])["running"], false);
    assert_eq!(world.run(&["daemon", "stop"]).code, Some(0), "stopping twice is fine");
}

#[test]
fn a_termination_signal_drains() {
    let world = World::new();
    assert_eq!(world.run(&["daemon", "start"]).code, Some(0));
    let daemon = world.daemon();
    assert!(Command::new("kill").arg(daemon.to_string()).status().expect("kill").success());
    eventually("the daemon ends", || !is_alive(daemon));
    assert!(!world.data_dir().join("run/daemon.sock").exists());
    assert!(world.run(&["daemon", "logs"]).out.contains("asked to end"));
}

#[test]
fn a_daemon_that_nobody_needs_ends() {
    let world = World::new();
    let mut start = world.command(&["daemon", "start", "--json"]);
    start.env("CODECONTEXT_DAEMON_IDLE", "1s");
    let daemon = Ran::of(start.output().expect("the program runs")).json()["pid"].as_u64();
    let daemon = daemon.expect("a process");
    eventually("the daemon ends", || !is_alive(daemon));
}

#[test]
fn a_daemon_whose_data_folder_is_deleted_ends() {
    let world = World::new();
    assert_eq!(world.run(&["daemon", "start"]).code, Some(0));
    let daemon = world.daemon();
    fs::remove_dir_all(world.data_dir()).expect("deleted");
    eventually("the daemon ends", || !is_alive(daemon));
    assert!(!world.data_dir().exists(), "it leaves nothing behind");
}

#[test]
fn a_newer_client_replaces_an_older_daemon_and_an_older_one_does_not() {
    let world = World::new();
    let original = env!("CARGO_BIN_EXE_codecontext");
    let newer = world.folder().join("codecontext-newer");
    fs::copy(original, &newer).expect("a copy");
    let written = fs::metadata(original).and_then(|found| found.modified()).expect("a time");
    let later = written + std::time::Duration::from_secs(60);
    fs::File::open(&newer).and_then(|file| file.set_modified(later)).expect("a later time");
    assert_eq!(world.run(&["daemon", "start"]).code, Some(0));
    let old = world.daemon();
    let ran = Command::new(&newer)
        .args(["daemon", "start", "--json"])
        .env("CODECONTEXT_DATA_DIR", world.data_dir())
        .output()
        .expect("the program runs");
    let new = Ran::of(ran).json()["pid"].as_u64().expect("a process");
    assert_ne!(old, new);
    eventually("the older daemon ends", || !is_alive(old));
    assert_eq!(world.run(&["daemon", "start"]).code, Some(0));
    assert_eq!(world.daemon(), new, "the older client talks to the newer daemon");
}

#[test]
fn a_store_that_another_process_has_open_is_told() {
    let world = World::new();
    assert_eq!(world.run(&["daemon", "start"]).code, Some(0));
    let ran = world.run(&["--no-daemon", "projects"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.err.contains("process") && ran.err.contains("daemon stop"), "{ran:?}");
}

#[test]
fn secrets_do_not_reach_the_daemons_environment_or_log() {
    let world = World::new();
    let mut unlock = world.command(&["unlock"]);
    unlock.env("CODECONTEXT_PASSPHRASE", "hunter2-correct-horse");
    let _ = unlock.output().expect("the program runs");
    let daemon = world.daemon();
    let environment = fs::read(format!("/proc/{daemon}/environ")).expect("our own process");
    assert!(!String::from_utf8_lossy(&environment).contains("hunter2"));
    assert!(!world.run(&["daemon", "logs"]).out.contains("hunter2"));
}

#[test]
fn a_daemon_keeps_nothing_open_that_its_starter_was_given() {
    let world = World::new();
    let lock = world.write("lock", "");
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "exec 9<\"$1\"; exec \"$0\" daemon start", env!("CARGO_BIN_EXE_codecontext")])
        .arg(&lock)
        .env("CODECONTEXT_DATA_DIR", world.data_dir())
        .stdout(std::process::Stdio::null());
    assert!(shell.status().expect("a shell").success());
    let open = fs::read_dir(format!("/proc/{}/fd", world.daemon())).expect("our own process");
    for entry in open.flatten() {
        assert_ne!(fs::read_link(entry.path()).ok().as_ref(), Some(&lock));
    }
}

#[test]
fn a_foreground_daemon_says_who_has_the_store_open() {
    let world = World::new();
    assert_eq!(world.run(&["daemon", "start"]).code, Some(0));
    let ran = world.run(&["daemon", "run"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.err.contains("daemon stop"), "{ran:?}");
}
