//! Connecting assistants: what is written into whose files, and that all of it
//! can be undone.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::world::{Ran, World, has_fields};

/// Every assistant: its name, and a file of somebody's that lists its servers,
/// from the home folder on.
const FILES: [(&str, &str, &str); 9] = [
    (
        "claude",
        "project/.mcp.json",
        "{\n     \"mcpServers\" : {\n  \"other\": {\"command\":\"npx\",  \"args\": [ ] }\n\n   }\n}",
    ),
    (
        "cursor",
        "project/.cursor/mcp.json",
        "// ours\n{\n\t\"mcpServers\": {\n\t\t// first\n\t\t\"other\": {\"url\": \"http://localhost\"}, /* last */\n\t},\n}\n",
    ),
    (
        "vscode",
        "project/.vscode/mcp.json",
        "{\r\n    \"inputs\": [\r\n        { \"id\": \"key\", \"type\": \"promptString\", \"password\": true } // asked for\r\n    ],\r\n    \"servers\": {\r\n        \"other\": { \"type\": \"stdio\", \"command\": \"a\" }\r\n    }\r\n}\r\n",
    ),
    (
        "copilot",
        "project/.mcp.json",
        "{\"mcpServers\":{\"other\":{\"type\":\"local\",\"command\":\"a\",\"tools\":[\"*\"]}}}\n",
    ),
    (
        "codex",
        "project/.codex/config.toml",
        "# mine\nmodel   = \"x\" # why\n\n  [mcp_servers.other]\n  command = 'a'\n  # about the end",
    ),
    (
        "gemini",
        "project/.gemini/settings.json",
        "{\n  /* look */\n  \"ui\": { \"theme\": \"GitHub\" },\n  \"mcpServers\": {}\n}\n",
    ),
    (
        "zed",
        "project/.zed/settings.json",
        "// Zed\n//\n{\n  \"tab_size\": 3,\n   \"context_servers\": {\n      \"other\": {\n        \"command\": \"a\", // says more\n        \"args\": [],\n      },\n      // the end\n   },\n  \"format_on_save\": \"off\",\n}\n",
    ),
    (
        "windsurf",
        ".codeium/windsurf/mcp_config.json",
        "\u{feff}{\n  \"mcpServers\": {\n    \"other\": {\n      \"serverUrl\": \"http://localhost\"\n    }\n  }\n}",
    ),
    ("junie", "project/.junie/mcp/mcp.json", "{\n    \"mcpServers\": null\n}\n\n\n"),
];

/// Every file and folder of a folder, with its rights and its bytes.
type Picture = BTreeMap<PathBuf, (u32, Vec<u8>)>;

fn picture(folder: &Path, without: &Path) -> Picture {
    let mut seen = Picture::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let found = fs::symlink_metadata(&path).expect("a file");
            if path == without {
                continue;
            }
            let bytes = if found.is_file() { fs::read(&path).expect("a file") } else { vec![] };
            if found.is_dir() {
                folders.push(path.clone());
            }
            seen.insert(path, (found.mode(), bytes));
        }
    }
    seen
}

impl World {
    /// `init` without indexing and without a daemon, where no assistant is on
    /// PATH.
    fn init_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(&["init", "--no-daemon"]);
        let undoes = arguments.contains(&"--uninstall");
        command
            .args(if undoes { &[][..] } else { &["--no-index"] })
            .args(arguments)
            .env("PATH", self.folder().join("bin"))
            .env_remove("CLAUDE_CONFIG_DIR")
            .env_remove("CODEX_HOME");
        command
    }

    fn init(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.init_command(arguments).output().expect("the program runs"))
    }

    /// `init`, which must end with 0.
    fn init_well(&self, arguments: &[&str]) -> Ran {
        let ran = self.init(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        ran
    }

    /// Everything around the program but its data folder.
    fn picture(&self) -> Picture {
        picture(self.folder(), &self.data_dir())
    }

    /// Writes a file, from the home folder on.
    fn write_home(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let file = self.folder().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(&file, text).expect("a file");
        file
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder().join(path)).expect("a file")
    }

    fn exists(&self, path: &str) -> bool {
        self.folder().join(path).exists()
    }
}

/// What became of a file, in the JSON report.
fn outcome<'a>(report: &'a Value, path: &str) -> &'a str {
    let files = report["files"].as_array().expect("files");
    let found = files.iter().find(|file| file["path"].as_str().is_some_and(|p| p.ends_with(path)));
    found.map_or("not mentioned", |file| file["outcome"].as_str().expect("an outcome"))
}

#[test]
fn every_assistant_is_connected_once_and_disconnected_to_the_byte() {
    for (name, path, text) in FILES {
        let world = World::new();
        world.write_home(path, text);
        world.write("AGENTS.md", "# Rules\nBe kind.");
        let before = world.picture();

        assert_eq!(world.init(&["--assistant", name, "--check"]).code, Some(1), "{name}");
        let shown = world.init_well(&["--assistant", name, "--dry-run"]);
        assert!(shown.out.contains("+++ ") && shown.out.contains("codecontext"), "{name}");
        assert_eq!(world.picture(), before, "{name}: looking writes nothing");
        assert!(!world.data_dir().exists(), "{name}: not even a data folder");

        let first = world.init_well(&["--assistant", name, "--json"]).json();
        assert_eq!(outcome(&first, path.trim_start_matches("project/")), "updated", "{name}");
        let connected = world.picture();
        let text_now = world.read(path);
        assert!(text_now.contains("codecontext") && text_now.contains("mcp"), "{name}");
        for line in text.lines().map(str::trim).filter(|line| line.starts_with("//")) {
            assert!(text_now.contains(line), "{name}: {line} stays");
        }

        let second = world.init_well(&["--assistant", name, "--json"]).json();
        for file in second["files"].as_array().expect("files") {
            assert_eq!(file["outcome"], "unchanged", "{name}: {file}");
        }
        assert_eq!(world.picture(), connected, "{name}: the same bytes again");
        world.init_well(&["--assistant", name, "--check"]);

        let shown = world.init_well(&["--uninstall", "--dry-run"]);
        assert!(shown.out.contains("--- "), "{name}: {shown:?}");
        assert_eq!(world.picture(), connected, "{name}: looking writes nothing");
        world.init_well(&["--uninstall"]);
        assert_eq!(world.picture(), before, "{name}: as it was, to the byte");
        assert!(world.init_well(&["--uninstall"]).out.contains("nothing connects"), "{name}");
    }
}

#[test]
fn in_an_empty_project_everything_that_is_made_goes_again() {
    for scope in ["project", "user"] {
        let world = World::new();
        let before = world.picture();
        world.init_well(&["--assistant", "all", "--scope", scope]);
        let connected = world.picture();
        assert!(connected.len() > before.len() + 9, "{scope}");
        world.init_well(&["--assistant", "all", "--scope", scope]);
        assert_eq!(world.picture(), connected, "{scope}");
        world.init_well(&["--uninstall", "--scope", scope]);
        assert_eq!(world.picture(), before, "{scope}");
    }
}

#[test]
fn what_each_assistant_reads() {
    let world = World::new();
    world.init_well(&["--assistant", "all"]);
    let json = |path: &str| -> Value { serde_json::from_str(&world.read(path)).expect("JSON") };
    let program = env!("CARGO_BIN_EXE_codecontext");
    let program = fs::canonicalize(program).expect("the program");
    let program = program.to_str().expect("UTF-8");
    let plain = serde_json::json!({ "command": program, "args": ["mcp"] });
    let stdio = serde_json::json!({ "type": "stdio", "command": program, "args": ["mcp"] });
    let told = ["mcp", "--project", "${workspaceFolder}"];
    assert_eq!(json("project/.mcp.json")["mcpServers"]["codecontext"], stdio);
    assert_eq!(
        json("project/.cursor/mcp.json")["mcpServers"]["codecontext"]["args"],
        serde_json::json!(told)
    );
    let vscode = json("project/.vscode/mcp.json")["servers"]["codecontext"].clone();
    assert_eq!((&vscode["type"], &vscode["args"]), (&"stdio".into(), &serde_json::json!(told)));
    assert_eq!(json("project/.gemini/settings.json")["mcpServers"]["codecontext"], plain);
    assert_eq!(json("project/.zed/settings.json")["context_servers"]["codecontext"], plain);
    assert_eq!(json("project/.junie/mcp/mcp.json")["mcpServers"]["codecontext"], plain);
    let root = world.project();
    let windsurf = json(".codeium/windsurf/mcp_config.json")["mcpServers"]["codecontext"].clone();
    assert_eq!(windsurf["args"][2].as_str(), root.to_str());
    let codex = world.read("project/.codex/config.toml");
    assert!(codex.starts_with(&format!("[mcp_servers.codecontext]\ncommand = \"{program}\"\n")));
    for settings in ["project/.claude/settings.json", "project/.codex/hooks.json"] {
        let hook = json(settings)["hooks"]["SessionStart"][0]["hooks"][0]["command"].clone();
        assert_eq!(hook, format!("{program} brief 2>/dev/null || true"), "{settings}");
    }
    for skill in [".claude", ".agents"] {
        let skill = world.read(&format!("project/{skill}/skills/codecontext/SKILL.md"));
        assert!(skill.starts_with("---\nname: codecontext\ndescription: "), "{skill}");
    }
    let agents = world.read("project/AGENTS.md");
    assert!(agents.lines().count() <= 15, "{agents}");
    for path in ["project/.mcp.json", "project/.codex/config.toml", "project/AGENTS.md"] {
        assert!(!world.read(path).contains(world.data_dir().to_str().expect("UTF-8")), "{path}");
    }
}

#[test]
fn a_shared_file_names_the_program_where_a_shell_finds_this_very_one() {
    let world = World::new();
    fs::create_dir(world.folder().join("bin")).expect("a folder");
    let link = world.folder().join("bin/codecontext");
    symlink(env!("CARGO_BIN_EXE_codecontext"), &link).expect("a link");
    let report = world.init_well(&["--assistant", "claude", "windsurf", "--json"]).json();
    assert!(world.read("project/.mcp.json").contains("\"command\": \"codecontext\""));
    let own = world.read(".codeium/windsurf/mcp_config.json");
    assert!(own.contains(&format!("\"command\": \"{}\"", link.display())), "{own}");
    let notes = report["notes"].to_string();
    assert!(!notes.contains("PATH"), "{notes}");
}

#[test]
fn assistants_are_found_by_their_programs_and_folders() {
    let world = World::new();
    fs::create_dir(world.folder().join("bin")).expect("a folder");
    let nothing = world.init_well(&[]);
    assert!(nothing.out.contains("no assistant was found"), "{nothing:?}");
    assert!(!world.exists("project/AGENTS.md"));
    let program = world.write_home("bin/gemini", "#!/bin/sh\n");
    fs::set_permissions(&program, Permissions::from_mode(0o755)).expect("rights");
    fs::create_dir(world.folder().join(".codex")).expect("a folder");
    world.write(".zed/tasks.json", "[]");
    let report = world.init_well(&["--json"]).json();
    has_fields(&report, &["root", "written", "assistants", "files", "notes"]);
    let names: Vec<&str> = report["assistants"]
        .as_array()
        .expect("assistants")
        .iter()
        .map(|one| {
            has_fields(one, &["name", "title", "found_by", "scope", "next"]);
            one["name"].as_str().expect("a name")
        })
        .collect();
    assert_eq!(names, ["codex", "gemini", "zed"]);
    assert!(world.exists("project/.gemini/settings.json") && !world.exists("project/.cursor"));
    // What init itself wrote is no sign of another assistant.
    world.init_well(&["--assistant", "copilot"]);
    let report = world.init_well(&["--json"]).json();
    assert_eq!(report["assistants"].as_array().map(Vec::len), Some(3), "{report}");
}

#[test]
fn a_broken_file_is_told_with_its_place_and_keeps_no_other_from_being_written() {
    let world = World::new();
    let broken = "{\n  \"mcpServers\": {\n    \"a\": oops\n  }\n}\n";
    world.write(".cursor/mcp.json", broken);
    world.write(".codex/config.toml", "[mcp_servers\n");
    world.write("AGENTS.md", "<!-- BEGIN CODECONTEXT -->\n");
    let ran = world.init(&["--assistant", "cursor", "codex", "zed", "--json"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.err.contains(".cursor/mcp.json: line 3, column 10"), "{ran:?}");
    assert!(ran.err.contains(".codex/config.toml: line 1, column"), "{ran:?}");
    assert!(ran.err.contains("AGENTS.md: line 1, column 1: the fence has no end"), "{ran:?}");
    assert!(ran.err.contains("hint: "), "{ran:?}");
    let report = ran.json();
    assert_eq!(outcome(&report, ".cursor/mcp.json"), "failed");
    assert_eq!(outcome(&report, ".zed/settings.json"), "created");
    assert_eq!(world.read("project/.cursor/mcp.json"), broken);
    assert_eq!(world.init(&["--assistant", "cursor", "--check"]).code, Some(3));
}

#[test]
fn what_is_of_another_kind_is_told() {
    for text in ["[]", "{\"mcpServers\": []}", "{\"mcpServers\": \"x\"}", "3", "{} {}"] {
        let world = World::new();
        world.write(".cursor/mcp.json", text);
        let ran = world.init(&["--assistant", "cursor"]);
        assert_eq!(ran.code, Some(3), "{text}: {ran:?}");
        assert_eq!(world.read("project/.cursor/mcp.json"), text);
    }
}

#[test]
fn strange_files_that_can_be_written_are_given_back_as_they_were() {
    let texts = [
        "",
        " \n",
        "{}",
        "\u{feff}{}\r\n",
        "// a remark alone",
        "{\"context_servers\":{}}",
        "{\r\n}",
        "{\"context_servers\":{\"a\":{}, // x\n}}",
        "{\"a\": 1, \"context_servers\": {\"b\": 2}, \"context_servers\": {\"c\": 3}}",
    ];
    for text in texts {
        let world = World::new();
        world.write(".zed/settings.json", text);
        let before = world.picture();
        world.init_well(&["--assistant", "zed"]);
        let connected = world.picture();
        world.init_well(&["--assistant", "zed"]);
        assert_eq!(world.picture(), connected);
        world.init_well(&["--uninstall"]);
        assert_eq!(world.picture(), before, "{text:?}");
    }
}

#[test]
fn somebodys_own_server_of_our_name_stays_unless_forced() {
    let world = World::new();
    let own = "{\n  \"mcpServers\": {\n    \"codecontext\": { \"command\": \"npx\", \"args\": [\"other\"] } // mine\n  }\n}\n";
    world.write(".cursor/mcp.json", own);
    let before = world.picture();
    let ran = world.init(&["--assistant", "cursor"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("skipped") && ran.out.contains("npx"), "{ran:?}");
    assert_eq!(world.read("project/.cursor/mcp.json"), own);
    world.init_well(&["--assistant", "cursor", "--force"]);
    assert!(!world.read("project/.cursor/mcp.json").contains("npx"));
    world.init_well(&["--uninstall"]);
    assert_eq!(world.picture(), before);
}

#[test]
fn what_somebody_changed_since_stays() {
    let world = World::new();
    world.write(".cursor/mcp.json", "{\n  \"mcpServers\": {\n    \"a\": {}\n  }\n}\n");
    world.write("AGENTS.md", "# Rules\n");
    world.init_well(&["--assistant", "cursor", "zed", "gemini", "codex"]);
    let change = |path: &str, from: &str, to: &str| {
        let text = world.read(path);
        assert!(text.contains(from), "{path}: {text}");
        fs::write(world.folder().join(path), text.replace(from, to)).expect("a file");
    };
    change("project/.cursor/mcp.json", "\"a\": {},", "\"a\": {}, // x\n    \"b\": {},");
    change("project/AGENTS.md", "# Rules\n", "# New rules\n\nBe kind.\n");
    change("project/.zed/settings.json", "{\n  \"context", "{\n  \"tab_size\": 4,\n  \"context");
    // Written anew by a formatter, and nothing added to it.
    change("project/.gemini/settings.json", "  ", "\t");
    change("project/.codex/config.toml", "args", "startup_timeout_sec = 9\nargs");
    world.init_well(&["--uninstall"]);
    assert_eq!(
        world.read("project/.cursor/mcp.json"),
        "{\n  \"mcpServers\": {\n    \"a\": {}, // x\n    \"b\": {}\n  }\n}\n"
    );
    assert_eq!(world.read("project/AGENTS.md"), "# New rules\n\nBe kind.\n");
    assert_eq!(world.read("project/.zed/settings.json"), "{\n  \"tab_size\": 4\n}\n");
    assert!(!world.exists("project/.gemini") && !world.exists("project/.codex"));
}

#[test]
fn a_changed_skill_is_somebodys() {
    let world = World::new();
    world.init_well(&["--assistant", "claude"]);
    let skill =
        world.write(".claude/skills/codecontext/SKILL.md", "---\nname: codecontext\n---\nmine\n");
    let ran = world.init(&["--assistant", "claude"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let ran = world.init_well(&["--uninstall"]);
    assert!(ran.out.contains("kept") && skill.exists(), "{ran:?}");
    assert!(!world.exists("project/.mcp.json") && !world.exists("project/.claude/settings.json"));
}

#[test]
fn without_the_ledger_only_our_part_is_taken_out() {
    let world = World::new();
    let text = "{\n  \"mcpServers\": {\n    \"a\": {} // x\n  }\n}\n";
    world.write(".cursor/mcp.json", text);
    world.write("AGENTS.md", "# Rules\n");
    world.init_well(&["--assistant", "cursor", "claude", "codex"]);
    fs::remove_dir_all(world.data_dir()).expect("removed");
    world.init_well(&["--uninstall"]);
    assert_eq!(world.read("project/.cursor/mcp.json"), text);
    assert_eq!(world.read("project/AGENTS.md"), "# Rules\n");
    assert_eq!(world.read("project/.mcp.json"), "{\n  \"mcpServers\": {}\n}\n");
    assert!(!world.exists("project/.claude/skills/codecontext"));
    assert!(!world.exists("project/.codex/config.toml"));
}

#[test]
fn one_assistant_is_disconnected_and_the_others_stay() {
    let world = World::new();
    world.init_well(&["--assistant", "claude", "copilot", "cursor"]);
    let ran = world.init_well(&["--uninstall", "--assistant", "claude"]);
    assert!(ran.out.contains("copilot reads it too"), "{ran:?}");
    assert!(world.exists("project/.mcp.json") && world.exists("project/AGENTS.md"));
    assert!(!world.exists("project/.claude"));
    world.init_well(&["--uninstall", "--assistant", "copilot"]);
    assert!(!world.exists("project/.mcp.json") && world.exists("project/AGENTS.md"));
    world.init_well(&["--uninstall", "--assistant", "cursor"]);
    assert!(!world.exists("project/.cursor") && !world.exists("project/AGENTS.md"));
}

#[test]
fn a_persons_file_is_moved_to_another_project_only_if_told_to() {
    let world = World::new();
    world.init_well(&["--assistant", "windsurf"]);
    let second = world.folder().join("second");
    fs::create_dir_all(second.join(".git")).expect("a folder");
    let there = |arguments: &[&str]| {
        let mut command = world.init_command(arguments);
        Ran::of(command.current_dir(&second).output().expect("the program runs"))
    };
    let ran = there(&["--assistant", "windsurf"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains(world.project().to_str().expect("UTF-8")), "{ran:?}");
    let file = ".codeium/windsurf/mcp_config.json";
    there(&["--uninstall"]);
    assert!(world.read(file).contains(world.project().to_str().expect("UTF-8")));
    assert_eq!(there(&["--assistant", "windsurf", "--force"]).code, Some(0));
    assert!(world.read(file).contains(second.to_str().expect("UTF-8")));
    world.init_well(&["--uninstall"]);
    assert!(world.exists(file), "it is the second project's now");
    assert_eq!(there(&["--uninstall"]).code, Some(0));
    assert!(!world.exists(".codeium"));
}

#[test]
fn nothing_outside_the_project_is_written_because_the_project_says_so() {
    let world = World::new();
    let profile = world.write_home("profile.md", "mine\n");
    let folder = world.folder().join("elsewhere");
    fs::create_dir(&folder).expect("a folder");
    symlink(&profile, world.project().join("AGENTS.md")).expect("a link");
    symlink(&folder, world.project().join(".cursor")).expect("a link");
    world.write("run.sh", "echo\n");
    symlink("run.sh", world.project().join(".mcp.json")).expect("a link");
    symlink("nowhere.json", world.project().join(".zed")).expect("a link");
    let before = world.picture();
    let ran = world.init(&["--assistant", "cursor", "copilot", "zed"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    for told in
        ["AGENTS.md: it leads to", ".cursor/mcp.json: it leads to", ".mcp.json: it is a link to"]
    {
        assert!(ran.err.contains(told), "{told}: {ran:?}");
    }
    world.init(&["--uninstall"]);
    assert_eq!(world.picture(), before);
}

#[test]
fn links_within_a_project_and_of_a_person_are_followed() {
    let world = World::new();
    world.write("CLAUDE.md", "# Rules\n");
    symlink("CLAUDE.md", world.project().join("AGENTS.md")).expect("a link");
    let dotfile = world.write_home("dotfiles/windsurf.json", "{}\n");
    fs::create_dir_all(world.folder().join(".codeium/windsurf")).expect("a folder");
    symlink(&dotfile, world.folder().join(".codeium/windsurf/mcp_config.json")).expect("a link");
    let before = world.picture();
    world.init_well(&["--assistant", "windsurf"]);
    assert!(world.read("project/CLAUDE.md").contains("BEGIN CODECONTEXT"));
    assert!(world.read("dotfiles/windsurf.json").contains("codecontext"));
    assert!(fs::symlink_metadata(world.project().join("AGENTS.md")).expect("it").is_symlink());
    world.init_well(&["--uninstall"]);
    assert_eq!(world.picture(), before);
}

#[test]
fn files_that_may_not_be_written_or_are_none_are_left() {
    let world = World::new();
    let locked = world.write(".cursor/mcp.json", "{}");
    fs::set_permissions(&locked, Permissions::from_mode(0o444)).expect("rights");
    fs::create_dir_all(world.project().join(".mcp.json")).expect("a folder");
    let pipe = world.project().join("AGENTS.md");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
    world.write_home("project/.zed/settings.json", [0xff, 0xfe, 0x7b]);
    let before = world.picture();
    let ran = world.init(&["--assistant", "cursor", "copilot", "zed"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    for told in ["read-only", "not a plain file", "not UTF-8"] {
        assert!(ran.err.contains(told), "{told}: {ran:?}");
    }
    world.init(&["--uninstall"]);
    assert_eq!(world.picture(), before);
}

#[test]
fn rights_are_kept_and_new_files_have_those_of_their_folder() {
    let world = World::new();
    let mode = |path: &str| {
        fs::metadata(world.folder().join(path)).expect("a file").permissions().mode() & 0o777
    };
    fs::set_permissions(world.project(), Permissions::from_mode(0o755)).expect("rights");
    let kept = world.write(".cursor/mcp.json", "{}");
    fs::set_permissions(&kept, Permissions::from_mode(0o640)).expect("rights");
    world.init_well(&["--assistant", "cursor", "zed", "windsurf"]);
    assert_eq!(mode("project/.cursor/mcp.json"), 0o640);
    assert_eq!(mode("project/.zed/settings.json"), 0o644);
    assert_eq!(mode(".codeium/windsurf/mcp_config.json"), 0o600);
    assert_eq!(mode("data/init/ledger.json"), 0o600);
}

#[test]
fn runs_at_once_come_out_as_one() {
    let world = World::new();
    let before = world.picture();
    let runs: Vec<_> = (0..6)
        .map(|_| {
            let mut command = world.init_command(&["--assistant", "all"]);
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs")
        })
        .collect();
    for run in runs {
        let ended = run.wait_with_output().expect("it ends");
        assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    world.init_well(&["--assistant", "all", "--check"]);
    world.init_well(&["--uninstall"]);
    assert_eq!(world.picture(), before);
}

#[test]
fn sub_agents_that_list_their_tools_get_ours_if_asked_for() {
    let world = World::new();
    let text = "---\nname: reviewer\ntools: Read, Grep\n---\nReview.\n";
    world.write(".claude/agents/team/reviewer.md", text);
    world.write(".claude/agents/free.md", "---\nname: free\n---\nDo all.\n");
    let before = world.picture();
    let ran = world.init_well(&["--assistant", "claude"]);
    assert!(ran.err.contains("1 sub-agent") && ran.err.contains("--agents"), "{ran:?}");
    world.init_well(&["--assistant", "claude", "--agents"]);
    let agent = world.read("project/.claude/agents/team/reviewer.md");
    let ours = "tools: Read, Grep, mcp__codecontext__search, mcp__codecontext__locate, \
                mcp__codecontext__find_symbol, ";
    assert!(agent.contains(ours), "{agent}");
    world.init_well(&["--assistant", "claude", "--agents", "--check"]);
    world.init_well(&["--uninstall"]);
    assert_eq!(world.picture(), before);
}

#[test]
fn a_persons_file_is_not_written_for_a_projects_scope() {
    let world = World::new();
    let ran = world.init_well(&["--assistant", "windsurf", "--scope", "project"]);
    assert!(ran.out.contains("not connected") && !ran.out.contains("next: "), "{ran:?}");
    assert!(!world.exists(".codeium") && world.exists("project/AGENTS.md"));
}

#[test]
fn what_was_connected_to_a_deleted_project_goes_with_all_state() {
    let world = World::new();
    world.init_well(&["--assistant", "claude", "windsurf"]);
    fs::remove_dir_all(world.project()).expect("removed");
    let mut command = world.command(&["uninstall", "--purge", "--yes"]);
    let ran = Ran::of(command.current_dir(world.folder()).output().expect("it runs"));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(!world.exists(".codeium"), "it named the project");
}

#[test]
fn a_home_folder_is_no_project() {
    let world = World::new();
    let mut command = world.init_command(&["--assistant", "claude"]);
    let ran = Ran::of(command.env("HOME", world.project()).output().expect("it runs"));
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.err.contains("hint: ") && !world.exists("project/.mcp.json"), "{ran:?}");
}

#[test]
fn wrong_usage_of_init_ends_with_2() {
    let world = World::new();
    for arguments in [
        &["init", "--assistant", "nosuch"][..],
        &["init", "--scope", "everyone"],
        &["init", "--check", "--dry-run"],
        &["init", "--uninstall", "--check"],
        &["init", "--assistant"],
    ] {
        assert_eq!(world.run(arguments).code, Some(2), "{arguments:?}");
    }
}

#[test]
fn a_project_is_indexed_and_its_daemon_started() {
    let world = World::new();
    let report = world.json(&["init", "--assistant", "claude-code"]);
    has_fields(&report, &["index", "daemon"]);
    // Written first, so that the index knows them too.
    assert!(report["index"]["files"].as_u64() >= Some(3), "{report}");
    assert_eq!(report["daemon"]["pid"].as_u64(), Some(world.daemon()));
    let shown = world.run(&["init", "--assistant", "claude"]);
    for told in ["Indexed ", "Claude Code", "unchanged  .mcp.json", "next: ", "Try first"] {
        assert!(shown.out.contains(told), "{told}: {shown:?}");
    }
}

#[test]
fn a_briefing_is_short_and_has_the_latest_decisions() {
    let world = World::new();
    assert_eq!(world.run(&["brief"]).code, Some(3), "nothing is indexed");
    world.json(&["index"]);
    world.json(&["remember", "orders are saved\nbefore they are paid", "--kind", "decision"]);
    let ran = world.run(&["brief"]);
    assert!(
        ran.out.contains("pkg/store.py") && ran.out.contains(" orders are saved before they"),
        "{ran:?}"
    );
    assert!(ran.out.len() < 6000, "{ran:?}");
    has_fields(&world.json(&["brief"]), &["map", "decisions"]);
}
