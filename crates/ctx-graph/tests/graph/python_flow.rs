//! Python: what a receiver is.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn self_cls_and_super_look_in_the_class_and_its_bases() {
    check(
        r#"
-- app.py --
class Base:
    def save(self): pass
    def check(self): pass
class Shop(Base):
    def save(self):
        super().save()
        self.check()
        self.missing()
    @classmethod
    def make(cls):
        cls().save()
        cls.make()
    @staticmethod
    def plain(self):
        self.save()
"#,
        expect![[r#"
            app.Shop -inherits/scope-> app.Base @4
            app.Shop.save -calls/self-type-> app.Base.save @6
            app.Shop.save -calls/self-type-> app.Base.check @7
            app.Shop.make -instantiates/inferred-> app.Shop @11
            app.Shop.make -calls/receiver-type-> app.Shop.save @11
            app.Shop.make -calls/self-type-> app.Shop.make @12
            external: classmethod, staticmethod, super
            unresolved: missing, save
        "#]],
    );
}

#[test]
fn members_follow_the_method_resolution_order() {
    check(
        r#"
-- app.py --
class A:
    def f(self): pass
class B(A): pass
class C(A):
    def f(self): pass
class D(B, C):
    def g(self):
        self.f()
"#,
        expect![[r#"
            app.B -inherits/scope-> app.A @3
            app.C -inherits/scope-> app.A @4
            app.D -inherits/scope-> app.B @6
            app.D -inherits/scope-> app.C @6
            app.D.g -calls/self-type-> app.C.f @8
        "#]],
    );
}

#[test]
fn constructors_annotations_and_parameter_types_give_receivers() {
    check(
        r#"
-- models.py --
class Shop:
    def __init__(self): pass
    def open(self): pass
-- app.py --
from typing import Optional
from models import Shop
import models
def a(shop: Shop): shop.open()
def b(shop: "Optional[models.Shop]"): shop.open()
def c(shop: Shop | None): shop.open()
def d(): Shop().open()
def e():
    shop = Shop()
    shop.open()
def f(shop):
    shop.open()
"#,
        expect![[r#"
            app.py -references/import-> models.Shop @2
            app.py -imports/import-> models.py @2
            app.py -imports/import-> models.py @3
            app.py -references/import-> models.Shop @4
            app.a -calls/receiver-type-> models.Shop.open @4
            app.py -references/import-> models.Shop @6
            app.c -calls/receiver-type-> models.Shop.open @6
            app.d -instantiates/import-> models.Shop @7
            app.d -calls/import-> models.Shop.__init__ @7
            app.d -calls/receiver-type-> models.Shop.open @7
            app.e -instantiates/import-> models.Shop @9
            app.e -calls/import-> models.Shop.__init__ @9
            app.e -calls/inferred-> models.Shop.open @10
            external: typing.Optional
            unresolved: open
        "#]],
    );
}

#[test]
fn returned_values_are_followed() {
    check(
        r#"
-- app.py --
class Shop:
    def open(self): return self
    def copy(self) -> "Shop": ...
def make():
    return Shop()
def use():
    make().open().copy().open()
    shop = make()
    shop.open()
"#,
        expect![[r#"
            app.Shop -references/scope-> app.Shop @3
            app.make -instantiates/scope-> app.Shop @5
            app.use -calls/scope-> app.make @7
            app.use -calls/receiver-type-> app.Shop.open @7
            app.use -calls/receiver-type-> app.Shop.copy @7
            app.use -calls/receiver-type-> app.Shop.open @7
            app.use -calls/scope-> app.make @8
            app.use -calls/inferred-> app.Shop.open @9
        "#]],
    );
}

#[test]
fn fields_are_known_from_assignments_and_declarations() {
    check(
        r#"
-- app.py --
class Door:
    def lock(self): pass
class Shop:
    front: Door
    def __init__(self, side: Door):
        self.back = Door()
        self.side = side
    def close(self):
        self.front.lock()
        self.back.lock()
        self.side.lock()
        self.roof.lock()
"#,
        expect![[r#"
            app.Shop -references/scope-> app.Door @4
            app.Shop -references/scope-> app.Door @5
            app.Shop.__init__ -instantiates/scope-> app.Door @6
            app.Shop.close -references/self-type-> app.Shop.front @9
            app.Shop.close -calls/inferred-> app.Door.lock @9
            app.Shop.close -references/self-type-> app.Shop.back @10
            app.Shop.close -calls/inferred-> app.Door.lock @10
            app.Shop.close -references/self-type-> app.Shop.side @11
            app.Shop.close -calls/inferred-> app.Door.lock @11
            unresolved: lock, roof
        "#]],
    );
}

#[test]
fn a_property_is_read_like_a_field_of_what_it_returns() {
    check(
        r#"
-- app.py --
class Door:
    def lock(self): pass
class Shop:
    @property
    def door(self) -> Door: ...
    @door.setter
    def door(self, door): pass
def use(shop: Shop):
    shop.door.lock()
"#,
        expect![[r#"
            app.Shop -references/scope-> app.Door @5
            app.Shop -references/scope-> app.Shop.door:5 @6
            app.py -references/scope-> app.Shop @8
            app.use -references/receiver-type-> app.Shop.door:5 @9
            app.use -calls/inferred-> app.Door.lock @9
            external: property
            unresolved: setter
        "#]],
    );
}

#[test]
fn decorators_are_called() {
    check(
        r#"
-- app.py --
def plain(f): return f
def with_arguments(n):
    def inner(f): return f
    return inner
class Register:
    def route(self, path): pass
register = Register()
@plain
@with_arguments(1)
@register.route("/")
def view(): pass
"#,
        expect![[r#"
            app.with_arguments -references/scope-> app.with_arguments.inner @4
            app.py -instantiates/scope-> app.Register @7
            app.py -calls/scope-> app.plain @8
            app.py -calls/scope-> app.with_arguments @9
            app.py -references/scope-> app.register @10
            app.py -calls/receiver-type-> app.Register.route @10
        "#]],
    );
}

#[test]
fn with_for_and_comprehensions_bind_elements_and_what_is_entered() {
    check(
        r#"
-- app.py --
class Item:
    def sell(self): pass
class Shop:
    def __enter__(self) -> "Open": ...
class Open:
    def close(self): pass
class Shelf:
    def __iter__(self):
        yield Item()
def use(items: list[Item], by_name: dict[str, Item], shelf: Shelf):
    with Shop() as shop:
        shop.close()
    for item in items:
        item.sell()
    [each.sell() for each in items]
    for key in by_name:
        key.sell()
    by_name["a"].sell()
    for value in by_name.values():
        value.sell()
    by_name.get("a").sell()
    for item in shelf:
        item.sell()
"#,
        expect![[r#"
            app.Shop -references/scope-> app.Open @4
            app.Shelf.__iter__ -instantiates/scope-> app.Item @9
            app.py -references/scope-> app.Item @10
            app.py -references/scope-> app.Item @10
            app.py -references/scope-> app.Shelf @10
            app.use -instantiates/scope-> app.Shop @11
            app.use -calls/inferred-> app.Open.close @12
            app.use -calls/inferred-> app.Item.sell @14
            app.use -calls/inferred-> app.Item.sell @15
            app.use -calls/inferred-> app.Item.sell @18
            app.use -calls/inferred-> app.Item.sell @20
            app.use -calls/receiver-type-> app.Item.sell @21
            app.use -calls/inferred-> app.Item.sell @23
            external: by_name.get, by_name.values, dict, list, str
            unresolved: sell
        "#]],
    );
}

#[test]
fn tuples_are_taken_apart_in_order() {
    check(
        r#"
-- app.py --
class A:
    def go(self): pass
class B:
    def go(self): pass
def pair() -> tuple[A, B]: ...
def use():
    a, b = pair()
    a.go()
    b.go()
"#,
        expect![[r#"
            app.py -references/scope-> app.A @5
            app.py -references/scope-> app.B @5
            app.use -calls/scope-> app.pair @7
            app.use -calls/inferred-> app.A.go @8
            app.use -calls/inferred-> app.B.go @9
            external: tuple
        "#]],
    );
}

#[test]
fn callbacks_held_in_variables_and_parameters_defaults() {
    check(
        r#"
-- app.py --
def task(): pass
def run(): 
    job = task
    job()
class Runner:
    handler = task
    def go(self):
        self.handler()
"#,
        expect![[r#"
            app.run -references/scope-> app.task @3
            app.run -calls/inferred-> app.task @4
            app.Runner -references/scope-> app.task @6
            app.Runner.go -calls/inferred-> app.task @8
            app.Runner.go -references/self-type-> app.Runner.handler @8
        "#]],
    );
}

#[test]
fn callable_instances_and_except_clauses() {
    check(
        r#"
-- app.py --
class Caller:
    def __call__(self): pass
class Failure(Exception):
    def tell(self): pass
def use():
    call = Caller()
    call()
    try:
        pass
    except Failure as failure:
        failure.tell()
"#,
        expect![[r#"
            app.use -instantiates/scope-> app.Caller @6
            app.use -calls/inferred-> app.Caller.__call__ @7
            app.use -references/scope-> app.Failure @10
            app.use -calls/inferred-> app.Failure.tell @11
            external: Exception
        "#]],
    );
}

#[test]
fn functions_from_outside_hand_on_what_they_are_given() {
    check(
        r#"
-- app.py --
import copy, typing as t
class Item:
    def sell(self): pass
def use(items: list[Item], other):
    copy.copy(items[0]).sell()
    t.cast(Item, other).sell()
    next(iter(items)).sell()
    for item in sorted(items):
        item.sell()
"#,
        expect![[r#"
            app.py -references/scope-> app.Item @4
            app.use -calls/receiver-type-> app.Item.sell @5
            app.use -references/scope-> app.Item @6
            app.use -calls/receiver-type-> app.Item.sell @6
            app.use -calls/receiver-type-> app.Item.sell @7
            app.use -calls/inferred-> app.Item.sell @9
            external: copy, copy.copy, iter, list, next, sorted, t, t.cast, typing
        "#]],
    );
}

#[test]
fn cyclic_bases_and_values_end() {
    check(
        r#"
-- app.py --
class A(B):
    def f(self): self.nowhere()
class B(A): pass
def f(): return g()
def g(): return f()
def use(): f().anything()
"#,
        expect![[r#"
            app.A -inherits/scope-> app.B @1
            app.B -inherits/scope-> app.A @3
            app.f -calls/scope-> app.g @4
            app.g -calls/scope-> app.f @5
            app.use -calls/scope-> app.f @6
            external: self.nowhere
            unresolved: anything
        "#]],
    );
}

#[test]
fn what_is_defined_replaces_what_is_declared() {
    check(
        r#"
-- app.py --
class Shop:
    door: str
    sign: str
    @property
    def door(self): ...
    def go(self):
        self.door
        self.sign
"#,
        expect![[r#"
            app.Shop.go -references/self-type-> app.Shop.door:5 @7
            app.Shop.go -references/self-type-> app.Shop.sign @8
            external: property, str
        "#]],
    );
}
