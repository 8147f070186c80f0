//! Go: packages, receivers, several results.

use expect_test::expect;

use crate::fixture::check;

#[test]
fn a_package_sees_its_names_across_files_but_not_its_tests() {
    check(
        r#"
-- go.mod --
module example.com/app
-- a.go --
package app

func helper() {}
-- b.go --
package app

func Use() { helper(); missing() }
-- a_test.go --
package app_test

func TestUse() { helper() }
"#,
        expect![[r#"
            example.com/app.Use -calls/package-> example.com/app.helper @3
            unresolved: helper, missing
        "#]],
    );
}

#[test]
fn imports_follow_go_mod() {
    check(
        r#"
-- go.mod --
module example.com/app // the root
-- store/store.go --
package store

type Store struct{}

func New() *Store { return &Store{} }
func (s *Store) Get() {}
-- tool/go.mod --
module example.com/tool
-- tool/x/x.go --
package x

func X() {}
-- main.go --
package main

import (
	"fmt"

	db "example.com/app/store"
	"example.com/app/gone"
	"example.com/tool/x"
)

func main() {
	db.New().Get()
	s := db.New()
	s.Get()
	x.X()
	fmt.Println()
	gone.Call()
}
"#,
        expect![[r#"
            example.com/app/store.New -references/scope-> example.com/app/store.Store @5
            example.com/app/store.New -instantiates/scope-> example.com/app/store.Store @5
            example.com/app/store.Store.Get -references/scope-> example.com/app/store.Store @6
            example.com/app.main -calls/import-> example.com/app/store.New @12
            example.com/app.main -calls/receiver-type-> example.com/app/store.Store.Get @12
            example.com/app.main -calls/import-> example.com/app/store.New @13
            example.com/app.main -calls/inferred-> example.com/app/store.Store.Get @14
            example.com/app.main -calls/import-> example.com/tool/x.X @15
            external: fmt, fmt.Println
            unresolved: Call, example.com/app/gone, gone
        "#]],
    );
}

#[test]
fn receivers_embedding_and_fields() {
    check(
        r#"
-- a.go --
package a

type Base struct{}

func (b *Base) Save() {}

type Door struct{}

func (d Door) Lock() {}

type Shop struct {
	*Base
	front Door
	doors []Door
}

func (s *Shop) Close() {
	s.Save()
	s.front.Lock()
	for _, door := range s.doors {
		door.Lock()
	}
	s.doors[0].Lock()
	s.Close()
}
"#,
        expect![[r#"
            Base.Save -references/scope-> Base @5
            Door.Lock -references/scope-> Door @9
            Shop -inherits/scope-> Base @12
            Shop -references/scope-> Door @13
            Shop -references/scope-> Door @14
            Shop.Close -references/scope-> Shop @17
            Shop.Close -calls/receiver-type-> Base.Save @18
            Shop.Close -references/receiver-type-> Shop.front @19
            Shop.Close -calls/inferred-> Door.Lock @19
            Shop.Close -references/receiver-type-> Shop.doors @20
            Shop.Close -calls/inferred-> Door.Lock @21
            Shop.Close -references/receiver-type-> Shop.doors @23
            Shop.Close -calls/inferred-> Door.Lock @23
            Shop.Close -calls/receiver-type-> Shop.Close @24
        "#]],
    );
}

#[test]
fn several_results_go_to_their_names() {
    check(
        r#"
-- a.go --
package a

type A struct{}

func (a *A) Run() {}

type B struct{}

func (b *B) Run() {}

func pair() (*A, *B) { return nil, nil }

func use() {
	a, b := pair()
	a.Run()
	b.Run()
	_, second := pair()
	second.Run()
}
"#,
        expect![[r#"
            A.Run -references/scope-> A @5
            B.Run -references/scope-> B @9
            pair -references/scope-> A @11
            pair -references/scope-> B @11
            use -calls/scope-> pair @14
            use -calls/inferred-> A.Run @15
            use -calls/inferred-> B.Run @16
            use -calls/scope-> pair @17
            use -calls/inferred-> B.Run @18
        "#]],
    );
}

#[test]
fn types_defined_over_others_keep_their_own_methods() {
    check(
        r#"
-- a.go --
package a

type Param struct{}

func (p Param) Text() {}

type Params []Param

func (ps Params) Get() { ps[0].Text() }

type Handler func()

func (h Handler) Serve() {}

func use(ps Params, h Handler) {
	ps.Get()
	for _, p := range ps {
		p.Text()
	}
	h.Serve()
}
"#,
        expect![[r#"
            Param.Text -references/scope-> Param @5
            Params -references/scope-> Param @7
            Params.Get -references/scope-> Params @9
            Params.Get -calls/inferred-> Param.Text @9
            Handler.Serve -references/scope-> Handler @13
            use -references/scope-> Params @15
            use -references/scope-> Handler @15
            use -calls/receiver-type-> Params.Get @16
            use -calls/inferred-> Param.Text @18
            use -calls/receiver-type-> Handler.Serve @20
        "#]],
    );
}

#[test]
fn interfaces_blocks_and_shadowing() {
    check(
        r#"
-- a.go --
package a

type Runner interface{ Run() }

func use(r Runner, run func()) {
	r.Run()
	run()
	if run := other(); run != nil {
		run.Run()
	}
}

func other() Runner { return nil }

func run() {}
"#,
        expect![[r#"
            use -references/scope-> Runner @5
            use -calls/receiver-type-> Runner.Run @6
            use -calls/scope-> other @8
            use -calls/inferred-> Runner.Run @9
            other -references/scope-> Runner @13
        "#]],
    );
}

#[test]
fn a_value_made_once_is_what_its_function_gives() {
    check(
        r#"
-- a.go --
package a

import "sync"

type Engine struct{}

func (e *Engine) Start() {}

var engine = sync.OnceValue(func() *Engine { return &Engine{} })

func use() { engine().Start() }
"#,
        expect![[r#"
            Engine.Start -references/scope-> Engine @7
            <lambda1> -references/scope-> Engine @9
            <lambda1> -instantiates/scope-> Engine @9
            use -calls/inferred-> <lambda1> @11
            use -references/scope-> engine @11
            use -calls/receiver-type-> Engine.Start @11
            external: sync, sync.OnceValue
        "#]],
    );
}
