use ctx_model::facts::{ExpressionKind, FileFacts};
use ctx_model::{Language, Position};
use expect_test::{Expect, expect};

use crate::printed;

fn outline(text: &str, expected: Expect) {
    check_positions(text);
    printed::check_outline(Language::Rust, text, expected);
}

fn uses(text: &str, expected: Expect) {
    check_positions(text);
    printed::check_uses(Language::Rust, text, expected);
}

fn bindings(text: &str, expected: Expect) {
    check_positions(text);
    printed::check_bindings(Language::Rust, text, expected);
}

/// Every name stands in the text where the facts say it does.
fn check_positions(text: &str) {
    let facts = printed::facts(Language::Rust, text);
    let wrong = misplaced(&facts, text);
    assert!(wrong.is_empty(), "not where they should be: {wrong:?}");
}

fn misplaced(facts: &FileFacts, text: &str) -> Vec<(String, Position)> {
    let lines: Vec<&str> = text.split('\n').collect();
    let stands = |name: &str, at: Position| {
        let line =
            lines.get(at.line as usize - 1).and_then(|line| line.get(at.column as usize - 1..));
        line.is_some_and(|line| line.starts_with(name))
    };
    let mut wrong = Vec::new();
    for definition in &facts.definitions {
        let name = facts.name(definition.name);
        let is_named = !name.starts_with('<') && !name.starts_with(|c: char| c.is_ascii_digit());
        if is_named && !stands(name, definition.at) {
            wrong.push((name.to_owned(), definition.at));
        }
    }
    for (id, expression) in facts.expressions.iter().enumerate() {
        let operands = match expression.kind {
            ExpressionKind::Member(object, name) => {
                if !stands(facts.name(name), expression.at) {
                    wrong.push((facts.name(name).to_owned(), expression.at));
                }
                vec![object]
            }
            ExpressionKind::Name(name) => {
                if !stands(facts.name(name), expression.at) {
                    wrong.push((facts.name(name).to_owned(), expression.at));
                }
                vec![]
            }
            ExpressionKind::Call(of)
            | ExpressionKind::New(of)
            | ExpressionKind::Element(of)
            | ExpressionKind::Generic(of)
            | ExpressionKind::Await(of) => vec![of],
            ExpressionKind::Either(left, right) => vec![left, right],
            _ => vec![],
        };
        assert!(operands.iter().all(|operand| (*operand as usize) < id), "operands come first");
    }
    assert!(facts.arguments.is_sorted_by_key(|argument| argument.of));
    for argument in &facts.arguments {
        assert!(argument.value < argument.of, "arguments come before what has them");
    }
    for (id, scope) in facts.scopes.iter().enumerate().skip(1) {
        assert!(scope.parent.is_some_and(|parent| (parent as usize) < id), "parents come first");
    }
    wrong
}

#[test]
fn items_carry_signature_doc_span_and_complexity() {
    outline(
        r#"
/// Most there can be.
pub const LIMIT: usize = 3;
static mut COUNT: u32 = 0;

/// Sells things.
///
/// Second paragraph.
#[derive(Debug, serde::Serialize)]
#[must_use]
pub struct Shop<'a, T: Goods>
where
    T: Clone,
{
    /// What is in it.
    pub goods: Vec<T>,
    pub(crate) name: &'a str,
}

/** Where
 * it stands. */
pub(super) struct Place(pub f64, /// North.
    f64);

struct Nothing;

#[doc = "How it went."]
enum Outcome {
    Done,
    Failed { why: String } = 2,
    Later(u32),
}

union Bits { whole: u32 }
type Shelf<T> = Vec<Option<T>>;

#[macro_export]
macro_rules! sell { ($x:expr) => { $crate::shop::sold($x) }; }

/// Decides.
pub async fn decide<F>(a: u32, f: F) -> Option<u32>
where
    F: Fn(u32) -> bool,
{
    if a > 1 && f(a) {
        for x in 0..a { loop { break; } }
    } else if a == 0 {
        match a { 0 => {} 1 => {} _ => {} }
    } else { while true {} }
    fn inner() {}
    Some((|b| b)(a))
}
"#,
        expect![[r#"
            constant LIMIT 3:11 lines 3-3 type=usize `pub const LIMIT: usize = 3` "Most there can be."
            variable COUNT 4:12 lines 4-4 private type=u32 `static mut COUNT: u32 = 0`
            struct Shop 11:12 lines 9-18 @derive @Debug @serde.Serialize @must_use `pub struct Shop<'a, T: Goods>` "Sells things."
              field goods 16:9 lines 16-16 type=Vec<T> `pub goods: Vec<T>` "What is in it."
              field name 17:16 lines 17-17 package type=str `pub(crate) name: &'a str`
            struct Place 22:19 lines 22-23 package `pub(super) struct Place(pub f64, /// North. f64)` "Where it stands."
              field 0 22:29 lines 22-22 type=f64 `f64`
              field 1 23:5 lines 23-23 private type=f64 `f64` "North."
            struct Nothing 25:8 lines 25-25 private `struct Nothing`
            enum Outcome 28:6 lines 27-32 private @doc `enum Outcome` "How it went."
              enum-member Done 29:5 lines 29-29 `Done`
              enum-member Failed 30:5 lines 30-30 `Failed`
                field why 30:14 lines 30-30 type=String `why: String`
              enum-member Later 31:5 lines 31-31 `Later(u32)`
                field 0 31:11 lines 31-31 type=u32 `u32`
            struct Bits 34:7 lines 34-34 private `union Bits`
              field whole 34:14 lines 34-34 private type=u32 `whole: u32`
            type-alias Shelf 35:6 lines 35-35 private type=Vec<Option<T>> `type Shelf<T> = Vec<Option<T>>`
            macro sell 38:14 lines 37-38 @macro_export `macro_rules! sell`
            function decide 41:14 lines 41-52 flags=4 complexity=9/3/2 type=Option<u32> `pub async fn decide<F>(a: u32, f: F) -> Option<u32>` "Decides."
              function inner 50:8 lines 50-50 private complexity=1/0/0 `fn inner()`
              lambda <lambda1> 51:11 lines 51-51 private complexity=1/0/1 ``
        "#]],
    );
}

#[test]
fn traits_and_impls_hold_methods() {
    outline(
        r#"
pub trait Shape: Clone + fmt::Debug + 'static {
    type Unit: Length;
    const SIDES: u32;
    const NAME: &'static str = "shape";
    fn area(&self) -> f64;
    fn unit() -> Self::Unit where Self: Sized { todo() }
}
struct Square<T> { side: T }
impl<T: Mul> Square<T> {
    pub fn new(side: T) -> Self { Square { side } }
    fn side(&mut self, by: T) -> &T { &self.side }
    pub(crate) const UNIT: u32 = 1;
}
impl<T> Shape for Square<T> {
    type Unit = Metre;
    const SIDES: u32 = 4;
    fn area(self: Box<Self>) -> f64 { 0.0 }
}
impl Default for super::Elsewhere { fn default() -> Self { Self } }
impl !Send for Square<u8> {}
unsafe impl Sync for Square<u8> {}
mod inner {
    impl Unseen for Square<u8> {}
}
"#,
        expect![[r#"
            trait Shape 2:11 lines 2-8 extends=Clone extends=fmt.Debug `pub trait Shape: Clone + fmt::Debug + 'static`
              type-alias Unit 3:10 lines 3-3 flags=8 type=Length `type Unit: Length`
              constant SIDES 4:11 lines 4-4 flags=8 type=u32 `const SIDES: u32`
              constant NAME 5:11 lines 5-5 type=str `const NAME: &'static str = "shape"`
              method area 6:8 lines 6-6 flags=8 type=f64 `fn area(&self) -> f64`
              method unit 7:8 lines 7-7 flags=2 complexity=1/0/0 type=Self.Unit `fn unit() -> Self::Unit`
            struct Square 9:8 lines 9-9 private implements=Shape implements=Sync `struct Square<T>`
              field side 9:20 lines 9-9 private type=T `side: T`
            method new 11:12 lines 11-11 flags=2 complexity=1/0/1 owner=Square<T> type=Self `pub fn new(side: T) -> Self`
            method side 12:8 lines 12-12 private complexity=1/0/1 owner=Square<T> type=T `fn side(&mut self, by: T) -> &T`
            constant UNIT 13:22 lines 13-13 package owner=Square<T> type=u32 `pub(crate) const UNIT: u32 = 1`
            type-alias Unit 16:10 lines 16-16 owner=Square<T> type=Metre `type Unit = Metre`
            constant SIDES 17:11 lines 17-17 owner=Square<T> type=u32 `const SIDES: u32 = 4`
            method area 18:8 lines 18-18 complexity=1/0/0 owner=Square<T> type=f64 `fn area(self: Box<Self>) -> f64`
            method default 20:40 lines 20-20 flags=2 complexity=1/0/0 owner=super.Elsewhere type=Self `fn default() -> Self`
            module inner 23:5 lines 23-25 private `mod inner`
        "#]],
    );
}

#[test]
fn use_trees_are_flattened() {
    outline(
        r#"
use foo;
use ::bar::Bar;
use a::b::{self, C as D, e::*, f::{g, h as _}};
pub use crate::x::Y;
pub(crate) use self::z::*;
use super::super::Up;
use super::*;
use {one, two::Three};
extern crate alloc as memory;
pub mod shown;
mod hidden;
mod here {
    //! Inner doc.
    pub fn f() { use std::io::Read; }
}
"#,
        expect![[r#"
            module here 13:5 lines 13-16 private `mod here` "Inner doc."
              function f 15:12 lines 15-15 complexity=1/0/0 `pub fn f()`
            import module of foo as foo 2:5
            import member Bar of ::bar as Bar 3:12
            import module of a::b as b 4:12
            import member C of a::b as D 4:18
            import everything of a::b::e 4:26
            import member g of a::b::f as g 4:36
            import member h of a::b::f 4:39
            import member Y of crate::x as Y 5:19 reexported
            import everything of self::z 6:22 reexported
            import member Up of super::super as Up 7:19
            import everything of super 8:5
            import module of one as one 9:6
            import member Three of two as Three 9:16
            import module of alloc as memory 10:14
            import module of self::shown as shown 11:9 reexported
            import module of self::hidden as hidden 12:5
            import member Read of std::io as Read 15:31
        "#]],
    );
}

#[test]
fn tests_and_what_a_condition_switches_off_are_flagged() {
    outline(
        r#"
#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn plain() {}
    #[tokio::test(flavor = "multi_thread")]
    async fn with_runtime() {}
    #[rstest]
    #[case(Foo::new(1), LIMIT)]
    fn with_cases() {}
    fn helper() {}
}
#[cfg(unix)]
#[serde(default = "fallback", with = Codec)]
pub fn only_here() {}
"#,
        expect![[r#"
            module tests 3:5 lines 2-13 private flags=512 @cfg `mod tests`
              function plain 6:8 lines 5-6 private flags=1 complexity=1/0/0 @test `fn plain()`
              function with_runtime 8:14 lines 7-8 private flags=5 complexity=1/0/0 @tokio.test `async fn with_runtime()`
              function with_cases 11:8 lines 9-11 private flags=1 complexity=1/0/0 @rstest @case `fn with_cases()`
              function helper 12:8 lines 12-12 private complexity=1/0/0 `fn helper()`
            function only_here 16:8 lines 14-16 flags=512 complexity=1/0/0 @cfg @serde `pub fn only_here()`
            import everything of super 4:9
        "#]],
    );
}

#[test]
fn every_use_of_a_name_is_found_with_its_receiver() {
    uses(
        r#"
fn f(p: &mut Vec<dyn Node>, q: impl Fn(A) -> B) -> Result<[u8; N], (C, D)> {
    let x = p.items[0].run::<T>(g(1), self.y)?.wait().await;
    x.y += z;
    *w = a::B::<E>::c(&k) as u64;
    let s = Point { x, y: q::r, ..Default::default() };
    let t = <Foo as Bar>::make();
    'outer: loop { break 'outer Self::LAST; }
    (x..=y).map(|n| n.name)
}
"#,
        expect![[r#"
            2:14 Type Vec
            2:22 Type Node
            2:37 Type Fn
            2:40 Type A
            2:46 Type B
            2:52 Type Result
            2:60 Type u8
            2:64 Read N
            2:69 Type C
            2:72 Type D
            3:13 Read p
            3:15 Read p.items
            3:24 Callee p.items[].run
            3:30 Type T
            3:33 Callee g
            3:44 Read this.y
            3:48 Callee p.items[].run(g(#Number), this.y)[].wait
            4:12 Read z
            4:5 Read x
            4:7 Write x.y
            5:10 Read a
            5:13 Type a.B
            5:17 Type E
            5:21 Callee a.B<E>.c
            5:24 Read k
            5:30 Type u64
            5:6 Write w
            6:13 Constructed Point
            6:21 Read x
            6:27 Read q
            6:30 Read q.r
            6:35 Type Default
            6:44 Callee Default.default
            6:21 Write new Point(x=x, y=q.r).x
            6:24 Write new Point(x=x, y=q.r).y
            7:14 Type Foo
            7:21 Type Bar
            7:27 Callee (Foo | Bar).make
            8:33 Type Self
            8:39 Read Self.LAST
            9:6 Read x
            9:10 Read y
            9:13 Callee ?.map
            9:21 Read n
            9:23 Read n.name
        "#]],
    );
}

#[test]
fn names_inside_macros_are_uses() {
    uses(
        r#"
fn f() {
    assert_eq!(a.b(c, d[0]), E::F { g: h }, "{}", name = i);
    let v = vec![Foo::new(1), *j; K];
    tokio::select! {
        Some(message) = channel.recv() => { message.send() }
        _ = stop => {}
    }
    println!("{}", list.iter().map(|x: &T| x.len() | y).sum::<u32>());
    run!({ let z = w; for q in r { q.s(z) } match z { None => 1, t if t > 2 => t } });
    log!(target: "x", self.m::<N>()?, 'a', crate::top::O, x.0.await);
}
"#,
        expect![[r#"
            3:5 Callee assert_eq
            3:16 Read a
            3:18 Callee a.b
            3:20 Read c
            3:23 Read d
            3:30 Type E
            3:33 Constructed E.F
            3:40 Read h
            3:37 Write new E.F().g
            3:58 Read i
            4:13 Callee vec
            4:18 Type Foo
            4:23 Callee Foo.new
            4:32 Read j
            4:35 Read K
            5:5 Read tokio
            5:12 Callee tokio.select
            6:9 Read Some
            6:25 Read channel
            6:33 Callee channel.recv
            6:45 Read message
            6:53 Callee message.send
            7:13 Read stop
            9:5 Callee println
            9:20 Read list
            9:25 Callee list.iter
            9:32 Callee list.iter().map
            9:41 Read T
            9:44 Read x
            9:46 Callee x.len
            9:54 Read y
            9:57 Callee list.iter().map(?).sum
            9:63 Read u32
            10:5 Callee run
            10:20 Read w
            10:32 Read r
            10:36 Read q
            10:38 Callee q.s
            10:40 Read z
            10:51 Read z
            10:55 Read None
            10:71 Read t
            10:80 Read t
            11:5 Callee log
            11:28 Callee this.m
            11:32 Read N
            11:44 Read crate
            11:51 Read crate.top
            11:56 Read crate.top.O
            11:59 Read x
            11:61 Read x.0
        "#]],
    );
}

#[test]
fn macro_rules_use_what_their_rules_name() {
    uses(
        "macro_rules! m { ($x:expr, $($y:ty),*) => {{ let n = $crate::a::B::new($x); \
         $( n.add::<$y>(helper($y)); )* $x.go(n) }}; }\n",
        expect![[r#"
            1:55 Read crate
            1:62 Read crate.a
            1:65 Type crate.a.B
            1:68 Callee crate.a.B.new
            1:80 Read n
            1:82 Callee n.add
            1:92 Callee helper
            1:111 Callee ?.go
            1:114 Read n
        "#]],
    );
}

#[test]
fn items_inside_macros_are_items() {
    outline(
        r#"
cfg_rt! {
    mod driver;
    pub use self::driver::Driver;
    cfg_time! {
        /// Sleeps.
        pub fn sleep() { wait() }
    }
}
struct S;
impl S {
    cfg_rt! {
        /// Runs.
        pub fn run(&self) {}
    }
}
bitflags! { pub struct Flags: u32 { const A = 1; } }
"#,
        expect![[r#"
            function sleep 7:16 lines 7-7 complexity=1/0/0 `pub fn sleep()` "Sleeps."
            struct S 10:8 lines 10-10 private `struct S`
            method run 14:16 lines 14-14 complexity=1/0/0 owner=S `pub fn run(&self)` "Runs."
            import module of self::driver as driver 3:9
            import member Driver of self::driver as Driver 4:27 reexported
        "#]],
    );
}

#[test]
fn bindings_know_what_is_matched() {
    bindings(
        r#"
struct P<T: Far> { near: T, far: U }
fn f<T, const N: usize>(self: &Self, (a, b): (A, B), Wrap(c): Wrap, mut d: D) -> E
where T: Bound
{
    let e: E = make();
    let (g, [h, ..]) = pair;
    let Some(i) = maybe else { return other };
    if let Ok(j) = result && let Err(k) = j {}
    while let Some(Deep { near, far: l }) = next() {}
    for (m, n) in list {}
    for o in list { let p = o; }
    match value {
        q @ 1..=MAX => q,
        Kind::A | Kind::B(r) => r,
        NONE => 1,
        &ref s => s,
    };
    let t = move |u, v: V| -> W { u };
    if t { x } else { y }
}
"#,
        expect![[r#"
            File0 P -> Definition(0)
            Block1 T -> Local : Far
            Type2 near -> Definition(1) : T
            Type2 far -> Definition(2) : U
            File0 f -> Definition(3)
            Function3 T -> Local : Bound
            Function3 N -> Local : usize
            Function3 self -> Parameter(0) : Self
            Function3 a -> Local
            Function3 b -> Local
            Function3 c -> Local
            Function3 d -> Parameter(3) : D
            Function3 e -> Local = Itself make() : E
            Function3 g -> Local = Part pair
            Function3 h -> Local
            Function3 i -> Local = Element maybe
            Block4 j -> Local = Element result
            Block5 k -> Local
            Block6 near -> Local = Itself Deep.near
            Block6 l -> Local = Itself Deep.far
            Block7 m -> Local
            Block7 n -> Local
            Block8 o -> Local = Element list
            Block8 p -> Local = Itself o
            Block9 q -> Local = Itself value
            Block10 r -> Local = Part value
            Block12 s -> Local = Itself value
            Function13 u -> Parameter(0)
            Function13 v -> Parameter(1) : V
            Function3 t -> Local = Itself definition <lambda1>
            f returns other
            <lambda1> returns u
            f returns (x | y)
        "#]],
    );
}

#[test]
fn broken_text_still_has_facts() {
    outline(
        "fn ok() {}\nfn broken( { x }\nstruct S { x: }\nimpl S { fn m(&self) { self. } }\nfn later() {}\n",
        expect![[r#"
        function ok 1:4 lines 1-1 private complexity=1/0/0 `fn ok()`
        function broken 2:4 lines 2-2 private complexity=1/0/0 `fn broken(`
        struct S 3:8 lines 3-3 private `struct S`
          field x 3:12 lines 3-3 private type= `x`
        method m 4:13 lines 4-4 private complexity=1/0/0 owner=S `fn m(&self)`
        function later 5:4 lines 5-5 private complexity=1/0/0 `fn later()`
        problem Syntax at 2
    "#]],
    );
}

#[test]
fn long_chains_and_ladders_are_followed_to_their_end() {
    let chain = ".go()".repeat(2_000);
    let ladder = " else if b { d() }".repeat(2_000);
    let sum = " + 1".repeat(2_000);
    let text =
        format!("fn f() {{ a{chain}; 1{sum}; if b {{}}{ladder} }}\nfn after() {{ last() }}\n");
    let facts = printed::facts(Language::Rust, &text);
    let calls =
        facts.expressions.iter().filter(|e| matches!(e.kind, ExpressionKind::Call(_))).count();
    assert_eq!((calls, facts.problems.len()), (4_001, 0));
}

#[test]
fn deep_nesting_ends_with_a_problem() {
    let (open, close) = ("({[".repeat(3_000), "]})".repeat(3_000));
    for text in [
        format!("fn f() {{ g({open}1{close}) }}\nfn after() {{}}\n"),
        format!("fn f() {{ m!({open}1{close}) }}\nfn after() {{}}\n"),
        format!("type T = {}u8{};\nfn after() {{}}\n", "V<".repeat(9_000), ">".repeat(9_000)),
        format!("use a::{}b{};\nfn after() {{}}\n", "c::{".repeat(9_000), "}".repeat(9_000)),
    ] {
        let facts = printed::facts(Language::Rust, &text);
        assert!(!facts.problems.is_empty());
        assert!(facts.definitions.iter().any(|d| facts.name(d.name) == "after"));
    }
}
