//! The journal: records in order, with who wrote them.

use ctx_model::memory::{About, MemoryKind};
use ctx_model::{Action, Actor, Draft, Event, Outcome, RecordId, Remembered, Timestamp};
use ctx_storage::{AppendError, ReadError};
use expect_test::expect;

use crate::setup::{Setup, feedback, permit, register, remembered};

#[test]
fn records_come_back_in_order_after_closing() {
    let setup = Setup::new();
    let first = setup.remember("use tabs");
    let second = setup.remember("use spaces");
    let journal = setup.store.journal();
    let writing = setup.permit(Action::WriteMemory);
    let superseded = Event::Superseded { id: first, by: second };
    journal.append(&writing, Draft::bare(superseded, Timestamp(0))).unwrap();
    for outcome in Outcome::ALL {
        journal.append(&writing, feedback(second, outcome)).unwrap();
    }
    let forgotten = Event::Forgotten { id: first, reason: Some("outdated".into()) };
    let draft = Draft::bare(forgotten, Timestamp(0));
    journal.append(&setup.permit(Action::ForgetMemory), draft).unwrap();
    let setup = setup.reopened();
    setup.remember("after");
    expect![[r#"
        1 #1 remembered "use tabs"
        2 #2 remembered "use spaces"
        3 #3 superseded
        4 #4 feedback accepted
        5 #5 feedback rejected
        6 #6 feedback passed
        7 #7 feedback failed
        8 #8 feedback reverted
        9 #9 forgotten Some("outdated")
        10 #10 remembered "after""#]]
    .assert_eq(&setup.log());
    expect!["10 records, 0 purged, 0 unchecked"].assert_eq(&setup.audit());
    let after: Vec<_> = setup.store.journal().records_after(setup.project, 8).unwrap().collect();
    assert_eq!(after.len(), 2);
}

#[test]
fn a_record_keeps_everything_that_was_said() {
    let setup = Setup::new();
    let remembered = Remembered {
        kind: MemoryKind::Lesson,
        text: "é\0\n".into(),
        about: vec![
            About { path: Some("a.rs".into()), symbol: None, fingerprint: None },
            About { path: None, symbol: Some("a::b".into()), fingerprint: Some("00ff".into()) },
        ],
        tags: vec!["x".into(), String::new()],
        external_id: Some("D1:3".into()),
        said_by: Some(Actor::system()),
        said_at: Some(Timestamp(-5)),
    };
    let draft = Draft {
        event: Event::Remembered(remembered.clone()),
        session: Some("s".into()),
        commit: Some("c".into()),
        branch: Some("main".into()),
        at: Timestamp(77),
    };
    let writing = setup.permit(Action::WriteMemory);
    let id = setup.store.journal().append(&writing, draft).unwrap().id;
    let record = setup.reopened().store.journal().get(id).unwrap();
    let entry = record.entry.clone().unwrap();
    assert_eq!(entry.event, Event::Remembered(remembered));
    assert_eq!(entry.actor, Actor::person("ada"));
    assert_eq!((entry.session.as_deref(), entry.commit.as_deref()), (Some("s"), Some("c")));
    assert_eq!((record.id, record.at, record.sequence), (id, Timestamp(77), 1));
    let memory = record.memory().unwrap();
    assert_eq!((memory.id, memory.provenance.at), (id, Timestamp(-5)));
    assert_eq!(memory.provenance.actor, Actor::system());
}

#[test]
fn no_text_of_a_record_keeps_a_secret() {
    let dir = tempfile::tempdir().unwrap();
    let store = ctx_storage::Store::open(dir.path(), ctx_storage::StoreOptions::default()).unwrap();
    let project = register(&store, "/p");
    // One secret for each text, so that none is missed.
    let secret = |number: u32| format!("ghp_{number:02}aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6g");
    let text = |number: u32| format!("x {} y", secret(number));
    let actor =
        |number: u32| Actor { model: Some(text(number + 1)), ..Actor::person(text(number)) };
    let remembered = Remembered {
        kind: MemoryKind::Fact,
        text: text(1),
        about: vec![About { path: Some(text(2)), symbol: Some(text(3)), fingerprint: None }],
        tags: vec![text(4), "kept".into()],
        external_id: Some(text(5)),
        said_by: Some(actor(6)),
        said_at: None,
    };
    let allow = |action| {
        let policy = ctx_security::Policy::local();
        ctx_security::decide(&policy, &actor(8), action, project, Timestamp(0)).unwrap()
    };
    let draft = |event| Draft {
        event,
        session: Some(text(10)),
        commit: None,
        branch: Some(text(11)),
        at: Timestamp(1),
    };
    let journal = store.journal();
    let made = Event::Remembered(remembered);
    let made = journal.append(&allow(Action::WriteMemory), draft(made)).unwrap();
    let forgotten = Event::Forgotten { id: made.id, reason: Some(text(12)) };
    let forgotten = journal.append(&allow(Action::ForgetMemory), draft(forgotten)).unwrap();
    assert_eq!((made.redacted, forgotten.redacted), (11, 5));
    let records: Vec<_> = journal.records(project).unwrap().map(Result::unwrap).collect();
    let written = format!("{records:?}");
    assert!((1..=12).all(|number| !written.contains(&secret(number))), "{written}");
    assert_eq!(written.matches("x [redacted:github-token] y").count(), 16);
    assert!(written.contains("kept"));
}

#[test]
fn an_event_needs_the_permit_for_it() {
    let setup = Setup::new();
    let journal = setup.store.journal();
    let id = setup.remember("x");
    for action in [Action::IndexProject, Action::ForgetMemory] {
        assert!(journal.append(&setup.permit(action), remembered("y")).is_err());
    }
    let forget = Draft::bare(Event::Forgotten { id, reason: None }, Timestamp(0));
    assert!(journal.append(&setup.permit(Action::WriteMemory), forget).is_err());
    let unsealed = Event::ProjectUnsealed;
    for event in [Event::ProjectSealed, unsealed, Event::RecordPurged { id }, Event::ProjectDeleted]
    {
        let appended =
            journal.append(&setup.permit(Action::WriteMemory), Draft::bare(event, Timestamp(0)));
        assert!(matches!(appended, Err(AppendError::Reserved)));
    }
    assert_eq!(setup.records().len(), 1);
}

#[test]
fn each_project_has_a_list_and_a_chain_of_its_own() {
    let setup = Setup::new();
    let other = register(&setup.store, "/home/ada/src/other");
    setup.remember("here");
    let writing = permit(Action::WriteMemory, other);
    setup.store.journal().append(&writing, remembered("there")).unwrap();
    setup.remember("here again");
    expect![[r#"
        1 #1 remembered "here"
        2 #2 remembered "here again""#]]
    .assert_eq(&setup.log());
    assert_eq!(setup.store.journal().records(other).unwrap().count(), 1);
    assert_eq!(setup.store.journal().verify().unwrap().chains.len(), 2);
}

#[test]
fn writers_on_many_threads_make_one_unbroken_chain() {
    let setup = Setup::new();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let setup = &setup;
            scope.spawn(move || {
                for round in 0..10 {
                    setup.remember(&format!("{thread}.{round}"));
                }
            });
        }
    });
    assert_eq!(setup.records().len(), 40);
    assert_eq!(setup.audit(), "40 records, 0 purged, 0 unchecked");
}

#[test]
fn an_unknown_record_is_told() {
    let setup = Setup::new();
    let id = RecordId(ctx_security::digest(b"x"));
    let got = setup.store.journal().get(id);
    assert!(matches!(got, Err(ReadError::UnknownRecord { id: told }) if told == id));
}
