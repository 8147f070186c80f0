//! Questions to the graph.

use ctx_graph::question::{self, Direction};
use ctx_graph::{CodeGraph, SymbolRef};
use expect_test::{Expect, expect};

use crate::fixture::{Project, files, printed};

const SHOP: &str = "
-- shop.py --
class Door:
    def lock(self): pass
class Shop:
    @property
    def door(self) -> Door: ...
    def close(self):
        self.door.lock()
-- app.py --
from shop import Shop
def run(shop: Shop):
    shop.close()
    shop.unknown.lock()
def main():
    run(Shop())
-- test_app.py --
from app import run
def test_run():
    run(None)
";

fn graph() -> CodeGraph {
    Project::new(files(SHOP)).graph()
}

fn named(graph: &CodeGraph, name: &str) -> Vec<SymbolRef> {
    question::symbols_named(graph, name)
}

fn met(name: &str, direction: Direction, depth: u32, expected: Expect) {
    let graph = graph();
    let subjects = named(&graph, name);
    let walked = question::walk(&graph, &subjects, &question::CALLS, direction, depth, 100);
    let mut out = String::new();
    for step in walked.met {
        let (from, to) = (printed(&graph, step.edge.from), printed(&graph, step.edge.to));
        out.push_str(&format!("{} {from} -> {to}\n", step.depth));
    }
    expected.assert_eq(&out);
}

#[test]
fn a_symbol_is_found_by_name_qualified_name_or_place() {
    let graph = graph();
    let found = |name: &str| -> Vec<String> {
        named(&graph, name).into_iter().map(|symbol| printed(&graph, symbol)).collect()
    };
    assert_eq!(found("lock"), ["shop.Door.lock"]);
    assert_eq!(found("Shop.close"), ["shop.Shop.close"]);
    assert_eq!(found("Shop#close"), ["shop.Shop.close"]);
    assert_eq!(found("app.py:3"), ["app.run"]);
    assert_eq!(found("op.close"), [""; 0]);
}

#[test]
fn a_symbol_is_found_under_the_name_that_a_module_offers_it_by() {
    let found = |text: &str, name: &str| {
        let graph = Project::new(files(text)).graph();
        let symbols = named(&graph, name);
        symbols.into_iter().map(|symbol| printed(&graph, symbol)).collect::<Vec<_>>().join(" ")
    };
    let flask = "
-- flask/__init__.py --
from .app import Flask
-- flask/app.py --
class Flask: pass
";
    assert_eq!(found(flask, "flask.Flask"), "flask.app.Flask");
    assert_eq!(found(flask, "flask.Glass"), "");
    let tokio = r#"
-- Cargo.toml --
[package]
name = "tokio"
-- src/lib.rs --
pub mod sync;
pub use sync::Mutex;
-- src/sync/mod.rs --
mod mutex;
pub use mutex::Mutex;
-- src/sync/mutex.rs --
pub struct Mutex;
"#;
    assert_eq!(found(tokio, "crate::sync::Mutex"), "tokio::sync::mutex::Mutex");
    assert_eq!(found(tokio, "tokio::Mutex"), "tokio::sync::mutex::Mutex");
    assert_eq!(found(tokio, "crate::Mutex"), "tokio::sync::mutex::Mutex");
}

#[test]
fn callers_are_met_nearest_first() {
    met(
        "lock",
        Direction::Inwards,
        3,
        expect![[r#"
        1 shop.Shop.close -> shop.Door.lock
        2 app.run -> shop.Shop.close
        3 app.main -> app.run
        3 test_app.test_run -> app.run
    "#]],
    );
}

#[test]
fn the_order_of_answers_does_not_depend_on_which_file_was_read_first() {
    let text = "
-- b.py --
def same(): pass
-- a.py --
def same(): pass
-- d.py --
from a import same
def second(): same()
-- c.py --
from a import same
def first(): same()
";
    let answers = |files: Vec<(&'static str, &'static str)>| {
        let graph = Project::new(files).graph();
        let subjects = named(&graph, "same");
        let callers = question::walk(&graph, &subjects, &question::CALLS, Direction::Inwards, 1, 9);
        let callers = callers.met.into_iter().map(|met| printed(&graph, met.edge.from));
        let subjects = subjects.iter().map(|symbol| printed(&graph, *symbol));
        subjects.chain(callers).collect::<Vec<_>>()
    };
    let mut reversed = files(text);
    reversed.reverse();
    assert_eq!(answers(files(text)), ["a.same", "b.same", "c.first", "d.second"]);
    assert_eq!(answers(reversed), answers(files(text)));
}

#[test]
fn a_read_of_a_property_is_a_call_of_it() {
    met(
        "Shop.door",
        Direction::Inwards,
        1,
        expect![[r#"
        1 shop.Shop.close -> shop.Shop.door
    "#]],
    );
}

#[test]
fn callees_are_met_outwards() {
    met(
        "main",
        Direction::Outwards,
        2,
        expect![[r#"
        1 app.main -> app.run
        1 app.main -> shop.Shop
        2 app.run -> shop.Shop.close
    "#]],
    );
}

#[test]
fn a_change_of_a_type_is_felt_by_users_of_its_members() {
    let graph = graph();
    let impact = question::impact(&graph, &named(&graph, "Door"), 4, 10);
    let felt: Vec<String> =
        impact.symbols.iter().map(|(symbol, _)| printed(&graph, *symbol)).collect();
    expect![[r#"
        shop.Shop
        shop.Shop.close
        app.py
        app.run
        app.main
        test_app.py
        test_app.test_run"#]]
    .assert_eq(&felt.join("\n"));
}

#[test]
fn sites_that_no_rule_binds_are_counted_by_name() {
    let graph = graph();
    assert_eq!(question::unresolved_named(&graph, "lock"), 1);
    assert_eq!(question::unresolved_named(&graph, "close"), 0);
}

/// Calls in a function and its lambdas of which no rule tells what they run.
fn unknown_calls(text: &str, name: &str, expected: Expect) {
    let project = Project::new(files(text));
    let graph = project.graph();
    let functions = question::with_lambdas(&graph, &named(&graph, name));
    let mut out = String::new();
    for (around, called) in question::unknown_calls(&graph, &functions) {
        let unit = project.unit(around.file);
        let line = unit.facts.expressions[called as usize].at.line;
        out.push_str(&format!(
            "{} calls {} @{line}\n",
            printed(&graph, around),
            unit.called(called)
        ));
    }
    expected.assert_eq(&out);
}

#[test]
fn what_python_calls_without_a_rule() {
    unknown_calls(
        r#"
-- app.py --
import os
from logging import getLogger
log = getLogger(__name__)
class Shop:
    def __init__(self, hook, size: int):
        self.hook = hook
        self.find = os.environ.get
    def close(self, door, on_close, *rest):
        door.lock()
        on_close()
        self.hook(1)
        self.find("x")
        self.known()
        [step for step in rest][0]()
        getattr(self, "known")()
        (lambda x: x.go())(door)
        make()()
        os.path.join("a")(1)
        log("x")
        print(len(rest), Shop(on_close, 1))
        missing()
        for step in rest:
            step()
        str.join
    def known(self): pass
def make():
    return Shop.known
"#,
        "Shop.close",
        expect![[r#"
            app.Shop.close calls door.lock @9
            app.Shop.close calls on_close @10
            app.Shop.close calls self.hook @11
            app.Shop.close calls …[…] @14
            app.Shop.close calls getattr(…) @15
            app.Shop.close.<lambda1> calls x.go @16
            app.Shop.close calls missing @21
            app.Shop.close calls step @23
        "#]],
    );
}

#[test]
fn what_javascript_calls_without_a_rule() {
    unknown_calls(
        r#"
-- app.js --
const debug = require('debug')('app');
const { help } = require('./tools');
function run(callback, item) {
  debug('x');
  help();
  callback();
  item.go().then(() => callback());
  (function () { item.stop(); })();
  handlers[item]();
  import('./tools');
  [1].map(callback);
  setTimeout(() => {}, 1);
  new item.Kind();
}
const handlers = { a() {} };
-- tools.js --
exports.help = function () {};
"#,
        "run",
        expect![[r#"
            app.run calls callback @6
            app.run calls item.go @7
            app.run calls item.go(…).then @7
            app.run.<lambda1> calls callback @7
            app.run.<lambda2> calls item.stop @8
            app.run calls handlers[…] @9
            app.run calls item.Kind @13
        "#]],
    );
}

#[test]
fn what_other_languages_call_without_a_rule() {
    unknown_calls(
        r#"
-- src/lib.rs --
struct Shop { hook: Box<dyn Fn()>, kind: Kind }
enum Kind { Round(u32) }
struct Wrapper(u32);
impl Shop {
    fn close<T: Clone>(&self, value: T, f: impl Fn()) {
        f();
        (self.hook)();
        value.clone();
        value.gone();
        Kind::Round(1);
        Wrapper(1);
        println!("x");
        vec![1].len();
        elsewhere();
    }
}
"#,
        "close",
        expect![[r#"
            crate::Shop::close calls f @6
            crate::Shop::close calls self.hook @7
            crate::Shop::close calls elsewhere @14
        "#]],
    );
    unknown_calls(
        r#"
-- go.mod --
module example.com/app
-- app.go --
package app

import "fmt"

type Kind int

type Shop struct{ hook func() }

func (s *Shop) Close(f func(), x any) {
	f()
	s.hook()
	fmt.Println(Kind(1), []byte("x"), len("x"))
	func() { f() }()
	x.(Door).Lock()
	missing()
}
"#,
        "Close",
        expect![[r#"
            example.com/app.Shop.Close calls f @10
            example.com/app.Shop.Close calls s.hook @11
            example.com/app.Shop.Close.<lambda1> calls f @13
            example.com/app.Shop.Close calls Door.Lock @14
            example.com/app.Shop.Close calls missing @15
        "#]],
    );
    unknown_calls(
        r#"
-- A.java --
record Point(int x) {}
class A {
  void close(Unseen u, Point p, Runnable r) {
    u.go();
    p.x();
    p.toString();
    r.run();
    new Unseen();
    new Point(1);
    missing();
    close(u, p, r);
  }
}
"#,
        "A.close",
        expect![[r#"
            A.close calls u.go @4
            A.close calls Unseen @8
            A.close calls missing @10
        "#]],
    );
}

#[test]
fn tests_are_told_by_path_and_name() {
    let graph = graph();
    assert!(question::is_test(&graph, named(&graph, "test_run")[0]));
    assert!(!question::is_test(&graph, named(&graph, "main")[0]));
}
