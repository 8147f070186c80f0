//! What the graph does not claim: no edge by name alone.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn a_call_on_an_unknown_receiver_binds_to_no_method_of_that_name() {
    check(
        r#"
-- app.py --
import os
class Project:
    def append(self): pass
    def get(self): pass
    def join(self): pass
    def items(self): pass
    def filter(self): pass
def join(): pass
def use(x, conn):
    x.append(1)
    conn.get("/")
    os.path.join("a", "b")
    "".join([])
    [].append(1)
    {}.items()
    unknown().filter()
    rows = []
    rows.append(2)
"#,
        expect![[r#"
            external: ?.append, ?.items, ?.join, os, os.path, os.path.join, rows.append
            unresolved: append, filter, get, unknown
        "#]],
    );
}

#[test]
fn a_method_from_outside_is_external() {
    check(
        r#"
-- app.py --
from threading import Thread
class Job(Thread):
    def work(self):
        self.start()
        self.work()
def start(): pass
"#,
        expect![[r#"
            app.Job.work -calls/self-type-> app.Job.work @5
            external: Thread, self.start, threading.Thread
        "#]],
    );
}

#[test]
fn javascript_receivers_without_a_type_stay_open() {
    check(
        r#"
-- app.js --
class List { map() {} push() {} then() {} }
function use(x) {
  x.map(y => y);
  [].push(1);
  fetch("/").then(z => z);
  x.list.push(2);
}
"#,
        expect![[r#"
            external: ?.push, ?.then, fetch
            unresolved: list, map, push
        "#]],
    );
}

#[test]
fn go_and_java_calls_of_unknown_values_stay_open() {
    check(
        r#"
-- go.mod --
module example.com/app
-- app.go --
package app

type Store struct{}

func (s *Store) Get() {}

func use(client http.Client, x any) {
	client.Get()
	x.Get()
}
-- App.java --
package a;
class App {
  void get() {}
  void use(java.util.List<String> list, Object o) { list.get(0); o.get(); unknown.get(); }
}
"#,
        expect![[r#"
            example.com/app.Store.Get -references/scope-> example.com/app.Store @5
            external: Object, String, any, java, java.util, java.util.List, list.get, o.get, x.Get
            unresolved: Client, Get, get, http, unknown
        "#]],
    );
}

#[test]
fn rust_methods_of_generic_values_stay_open() {
    check(
        r#"
-- src/lib.rs --
struct Store;
impl Store { fn get(&self) {} fn push(&self) {} }
fn use_all<T>(value: T, list: Vec<u8>) {
    value.get();
    list.push(1);
    other().get();
}
"#,
        expect![[r#"
            src/lib.rs -references/scope-> crate::Store @2
            external: Vec, list.push, u8
            unresolved: get, other
        "#]],
    );
}
