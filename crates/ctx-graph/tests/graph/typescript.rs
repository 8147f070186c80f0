//! TypeScript: types beside values, paths of `tsconfig.json`.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn a_type_and_a_value_of_one_name() {
    check(
        r#"
-- app.ts --
interface Shop { open(): void }
const Shop = { make(): Shop { return null! } };
function use(shop: Shop) {
  shop.open();
  Shop.make().open();
}
"#,
        expect![[r#"
            app.Shop -references/scope-> app.Shop:1 @2
            app.ts -references/scope-> app.Shop:1 @3
            app.use -calls/receiver-type-> app.Shop.open @4
            app.use -references/scope-> app.Shop:2 @5
            app.use -calls/receiver-type-> app.Shop.make @5
            app.use -calls/receiver-type-> app.Shop.open @5
        "#]],
    );
}

#[test]
fn type_only_imports_bind_types() {
    check(
        r#"
-- model.ts --
export interface Ware { price: number }
export type Wares = Ware[];
-- app.ts --
import type { Ware, Wares } from './model';
function sum(wares: Wares, first: Ware) { return first.price + wares[0].price; }
"#,
        expect![[r#"
            model.ts -references/scope-> model.Ware @2
            app.ts -references/import-> model.Ware @1
            app.ts -imports/import-> model.ts @1
            app.ts -references/import-> model.Wares @1
            app.ts -imports/import-> model.ts @1
            app.ts -references/import-> model.Wares @2
            app.ts -references/import-> model.Ware @2
            app.sum -references/receiver-type-> model.Ware.price @2
            app.sum -references/inferred-> model.Ware.price @2
        "#]],
    );
}

#[test]
fn paths_of_tsconfig_and_base_url() {
    check(
        r#"
-- tsconfig.json --
{ // comments are allowed
  "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"], "exact": ["src/exact.ts"] } },
}
-- src/deep/tool.ts --
export function tool() {}
-- src/exact.ts --
export const exact = () => {};
-- src/main.ts --
import { tool } from '@/deep/tool';
import { exact } from 'exact';
import { tool as based } from 'src/deep/tool';
tool();
exact();
based();
"#,
        expect![[r#"
            src/main.ts -references/import-> src/deep/tool.tool @1
            src/main.ts -imports/import-> src/deep/tool.ts @1
            src/main.ts -references/import-> src/exact.exact @2
            src/main.ts -imports/import-> src/exact.ts @2
            src/main.ts -references/import-> src/deep/tool.tool @3
            src/main.ts -imports/import-> src/deep/tool.ts @3
            src/main.ts -calls/import-> src/deep/tool.tool @4
            src/main.ts -calls/import-> src/exact.exact @5
            src/main.ts -calls/import-> src/deep/tool.tool @6
        "#]],
    );
}

#[test]
fn fields_generics_and_unions() {
    check(
        r#"
-- app.ts --
class Door { lock(): void {} }
class Window { lock(): void {} }
class House<T extends Door> {
  private doors: Door[] = [];
  constructor(private front: Door, public other: Door | Window) {}
  close(extra: T) {
    this.front.lock();
    this.doors[0].lock();
    this.other.lock();
    extra.lock();
    for (const door of this.doors) door.lock();
  }
}
"#,
        expect![[r#"
            app.ts -references/scope-> app.Door @3
            app.House -references/scope-> app.Door @4
            app.House -references/scope-> app.Door @5
            app.House -references/scope-> app.Door @5
            app.House -references/scope-> app.Window @5
            app.House.close -references/self-type-> app.House.front @7
            app.House.close -calls/inferred-> app.Door.lock @7
            app.House.close -references/self-type-> app.House.doors @8
            app.House.close -calls/inferred-> app.Door.lock @8
            app.House.close -references/self-type-> app.House.other @9
            app.House.close -calls/inferred-> app.Door.lock @9, one of 2
            app.House.close -calls/inferred-> app.Window.lock @9, one of 2
            app.House.close -calls/receiver-type-> app.Door.lock @10
            app.House.close -references/self-type-> app.House.doors @11
            app.House.close -calls/inferred-> app.Door.lock @11
        "#]],
    );
}

#[test]
fn interfaces_extend_and_classes_implement() {
    check(
        r#"
-- app.ts --
interface Named { name(): string }
interface Shop extends Named { open(): void }
class Corner implements Shop { name() { return '' } open() { this.name() } }
function use(shop: Shop, part: Partial<Shop>) { shop.name(); part.open(); }
"#,
        expect![[r#"
            app.Shop -inherits/scope-> app.Named @2
            app.Corner -implements/scope-> app.Shop @3
            app.Corner.open -calls/self-type-> app.Corner.name @3
            app.ts -references/scope-> app.Shop @4
            app.ts -references/scope-> app.Shop @4
            app.use -calls/receiver-type-> app.Named.name @4
            app.use -calls/receiver-type-> app.Shop.open @4
            external: Partial
        "#]],
    );
}

#[test]
fn awaited_and_returned_values() {
    check(
        r#"
-- app.ts --
class Client { get() {} }
async function connect(): Promise<Client> { return new Client(); }
async function use() {
  (await connect()).get();
  const client = await connect();
  client.get();
}
"#,
        expect![[r#"
            app.ts -references/scope-> app.Client @2
            app.connect -instantiates/scope-> app.Client @2
            app.use -calls/scope-> app.connect @4
            app.use -calls/inferred-> app.Client.get @4
            app.use -calls/scope-> app.connect @5
            app.use -calls/inferred-> app.Client.get @6
            external: Promise
        "#]],
    );
}

#[test]
fn enums_namespaces_and_a_typed_function_constant() {
    check(
        r#"
-- app.ts --
enum Color { Red, Green }
namespace Tools { export function cut() {} }
interface Counter { (): void; total: number }
const count: Counter = () => {};
Tools.cut();
const color = Color.Red;
count.total;
"#,
        expect![[r#"
            app.ts -references/scope-> app.Counter @4
            app.ts -references/scope-> app.Tools @5
            app.ts -calls/scope-> app.Tools.cut @5
            app.ts -references/scope-> app.Color @6
            app.ts -references/receiver-type-> app.Color.Red @6
            app.ts -references/scope-> app.count @7
            unresolved: total
        "#]],
    );
}

#[test]
fn declared_files_stand_for_what_is_outside() {
    check(
        r#"
-- types.d.ts --
declare class Api { call(): void }
export { Api };
-- app.ts --
import { Api } from './types';
new Api().call();
"#,
        expect![[r#"
            types.d.ts -references/scope-> types.d.Api @2
            app.ts -references/import-> types.d.Api @1
            app.ts -imports/import-> types.d.ts @1
            app.ts -instantiates/import-> types.d.Api @2
            app.ts -calls/receiver-type-> types.d.Api.call @2
        "#]],
    );
}
