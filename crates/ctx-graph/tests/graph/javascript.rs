//! JavaScript: scopes, ES modules, CommonJS, classes.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn functions_blocks_and_hoisting() {
    check(
        r#"
-- app.js --
function outer() {
  inner();
  function inner() {}
  { const inner = () => {}; inner(); }
}
outer();
"#,
        expect![[r#"
            app.outer -calls/scope-> app.outer.inner:3 @2
            app.outer -calls/scope-> app.outer.inner:4 @4
            app.js -calls/scope-> app.outer @6
        "#]],
    );
}

#[test]
fn es_imports_with_aliases_defaults_and_namespaces() {
    check(
        r#"
-- lib.js --
export function run() {}
export default class Engine { start() {} }
export { run as go };
-- main.js --
import Motor, { run, go as launch } from './lib';
import * as lib from './lib.js';
run();
launch();
lib.run();
new Motor().start();
new lib.default().start();
"#,
        expect![[r#"
            lib.js -references/scope-> lib.run @3
            main.js -references/import-> lib.Engine @1
            main.js -imports/import-> lib.js @1
            main.js -references/import-> lib.run @1
            main.js -imports/import-> lib.js @1
            main.js -references/import-> lib.run @1
            main.js -imports/import-> lib.js @1
            main.js -imports/import-> lib.js @2
            main.js -calls/import-> lib.run @3
            main.js -calls/import-> lib.run @4
            main.js -calls/scope-> lib.run @5
            main.js -instantiates/import-> lib.Engine @6
            main.js -calls/receiver-type-> lib.Engine.start @6
            main.js -instantiates/scope-> lib.Engine @7
            main.js -calls/receiver-type-> lib.Engine.start @7
        "#]],
    );
}

#[test]
fn re_exports_are_followed_and_cycles_end() {
    check(
        r#"
-- a.js --
export * from './b';
export { deep as renamed } from './b';
-- b.js --
export * from './a';
export * from './c';
-- c.js --
export function deep() {}
-- main.js --
import { deep, renamed, absent } from './a';
deep();
renamed();
absent();
"#,
        expect![[r#"
            a.js -imports/import-> b.js @1
            a.js -imports/import-> b.js @2
            a.js -references/import-> c.deep @2
            b.js -imports/import-> a.js @1
            b.js -imports/import-> c.js @2
            main.js -imports/import-> a.js @1
            main.js -references/import-> c.deep @1
            main.js -imports/import-> a.js @1
            main.js -references/import-> c.deep @1
            main.js -imports/import-> a.js @1
            main.js -calls/import-> c.deep @2
            main.js -calls/import-> c.deep @3
            unresolved: absent
        "#]],
    );
}

#[test]
fn commonjs_exports_and_requires() {
    check(
        r#"
-- lib.js --
function run() {}
class Shop { open() {} }
module.exports = { run, Shop };
-- single.js --
module.exports = function single() {};
-- named.js --
exports.named = function () {};
-- main.js --
const lib = require('./lib');
const { run, Shop } = require('./lib');
const single = require('./single');
const { named } = require('./named');
lib.run();
run();
new Shop().open();
single();
named();
"#,
        expect![[r#"
            lib.js -references/scope-> lib.run @3
            lib.js -references/scope-> lib.Shop @3
            main.js -references/import-> lib.exports @1
            main.js -imports/import-> lib.js @1
            main.js -references/import-> lib.run @2
            main.js -imports/import-> lib.js @2
            main.js -references/import-> lib.Shop @2
            main.js -imports/import-> lib.js @2
            main.js -references/import-> single.single @3
            main.js -imports/import-> single.js @3
            main.js -references/import-> named.named @4
            main.js -imports/import-> named.js @4
            main.js -references/import-> lib.exports @5
            main.js -calls/scope-> lib.run @5
            main.js -references/receiver-type-> lib.exports.run @5
            main.js -calls/import-> lib.run @6
            main.js -instantiates/import-> lib.Shop @7
            main.js -calls/receiver-type-> lib.Shop.open @7
            main.js -calls/import-> single.single @8
            main.js -calls/import-> named.named @9
        "#]],
    );
}

#[test]
fn this_super_and_constructors() {
    check(
        r#"
-- app.js --
class Base { constructor() {} save() {} }
class Shop extends Base {
  constructor() { super(); this.door = new Door(); }
  save() { super.save(); this.door.lock(); this.save(); this.gone(); }
}
class Door { lock() {} }
new Shop();
"#,
        expect![[r#"
            app.Shop -inherits/scope-> app.Base @2
            app.Shop.constructor -calls/self-type-> app.Base.constructor @3
            app.Shop.constructor -instantiates/scope-> app.Door @3
            app.Shop.save -calls/self-type-> app.Base.save @4
            app.Shop.save -references/self-type-> app.Shop.door @4
            app.Shop.save -calls/inferred-> app.Door.lock @4
            app.Shop.save -calls/self-type-> app.Shop.save @4
            app.js -instantiates/scope-> app.Shop @7
            app.js -calls/scope-> app.Shop.constructor @7
            unresolved: gone
        "#]],
    );
}

#[test]
fn prototypes_and_object_literals_have_members() {
    check(
        r#"
-- app.js --
function Shop() {}
Shop.prototype.open = function () { this.close(); };
Shop.prototype.close = function () {};
const tools = { cut() {}, glue: function () {} };
new Shop().open();
tools.cut();
tools.glue();
"#,
        expect![[r#"
            app.js -references/scope-> app.Shop @2
            app.open -calls/self-type-> app.close @2
            app.js -references/scope-> app.Shop @3
            app.js -instantiates/scope-> app.Shop @5
            app.js -calls/receiver-type-> app.open @5
            app.js -references/scope-> app.tools @6
            app.js -calls/receiver-type-> app.tools.cut @6
            app.js -references/scope-> app.tools @7
            app.js -calls/receiver-type-> app.tools.glue @7
        "#]],
    );
}

#[test]
fn packages_of_a_workspace_are_found_by_name() {
    check(
        r#"
-- packages/core/package.json --
{ "name": "@app/core", "main": "dist/index.js" }
-- packages/core/src/index.js --
export function core() {}
-- packages/core/src/extra.js --
export function extra() {}
-- packages/web/package.json --
{ "name": "@app/web" }
-- packages/web/src/main.js --
import { core } from '@app/core';
import { extra } from '@app/core/extra';
import { gone } from '@app/core/gone';
import react from 'react';
core();
extra();
gone();
react.render();
"#,
        expect![[r#"
            packages/web/src/main.js -references/import-> packages/core/src/index.core @1
            packages/web/src/main.js -imports/import-> packages/core/src/index.js @1
            packages/web/src/main.js -references/import-> packages/core/src/extra.extra @2
            packages/web/src/main.js -imports/import-> packages/core/src/extra.js @2
            packages/web/src/main.js -calls/import-> packages/core/src/index.core @5
            packages/web/src/main.js -calls/import-> packages/core/src/extra.extra @6
            external: react, react.default, react.render
            unresolved: gone
        "#]],
    );
}
