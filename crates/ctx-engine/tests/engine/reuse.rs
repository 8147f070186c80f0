//! What was read once is not read again.

use std::fs;

use ctx_engine::request::{LocateRequest, SymbolRequest};

use crate::setup::{Shop, ann};

#[test]
fn nothing_changed_reuses_everything() {
    let shop = Shop::new();
    let first = shop.index();
    let second = shop.index();
    assert_eq!((first.reused_files, second.reused_files), (0, second.files));
    assert_eq!((first.symbols, first.edges), (second.symbols, second.edges));
}

#[test]
fn an_index_outlives_its_engine() {
    let mut shop = Shop::indexed();
    let before = (shop.symbols("price"), shop.callers("total"));
    shop.reopen();
    assert_eq!((shop.symbols("price"), shop.callers("total")), before);
    let report = shop.index();
    assert_eq!(report.reused_files, report.files);
}

#[test]
fn a_branch_switch_reads_only_what_differs() {
    let shop = Shop::new();
    shop.commit("Open the shop");
    shop.index();
    shop.git(&["switch", "--quiet", "--create", "sale"]);
    shop.write("shop/price.py", "def total(items):\n    return half(items)\n\n\ndef half(items):\n    return sum(items) / 2\n");
    shop.commit("Halve prices");
    let there = shop.index();
    assert_eq!((there.reused_files, there.branch.as_deref()), (there.files - 1, Some("sale")));
    assert_eq!(shop.callers("half").lines().count(), 1);

    // The way back parses nothing: the facts of both texts are kept.
    shop.git(&["switch", "--quiet", "main"]);
    let back = shop.index();
    assert_eq!((back.reused_files, back.branch.as_deref()), (back.files, Some("main")));
    assert_eq!(shop.symbols("half"), "");
    assert_eq!(shop.callers("taxed").lines().count(), 1);
}

#[test]
fn a_second_worktree_shares_the_facts_of_the_first() {
    let shop = Shop::new();
    shop.commit("Open the shop");
    shop.index();
    let second = shop.beside("second");
    let path = second.display().to_string();
    shop.git(&["worktree", "add", "--quiet", "--detach", &path]);
    fs::write(second.join("web/price.ts"), "export function round(amount: number) {}\n").unwrap();
    let report = shop.index_at(&second);
    // The changed file, and two of plain text, of which no facts are kept.
    assert_eq!(report.reused_files, report.files - 3);
    // Facts are shared, answers are not.
    let request = SymbolRequest { name: "round".into(), limit: 1 };
    let found = |root| {
        let answer = shop.engine().symbol(&ann(), root, &request);
        answer.unwrap().content.symbols.len()
    };
    assert_eq!((found(&second), found(&shop.root())), (1, 0));
}

#[test]
fn a_file_that_goes_takes_its_symbols_and_edges_along() {
    let shop = Shop::indexed();
    fs::remove_file(shop.root().join("shop/cart.py")).unwrap();
    let report = shop.index();
    assert_eq!(report.reused_files, report.files);
    assert_eq!((shop.symbols("Cart"), shop.callers("total")), (String::new(), String::new()));
    // A reader that is back binds again.
    shop.write(
        "shop/cart.py",
        "from shop.price import total\n\n\ndef pay():\n    return total([])\n",
    );
    shop.index();
    assert_eq!(shop.callers("total").lines().count(), 1);
}

#[test]
fn past_commits_lead_to_the_files_they_touched() {
    let shop = Shop::new();
    shop.commit("Open the shop");
    shop.write("scale/src/gram.rs", "pub fn read() -> u32 {\n    1\n}\n");
    shop.commit("Stop the pendulum from wobbling");
    shop.index();
    let request = LocateRequest { query: "the pendulum wobbles".into(), limit: 1 };
    let answer = shop.engine().locate(&ann(), &shop.root(), &request).unwrap().content;
    assert_eq!(answer.files[0].path, "scale/src/gram.rs");
}
