//! kill -9 of daemons and clients at random, in rounds of editing, indexing,
//! remembering and searching: what was acknowledged is there, the store opens,
//! and the index is the one that a fresh data folder gets from the same files.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::process::{Child, Command};
use std::time::Duration;

use serde_json::Value;

use crate::world::{Ran, World, is_alive};

const ROUNDS: &str = "CODECONTEXT_SOAK_ROUNDS";
const SEED: &str = "CODECONTEXT_SOAK_SEED";

/// How many rounds to run, and the seed of their choices, which is printed.
pub(crate) fn rounds_and_seed() -> (u64, u64) {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let rounds = number(ROUNDS).unwrap_or(20);
    let seed = number(SEED).unwrap_or_else(|| u64::from(std::process::id()));
    println!("seed {seed} ({SEED}={seed} repeats the choices)");
    (rounds, seed)
}

/// Files of the tree at most.
const MOST_FILES: u64 = 36;

#[test]
fn nothing_acknowledged_is_lost_to_kill_9_and_the_index_is_as_new() {
    let (rounds, seed) = rounds_and_seed();
    let mut soak = Soak::new(seed);
    for round in 0..rounds {
        soak.round = round;
        soak.edit();
        soak.work_and_be_killed();
        soak.check_journal();
        soak.check_index();
    }
    let acknowledged = soak.acknowledged.len();
    println!(
        "{rounds} rounds of kill -9: {} processes killed, {acknowledged} memories acknowledged, \
         none lost, every index as new",
        soak.killed
    );
}

/// The same numbers for the same seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }
}

struct Soak {
    world: World,
    dice: Dice,
    round: u64,
    killed: u64,
    files: BTreeSet<String>,
    acknowledged: BTreeSet<String>,
    said: u64,
}

impl Soak {
    fn new(seed: u64) -> Soak {
        let world = World::new();
        fs::remove_dir(world.project().join(".git")).expect("it was made empty");
        git(&world, &["init", "-q"]);
        git(&world, &["commit", "-q", "--allow-empty", "-m", "Begin"]);
        let mut soak = Soak {
            world,
            dice: Dice(seed),
            round: 0,
            killed: 0,
            files: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
            said: 0,
        };
        for _ in 0..20 {
            soak.write_one();
        }
        soak
    }

    /// Changes, adds and removes a few files.
    fn edit(&mut self) {
        for _ in 0..=self.dice.below(5) {
            match self.dice.below(4) {
                0 if self.files.len() > 8 => {
                    let place = self.dice.below(self.files.len() as u64) as usize;
                    let path =
                        self.files.iter().nth(place).cloned().expect("it is below the count");
                    fs::remove_file(self.world.project().join(&path)).expect("it was there");
                    self.files.remove(&path);
                }
                _ => self.write_one(),
            }
        }
        if self.dice.below(3) == 0 {
            let subject = format!("Weigh parcels and letters better {}", self.round);
            git(&self.world, &["add", "-A"]);
            git(&self.world, &["commit", "-q", "--allow-empty", "-m", &subject]);
        }
    }

    /// Writes a file that defines things, and uses those of others.
    fn write_one(&mut self) {
        let number = self.dice.below(MOST_FILES);
        let (ending, text) = match number % 3 {
            0 => ("py", self.python(number)),
            1 => ("ts", self.typescript(number)),
            _ => ("go", self.go(number)),
        };
        let path = format!("app/part{number}.{ending}");
        self.world.write(&path, &text);
        self.files.insert(path);
    }

    fn python(&mut self, number: u64) -> String {
        let mut text = String::new();
        for _ in 0..2 {
            let other = self.dice.below(MOST_FILES / 3) * 3;
            let _ = writeln!(text, "from app.part{other} import Part{other}, make{other}");
        }
        let other = self.dice.below(MOST_FILES / 3) * 3;
        let _ = write!(
            text,
            "\n\nclass Part{number}(Part{other}):\n    \"\"\"Carries parcels {}.\"\"\"\n\n    \
             def carry(self, parcel):\n        return make{other}(parcel).carry(parcel)\n\n\n\
             def make{number}(parcel):\n    return Part{number}()\n",
            self.dice.below(9)
        );
        text
    }

    fn typescript(&mut self, number: u64) -> String {
        let other = self.dice.below(MOST_FILES / 3) * 3 + 1;
        format!(
            "import {{ make{other} }} from './part{other}';\n\n// Weighs letters {}.\n\
             export function make{number}(letter: string) {{\n  return make{other}(letter);\n}}\n",
            self.dice.below(9)
        )
    }

    fn go(&mut self, number: u64) -> String {
        let other = self.dice.below(MOST_FILES / 3) * 3 + 2;
        format!(
            "package app\n\n// Make{number} stamps postcards {}.\n\
             func Make{number}(card string) string {{\n\treturn Make{other}(card)\n}}\n",
            self.dice.below(9)
        )
    }

    /// Clients at work; some of them, the daemon, or both are killed.
    fn work_and_be_killed(&mut self) {
        let alone = self.dice.below(5) == 0;
        if alone {
            self.world.run(&["daemon", "stop"]);
        } else {
            self.world.run(&["daemon", "start"]);
        }
        let mut clients = Vec::new();
        if alone {
            clients.push((false, self.world.start(&["--no-daemon", "index", "--json"])));
        } else {
            clients.push((false, self.world.start(&["index", "--json"])));
            for _ in 0..=self.dice.below(3) {
                self.said += 1;
                let text = format!("lesson {} of round {}: seal the parcel", self.said, self.round);
                clients.push((true, self.world.start(&["remember", &text, "--json"])));
            }
            clients.push((false, self.world.start(&["search", "parcel", "--json"])));
        }
        for _ in 0..=self.dice.below(3) {
            // In the middle of opening, of writing, or of nothing.
            let longest = [8, 40, 160][self.dice.below(3) as usize];
            std::thread::sleep(Duration::from_millis(self.dice.below(longest)));
            self.kill_somebody(alone, &mut clients);
        }
        for (remembers, client) in clients {
            let ran = Ran::of(client.wait_with_output().expect("it ends"));
            assert_ne!(ran.code, Some(70), "round {}: {ran:?}", self.round);
            assert_ne!(ran.code, Some(101), "round {}: {ran:?}", self.round);
            if remembers && ran.code == Some(0) {
                let id = ran.json()["id"].as_str().expect("an id").to_owned();
                self.acknowledged.insert(id);
            }
        }
    }

    fn kill_somebody(&mut self, alone: bool, clients: &mut [(bool, Child)]) {
        let which = self.dice.below(3);
        if (alone || which != 0)
            && let Some((_, client)) = clients.get_mut(if alone { 0 } else { which as usize })
        {
            let _ = client.kill();
            self.killed += 1;
        }
        if which != 1 && !alone {
            self.kill_daemon();
        }
    }

    /// Kills whoever has the data folder open.
    fn kill_daemon(&mut self) {
        let lock = fs::read_to_string(self.world.data_dir().join("run/daemon.lock"));
        let process = lock.ok().and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
        if let Some(process) = process.filter(|process| is_alive(*process)) {
            let _ = Command::new("kill").args(["-9", &process.to_string()]).status();
            self.killed += 1;
        }
    }

    fn check_journal(&self) {
        let log = self.world.json(&["memory", "log", "--limit", "10000"]);
        let records = log["records"].as_array().expect("records");
        let known: BTreeSet<&str> =
            records.iter().filter_map(|record| record["id"].as_str()).collect();
        for id in &self.acknowledged {
            assert!(known.contains(id.as_str()), "round {}: memory {id} is lost", self.round);
        }
        let audit = self.world.json(&["audit", "verify"]);
        assert_eq!(audit["intact"], true, "round {}: {audit}", self.round);
        // At most those under way are there without being acknowledged.
        assert!(records.len() as u64 <= self.said, "round {}: {log}", self.round);
        if let Some(id) = self.acknowledged.iter().next_back() {
            let recalled = self.world.json(&["recall", "seal the parcel", "--limit", "1000"]);
            let memories = recalled["memories"].as_array().expect("memories");
            assert!(
                memories.iter().any(|memory| memory["id"] == id.as_str()),
                "round {}",
                self.round
            );
        }
    }

    /// Compares the index with that of a fresh data folder.
    fn check_index(&self) {
        let report = self.world.json(&["index"]);
        let fresh = self.world.folder().join("fresh");
        let _ = fs::remove_dir_all(&fresh);
        let place = fresh.to_str().expect("UTF-8");
        let anew = |arguments: &[&str]| {
            let all = [&["--data-dir", place, "--no-daemon"], arguments].concat();
            let ran = self.world.run(&all);
            assert_eq!(ran.code, Some(0), "round {}: {all:?} {ran:?}", self.round);
            ran.out
        };
        let expected: Value = parsed(&anew(&["index", "--json"]));
        for field in ["files", "lines", "symbols", "references", "edges", "skipped"] {
            assert_eq!(report[field], expected[field], "round {}: {field}", self.round);
        }
        let export = ["graph", "export", "--format", "jsonl"];
        assert_eq!(
            sorted(&self.world.run(&export).out),
            sorted(&anew(&export)),
            "round {}",
            self.round
        );
        let name = format!("make{}", (self.round * 3) % MOST_FILES);
        for question in [
            ["search", "parcel letter", "--limit", "50", "--json"],
            ["locate", "parcels and letters stamped like postcards", "--limit", "500", "--json"],
            ["callers", &name, "--depth", "3", "--json"],
            ["symbol", &name, "--limit", "50", "--json"],
        ] {
            let question = &question[..];
            let (ran, fresh) = (
                self.world.run(question),
                self.world.run(&[&["--data-dir", place, "--no-daemon"], question].concat()),
            );
            assert_eq!(
                ran.code, fresh.code,
                "round {}: {question:?} {ran:?} {fresh:?}",
                self.round
            );
            if ran.code == Some(0) {
                let ((ours, scores), (theirs, expected)) =
                    (essence(&ran.json()), essence(&fresh.json()));
                assert_eq!(ours, theirs, "round {}: {question:?}", self.round);
                // Sums are taken in the order of file numbers, which may differ. To
                // locate means to draw on the best few files, and which of two equal
                // ones is among them is told by their numbers.
                // A file that was new and changing while a commit of it was read
                // may lack that commit's word for it until the next filling.
                let near = if question[0] == "locate" { 0.5 } else { 0.0001 };
                let is_near = scores.iter().zip(&expected).all(|(a, b)| (a - b).abs() < near);
                assert!(is_near, "round {}: {question:?} {scores:?} {expected:?}", self.round);
            }
        }
    }
}

fn git(world: &World, arguments: &[&str]) {
    let ran = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(world.project())
        .output();
    assert!(ran.is_ok_and(|ran| ran.status.success()), "git {arguments:?}");
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn sorted(lines: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.sort_unstable();
    lines
}

/// What an answer says of the code, in an order of its own: hits of one score
/// come in any order.
fn essence(answer: &Value) -> (Vec<String>, Vec<f64>) {
    let lists = ["hits", "files", "symbols", "edges"];
    let items = lists.iter().filter_map(|list| answer[list].as_array()).flatten();
    let mut lines: Vec<(String, f64)> = items
        .map(|item| {
            let mut line = String::new();
            for field in [
                "path",
                "line",
                "end_line",
                "symbol",
                "qualified",
                "kind",
                "from",
                "to",
                "how",
                "signature",
            ] {
                let _ = write!(line, "{field}={} ", item[field]);
            }
            (line, item["score"].as_f64().unwrap_or(0.0))
        })
        .collect();
    lines.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    lines.into_iter().unzip()
}
