//! Input that is not what it should be: each answered with a clear message,
//! nothing lost, no hang and no panic.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::world::{Ran, World, eventually};

/// Longest that a command may take here.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs a command, which must end in time and must not end by a defect of ours.
pub(crate) fn bounded(command: &mut Command) -> Ran {
    let shown = format!("{command:?}");
    // Into files: a pipe that nobody reads would stop the program.
    let (out, err) = (tempfile::tempfile().expect("a file"), tempfile::tempfile().expect("a file"));
    let copy = |file: &fs::File| Stdio::from(file.try_clone().expect("another handle"));
    let mut child = command.stdout(copy(&out)).stderr(copy(&err)).spawn().expect("it runs");
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().expect("our own child") {
            break status;
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            panic!("no end within {PATIENCE:?}: {shown}");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let text = |mut file: fs::File| {
        use std::io::{Read, Seek};
        let mut bytes = Vec::new();
        file.rewind().and_then(|()| file.read_to_end(&mut bytes)).expect("our own file");
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let ran = Ran { code: status.code(), out: text(out), err: text(err) };
    assert!(matches!(ran.code, Some(0..=4)), "{shown}: {ran:?}");
    assert!(!ran.err.contains("panicked"), "{shown}: {ran:?}");
    // What cannot be used comes with a way out.
    assert!(ran.code != Some(3) || ran.err.contains("hint:"), "{shown}: {ran:?}");
    ran
}

impl World {
    /// Runs the program in this process's store, within bounds.
    pub(crate) fn alone(&self, arguments: &[&str]) -> Ran {
        bounded(self.command(&["--no-daemon"]).args(arguments))
    }

    /// A world whose project has no file at all.
    fn empty() -> World {
        let world = World::new();
        fs::remove_dir_all(world.project()).expect("removed");
        fs::create_dir(world.project()).expect("made");
        world
    }

    /// Indexes the project, which must work, and gives the report.
    fn indexed(&self) -> serde_json::Value {
        let ran = self.alone(&["index", "--json"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran.json()
    }

    /// Whether the daemon knows a symbol.
    fn knows(&self, name: &str) -> bool {
        let ran = bounded(&mut self.command(&["symbol", name, "--json"]));
        ran.code == Some(0) && ran.json()["symbols"] != serde_json::json!([])
    }

    /// Where a symbol is, `path:line` a line.
    fn places(&self, name: &str) -> String {
        let ran = self.alone(&["symbol", name, "--json"]);
        let answer = if ran.code == Some(0) { ran.json() } else { return String::new() };
        let symbols = answer["symbols"].as_array().expect("a list");
        let mut places: Vec<String> =
            symbols.iter().map(|found| format!("{}:{}", found["path"], found["line"])).collect();
        places.sort();
        places.join(" ").replace('"', "")
    }
}

/// Why a path was left out.
fn reason(report: &serde_json::Value, path: &str) -> String {
    let skipped = report["skipped"].as_array().expect("a list");
    let found = skipped.iter().find(|skipped| skipped["path"] == path);
    found.map_or("taken in".into(), |skipped| skipped["reason"].as_str().unwrap_or("").into())
}

#[test]
fn an_empty_folder_is_told_and_takes_memories() {
    let world = World::empty();
    for flags in [&["index"][..], &["--no-daemon", "index"], &["index", "--json"]] {
        world.run(&["daemon", "stop"]);
        let ran = bounded(&mut world.command(flags));
        assert_eq!(ran.code, Some(3), "{ran:?}");
        assert!(ran.err.contains("is empty") && ran.err.contains("source files"), "{ran:?}");
    }
    world.run(&["daemon", "stop"]);
    assert_eq!(world.alone(&["remember", "begin with the tests"]).code, Some(0));
    assert!(world.alone(&["recall", "tests"]).out.contains("begin with the tests"));
    for question in [["search", "x"], ["symbol", "x"], ["locate", "x"], ["callers", "x"]] {
        let ran = world.alone(&question);
        assert_eq!(ran.code, Some(3), "{question:?} {ran:?}");
    }
}

#[test]
fn a_folder_that_lost_all_its_files_is_told() {
    let world = World::new();
    world.indexed();
    fs::remove_dir_all(world.project().join("pkg")).expect("removed");
    assert_eq!(world.alone(&["index"]).code, Some(3));
    assert_eq!(world.alone(&["search", "sell"]).code, Some(3));
    world.write("pkg/new.py", "def again():\n    pass\n");
    world.indexed();
    assert_eq!(world.places("again"), "pkg/new.py:1");
    assert_eq!(world.places("sell"), "");
}

#[test]
fn a_folder_that_is_not_code_is_told() {
    let world = World::empty();
    fs::write(world.project().join("a.bin"), [0, 1, 2, 0]).expect("a file");
    fs::write(world.project().join("b.py"), [0x7f, b'E', b'L', b'F', 0, 0]).expect("a file");
    let ran = world.alone(&["index"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.err.contains("binary"), "{ran:?}");
    // A second time it is told again, from what is stored.
    let again = world.alone(&["index"]);
    assert_eq!((again.code, again.err), (ran.code, ran.err));
    world.write("README.md", "# Letters\n\nHow to weigh them.\n");
    let ran = world.alone(&["index"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.err.contains("no source code"), "{ran:?}");
    assert!(world.alone(&["search", "weigh"]).out.contains("README.md"));
}

#[test]
fn what_is_no_folder_is_told() {
    let world = World::new();
    let file = world.write("file.py", "x = 1\n");
    let missing = world.folder().join("missing");
    for root in [&file, &missing] {
        let root = root.to_str().expect("UTF-8");
        for arguments in [["index", root, "--quiet"], ["--project", root, "status"]] {
            let ran = world.alone(&arguments);
            assert_eq!(ran.code, Some(3), "{ran:?}");
        }
    }
}

#[test]
fn odd_files_are_indexed_or_left_out_for_a_reason() {
    let world = World::new();
    let at = |path: &str| world.project().join(path);
    fs::write(at("binary.py"), b"def hidden():\n\0\0\0").expect("a file");
    fs::File::create(at("large.py")).and_then(|file| file.set_len(50 << 20)).expect("50 MB");
    fs::write(at("latin.py"), b"# caf\xe9\ndef latin():\n    return '\xff\xfe'\n").expect("a file");
    fs::write(at("crlf.py"), "# one\r\n\r\ndef crlf():\r\n    pass\r\n").expect("a file");
    fs::write(at("bom.py"), b"\xef\xbb\xbfdef bom():\n    pass\n").expect("a file");
    fs::write(at("bom.ts"), b"\xef\xbb\xbfexport function bom2() {}\r\n").expect("a file");
    let wide: Vec<u8> = "def wide():\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(at("wide.py"), [&[0xff, 0xfe], &wide[..]].concat()).expect("a file");
    let line = format!("def long():\n    return '{}'\n", "x".repeat(1_500_000));
    fs::write(at("long.py"), line).expect("a file");
    let name = format!("{}.py", "n".repeat(252));
    fs::write(at(&name), "def named():\n    pass\n").expect("a file");
    fs::write(world.project().join(OsStr::from_bytes(b"odd\xff.py")), "x = 1\n").expect("a file");
    fs::write(at("new\nline.py"), "def newline():\n    pass\n").expect("a file");
    fs::write(at("empty.py"), "").expect("a file");
    fs::create_dir(at("loop")).expect("a folder");
    symlink("..", at("loop/up")).expect("a link");
    symlink("self.py", at("self.py")).expect("a link");
    symlink("/nowhere", at("gone.py")).expect("a link");
    assert!(Command::new("mkfifo").arg(at("pipe.py")).status().is_ok_and(|made| made.success()));
    let report = world.indexed();
    for (path, expected) in [
        ("binary.py", "binary"),
        ("large.py", "too-large"),
        ("long.py", "minified"),
        ("odd\\xff.py", "unprintable-name"),
        ("loop/up", "link"),
        ("self.py", "link"),
        ("gone.py", "link"),
        ("pipe.py", "not-regular"),
        ("latin.py", "taken in"),
        ("empty.py", "taken in"),
    ] {
        assert_eq!(reason(&report, path), expected, "{path}");
    }
    for (symbol, place) in [
        ("latin", "latin.py:2"),
        ("crlf", "crlf.py:3"),
        ("bom", "bom.py:1"),
        ("bom2", "bom.ts:1"),
        ("wide", "wide.py:1"),
        ("named", &format!("{name}:1")),
        ("sell", "pkg/shop.py:4"),
    ] {
        assert_eq!(world.places(symbol), place);
    }
    let text = world.alone(&["symbol", "newline"]);
    assert!(text.code == Some(0) && !text.out.contains("new\nline"), "{text:?}");
}

#[test]
fn unreadable_files_are_left_out_for_that_reason() {
    let world = World::new();
    let secret = world.write("secret.py", "def secret():\n    pass\n");
    world.write("closed/inner.py", "def inner():\n    pass\n");
    let closed = world.project().join("closed");
    let rights = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("rights");
    };
    // The superuser reads everything, so the program runs as somebody else.
    let id = Command::new("id").arg("-u").output().expect("id runs");
    let is_root = id.stdout == b"0\n";
    let mut command = world.command(&["--no-daemon", "index", "--json"]);
    if is_root {
        let program = world.folder().join("codecontext");
        fs::copy(env!("CARGO_BIN_EXE_codecontext"), &program).expect("a copy");
        rights(world.folder(), 0o777);
        let drop = ["--reuid=65534", "--regid=65534", "--clear-groups"];
        let probe = Command::new("setpriv").args(drop).arg(&program).arg("--version").output();
        if !probe.is_ok_and(|ran| ran.status.success()) {
            eprintln!("SKIPPED unreadable files: nobody to run as but the superuser");
            return;
        }
        command = Command::new("setpriv");
        command.args(drop).arg(&program).args(["--no-daemon", "index", "--json"]);
        command.current_dir(world.project()).env("HOME", world.folder());
        command.env("CODECONTEXT_DATA_DIR", world.data_dir());
    }
    rights(&secret, 0);
    rights(&closed, 0);
    let ran = bounded(&mut command);
    rights(&closed, 0o755);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let report = ran.json();
    assert_eq!(reason(&report, "secret.py"), "unreadable");
    assert_eq!(reason(&report, "closed/"), "unreadable");
    assert_eq!(report["files"], 2);
}

/// Source that nests something 10,000 deep, and the ending of its file.
fn deep() -> Vec<(&'static str, String)> {
    const DEPTH: usize = 10_000;
    let nested = |begin: &str, open: &str, middle: &str, close: &str, end: &str| {
        format!("{begin}{}{middle}{}{end}", open.repeat(DEPTH), close.repeat(DEPTH))
    };
    let mut texts = vec![
        ("py", nested("x = ", "(\n", "1", ")\n", "\n")),
        ("py", nested("x = ", "[\n", "", "]\n", "\n")),
        ("py", nested("x = ", "f(\n", "1", ")\n", "\n")),
        ("py", nested("x = ", "lambda y: \\\n", "1", "", "\n")),
        ("py", nested("x = ", "not \\\n", "1", "", "\n")),
        ("py", nested("x = a", ".b \\\n", "", "", "\n")),
        ("py", nested("x = a", "(1)\\\n", "", "", "\n")),
        ("py", nested("x = 1", " + \\\n1", "", "", "\n")),
        ("py", nested("if a:\n pass\n", "elif b:\n pass\n", "", "", "")),
        ("java", nested("class A { int x = ", "(\n", "1", ")\n", ";\n}\n")),
        ("java", nested("class A { void m() ", "{\n", "", "}\n", "}\n")),
        ("java", nested("", "class A {\n", "", "}\n", "")),
        ("java", nested("class A { A", "<A\n", "", ">", " x; }\n")),
        ("java", nested("class A { void m() { if (a) {}\n", "else if (b) {}\n", "", "", "} }\n")),
        ("go", nested("package a\n\nvar x = ", "(", "\n1", ")", "\n").replace("((((", "((((\n")),
        ("go", nested("package a\n\nfunc f() ", "{\n", "", "}\n", "\n")),
        ("go", nested("package a\n\nvar x ", "[]\\\n".trim_end_matches("\\\n"), "int", "\n", "\n")),
        ("go", nested("package a\n\nvar x = ", "func() { _ = \n", "1", "}\n", "\n")),
        ("rs", nested("const X: u8 = ", "(\n", "1", ")\n", ";\n")),
        ("rs", nested("", "mod a {\n", "", "}\n", "")),
        ("rs", nested("fn f() ", "{\n", "", "}\n", "\n")),
        ("rs", nested("type X = ", "Vec<\n", "u8", ">\n", ";\n")),
        ("rs", nested("fn f() { m!", "(\n", "", ")\n", "; }\n")),
        ("rs", nested("use ", "a::{\n", "b", "}\n", ";\n")),
        ("tsx", nested("const x = ", "<a>\n", "", "</a>\n", ";\n")),
    ];
    for ending in ["js", "ts", "tsx"] {
        texts.extend([
            (ending, nested("const x = ", "(\n", "1", ")\n", ";\n")),
            (ending, nested("const x = ", "[\n", "", "]\n", ";\n")),
            (ending, nested("const x = ", "{a:\n", "1", "}\n", ";\n")),
            (ending, nested("", "{\n", "", "}\n", "")),
            (ending, nested("", "function f() {\n", "", "}\n", "")),
            (ending, nested("const x = ", "() =>\n", "1", "", ";\n")),
            (ending, nested("const x = a", "\n.b()", "", "", ";\n")),
            (ending, nested("const x = ", "`${\n", "1", "}`\n", ";\n")),
            (ending, nested("const ", "{a:\n", "b", "}\n", " = c;\n")),
        ]);
    }
    for ending in ["ts", "tsx"] {
        texts.push((ending, nested("type X = ", "A<\n", "B", ">\n", ";\n")));
        texts.push((ending, nested("", "namespace a {\n", "", "}\n", "")));
    }
    // Never closed.
    let open: Vec<_> = ["py", "js", "ts", "tsx", "go", "rs", "java"]
        .into_iter()
        .flat_map(|ending| ["(\n", "{\n", "[\n", "<\n"].map(|open| (ending, open.repeat(DEPTH))))
        .collect();
    texts.extend(open);
    texts
}

#[test]
fn ten_thousand_deep_nesting_is_indexed_in_every_language() {
    let world = World::new();
    for (number, (ending, text)) in deep().into_iter().enumerate() {
        world.write(&format!("deep{number}.{ending}"), &text);
    }
    let report = world.indexed();
    assert!(report["files"].as_u64() > Some(60), "{report}");
    assert_eq!(world.places("sell"), "pkg/shop.py:4");
    for question in [
        &["graph", "export", "--format", "jsonl"][..],
        &["search", "sell item"],
        &["locate", "selling an item fails"],
        &["map"],
        &["callers", "check"],
        &["impact", "check"],
    ] {
        assert_eq!(world.alone(question).code, Some(0), "{question:?}");
    }
}

#[test]
fn five_thousand_files_in_one_folder_are_indexed() {
    let world = World::new();
    for number in 0..5_000 {
        world.write(&format!("many/f{number}.py"), &format!("def f{number}():\n    pass\n"));
    }
    assert_eq!(world.indexed()["files"], 5_002);
    assert_eq!(world.places("f4999"), "many/f4999.py:1");
}

#[test]
fn a_git_repository_that_is_corrupt_costs_nothing_but_its_history() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 5] = [
        ("rubbish in HEAD", |git| fs::write(git.join("HEAD"), [0xff; 100]).expect("a file")),
        ("no objects", |git| fs::remove_dir_all(git.join("objects")).expect("removed")),
        ("rubbish for objects", |git| {
            for folder in fs::read_dir(git.join("objects")).expect("a folder").flatten() {
                for object in fs::read_dir(folder.path()).into_iter().flatten().flatten() {
                    let rights = fs::Permissions::from_mode(0o644);
                    fs::set_permissions(object.path(), rights).expect("rights");
                    fs::write(object.path(), "rubbish").expect("a file");
                }
            }
        }),
        ("a file that leads nowhere", |git| {
            fs::remove_dir_all(git).expect("removed");
            fs::write(git, "gitdir: /nowhere/at/all\n").expect("a file");
        }),
        ("a file that leads to itself", |git| {
            fs::remove_dir_all(git).expect("removed");
            fs::write(git, "gitdir: .git\n").expect("a file");
        }),
    ];
    for (what, damage) in damages {
        let world = World::new();
        fs::remove_dir(world.project().join(".git")).expect("removed");
        let git = |arguments: &[&str]| {
            let who = ["-c", "user.name=a", "-c", "user.email=a@b"];
            let ran =
                Command::new("git").args(who).args(arguments).current_dir(world.project()).output();
            assert!(ran.is_ok_and(|ran| ran.status.success()), "git {arguments:?}");
        };
        git(&["init", "-q"]);
        git(&["add", "-A"]);
        git(&["commit", "-q", "-m", "sell things"]);
        damage(&world.project().join(".git"));
        assert_eq!(world.indexed()["files"], 2, "{what}");
        assert_eq!(world.places("sell"), "pkg/shop.py:4", "{what}");
        assert_eq!(world.alone(&["remember", "git is broken"]).code, Some(0), "{what}");
    }
}

#[test]
fn manifests_of_nonsense_do_no_harm() {
    let world = World::new();
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    for (path, text) in [
        ("a/package.json", "{\"name\": 7, \"main\": [], \"exports\": {\".\": {\".\": 1}}}"),
        ("b/package.json", &deep),
        (
            "c/package.json",
            "{\"main\": \"../../../../etc/passwd\", \"workspaces\": [\"**\", \"..\"]}",
        ),
        ("d/tsconfig.json", "{\"extends\": \"./tsconfig.json\"}"),
        ("e/tsconfig.json", "{\"extends\": \"../f/tsconfig.json\"}"),
        (
            "f/tsconfig.json",
            "{\"extends\": [\"../e/tsconfig.json\"], \"compilerOptions\": {\"baseUrl\": \"../../..\", \"paths\": {\"*\": [\"*\"], \"@/*/*\": [\"*\"]}}}",
        ),
        (
            "g/tsconfig.json",
            "{ // comment\n \"compilerOptions\": {\"paths\": 5, \"baseUrl\": null},,}",
        ),
        ("h/Cargo.toml", "[package\nname = "),
        ("h/src/lib.rs", "mod lib;\nmod deep;\npub use crate::deep::*;\n"),
        ("h/src/deep.rs", "pub use crate::*;\npub use super::deep::*;\npub fn dig() { dig() }\n"),
        (
            "i/Cargo.toml",
            "[workspace]\nmembers = [\"*\", \"../i\", \".\"]\n[package]\nname = \"\"\n[lib]\npath = \"../../../lib.rs\"\n",
        ),
        ("i/src/main.rs", "fn main() {}\n"),
        ("j/go.mod", "module\nmodule \"unclosed\nreplace a => ../j\nrequire (\n"),
        ("j/a/a.go", "package a\n\nimport \"example.org/j/b\"\n\nfunc A() { b.B() }\n"),
        ("j/b/b.go", "package b\n\nimport \"example.org/j/a\"\n\nfunc B() { a.A() }\n"),
        ("k/pyproject.toml", "[tool.setuptools]\npackages = 5\n[project]\nname = [[[["),
        ("k/a.py", "from k.b import *\nfrom .b import x\n"),
        ("k/b.py", "from k.a import *\nfrom .a import x\nfrom ........ import y\n"),
        ("l/pom.xml", "<project><parent><relativePath>pom.xml</relativePath></parent>"),
        ("m/a.ts", "export * from './b';\nexport * from './a';\n"),
        ("m/b.ts", "export * from './a';\nimport { nothing } from './b';\nnothing();\n"),
        ("n/A.java", "package n;\nclass A extends B { void m() { super.m(); } }\n"),
        ("n/B.java", "package n;\nclass B extends A { void m() { super.m(); } }\n"),
        ("o/c.py", "class C(D):\n    pass\n\n\nclass D(C):\n    pass\n\n\nD().lost()\n"),
    ] {
        world.write(path, text);
    }
    world.indexed();
    for question in [
        &["symbol", "dig"][..],
        &["callers", "dig", "--depth", "50"],
        &["callees", "A", "--depth", "50"],
        &["impact", "dig"],
        &["graph", "export", "--format", "jsonl"],
        &["map"],
    ] {
        assert_eq!(world.alone(question).code, Some(0), "{question:?}");
    }
    // And again when one of them changes.
    world.write("f/tsconfig.json", "{\"extends\": \"./tsconfig.json\"}");
    world.indexed();
}

#[test]
fn a_file_that_changes_while_it_is_indexed_ends_up_as_it_is() {
    let world = World::new();
    let stop = AtomicBool::new(false);
    let path = world.project().join("pkg/busy.py");
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut number = 0;
            while !stop.load(Ordering::Relaxed) {
                number += 1;
                let text =
                    format!("def busy{}():\n    pass\n", number % 10).repeat(1 + number % 50);
                fs::write(&path, text).expect("a file");
                if number % 7 == 0 {
                    fs::remove_file(&path).expect("it was there");
                }
            }
        });
        for _ in 0..5 {
            let ran = bounded(&mut world.command(&["index", "--json"]));
            assert_eq!(ran.code, Some(0), "{ran:?}");
        }
        stop.store(true, Ordering::Relaxed);
        writer.join().expect("it only writes");
    });
    fs::write(&path, "def busy_no_more():\n    pass\n").expect("a file");
    eventually("the daemon sees the last version", || world.knows("busy_no_more"));
    assert!(!world.knows("busy1"));
}

#[test]
fn a_file_replaced_by_a_folder_and_back_is_followed() {
    let world = World::new();
    let knows = |name: &str| world.knows(name);
    world.write("turn.py", "def as_file():\n    pass\n");
    assert_eq!(bounded(&mut world.command(&["index"])).code, Some(0));
    assert!(knows("as_file"));
    for _ in 0..3 {
        fs::remove_file(world.project().join("turn.py")).expect("it was there");
        world.write("turn.py/inner.py", "def as_folder():\n    pass\n");
        eventually("the folder is known", || knows("as_folder") && !knows("as_file"));
        fs::remove_dir_all(world.project().join("turn.py")).expect("it was there");
        world.write("turn.py", "def as_file():\n    pass\n");
        eventually("the file is known", || knows("as_file") && !knows("as_folder"));
    }
}

#[test]
fn a_deleted_project_is_told_and_its_memories_stay() {
    let world = World::new();
    let root = world.folder().join("other");
    fs::create_dir(&root).expect("a folder");
    fs::write(root.join("a.py"), "def here():\n    pass\n").expect("a file");
    let place = root.to_str().expect("UTF-8").to_owned();
    let ask = |arguments: &[&str]| {
        bounded(world.command(&["--project", &place]).args(arguments).current_dir("/"))
    };
    assert_eq!(ask(&["index"]).code, Some(0));
    assert_eq!(ask(&["remember", "it was here"]).code, Some(0));
    fs::remove_dir_all(&root).expect("removed");
    for question in [&["symbol", "here"][..], &["index"], &["search", "here"], &["recall", "it"]] {
        let ran = ask(question);
        assert_eq!(ran.code, Some(3), "{question:?} {ran:?}");
    }
    fs::create_dir(&root).expect("a folder");
    fs::write(root.join("a.py"), "def again():\n    pass\n").expect("a file");
    assert!(ask(&["recall", "it was here"]).out.contains("it was here"));
    assert_eq!(ask(&["index"]).code, Some(0));
    assert!(ask(&["symbol", "again"]).out.contains("a.py:1"));
    assert!(ask(&["symbol", "here"]).out.contains("no definition has this name"));
}
