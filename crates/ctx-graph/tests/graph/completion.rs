//! Names that begin as somebody types.

use ctx_graph::completion::completions;
use expect_test::{Expect, expect};

use crate::fixture::{Project, files};

const SHOP: &str = "
-- shop/cart.py --
class Cart:
    def total(self): pass
    def tax(self): pass
def price(item): pass
def Priority(): pass
-- shop/bill.py --
from shop.cart import Cart, price
def pride(): return price(1)
def bill(): return price(Cart().total())
-- tests/test_price.py --
from shop.cart import price
def price_is_kept(): assert price(1)
-- scale/Cargo.toml --
[package]
name = \"scale\"
-- scale/src/lib.rs --
pub mod gram;
-- scale/src/gram.rs --
pub struct Gram;
impl Gram {
    pub fn read(&self) {}
}
";

fn check(typed: &str, expected: Expect) {
    let graph = Project::new(files(SHOP)).graph();
    let found = completions(&graph, typed, 4);
    expected.assert_eq(&format!("{} of {}", found.names.join(" "), found.total));
}

#[test]
fn what_other_files_use_most_comes_first_and_tests_come_last() {
    check("pri", expect!["price pride price_is_kept Priority of 4"]);
    check("PRI", expect!["price Priority pride price_is_kept of 4"]);
    check("Pri", expect!["Priority price pride price_is_kept of 4"]);
    check("price", expect!["price price_is_kept of 2"]);
    check("cost", expect![" of 0"]);
}

#[test]
fn a_qualified_beginning_is_completed_as_far_as_it_is_qualified() {
    check("Cart.t", expect!["Cart.total Cart.tax of 2"]);
    check("cart.", expect!["cart.price cart.Cart cart.Priority cart.Cart.total of 5"]);
    check("shop.cart.P", expect!["shop.cart.Priority shop.cart.price of 2"]);
    check("Gram::", expect!["Gram::read of 1"]);
    check("gram::", expect!["gram::Gram gram::Gram::read of 2"]);
    check("gram.gram.r", expect![" of 0"]);
    check("Cart#to", expect!["Cart#total of 1"]);
}

#[test]
fn nothing_and_separators_alone_are_no_harm() {
    check("", expect!["price Cart total Gram of 10"]);
    for typed in [".", "::", ":", "a:", "...", "Cart..", "é", "\u{0}"] {
        check(typed, expect![" of 0"]);
    }
}
