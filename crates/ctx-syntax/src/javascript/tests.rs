use ctx_model::Language;
use ctx_model::facts::*;
use expect_test::{Expect, expect};

use crate::printed;

fn outline(language: Language, text: &str, expected: Expect) {
    assert_sound(language, text);
    printed::check_outline(language, text, expected);
}

fn uses(language: Language, text: &str, expected: Expect) {
    assert_sound(language, text);
    printed::check_uses(language, text, expected);
}

fn bindings(language: Language, text: &str, expected: Expect) {
    assert_sound(language, text);
    printed::check_bindings(language, text, expected);
}

/// Whether `name` stands at a position of a text.
fn stands(lines: &[&str], at: ctx_model::Position, name: &str) -> bool {
    let line = lines.get(at.line as usize - 1).unwrap_or(&"");
    line.get(at.column as usize - 1..).is_some_and(|rest| rest.starts_with(name))
}

/// Every name stands where the facts say; operands stand before what has them,
/// parents before their children.
fn assert_sound(language: Language, text: &str) {
    let facts = printed::facts(language, text);
    let lines: Vec<&str> = text.split('\n').collect();
    for (id, definition) in facts.definitions.iter().enumerate() {
        let name = facts.name(definition.name);
        let spelled = name.starts_with("<lambda") || stands(&lines, definition.at, name);
        assert!(spelled, "definition {name} at {:?}", definition.at);
        assert!(definition.parent.is_none_or(|parent| (parent as usize) < id), "parent of {name}");
        assert!(definition.line <= definition.at.line, "{name} starts behind its name");
        assert!(definition.end_line >= definition.at.line, "{name} ends before its name");
    }
    for (id, scope) in facts.scopes.iter().enumerate() {
        assert!(scope.parent.is_none_or(|parent| (parent as usize) < id), "parent of scope {id}");
    }
    for (id, expression) in facts.expressions.iter().enumerate() {
        let operands = match expression.kind {
            ExpressionKind::Name(name) => {
                let name = facts.name(name);
                assert!(stands(&lines, expression.at, name), "{name} at {:?}", expression.at);
                vec![]
            }
            ExpressionKind::Member(of, name) => {
                let name = facts.name(name);
                assert!(stands(&lines, expression.at, name), "{name} at {:?}", expression.at);
                vec![of]
            }
            ExpressionKind::Call(of)
            | ExpressionKind::New(of)
            | ExpressionKind::Element(of)
            | ExpressionKind::Generic(of)
            | ExpressionKind::Await(of) => vec![of],
            ExpressionKind::Either(left, right) => vec![left, right],
            _ => vec![],
        };
        assert!(operands.iter().all(|operand| (*operand as usize) < id), "operands of {id}");
    }
    for argument in &facts.arguments {
        assert!(argument.value < argument.of, "an argument of {}", argument.of);
    }
    for import in &facts.imports {
        if let Imported::Member(name) = import.what {
            let name = facts.name(name);
            let found = name == "default" || stands(&lines, import.at, name);
            assert!(found, "import of {name} at {:?}", import.at);
        }
    }
}

#[test]
fn functions_classes_and_constants() {
    outline(
        Language::JavaScript,
        r#"
/* licence */

/**
 * Sells things,
 * all day.
 *
 * More.
 * @param {string} name
 */
// eslint-disable-next-line
export async function sell(name, { price, tax = 1 }, ...rest) {
  if (price && tax) { for (const x of rest) { x() } }
  function inner() {}
  return () => name
}
const LIMIT = 3, other = [1], half = (a) => a / 2
let count
var count = 4
/** A shop. */
@decorate(1)
export default class Shop extends mixin(Base) {
  static #secret = 1
  size = 0
  /** Opens. */
  open = async () => { this.door = new Door() }
  constructor(name) { super(name); this.name = name; this.size = 2; this.late = 1 }
  get total() { return this.size }
  static async *items() { yield 1 }
  #hidden() {}
  ['com' + 'puted']() {}
  'quoted-name'() {}
  late
}
const Named = class Own {}
export { half as divide, LIMIT }
"#,
        expect![[r#"
            function sell 12:23 lines 12-16 flags=260 complexity=4/2/3 `export async function sell(name, { price, tax = 1 }, ...rest)` "Sells things, all day."
              function inner 14:12 lines 14-14 private complexity=1/0/0 `function inner()`
              lambda <lambda1> 15:10 lines 15-15 private complexity=1/0/0 ``
            constant LIMIT 17:7 lines 17-17 flags=256 `LIMIT = 3`
            constant other 17:18 lines 17-17 private `other = [1]`
            function half 17:31 lines 17-17 flags=256 complexity=1/0/1 `half = (a) =>`
            variable count 18:5 lines 18-18 private `let count`
            class Shop 22:22 lines 21-34 flags=384 extends=mixin(Base) @decorate(#Number) `export default class Shop extends mixin(Base)` "A shop."
              field #secret 23:10 lines 23-23 private flags=2 `static #secret = 1`
              field size 24:3 lines 24-24 `size = 0`
              method open 26:3 lines 26-26 flags=4 complexity=1/0/0 `open = async () =>` "Opens."
              field door 26:29 lines 26-26 `this.door = new Door()`
              constructor constructor 27:3 lines 27-27 complexity=1/0/1 `constructor(name)`
              field name 27:41 lines 27-27 `this.name = name`
              method total 28:7 lines 28-28 flags=16 complexity=1/0/0 `get total()`
              method items 29:17 lines 29-29 flags=70 complexity=1/0/0 `static async *items()`
              method #hidden 30:3 lines 30-30 private complexity=1/0/0 `#hidden()`
              method ['com' + 'puted'] 31:3 lines 31-31 complexity=1/0/0 `['com' + 'puted']()`
              method quoted-name 32:4 lines 32-32 complexity=1/0/0 `'quoted-name'()`
              field late 33:3 lines 33-33 `late`
            class Named 35:7 lines 35-35 private `const Named = class Own`
            export sell = sell
            export default = Shop
            export divide = half
            export LIMIT = LIMIT
        "#]],
    );
}

#[test]
fn typescript_declarations() {
    outline(
        Language::TypeScript,
        r#"
/** Options. */
export interface Options<T> extends Base<T>, ns.Other {
  /** The name. */
  readonly name: string
  find(id: number, deep?: boolean): T
  on: (event: Event) => void
  [key: string]: unknown
}
export type Props = { a?: string; load(): void } & Options<number>
type Id = string | number
export const enum Mode { Fast = 1, /** Slow. */ Slow, 'quoted' }
abstract class Store<T> extends Map<string, T> implements Options<T>, Other {
  private readonly cache: Map<string, T> = new Map()
  declare kind: Kind
  constructor(private db: Database, public readonly name = 'x', plain: number) { super() }
  @logged() @cached
  protected async load(this: Store<T>, id: Id): Promise<T | null> { return null }
  abstract save(value: T): void
  get(id: Id): T
  get(id: number): T { return this.cache as any }
}
/** Runs. */
export function run(a: string): A
export function run(a: number): B
export function run(a: any) { return a }
namespace Outer.Inner { export const x = 1; const y = 2 }
declare module 'lib' { export function f(): void; const g: string }
declare global { interface Window { app: App } }
declare const __DEV__: boolean
export abstract class Abstract {}
export = run
"#,
        expect![[r#"
            interface Options 3:18 lines 3-9 flags=256 extends=Base<T> extends=ns.Other `export interface Options<T> extends Base<T>, ns.Other` "Options."
              field name 5:12 lines 5-5 type=#Text `readonly name: string` "The name."
              method find 6:3 lines 6-6 flags=8 complexity=0/0/2 type=T `find(id: number, deep?: boolean): T`
              field on 7:3 lines 7-7 `on: (event: Event) => void`
            type-alias Props 10:13 lines 10-10 flags=256 type=Options<#Number> `export type Props = { a?: string; load(): void } & Options<number>`
              field a 10:23 lines 10-10 type=#Text `a?: string`
              method load 10:35 lines 10-10 flags=8 type=#Nothing `load(): void`
            type-alias Id 11:6 lines 11-11 private type=(#Text | #Number) `type Id = string | number`
            enum Mode 12:19 lines 12-12 flags=256 `export const enum Mode`
              enum-member Fast 12:26 lines 12-12 `Fast = 1`
              enum-member Slow 12:49 lines 12-12 `Slow` "Slow."
              enum-member quoted 12:56 lines 12-12 `'quoted'`
            class Store 13:16 lines 13-22 private flags=8 extends=Map<#Text, T> implements=Options<T> implements=Other `abstract class Store<T> extends Map<string, T> implements Options<T>, Other`
              field cache 14:20 lines 14-14 private type=Map<#Text, T> `private readonly cache: Map<string, T> = new Map()`
              field kind 15:11 lines 15-15 type=Kind `declare kind: Kind`
              constructor constructor 16:3 lines 16-16 complexity=1/0/3 `constructor(private db: Database, public readonly name = 'x', plain: number)`
              field db 16:23 lines 16-16 private type=Database `private db: Database`
              field name 16:53 lines 16-16 `public readonly name = 'x'`
              method load 18:19 lines 17-18 protected flags=4 complexity=1/0/1 type=Promise<T> @logged() @cached `protected async load(this: Store<T>, id: Id): Promise<T | null>`
              method save 19:12 lines 19-19 flags=8 complexity=0/0/1 type=#Nothing `abstract save(value: T): void`
              method get 20:3 lines 20-21 complexity=1/0/1 type=T `get(id: Id): T`
            function run 24:17 lines 24-26 flags=384 complexity=1/0/1 type=A `export function run(a: string): A` "Runs."
            module Outer 27:11 lines 27-27 private `namespace Outer.Inner`
              module Inner 27:17 lines 27-27 private `namespace Outer.Inner`
                constant x 27:38 lines 27-27 flags=256 `export const x = 1`
                constant y 27:51 lines 27-27 private `const y = 2`
            module lib 28:17 lines 28-28 flags=512 `declare module 'lib'`
              function f 28:40 lines 28-28 flags=776 type=#Nothing `export function f(): void`
              constant g 28:57 lines 28-28 flags=512 type=#Text `const g: string`
            interface Window 29:28 lines 29-29 flags=512 `interface Window`
              field app 29:37 lines 29-29 flags=512 type=App `app: App`
            constant __DEV__ 30:15 lines 30-30 private flags=512 type=#Boolean `declare const __DEV__: boolean`
            class Abstract 31:23 lines 31-31 flags=264 `export abstract class Abstract`
            export Options = Options
            export Props = Props
            export Mode = Mode
            export run = run
            export Abstract = Abstract
            export default = run
        "#]],
    );
}

#[test]
fn script_declarations_are_public() {
    outline(
        Language::TypeScript,
        r#"
declare const __DEV__: boolean
declare function warn(text: string): void
const own = 1
"#,
        expect![[r#"
            constant __DEV__ 2:15 lines 2-2 flags=512 type=#Boolean `declare const __DEV__: boolean`
            function warn 3:18 lines 3-3 flags=520 complexity=0/0/1 type=#Nothing `declare function warn(text: string): void`
            constant own 4:7 lines 4-4 private `const own = 1`
        "#]],
    );
}

#[test]
fn imports() {
    outline(
        Language::TypeScript,
        r#"
import React, { useState as state, type FC } from 'react'
import * as path from "node:path"
import './side.css'
import type { T } from './types'
import type D from './types'
import fs = require('fs')
import Alias = path.posix
export { a as b, default } from './a'
export { default as C } from './c'
export * from './all'
export * as ns from './ns'
export type { U } from './types'
const lazy = () => import('./lazy')
async function load() {
  const mod = await import('./mod')
  const { one, two: deux } = await import('./parts')
}
let imported: import('./typed').Thing
export { path as paths, React as default }
"#,
        expect![[r#"
            constant Alias 8:8 lines 8-8 private `import Alias = path.posix`
            function lazy 14:7 lines 14-14 private complexity=1/0/0 `const lazy = () =>`
            function load 15:16 lines 15-18 private flags=4 complexity=1/0/0 `async function load()`
            variable imported 19:5 lines 19-19 private `let imported: import('./typed').Thing`
            import member default of react as React 2:8
            import member useState of react as state 2:17
            import member FC of react as FC 2:41 type-only
            import module of node:path as path 3:24
            import module of ./side.css 4:9
            import member T of ./types as T 5:15 type-only
            import member default of ./types as D 6:13 type-only
            import module of fs as fs 7:22
            import member default of fs as fs 7:22
            import member a of ./a 9:10 reexported
            import member default of ./a 9:18 reexported
            import member default of ./c 10:10 reexported
            import everything of ./all 11:16 reexported
            import module of ./ns 12:22 reexported
            import member U of ./types 13:15 reexported type-only
            import module of ./lazy 14:28
            import module of ./mod as mod 16:29
            import member one of ./parts as one 17:11
            import member two of ./parts as deux 17:16
            import member Thing of ./typed 19:33 type-only
            export b = import member a of ./a 9:10 reexported
            export default = import member default of ./a 9:18 reexported
            export C = import member default of ./c 10:10 reexported
            export  = import everything of ./all 11:16 reexported
            export ns = import module of ./ns 12:22 reexported
            export U = import member U of ./types 13:15 reexported type-only
            export paths = path
            export default = React
        "#]],
    );
}

#[test]
fn commonjs() {
    outline(
        Language::JavaScript,
        r#"
const fs = require('fs')
const { join, sep: separator } = require('path')
var inherits = require('util').inherits
require('./side')
var app = module.exports = {}
/** Starts. */
app.init = function init() { this.settings = {} }
exports.parse = function (text) { return text }
exports.LIMIT = 5
exports.join = join
exports.helper = require('./helper')
function View(name) { this.name = name }
View.prototype.render = function render(options) { return this.lookup(options) }
View.prototype = { lookup() {}, path: function () {} }
"#,
        expect![[r#"
            variable app 6:5 lines 6-6 flags=384 `var app = module.exports = {}`
            method init 8:5 lines 8-8 flags=2 complexity=1/0/0 owner=app `app.init = function init()` "Starts."
            function parse 9:9 lines 9-9 flags=256 complexity=1/0/1 `exports.parse = function (text)`
            constant LIMIT 10:9 lines 10-10 flags=256 `exports.LIMIT = 5`
            function View 13:10 lines 13-13 private complexity=1/0/1 `function View(name)`
            method render 14:16 lines 14-14 complexity=1/0/1 owner=View `View.prototype.render = function render(options)`
            method lookup 15:20 lines 15-15 complexity=1/0/0 owner=View `lookup()`
            method path 15:33 lines 15-15 complexity=1/0/0 owner=View `path: function ()`
            import module of fs as fs 2:21
            import member default of fs as fs 2:21
            import member join of path as join 3:9
            import member sep of path as separator 3:15
            import member inherits of util as inherits 4:32
            import module of ./side 5:10
            import module of ./helper 12:27 reexported
            import member default of ./helper 12:27 reexported
            export default = app
            export parse = definition parse
            export LIMIT = definition LIMIT
            export join = join
            export helper = import module of ./helper 12:27 reexported
            export helper = import member default of ./helper 12:27 reexported
        "#]],
    );
}

#[test]
fn commonjs_passes_modules_on() {
    outline(
        Language::JavaScript,
        r#"
exports = module.exports = create
function create() {}
exports.__esModule = void 0
module.exports = require('./lib')
const shadow = (module, exports) => { exports.inner = 1 }
"#,
        expect![[r#"
            function create 3:10 lines 3-3 flags=384 complexity=1/0/0 `function create()`
            function shadow 6:7 lines 6-6 private complexity=1/0/2 `const shadow = (module, exports) =>`
            import everything of ./lib 5:27 reexported
            import member default of ./lib 5:27 reexported
            export default = create
            export  = import everything of ./lib 5:27 reexported
            export default = import member default of ./lib 5:27 reexported
        "#]],
    );
}

#[test]
fn a_module_is_a_value_where_it_is_required() {
    uses(
        Language::JavaScript,
        r#"require('./routes')(app)
require('./utils').isX()
const all = { helper: require('./helper').helper }
async function late() {
    (await import('./late')).run()
    import('./late').then(run)
}
"#,
        expect![[r#"
            1:1 Callee require
            1:21 Read app
            2:1 Callee require
            2:20 Callee module ./utils.isX
            3:23 Callee require
            3:43 Read module ./helper.helper
            5:30 Callee module ./late.run
            6:22 Callee #Other(#Text).then
            6:27 Read run
        "#]],
    );
}

#[test]
fn commonjs_object() {
    outline(
        Language::JavaScript,
        r#"
function get() {}
module.exports = {
  get,
  alias: get,
  /** Posts. */
  post() {},
  put: async () => {},
  version: '1',
  nested: { deep() {} },
}
"#,
        expect![[r#"
            function get 2:10 lines 2-2 flags=256 complexity=1/0/0 `function get()`
            constant exports 3:8 lines 3-11 flags=384 `module.exports`
              field get 4:3 lines 4-4 `get`
              field alias 5:3 lines 5-5 `alias: get`
              method post 7:3 lines 7-7 complexity=1/0/0 `post()` "Posts."
              method put 8:3 lines 8-8 flags=4 complexity=1/0/0 `put: async () =>`
              field version 9:3 lines 9-9 `version: '1'`
              field nested 10:3 lines 10-10 `nested: { deep() {} }`
                method deep 10:13 lines 10-10 complexity=1/0/0 `deep()`
            export default = definition exports
            export get = get
            export alias = get
            export post = definition post
            export put = definition put
            export version = definition version
            export nested = definition nested
        "#]],
    );
}

#[test]
fn module_objects_and_default_exports() {
    outline(
        Language::JavaScript,
        r#"
const api = {
  /** Gets. */
  get(id) { return this.base },
  post: () => {},
  base: '/x',
  deep: { inner: 1, call() {} },
  get,
  ...rest,
}
const store = define('id', { state: () => ({}), actions: { load() {} } })
export default { data() { return {} }, name: 'Component' }
"#,
        expect![[r#"
            constant api 2:7 lines 2-10 private `const api`
              method get 4:3 lines 4-4 complexity=1/0/1 `get(id)` "Gets."
              method post 5:3 lines 5-5 complexity=1/0/0 `post: () =>`
              field base 6:3 lines 6-6 `base: '/x'`
              field deep 7:3 lines 7-7 `deep: { inner: 1, call() {} }`
                field inner 7:11 lines 7-7 `inner: 1`
                method call 7:21 lines 7-7 complexity=1/0/0 `call()`
              field get 8:3 lines 8-8 `get`
            constant store 11:7 lines 11-11 private `const store = define('id', { state: () => ({}), actions: { load() {} } })`
              method state 11:30 lines 11-11 complexity=1/0/0 `state: () =>`
              method load 11:60 lines 11-11 complexity=1/0/0 `load()`
            constant default 12:8 lines 12-12 flags=384 `export default { data() { return {} }, name: 'Component' }`
              method data 12:18 lines 12-12 complexity=1/0/0 `data()`
              field name 12:40 lines 12-12 `name: 'Component'`
            export default = default
        "#]],
    );
}

#[test]
fn anonymous_default_functions() {
    outline(
        Language::TypeScript,
        r#"
/** Runs. */
export default async (a: string): Promise<void> => {}
"#,
        expect![[r#"
            function default 3:8 lines 3-3 flags=388 complexity=1/0/1 type=Promise<#Nothing> `export default async (a: string): Promise<void> =>` "Runs."
            export default = default
        "#]],
    );
}

#[test]
fn default_export_of_an_expression() {
    outline(
        Language::TypeScript,
        r#"
const x = 1
export default wrap(x, () => x)
"#,
        expect![[r#"
            constant x 2:7 lines 2-2 private `const x = 1`
            lambda <lambda1> 3:24 lines 3-3 private complexity=1/0/0 ``
            export default = wrap(x, definition <lambda1>)
        "#]],
    );
}

#[test]
fn tests_are_marked() {
    outline(
        Language::TypeScript,
        r#"
describe('cart', () => {
  let cart
  beforeEach(() => { cart = make() })
  it.each([1])('adds', async () => { cart.add(1) })
  test('named', function named() {})
})
"#,
        expect![[r#"
            lambda <lambda1> 2:18 lines 2-7 private flags=1 complexity=1/0/0 `describe('cart', () =>`
              lambda <lambda1> 4:14 lines 4-4 private complexity=1/0/0 ``
              lambda <lambda2> 5:24 lines 5-5 private flags=5 complexity=1/0/0 `it.each([1])('adds', async () =>`
              function named 6:26 lines 6-6 private flags=1 complexity=1/0/0 `test('named', function named()`
        "#]],
    );
}

#[test]
fn every_use_of_a_name() {
    uses(
        Language::JavaScript,
        r#"
label: for (let i = 0; i < n; i++) continue label
const { a, b: { c = d }, ...others } = load(x)?.items[k]['name']
obj = { a, key: value, [computed]: 1, method() { return this.#x } }
tag`text ${sub} more`
new ns.Thing(arg, ...spread)
total += one ? two : three
first.second = 1
if (typeof q === 'undefined' || !r) delete s.t
export { a as z }
import.meta.env
"#,
        expect![[r#"
            2:24 Read i
            2:28 Read n
            2:31 Write i
            3:40 Callee load
            3:45 Read x
            3:49 Read load(x).items
            3:55 Read k
            3:59 Read load(x).items[].name
            3:9 Read load(x).items[].name.a
            3:12 Read load(x).items[].name.b
            3:17 Read load(x).items[].name.b.c
            3:21 Read d
            4:9 Read a
            4:17 Read value
            4:25 Read computed
            4:62 Read this.#x
            4:1 Write obj
            5:1 Callee tag
            5:12 Read sub
            6:5 Read ns
            6:8 Constructed ns.Thing
            6:14 Read arg
            6:22 Read spread
            7:10 Read one
            7:16 Read two
            7:22 Read three
            7:1 Write total
            8:1 Read first
            8:7 Write first.second
            9:12 Read q
            9:34 Read r
            9:44 Read s
            9:46 Read s.t
            10:10 Export a
            11:13 Read ?.env
        "#]],
    );
}

#[test]
fn types_are_uses() {
    uses(
        Language::TypeScript,
        r#"
function f<T extends Base = Default>(this: Self, a: Map<K, V[]>, b?: ns.sub.Type): x is Guard {}
let v: A | B & C | undefined, w: typeof value.member, k: keyof Keys, t: [P, Q?, ...R[]]
type M = { [key in keyof Source as Renamed]: Source[key] }
type N = T extends (infer U)[] ? U : Props['name']
const y = x as unknown as Cast, z = <Old>x2, n = maybe!.field satisfies Shape
call<Argument>(g)
new Box<Content>()
class D<X> extends E<X> implements I<X>, J.K { @deco() p: (cb: Callback) => Result }
"#,
        expect![[r#"
            2:22 Type Base
            2:29 Type Default
            2:89 Type Guard
            2:44 Type Self
            2:53 Type Map
            2:57 Type K
            2:60 Type V
            2:70 Read ns
            2:73 Read ns.sub
            2:77 Type ns.sub.Type
            3:8 Type A
            3:12 Type B
            3:16 Type C
            3:41 Read value
            3:47 Read value.member
            3:64 Type Keys
            3:74 Type P
            3:77 Type Q
            3:84 Type R
            4:26 Type Source
            4:36 Type Renamed
            4:46 Type Source
            4:53 Type key
            5:10 Type T
            5:34 Type U
            5:38 Type Props
            5:45 Type Props.name
            6:11 Read x
            6:27 Type Cast
            6:38 Type Old
            6:42 Read x2
            6:50 Read maybe
            6:57 Read maybe.field
            6:73 Type Shape
            7:1 Callee call
            7:6 Type Argument
            7:16 Read g
            8:5 Constructed Box
            8:9 Type Content
            9:20 Base E
            9:22 Type X
            9:36 Base I
            9:38 Type X
            9:42 Read J
            9:44 Base J.K
            9:64 Type Callback
            9:77 Type Result
            9:49 Callee deco
        "#]],
    );
}

#[test]
fn jsx_elements_call_components() {
    uses(
        Language::Tsx,
        r#"
const view = <Layout title={text} {...props} onClick={() => go()}>
  <div className="x">{items.map(item => <Item.Row key={item.id}>{item}</Item.Row>)}</div>
  <Generic<Data> value="y" />
  <></>
</Layout>
"#,
        expect![[r#"
            2:15 Callee Layout
            2:29 Read text
            2:39 Read props
            2:61 Callee go
            3:23 Read items
            3:29 Callee items.map
            3:42 Read Item
            3:47 Callee Item.Row
            3:56 Read item
            3:61 Read item.id
            3:66 Read item
            3:73 Read Item
            3:78 Read Item.Row
            4:4 Callee Generic
            4:12 Type Data
            6:3 Read Layout
        "#]],
    );
}

#[test]
fn jsx_in_javascript() {
    uses(
        Language::JavaScript,
        r#"
const view = (props) => <Form.Row title={props.title}><input value={value} {...rest} /></Form.Row>
"#,
        expect![[r#"
            2:26 Read Form
            2:31 Callee Form.Row
            2:42 Read props
            2:48 Read props.title
            2:69 Read value
            2:80 Read rest
            2:90 Read Form
            2:95 Read Form.Row
        "#]],
    );
}

#[test]
fn binds_type_parameters_and_inferred_types() {
    bindings(
        Language::TypeScript,
        r#"
interface Box<T extends Base> { get<U>(u: U): T }
type Item<A> = A extends Box<infer I> ? I : never
enum Bits { One = 1, Two = One << 1 }
class Store { load = (id) => id; static all = [] }
"#,
        expect![[r#"
            File0 Box -> Definition(0)
            Block1 T -> Local : Base
            Type2 get -> Definition(1)
            Block3 U -> Local
            File0 Item -> Definition(2)
            Block4 A -> Local
            Block5 I -> Local
            File0 Bits -> Definition(3)
            Type6 One -> Definition(4) = Itself #Number
            Type6 Two -> Definition(5)
            File0 Store -> Definition(6)
            Type7 load -> Definition(7)
            Function8 id -> Parameter(0)
            Type7 all -> Definition(8) = Itself #List
            load returns id
        "#]],
    );
}

#[test]
fn bindings_know_what_is_assigned() {
    bindings(
        Language::TypeScript,
        r#"
const conf = load() as Config
const { a, b: c, ...rest } = conf
const [head, ...tail] = list
function f(p: P, { q, r: s = 1 }: Props, [t]: T[], u = new U(), ...v: V[]) {
  var hoisted
  for (const item of p) { hoisted = item; let inner = 1 }
  for (const { id } of v) {}
  for (const key in p) {}
  try {} catch (error) { p ??= make() }
  const g = function own() { return own }
  if (p) { function risen() {} }
  return cond ? x : (y || z)
}
class C {
  field: F = make(outer)
  constructor(private db: Database) { this.other = db; this.other = null }
}
const api = { x: 1, y }
const arrow = async (one) => one.two
function* gen() { yield item }
"#,
        expect![[r#"
            File0 conf -> Definition(0) = Itself load() : Config
            File0 a -> Definition(1) = Itself conf.a
            File0 c -> Definition(2) = Itself conf.b
            File0 rest -> Definition(3) = Part conf
            File0 head -> Definition(4) = Part list
            File0 tail -> Definition(5) = Part list
            File0 f -> Definition(6)
            Function1 p -> Parameter(0) : P
            Function1 q -> Parameter(1) = Itself Props.q
            Function1 s -> Parameter(1) = Itself (Props.r | #Number)
            Function1 t -> Parameter(2) = Part #List<T>
            Function1 u -> Parameter(3) = Itself new U()
            Function1 v -> Parameter(4) : #List<V>
            Function1 hoisted -> Local
            Block2 item -> Local = Element p
            Function1 hoisted -> Local = Itself item
            Block3 inner -> Local = Itself #Number
            Block4 id -> Local = Itself v[].id
            Block5 key -> Local
            Block6 error -> Local
            Function1 p -> Parameter(0) = Itself make()
            Function1 g -> Definition(7)
            Function7 own -> Definition(7)
            Function1 risen -> Definition(8)
            File0 C -> Definition(9)
            Type9 field -> Definition(10) = Itself make(outer) : F
            Type9 constructor -> Definition(11)
            Function11 db -> Parameter(0) : Database
            Type9 db -> Definition(12) : Database
            Type9 other -> Definition(13) = Itself db
            Type9 other -> Definition(13) = Itself #Nothing
            File0 api -> Definition(14) = Itself #Map
            Type12 x -> Definition(15) = Itself #Number
            Type12 y -> Definition(16) = Itself y
            File0 arrow -> Definition(17)
            Function13 one -> Parameter(0)
            File0 gen -> Definition(18)
            g returns own
            f returns (x | (y | z))
            arrow returns one.two
            gen returns item
        "#]],
    );
}

#[test]
fn this_of_a_plain_function_is_not_the_class() {
    uses(
        Language::JavaScript,
        r#"
class C {
  m() {
    this.known()
    items.map(() => this.kept)
    items.map(function () { return this.lost })
  }
}
"#,
        expect![[r#"
            4:10 Callee this.known
            5:5 Read items
            5:11 Callee items.map
            5:26 Read this.kept
            6:5 Read items
            6:11 Callee items.map
            6:41 Read ?.lost
        "#]],
    );
}

#[test]
fn broken_text_still_has_facts() {
    outline(
        Language::TypeScript,
        r#"
export function ok() {}
class Broken { method( { }; kept() {} }
const = ;
export function later() {}
"#,
        expect![[r#"
            function ok 2:17 lines 2-2 flags=256 complexity=1/0/0 `export function ok()`
            class Broken 3:7 lines 3-3 private `class Broken`
              field method 3:16 lines 3-3 `method`
              method kept 3:29 lines 3-3 complexity=1/0/0 `kept()`
            function later 5:17 lines 5-5 flags=256 complexity=1/0/0 `export function later()`
            export ok = ok
            export later = later
            problem Syntax at 3
        "#]],
    );
}

#[test]
fn deep_nesting_ends_with_a_problem() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("f(", ")"), ("() => {", "}")] {
        let text = format!(
            "const x = 1\n{}1{}\nfunction after() {{}}\n",
            open.repeat(5_000),
            close.repeat(5_000)
        );
        let facts = printed::facts(Language::TypeScript, &text);
        let kinds: Vec<ProblemKind> = facts.problems.iter().map(|problem| problem.kind).collect();
        assert!(kinds.contains(&ProblemKind::TooDeep), "{open}: {kinds:?}");
    }
}

#[test]
fn long_chains_are_not_deep() {
    let text = format!(
        "const x = {}last\ntype T = {}Last\nif (a) {{}} {} else b()\n",
        "part + ".repeat(2_000),
        "Part | ".repeat(2_000),
        "else if (a) {}".repeat(2_000)
    );
    let facts = printed::facts(Language::TypeScript, &text);
    assert_eq!(facts.problems, vec![]);
    let uses = |wanted: &str| {
        let is_use = |expression: &&Expression| matches!(expression.kind, ExpressionKind::Name(name) if facts.name(name) == wanted);
        facts.expressions.iter().filter(is_use).count()
    };
    assert_eq!((uses("part"), uses("Part"), uses("a"), uses("b")), (2_000, 2_000, 2_001, 1));
}
