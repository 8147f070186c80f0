use ctx_model::Language;
use expect_test::{Expect, expect};

use crate::printed;

fn outline(text: &str, expected: Expect) {
    printed::check_sound(Language::Go, text);
    printed::check_outline(Language::Go, text, expected);
}

fn uses(text: &str, expected: Expect) {
    printed::check_sound(Language::Go, text);
    printed::check_uses(Language::Go, text, expected);
}

fn bindings(text: &str, expected: Expect) {
    printed::check_sound(Language::Go, text);
    printed::check_bindings(Language::Go, text, expected);
}

#[test]
fn functions_and_methods_carry_signature_doc_and_complexity() {
    outline(
        r#"// Package shop sells.
package shop

// Open opens the shop
// at once.
//
// Not said: more.
//go:noinline
func Open[T any](name, street string, rest ...T) (
	*Shop, error,
) {
	if name == "" && street == "" {
		return nil, nil
	} else if street != "" {
		for range rest {
		}
	}
	switch name {
	case "a", "b":
	default:
	}
	return func() *Shop { return nil }(), nil
}

/* close closes.

 * Not said: more. */
func (s *Shop[T]) close() error { return nil }

var trailing int /* Not external's. */
func external(int, string) bool

func TestOpen(t *testing.T) {}
func ExampleOpen()          {}
func Testimony(t *testing.T) {}
func TestHelper()            {}
"#,
        expect![[r#"
            function Open 9:6 lines 9-23 complexity=6/2/3 type=#Tuple<Shop, error> `func Open[T any](name, street string, rest ...T) ( *Shop, error, )` "Open opens the shop at once."
              lambda <lambda1> 22:9 lines 22-22 private complexity=1/0/0 type=Shop `func() *Shop`
            method close 28:19 lines 28-28 package complexity=1/0/0 owner=Shop type=error `func (s *Shop[T]) close() error` "close closes."
            variable trailing 30:5 lines 30-30 package type=int `var trailing int`
            function external 31:6 lines 31-31 package complexity=0/0/2 type=bool `func external(int, string) bool`
            function TestOpen 33:6 lines 33-33 flags=1 complexity=1/0/1 `func TestOpen(t *testing.T)`
            function ExampleOpen 34:6 lines 34-34 flags=1 complexity=1/0/0 `func ExampleOpen()`
            function Testimony 35:6 lines 35-35 complexity=1/0/1 `func Testimony(t *testing.T)`
            function TestHelper 36:6 lines 36-36 complexity=1/0/0 `func TestHelper()`
        "#]],
    );
}

#[test]
fn types_have_fields_methods_and_bases() {
    outline(
        r#"package p

// A Shop sells.
type Shop struct {
	// Name is shown.
	Name, street string `json:"name"`
	*pkg.Base
	List[int]
	Reader Reader
	inner  struct{ A int }
}

type (
	// Reader reads.
	Reader interface {
		// Read reads.
		Read(p []byte) (n int, err error)
		io.Closer
		~int | string
	}
	Handler func(*Shop) error
	Name    = string
	Number  interface{ ~int }
	Pair[K comparable, V any] struct {
		key K
		value V
	}
)
"#,
        expect![[r#"
            struct Shop 4:6 lines 4-11 extends=pkg.Base extends=List<int> `type Shop struct` "A Shop sells."
              field Name 6:2 lines 6-6 type=string `Name, street string `json:"name"`` "Name is shown."
              field street 6:8 lines 6-6 package type=string `Name, street string `json:"name"`` "Name is shown."
              field Base 7:7 lines 7-7 type=pkg.Base `*pkg.Base`
              field List 8:2 lines 8-8 type=List<int> `List[int]`
              field Reader 9:2 lines 9-9 type=Reader `Reader Reader`
              field inner 10:2 lines 10-10 package type=? `inner struct{ A int }`
            interface Reader 15:2 lines 15-20 extends=io.Closer `Reader interface` "Reader reads."
              method Read 17:3 lines 17-17 flags=8 complexity=0/0/1 type=#Tuple<int, error> `Read(p []byte) (n int, err error)` "Read reads."
            type-alias Handler 21:2 lines 21-21 type=? `Handler func(*Shop) error`
            type-alias Name 22:2 lines 22-22 type=string `Name = string`
            interface Number 23:2 lines 23-23 `Number interface`
            struct Pair 24:2 lines 24-27 `Pair[K comparable, V any] struct`
              field key 25:3 lines 25-25 package type=K `key K`
              field value 26:3 lines 26-26 package type=V `value V`
        "#]],
    );
}

#[test]
fn constants_and_variables() {
    outline(
        r#"package p

// Limit is the most.
const Limit = 3

const (
	// Red is a color.
	Red Color = iota
	Green
	blue, _ = 1, 2
)

var _ Reader = (*Shop)(nil)

var (
	a, b = pair()
	Default = &Shop{
		Name: "x",
	}
)

func f() { const inside = 1; type local struct{}; var v local }
"#,
        expect![[r#"
            constant Limit 4:7 lines 4-4 `const Limit = 3` "Limit is the most."
            constant Red 8:2 lines 8-8 type=Color `Red Color = iota` "Red is a color."
            constant Green 9:2 lines 9-9 type=Color `Green`
            constant blue 10:2 lines 10-10 package `blue, _ = 1, 2`
            variable a 16:2 lines 16-16 package `a, b = pair()`
            variable b 16:5 lines 16-16 package `a, b = pair()`
            variable Default 17:2 lines 17-19 `Default = &Shop`
            function f 22:6 lines 22-22 package complexity=1/0/0 `func f()`
              struct local 22:35 lines 22-22 private `type local struct`
        "#]],
    );
}

#[test]
fn imports_name_packages() {
    outline(
        r#"package p

import "net/http"
import (
	. "dots"
	_ "side/effect"
	yaml2 "gopkg.in/yaml.v2"
	"example.com/mod/v3"
	`gopkg.in/check.v1`
	"C"
)
"#,
        expect![[r#"
            import module of net/http as http 3:9
            import everything of dots 5:5
            import module of side/effect 6:5
            import module of gopkg.in/yaml.v2 as yaml2 7:9
            import module of example.com/mod/v3 as mod 8:3
            import module of gopkg.in/check.v1 as check 9:3
            import module of C as C 10:3
        "#]],
    );
}

#[test]
fn every_use_of_a_name_is_found_with_its_receiver() {
    uses(
        r#"package p

func (s *Shop[T]) get(url *url.URL, by map[Key][]chan Value) (found T) {
	s.items[at].Run(other(1), s.more...)
	s.count++
	*s.last = value
	s.a.b, c = d, e
	x := &pkg.Thing{Name: name, "k": v, 1: w}
	go func() { ch <- <-in }()
	defer s.mu.Unlock()
	(x.(*Shop)).Open(y.(int))
	if v, ok := x.(*pkg.Type); ok && !done {
		goto end
	}
end:
	return s.T[1:n]
}
"#,
        expect![[r#"
            3:10 Type Shop
            3:28 Read url
            3:32 Type url.URL
            3:44 Type Key
            3:55 Type Value
            3:69 Type T
            4:2 Read s
            4:4 Read s.items
            4:10 Read at
            4:14 Callee s.items[].Run
            4:18 Callee other
            4:28 Read s
            4:30 Read s.more
            5:2 Read s
            5:4 Write s.count
            6:12 Read value
            6:3 Read s
            6:5 Read s.last
            7:13 Read d
            7:16 Read e
            7:2 Read s
            7:4 Read s.a
            7:6 Write s.a.b
            7:9 Write c
            8:8 Read pkg
            8:12 Constructed pkg.Thing
            8:18 Write new pkg.Thing().Name
            8:24 Read name
            8:35 Read v
            8:41 Read w
            9:14 Read ch
            9:22 Read in
            10:8 Read s
            10:10 Read s.mu
            10:13 Callee s.mu.Unlock
            11:3 Read x
            11:7 Type Shop
            11:14 Callee Shop.Open
            11:19 Read y
            11:22 Type int
            12:14 Read x
            12:18 Read pkg
            12:22 Type pkg.Type
            12:29 Read ok
            12:36 Read done
            16:9 Read s
            16:11 Read s.T
            16:15 Read n
        "#]],
    );
}

#[test]
fn composite_literals_construct_and_name_fields() {
    uses(
        r#"package p

var tests = []Case{{Name: name, In: []int{1, n}}, {Out: Other{A: a}}}
var table = map[Key]*Case{{ID: id}: {Name: x}, k: v}
var grid = [...][2]Point{{{X: 1}}}
var anonymous = []struct{ name string }{{name: "a"}}
var made = make(map[string]Case, size)
var fresh = new(pkg.Case)
"#,
        expect![[r#"
            3:15 Type Case
            3:21 Write new Case().Name
            3:27 Read name
            3:33 Write new Case().In
            3:39 Type int
            3:46 Read n
            3:52 Write new Case().Out
            3:57 Constructed Other
            3:63 Write new Other().A
            3:66 Read a
            4:17 Type Key
            4:22 Type Case
            4:28 Write new Key().ID
            4:32 Read id
            4:38 Write new Case().Name
            4:44 Read x
            4:48 Read k
            4:51 Read v
            5:20 Type Point
            5:28 Write new Point().X
            6:32 Type string
            6:42 Write new ?().name
            7:12 Callee make
            7:21 Type string
            7:28 Type Case
            7:34 Read size
            8:13 Callee new
            8:17 Read pkg
            8:21 Constructed pkg.Case
        "#]],
    );
}

#[test]
fn type_arguments_are_told_from_indexes() {
    uses(
        r#"package p

func f(c *Context, i int) {
	Max[int](1)
	pkg.Map[Key, pkg.Value](a, b)
	Cast[c.T](1)
	c.handlers[c.index](c)
	table[i](c)
	table[i](c, c)
	New[[]byte](c)
	Of[T]()
	_ = Set[string]{}
	_ = []byte(text)
	_ = (*Shop)(nil)
	_ = Max[int]
}
"#,
        expect![[r#"
            3:11 Type Context
            3:22 Type int
            4:2 Callee Max
            4:6 Type int
            5:2 Read pkg
            5:6 Callee pkg.Map
            5:10 Type Key
            5:15 Read pkg
            5:19 Type pkg.Value
            5:26 Read a
            5:29 Read b
            6:2 Read Cast
            6:7 Read c
            6:9 Read c.T
            7:2 Read c
            7:4 Read c.handlers
            7:13 Read c
            7:15 Read c.index
            7:22 Read c
            8:2 Read table
            8:8 Read i
            8:11 Read c
            9:2 Read table
            9:8 Read i
            9:11 Read c
            9:14 Read c
            10:2 Callee New
            10:8 Type byte
            10:14 Read c
            11:2 Callee Of
            11:5 Type T
            12:6 Constructed Set
            12:10 Type string
            13:8 Type byte
            13:13 Read text
            14:8 Callee Shop
            15:6 Read Max
            15:10 Read int
        "#]],
    );
}

#[test]
fn bindings_know_what_is_assigned() {
    bindings(
        r#"package p

var global, other = pair()

func f(a, b int, _ string, rest ...T) (n T, err error) {
	x, y := 1, g()
	v, err := h()
	_, second := h()
	item, ok := table[key]
	cast := any.(*Thing)
	checked, ok := any.(Thing)
	var declared pkg.Type = nil
	var one, two = <-ch, &Shop{}
	for i := 0; i < n; i++ {
	}
	for k, v := range items {
	}
	for range 3 {
	}
	return x, nil
}
"#,
        expect![[r#"
            File0 global -> Definition(0) = Part pair()
            File0 other -> Definition(1) = Part pair()
            File0 f -> Definition(2)
            Function2 a -> Parameter(0) : int
            Function2 b -> Parameter(1) : int
            Function2 rest -> Parameter(3) : #List<T>
            Function2 n -> Local : T
            Function2 err -> Local : error
            Function2 x -> Local = Itself #Number
            Function2 y -> Local = Itself g()
            Function2 v -> Local = Part h()
            Function2 err -> Local = Part h()
            Function2 _ -> Local = Part h()
            Function2 second -> Local = Part h()
            Function2 item -> Local = Itself table[]
            Function2 ok -> Local
            Function2 cast -> Local : Thing
            Function2 checked -> Local : Thing
            Function2 ok -> Local
            Function2 declared -> Local = Itself #Nothing : pkg.Type
            Function2 one -> Local = Itself ch[]
            Function2 two -> Local = Itself new Shop()
            Block3 i -> Local = Itself #Number
            Block5 k -> Local
            Block5 v -> Local = Element items
            f returns #Tuple
        "#]],
    );
}

#[test]
fn each_case_binds_its_own_variable() {
    bindings(
        r#"package p

func f(x any) any {
	switch v := x.(type) {
	case *Shop:
		return v
	case int, string:
	case nil:
	default:
	}
	select {
	case got, ok := <-in:
	case known = <-in:
	case out <- x:
	}
	return func(y int) { return y }
}
"#,
        expect![[r#"
            File0 f -> Definition(0)
            Function2 x -> Parameter(0) : any
            Block4 v -> Local : Shop
            Block5 v -> Local = Itself x
            Block6 v -> Local = Itself x
            Block7 v -> Local = Itself x
            Block9 got -> Local = Itself in[]
            Block9 ok -> Local
            Function13 y -> Parameter(0) : int
            f returns v
            <lambda1> returns y
            f returns definition <lambda1>
        "#]],
    );
}

#[test]
fn a_declaration_uses_the_outer_meaning_of_its_names() {
    let text = r#"package p

func f(url string) {
	url := url.Parse(url)
	url.Use()
}
"#;
    printed::check_sound(Language::Go, text);
    let facts = printed::facts(Language::Go, text);
    let scopes: Vec<String> = facts
        .expressions
        .iter()
        .enumerate()
        .filter(|(_, expression)| expression.at.line > 3)
        .map(|(id, expression)| {
            format!("{}@{}", printed::spelled(&facts, id as u32), expression.scope)
        })
        .collect();
    expect!["url@2 url.Parse@2 url@2 url.Parse(url)@2 url@3 url.Use@3 url.Use()@3"]
        .assert_eq(&scopes.join(" "));
    bindings(
        text,
        expect![[r#"
        File0 f -> Definition(0)
        Function2 url -> Parameter(0) : string
        Block3 url -> Local = Itself url.Parse(url)
    "#]],
    );
}

#[test]
fn types_in_a_head_are_not_hidden_by_parameters_or_members() {
    let text = "package p\ntype S struct { Reader Reader }\nfunc f(url *url.URL) {}\n";
    let facts = printed::facts(Language::Go, text);
    for expression in &facts.expressions {
        let scope = facts.scopes[expression.scope as usize];
        assert_eq!(scope.kind, ctx_model::facts::ScopeKind::Block);
        assert!(scope.definition.is_some(), "a head belongs to its definition");
    }
}

#[test]
fn broken_text_still_has_facts() {
    outline(
        "package p\nfunc ok() { x. }\nfunc (\ntype T struct { a int\nfunc later() { x := }\n",
        expect![[r#"
            function ok 2:6 lines 2-2 package complexity=1/0/0 `func ok()`
            lambda <lambda1> 3:1 lines 3-5 private complexity=1/0/3 `func ( type T struct { a int func later()`
            problem Syntax at 2
        "#]],
    );
}

#[test]
fn deep_nesting_ends_with_a_problem() {
    let text = format!(
        "package p\nvar x = {}1{}\nfunc after() {{}}\n",
        "(".repeat(9_000),
        ")".repeat(9_000)
    );
    let facts = printed::facts(Language::Go, &text);
    let problems: Vec<_> = facts.problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(problems, [ctx_model::facts::ProblemKind::TooDeep]);
    assert!(facts.definitions.iter().any(|definition| facts.name(definition.name) == "after"));
}

#[test]
fn long_sums_and_chains_of_conditions_are_followed_to_their_end() {
    let sum: String = (0..2_000).map(|n| format!("v{n} + ")).collect();
    let chain: String = (0..2_000).map(|n| format!("if c{n} {{ }} else ")).collect();
    let text = format!("package p\nfunc f() {{ x := {sum}last\n {chain}{{ end() }}\n}}\n");
    let facts = printed::facts(Language::Go, &text);
    assert!(facts.problems.is_empty());
    assert_eq!(
        facts
            .expressions
            .iter()
            .filter(|expression| {
                matches!(expression.kind, ctx_model::facts::ExpressionKind::Name(_))
            })
            .count(),
        4_002
    );
    assert_eq!(facts.definitions[0].complexity.nesting, 1);
}
