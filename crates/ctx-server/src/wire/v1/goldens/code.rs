//! Answers about code.

use std::time::Duration;

use ctx_engine::{EngineError, ErrorKind, Receipt, answer, request};
use ctx_model::Position;
use ctx_model::edge::{EdgeKind, How};
use ctx_model::project::{SkipReason, Skipped};
use expect_test::expect;

use super::{check, check_answer, status};
use crate::wire::v1::*;

fn symbol() -> answer::SymbolRef {
    answer::SymbolRef {
        qualified: "pkg.mod.C.m".into(),
        kind: "method".into(),
        path: "pkg/mod.py".into(),
        line: 7,
        end_line: 9,
    }
}

fn step() -> answer::ImpactStep {
    answer::ImpactStep {
        kind: EdgeKind::Calls,
        from: "pkg.a".into(),
        to: "pkg.b".into(),
        path: "pkg/a.py".into(),
        line: 3,
        how: How::Import,
        confidence: 0.9,
    }
}

#[test]
fn failures() {
    let cause = std::io::Error::other("disk on fire");
    let error = EngineError::new(ErrorKind::NotFound, "no symbol `f`")
        .with_hint("try search")
        .because(cause);
    check(
        error::ErrorBody { error: error.into() },
        expect![[r#"
        {
          "error": {
            "kind": "not-found",
            "message": "no symbol `f`",
            "hint": "try search",
            "causes": [
              "disk on fire"
            ]
          }
        }"#]],
    );
}

#[test]
fn freshness_beside_an_answer() {
    let freshness = answer::Freshness {
        indexed_commit: Some("c0ffee".into()),
        branch: Some("main".into()),
        stale_files: vec!["a.py".into()],
        stale_file_count: 1,
        indexed_files: 2,
        total_files: 3,
        complete: false,
        indexing: true,
        head_moved: true,
    };
    let content = answer::SearchAnswer::default();
    let answer = answer::Answer { content, freshness, receipt: Receipt::default() };
    check(
        freshness::Answer::<search::SearchAnswer>::from(answer),
        expect![[r#"
        {
          "hits": [],
          "freshness": {
            "indexed_commit": "c0ffee",
            "branch": "main",
            "stale_files": [
              "a.py"
            ],
            "stale_file_count": 1,
            "indexed_files": 2,
            "total_files": 3,
            "complete": false,
            "indexing": true,
            "head_moved": true
          }
        }"#]],
    );
}

// tidy: long because the checked-in JSON is written out in it.
#[test]
fn index_events() {
    let step =
        request::ProgressStep { phase: request::IndexPhase::Parsing, done: 3, total: Some(9) };
    check(
        index::IndexEvent::Progress(step.into()),
        expect![[r#"
        {
          "event": "progress",
          "phase": "parsing",
          "done": 3,
          "total": 9
        }"#]],
    );
    let counts = answer::LanguageCounts { files: 2, lines: 30 };
    let report = answer::IndexReport {
        files: 2,
        lines: 30,
        bytes: 400,
        symbols: 5,
        references: 6,
        edges: answer::EdgeCounts { resolved: 3, external: 2, unresolved: 1 },
        languages: [("python".to_owned(), counts)].into(),
        skipped: vec![Skipped { path: "x.bin".into(), reason: SkipReason::Binary }],
        elapsed: Duration::from_micros(1_234_567),
        cpu: Duration::from_millis(20),
        peak_rss_bytes: 1000,
        reused_files: 1,
        commit: Some("c0ffee".into()),
        branch: None,
    };
    check(
        index::IndexEvent::Result { result: report.into() },
        expect![[r#"
        {
          "event": "result",
          "result": {
            "files": 2,
            "lines": 30,
            "bytes": 400,
            "symbols": 5,
            "references": 6,
            "edges": {
              "resolved": 3,
              "external": 2,
              "unresolved": 1
            },
            "languages": {
              "python": {
                "files": 2,
                "lines": 30
              }
            },
            "skipped": [
              {
                "path": "x.bin",
                "reason": "binary"
              }
            ],
            "elapsed_ms": 1234.567,
            "cpu_ms": 20.0,
            "peak_rss_bytes": 1000,
            "reused_files": 1,
            "commit": "c0ffee",
            "branch": null
          }
        }"#]],
    );
    let error = EngineError::new(ErrorKind::StorageFull, "no room").into();
    check(
        index::IndexEvent::Error { error },
        expect![[r#"
        {
          "event": "error",
          "error": {
            "kind": "storage-full",
            "message": "no room",
            "hint": null
          }
        }"#]],
    );
}

#[test]
fn status_answer() {
    let answer = answer::Answer {
        content: status(),
        freshness: answer::Freshness::default(),
        receipt: Receipt::default(),
    };
    check(
        status::StatusAnswer::from(answer),
        expect![[r#"
        {
          "project": "abababababababababababababababab",
          "root": "/home/ann/project",
          "indexed_commit": null,
          "branch": null,
          "stale_files": [],
          "stale_file_count": 0,
          "indexed_files": 0,
          "total_files": 0,
          "complete": false,
          "indexing": false,
          "head_moved": false,
          "indexed_at": "2023-05-08T13:56:00Z",
          "symbols": 5,
          "edges": {
            "resolved": 3,
            "external": 2,
            "unresolved": 1
          },
          "memories": 4,
          "index_bytes": 4096,
          "rss_bytes": 8192,
          "watching": true,
          "seal": "open"
        }"#]],
    );
}

#[test]
fn search_answer() {
    let hit = answer::Hit {
        path: "pkg/mod.py".into(),
        line: 7,
        end_line: 9,
        symbol: Some("pkg.mod.C.m".into()),
        kind: "method".into(),
        score: 2.5,
        why: vec!["name".into()],
        snippet: "def m(self):".into(),
    };
    let answer = answer::SearchAnswer { hits: vec![hit], notes: vec!["no file".into()] };
    check_answer::<_, search::SearchAnswer>(
        answer,
        expect![[r#"
        {
          "hits": [
            {
              "end_line": 9,
              "kind": "method",
              "line": 7,
              "path": "pkg/mod.py",
              "score": 2.5,
              "snippet": "def m(self):",
              "symbol": "pkg.mod.C.m",
              "why": [
                "name"
              ]
            }
          ],
          "notes": [
            "no file"
          ]
        }"#]],
    );
}

#[test]
fn locate_answer() {
    let why = vec!["words".to_owned()];
    let file = answer::LocatedFile { path: "pkg/mod.py".into(), score: 2.5, why: why.clone() };
    let symbol = answer::LocatedSymbol { symbol: symbol(), score: 1.5, why };
    let answer = answer::LocateAnswer {
        files: vec![file],
        symbols: vec![symbol],
        elapsed: Duration::from_micros(1500),
    };
    check_answer::<_, locate::LocateAnswer>(
        answer,
        expect![[r#"
        {
          "elapsed_ms": 1.5,
          "files": [
            {
              "path": "pkg/mod.py",
              "score": 2.5,
              "why": [
                "words"
              ]
            }
          ],
          "symbols": [
            {
              "end_line": 9,
              "kind": "method",
              "line": 7,
              "path": "pkg/mod.py",
              "qualified": "pkg.mod.C.m",
              "score": 1.5,
              "why": [
                "words"
              ]
            }
          ]
        }"#]],
    );
}

#[test]
fn symbol_answer() {
    let symbol = answer::Symbol {
        id: "5f".into(),
        name: "m".into(),
        place: symbol(),
        signature: "def m(self)".into(),
        doc: None,
        visibility: "public".into(),
    };
    let answer = answer::SymbolAnswer { symbols: vec![symbol], near: Vec::new() };
    check_answer::<_, symbol::SymbolAnswer>(
        answer,
        expect![[r#"
            {
              "near": [],
              "symbols": [
                {
                  "doc": null,
                  "end_line": 9,
                  "id": "5f",
                  "kind": "method",
                  "line": 7,
                  "name": "m",
                  "path": "pkg/mod.py",
                  "qualified": "pkg.mod.C.m",
                  "signature": "def m(self)",
                  "visibility": "public"
                }
              ]
            }"#]],
    );
}

fn call() -> answer::CallEdge {
    answer::CallEdge {
        from: symbol(),
        to: symbol(),
        path: "pkg/mod.py".into(),
        line: 8,
        col: 5,
        how: How::SelfType,
        confidence: 0.9,
        candidates: 1,
        depth: 1,
    }
}

#[test]
fn calls_answer() {
    let answer = answer::CallsAnswer {
        subjects: vec![symbol()],
        edges: vec![call()],
        unresolved_same_name: 2,
        overridden_calls: 0,
        unresolved_calls: Some(answer::UnresolvedCalls {
            total: 3,
            sites: vec![answer::UnresolvedCall {
                name: "door.lock".into(),
                path: "pkg/mod.py".into(),
                line: 9,
            }],
        }),
        complete: false,
    };
    check_answer::<_, calls::CallsAnswer>(
        answer,
        expect![[r#"
            {
              "complete": false,
              "edges": [
                {
                  "candidates": 1,
                  "col": 5,
                  "confidence": 0.9,
                  "depth": 1,
                  "from": "pkg.mod.C.m",
                  "from_symbol": {
                    "end_line": 9,
                    "kind": "method",
                    "line": 7,
                    "path": "pkg/mod.py",
                    "qualified": "pkg.mod.C.m"
                  },
                  "how": "self-type",
                  "line": 8,
                  "path": "pkg/mod.py",
                  "to": "pkg.mod.C.m",
                  "to_symbol": {
                    "end_line": 9,
                    "kind": "method",
                    "line": 7,
                    "path": "pkg/mod.py",
                    "qualified": "pkg.mod.C.m"
                  }
                }
              ],
              "overridden_calls": 0,
              "subjects": [
                {
                  "end_line": 9,
                  "kind": "method",
                  "line": 7,
                  "path": "pkg/mod.py",
                  "qualified": "pkg.mod.C.m"
                }
              ],
              "unresolved_calls": {
                "sites": [
                  {
                    "line": 9,
                    "name": "door.lock",
                    "path": "pkg/mod.py"
                  }
                ],
                "total": 3
              },
              "unresolved_same_name": 2
            }"#]],
    );
}

// tidy: long because the checked-in JSON is written out in it.
#[test]
fn impact_answer() {
    let affected = answer::AffectedSymbol { symbol: symbol(), via: vec![step()] };
    let answer = answer::ImpactAnswer {
        changed: vec![symbol()],
        symbols: vec![affected.clone()],
        files: vec![answer::AffectedFile { path: "pkg/a.py".into(), via: vec![step()] }],
        tests: vec![affected],
        not_found: vec!["nosuch".into()],
        complete: true,
    };
    check_answer::<_, impact::ImpactAnswer>(
        answer,
        expect![[r#"
        {
          "changed": [
            {
              "end_line": 9,
              "kind": "method",
              "line": 7,
              "path": "pkg/mod.py",
              "qualified": "pkg.mod.C.m"
            }
          ],
          "complete": true,
          "files": [
            {
              "path": "pkg/a.py",
              "via": [
                {
                  "confidence": 0.9,
                  "from": "pkg.a",
                  "how": "import",
                  "kind": "calls",
                  "line": 3,
                  "path": "pkg/a.py",
                  "to": "pkg.b"
                }
              ]
            }
          ],
          "not_found": [
            "nosuch"
          ],
          "symbols": [
            {
              "end_line": 9,
              "kind": "method",
              "line": 7,
              "path": "pkg/mod.py",
              "qualified": "pkg.mod.C.m",
              "via": [
                {
                  "confidence": 0.9,
                  "from": "pkg.a",
                  "how": "import",
                  "kind": "calls",
                  "line": 3,
                  "path": "pkg/a.py",
                  "to": "pkg.b"
                }
              ]
            }
          ],
          "tests": [
            {
              "end_line": 9,
              "kind": "method",
              "line": 7,
              "path": "pkg/mod.py",
              "qualified": "pkg.mod.C.m",
              "via": [
                {
                  "confidence": 0.9,
                  "from": "pkg.a",
                  "how": "import",
                  "kind": "calls",
                  "line": 3,
                  "path": "pkg/a.py",
                  "to": "pkg.b"
                }
              ]
            }
          ]
        }"#]],
    );
}

#[test]
fn map_answer() {
    let file = answer::MapFile { path: "pkg/mod.py".into(), rank: 0.5, symbols: vec![symbol()] };
    let answer = answer::MapAnswer {
        text: "pkg/mod.py".into(),
        tokens: 4,
        files: vec![file],
        omitted_files: 1,
        notes: Vec::new(),
    };
    check_answer::<_, map::MapAnswer>(
        answer,
        expect![[r#"
        {
          "files": [
            {
              "path": "pkg/mod.py",
              "rank": 0.5,
              "symbols": [
                {
                  "end_line": 9,
                  "kind": "method",
                  "line": 7,
                  "path": "pkg/mod.py",
                  "qualified": "pkg.mod.C.m"
                }
              ]
            }
          ],
          "omitted_files": 1,
          "text": "pkg/mod.py",
          "tokens": 4
        }"#]],
    );
}

#[test]
fn graph_edges() {
    let node = answer::GraphNode {
        path: "pkg/mod.py".into(),
        line: 7,
        end_line: 9,
        qualified: "pkg.mod.C.m".into(),
    };
    let row = |to| answer::GraphRow {
        kind: EdgeKind::Calls,
        from: node.clone(),
        to,
        site_path: "pkg/mod.py".into(),
        site: Position { line: 8, column: 9 },
        how: How::Scope,
        confidence: 1.0,
    };
    let inside = row(answer::GraphTarget::Node(node.clone()));
    check(
        graph::GraphEdge::from(inside),
        expect![[r#"
        {
          "kind": "calls",
          "from": {
            "path": "pkg/mod.py",
            "line": 7,
            "end_line": 9,
            "qualified": "pkg.mod.C.m"
          },
          "to": {
            "path": "pkg/mod.py",
            "line": 7,
            "end_line": 9,
            "qualified": "pkg.mod.C.m"
          },
          "site": {
            "path": "pkg/mod.py",
            "line": 8,
            "col": 9
          },
          "how": "scope",
          "confidence": 1.0
        }"#]],
    );
    let outside = row(answer::GraphTarget::External("os.path.join".into()));
    check(
        graph::GraphEdge::from(outside),
        expect![[r#"
        {
          "kind": "calls",
          "from": {
            "path": "pkg/mod.py",
            "line": 7,
            "end_line": 9,
            "qualified": "pkg.mod.C.m"
          },
          "external": "os.path.join",
          "site": {
            "path": "pkg/mod.py",
            "line": 8,
            "col": 9
          },
          "how": "scope",
          "confidence": 1.0
        }"#]],
    );
}

#[test]
fn requests_refuse_what_they_do_not_know() {
    let refused = |json: &str| {
        serde_json::from_str::<search::SearchRequest>(json).expect_err("refused").to_string()
    };
    expect![
        "unknown field `limt`, expected one of `query`, `limit`, `kind`, `path` at line 1 column 19"
    ]
    .assert_eq(&refused(r#"{"query":"x","limt":3}"#));
    expect!["`limit` must be 1 to 10000, not 0 at line 1 column 23"]
        .assert_eq(&refused(r#"{"query":"x","limit":0}"#));
    let found: search::SearchRequest = serde_json::from_str(r#"{"query":"x"}"#).expect("defaults");
    assert_eq!(found.limit, 20);
}

#[test]
fn value() {
    let value = answer::Value {
        root: "/srv/shop".into(),
        since: Some(ctx_model::Timestamp(1_700_000_000_000_000)),
        questions: vec![("search", 3), ("map", 0), ("recall", 1)],
        answer_bytes: 7_000,
        pointed_bytes: 70_000,
        recalled: 5,
        recalled_stale: 1,
        texts_read: 9,
        texts_parsed: 7,
    };
    check(
        value::ValueAnswer::from(value),
        expect![[r#"
        {
          "root": "/srv/shop",
          "since": "2023-11-14T22:13:20Z",
          "questions": {
            "recall": 1,
            "search": 3
          },
          "answer_bytes": 7000,
          "answer_tokens": 2000,
          "pointed_bytes": 70000,
          "pointed_tokens": 20000,
          "memories_recalled": 5,
          "memories_stale": 1,
          "texts_read": 9,
          "texts_reused": 2
        }"#]],
    );
}
