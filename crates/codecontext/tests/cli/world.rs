//! A data folder, a project, and the program run on them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A data folder and a project that vanish after the test, with their daemon.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

/// What a run of the program left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl World {
    /// A new data folder, not made yet, and a project of two small files.
    pub(crate) fn new() -> World {
        let world = World { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir_all(world.project().join(".git")).expect("a project");
        world.write("pkg/store.py", "\"\"\"Keeps things.\"\"\"\n\n\nclass Store:\n    def save(self, item):\n        return check(item)\n\n\ndef check(item):\n    \"\"\"Refuses nothing at all.\"\"\"\n    return item\n");
        world.write("pkg/shop.py", "from pkg.store import Store, check\n\n\ndef sell(item):\n    store = Store()\n    store.save(item)\n    return check(item)\n");
        world
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, path: &str, text: &str) -> PathBuf {
        let file = self.project().join(path);
        fs::create_dir_all(file.parent().expect("a file in the project")).expect("a folder");
        fs::write(&file, text).expect("a file");
        file
    }

    /// The program with these arguments, in the project, not run yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_codecontext"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CODECONTEXT_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.project())
            .env("CODECONTEXT_DATA_DIR", self.data_dir())
            .env("HOME", self.folder.path())
            .env("USER", "ann")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_RUNTIME_DIR")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().expect("the program runs"))
    }

    /// Runs the program in the background.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program runs")
    }

    /// Runs the program, which must end with 0 and print one JSON document.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        let ran = self.run(&all);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        ran.json()
    }

    /// The process of the running daemon.
    pub(crate) fn daemon(&self) -> u64 {
        let status = self.json(&["daemon", "status"]);
        status["pid"].as_u64().unwrap_or_else(|| panic!("no daemon runs: {status}"))
    }

    /// The process of the daemon, started if none runs.
    pub(crate) fn daemon_started(&self) -> u64 {
        let started = self.json(&["daemon", "start"]);
        started["pid"].as_u64().unwrap_or_else(|| panic!("no daemon started: {started}"))
    }

    /// Kills the daemon as the system would, without a chance to tidy up.
    pub(crate) fn kill(&self, process: u64) {
        let killed = Command::new("kill").args(["-9", &process.to_string()]).status();
        assert!(killed.expect("kill runs").success());
        eventually("the process is gone", || !is_alive(process));
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.command(&["daemon", "stop"]).output();
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("the program prints UTF-8"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Its output as the one JSON document that it must be.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Its output as JSON documents, one a line.
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        let line = |line| serde_json::from_str(line).expect("a JSON document a line");
        self.out.lines().map(line).collect()
    }
}

/// Whether a process runs; one that only waits to be noticed does not.
pub(crate) fn is_alive(process: u64) -> bool {
    let state = fs::read_to_string(format!("/proc/{process}/stat"));
    state.is_ok_and(|state| !state.contains(") Z "))
}

/// Waits until something is so; fails after ten seconds.
pub(crate) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}: not within ten seconds");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Asserts that an object has these fields.
pub(crate) fn has_fields(value: &Value, fields: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("not an object: {value}"));
    for field in fields {
        assert!(object.contains_key(*field), "no `{field}` in {value}");
    }
}
