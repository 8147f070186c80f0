//! Python: scopes, imports and packages.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn a_name_means_the_innermost_scope_that_binds_it() {
    check(
        r#"
-- app.py --
def helper(): pass

class Shop:
    def helper(self): pass
    def open(self):
        helper()
        def inner():
            helper()
        inner()

def shadowed(helper):
    helper()
"#,
        expect![[r#"
            app.Shop.open -calls/scope-> app.helper @6
            app.Shop.open.inner -calls/scope-> app.helper @8
            app.Shop.open -calls/scope-> app.Shop.open.inner @9
        "#]],
    );
}

#[test]
fn the_last_definition_before_a_use_in_the_same_scope_is_meant() {
    check(
        r#"
-- app.py --
def get(): pass
get()
def get(): pass
get()
def later():
    get()
"#,
        expect![[r#"
            app.py -calls/scope-> app.get:1 @2
            app.py -calls/scope-> app.get:3 @4
            app.later -calls/scope-> app.get:3 @6
        "#]],
    );
}

#[test]
fn relative_and_absolute_imports_with_aliases() {
    check(
        r#"
-- pkg/__init__.py --
-- pkg/core.py --
def run(): pass
-- pkg/sub/__init__.py --
-- pkg/sub/deep.py --
from ..core import run as go
from .. import core
import pkg.core as direct
import pkg.core
def use():
    go()
    core.run()
    direct.run()
    pkg.core.run()
"#,
        expect![[r#"
            pkg/sub/deep.py -references/import-> pkg.core.run @1
            pkg/sub/deep.py -imports/import-> pkg/core.py @1
            pkg/sub/deep.py -imports/import-> pkg/__init__.py @2
            pkg/sub/deep.py -imports/import-> pkg/core.py @2
            pkg/sub/deep.py -imports/import-> pkg/core.py @3
            pkg/sub/deep.py -imports/import-> pkg/__init__.py @4
            pkg/sub/deep.py -imports/import-> pkg/core.py @4
            pkg.sub.deep.use -calls/import-> pkg.core.run @6
            pkg.sub.deep.use -calls/scope-> pkg.core.run @7
            pkg.sub.deep.use -calls/scope-> pkg.core.run @8
            pkg.sub.deep.use -calls/scope-> pkg.core.run @9
        "#]],
    );
}

#[test]
fn re_exports_of_a_package_lead_to_the_definition() {
    check(
        r#"
-- lib/__init__.py --
from .impl import Thing as Renamed
from .impl import *
-- lib/impl.py --
class Thing: pass
def offered(): pass
-- main.py --
from lib import Renamed, offered
import lib
Renamed()
offered()
lib.offered()
"#,
        expect![[r#"
            lib/__init__.py -references/import-> lib.impl.Thing @1
            lib/__init__.py -imports/import-> lib/impl.py @1
            lib/__init__.py -imports/import-> lib/impl.py @2
            main.py -imports/import-> lib/__init__.py @1
            main.py -references/import-> lib.impl.Thing @1
            main.py -imports/import-> lib/__init__.py @1
            main.py -references/import-> lib.impl.offered @1
            main.py -imports/import-> lib/__init__.py @2
            main.py -instantiates/import-> lib.impl.Thing @3
            main.py -calls/import-> lib.impl.offered @4
            main.py -calls/scope-> lib.impl.offered @5
        "#]],
    );
}

#[test]
fn wildcard_imports_of_the_project_and_from_outside() {
    check(
        r#"
-- ours.py --
def known(): pass
-- main.py --
from ours import *
known()
-- other.py --
from outside import *
anything()
"#,
        expect![[r#"
            main.py -imports/import-> ours.py @1
            main.py -calls/wildcard-> ours.known @2
            external: anything, outside
        "#]],
    );
}

#[test]
fn namespace_packages_and_src_roots() {
    check(
        r#"
-- src/space/one/a.py --
def f(): pass
-- src/space/two/b.py --
from space.one.a import f
from space.one import a
f()
a.f()
"#,
        expect![[r#"
            src/space/two/b.py -references/import-> space.one.a.f @1
            src/space/two/b.py -imports/import-> src/space/one/a.py @1
            src/space/two/b.py -imports/import-> src/space/one/a.py @2
            src/space/two/b.py -calls/import-> space.one.a.f @3
            src/space/two/b.py -calls/scope-> space.one.a.f @4
        "#]],
    );
}

#[test]
fn submodules_are_attributes_of_their_package() {
    check(
        r#"
-- pkg/__init__.py --
-- pkg/tool.py --
def cut(): pass
-- main.py --
import pkg
pkg.tool.cut()
"#,
        expect![[r#"
            main.py -imports/import-> pkg/__init__.py @1
            main.py -calls/scope-> pkg.tool.cut @2
        "#]],
    );
}

#[test]
fn a_fallback_beside_an_import_counts_only_if_the_import_leads_nowhere() {
    check(
        r#"
-- fast.py --
def parse(): pass
-- main.py --
try:
    from fast import parse
except ImportError:
    parse = None
try:
    from simplejson import dumps
except ImportError:
    def dumps(): pass
parse()
dumps()
"#,
        expect![[r#"
            main.py -references/import-> fast.parse @2
            main.py -imports/import-> fast.py @2
            main.py -calls/import-> fast.parse @9
            main.py -calls/scope-> main.dumps @10
            external: ImportError, simplejson.dumps
        "#]],
    );
}

#[test]
fn imports_inside_functions_are_seen_there_only() {
    check(
        r#"
-- a.py --
def late(): pass
-- b.py --
def f():
    from a import late
    late()
def g():
    late()
"#,
        expect![[r#"
            b.f -references/import-> a.late @2
            b.f -imports/import-> a.py @2
            b.f -calls/import-> a.late @3
            unresolved: late
        "#]],
    );
}

#[test]
fn cyclic_imports_and_wildcards_end() {
    check(
        r#"
-- a.py --
from b import *
from b import x
def f():
    x()
    nowhere()
-- b.py --
from a import *
from a import x
"#,
        expect![[r#"
            a.py -imports/import-> b.py @1
            a.py -imports/import-> b.py @2
            b.py -imports/import-> a.py @1
            b.py -imports/import-> a.py @2
            unresolved: nowhere, x
        "#]],
    );
}

#[test]
fn a_missing_module_of_the_project_stays_unresolved() {
    check(
        r#"
-- pkg/__init__.py --
-- pkg/a.py --
from .gone import thing
from pkg.gone import other
import numpy
thing()
other()
numpy.array()
"#,
        expect![[r#"
            external: numpy, numpy.array
            unresolved: other, thing
        "#]],
    );
}
