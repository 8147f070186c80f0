//! An engine on a data folder and a project, both of which vanish after the test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use ctx_engine::answer::{IndexReport, MemoriesAnswer, SymbolRef};
use ctx_engine::request::{
    Caller, CallsRequest, EngineOptions, IndexLimits, IndexOptions, MemoryDraft, RecallRequest,
    SymbolRequest, Unheard, Watching,
};
use ctx_engine::{Engine, ErrorKind};
use ctx_model::memory::MemoryKind;
use ctx_model::{Actor, RecordId};

/// The files of the small shop.
const FILES: &[(&str, &str)] = &[
    ("shop/__init__.py", ""),
    (
        "shop/cart.py",
        "\
\"\"\"Carts.\"\"\"

from shop.price import total


class Cart:
    \"\"\"What a customer wants to buy.\"\"\"

    def __init__(self):
        self.items = []

    def add(self, item):
        self.items.append(item)

    def price(self):
        return total(self.items)
",
    ),
    (
        "shop/price.py",
        "\
def total(items):
    \"\"\"Sum of all items, tax included.\"\"\"
    return sum(taxed(item) for item in items)


def taxed(amount):
    return amount * 1.2
",
    ),
    (
        "tests/test_cart.py",
        "\
from shop.cart import Cart


def test_price():
    cart = Cart()
    cart.add(10)
    assert cart.price() == 12
",
    ),
    (
        "web/price.ts",
        "/** Writes an amount as people read it. */\nexport function format(amount: number): string {\n  return amount.toFixed(2)\n}\n",
    ),
    (
        "web/view.ts",
        "import { format } from './price'\n\nexport function show(total: number): string {\n  return `Total: ${format(total)}`\n}\n",
    ),
    ("till/go.mod", "module example.org/till\n\ngo 1.22\n"),
    (
        "till/main.go",
        "package main\n\nimport \"example.org/till/drawer\"\n\nfunc main() {\n\tdrawer.Open()\n}\n",
    ),
    ("till/drawer/drawer.go", "package drawer\n\n// Open pulls the drawer.\nfunc Open() {}\n"),
    ("scale/Cargo.toml", "[package]\nname = \"scale\"\nversion = \"0.1.0\"\n"),
    ("scale/src/lib.rs", "mod gram;\n\npub fn weigh() -> u32 {\n    gram::read()\n}\n"),
    (
        "scale/src/gram.rs",
        "/// What lies on the scale, in grams.\npub fn read() -> u32 {\n    0\n}\n",
    ),
    (
        "label/src/main/java/label/Printer.java",
        "package label;\n\npublic class Printer {\n    public void print(Label label) {\n        label.render();\n    }\n}\n",
    ),
    (
        "label/src/main/java/label/Label.java",
        "package label;\n\npublic class Label {\n    public void render() {}\n}\n",
    ),
];

/// An engine, its data folder and a project.
pub(crate) struct Shop {
    /// `None` only while the engine is opened again.
    engine: Option<Engine>,
    folder: tempfile::TempDir,
    watching: Watching,
}

impl Shop {
    /// A project of six languages, not indexed yet.
    pub(crate) fn new() -> Shop {
        Shop::opened(Watching::Off)
    }

    /// The same, watched once it is indexed.
    pub(crate) fn watched() -> Shop {
        Shop::opened(Watching::On)
    }

    /// The same as [`Shop::new`], indexed.
    pub(crate) fn indexed() -> Shop {
        let shop = Shop::new();
        shop.index();
        shop
    }

    fn opened(watching: Watching) -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let mut shop = Shop { engine: None, folder, watching };
        for (path, text) in FILES {
            shop.write(path, text);
        }
        shop.reopen();
        shop
    }

    /// Ends the engine and opens another on the same data folder.
    pub(crate) fn reopen(&mut self) {
        self.reopen_after(|| {});
    }

    /// The same; does something while no engine has the data folder open.
    pub(crate) fn reopen_after(&mut self, between: impl FnOnce()) {
        self.engine = None;
        between();
        let options = EngineOptions {
            data_dir: self.data_dir(),
            watching: self.watching,
            limits: IndexLimits::default(),
            release_memory: || {},
        };
        // A process that another test starts holds a copy of the store's lock for
        // a moment, until it becomes the program that it runs.
        let opened =
            std::iter::repeat_with(|| Engine::open(options.clone())).take(200).find(|opened| {
                let is_held = opened.as_ref().is_err_and(|error| error.kind == ErrorKind::Busy);
                if is_held {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
                !is_held
            });
        self.engine = Some(opened.expect("the store's lock is free").unwrap());
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("open outside of `reopen`")
    }

    /// The project's root.
    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A folder beside the project.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub(crate) fn index(&self) -> IndexReport {
        self.index_at(&self.root())
    }

    pub(crate) fn index_at(&self, root: &Path) -> IndexReport {
        self.engine().index(&ann(), root, IndexOptions::default(), &Unheard).unwrap()
    }

    /// Runs git in the project; without any configuration but its own.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let ran = Command::new("git")
            .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
            .args(["-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }

    /// Commits all of the project.
    pub(crate) fn commit(&self, message: &str) {
        if !self.root().join(".git").exists() {
            self.git(&["init", "--quiet"]);
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// Definitions with this name, a line each.
    pub(crate) fn symbols(&self, name: &str) -> String {
        let request = SymbolRequest { name: name.into(), limit: 20 };
        match self.engine().symbol(&ann(), &self.root(), &request) {
            Ok(answer) => lines(answer.content.symbols.iter().map(|symbol| place(&symbol.place))),
            Err(error) if error.kind == ErrorKind::NotFound => String::new(),
            Err(error) => panic!("{error}"),
        }
    }

    /// Who calls this, a line each.
    pub(crate) fn callers(&self, name: &str) -> String {
        let request = CallsRequest { name: name.into(), depth: 1, limit: 20 };
        let answer = self.engine().callers(&ann(), &self.root(), &request).unwrap();
        lines(answer.content.edges.iter().map(|edge| {
            format!("{} at {}:{} ({})", edge.from.qualified, edge.path, edge.line, edge.how.name())
        }))
    }

    pub(crate) fn remember(&self, draft: &MemoryDraft) -> RecordId {
        self.engine().remember(&ann(), &self.root(), draft).unwrap().id
    }

    /// What is recalled, `status: text` a line.
    pub(crate) fn recall(&self, query: &str) -> String {
        let request =
            RecallRequest { query: query.into(), limit: 5, as_of: None, about: Vec::new() };
        memories(&self.engine().recall(&ann(), &self.root(), &request).unwrap().content)
    }

    /// Whether these bytes lie anywhere in the data folder.
    pub(crate) fn is_on_disk(&self, text: &str) -> bool {
        holds(&self.data_dir(), text)
    }
}

/// Who asks.
pub(crate) fn ann() -> Caller {
    Caller { actor: Actor::person("ann"), session: None }
}

/// A decision about something.
pub(crate) fn decision(text: &str, about: &[&str]) -> MemoryDraft {
    MemoryDraft {
        text: text.into(),
        kind: MemoryKind::Decision,
        about: about.iter().map(|name| name.to_string()).collect(),
        tags: Vec::new(),
        said_by: None,
        session: None,
        external_id: None,
        at: None,
    }
}

pub(crate) fn memories(answer: &MemoriesAnswer) -> String {
    lines(
        answer
            .memories
            .iter()
            .map(|recalled| format!("{}: {}", recalled.status.name(), recalled.memory.text)),
    )
}

pub(crate) fn place(symbol: &SymbolRef) -> String {
    format!("{} {} {}:{}", symbol.kind, symbol.qualified, symbol.path, symbol.line)
}

pub(crate) fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| line + "\n").collect()
}

/// Waits until something is so; fails after ten seconds.
pub(crate) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}: not within ten seconds");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, text);
        }
        // A file that the engine removes meanwhile holds nothing.
        fs::read(&path).is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(text))
    })
}
