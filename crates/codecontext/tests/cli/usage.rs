//! Usage, exit codes and what needs no engine.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::world::{Ran, World};

#[test]
fn wrong_usage_ends_with_2_and_prints_nothing() {
    let world = World::new();
    for arguments in [
        &["nosuch"][..],
        &[],
        &["search"],
        &["search", "x", "--limit", "0"],
        &["search", "x", "--limit", "many"],
        &["callers", "f", "--depth", "0"],
        &["locate", "x", "--batch", "file", "--jsonl"],
        &["locate", "--batch", "file"],
        &["impact"],
        &["impact", "f", "--patch", "file"],
        &["remember"],
        &["remember", "x", "--kind", "rumour"],
        &["feedback", "x"],
        &["feedback", "x", "--outcome", "great"],
        &["graph", "export", "--format", "picture"],
        &["watch", "maybe"],
        &["seal", "--keyring", "--key-file", "x"],
        &["completions"],
        &["completions", "tcsh"],
        &["completions", "bash", "--man", "folder"],
    ] {
        let ran = world.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}: {ran:?}");
        assert_ne!(ran.err, "", "{arguments:?}");
    }
    assert!(!world.data_dir().exists(), "wrong usage starts nothing");
}

#[test]
fn every_command_ends_by_the_same_rule() {
    let world = World::new();
    world.json(&["index"]);
    world.json(&["remember", "orders are saved first"]);
    let rows = world.write("rows.jsonl", "{\"id\":1,\"query\":\"no such zebra\"}\n");
    let rows = rows.to_str().expect("UTF-8");
    // What finds nothing is done; what it is asked of must be there.
    for (arguments, code) in [
        (&["search", "zebra"][..], 0),
        (&["search", "sell", "--path", "nowhere/**"], 0),
        (&["locate", "zebra"], 0),
        (&["locate", "--batch", rows, "--jsonl"], 0),
        (&["symbol", "zebra"], 0),
        (&["recall", "zebra"], 0),
        (&["recall", "orders", "--about", "zebra"], 0),
        (&["recall", "--batch", rows, "--jsonl"], 0),
        (&["decisions"], 0),
        (&["decisions", "--about", "zebra"], 0),
        (&["map", "--focus", "zebra"], 0),
        (&["callers", "pkg.shop.sell"], 0),
        (&["callees", "pkg.store.check"], 0),
        (&["impact", "pkg.shop.sell"], 0),
        (&["impact", "pkg.shop.sell", "zebra"], 0),
        (&["remember", "stripes are black", "--about", "zebra"], 0),
        (&["callers", "zebra"], 3),
        (&["callees", "zebra"], 3),
        (&["impact", "zebra"], 3),
        (&["recall", "orders", "--as-of", "zebra"], 3),
        (&["forget", "abcdef123456"], 3),
        (&["feedback", "abcdef123456", "--outcome", "passed"], 3),
        (&["search", "sell", "--kind", "zebra"], 2),
        (&["search", ""], 2),
    ] {
        for flags in [&[][..], &["--json"]] {
            let ran = world.run(&[arguments, flags].concat());
            assert_eq!(ran.code, Some(code), "{arguments:?}: {ran:?}");
            assert_eq!(ran.err.contains("hint:"), code > 0, "{arguments:?}: {ran:?}");
        }
    }
    assert!(world.run(&["--help"]).out.contains("Exit codes:"));
}

#[test]
fn a_name_that_nothing_has_is_told_beside_the_answer() {
    let world = World::new();
    world.json(&["index"]);
    for (arguments, note) in [
        (&["search", "sell", "--path", "pgk/*"][..], "did you mean `pkg/*`?"),
        (&["map", "--focus", "pkg/shpo.py"], "did you mean `pkg/shop.py`?"),
        (&["recall", "orders", "--about", "sel"], "did you mean `sell`?"),
        (&["decisions", "--about", "sel"], "did you mean `sell`?"),
        (&["remember", "orders are saved", "--about", "Stroe"], "did you mean"),
    ] {
        let ran = world.run(arguments);
        assert!(ran.err.starts_with("note: ") && ran.err.contains(note), "{arguments:?}: {ran:?}");
        let document = world.run(&[arguments, &["--json"]].concat());
        assert_eq!(document.err, "", "{arguments:?}: {document:?}");
        let told = document.json()["notes"][0].as_str().unwrap_or_default().to_owned();
        assert!(told.contains(note), "{arguments:?}: {document:?}");
    }
    // Kept all the same.
    let recalled = world.json(&["recall", "orders", "--about", "Stroe"]);
    assert_eq!(recalled["memories"].as_array().map(Vec::len), Some(2));
    assert!(recalled.get("notes").is_none(), "{recalled}");
    assert_eq!(world.run(&["recall", "orders", "--about", "sel", "--quiet"]).err, "");
}

#[test]
fn help_and_version_end_with_0() {
    let world = World::new();
    assert!(world.run(&["--help"]).out.contains("Commands:"));
    assert!(world.run(&["--version"]).out.starts_with("codecontext "));
    assert_eq!(world.run(&["locate", "--help"]).code, Some(0));
}

#[test]
fn a_folder_that_is_none_ends_with_3_and_a_hint() {
    let world = World::new();
    for arguments in [&["--project", "/no/such/folder", "status"][..], &["index", "pkg/store.py"]] {
        let ran = world.run(arguments);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        assert!(ran.err.contains("error: ") && ran.err.contains("hint: "), "{ran:?}");
    }
}

#[test]
fn a_failure_is_the_one_json_document_too() {
    let world = World::new();
    let ran = world.run(&["--project", "/no/such/folder", "status", "--json"]);
    assert_eq!(ran.code, Some(3));
    assert_eq!(ran.json()["error"]["kind"], "unusable-project");
    assert_eq!(ran.out.lines().count(), 1);
}

#[test]
fn a_data_folder_that_cannot_be_made_is_told() {
    let world = World::new();
    let file = world.write("plain", "text");
    let ran = world.run(&["--data-dir", file.to_str().expect("UTF-8"), "symbol", "f"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.err.contains("hint: "), "{ran:?}");
}

#[test]
fn completions_are_written_for_shells() {
    let world = World::new();
    for shell in ["bash", "elvish", "fish", "nushell", "powershell", "zsh"] {
        assert!(world.run(&["completions", shell]).out.contains("codecontext"), "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let world = World::new();
    let folder = world.folder().join("man1");
    let ran = world.run(&["completions", "--man", folder.to_str().expect("UTF-8")]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{ran:?}");
    for page in ["codecontext", "codecontext-index", "codecontext-graph-export"] {
        let text = fs::read_to_string(folder.join(format!("{page}.1"))).expect("a page");
        assert!(text.contains(".SH SYNOPSIS"), "{text}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let world = World::new();
    let mut command = world.command(&["completions", "bash"]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the program runs");
    let mut out = child.stdout.take().expect("a pipe");
    out.read_exact(&mut [0; 1]).expect("the first byte");
    drop(out);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn later_layers_of_configuration_win() {
    let world = World::new();
    let user = world.folder().join(".config/codecontext/config.toml");
    fs::create_dir_all(user.parent().expect("a folder")).expect("a folder");
    fs::write(&user, "daemon_idle = '5m'\nmax_file_bytes = 10\nhistory_commits = 7\n")
        .expect("a file");
    world.write(".codecontext/config.toml", "max_file_bytes = 20\nhistory_commits = 8\n");
    let ran = Ran::of(
        world
            .command(&["config", "show", "--origin", "--json"])
            .env("CODECONTEXT_HISTORY_COMMITS", "9")
            .output()
            .expect("the program runs"),
    );
    let shown = ran.json();
    assert_eq!(shown["daemon_idle"]["value"], "300s");
    assert_eq!(shown["max_file_bytes"]["value"], 20);
    assert_eq!(shown["history_commits"]["value"], 9);
    assert_eq!(shown["history_commits"]["origin"], "environment CODECONTEXT_HISTORY_COMMITS");
    assert_eq!(shown["project_idle"]["origin"], "default");
    assert_eq!(shown["data_dir"]["origin"], "environment CODECONTEXT_DATA_DIR");
    assert!(!world.data_dir().exists(), "showing the configuration writes nothing");
}

#[test]
fn a_broken_user_file_is_told_and_ends_with_3() {
    let world = World::new();
    let user = world.folder().join(".config/codecontext/config.toml");
    fs::create_dir_all(user.parent().expect("a folder")).expect("a folder");
    fs::write(&user, "daemon_idle = [").expect("a file");
    let ran = world.run(&["status"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.err.contains("config.toml"), "{ran:?}");
}

#[test]
fn doctor_writes_nothing_and_starts_nothing() {
    let world = World::new();
    let found = world.json(&["doctor"]);
    let names: Vec<&str> = found["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| finding["name"].as_str().expect("a name"))
        .collect();
    for name in ["program", "data folder", "free space", "file watching", "daemon"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(!world.data_dir().exists());
}

#[test]
fn doctor_ends_with_1_where_something_is_broken() {
    let world = World::new();
    fs::write(world.data_dir(), "not a folder").expect("a file");
    let ran = world.run(&["doctor"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("mend: "), "{ran:?}");
}

#[test]
fn no_passphrase_and_no_terminal_is_wrong_usage() {
    let world = World::new();
    let ran = world.run(&["seal"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("CODECONTEXT_PASSPHRASE"), "{ran:?}");
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let world = World::new();
    let key = world.write("key", &"ab".repeat(32));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("rights");
    let ran = world.run(&["unlock", "--key-file", key.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, Some(4), "{ran:?}");
}

#[test]
fn colour_is_for_terminals_only() {
    let world = World::new();
    let ran = world.run(&["doctor"]);
    assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "{ran:?}");
}
