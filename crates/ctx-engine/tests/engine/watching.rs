//! A watched project answers with what is on the disk.

use std::fs;

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
