//! Binding again only what a change can reach gives the graph of a fresh build.

use std::sync::Arc;

use ctx_graph::{CodeGraph, FileNode, FileNumber};

use crate::fixture::{Project, edges};

/// Each file of a project with the texts that it may have.
type Variants = &'static [(&'static str, &'static [&'static str])];

const PYTHON: Variants = &[
    (
        "shop.py",
        &[
            "class Shop:\n    def open(self): pass\n",
            "class Base:\n    def open(self): pass\nclass Shop(Base): pass\n",
            "from base import Base as Shop\n",
            "",
        ],
    ),
    (
        "base.py",
        &[
            "class Base:\n    def open(self): pass\n    def shut(self): pass\n",
            "\n\nclass Base:\n    def shut(self): pass\n",
            "from shop import Shop as Base\n",
        ],
    ),
    (
        "api.py",
        &[
            "from shop import Shop\nfrom base import *\n",
            "from shop import *\n",
            "def make(): return Shop()\nfrom shop import Shop\n",
            "import base\ndef make(): return base.Base()\n",
        ],
    ),
    (
        "app.py",
        &[
            "from api import *\nimport api\ndef run():\n    Shop().open()\n    api.make().shut()\n",
            "from api import Shop\nclass Mine(Shop):\n    def go(self): self.open(); self.shut()\n",
            "from api import make\nmake().open()\n",
        ],
    ),
    (
        "late.py",
        &["from app import run\nrun()\n", "from app import Mine\nMine().go()\nMine().shut()\n"],
    ),
];

const RUST: Variants = &[
    (
        "src/lib.rs",
        &[
            "mod a; mod b; mod c; pub struct Shop;\n",
            "mod a; mod b; mod c; pub use a::Shop;\n",
            "mod a; mod b; mod c; macro_rules! shout { () => {} }\n",
        ],
    ),
    (
        "src/a.rs",
        &[
            "pub struct Shop;\nimpl Shop { pub fn open(&self) {} }\n",
            "use crate::Shop;\nimpl Shop { pub fn open(&self) -> crate::b::Door { todo!() } }\n",
            "pub trait Open { fn open(&self); }\nimpl Open for crate::Shop { fn open(&self) {} }\nmacro_rules! shout { () => {} }\n",
            "",
        ],
    ),
    (
        "src/b.rs",
        &[
            "pub struct Door;\nimpl Door { pub fn lock(&self) {} }\n",
            "pub struct Door;\nimpl crate::Shop { pub fn open(&self) {} pub fn close(&self) {} }\n",
            "pub use crate::a::Shop as Door;\n",
        ],
    ),
    (
        "src/c.rs",
        &[
            "use crate::Shop;\nfn go(shop: Shop) { shop.open().lock(); shop.close(); shout!(); }\n",
            "use crate::b::Door;\nfn go(door: Door) { door.lock(); door.open(); }\n",
        ],
    ),
];

const OTHERS: Variants = &[
    (
        "a.ts",
        &[
            "export interface Shop { open(): Door }\nexport interface Door { lock(): void }\n",
            "export * from './b';\n",
            "export { Door, Door as Shop } from './b';\n",
        ],
    ),
    (
        "b.ts",
        &[
            "export class Door { lock() {} open() {} }\n",
            "export class Shop { open() { return new Door(); } }\nexport class Door { lock() {} }\n",
        ],
    ),
    ("c.ts", &["import { Shop } from './a';\nfunction f(shop: Shop) { shop.open().lock(); }\n"]),
    (
        "go/a.go",
        &[
            "package a\n\ntype Shop struct{}\n",
            "package a\n\ntype Shop struct{ Door }\n\ntype Door struct{}\n",
            "package a\n\nfunc (s *Shop) Open() {}\n",
            "package b\n",
        ],
    ),
    (
        "go/b.go",
        &[
            "package a\n\nfunc (s *Shop) Open() {}\n\nfunc (d Door) Lock() {}\n",
            "package a\n\ntype Shop struct{}\n",
            "package a\n",
        ],
    ),
    ("go/c.go", &["package a\n\nfunc use(s *Shop) { s.Open(); s.Lock() }\n"]),
    (
        "A.java",
        &[
            "class A { void f(int a) {} void f(int a, int b) {} }\n",
            "class A extends B { void f() {} }\n",
            "class A { A g() { return this; } int f; }\n",
        ],
    ),
    ("B.java", &["class B { void f(String... s) {} B g() { return null; } }\n", "class B {}\n"]),
    ("C.java", &["class C { void t(A a) { a.f(1); a.f(1, 2); a.g().f(); new A().f(); } }\n"]),
];

#[test]
fn python_edits_give_the_graph_of_a_fresh_build() {
    random_edits(PYTHON, 400);
}

#[test]
fn rust_edits_give_the_graph_of_a_fresh_build() {
    random_edits(RUST, 400);
}

#[test]
fn edits_of_other_languages_give_the_graph_of_a_fresh_build() {
    random_edits(OTHERS, 400);
}

fn random_edits(variants: Variants, rounds: u32) {
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    let mut chosen = vec![0; variants.len()];
    let mut graph = project(variants, &chosen).graph();
    for round in 0..rounds {
        let mut changed = Vec::new();
        for _ in 0..=next(2) {
            let file = next(variants.len());
            chosen[file] = next(variants[file].1.len());
            changed.push(file as FileNumber);
        }
        changed.sort_unstable();
        changed.dedup();
        let project = project(variants, &chosen);
        graph = updated(&project, &graph, changed);
        let fresh = project.graph();
        assert_eq!(edges(&graph), edges(&fresh), "round {round}, {chosen:?}");
        for (file, node) in fresh.files() {
            let kept = graph.node(file).expect("every file has a node");
            assert_eq!((kept.counts, &kept.unresolved), (node.counts, &node.unresolved));
        }
    }
}

fn project(variants: Variants, chosen: &[usize]) -> Project {
    Project::new(variants.iter().zip(chosen).map(|((path, texts), text)| (*path, texts[*text])))
}

/// The graph after a change of some files: they are bound, then those that
/// what they show to others reaches, until nothing new is reached.
fn updated(project: &Project, before: &CodeGraph, changed: Vec<FileNumber>) -> CodeGraph {
    let mut graph = before.with([]);
    let mut wave = changed;
    while !wave.is_empty() {
        let nodes = project.bind(&graph, &wave);
        let after = graph.with(nodes.iter().map(|(file, node)| (*file, Some(Arc::clone(node)))));
        wave = graph.reached_by(&after, &shown(&graph, &nodes));
        graph = after;
    }
    graph
}

/// Those of some new nodes that show something else to others than before.
fn shown(before: &CodeGraph, nodes: &[(FileNumber, Arc<FileNode>)]) -> Vec<FileNumber> {
    let differs = |(file, node): &&(FileNumber, Arc<FileNode>)| {
        before.node(*file).is_none_or(|old| old.shows_others(node))
    };
    nodes.iter().filter(differs).map(|(file, _)| *file).collect()
}
