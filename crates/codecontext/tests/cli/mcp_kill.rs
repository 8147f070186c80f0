//! Assistants opened and killed at random, ten at once: one daemon is left, no
//! process without an owner, no lock.

use std::fs;

use serde_json::json;

use crate::kill::{Dice, rounds_and_seed};
use crate::mcp::Assistant;
use crate::world::{World, eventually};

/// Assistants that are connected at once.
const AT_ONCE: usize = 10;

#[test]
fn assistants_that_are_killed_leave_one_daemon_and_nothing_else() {
    let (rounds, seed) = rounds_and_seed();
    let world = World::new();
    let mut dice = Dice(seed);
    let mut connected: Vec<Assistant> = Vec::new();
    let (mut answered, mut daemons_killed) = (0, 0);
    for round in 0..rounds {
        while connected.len() < AT_ONCE {
            connected.push(Assistant::of(&world));
        }
        let place = dice.below(connected.len() as u64) as usize;
        match dice.below(8) {
            // In the middle of its first words, or before.
            0 => {
                let mut killed = connected.swap_remove(place);
                killed.say_half(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize" }));
            }
            1 => drop(connected.swap_remove(place)),
            2 => {
                let mut hanging_up = connected.swap_remove(place);
                hanging_up.close();
                eventually("it ends when its input does", || hanging_up.has_ended());
            }
            3 if daemons_killed < 1 + rounds / 20 => {
                daemons_killed += 1;
                world.kill(world.daemon_started());
            }
            _ => {
                let mut asking = connected.swap_remove(place);
                asking.initialize();
                asking.call("remember", json!({ "text": format!("Round {round}.") }));
                let found = asking.call("find_symbol", json!({ "name": "check" }));
                assert_eq!(found["symbols"][0]["path"], "pkg/store.py");
                answered += 1;
                // Killed while an answer is on its way.
                asking.say_half(&json!({ "jsonrpc": "2.0", "id": 77, "method": "tools/list" }));
            }
        }
    }
    drop(connected);
    let daemon = world.daemon_started();
    eventually("only the daemon is left", || processes_of(&world) == [daemon]);
    let remembered = world.json(&["status"])["memories"].clone();
    assert_eq!(remembered, answered, "nothing acknowledged is lost");
    assert_eq!(world.run(&["daemon", "stop"]).code, Some(0));
    eventually("nothing is left", || processes_of(&world).is_empty());
    assert_eq!(world.run(&["--no-daemon", "status"]).code, Some(0), "the lock is free");
    println!(
        "{rounds} rounds of assistants, {AT_ONCE} at once: {answered} answered, \
         {daemons_killed} daemons killed, nothing left behind"
    );
}

/// Processes that run with this world's data folder.
fn processes_of(world: &World) -> Vec<u64> {
    let marker = format!("CODECONTEXT_DATA_DIR={}", world.data_dir().display());
    let argument = world.data_dir().to_string_lossy().into_owned();
    let entries = fs::read_dir("/proc").expect("the kernel's list of processes");
    let process = |entry: fs::DirEntry| {
        let process: u64 = entry.file_name().to_str()?.parse().ok()?;
        let holds = |file: &str, text: &str| {
            let read = fs::read(entry.path().join(file)).unwrap_or_default();
            String::from_utf8_lossy(&read).split('\0').any(|part| part == text)
        };
        (holds("environ", &marker) || holds("cmdline", &argument)).then_some(process)
    };
    let mut found: Vec<u64> = entries.filter_map(|entry| process(entry.ok()?)).collect();
    found.sort_unstable();
    found
}
