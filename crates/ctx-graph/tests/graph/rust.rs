//! Rust: paths, `impl` blocks, traits, macros.

use ctx_graph::question;
use expect_test::{Expect, expect};

use crate::fixture::{Project, check, files, printed};

#[test]
fn modules_and_use_paths() {
    check(
        r#"
-- Cargo.toml --
[package]
name = "my-app"
-- src/lib.rs --
mod store;
pub mod inner { pub fn deep() { super::root(); } }
pub use store::Store as Shop;
fn root() {}
fn use_all() {
    crate::inner::deep();
    self::inner::deep();
    store::open();
}
-- src/store.rs --
mod disk;
pub struct Store;
pub fn open() { disk::read(); crate::root(); super::root(); }
-- src/store/disk.rs --
pub fn read() {}
-- tests/all.rs --
use my_app::{inner, Shop};
mod support;
mod more { pub mod deeper; }
fn check(shop: Shop) { inner::deep(); support::help(); more::deeper::far(); }
-- tests/support/mod.rs --
pub fn help() {}
-- tests/more/deeper.rs --
pub fn far() {}
"#,
        expect![[r#"
            src/lib.rs -imports/import-> src/store.rs @1
            my_app::inner::deep -calls/scope-> my_app::root @2
            src/lib.rs -references/import-> my_app::store::Store @3
            src/lib.rs -imports/import-> src/store.rs @3
            my_app::use_all -references/scope-> my_app::inner @6
            my_app::use_all -calls/scope-> my_app::inner::deep @6
            my_app::use_all -references/scope-> my_app::inner @7
            my_app::use_all -calls/scope-> my_app::inner::deep @7
            my_app::use_all -calls/scope-> my_app::store::open @8
            src/store.rs -imports/import-> src/store/disk.rs @1
            my_app::store::open -calls/scope-> my_app::store::disk::read @3
            my_app::store::open -calls/scope-> my_app::root @3
            my_app::store::open -calls/scope-> my_app::root @3
            tests/all.rs -references/import-> my_app::inner @1
            tests/all.rs -imports/import-> src/lib.rs @1
            tests/all.rs -imports/import-> src/lib.rs @1
            tests/all.rs -references/import-> my_app::store::Store @1
            tests/all.rs -imports/import-> tests/support/mod.rs @2
            all::more -imports/import-> tests/more/deeper.rs @3
            all::check -references/import-> my_app::store::Store @4
            all::check -references/import-> my_app::inner @4
            all::check -calls/scope-> my_app::inner::deep @4
            all::check -calls/scope-> all::support::help @4
            all::check -references/scope-> all::more @4
            all::check -calls/scope-> all::more::deeper::far @4
        "#]],
    );
}

#[test]
fn impl_blocks_give_members_across_files() {
    check(
        r#"
-- src/lib.rs --
mod extra;
pub struct Shop { door: Door }
pub struct Door;
impl Door { pub fn lock(&self) {} }
impl Shop {
    pub fn new() -> Self { Shop { door: Door } }
    pub fn close(&self) { self.door.lock(); self.more(); Self::new(); }
}
-- src/extra.rs --
use crate::Shop;
impl Shop { pub fn more(&self) {} }
fn use_it() { Shop::new().more(); let shop = Shop::new(); shop.close(); }
"#,
        expect![[r#"
            src/lib.rs -imports/import-> src/extra.rs @1
            crate::Shop -references/scope-> crate::Door @2
            src/lib.rs -references/scope-> crate::Door @4
            src/lib.rs -references/scope-> crate::Shop @5
            crate::Shop::new -instantiates/scope-> crate::Shop @6
            crate::Shop::new -references/receiver-type-> crate::Shop::door @6
            crate::Shop::new -references/scope-> crate::Door @6
            crate::Shop::close -references/self-type-> crate::Shop::door @7
            crate::Shop::close -calls/inferred-> crate::Door::lock @7
            crate::Shop::close -calls/self-type-> crate::extra::more @7
            crate::Shop::close -calls/inferred-> crate::Shop::new @7
            src/extra.rs -references/import-> crate::Shop @1
            src/extra.rs -imports/import-> src/lib.rs @1
            src/extra.rs -references/import-> crate::Shop @2
            crate::extra::use_it -references/import-> crate::Shop @3
            crate::extra::use_it -calls/receiver-type-> crate::Shop::new @3
            crate::extra::use_it -calls/receiver-type-> crate::extra::more @3
            crate::extra::use_it -references/import-> crate::Shop @3
            crate::extra::use_it -calls/receiver-type-> crate::Shop::new @3
            crate::extra::use_it -calls/inferred-> crate::Shop::close @3
        "#]],
    );
}

#[test]
fn trait_methods_by_implementation_bound_and_default() {
    check(
        r#"
-- src/lib.rs --
trait Run { fn run(&self); fn twice(&self) { self.run(); self.run(); } }
struct Job;
impl Run for Job { fn run(&self) {} }
fn by_value(job: Job) { job.run(); job.twice(); }
fn by_bound<R: Run>(r: R, dynamic: &dyn Run, boxed: Box<dyn Run>) { r.run(); dynamic.run(); boxed.twice(); }
"#,
        expect![[r#"
            crate::Run::twice -calls/self-type-> crate::Run::run @1
            crate::Run::twice -calls/self-type-> crate::Run::run @1
            crate::Job -implements/scope-> crate::Run @3
            src/lib.rs -references/scope-> crate::Job @3
            crate::by_value -references/scope-> crate::Job @4
            crate::by_value -calls/receiver-type-> crate::Job::run @4
            crate::by_value -calls/receiver-type-> crate::Run::twice @4
            crate::by_bound -references/scope-> crate::Run @5
            crate::by_bound -references/scope-> crate::Run @5
            crate::by_bound -references/scope-> crate::Run @5
            crate::by_bound -calls/receiver-type-> crate::Run::run @5
            crate::by_bound -calls/receiver-type-> crate::Run::run @5
            crate::by_bound -calls/receiver-type-> crate::Run::twice @5
            external: Box
        "#]],
    );
}

#[test]
fn a_field_and_a_method_of_one_name() {
    check(
        r#"
-- src/lib.rs --
struct Wheel { level: u32 }
impl Wheel { fn level(&self) -> u32 { self.level } fn go(&self) { self.level(); } }
fn level(x: u32) -> u32 { x }
fn shadow() { let level = level(1); }
"#,
        expect![[r#"
            src/lib.rs -references/scope-> crate::Wheel @2
            crate::Wheel::level -references/self-type-> crate::Wheel::level:1 @2
            crate::Wheel::go -calls/self-type-> crate::Wheel::level:2 @2
            crate::shadow -calls/scope-> crate::level @4
            external: u32
        "#]],
    );
}

#[test]
fn a_module_and_a_function_of_one_name() {
    check(
        r#"
-- src/lib.rs --
mod sleep;
pub use sleep::sleep;
fn use_it() { sleep(); sleep::other(); }
-- src/sleep.rs --
pub fn sleep() {}
pub fn other() {}
"#,
        expect![[r#"
            src/lib.rs -imports/import-> src/sleep.rs @1
            src/lib.rs -references/import-> crate::sleep::sleep @2
            src/lib.rs -imports/import-> src/sleep.rs @2
            crate::use_it -calls/import-> crate::sleep::sleep @3
            crate::use_it -calls/scope-> crate::sleep::other @3
        "#]],
    );
}

#[test]
fn macros_are_names_of_their_own() {
    check(
        r#"
-- Cargo.toml --
[package]
name = "app"
-- src/lib.rs --
#[macro_use]
mod macros;
mod a;
-- src/macros.rs --
macro_rules! pin { ($x:expr) => { $x } }
#[macro_export]
macro_rules! shout { () => {} }
-- src/a.rs --
fn pin() {}
fn println() {}
fn use_it() { pin!(1); pin(); println!("x"); crate::shout!(); vec![1]; gone!(); }
-- tests/t.rs --
fn t() { app::shout!(); }
"#,
        expect![[r#"
            src/lib.rs -imports/import-> src/macros.rs @2
            src/lib.rs -imports/import-> src/a.rs @3
            app::a::use_it -calls/package-> app::macros::pin @3
            app::a::use_it -calls/scope-> app::a::pin @3
            app::a::use_it -calls/package-> app::macros::shout @3
            t::t -calls/package-> app::macros::shout @1
            external: macro_export, macro_use, println, vec
            unresolved: gone
        "#]],
    );
}

#[test]
fn built_in_attributes_are_not_functions() {
    check(
        r#"
-- src/lib.rs --
fn test() {}
fn inline() {}
#[test]
fn t() { inline(); }
#[inline]
#[cfg(test)]
#[derive(Clone)]
struct S;
"#,
        expect![[r#"
            crate::t -calls/scope-> crate::inline @4
            external: Clone, cfg, derive, inline, test
        "#]],
    );
}

#[test]
fn locks_boxes_options_and_results_are_looked_through() {
    check(
        r#"
-- src/lib.rs --
use std::sync::{Arc, Mutex};
struct Door;
impl Door { fn lock_it(&self) {} }
struct Shop { door: Arc<Mutex<Door>>, maybe: Option<Door> }
fn open() -> Result<Door, std::io::Error> { Ok(Door) }
impl Shop {
    fn close(&self) -> Result<(), std::io::Error> {
        self.door.lock().unwrap().lock_it();
        self.maybe.as_ref().unwrap().lock_it();
        if let Some(door) = &self.maybe { door.lock_it(); }
        open()?.lock_it();
        let door = open()?;
        door.lock_it();
        let boxed = Box::new(Door);
        boxed.lock_it();
        Ok(())
    }
}
"#,
        expect![[r#"
            src/lib.rs -references/scope-> crate::Door @3
            crate::Shop -references/scope-> crate::Door @4
            crate::Shop -references/scope-> crate::Door @4
            crate::open -references/scope-> crate::Door @5
            crate::open -references/scope-> crate::Door @5
            src/lib.rs -references/scope-> crate::Shop @6
            crate::Shop::close -references/self-type-> crate::Shop::door @8
            crate::Shop::close -calls/receiver-type-> crate::Door::lock_it @8
            crate::Shop::close -references/self-type-> crate::Shop::maybe @9
            crate::Shop::close -calls/receiver-type-> crate::Door::lock_it @9
            crate::Shop::close -references/self-type-> crate::Shop::maybe @10
            crate::Shop::close -calls/inferred-> crate::Door::lock_it @10
            crate::Shop::close -calls/scope-> crate::open @11
            crate::Shop::close -calls/inferred-> crate::Door::lock_it @11
            crate::Shop::close -calls/scope-> crate::open @12
            crate::Shop::close -calls/inferred-> crate::Door::lock_it @13
            crate::Shop::close -references/scope-> crate::Door @14
            crate::Shop::close -calls/inferred-> crate::Door::lock_it @15
            external: ?.door.lock, ?.maybe.as_ref, ?.unwrap, Arc, Box, Box.new, Mutex, Ok, Option, Result, Some, std, std.io, std.io.Error, std::sync.Arc, std::sync.Mutex
        "#]],
    );
}

#[test]
fn enums_variants_and_newtypes() {
    check(
        r#"
-- src/lib.rs --
struct Inner;
impl Inner { fn go(&self) {} }
struct Wrapper(Inner);
enum Shape { Round(u32), Flat { size: u32 } }
impl Shape { fn area(&self) {} }
fn use_it(wrapper: Wrapper, shape: Shape) {
    wrapper.0.go();
    let Wrapper(inner) = wrapper;
    inner.go();
    Shape::Round(1).area();
    match shape { Shape::Round(_) => {}, Shape::Flat { size } => {} }
}
"#,
        expect![[r#"
            src/lib.rs -references/scope-> crate::Inner @2
            crate::Wrapper -references/scope-> crate::Inner @3
            src/lib.rs -references/scope-> crate::Shape @5
            crate::use_it -references/scope-> crate::Wrapper @6
            crate::use_it -references/scope-> crate::Shape @6
            crate::use_it -references/receiver-type-> crate::Wrapper::0 @7
            crate::use_it -calls/inferred-> crate::Inner::go @7
            crate::use_it -references/scope-> crate::Wrapper @8
            crate::use_it -calls/inferred-> crate::Inner::go @9
            crate::use_it -references/scope-> crate::Shape @10
            crate::use_it -references/receiver-type-> crate::Shape::Round @10
            crate::use_it -calls/receiver-type-> crate::Shape::area @10
            crate::use_it -references/scope-> crate::Shape @11
            crate::use_it -references/receiver-type-> crate::Shape::Round @11
            crate::use_it -references/scope-> crate::Shape @11
            crate::use_it -references/receiver-type-> crate::Shape::Flat @11
            external: u32
            unresolved: size
        "#]],
    );
}

#[test]
fn crates_of_a_workspace() {
    check(
        r#"
-- Cargo.toml --
[workspace]
members = ["a", "b"]
-- a/Cargo.toml --
[package]
name = "crate-a"
-- a/src/lib.rs --
pub fn offered() {}
-- b/Cargo.toml --
[package]
name = "b"
-- b/src/main.rs --
use crate_a::offered;
fn main() { offered(); crate_a::offered(); serde::from(); }
"#,
        expect![[r#"
            b/src/main.rs -references/import-> crate_a::offered @1
            b/src/main.rs -imports/import-> a/src/lib.rs @1
            b::main -calls/import-> crate_a::offered @2
            b::main -calls/scope-> crate_a::offered @2
            unresolved: from, serde
        "#]],
    );
}

#[test]
fn an_impl_for_a_type_from_outside_knows_its_own_methods() {
    check(
        r#"
-- src/lib.rs --
trait Write { fn write(&mut self); fn flush(&mut self); }
impl Write for Vec<u8> {
    fn write(&mut self) { self.flush(); self.len(); }
    fn flush(&mut self) {}
}
"#,
        expect![[r#"
            src/lib.rs -implements/scope-> crate::Write @2
            crate::write -calls/scope-> crate::flush @3
            external: Vec, u8
            unresolved: len
        "#]],
    );
}

#[test]
fn cyclic_uses_end() {
    check(
        r#"
-- src/lib.rs --
mod a;
mod b;
-- src/a.rs --
pub use crate::b::thing;
pub use crate::b::*;
-- src/b.rs --
pub use crate::a::thing;
pub use crate::a::*;
fn f() { thing(); other(); }
"#,
        expect![[r#"
            src/lib.rs -imports/import-> src/a.rs @1
            src/lib.rs -imports/import-> src/b.rs @2
            src/a.rs -imports/import-> src/b.rs @1
            src/a.rs -imports/import-> src/b.rs @2
            src/b.rs -imports/import-> src/a.rs @1
            src/b.rs -imports/import-> src/a.rs @2
            unresolved: other, thing
        "#]],
    );
}

#[test]
fn a_name_bound_anew_means_the_outer_one_in_its_own_value() {
    check(
        r#"
-- src/lib.rs --
struct Shop;
impl Shop { fn twin(&self) -> Shop { Shop } fn close(&self) {} }
fn use_it(shop: Shop) {
    let run = || {
        let shop = shop.twin();
        shop.close();
    };
}
"#,
        expect![[r#"
            src/lib.rs -references/scope-> crate::Shop @2
            crate::Shop::twin -references/scope-> crate::Shop @2
            crate::Shop::twin -references/scope-> crate::Shop @2
            crate::use_it -references/scope-> crate::Shop @3
            crate::use_it::<lambda1> -calls/inferred-> crate::Shop::twin @5
            crate::use_it::<lambda1> -calls/inferred-> crate::Shop::close @6
        "#]],
    );
}

#[test]
fn re_exports_through_many_modules_are_followed() {
    check(
        r#"
-- src/lib.rs --
mod a;
mod user;
pub use a::Shop;
-- src/a.rs --
pub mod b;
pub use b::Shop;
-- src/a/b.rs --
pub mod c;
pub use self::c::Shop;
-- src/a/b/c.rs --
pub struct Shop;
impl Shop { pub fn open(&self) -> Result<std::sync::Arc<crate::a::b::c::Door>, ()> { todo!() } }
pub struct Door;
impl Door { pub fn lock(&self) {} }
-- src/user.rs --
use crate::Shop;
struct Keeper { shop: Option<std::sync::Arc<Shop>> }
impl Keeper { fn go(&self) { self.shop.as_ref().unwrap().open().unwrap().clone().lock(); } }
"#,
        expect![[r#"
            src/lib.rs -imports/import-> src/a.rs @1
            src/lib.rs -imports/import-> src/user.rs @2
            src/lib.rs -imports/import-> src/a.rs @3
            src/lib.rs -references/import-> crate::a::b::c::Shop @3
            src/a.rs -imports/import-> src/a/b.rs @1
            src/a.rs -imports/import-> src/a/b.rs @2
            src/a.rs -references/import-> crate::a::b::c::Shop @2
            src/a/b.rs -imports/import-> src/a/b/c.rs @1
            src/a/b.rs -references/import-> crate::a::b::c::Shop @2
            src/a/b.rs -imports/import-> src/a/b/c.rs @2
            src/a/b/c.rs -references/scope-> crate::a::b::c::Shop @2
            crate::a::b::c::Shop::open -references/scope-> crate::a::b::c::Door @2
            src/a/b/c.rs -references/scope-> crate::a::b::c::Door @4
            src/user.rs -imports/import-> src/lib.rs @1
            src/user.rs -references/import-> crate::a::b::c::Shop @1
            crate::user::Keeper -references/import-> crate::a::b::c::Shop @2
            src/user.rs -references/scope-> crate::user::Keeper @3
            crate::user::Keeper::go -references/self-type-> crate::user::Keeper::shop @3
            crate::user::Keeper::go -calls/receiver-type-> crate::a::b::c::Shop::open @3
            crate::user::Keeper::go -calls/receiver-type-> crate::a::b::c::Door::lock @3
            external: ?.clone, ?.shop.as_ref, ?.unwrap, Option, Result, std, std.sync, std.sync.Arc, todo
        "#]],
    );
}

#[test]
fn crates_have_the_names_that_the_compiler_gives_them() {
    names(
        r#"
-- Cargo.toml --
[workspace]
members = ["core-lib", "tool"]
-- core-lib/Cargo.toml --
[package]
name = "core-lib"
[[bench]]
name = "how-fast"
path = "benches/speed/main.rs"
-- core-lib/build.rs --
fn b() {}
-- core-lib/src/lib.rs --
mod sync;
fn root() {}
-- core-lib/src/sync/mod.rs --
mod lock;
fn s() {}
-- core-lib/src/sync/lock.rs --
struct Mutex;
impl Mutex { fn lock(&self) {} }
mod inner { fn deep() {} }
-- core-lib/src/bin/helper-tool.rs --
fn main() {}
-- core-lib/src/bin/big/main.rs --
mod part;
-- core-lib/src/bin/big/part.rs --
fn p() {}
-- core-lib/tests/all.rs --
mod support;
fn t() {}
-- core-lib/tests/support/mod.rs --
fn help() {}
-- core-lib/examples/show.rs --
fn e() {}
-- core-lib/benches/speed/main.rs --
fn speed() {}
-- tool/Cargo.toml --
[package]
name = "tool"
[lib]
name = "tool_lib"
path = "src/tool.rs"
[[bin]]
name = "the-tool"
path = "src/main.rs"
-- tool/src/tool.rs --
mod part;
fn l() {}
-- tool/src/part.rs --
fn p() { crate::l(); }
-- tool/src/main.rs --
fn main() {}
-- tool/tests/one.rs --
fn one() {}
-- tool/tests/two.rs --
fn two() {}
-- tool/tests/common/mod.rs --
fn shared() {}
-- loose/src/lib.rs --
fn loose() {}
"#,
        expect![[r#"
            build_script_build::b in core-lib/build.rs
            core_lib::root in core-lib/src/lib.rs
            core_lib::sync::s in core-lib/src/sync/mod.rs
            core_lib::sync::lock::Mutex::lock in core-lib/src/sync/lock.rs
            core_lib::sync::lock::inner::deep in core-lib/src/sync/lock.rs
            helper_tool::main in core-lib/src/bin/helper-tool.rs
            big::part::p in core-lib/src/bin/big/part.rs
            all::t in core-lib/tests/all.rs
            all::support::help in core-lib/tests/support/mod.rs
            show::e in core-lib/examples/show.rs
            how_fast::speed in core-lib/benches/speed/main.rs
            tool_lib::l in tool/src/tool.rs
            tool_lib::part::p in tool/src/part.rs
            the_tool::main in tool/src/main.rs
            one::one in tool/tests/one.rs
            two::two in tool/tests/two.rs
            tool_lib::tests::common::shared in tool/tests/common/mod.rs
            crate::loose::src::lib::loose in loose/src/lib.rs
        "#]],
    );
}

/// Checks the qualified names of all functions.
fn names(text: &str, expected: Expect) {
    let graph = Project::new(files(text)).graph();
    let mut out = String::new();
    for (_, node) in graph.files() {
        for (id, symbol) in node.symbols.iter().enumerate() {
            if symbol.kind.is_function() {
                out.push_str(&format!("{} in {}\n", node.qualified(id as u32), node.path));
            }
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn a_name_from_its_own_crate_finds_a_symbol() {
    let text = r#"
-- a/Cargo.toml --
[package]
name = "crate-a"
-- a/src/lib.rs --
mod sync;
fn root() {}
-- a/src/sync.rs --
struct Mutex;
impl Mutex { fn lock(&self) {} }
-- b/Cargo.toml --
[package]
name = "crate-b"
-- b/src/lib.rs --
fn root() {}
mod other { mod sync { struct Mutex; } }
"#;
    let graph = Project::new(files(text)).graph();
    let found = |name: &str| {
        let symbols = question::symbols_named(&graph, name);
        let mut names: Vec<String> = symbols.iter().map(|s| printed(&graph, *s)).collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(found("crate::sync::Mutex::lock"), "crate_a::sync::Mutex::lock");
    assert_eq!(found("crate::sync::Mutex"), "crate_a::sync::Mutex");
    assert_eq!(found("sync::Mutex"), "crate_a::sync::Mutex crate_b::other::sync::Mutex");
    assert_eq!(found("crate::root"), "crate_a::root crate_b::root");
    assert_eq!(found("crate_b::root"), "crate_b::root");
}
