//! What a project remembers.

use std::fs;

use ctx_engine::ErrorKind;
use ctx_engine::request::{
    AsOf, DecisionsRequest, FeedbackRequest, ForgetRequest, LogRequest, Outcome, RecallRequest,
};
use ctx_model::Timestamp;
use expect_test::expect;

use crate::setup::{Shop, ann, decision, lines, memories};

#[test]
fn a_memory_goes_stale_when_its_symbol_changes() {
    let shop = Shop::indexed();
    shop.remember(&decision("Tax is always included in totals.", &["shop.price.taxed"]));
    assert_eq!(shop.recall("tax"), "valid: Tax is always included in totals.\n");

    // A change elsewhere in the file, even one that moves it, is none of its concern.
    let text = fs::read_to_string(shop.root().join("shop/price.py")).unwrap();
    shop.write("shop/price.py", &format!("# Prices.\n{text}"));
    shop.index();
    assert_eq!(shop.recall("tax"), "valid: Tax is always included in totals.\n");

    shop.write("shop/price.py", &text.replace("1.2", "1.1"));
    shop.index();
    assert_eq!(shop.recall("tax"), "stale: Tax is always included in totals.\n");
}

#[test]
fn memories_outlive_the_engine() {
    let mut shop = Shop::indexed();
    shop.remember(&decision("Carts are never shared.", &["Cart"]));
    shop.reopen();
    assert_eq!(shop.recall("are carts shared?"), "valid: Carts are never shared.\n");
}

#[test]
fn a_folder_without_code_or_index_remembers_too() {
    let shop = Shop::new();
    let empty = shop.beside("empty");
    fs::create_dir(&empty).unwrap();
    shop.engine().remember(&ann(), &empty, &decision("Paint it green.", &[])).unwrap();
    let request =
        RecallRequest { query: "which paint".into(), limit: 1, as_of: None, about: Vec::new() };
    let answer = shop.engine().recall(&ann(), &empty, &request).unwrap();
    assert_eq!(memories(&answer.content), "valid: Paint it green.\n");
}

#[test]
fn secrets_are_struck_out_of_everything_that_is_told_with_a_memory() {
    let shop = Shop::new();
    let secret = format!("ghp_{}", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9");
    let told = |what: &str| format!("{what} {secret}");
    let mut draft = decision(&told("ship"), &[]);
    draft.tags = vec![told("tag")];
    draft.session = Some(told("session"));
    draft.said_by = Some(ctx_model::Actor::person(told("ann")));
    draft.external_id = Some(told("wiki"));
    let caller = ctx_engine::request::Caller {
        actor: ctx_model::Actor::person(told("bob")),
        session: Some(told("unused")),
    };
    let engine = shop.engine();
    let remembered = engine.remember(&caller, &shop.root(), &draft).unwrap();
    assert_eq!(remembered.redactions, 6);
    let request = RecallRequest { query: "ship".into(), limit: 1, as_of: None, about: Vec::new() };
    let answer = engine.recall(&caller, &shop.root(), &request).unwrap();
    let log = engine.memory_log(&caller, &shop.root(), LogRequest { limit: 9 }).unwrap();
    let answers = format!("{:?} {log:?}", answer.content.memories);
    assert!(!answers.contains(&secret), "{answers}");
    assert!(!shop.is_on_disk(&secret));
}

#[test]
fn the_same_external_id_revises() {
    let shop = Shop::new();
    let mut draft = decision("Ship on Mondays.", &[]);
    draft.external_id = Some("wiki/shipping".into());
    shop.remember(&draft);
    draft.text = "Ship on Tuesdays.".into();
    shop.remember(&draft);
    // What was said before is told, but after what holds, and marked.
    expect![[r#"
        valid: Ship on Tuesdays.
        superseded: Ship on Mondays.
    "#]]
    .assert_eq(&shop.recall("when do we ship?"));
}

#[test]
fn recall_goes_back_in_time() {
    let shop = Shop::new();
    let mut draft = decision("Ship on Mondays.", &[]);
    draft.at = Some(Timestamp(1_000_000));
    shop.remember(&draft);
    draft.text = "Ship by train.".into();
    draft.at = Some(Timestamp(9_000_000));
    shop.remember(&draft);
    let request = RecallRequest {
        query: "ship".into(),
        limit: 5,
        as_of: Some(AsOf::Time(Timestamp(5_000_000))),
        about: Vec::new(),
    };
    let answer = shop.engine().recall(&ann(), &shop.root(), &request).unwrap();
    expect![[r#"
        valid: Ship on Mondays.
    "#]]
    .assert_eq(&memories(&answer.content));
}

#[test]
fn what_is_forgotten_is_not_recalled_and_the_journal_tells_all() {
    let shop = Shop::indexed();
    let kept = shop.remember(&decision("Keep receipts.", &["shop/price.py"]));
    let gone = shop.remember(&decision("Burn receipts.", &[]));
    let request = ForgetRequest { id: gone.to_string(), reason: Some("wrong".into()) };
    shop.engine().forget(&ann(), &shop.root(), &request).unwrap();
    let request = FeedbackRequest { id: kept.to_string(), outcome: Outcome::Accepted, note: None };
    shop.engine().feedback(&ann(), &shop.root(), &request).unwrap();
    assert_eq!(shop.recall("receipts"), "valid: Keep receipts.\n");

    let request = DecisionsRequest { about: vec!["shop/price.py".into()], limit: 5 };
    let decisions = shop.engine().decisions(&ann(), &shop.root(), &request).unwrap();
    assert_eq!(memories(&decisions.content), "valid: Keep receipts.\n");

    let log = shop.engine().memory_log(&ann(), &shop.root(), LogRequest { limit: 10 }).unwrap();
    let log = log
        .iter()
        .map(|entry| format!("{} {}", entry.event, entry.summary.as_deref().unwrap_or("-")));
    expect![[r#"
        feedback accepted
        forget wrong
        memory Burn receipts.
        memory Keep receipts.
    "#]]
    .assert_eq(&lines(log));
    assert!(shop.engine().audit_verify(&ann(), &shop.root()).unwrap().is_intact());
}

#[test]
fn forgetting_what_is_not_there_is_an_error() {
    let shop = Shop::new();
    let request = ForgetRequest { id: "feed".into(), reason: None };
    let error = shop.engine().forget(&ann(), &shop.root(), &request).unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert!(error.hint.is_some());
}
