//! Answers about memories, the journal, projects and the daemon.

use std::time::Duration;

use ctx_engine::Receipt;
use ctx_engine::answer::{self, MemoryStatus};
use ctx_engine::request;
use ctx_model::memory::{About, Memory, MemoryKind, Provenance};
use ctx_model::{Actor, Digest, ProjectId, RecordId, Timestamp};
use expect_test::expect;

use super::{check, check_answer, status};
use crate::wire::v1::*;

fn recalled() -> answer::RecalledMemory {
    answer::RecalledMemory {
        memory: Memory {
            id: RecordId(Digest([7; 32])),
            kind: MemoryKind::Decision,
            text: "tabs".into(),
            about: vec![About {
                path: Some("pkg/mod.py".into()),
                symbol: Some("pkg.mod.C".into()),
                fingerprint: Some("00".into()),
            }],
            tags: vec!["style".into()],
            external_id: Some("D1:3".into()),
            provenance: Provenance {
                actor: Actor::person("ann"),
                session: Some("s1".into()),
                at: Timestamp(1_683_554_160_000_000),
                commit: Some("c0ffee".into()),
                branch: Some("main".into()),
            },
        },
        score: 1.5,
        why: vec!["words".into()],
        status: MemoryStatus::Valid,
    }
}

#[test]
fn memories() {
    let remembered =
        answer::Remembered { id: RecordId(Digest([7; 32])), redactions: 1, notes: Vec::new() };
    check(
        memory::RememberAnswer::from(remembered),
        expect![[r#"
        {
          "id": "0707070707070707070707070707070707070707070707070707070707070707",
          "redactions": 1
        }"#]],
    );
    let answer = answer::MemoriesAnswer {
        memories: vec![recalled()],
        notes: Vec::new(),
        elapsed: Duration::from_micros(700),
    };
    check_answer::<_, memory::MemoriesAnswer>(
        answer,
        expect![[r#"
        {
          "elapsed_ms": 0.7,
          "memories": [
            {
              "about": [
                {
                  "path": "pkg/mod.py",
                  "symbol": "pkg.mod.C"
                }
              ],
              "external_id": "D1:3",
              "id": "0707070707070707070707070707070707070707070707070707070707070707",
              "kind": "decision",
              "provenance": {
                "actor": "ann",
                "actor_kind": "person",
                "at": "2023-05-08T13:56:00Z",
                "branch": "main",
                "commit": "c0ffee",
                "model": null,
                "session": "s1"
              },
              "score": 1.5,
              "status": "valid",
              "tags": [
                "style"
              ],
              "text": "tabs",
              "why": [
                "words"
              ]
            }
          ]
        }"#]],
    );
}

#[test]
fn journal_answers() {
    let entry = answer::LogEntry {
        id: RecordId(Digest([7; 32])),
        sequence: 3,
        actor: Actor::person("ann"),
        session: None,
        at: Timestamp(1_683_554_160_000_000),
        event: "forget".into(),
        subject: Some(RecordId(Digest([8; 32]))),
        summary: None,
    };
    check(
        journal::LogAnswer::from(vec![entry]),
        expect![[r#"
        {
          "records": [
            {
              "id": "0707070707070707070707070707070707070707070707070707070707070707",
              "sequence": 3,
              "actor": "ann",
              "session": null,
              "at": "2023-05-08T13:56:00Z",
              "event": "forget",
              "subject": "0808080808080808080808080808080808080808080808080808080808080808",
              "summary": null
            }
          ]
        }"#]],
    );
    let chain = answer::ChainReport {
        writer: "w1".into(),
        records: 4,
        purged: 1,
        problems: vec!["record 2 was changed".into()],
    };
    let report = answer::AuditReport { chains: vec![chain] };
    check(
        journal::AuditAnswer::from(report),
        expect![[r#"
        {
          "intact": false,
          "records": 4,
          "chains": [
            {
              "writer": "w1",
              "records": 4,
              "purged": 1,
              "problems": [
                "record 2 was changed"
              ]
            }
          ]
        }"#]],
    );
}

#[test]
fn project_answers() {
    let project = answer::ProjectSummary {
        id: ProjectId([0xab; 16]),
        root: None,
        open: false,
        watching: false,
        seal: answer::SealState::Locked,
        files: None,
        indexed_at: None,
        records: 3,
    };
    check(
        project::ProjectsAnswer::from(vec![project]),
        expect![[r#"
        {
          "projects": [
            {
              "id": "abababababababababababababababab",
              "root": null,
              "open": false,
              "watching": false,
              "seal": "locked",
              "files": null,
              "indexed_at": null,
              "records": 3
            }
          ]
        }"#]],
    );
    let export = answer::ProjectExport { status: status(), memories: vec![recalled()] };
    let answer = answer::Answer {
        content: export,
        freshness: answer::Freshness::default(),
        receipt: Receipt::default(),
    };
    let export = project::ProjectExport::from(answer);
    assert_eq!((export.format, export.memories.len()), (1, 1));
    check(
        seal::SealAnswer::from(answer::SealState::Unlocked),
        expect![[r#"
        {
          "seal": "unlocked"
        }"#]],
    );
    check(
        project::WatchAnswer::from(request::Watching::On),
        expect![[r#"
        {
          "watching": true
        }"#]],
    );
}

#[test]
fn doctor_and_daemon() {
    let finding = answer::Finding {
        name: "store".into(),
        health: answer::Health::Broken,
        detail: "cannot be read".into(),
        remedy: Some("restore it".into()),
    };
    check(
        doctor::DoctorAnswer::from(vec![finding]),
        expect![[r#"
        {
          "findings": [
            {
              "name": "store",
              "health": "broken",
              "detail": "cannot be read",
              "remedy": "restore it"
            }
          ]
        }"#]],
    );
    let daemon = daemon::DaemonAnswer {
        version: "1.2.3".into(),
        build: 5,
        api_version: 1,
        data_format: 1,
        pid: 42,
        started_at: "2023-05-08T13:56:00Z".into(),
        data_dir: "/home/ann/.local/share/codecontext".into(),
        in_flight: 1,
        draining: false,
    };
    check(
        daemon,
        expect![[r#"
        {
          "version": "1.2.3",
          "build": 5,
          "api_version": 1,
          "data_format": 1,
          "pid": 42,
          "started_at": "2023-05-08T13:56:00Z",
          "data_dir": "/home/ann/.local/share/codecontext",
          "in_flight": 1,
          "draining": false
        }"#]],
    );
}

#[test]
fn a_secret_is_never_shown() {
    let request = seal::SealRequest { passphrase: Some("hunter2".into()), key: None };
    assert!(!format!("{request:?}").contains("hunter2"));
    let secret = request::SealSecret::try_from(request).expect("a passphrase");
    assert!(!format!("{secret:?}").contains("hunter2"));
    let request = seal::SealRequest { passphrase: None, key: Some("deadbeef".into()) };
    let error = request::SealSecret::try_from(request).expect_err("too short");
    assert!(!error.message.contains("deadbeef"));
}

#[test]
fn a_memory_says_when_in_one_way_or_the_other() {
    let draft = |json: &str| {
        let request: memory::RememberRequest = serde_json::from_str(json).expect("a memory");
        request::MemoryDraft::try_from(request)
    };
    let exact = draft(r#"{"text":"x","at":"2023-05-08T13:56:00Z"}"#).expect("a time").at;
    let spoken = draft(r#"{"text":"x","at_text":"1:56 pm on 8 May, 2023"}"#).expect("a time").at;
    assert_eq!(exact, spoken);
    assert_eq!(exact, Some(Timestamp(1_683_554_160_000_000)));
    assert!(draft(r#"{"text":"x","at":"1:56 pm"}"#).is_err());
    assert!(draft(r#"{"text":"x","at_text":"soon"}"#).is_err());
    assert!(draft(r#"{"text":"x","kind":"rumour"}"#).is_err());
}
