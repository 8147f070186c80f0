//! `status --value`: what is counted, and that it is kept.

use std::fs;

use serde_json::{Value, json};

use crate::world::World;

fn value(world: &World) -> Value {
    world.json(&["status", "--value"])
}

#[test]
fn answers_are_counted_by_what_they_say() {
    let world = World::new();
    assert_eq!(value(&world)["since"], Value::Null);
    world.json(&["index"]);
    let first = world.run(&["symbol", "Store.save", "--json"]).out.len() as u64 - 1;
    let counted = value(&world);
    assert_eq!(counted["questions"], json!({ "symbol": 1 }));
    assert_eq!(counted["answer_bytes"], first);
    let store = fs::metadata(world.project().join("pkg/store.py")).expect("a file").len();
    assert_eq!(counted["pointed_bytes"], store);
    assert_eq!(counted["pointed_tokens"], store * 2 / 7);
    // A file named by two edges counts once, and what is not found is no answer.
    world.json(&["callers", "check"]);
    assert_eq!(world.run(&["callers", "nosuch"]).code, Some(3));
    let shop = fs::metadata(world.project().join("pkg/shop.py")).expect("a file").len();
    let counted = value(&world);
    assert_eq!(counted["questions"], json!({ "symbol": 1, "callers": 1 }));
    assert_eq!(counted["pointed_bytes"], store + store + shop);
    let page = world.run(&["status", "--value"]).out;
    assert!(page.contains("about ") && page.contains("2, 1 callers, 1 symbol"), "{page}");
}

#[test]
fn texts_known_already_are_told_from_new_ones() {
    let world = World::new();
    world.json(&["--no-daemon", "index"]);
    let file = world.project().join("pkg/shop.py");
    let text = fs::read_to_string(&file).expect("a file");
    for text in [format!("{text}\n\ndef buy():\n    pass\n"), text] {
        fs::write(&file, text).expect("a file");
        world.json(&["--no-daemon", "index"]);
    }
    // Nothing has changed: nothing is read.
    world.json(&["--no-daemon", "index"]);
    let counted = world.json(&["--no-daemon", "status", "--value"]);
    assert_eq!((&counted["texts_read"], &counted["texts_reused"]), (&json!(4), &json!(1)));
}

#[test]
fn memories_are_counted_and_everything_outlives_the_daemon() {
    let world = World::new();
    world.json(&["index"]);
    world.json(&["remember", "Stores check what they save.", "--about", "Store.save"]);
    world.json(&["recall", "what do stores check?"]);
    world.write("pkg/store.py", "class Store:\n    def save(self, item):\n        return item\n");
    world.json(&["index"]);
    world.json(&["recall", "what do stores check?"]);
    let before = value(&world);
    assert_eq!(before["questions"], json!({ "recall": 2 }));
    assert_eq!((&before["memories_recalled"], &before["memories_stale"]), (&json!(2), &json!(1)));
    assert_eq!(before["answer_bytes"], 0, "only answers about code are measured");
    world.json(&["daemon", "stop"]);
    assert_eq!(value(&world), before);
    assert_eq!(world.json(&["--no-daemon", "daemon", "stop"])["running"], false);
    assert_eq!(world.json(&["--no-daemon", "status", "--value"]), before);
}
