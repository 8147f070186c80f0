//! Uninstalling: what is told, what is removed, and what never is.

use std::fs;
use std::path::{Path, PathBuf};

use crate::world::{Ran, World, eventually, is_alive};

/// A world with an index, a memory, a configuration and a running daemon.
fn used() -> World {
    let world = World::new();
    world.json(&["index"]);
    world.json(&["remember", "Stores refuse nothing."]);
    let settings = world.folder().join(".config/codecontext/config.toml");
    fs::create_dir_all(settings.parent().expect("a folder")).expect("a folder");
    fs::write(settings, "daemon_idle = '5m'\n").expect("a file");
    world
}

/// Every file below a folder but the project's own, sorted.
fn files(world: &World) -> Vec<PathBuf> {
    fn below(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            match entry.file_type().expect("a type").is_dir() {
                true => below(&entry.path(), files),
                false => files.push(entry.path()),
            }
        }
    }
    let mut all = Vec::new();
    below(world.folder(), &mut all);
    all.retain(|file| !file.starts_with(world.project()));
    all.sort();
    all
}

#[test]
fn it_tells_what_is_there_and_changes_nothing() {
    let world = used();
    let daemon = world.daemon();
    let before = files(&world);
    let told = world.json(&["uninstall"]);
    assert_eq!(told["data_folder"]["daemon"], daemon);
    assert_eq!(told["data_folder"]["projects"][0], world.project().to_str().expect("UTF-8"));
    assert!(told["data_folder"]["files"].as_u64().expect("a count") > 10);
    assert_eq!(told["files"].as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(told["purged"], false);
    assert_eq!(told["programs"][0]["owner"], "a build from source");
    let planned = world.json(&["uninstall", "--purge", "--dry-run"]);
    assert_eq!(planned["removed"].as_array().map(Vec::len), Some(0));
    let would = planned["would_remove"].as_array().expect("paths").iter();
    let mut would: Vec<PathBuf> =
        would.map(|path| PathBuf::from(path.as_str().expect("a path"))).collect();
    would.sort();
    assert_eq!(would, before);
    assert_eq!(files(&world), before);
    assert!(is_alive(daemon));
    let page = world.run(&["uninstall"]);
    assert!(page.out.contains("uninstall --purge"), "{page:?}");
}

#[test]
fn a_purge_leaves_no_file() {
    let world = used();
    let daemon = world.daemon();
    let purged = world.json(&["uninstall", "--purge", "--yes"]);
    assert_eq!(purged["purged"], true);
    assert_eq!(files(&world), Vec::<PathBuf>::new());
    assert!(!world.data_dir().exists() && !world.folder().join(".config/codecontext").exists());
    eventually("the daemon is gone", || !is_alive(daemon));
    assert!(world.project().join("pkg/store.py").exists());
    // Nothing is left to remove, which is no failure.
    let again = world.json(&["uninstall", "--purge", "--yes"]);
    assert_eq!(again["removed"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_purge_disconnects_assistants() {
    let world = used();
    let settings = world.write(".mcp.json", "{ \"mcpServers\": { } } // mine\n");
    let windsurf = world.folder().join(".codeium/windsurf/mcp_config.json");
    let everybody = ["init", "--assistant", "all", "--no-index"];
    assert_eq!(world.run(&everybody).code, Some(0));
    assert!(fs::read_to_string(&settings).expect("a file").contains("codecontext"));
    assert!(windsurf.exists() && world.project().join("AGENTS.md").exists());
    let told = world.json(&["uninstall"]);
    let root = world.project();
    assert_eq!(told["data_folder"]["connected"][0], root.to_str().expect("UTF-8"));
    let purged = world.json(&["uninstall", "--purge", "--yes"]);
    assert_eq!(purged["kept"].as_array().map(Vec::len), Some(0), "{purged}");
    assert_eq!(fs::read_to_string(&settings).expect("a file"), "{ \"mcpServers\": { } } // mine\n");
    assert!(!world.project().join("AGENTS.md").exists());
    assert_eq!(files(&world), Vec::<PathBuf>::new());
}

#[test]
fn a_socket_outside_the_data_folder_goes_too() {
    let world = World::new();
    let long = world.folder().join("x".repeat(110));
    let runtime = world.folder().join("runtime");
    fs::create_dir(&runtime).expect("a folder");
    let run = |arguments: &[&str]| {
        let mut command = world.command(arguments);
        command.env("CODECONTEXT_DATA_DIR", &long).env("XDG_RUNTIME_DIR", &runtime);
        Ran::of(command.output().expect("the program runs"))
    };
    assert_eq!(run(&["index"]).code, Some(0));
    assert_eq!(fs::read_dir(runtime.join("codecontext")).expect("a folder").count(), 1);
    let purged = run(&["uninstall", "--purge", "--yes"]);
    assert_eq!(purged.code, Some(0), "{purged:?}");
    assert!(!long.exists() && !runtime.join("codecontext").exists());
}

#[test]
fn nothing_is_removed_unasked() {
    let world = used();
    let before = files(&world);
    let ran = world.run(&["uninstall", "--purge"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("--yes"), "{ran:?}");
    assert_eq!(files(&world), before);
    assert_eq!(world.run(&["uninstall", "--yes"]).code, Some(2));
}

#[test]
fn what_is_not_ours_stays_and_is_told() {
    let world = used();
    let notes = world.data_dir().join("notes/thesis.txt");
    fs::create_dir_all(notes.parent().expect("a folder")).expect("a folder");
    fs::write(&notes, "years of work").expect("a file");
    let ran = world.run(&["uninstall", "--purge", "--yes", "--json"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(files(&world), [notes]);
    let kept = &ran.json()["kept"][0];
    assert_eq!(kept["path"], world.data_dir().join("notes").to_str().expect("UTF-8"));
    assert_eq!(kept["is_odd"], true);
}

#[test]
fn a_folder_named_by_mistake_is_refused() {
    let world = World::new();
    let project = world.project();
    for flags in [&["--purge", "--yes"][..], &["--purge", "--dry-run"]] {
        let arguments = [&["--data-dir", project.to_str().expect("UTF-8"), "uninstall"], flags];
        let ran = world.run(&arguments.concat());
        assert_eq!(ran.code, Some(3), "{ran:?}");
        assert!(ran.err.contains("is not a data folder"), "{ran:?}");
    }
    assert!(project.join("pkg/store.py").exists() && project.join("pkg/shop.py").exists());
}

#[test]
fn a_named_data_folder_is_all_that_goes() {
    let world = used();
    let data_dir = world.data_dir();
    let data_dir = data_dir.to_str().expect("UTF-8");
    world.json(&["--data-dir", data_dir, "uninstall", "--purge", "--yes"]);
    assert!(!world.data_dir().exists());
    assert_eq!(files(&world), [world.folder().join(".config/codecontext/config.toml")]);
}

#[test]
fn a_store_that_cannot_be_opened_can_be_removed() {
    let world = used();
    world.json(&["daemon", "stop"]);
    fs::write(world.data_dir().join("store/secret"), "damaged").expect("a file");
    let ran = world.run(&["uninstall", "--purge", "--yes"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.err.contains("its projects cannot be listed"), "{ran:?}");
    assert!(!world.data_dir().exists());
}
