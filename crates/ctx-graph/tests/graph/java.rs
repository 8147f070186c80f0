//! Java: packages, inheritance, overloads.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn packages_imports_and_nested_types() {
    check(
        r#"
-- src/main/java/com/shop/Door.java --
package com.shop;
public class Door {
  public void lock() {}
  public static Door make() { return new Door(); }
  public static class Key { public void turn() {} }
}
-- src/main/java/com/shop/Shop.java --
package com.shop;
class Shop { void close(Door door) { door.lock(); new Door.Key().turn(); } }
-- src/main/java/com/app/App.java --
package com.app;
import com.shop.Door;
import com.shop.Door.Key;
import static com.shop.Door.make;
import java.util.List;
class App {
  void run(Key key, List<Door> doors) {
    make().lock();
    Door.make().lock();
    key.turn();
    for (Door door : doors) door.lock();
    doors.get(0).lock();
  }
}
-- src/test/java/com/shop/ShopTest.java --
package com.shop;
class ShopTest { void t() { new Shop().close(null); } }
"#,
        expect![[r#"
            com.shop.Door.make -references/scope-> com.shop.Door @4
            com.shop.Door.make -instantiates/scope-> com.shop.Door @4
            com.shop.Shop.close -references/package-> com.shop.Door @2
            com.shop.Shop.close -calls/receiver-type-> com.shop.Door.lock @2
            com.shop.Shop.close -references/package-> com.shop.Door @2
            com.shop.Shop.close -instantiates/inferred-> com.shop.Door.Key @2
            com.shop.Shop.close -calls/receiver-type-> com.shop.Door.Key.turn @2
            src/main/java/com/app/App.java -references/import-> com.shop.Door @2
            src/main/java/com/app/App.java -imports/import-> com.shop.Door @3
            src/main/java/com/app/App.java -references/import-> com.shop.Door.Key @3
            src/main/java/com/app/App.java -imports/import-> com.shop.Door @4
            src/main/java/com/app/App.java -references/import-> com.shop.Door.make @4
            com.app.App.run -references/import-> com.shop.Door.Key @7
            com.app.App.run -references/import-> com.shop.Door @7
            com.app.App.run -calls/import-> com.shop.Door.make @8
            com.app.App.run -calls/receiver-type-> com.shop.Door.lock @8
            com.app.App.run -references/import-> com.shop.Door @9
            com.app.App.run -calls/receiver-type-> com.shop.Door.make @9
            com.app.App.run -calls/receiver-type-> com.shop.Door.lock @9
            com.app.App.run -calls/receiver-type-> com.shop.Door.Key.turn @10
            com.app.App.run -references/import-> com.shop.Door @11
            com.app.App.run -calls/receiver-type-> com.shop.Door.lock @11
            com.app.App.run -calls/receiver-type-> com.shop.Door.lock @12
            com.shop.ShopTest.t -instantiates/package-> com.shop.Shop @2
            com.shop.ShopTest.t -calls/receiver-type-> com.shop.Shop.close @2
            external: List, doors.get, java.util.List
        "#]],
    );
}

#[test]
fn wildcard_imports() {
    check(
        r#"
-- a/A.java --
package a;
public class A { public static void go() {} }
-- b/B.java --
package b;
import a.*;
import static a.A.*;
class B { void f() { A.go(); go(); gone(); } }
"#,
        expect![[r#"
            b/B.java -imports/import-> a.A @3
            b.B.f -references/wildcard-> a.A @4
            b.B.f -calls/inferred-> a.A.go @4
            b.B.f -calls/wildcard-> a.A.go @4
            unresolved: gone
        "#]],
    );
}

#[test]
fn this_super_inherited_members_and_constructors() {
    check(
        r#"
-- Base.java --
class Base { Base(int n) {} void save() {} int size; }
-- Shop.java --
class Shop extends Base implements Runnable {
  Shop() { super(1); }
  Shop(int n) { this(); }
  public void run() { save(); this.save(); super.save(); size = 1; new Shop(); }
}
"#,
        expect![[r#"
            Shop -inherits/package-> Base @1
            Shop.Shop -calls/self-type-> Base.Base @2
            Shop.Shop -calls/self-type-> Shop.Shop:2 @3
            Shop.run -calls/self-type-> Base.save @4
            Shop.run -calls/self-type-> Base.save @4
            Shop.run -calls/self-type-> Base.save @4
            Shop.run -references/self-type-> Base.size @4
            Shop.run -instantiates/scope-> Shop @4
            Shop.run -calls/scope-> Shop.Shop:2 @4
            external: Runnable
        "#]],
    );
}

#[test]
fn overloads_by_number_of_arguments() {
    check(
        r#"
-- A.java --
class A {
  void put(int a) {}
  void put(int a, int b) {}
  void put(String... all) {}
  void use() { put(1); put(1, 2); put(); }
}
"#,
        expect![[r#"
            A.use -calls/self-type-> A.put:2 @5
            A.use -calls/self-type-> A.put:3 @5
            A.use -calls/self-type-> A.put:4 @5
            external: String
        "#]],
    );
}

#[test]
fn methods_and_fields_of_one_name() {
    check(
        r#"
-- A.java --
class A {
  int size;
  int size() { return size; }
  void use(int use) { size(); this.size(); use(1); int x = this.size; }
}
"#,
        expect![[r#"
            A.size -references/self-type-> A.size:2 @3
            A.use -calls/self-type-> A.size:3 @4
            A.use -calls/self-type-> A.size:3 @4
            A.use -calls/self-type-> A.use @4
            A.use -references/self-type-> A.size:2 @4
        "#]],
    );
}

#[test]
fn fields_generics_and_interfaces() {
    check(
        r#"
-- A.java --
interface Lock { void lock(); }
class Door implements Lock { public void lock() {} }
class House<T extends Lock> {
  private final Door front = new Door();
  private T other;
  Lock any;
  void close(java.util.Map<String, Door> doors, java.util.Optional<Door> maybe) {
    front.lock();
    other.lock();
    any.lock();
    doors.get("a").lock();
    maybe.get().lock();
    var local = new Door();
    local.lock();
  }
}
"#,
        expect![[r#"
            Door -implements/scope-> Lock @2
            House -references/scope-> Lock @3
            House -references/scope-> Door @4
            House -instantiates/scope-> Door @4
            House -references/scope-> Lock @6
            House.close -references/scope-> Door @7
            House.close -references/scope-> Door @7
            House.close -references/self-type-> House.front @8
            House.close -calls/receiver-type-> Door.lock @8
            House.close -references/self-type-> House.other @9
            House.close -calls/receiver-type-> Lock.lock @9
            House.close -references/self-type-> House.any @10
            House.close -calls/receiver-type-> Lock.lock @10
            House.close -calls/receiver-type-> Door.lock @11
            House.close -instantiates/scope-> Door @13
            House.close -calls/inferred-> Door.lock @14
            external: String, doors.get, java, java.util, java.util.Map, java.util.Optional
            unresolved: get, lock
        "#]],
    );
}

#[test]
fn enums_annotations_and_anonymous_classes() {
    check(
        r#"
-- A.java --
@interface Marked {}
enum Color { RED { void show() {} }; void show() {} }
class A {
  @Marked @Override public String toString() { return ""; }
  void use() {
    Color.RED.show();
    new Thread() { public void run() { helper(); } };
    Runnable r = () -> helper();
  }
  void helper() {}
}
"#,
        expect![[r#"
            A -references/scope-> Marked @4
            A.use -references/scope-> Color @6
            A.use -references/receiver-type-> Color.RED @6
            A.use -calls/inferred-> Color.show @6
            A.use.<anonymous1>.run -calls/self-type-> A.helper @7
            A.use.<lambda1> -calls/self-type-> A.helper @8
            external: Override, Runnable, String, Thread
        "#]],
    );
}
