//! A watched project answers with what is on the disk.

use std::fs;
use std::process::Command;

use crate::setup::{Shop, ann, eventually};

#[test]
fn a_saved_file_answers_with_its_new_symbol_and_edges() {
    let shop = Shop::watched();
    shop.index();
    assert!(shop.engine().status(&ann(), &shop.root()).unwrap().content.watching);
    shop.write(
        "shop/refund.py",
        "from shop.price import total\n\n\ndef refund(items):\n    return -total(items)\n",
    );
    eventually("the new symbol answers", || !shop.symbols("refund").is_empty());
    assert!(shop.callers("total").contains("shop.refund.refund"));
    fs::remove_file(shop.root().join("shop/refund.py")).unwrap();
    eventually("the symbol is gone", || shop.symbols("refund").is_empty());
    assert!(!shop.callers("total").contains("refund"));
}

#[test]
fn what_changed_while_nobody_watched_is_caught_up_with() {
    let mut shop = Shop::watched();
    shop.index();
    shop.engine().shut_down();
    shop.write("shop/refund.py", "def refund():\n    pass\n");
    shop.reopen();
    eventually("the new symbol answers", || !shop.symbols("refund").is_empty());
}

#[test]
fn without_a_watch_answers_name_the_files_that_are_stale() {
    let shop = Shop::indexed();
    shop.write("shop/price.py", "def total(items):\n    return 0\n");
    let freshness = shop.engine().status(&ann(), &shop.root()).unwrap().freshness;
    assert_eq!(freshness.stale_files, ["shop/price.py"]);
}

/// What git has checked out, as `git rev-parse HEAD` prints it.
fn head(shop: &Shop) -> String {
    let ran = Command::new("git")
        .args(["rev-parse", "HEAD"])
        .current_dir(shop.root())
        .output()
        .expect("git runs");
    String::from_utf8(ran.stdout).expect("a commit").trim().to_string()
}

/// Two branches: on `topic`, `total` is called `sum_of`.
fn two_branches(shop: &Shop) {
    shop.commit("Sell");
    shop.git(&["checkout", "--quiet", "-b", "topic/names"]);
    let text = fs::read_to_string(shop.root().join("shop/price.py")).unwrap();
    shop.write("shop/price.py", &text.replace("def total", "def sum_of"));
    shop.commit("Rename");
    shop.git(&["checkout", "--quiet", "main"]);
}

#[test]
fn no_answer_right_after_a_checkout_says_that_it_is_fresh() {
    let shop = Shop::watched();
    two_branches(&shop);
    shop.index();
    let mut told = 0;
    for round in 0..10 {
        let (branch, name) = [("topic/names", "sum_of"), ("main", "total")][round % 2];
        if round == 4 {
            shop.git(&["pack-refs", "--all"]);
        }
        shop.git(&["checkout", "--quiet", branch]);
        let freshness = shop.engine().status(&ann(), &shop.root()).unwrap().freshness;
        let is_fresh = !freshness.head_moved && freshness.complete && !freshness.indexing;
        assert!(!is_fresh || freshness.indexed_commit == Some(head(&shop)), "{freshness:?}");
        told += u32::from(!is_fresh);
        eventually("the checkout is indexed", || {
            let freshness = shop.engine().status(&ann(), &shop.root()).unwrap().freshness;
            !freshness.head_moved && freshness.complete && !freshness.indexing
        });
        assert!(!shop.symbols(name).is_empty(), "{branch}");
    }
    assert!(told > 0, "the watch was always faster: this test shows nothing");
}

#[test]
fn without_a_watch_a_checkout_is_told_until_it_is_indexed() {
    let mut shop = Shop::new();
    two_branches(&shop);
    shop.index();
    let moved = |shop: &Shop| {
        let freshness = shop.engine().status(&ann(), &shop.root()).unwrap().freshness;
        assert_eq!(freshness.complete, !freshness.head_moved);
        freshness.head_moved
    };
    assert!(!moved(&shop));
    shop.reopen();
    assert!(!moved(&shop));
    // Packing moves no branch.
    shop.git(&["pack-refs", "--all"]);
    assert!(!moved(&shop));
    shop.git(&["checkout", "--quiet", "topic/names"]);
    assert!(moved(&shop));
    shop.reopen();
    assert!(moved(&shop));
    shop.index();
    assert!(!moved(&shop));
    shop.git(&["checkout", "--quiet", "--detach"]);
    assert!(moved(&shop));
    shop.git(&["checkout", "--quiet", "topic/names"]);
    assert!(!moved(&shop));
}
