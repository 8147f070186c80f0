//! Sealing and purging leave nothing to read on the disk.

use ctx_engine::ErrorKind;
use ctx_engine::answer::SealState;
use ctx_engine::request::{PurgeRequest, RecallRequest, SealSecret};

use crate::setup::{Shop, ann, decision};

const KEY: SealSecret = SealSecret::Key([7; 32]);

/// What is only in the project's code, in a path of it, and in a memory.
const TELLING: [&str; 3] = ["customer", "test_cart", "quokka"];

fn telling() -> Shop {
    let shop = Shop::new();
    shop.commit("Feed the wombat");
    shop.index();
    shop.remember(&decision("The quokka decides.", &["Cart"]));
    shop
}

#[test]
fn sealing_leaves_no_plaintext_in_the_data_folder() {
    let shop = telling();
    assert!(TELLING.iter().any(|text| shop.is_on_disk(text)), "the test looks in the wrong place");
    shop.engine().seal_project(&ann(), &shop.root(), &KEY).unwrap();
    let clear = |when: &str| {
        for text in TELLING.iter().chain(&["wombat", "project"]) {
            assert!(!shop.is_on_disk(text), "`{text}` can be read {when}");
        }
    };
    clear("after sealing");
    // It answers as before, and what is written from now on is sealed too.
    shop.index();
    shop.write("shop/refund.py", "def refund(customer):\n    \"\"\"For the wombat.\"\"\"\n");
    shop.index();
    assert_eq!(shop.recall("quokka"), "valid: The quokka decides.\n");
    assert!(shop.callers("total").contains("Cart.price"));
    assert!(shop.symbols("refund").contains("shop/refund.py"));
    clear("after indexing again");
}

#[test]
fn a_sealed_project_opens_with_its_key_only() {
    let mut shop = telling();
    shop.engine().seal_project(&ann(), &shop.root(), &KEY).unwrap();
    shop.index();
    shop.reopen();
    let request =
        RecallRequest { query: "quokka".into(), limit: 1, as_of: None, about: Vec::new() };
    let locked = shop.engine().recall(&ann(), &shop.root(), &request).unwrap_err();
    assert_eq!(locked.kind, ErrorKind::Locked);
    let wrong = shop.engine().unlock(&ann(), &shop.root(), &SealSecret::Key([1; 32])).unwrap_err();
    assert_eq!(wrong.kind, ErrorKind::Denied);
    assert_eq!(shop.engine().unlock(&ann(), &shop.root(), &KEY).unwrap(), SealState::Unlocked);
    assert_eq!(shop.recall("quokka"), "valid: The quokka decides.\n");
    let report = shop.index();
    assert_eq!(report.reused_files, report.files);
}

#[test]
fn unsealing_needs_the_key_once_and_never_again() {
    let mut shop = telling();
    shop.engine().seal_project(&ann(), &shop.root(), &KEY).unwrap();
    let wrong = SealSecret::Key([1; 32]);
    assert!(shop.engine().unseal_project(&ann(), &shop.root(), &wrong).is_err());
    assert_eq!(shop.engine().unseal_project(&ann(), &shop.root(), &KEY).unwrap(), SealState::Open);
    shop.index();
    shop.reopen();
    assert_eq!(shop.recall("quokka"), "valid: The quokka decides.\n");
    assert!(shop.callers("total").contains("Cart.price"));
    assert!(shop.engine().audit_verify(&ann(), &shop.root()).unwrap().is_intact());
}

#[test]
fn a_purge_destroys_the_text_and_the_chain_still_verifies() {
    let shop = telling();
    let id = shop.remember(&decision("The password of the safe is platypus.", &[]));
    assert!(shop.recall("platypus").contains("platypus"));
    let request = PurgeRequest { id: id.to_string(), reason: Some("a secret".into()) };
    shop.engine().purge(&ann(), &shop.root(), &request).unwrap();
    assert!(!shop.is_on_disk("platypus"));
    assert!(!shop.recall("platypus").contains("platypus"));
    assert!(shop.recall("quokka").contains("quokka"));
    let audit = shop.engine().audit_verify(&ann(), &shop.root()).unwrap();
    assert!(audit.is_intact());
    assert_eq!(audit.chains.iter().map(|chain| chain.purged).sum::<u64>(), 1);
}
