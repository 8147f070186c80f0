use ctx_model::Language;
use expect_test::{Expect, expect};

use crate::printed;

fn outline(text: &str, expected: Expect) {
    printed::check_sound(Language::Java, text);
    printed::check_outline(Language::Java, text, expected);
}

fn uses(text: &str, expected: Expect) {
    printed::check_sound(Language::Java, text);
    printed::check_uses(Language::Java, text, expected);
}

fn bindings(text: &str, expected: Expect) {
    printed::check_sound(Language::Java, text);
    printed::check_bindings(Language::Java, text, expected);
}

#[test]
fn a_class_has_bases_fields_constructors_and_methods() {
    outline(
        r#"package com.shop;

/**
 * Sells {@code things} to {@link Customer} and <b>others</b>.
 * Daily.
 *
 * <p>Not said: more.
 * @param <T> the ware
 */
@Entity(name = "shop")
public abstract class Shop<T extends Ware & Sold<T>> extends Base<T> implements Opens, a.Closes {
    private static final int LIMIT = 1, TABLE[] = {
        1, 2
    };
    @Inject
    protected List<T> wares;

    static { LIMIT_SET = true; }

    /** Opens it. */
    protected Shop(@Named("x") String name, int... rest) throws IOException {
        super(name);
        if (name == null && rest.length > 0) {
            for (int one : rest) { use(one); }
        } else if (LIMIT > 1) {
            use(0);
        }
    }

    @Override
    public @Nullable <U> Map<String, ? super U> sell(U ware)[] { return ware == null ? null : all; }

    abstract void close();

    @Test
    void closes() { run(() -> close()); }

    private class Inner { }
}
"#,
        expect![[r#"
            class Shop 11:23 lines 10-39 flags=8 extends=Base<T> implements=Opens implements=a.Closes @Entity(name=#Text) `public abstract class Shop<T extends Ware & Sold<T>> extends Base<T> implements Opens, a.Closes` "Sells things to Customer and others. Daily."
              field LIMIT 12:30 lines 12-14 private flags=2 type=#Integer `private static final int LIMIT = 1, TABLE[]`
              field TABLE 12:41 lines 12-14 private flags=2 type=#List<#Integer> `private static final int LIMIT = 1, TABLE[]`
              field wares 16:23 lines 15-16 protected type=List<T> @Inject `protected List<T> wares`
              constructor Shop 21:15 lines 21-28 protected complexity=5/2/2 `protected Shop(@Named("x") String name, int... rest) throws IOException` "Opens it."
              method sell 31:49 lines 30-31 complexity=2/0/1 type=#List<Map<String, U>> @Override @Nullable `public <U> Map<String, ? super U> sell(U ware)[]`
              method close 33:19 lines 33-33 package flags=8 `abstract void close()`
              method closes 36:10 lines 35-36 package flags=1 complexity=1/0/0 @Test `void closes()`
                lambda <lambda1> 36:25 lines 36-36 private complexity=1/0/0 `()`
              class Inner 38:19 lines 38-38 private `private class Inner`
        "#]],
    );
}

#[test]
fn interfaces_enums_records_and_annotation_types() {
    outline(
        r#"
interface Opens extends Closes, b.Locks {
    int HOURS = 8;
    void open(int at);
    default boolean isOpen() { return true; }
    static Opens of() { return null; }
    enum State { OPEN, SHUT }
}

/** A color. */
enum Color implements Shown {
    /** Like blood. */
    RED(1),
    @Deprecated BLUE(2) { void show() { } };
    private final int number;
    Color(int number) { this.number = number; }
}

record Point<T>(@NonNull int x, T... rest) implements Shown {
    Point { check(x); }
    static Point<?> origin() { return new Point<>(0); }
}

@interface Marked {
    String value() default NAME;
    Class<?>[] types();
}

sealed class Shape permits Circle { }
"#,
        expect![[r#"
            interface Opens 2:11 lines 2-8 package extends=Closes extends=b.Locks `interface Opens extends Closes, b.Locks`
              field HOURS 3:9 lines 3-3 flags=2 type=#Integer `int HOURS = 8`
              method open 4:10 lines 4-4 flags=8 complexity=0/0/1 `void open(int at)`
              method isOpen 5:21 lines 5-5 complexity=1/0/0 type=#Boolean `default boolean isOpen()`
              method of 6:18 lines 6-6 flags=2 complexity=1/0/0 type=Opens `static Opens of()`
              enum State 7:10 lines 7-7 `enum State`
                enum-member OPEN 7:18 lines 7-7 flags=2 `OPEN`
                enum-member SHUT 7:24 lines 7-7 flags=2 `SHUT`
            enum Color 11:6 lines 11-17 package implements=Shown `enum Color implements Shown` "A color."
              enum-member RED 13:5 lines 13-13 flags=2 `RED(1)` "Like blood."
              enum-member BLUE 14:17 lines 14-14 flags=2 @Deprecated `BLUE(2)`
                class <anonymous1> 14:5 lines 14-14 private `BLUE(2)`
                  method show 14:32 lines 14-14 package complexity=1/0/0 `void show()`
              field number 15:23 lines 15-15 private type=#Integer `private final int number`
              constructor Color 16:5 lines 16-16 package complexity=1/0/1 `Color(int number)`
            struct Point 19:8 lines 19-22 package implements=Shown `record Point<T>(@NonNull int x, T... rest) implements Shown`
              field x 19:30 lines 19-19 type=#Integer @NonNull `int x`
              field rest 19:38 lines 19-19 type=#List<T> `T... rest`
              constructor Point 20:5 lines 20-20 package complexity=1/0/0 `Point`
              method origin 21:21 lines 21-21 package flags=2 complexity=1/0/0 type=Point<?> `static Point<?> origin()`
            interface Marked 24:12 lines 24-27 package `@interface Marked`
              method value 25:12 lines 25-25 flags=8 type=String `String value() default NAME`
              method types 26:16 lines 26-26 flags=8 type=#List<Class<?>> `Class<?>[] types()`
            class Shape 29:14 lines 29-29 package `sealed class Shape permits Circle`
        "#]],
    );
}

#[test]
fn classes_inside_functions() {
    outline(
        r#"class A {
    Runnable run = new Runnable() {
        int count;
        public void run() { count++; }
    };
    void f() {
        class Local { }
        if (true) {
            g(new Base<String>(1) { }, x -> { }, (int a, var b) -> a);
        }
        g(new Other() { });
    }
}
"#,
        expect![[r#"
            class A 1:7 lines 1-13 package `class A`
              field run 2:14 lines 2-5 package type=Runnable `Runnable run = new Runnable()`
              class <anonymous1> 2:20 lines 2-5 private extends=Runnable `new Runnable()`
                field count 3:13 lines 3-3 package type=#Integer `int count`
                method run 4:21 lines 4-4 complexity=1/0/0 `public void run()`
              method f 6:10 lines 6-12 package complexity=2/1/0 `void f()`
                class Local 7:15 lines 7-7 private `class Local`
                class <anonymous1> 9:15 lines 9-9 private extends=Base<String> `new Base<String>(1)`
                lambda <lambda1> 9:40 lines 9-9 private complexity=1/0/1 `x`
                lambda <lambda2> 9:50 lines 9-9 private complexity=1/0/2 `(int a, var b)`
                class <anonymous2> 11:11 lines 11-11 private extends=Other `new Other()`
        "#]],
    );
}

#[test]
fn imports_name_members_of_packages_and_types() {
    outline(
        r#"package a.b;
import java.util.List;
import java.util.Map.Entry;
import java.io.*;
import static org.junit.Assert.assertEquals;
import static org.mockito.Mockito.*;
import Alone;
"#,
        expect![[r#"
            import member List of java.util as List 2:18
            import member Entry of java.util.Map as Entry 3:22
            import everything of java.io 4:8
            import member assertEquals of org.junit.Assert as assertEquals 5:32
            import everything of org.mockito.Mockito 6:15
            import member Alone of  as Alone 7:8
        "#]],
    );
}

#[test]
fn every_use_of_a_name_is_found_with_its_receiver() {
    uses(
        r#"@Configured(types = Some.class)
class A extends p.Base<A.Inner> {
    java.util.List<? extends Ware>[] field = make(LIMIT);
    <T> T m(Key key, Value... values) throws p.Failure {
        this.count += other.count++;
        super.m(key).next(values[i]).last = local = found;
        new Shop<Ware>(key) { int x = inside; };
        outer.new Inner();
        int[][] numbers = new int[size][];
        Object o = new Ware[] { first, second };
        A.this.m(key);
        Opens.super.open();
        Collections.<Ware>emptyList();
        ((Shop) thing).open();
        return (T & Other) key;
    }
    A() { this(1); }
    A(int x) { outer.super(x); }
}
"#,
        expect![[r#"
            1:2 Annotation Configured
            1:21 Read Some
            2:17 Read p
            2:19 Base p.Base
            2:24 Read A
            2:26 Type A.Inner
            3:5 Read java
            3:10 Read java.util
            3:15 Type java.util.List
            3:30 Type Ware
            3:46 Callee make
            3:51 Read LIMIT
            4:9 Type T
            4:13 Type Key
            4:22 Type Value
            4:46 Read p
            4:48 Type p.Failure
            5:23 Read other
            5:29 Write other.count
            5:14 Write this.count
            6:53 Read found
            6:45 Write local
            6:15 Callee super.m
            6:17 Read key
            6:22 Callee super.m(key).next
            6:27 Read values
            6:34 Read i
            6:38 Write super.m(key).next(values[]).last
            7:13 Constructed Shop
            7:18 Type Ware
            7:24 Read key
            7:39 Read inside
            8:9 Read outer
            8:19 Constructed Inner
            9:35 Read size
            10:9 Type Object
            10:24 Type Ware
            10:33 Read first
            10:40 Read second
            11:9 Read A
            11:16 Callee A.m
            11:18 Read key
            12:9 Read Opens
            12:21 Callee Opens.open
            13:9 Read Collections
            13:22 Type Ware
            13:27 Callee Collections.emptyList
            14:11 Type Shop
            14:17 Read thing
            14:24 Callee (Shop).open
            15:17 Type T
            15:21 Type Other
            15:28 Read key
            18:16 Read outer
            18:28 Read x
        "#]],
    );
}

#[test]
fn references_switches_and_patterns() {
    uses(
        r#"class A {
    Object m(Object o) {
        map(A::name).map(this::get).map(List<T>::size).map(Ware::new).map(int[]::new);
        Class<?> c = a.b.Ware[].class;
        switch (color) {
            case RED:
            case Color.BLUE: red(); break;
            default: other();
        }
        label:
        while (o instanceof Ware w && !w.sold) { continue label; }
        if (o instanceof Point(int x, Pair(var y, Ware z))) { use(x, y, z); }
        assert ready : message;
        synchronized (lock) { throw failure; }
        return switch (o) {
            case String s when s.isEmpty() -> s;
            case RED, BLUE -> { yield both; }
            default -> throw new Failure(o);
        };
    }
}
"#,
        expect![[r#"
            2:5 Type Object
            2:14 Type Object
            3:9 Callee map
            3:13 Read A
            3:16 Read A.name
            3:22 Callee map(::A.name).map
            3:32 Read this.get
            3:37 Callee map(::A.name).map(::this.get).map
            3:41 Read List
            3:46 Type T
            3:50 Read List<T>.size
            3:56 Callee map(::A.name).map(::this.get).map(::List<T>.size).map
            3:60 Constructed Ware
            3:71 Callee map(::A.name).map(::this.get).map(::List<T>.size).map(::Ware).map
            4:9 Type Class
            4:22 Read a
            4:24 Read a.b
            4:26 Read a.b.Ware
            5:17 Read color
            6:18 Read RED
            7:18 Read Color
            7:24 Read Color.BLUE
            7:30 Callee red
            8:22 Callee other
            11:16 Read o
            11:29 Type Ware
            11:40 Read w
            11:42 Read w.sold
            12:13 Read o
            12:26 Type Point
            12:39 Type Pair
            12:51 Type Ware
            12:63 Callee use
            12:67 Read x
            12:70 Read y
            12:73 Read z
            13:16 Read ready
            13:24 Read message
            14:23 Read lock
            14:37 Read failure
            15:24 Read o
            16:18 Type String
            16:32 Read s
            16:34 Callee s.isEmpty
            16:47 Read s
            17:18 Read RED
            17:23 Read BLUE
            17:39 Read both
            18:34 Constructed Failure
            18:42 Read o
        "#]],
    );
}

#[test]
fn bindings_know_types_and_values() {
    bindings(
        r#"class A<T extends Ware> {
    private Shop shop = new Shop(), shops[];
    <U> void m(final U u, String... rest) {
        int i = 0, table[] = {1};
        var made = make();
        var cast = (Shop) made;
        Object kept = (Shop) made;
        for (Ware ware : wares) { }
        for (var w : wares) { }
        for (int k = 0, l = 1; k < l; k++) { }
        try (Reader reader = open(); known; var other = (Reader) open()) {
        } catch (Bad | Worse failure) {
        }
        if (made instanceof Shop s) { } else if (made instanceof Ware s) { }
        if (!(made instanceof Shop early)) { return; }
        run(x -> x, (a, b) -> { return a; }, (Ware c) -> c.d);
    }
}
"#,
        expect![[r#"
            File0 A -> Definition(0)
            Block1 T -> Local : Ware
            Type2 shop -> Definition(1) = Itself new Shop() : Shop
            Type2 shops -> Definition(2) : #List<Shop>
            Type2 m -> Definition(3)
            Function3 U -> Local
            Function3 u -> Parameter(0) : U
            Function3 rest -> Parameter(1) : #List<String>
            Function3 i -> Local = Itself #Integer : #Integer
            Function3 table -> Local = Itself #List : #List<#Integer>
            Function3 made -> Local = Itself make()
            Function3 cast -> Local = Itself (Shop)
            Function3 kept -> Local = Itself (Shop) : Object
            Block4 ware -> Local = Element wares : Ware
            Block6 w -> Local = Element wares
            Block8 k -> Local = Itself #Integer : #Integer
            Block8 l -> Local = Itself #Integer : #Integer
            Block10 reader -> Local = Itself open() : Reader
            Block10 other -> Local = Itself (Reader)
            Block12 failure -> Local : (Bad | Worse)
            Block14 s -> Local : Shop
            Block16 s -> Local : Ware
            Function3 early -> Local : Shop
            Function19 x -> Parameter(0)
            Function20 a -> Parameter(0)
            Function20 b -> Parameter(1)
            Function21 c -> Parameter(0) : Ware
            <lambda1> returns x
            <lambda2> returns a
            <lambda3> returns c.d
        "#]],
    );
}

#[test]
fn a_module_declaration_is_no_class() {
    let text = "open module a.b { requires java.base; exports a.b; uses a.B; }\n";
    let facts = printed::facts(Language::Java, text);
    assert!(facts.definitions.is_empty() && facts.problems.is_empty());
}

#[test]
fn broken_text_still_has_facts() {
    outline(
        "class Ok { void ok() { a. ; new; } }\nclass Later { int x( }\nint y; void later() { call(; int = ; } }\n",
        expect![[r#"
            class Ok 1:7 lines 1-1 package `class Ok`
              method ok 1:17 lines 1-1 package complexity=1/0/0 `void ok()`
            class Later 2:7 lines 2-2 package `class Later`
            function later 3:13 lines 3-3 package complexity=1/0/0 `void later()`
            problem Syntax at 1
        "#]],
    );
}

#[test]
fn deep_nesting_ends_with_a_problem() {
    let (open, close) = ("(".repeat(9_000), ")".repeat(9_000));
    let text = format!("class A {{ int x = {open}1{close}; void after() {{ }} }}\n");
    let facts = printed::facts(Language::Java, &text);
    let problems: Vec<_> = facts.problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(problems, [ctx_model::facts::ProblemKind::TooDeep]);
    assert!(facts.definitions.iter().any(|definition| facts.name(definition.name) == "after"));
}

#[test]
fn long_sums_and_chains_of_conditions_are_followed_to_their_end() {
    let sum: String = (0..2_000).map(|n| format!("v{n} + ")).collect();
    let chain: String = (0..2_000).map(|n| format!("if (c{n}) {{ }} else ")).collect();
    let text = format!("class A {{ void f() {{ int x = {sum}last;\n {chain}{{ end(); }}\n}} }}\n");
    let facts = printed::facts(Language::Java, &text);
    assert!(facts.problems.is_empty());
    let names = facts
        .expressions
        .iter()
        .filter(|expression| matches!(expression.kind, ctx_model::facts::ExpressionKind::Name(_)))
        .count();
    assert_eq!(names, 4_002);
    assert_eq!(facts.definitions[1].complexity.nesting, 1);
}
