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
    let (met, _) = question::walk(&graph, &subjects, &question::CALLS, direction, depth, 100);
    let mut out = String::new();
    for step in met {
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
        let callers = callers.0.into_iter().map(|met| printed(&graph, met.edge.from));
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

#[test]
fn tests_are_told_by_path_and_name() {
    let graph = graph();
    assert!(question::is_test(&graph, named(&graph, "test_run")[0]));
    assert!(!question::is_test(&graph, named(&graph, "main")[0]));
}
