//! The JSON of every command, as scripts rely on it. All of it from a real index.

use crate::world::{World, has_fields};

fn indexed() -> World {
    let world = World::new();
    world.json(&["index"]);
    world
}

#[test]
fn index() {
    let world = World::new();
    let report = world.json(&["index"]);
    has_fields(
        &report,
        &[
            "files",
            "lines",
            "bytes",
            "symbols",
            "references",
            "edges",
            "languages",
            "skipped",
            "elapsed_ms",
            "cpu_ms",
            "peak_rss_bytes",
            "reused_files",
            "commit",
            "branch",
        ],
    );
    has_fields(&report["edges"], &["resolved", "external", "unresolved"]);
    assert_eq!(report["files"], 2);
    assert_eq!(report["languages"]["python"]["files"], 2);
    let again = world.json(&["index"]);
    assert_eq!(again["reused_files"], 2);
}

#[test]
fn index_without_a_daemon() {
    let world = World::new();
    assert_eq!(world.json(&["--no-daemon", "index"])["files"], 2);
    let symbols = world.json(&["--no-daemon", "symbol", "sell"]);
    assert_eq!(symbols["symbols"][0]["path"], "pkg/shop.py");
    assert_eq!(world.json(&["daemon", "status"])["running"], false);
}

#[test]
fn status() {
    let status = indexed().json(&["status"]);
    has_fields(&status, &["indexed_commit", "stale_files", "index_bytes", "rss_bytes"]);
    assert_eq!(status["indexed_files"], 2);
    assert_eq!(status["complete"], true);
}

#[test]
fn search() {
    let found = indexed().json(&["search", "refuses nothing", "--limit", "5"]);
    let hit = &found["hits"][0];
    has_fields(hit, &["path", "line", "end_line", "symbol", "kind", "score", "why", "snippet"]);
    assert_eq!(hit["path"], "pkg/store.py");
}

#[test]
fn locate() {
    let found = indexed().json(&["locate", "selling an item should save it in the store"]);
    has_fields(&found, &["files", "symbols"]);
    has_fields(&found["files"][0], &["path", "score", "why"]);
}

#[test]
fn symbol() {
    let world = indexed();
    for name in ["check", "pkg.store.check", "pkg/store.py:9"] {
        let found = world.json(&["symbol", name]);
        let symbol = &found["symbols"][0];
        has_fields(
            symbol,
            &[
                "id",
                "name",
                "qualified",
                "kind",
                "path",
                "line",
                "end_line",
                "signature",
                "doc",
                "visibility",
            ],
        );
        assert_eq!(symbol["qualified"], "pkg.store.check", "{name}");
        assert_eq!(symbol["line"], 9, "{name}");
    }
    let none = world.json(&["symbol", "chekc"]);
    assert_eq!(none["symbols"], serde_json::json!([]));
    assert_eq!(none["near"], serde_json::json!(["check"]));
}

#[test]
fn callers_and_callees() {
    let world = indexed();
    let callers = world.json(&["callers", "check"]);
    has_fields(&callers, &["edges", "unresolved_same_name", "complete"]);
    let from: Vec<&str> = callers["edges"]
        .as_array()
        .expect("edges")
        .iter()
        .map(|edge| edge["from"].as_str().expect("a name"))
        .collect();
    assert!(from.contains(&"pkg.shop.sell") && from.contains(&"pkg.store.Store.save"), "{from:?}");
    has_fields(
        &callers["edges"][0],
        &["from", "to", "path", "line", "how", "confidence", "candidates"],
    );
    let callees = world.json(&["callees", "pkg.shop.sell", "--depth", "2"]);
    assert!(callees["edges"].as_array().is_some_and(|edges| !edges.is_empty()), "{callees}");
}

#[test]
fn callers_of_nothing_end_with_3() {
    let ran = indexed().run(&["callers", "nosuchname", "--json"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert_eq!(ran.json()["error"]["kind"], "not-found");
}

#[test]
fn impact() {
    let world = indexed();
    let touched = world.json(&["impact", "pkg.store.check"]);
    has_fields(&touched, &["symbols", "files", "tests"]);
    has_fields(&touched["symbols"][0], &["qualified", "path", "line", "via"]);
    let patch = "--- a/pkg/store.py\n+++ b/pkg/store.py\n@@ -9,3 +9,3 @@\n def check(item):\n     \"\"\"Refuses nothing at all.\"\"\"\n-    return item\n+    return [item]\n";
    let patch = world.write("change.patch", patch);
    let by_patch = world.json(&["impact", "--patch", patch.to_str().expect("UTF-8")]);
    assert_eq!(by_patch["changed"][0]["qualified"], "pkg.store.check");
}

#[test]
fn map() {
    let map = indexed().json(&["map", "--tokens", "500", "--focus", "pkg/shop.py"]);
    has_fields(&map, &["text", "tokens", "files"]);
    assert!(map["text"].as_str().is_some_and(|text| text.contains("pkg/store.py")), "{map}");
}

#[test]
fn graph_export() {
    let world = indexed();
    let ran = world.run(&["graph", "export", "--format", "jsonl", "--edges", "calls"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let edges = ran.json_lines();
    assert!(!edges.is_empty());
    for edge in &edges {
        has_fields(edge, &["kind", "from", "site", "how", "confidence"]);
        has_fields(&edge["from"], &["path", "line", "end_line", "qualified"]);
        has_fields(&edge["site"], &["path", "line", "col"]);
        assert!(edge.get("to").is_some() != edge.get("external").is_some(), "{edge}");
        assert_eq!(edge["kind"], "calls");
    }
    for (format, start) in [("dot", "digraph"), ("graphml", "<?xml"), ("cypher", "MERGE")] {
        let ran = world.run(&["graph", "export", "--format", format]);
        assert!(ran.out.starts_with(start), "{format}: {ran:?}");
    }
}

#[test]
fn memories() {
    let world = World::new();
    let remembered = world.json(&[
        "remember",
        "orders are saved before they are paid",
        "--kind",
        "decision",
        "--about",
        "pkg/shop.py",
        "--tag",
        "orders",
        "--at",
        "1:56 pm on 8 May, 2023",
        "--external-id",
        "ADR-7",
    ]);
    let id = remembered["id"].as_str().expect("an id").to_owned();
    let recalled = world.json(&["recall", "when are orders saved"]);
    let memory = &recalled["memories"][0];
    has_fields(
        memory,
        &["id", "external_id", "kind", "text", "score", "why", "status", "about", "provenance"],
    );
    assert_eq!(memory["id"].as_str(), Some(id.as_str()));
    assert_eq!(memory["external_id"], "ADR-7");
    assert_eq!(memory["provenance"]["actor"], "ann");
    assert_eq!(memory["provenance"]["at"], "2023-05-08T13:56:00Z");
    assert_eq!(world.json(&["decisions"])["memories"][0]["id"].as_str(), Some(id.as_str()));
    world.json(&["feedback", &id, "--outcome", "accepted"]);
    let log = world.json(&["memory", "log"]);
    assert!(log["records"].as_array().is_some_and(|records| records.len() >= 2), "{log}");
    let audit = world.json(&["audit", "verify"]);
    assert_eq!(audit["intact"], true);
    let export = world.json(&["export"]);
    assert_eq!(export["memories"][0]["id"].as_str(), Some(id.as_str()));
    world.json(&["forget", &id[..16]]);
    let recalled = world.json(&["recall", "when are orders saved"]);
    assert_eq!(recalled["memories"].as_array().map(Vec::len), Some(0));
}

#[test]
fn an_acknowledged_memory_survives_a_killed_daemon() {
    let world = World::new();
    let id = world.json(&["remember", "the parser is recursive"])["id"].clone();
    world.kill(world.daemon());
    let recalled = world.json(&["recall", "parser"]);
    assert_eq!(recalled["memories"][0]["id"], id);
}

#[test]
fn projects_and_watching() {
    let world = indexed();
    let projects = world.json(&["projects"]);
    has_fields(&projects["projects"][0], &["id", "root", "open", "watching", "seal", "files"]);
    assert_eq!(world.json(&["watch", "off"])["watching"], false);
    assert_eq!(world.json(&["watch", "on"])["watching"], true);
}

#[test]
fn the_nearest_known_project_is_meant() {
    let world = World::new();
    std::fs::remove_dir(world.project().join(".git")).expect("no git");
    let root = world.project();
    world.json(&["index", root.to_str().expect("UTF-8")]);
    let mut inside = world.command(&["symbol", "sell", "--json"]);
    inside.current_dir(root.join("pkg"));
    let ran = crate::world::Ran::of(inside.output().expect("the program runs"));
    assert_eq!(ran.json()["symbols"][0]["path"], "pkg/shop.py", "{ran:?}");
}

#[test]
fn sealing() {
    let world = World::new();
    world.json(&["remember", "the vault is behind the painting"]);
    let key = world.folder().join("key");
    let key = key.to_str().expect("UTF-8");
    assert_eq!(world.json(&["seal", "--key-file", key])["seal"], "unlocked");
    world.run(&["daemon", "stop"]);
    let locked = world.run(&["recall", "vault", "--json"]);
    assert_eq!(locked.code, Some(3), "{locked:?}");
    assert_eq!(locked.json()["error"]["kind"], "locked");
    let wrong = world.folder().join("wrong");
    std::fs::write(&wrong, [1; 32]).expect("a file");
    let mut rights = std::fs::metadata(&wrong).expect("a file").permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o600);
    std::fs::set_permissions(&wrong, rights).expect("rights");
    let refused = world.run(&["unlock", "--key-file", wrong.to_str().expect("UTF-8")]);
    assert_eq!(refused.code, Some(4), "{refused:?}");
    assert_eq!(world.json(&["unlock", "--key-file", key])["seal"], "unlocked");
    let memories = world.json(&["recall", "vault"]);
    assert_eq!(memories["memories"].as_array().map(Vec::len), Some(1));
    assert_eq!(world.json(&["unseal", "--key-file", key])["seal"], "open");
}
