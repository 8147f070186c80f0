use ctx_model::Language;
use expect_test::{Expect, expect};

use crate::printed;

fn outline(text: &str, expected: Expect) {
    printed::check_outline(Language::Python, text, expected);
}

fn uses(text: &str, expected: Expect) {
    printed::check_uses(Language::Python, text, expected);
}

fn bindings(text: &str, expected: Expect) {
    printed::check_bindings(Language::Python, text, expected);
}

#[test]
fn definitions_carry_signature_doc_span_and_complexity() {
    outline(
        r#"
LIMIT = 3

@decorate(1)
class Shop(Base, abc.Other, metaclass=Meta):
    """Sells things.

    Second paragraph.
    """
    size: int = 0

    def __init__(self, name, *rest, **more):
        self.name = name
        self.size = 1

    @property
    async def open(self) -> "Door":
        if self.name and LIMIT:
            for x in y:
                pass
        return self.door

def _helper(a=1): return lambda b: b
"#,
        expect![[r#"
            constant LIMIT 2:1 lines 2-2 `LIMIT = 3`
            class Shop 5:7 lines 4-21 extends=Base extends=abc.Other @decorate(#Number) `class Shop(Base, abc.Other, metaclass=Meta)` "Sells things."
              field size 10:5 lines 10-10 type=int `size: int = 0`
              constructor __init__ 12:9 lines 12-14 complexity=1/0/3 `def __init__(self, name, *rest, **more)`
              field name 13:14 lines 13-13 `self.name = name`
              method open 17:15 lines 16-21 flags=20 complexity=4/2/0 type=Door @property `async def open(self) -> "Door"`
            function _helper 23:5 lines 23-23 private complexity=1/0/1 `def _helper(a=1)`
              lambda <lambda1> 23:26 lines 23-23 private complexity=1/0/1 ``
        "#]],
    );
}

#[test]
fn imports_and_exports() {
    outline(
        r#"
import os, a.b.c, numpy as np
from . import sibling
from ..pkg.mod import One as Uno, two
from star import *
if TYPE_CHECKING:
    from types_only import T
__all__ = ["One", "two"]
"#,
        expect![[r#"
            variable __all__ 8:1 lines 8-8 `__all__ = ["One", "two"]`
            import module of os as os 2:8
            import module of a.b.c 2:12
            import module of a as a 2:12
            import module of numpy as np 2:19
            import member sibling of . as sibling 3:15
            import member One of ..pkg.mod as Uno 4:23
            import member two of ..pkg.mod as two 4:35
            import everything of star 5:18 reexported
            import member T of types_only as T 7:28 type-only
            export One = One
            export two = two
        "#]],
    );
}

#[test]
fn every_use_of_a_name_is_found_with_its_receiver() {
    uses(
        r#"
def f(p: List["pkg.Node"] = D) -> None:
    x = p.items[0].run(key=g(1), **h)
    x.y += z
    with open(x) as fh: fh.read()
    return [i.name for i in x if i] or super().f
"#,
        expect![[r#"
            2:10 Type List
            2:16 Type pkg
            2:20 Type pkg.Node
            2:29 Read D
            3:9 Read p
            3:11 Read p.items
            3:20 Callee p.items[#Number].run
            3:28 Callee g
            3:36 Read h
            4:12 Read z
            4:5 Read x
            4:7 Write x.y
            5:10 Callee open
            5:15 Read x
            5:25 Read fh
            5:28 Callee fh.read
            6:29 Read x
            6:34 Read i
            6:13 Read i
            6:15 Read i.name
            6:40 Callee super
            6:48 Read super.f
        "#]],
    );
}

#[test]
fn bindings_know_what_is_assigned() {
    bindings(
        r#"
a, b = pair()
class C:
    field = make()
    def m(self, p: T, q=None):
        self.other: Deep = p
        for i in q: pass
        with p as w: pass
        try: pass
        except E as e: pass
        return (n := 1)
"#,
        expect![[r#"
            File0 a -> Definition(0) = Part pair()
            File0 b -> Definition(1) = Part pair()
            File0 C -> Definition(2)
            Type1 field -> Definition(3) = Itself make()
            Type1 m -> Definition(4)
            Function2 self -> Parameter(0)
            Function2 p -> Parameter(1) : T
            Function2 q -> Parameter(2) = Itself #Nothing
            Type1 other -> Definition(5) = Itself p : Deep
            Function2 i -> Local = Element q
            Function2 w -> Local = Entered p
            Function2 e -> Local = Instance E
            Function2 n -> Local = Itself #Number
            m returns #Number
        "#]],
    );
}

#[test]
fn broken_text_still_has_facts() {
    outline(
        "def ok(): pass\nclass (:\n  def x(\ndef later(): pass\n",
        expect![[r#"
        function ok 1:5 lines 1-1 complexity=1/0/0 `def ok()`
        function x 3:7 lines 3-4 complexity=1/0/1 `def x( def later()`
        problem Syntax at 1
    "#]],
    );
}

#[test]
fn deep_nesting_ends_with_a_problem() {
    let text = format!("x = {}1{}\ndef after(): pass\n", "(".repeat(10_000), ")".repeat(10_000));
    outline(
        &text,
        expect![[r#"
        variable x 1:1 lines 1-1 `x = ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((…`
        function after 2:5 lines 2-2 complexity=1/0/0 `def after()`
        problem TooDeep at 1
    "#]],
    );
}
