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

#[test]
fn what_a_commonjs_module_offers_twice_is_one_target() {
    check(
        r#"
-- lib/utils.js --
function isX() {}
module.exports = { isX, isY: isX, isZ: function () {} };
-- lib/each.js --
const isX = () => {};
exports.isX = isX;
module.exports.isY = isX;
-- lib/both.js --
function isX() {}
exports.isX = isX;
module.exports = { isX };
-- main.js --
const utils = require('./lib/utils');
const each = require('./lib/each');
const both = require('./lib/both');
const isX = require('./lib/utils').isX;
function run() {
  utils.isX(); utils.isY(); utils.isZ();
  each.isX(); each.isY();
  both.isX();
  isX();
  return [1].map(utils.isX);
}
"#,
        expect![[r#"
            lib/utils.js -references/scope-> lib/utils.isX @2
            lib/utils.js -references/scope-> lib/utils.isX @2
            lib/each.js -references/scope-> lib/each.isX @2
            lib/each.js -references/scope-> lib/each.isX @3
            lib/both.js -references/scope-> lib/both.isX @2
            lib/both.js -references/scope-> lib/both.isX @3
            main.js -references/import-> lib/utils.exports @1
            main.js -imports/import-> lib/utils.js @1
            main.js -imports/import-> lib/each.js @2
            main.js -references/import-> lib/both.exports @3
            main.js -imports/import-> lib/both.js @3
            main.js -references/import-> lib/utils.isX @4
            main.js -imports/import-> lib/utils.js @4
            main.run -references/import-> lib/utils.exports @6
            main.run -calls/scope-> lib/utils.isX @6
            main.run -references/import-> lib/utils.exports @6
            main.run -calls/scope-> lib/utils.isX @6
            main.run -references/import-> lib/utils.exports @6
            main.run -calls/scope-> lib/utils.exports.isZ @6
            main.run -calls/scope-> lib/each.isX @7
            main.run -calls/scope-> lib/each.isX @7
            main.run -references/import-> lib/both.exports @8
            main.run -calls/scope-> lib/both.isX @8
            main.run -calls/import-> lib/utils.isX @9
            main.run -references/import-> lib/utils.exports @10
            main.run -references/scope-> lib/utils.isX @10
            external: ?.map
        "#]],
    );
}

#[test]
fn a_module_is_used_where_it_is_required() {
    check(
        r#"
-- routes.js --
module.exports = function routes(app) {};
-- utils.js --
exports.isX = function () {};
-- main.js --
require('./routes')(1);
require('./utils').isX();
async function late() { (await import('./utils')).isX(); }
use(require('./utils').isX, require('outside').go());
"#,
        expect![[r#"
            main.js -calls/inferred-> routes.routes @1
            main.js -imports/import-> routes.js @1
            main.js -imports/import-> utils.js @2
            main.js -calls/scope-> utils.isX @2
            main.late -imports/import-> utils.js @3
            main.late -calls/scope-> utils.isX @3
            main.js -imports/import-> utils.js @4
            main.js -references/scope-> utils.isX @4
            external: outside, outside.go, require
            unresolved: use
        "#]],
    );
}
