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
fn overloads_by_types_of_arguments() {
    check(
        r#"
-- A.java --
import java.util.List;
class Door {}
class Gate extends Door {}
class A {
  void put(int a) {}
  void put(long a) {}
  void put(double a) {}
  void put(char a) {}
  void put(boolean a) {}
  void put(String a) {}
  void put(Door a) {}
  void put(Gate a) {}
  void put(Door[] a) {}
  void put(Class<?> a) {}
  void put(Runnable a) {}
  static final long LIMIT = 1;
  String name() { return ""; }
  void use(Gate gate, Door[] doors, String... words) {
    put(1); put(1L); put(-1); put(1 + 2L); put('c'); put(1.5f);
    put(!true); put(1 < 2);
    put("a"); put("a" + gate); put(name()); put(gate.toString()); put(words[0]);
    put(gate); put((Door) gate); put(new Gate()); put(doors); put(doors[0]);
    put(Door.class); put(() -> {}); put(LIMIT); var door = new Door(); put(door);
    put(null); put(gone());
  }
}
"#,
        expect![[r#"
            Gate -inherits/scope-> Door @3
            A.put -references/scope-> Door @11
            A.put -references/scope-> Gate @12
            A.put -references/scope-> Door @13
            A.use -references/scope-> Gate @18
            A.use -references/scope-> Door @18
            A.use -calls/self-type-> A.put:5 @19
            A.use -calls/self-type-> A.put:6 @19
            A.use -calls/self-type-> A.put:5 @19
            A.use -calls/self-type-> A.put:6 @19
            A.use -calls/self-type-> A.put:8 @19
            A.use -calls/self-type-> A.put:7 @19
            A.use -calls/self-type-> A.put:9 @20
            A.use -calls/self-type-> A.put:9 @20
            A.use -calls/self-type-> A.put:10 @21
            A.use -calls/self-type-> A.put:10 @21
            A.use -calls/self-type-> A.put:10 @21
            A.use -calls/self-type-> A.name @21
            A.use -calls/self-type-> A.put:10 @21
            A.use -calls/self-type-> A.put:10 @21
            A.use -calls/self-type-> A.put:12 @22
            A.use -calls/self-type-> A.put:11 @22
            A.use -references/scope-> Door @22
            A.use -calls/self-type-> A.put:12 @22
            A.use -instantiates/scope-> Gate @22
            A.use -calls/self-type-> A.put:13 @22
            A.use -calls/self-type-> A.put:11 @22
            A.use -calls/self-type-> A.put:14 @23
            A.use -references/scope-> Door @23
            A.use -calls/self-type-> A.put:15 @23
            A.use -calls/self-type-> A.put:6 @23
            A.use -references/self-type-> A.LIMIT @23
            A.use -instantiates/scope-> Door @23
            A.use -calls/self-type-> A.put:11 @23
            A.use -calls/self-type-> A.put:10 @24, one of 5
            A.use -calls/self-type-> A.put:12 @24, one of 5
            A.use -calls/self-type-> A.put:13 @24, one of 5
            A.use -calls/self-type-> A.put:14 @24, one of 5
            A.use -calls/self-type-> A.put:15 @24, one of 5
            A.use -calls/self-type-> A.put:5 @24, one of 11
            A.use -calls/self-type-> A.put:6 @24, one of 11
            A.use -calls/self-type-> A.put:7 @24, one of 11
            A.use -calls/self-type-> A.put:8 @24, one of 11
            A.use -calls/self-type-> A.put:9 @24, one of 11
            A.use -calls/self-type-> A.put:10 @24, one of 11
            A.use -calls/self-type-> A.put:11 @24, one of 11
            A.use -calls/self-type-> A.put:12 @24, one of 11
            A.use -calls/self-type-> A.put:13 @24, one of 11
            A.use -calls/self-type-> A.put:14 @24, one of 11
            A.use -calls/self-type-> A.put:15 @24, one of 11
            external: Class, Runnable, String, gate.toString, java.util.List
            unresolved: gone
        "#]],
    );
}

#[test]
fn overloads_in_phases() {
    check(
        r#"
-- A.java --
class A {
  void box(Integer a) {}
  void box(Object a) {}
  void box(long a) {}
  void log(String text) {}
  void log(String text, Object... all) {}
  void any(Object a) {}
  void any(String a) {}
  <T> void own(T a) {}
  void own(Comparable<String> a) {}
  void own(String a) {}
  void pick(Object a, String b) {}
  void pick(String a, Object b) {}
  void use(Object o, String s, Integer n) {
    box(1); box(n); box(s);
    log(s); log(s, s); log(other()); log("a", 1, 2);
    any(o); any(s); any(1);
    own(s); own(o); own(1);
    pick(s, o); pick(s, s);
  }
}
"#,
        expect![[r#"
            A.use -calls/self-type-> A.box:4 @15
            A.use -calls/self-type-> A.box:2 @15
            A.use -calls/self-type-> A.box:3 @15
            A.use -calls/self-type-> A.log:5 @16
            A.use -calls/self-type-> A.log:6 @16
            A.use -calls/self-type-> A.log:5 @16
            A.use -calls/self-type-> A.log:6 @16
            A.use -calls/self-type-> A.any:7 @17
            A.use -calls/self-type-> A.any:8 @17
            A.use -calls/self-type-> A.any:7 @17
            A.use -calls/self-type-> A.own:11 @18
            A.use -calls/self-type-> A.own:9 @18
            A.use -calls/self-type-> A.own:9 @18, one of 2
            A.use -calls/self-type-> A.own:10 @18, one of 2
            A.use -calls/self-type-> A.pick:13 @19
            A.use -calls/self-type-> A.pick:12 @19, one of 2
            A.use -calls/self-type-> A.pick:13 @19, one of 2
            external: Comparable, Integer, Object, String
            unresolved: other
        "#]],
    );
}

#[test]
fn what_cannot_be_told_apart_is_said_to_be_one_of_several() {
    check(
        r#"
-- A.java --
class Base { Base(int a) {} Base(String a) {} }
class A extends Base {
  A(Unseen a) { super(a.get()); }
  void put(int a) {}
  void put(String a) {}
  void put(Unseen a) {}
  void use(Unseen u) { put(u.get()); put(u); put(u::get); new Base(u.get()); new Base(1); }
}
"#,
        expect![[r#"
            A -inherits/scope-> Base @2
            A.A -calls/self-type-> Base.Base:1 @3, one of 2
            A.A -calls/self-type-> Base.Base:1 @3, one of 2
            A.use -calls/self-type-> A.put:4 @7, one of 3
            A.use -calls/self-type-> A.put:5 @7, one of 3
            A.use -calls/self-type-> A.put:6 @7, one of 3
            A.use -calls/self-type-> A.put:4 @7, one of 3
            A.use -calls/self-type-> A.put:5 @7, one of 3
            A.use -calls/self-type-> A.put:6 @7, one of 3
            A.use -calls/self-type-> A.put:6 @7
            A.use -instantiates/scope-> Base @7
            A.use -calls/scope-> Base.Base:1 @7, one of 2
            A.use -calls/scope-> Base.Base:1 @7, one of 2
            A.use -instantiates/scope-> Base @7
            A.use -calls/scope-> Base.Base:1 @7
            external: String
            unresolved: Unseen, get
        "#]],
    );
}

#[test]
fn inherited_overloads_stand_beside_those_of_the_class() {
    check(
        r#"
-- A.java --
import java.io.Writer;
interface Sink { void put(String a); void put(int a); }
class Base<T> implements Sink {
  public void put(String a) {}
  public void put(int a) {}
  void put(T a, int b) {}
}
class A extends Base<String> {
  public void put(int a) {}
  void put(String a, int b) {}
  void use(Sink sink) { put("a"); put(1); put("a", 1); put(other()); sink.put(1); this.put('c'); }
  java.util.function.Consumer<String> value() { return this::put; }
}
class Out extends Writer {
  void write(Base<?> a) {}
  void write(Sink a, int b) {}
  void use() { write("text"); write(new A()); }
}
"#,
        expect![[r#"
            Base -implements/scope-> Sink @3
            A -inherits/scope-> Base @8
            A.use -references/scope-> Sink @11
            A.use -calls/self-type-> Base.put:4 @11
            A.use -calls/self-type-> A.put:9 @11
            A.use -calls/self-type-> A.put:10 @11
            A.use -calls/self-type-> Base.put:4 @11, one of 2
            A.use -calls/self-type-> A.put:9 @11, one of 2
            A.use -calls/receiver-type-> Sink.put:2 @11
            A.use -calls/self-type-> A.put:9 @11
            A.value -references/self-type-> Base.put:4 @12, one of 3
            A.value -references/self-type-> A.put:9 @12, one of 3
            A.value -references/self-type-> A.put:10 @12, one of 3
            Out.write -references/scope-> Base @15
            Out.write -references/scope-> Sink @16
            Out.use -calls/self-type-> Out.write:15 @17
            Out.use -instantiates/scope-> A @17
            external: String, Writer, java, java.io.Writer, java.util, java.util.function, java.util.function.Consumer, write
            unresolved: other
        "#]],
    );
}

#[test]
fn constructors_by_types_of_arguments() {
    check(
        r#"
-- A.java --
class Money {
  Money(long cents) {}
  Money(String text) { this(Long.parseLong(text)); }
  Money(Money other) { this("0"); }
}
record Point(int x, int y) {
  Point { }
  Point(int x) { this(x, 0); }
}
record Line(Point from, Point to) { Line(Point to) { this(null, to); } }
class A { void use() {
  new Money(1); new Money("1"); new Money(new Money(2L)); new Money(null);
  new Point(1, 2); new Point(1); new Line(null, null); new Line(null);
} }
"#,
        expect![[r#"
            Money.Money -calls/self-type-> Money.Money:2 @3, one of 2
            Money.Money -calls/self-type-> Money.Money:4 @3, one of 2
            Money.Money -references/scope-> Money @4
            Money.Money -calls/self-type-> Money.Money:3 @4
            Point.Point -calls/self-type-> Point.Point:7 @8
            Line -references/scope-> Point @10
            Line -references/scope-> Point @10
            Line.Line -references/scope-> Point @10
            A.use -instantiates/scope-> Money @12
            A.use -calls/scope-> Money.Money:2 @12
            A.use -instantiates/scope-> Money @12
            A.use -calls/scope-> Money.Money:3 @12
            A.use -instantiates/scope-> Money @12
            A.use -calls/scope-> Money.Money:4 @12
            A.use -instantiates/scope-> Money @12
            A.use -calls/scope-> Money.Money:2 @12
            A.use -instantiates/scope-> Money @12
            A.use -calls/scope-> Money.Money:3 @12, one of 2
            A.use -calls/scope-> Money.Money:4 @12, one of 2
            A.use -instantiates/scope-> Point @13
            A.use -calls/scope-> Point.Point:7 @13
            A.use -instantiates/scope-> Point @13
            A.use -calls/scope-> Point.Point:8 @13
            A.use -instantiates/scope-> Line @13
            A.use -instantiates/scope-> Line @13
            A.use -calls/scope-> Line.Line @13
            external: Long, Long.parseLong, String
        "#]],
    );
}

#[test]
fn a_method_as_a_value_is_no_field() {
    check(
        r#"
-- A.java --
class A {
  int size;
  int size() { return size; }
  void use(java.util.function.Function<A, Integer> f) { use(A::size); }
}
"#,
        expect![[r#"
            A.size -references/self-type-> A.size:2 @3
            A.use -references/scope-> A @4
            A.use -calls/self-type-> A.use @4
            A.use -references/scope-> A @4
            A.use -references/receiver-type-> A.size:3 @4
            external: Integer, java, java.util, java.util.function, java.util.function.Function
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

#[test]
fn a_package_is_where_files_say_so_in_every_source_folder() {
    check(
        r#"
-- core/src/main/java/module-info.java --
module core { }
-- core/src/main/java/com/shop/Door.java --
package com.shop;
public class Door { public void lock() {} }
-- extra/src/main/java/com/shop/Gate.java --
package com.shop;
public class Gate extends Door { }
-- core/src/main/java/com/shop/util/Bits.java --
package com.shop.util;
public class Bits { }
-- app/src/main/java/com/app/App.java --
package com.app;
import java.io.IOException;
import java.util.List;
import com.shop.Door;
import com.shop.Gate;
import com.shop.Gone;
import util.Bits;
class App { void run(Gate gate, Door door) throws IOException { gate.lock(); door.lock(); } }
"#,
        expect![[r#"
            com.shop.Gate -inherits/package-> com.shop.Door @2
            app/src/main/java/com/app/App.java -references/import-> com.shop.Door @4
            app/src/main/java/com/app/App.java -references/import-> com.shop.Gate @5
            com.app.App.run -references/import-> com.shop.Gate @8
            com.app.App.run -references/import-> com.shop.Door @8
            com.app.App.run -calls/receiver-type-> com.shop.Door.lock @8
            com.app.App.run -calls/receiver-type-> com.shop.Door.lock @8
            external: IOException, java.io.IOException, java.util.List, util.Bits
        "#]],
    );
}
