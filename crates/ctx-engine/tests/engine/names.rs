//! Names as people give them: paths from anywhere, and names that are not there.

use ctx_engine::request::{CallsRequest, RecallRequest, SymbolRequest};
use expect_test::{Expect, expect};

use crate::setup::{Shop, ann, decision, memories};

/// Checks what is offered for a name that is not there.
fn near(shop: &Shop, name: &str, expected: Expect) {
    let request = SymbolRequest { name: name.into(), limit: 20 };
    let answer = shop.engine().symbol(&ann(), &shop.root(), &request).unwrap().content;
    assert!(answer.symbols.is_empty(), "{name} is there");
    expected.assert_eq(&answer.near.join(" "));
}

/// Checks how a name that is not there is refused.
fn refused(shop: &Shop, name: &str, expected: Expect) {
    let request = CallsRequest { name: name.into(), depth: 1, limit: 20 };
    let error = shop.engine().callers(&ann(), &shop.root(), &request).unwrap_err();
    let root = shop.root().display().to_string();
    let message = error.message.replace(&root, "ROOT");
    expected.assert_eq(&format!("{message}; {}", error.hint.unwrap_or_default()));
}

#[test]
fn a_place_in_a_file_may_be_written_from_anywhere() {
    let shop = Shop::indexed();
    let root = shop.root().display().to_string();
    let found = shop.symbols("shop/cart.py:16");
    assert_eq!(found, "method shop.cart.Cart.price shop/cart.py:15\n");
    for place in [
        "./shop/cart.py:16".to_string(),
        "shop/./cart.py:16".to_string(),
        "web/../shop/cart.py:16".to_string(),
        format!("{root}/shop/cart.py:16"),
        format!("{root}/./web/../shop/cart.py:16"),
    ] {
        assert_eq!(shop.symbols(&place), found, "{place}");
        assert_eq!(shop.callers(&place), shop.callers("Cart.price"), "{place}");
    }
    #[cfg(unix)]
    {
        let link = shop.beside("link");
        std::os::unix::fs::symlink(shop.root(), &link).unwrap();
        assert_eq!(shop.symbols(&format!("{}/shop/cart.py:16", link.display())), found);
    }
    shop.remember(&decision("carts stay", &[&format!("{root}/shop/cart.py")]));
    let about = vec!["shop/cart.py".to_string()];
    let request = RecallRequest { query: "carts".into(), limit: 5, as_of: None, about };
    let found = shop.engine().recall(&ann(), &shop.root(), &request).unwrap().content;
    assert_eq!(memories(&found), "valid: carts stay\n");
}

#[test]
fn what_is_no_place_is_refused_with_the_reason() {
    let shop = Shop::indexed();
    refused(
        &shop,
        "./shop/cart.py:3",
        expect![
            "no definition stands at line 3 of `shop/cart.py` in `ROOT`; give a line inside of one"
        ],
    );
    refused(
        &shop,
        "/elsewhere/cart.py:3",
        expect![
            "`/elsewhere/cart.py` is no indexed file of `ROOT`; paths start at the project's root"
        ],
    );
    refused(
        &shop,
        "Cart.prise",
        expect![
            "no definition in `ROOT` is called `Cart.prise`; did you mean `Cart.price`, `Printer.print`?"
        ],
    );
    refused(
        &shop,
        "zzzzzzzz",
        expect![
            "no definition in `ROOT` is called `zzzzzzzz`; try `codecontext search` with words of it"
        ],
    );
}

#[test]
fn names_near_one_that_is_not_there_begin_with_members_of_its_owner() {
    let shop = Shop::new();
    shop.write(
        "shop/foo.py",
        "\
class Foo:
    def bars(self): pass
    def barren(self): pass

class Food:
    def barr(self): pass

def bare(): pass
def barb(): pass
",
    );
    shop.index();
    near(&shop, "Foo.barrs", expect!["Foo.bars Foo.barren Food.barr"]);
    near(&shop, "foo.Foo.barrx", expect!["foo.Foo.barren foo.Foo.bars Food.barr"]);
    near(&shop, "Fo.bars", expect!["Foo.bars foo.barb foo.bare"]);
    near(&shop, "barrx", expect!["barr barb bare"]);
    near(&shop, "gramm::reed", expect!["gram::read"]);
}
