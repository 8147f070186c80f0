//! Each verb's answer about the small shop.

use std::ops::ControlFlow;

use ctx_engine::ErrorKind;
use ctx_engine::answer::GraphTarget;
use ctx_engine::request::{
    CallsRequest, GraphExportRequest, ImpactRequest, ImpactSubject, LocateRequest, MapRequest,
    SearchRequest, SymbolRequest,
};
use ctx_model::edge::EdgeKind;
use expect_test::{Expect, expect};

use crate::setup::{Shop, ann, lines, place};

fn check(found: &str, expected: &Expect) {
    expected.assert_eq(found);
}

#[test]
fn index_counts_what_it_read() {
    let report = Shop::new().index();
    let languages = report.languages.iter();
    let mut found =
        lines(languages.map(|(name, counts)| format!("{name} {} {}", counts.files, counts.lines)));
    found += &format!("{} symbols, {} files reused\n", report.symbols, report.reused_files);
    check(
        &found,
        &expect![[r#"
        go 2 11
        java 2 12
        python 4 30
        rust 2 9
        text 2 6
        typescript 2 9
        18 symbols, 0 files reused
    "#]],
    );
}

#[test]
fn symbol_finds_definitions_by_bare_name_qualified_name_and_place() {
    let shop = Shop::indexed();
    check(
        &shop.symbols("price"),
        &expect![[r#"
        method shop.cart.Cart.price shop/cart.py:15
    "#]],
    );
    check(
        &shop.symbols("Cart.price"),
        &expect![[r#"
        method shop.cart.Cart.price shop/cart.py:15
    "#]],
    );
    check(
        &shop.symbols("shop/cart.py:16"),
        &expect![[r#"
        method shop.cart.Cart.price shop/cart.py:15
    "#]],
    );
    let request = SymbolRequest { name: "shop.price.total".into(), limit: 1 };
    let answer = shop.engine().symbol(&ann(), &shop.root(), &request).unwrap();
    let total = &answer.content.symbols[0];
    check(
        &format!("{}\n{}\n", total.signature, total.doc.as_deref().unwrap_or("")),
        &expect![[r#"
        def total(items)
        Sum of all items, tax included.
    "#]],
    );
}

#[test]
fn callers_say_how_each_is_known_in_every_language() {
    let shop = Shop::indexed();
    let asked = ["shop.price.total", "Cart.price", "format", "drawer.Open", "gram::read", "render"];
    let found = lines(asked.iter().map(|name| format!("{name}:\n{}", shop.callers(name))));
    check(
        &found,
        &expect![[r#"
        shop.price.total:
        shop.cart.Cart.price at shop/cart.py:16 (import)

        Cart.price:
        tests.test_cart.test_price at tests/test_cart.py:7 (inferred)

        format:
        web/view.show at web/view.ts:4 (import)

        drawer.Open:
        example.org/till.main at till/main.go:6 (import)

        gram::read:
        scale::weigh at scale/src/lib.rs:4 (scope)

        render:
        label.Printer.print at label/src/main/java/label/Printer.java:5 (receiver-type)

    "#]],
    );
}

#[test]
fn callees_go_as_deep_as_asked() {
    let shop = Shop::indexed();
    let request = CallsRequest { name: "test_price".into(), depth: 3, limit: 20 };
    let answer = shop.engine().callees(&ann(), &shop.root(), &request).unwrap();
    let edges = answer.content.edges.iter();
    let found = lines(edges.map(|edge| format!("{} {}", edge.depth, edge.to.qualified)));
    check(
        &found,
        &expect![[r#"
        1 shop.cart.Cart
        1 shop.cart.Cart.__init__
        1 shop.cart.Cart.add
        1 shop.cart.Cart.price
        2 shop.price.total
        3 shop.price.taxed
    "#]],
    );
    assert!(answer.content.complete);
}

#[test]
fn callees_count_what_a_function_calls_without_a_known_target() {
    let shop = Shop::new();
    shop.write(
        "shop/till.py",
        "\
from shop.price import total


def pay(cart, then):
    total(cart)
    then(1)
    return [item.weigh() for item in cart]


def close(cart):
    pay(cart, lambda paid: paid.book())
",
    );
    shop.index();
    let callees = |name: &str, depth: u32| {
        let request = CallsRequest { name: name.into(), depth, limit: 20 };
        let answer = shop.engine().callees(&ann(), &shop.root(), &request).unwrap().content;
        let unresolved = answer.unresolved_calls.unwrap();
        let sites = unresolved.sites.iter();
        let told = lines(sites.map(|site| format!("{} at {}:{}", site.name, site.path, site.line)));
        format!("{} unknown, complete: {}\n{told}", unresolved.total, answer.complete)
    };
    check(
        &callees("pay", 1),
        &expect![[r#"
            2 unknown, complete: false
            then at shop/till.py:6
            item.weigh at shop/till.py:7
        "#]],
    );
    check(
        &callees("till.close", 2),
        &expect![[r#"
            3 unknown, complete: false
            then at shop/till.py:6
            item.weigh at shop/till.py:7
            paid.book at shop/till.py:11
        "#]],
    );
    check(
        &callees("shop.price.taxed", 1),
        &expect![[r#"
        0 unknown, complete: true
    "#]],
    );
    let request = CallsRequest { name: "pay".into(), depth: 1, limit: 20 };
    let callers = shop.engine().callers(&ann(), &shop.root(), &request).unwrap().content;
    assert!(callers.complete && callers.unresolved_calls.is_none());
}

#[test]
fn impact_leads_to_symbols_files_and_tests() {
    let shop = Shop::indexed();
    let subject = ImpactSubject::Names(vec!["shop.price.taxed".into(), "nowhere".into()]);
    let request = ImpactRequest { subject, depth: 5, limit: 20 };
    let answer = shop.engine().impact(&ann(), &shop.root(), &request).unwrap().content;
    let mut found = lines(answer.changed.iter().map(|symbol| format!("changes {}", place(symbol))));
    found += &lines(answer.symbols.iter().map(|affected| {
        let via: Vec<_> = affected.via.iter().map(|step| step.to.as_str()).collect();
        format!("touches {} via {}", affected.symbol.qualified, via.join(" > "))
    }));
    found += &lines(answer.files.iter().map(|file| format!("in {}", file.path)));
    found += &lines(answer.tests.iter().map(|test| format!("test {}", test.symbol.qualified)));
    found += &lines(answer.not_found.iter().map(|name| format!("not found {name}")));
    check(
        &found,
        &expect![[r#"
        changes function shop.price.taxed shop/price.py:6
        touches shop.price.total via shop.price.taxed
        touches shop.cart.Cart.price via shop.price.total > shop.price.taxed
        in shop/cart.py
        in tests/test_cart.py
        test tests.test_cart.test_price
        not found `nowhere`
    "#]],
    );
}

#[test]
fn impact_reads_a_patch() {
    let shop = Shop::indexed();
    let patch = "--- a/web/price.ts\n+++ b/web/price.ts\n@@ -2,3 +2,3 @@\n export function format(amount: number): string {\n-  return amount.toFixed(2)\n+  return amount.toFixed(3)\n }\n";
    let request =
        ImpactRequest { subject: ImpactSubject::Patch(patch.into()), depth: 2, limit: 20 };
    let answer = shop.engine().impact(&ann(), &shop.root(), &request).unwrap().content;
    let mut found = lines(answer.changed.iter().map(place));
    found += &lines(answer.symbols.iter().map(|affected| place(&affected.symbol)));
    check(
        &found,
        &expect![[r#"
        function web/price.format web/price.ts:2
        function web/view.show web/view.ts:3
    "#]],
    );
}

#[test]
fn search_and_locate_find_by_words() {
    let shop = Shop::indexed();
    let request = SearchRequest { query: "taxed".into(), limit: 2, kind: None, path: None };
    let answer = shop.engine().search(&ann(), &shop.root(), &request).unwrap().content;
    let hits = answer.hits.iter();
    let found = lines(hits.map(|hit| format!("{} {}:{}", hit.kind, hit.path, hit.line)));
    check(
        &found,
        &expect![[r#"
            function shop/price.py:6
        "#]],
    );

    let query = "The drawer stays closed when the till wants to open it".to_string();
    let request = LocateRequest { query, limit: 2 };
    let answer = shop.engine().locate(&ann(), &shop.root(), &request).unwrap().content;
    check(
        &lines(answer.files.iter().map(|file| file.path.clone())),
        &expect![[r#"
        till/drawer/drawer.go
        till/main.go
    "#]],
    );
}

#[test]
fn search_keeps_to_a_glob_and_a_kind() {
    let shop = Shop::indexed();
    let search = |kind: Option<&str>, path: Option<&str>| {
        let request = SearchRequest {
            query: "price".into(),
            limit: 10,
            kind: kind.map(str::to_string),
            path: path.map(str::to_string),
        };
        let answer = shop.engine().search(&ann(), &shop.root(), &request).unwrap().content;
        let mut paths: Vec<String> = answer.hits.into_iter().map(|hit| hit.path).collect();
        paths.sort();
        paths.dedup();
        paths.join(" ")
    };
    check(&search(None, Some("web/**")), &expect!["web/price.ts web/view.ts"]);
    check(&search(Some("method"), None), &expect!["shop/cart.py"]);
}

#[test]
fn the_map_shows_the_most_central_first_within_its_budget() {
    let shop = Shop::indexed();
    let request = MapRequest { tokens: 120, focus: Vec::new() };
    let answer = shop.engine().map(&ann(), &shop.root(), &request).unwrap().content;
    assert!(answer.tokens <= 120, "{}", answer.tokens);
    check(
        &answer.text,
        &expect![[r#"
        shop/price.py
             1  def total(items)
             6  def taxed(amount)
        label/src/main/java/label/Label.java
             3  public class Label
             4    public void render()
        scale/src/gram.rs
             2  pub fn read() -> u32
        shop/cart.py
             6  class Cart
             9    def __init__(self)
            12    def add(self, item)
            15    def price(self)
        till/drawer/drawer.go
             4  func Open()
    "#]],
    );
}

#[test]
fn export_writes_every_edge_of_a_kind() {
    let shop = Shop::indexed();
    let mut rows = Vec::new();
    let request = GraphExportRequest { kinds: vec![EdgeKind::Imports] };
    let done = shop.engine().graph_export(&ann(), &shop.root(), &request, &mut |row| {
        let to = match row.to {
            GraphTarget::Node(node) => node.qualified,
            GraphTarget::External(name) => format!("external {name}"),
        };
        rows.push(format!("{} -> {to}", row.from.qualified));
        ControlFlow::Continue(())
    });
    assert_eq!(done.unwrap().content.edges, rows.len() as u64);
    rows.sort();
    check(
        &lines(rows.into_iter()),
        &expect![[r#"
        scale -> scale::gram
        shop.cart -> shop.price
        tests.test_cart -> shop.cart
        web/view -> web/price
    "#]],
    );
}

#[test]
fn a_project_that_was_never_indexed_is_an_error_with_a_hint() {
    let shop = Shop::new();
    let request = SymbolRequest { name: "Cart".into(), limit: 1 };
    let error = shop.engine().symbol(&ann(), &shop.root(), &request).unwrap_err();
    assert_eq!(error.kind, ErrorKind::UnusableProject);
    assert_eq!(error.hint.as_deref(), Some("run `codecontext index` in it first"));
}
