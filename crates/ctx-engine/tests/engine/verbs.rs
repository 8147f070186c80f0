//! Each verb's answer about the small shop.

use std::fs;
use std::ops::ControlFlow;

use ctx_engine::ErrorKind;
use ctx_engine::answer::GraphTarget;
use ctx_engine::request::{
    CallsRequest, GraphExportRequest, ImpactRequest, ImpactSubject, LocateRequest, MapRequest,
    NamesRequest, RecallRequest, SealSecret, SearchRequest, SymbolRequest,
};
use ctx_model::edge::EdgeKind;
use expect_test::{Expect, expect};

use crate::setup::{Shop, ann, decision, lines, place};

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
fn a_name_is_completed_as_it_is_typed() {
    let shop = Shop::indexed();
    let names = |typed: &str, limit| {
        let request = NamesRequest { typed: typed.into(), limit };
        let answer = shop.engine().names(&ann(), &shop.root(), &request).unwrap();
        format!("{} of {}", answer.content.names.join(" "), answer.content.total)
    };
    assert_eq!(names("pri", 1), "price of 3");
    assert_eq!(names(" Cart.p ", 10), "Cart.price of 1");
    assert_eq!(names("gram::", 10), "gram::read of 1");
    assert_eq!(names("nothing", 10), " of 0");
    let unindexed = Shop::new();
    let request = NamesRequest { typed: "pri".into(), limit: 10 };
    assert!(unindexed.engine().names(&ann(), &unindexed.root(), &request).is_err());
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

#[test]
fn projects_tells_what_is_stored_of_those_that_are_not_open() {
    let mut shop = Shop::indexed();
    shop.remember(&decision("Carts are never shared.", &[]));
    let empty = shop.beside("empty");
    fs::create_dir(&empty).unwrap();
    shop.engine().remember(&ann(), &empty, &decision("Paint it green.", &[])).unwrap();
    // A file that is gone leaves its number, but is none.
    fs::remove_file(shop.root().join("web/view.ts")).unwrap();
    shop.index();
    let listed = |shop: &Shop| {
        let mut projects = shop.engine().projects(&ann()).unwrap();
        projects.sort_by(|a, b| b.root.cmp(&a.root));
        lines(projects.iter().map(|project| {
            format!(
                "{} {:?} files, {} records, indexed: {}, open: {}",
                project.root.as_deref().and_then(|root| root.file_name()).unwrap().display(),
                project.files.unwrap(),
                project.records,
                project.indexed_at.is_some(),
                project.open
            )
        }))
    };
    check(
        &listed(&shop),
        &expect![[r#"
        project 13 files, 1 records, indexed: true, open: true
        empty 0 files, 1 records, indexed: false, open: true
    "#]],
    );
    shop.reopen();
    check(
        &listed(&shop),
        &expect![[r#"
        project 13 files, 1 records, indexed: true, open: false
        empty 0 files, 1 records, indexed: false, open: false
    "#]],
    );
    shop.engine().seal_project(&ann(), &shop.root(), &SealSecret::Key([7; 32])).unwrap();
    shop.reopen();
    let projects = shop.engine().projects(&ann()).unwrap();
    let locked = projects.iter().find(|project| project.root.is_none()).unwrap();
    assert_eq!((locked.files, locked.indexed_at), (None, None));
    assert_eq!(locked.records, 2);
}

#[test]
fn what_of_a_question_means_nothing_is_told() {
    let shop = Shop::indexed();
    let search = |path: &str| {
        let request =
            SearchRequest { query: "total".into(), limit: 1, kind: None, path: Some(path.into()) };
        let answer = shop.engine().search(&ann(), &shop.root(), &request).unwrap().content;
        assert_eq!(answer.hits.is_empty(), !answer.notes.is_empty());
        lines(answer.notes.into_iter())
    };
    let map = |focus: &str| {
        let request = MapRequest { tokens: 60, focus: vec![focus.into()] };
        let answer = shop.engine().map(&ann(), &shop.root(), &request).unwrap().content;
        let first = answer.files.first().map(|file| file.path.clone());
        lines(first.into_iter().chain(answer.notes))
    };
    let about = |name: &str| {
        let request = RecallRequest {
            query: "carts".into(),
            limit: 5,
            as_of: None,
            about: vec![name.into()],
        };
        let answer = shop.engine().recall(&ann(), &shop.root(), &request).unwrap().content;
        let texts = answer.memories.iter().map(|recalled| recalled.memory.text.clone());
        lines(texts.chain(answer.notes))
    };
    let remember = |text: &str, name: &str| {
        let remembered =
            shop.engine().remember(&ann(), &shop.root(), &decision(text, &[name])).unwrap();
        lines(remembered.notes.into_iter())
    };
    let told = [
        search("shop/*"),
        search("shop"),
        search("shp/*.py"),
        search("shop/prize.py"),
        search("**/*.zig"),
        map("till/main.go"),
        map("./till/"),
        map("Printer"),
        map("Pinter"),
        remember("Carts are never shared.", "shop.cart.Crat"),
        remember("Carts are counted.", "shop/"),
        remember("Carts are red.", "Cart"),
        about("shop.cart.Crat"),
        about("shop"),
        about("shop/cart.py"),
        about("shop/crat.py"),
    ];
    check(
        &told.join("--\n"),
        &expect![[r#"
            --
            no file of the project matches `shop`; did you mean `shop/**`?
            --
            no file of the project matches `shp/*.py`; did you mean `shop/*.py`?
            --
            no file of the project matches `shop/prize.py`; did you mean `shop/price.py`?
            --
            no file of the project matches `**/*.zig`
            --
            till/main.go
            --
            till/drawer/drawer.go
            --
            label/src/main/java/label/Printer.java
            --
            shop/price.py
            the project has no path or symbol called `Pinter`; did you mean `Printer`?
            --
            the project has no path or symbol called `shop.cart.Crat`, which is kept as it was said; did you mean `shop.cart.Cart`?
            --
            --
            --
            Carts are never shared.
            --
            Carts are red.
            Carts are never shared.
            Carts are counted.
            --
            Carts are red.
            --
            no memory speaks of `shop/crat.py`, nor is a path or symbol of the project called so; did you mean `shop/cart.py`?
        "#]],
    );
}

#[test]
fn calls_of_an_overridden_method_are_not_taken_for_none() {
    let shop = Shop::new();
    shop.write(
        "jobs.py",
        "class Job:\n    def run(self):\n        pass\n\n\nclass Mail(Job):\n    def run(self):\n        \
         pass\n\n\nclass Letter(Mail):\n    def run(self):\n        pass\n\n\ndef work(job: Job):\n    \
         job.run()\n",
    );
    shop.index();
    let asked = |name: &str| {
        let request = CallsRequest { name: name.into(), depth: 1, limit: 10 };
        let answer = shop.engine().callers(&ann(), &shop.root(), &request).unwrap().content;
        (answer.edges.len(), answer.overridden_calls, answer.complete)
    };
    assert_eq!(asked("jobs.Job.run"), (1, 0, true));
    assert_eq!(asked("jobs.Mail.run"), (0, 1, false));
    assert_eq!(asked("jobs.Letter.run"), (0, 1, false));
    assert_eq!(asked("run"), (1, 0, true), "the overridden one is among them");
    let subject = ImpactSubject::Names(vec!["jobs.Letter.run".into()]);
    let request = ImpactRequest { subject, depth: 3, limit: 10 };
    let impact = shop.engine().impact(&ann(), &shop.root(), &request).unwrap();
    assert!(!impact.content.complete);
}
