//! Rows that are lost or damaged, and verbs that meet at a bad moment: the
//! answers are the same as before.

use std::sync::atomic::{AtomicBool, Ordering};

use ctx_engine::ErrorKind;
use ctx_engine::request::{
    GraphExportRequest, IndexOptions, SealSecret, SearchRequest, Unheard, Watching,
};
use ctx_model::{Action, Actor, Timestamp};
use ctx_security::{Policy, decide};
use ctx_storage::{Batch, Space, Store, StoreOptions};

use crate::setup::{Shop, ann, eventually};

/// Every edge of the project, sorted.
fn edges(shop: &Shop) -> Vec<String> {
    let mut edges = Vec::new();
    let request = GraphExportRequest { kinds: Vec::new() };
    shop.engine()
        .graph_export(&ann(), &shop.root(), &request, &mut |row| {
            edges.push(format!("{row:?}"));
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    edges.sort();
    edges
}

/// Paths that are found, sorted.
fn found(shop: &Shop, query: &str) -> Vec<String> {
    let request = SearchRequest { query: query.into(), limit: 50, kind: None, path: None };
    let answer = shop.engine().search(&ann(), &shop.root(), &request).unwrap();
    let mut paths: Vec<String> = answer.content.hits.into_iter().map(|hit| hit.path).collect();
    paths.sort();
    paths
}

/// Changes the stored views while no engine has them open.
fn meddle(shop: &mut Shop, change: impl FnOnce(&mut Batch<'_>)) {
    let (root, place) = (shop.root(), shop.data_dir().join("store"));
    shop.reopen_after(|| {
        let store = Store::open(&place, StoreOptions::default()).unwrap();
        let project = store.project_id(&root.canonicalize().unwrap().to_string_lossy());
        let (policy, at) = (Policy::local(), Timestamp(0));
        let permit = decide(&policy, &Actor::system(), Action::IndexProject, project, at).unwrap();
        let mut batch = store.batch(&permit).unwrap();
        change(&mut batch);
        batch.commit_durable().unwrap();
    });
}

#[test]
fn damaged_and_lost_rows_are_made_again() {
    type Change = fn(&mut Batch<'_>);
    let changes: [(&str, Change); 6] = [
        ("a node is damaged", |batch| batch.put(Space::Graph, &2u32.to_le_bytes(), b"?").unwrap()),
        ("a node is lost", |batch| batch.remove(Space::Graph, &3u32.to_le_bytes())),
        ("a file is damaged", |batch| batch.put(Space::Files, &1u32.to_le_bytes(), b"?").unwrap()),
        ("a file is lost", |batch| batch.remove(Space::Files, &4u32.to_le_bytes())),
        ("all nodes are lost", |batch| batch.clear(Space::Graph).unwrap()),
        ("everything is lost", |batch| {
            for space in Space::ALL {
                batch.clear(space).unwrap();
            }
        }),
    ];
    let mut shop = Shop::indexed();
    let (before, callers, hits) = (edges(&shop), shop.callers("total"), found(&shop, "total"));
    for (what, change) in changes {
        meddle(&mut shop, change);
        // Nobody watches and nobody asked for indexing: it is mended all the same.
        if what == "everything is lost" {
            shop.index();
        }
        assert_eq!(shop.callers("total"), callers, "{what}");
        assert_eq!(found(&shop, "total"), hits, "{what}");
        assert_eq!(edges(&shop), before, "{what}");
        // And stays so.
        shop.reopen();
        assert_eq!(edges(&shop), before, "{what}");
        let report = shop.index();
        assert_eq!(report.reused_files, report.files, "{what}");
    }
}

#[test]
fn sealing_one_project_costs_another_nothing() {
    let shop = Shop::indexed();
    let (before, other) = (edges(&shop), shop.beside("other"));
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("a.py"), "def hidden():\n    pass\n").unwrap();
    shop.index_at(&other);
    shop.engine().seal_project(&ann(), &other, &SealSecret::Key([7; 32])).unwrap();
    assert_eq!(edges(&shop), before);
    // Others are bound again when one file changes, from facts that went.
    let callers = shop.callers("taxed");
    shop.write("shop/price.py", "def total(items):\n    return sum(taxed(item) for item in items)\n\n\ndef taxed(amount, rate=1.2):\n    return amount * rate\n");
    shop.index();
    assert_eq!(shop.callers("taxed"), callers.replace("price.py:3", "price.py:2"));
    assert!(shop.callers("total").contains("Cart.price"));
}

#[test]
fn sealing_while_others_index_leaves_nothing_readable() {
    let mut shop = Shop::indexed();
    let stop = AtomicBool::new(false);
    let key = SealSecret::Key([7; 32]);
    let hits = found(&shop, "amount");
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    shop.write("busy.py", "def busy():\n    pass\n");
                    let options = IndexOptions::default();
                    match shop.engine().index(&ann(), &shop.root(), options, &Unheard) {
                        Ok(_) => {}
                        Err(error) => assert_eq!(error.kind, ErrorKind::Busy, "{error:?}"),
                    }
                }
            });
        }
        // The others must end whatever becomes of the sealing.
        let sealed = (0..3)
            .try_for_each(|_| {
                shop.engine().seal_project(&ann(), &shop.root(), &key)?;
                shop.engine().unseal_project(&ann(), &shop.root(), &key).map(drop)
            })
            .and_then(|()| shop.engine().seal_project(&ann(), &shop.root(), &key));
        stop.store(true, Ordering::Relaxed);
        sealed.unwrap();
    });
    shop.index();
    assert_eq!(found(&shop, "amount"), hits);
    shop.reopen();
    for text in ["as people read it", "tax included", "shop/cart.py"] {
        assert!(!shop.is_on_disk(text), "{text}");
    }
    let error = shop.engine().index(&ann(), &shop.root(), IndexOptions::default(), &Unheard);
    assert_eq!(error.unwrap_err().kind, ErrorKind::Locked);
    shop.engine().unseal_project(&ann(), &shop.root(), &key).unwrap();
    assert_eq!(found(&shop, "amount"), hits, "searching fills the index again");
}

#[test]
fn closing_while_the_watch_calls_back_is_harmless() {
    let shop = Shop::watched();
    shop.index();
    for round in 0..15 {
        shop.write("shop/late.py", &format!("def late{round}():\n    pass\n"));
        if round % 3 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(16));
        }
        if round % 2 == 0 {
            shop.engine().close_project(&ann(), &shop.root()).unwrap();
        } else {
            shop.engine().close_idle(std::time::Duration::ZERO);
        }
        let name = format!("late{round}");
        eventually("the new symbol is known", || shop.symbols(&name).contains("late.py"));
    }
}

#[test]
fn indexing_asked_for_while_catching_up_gives_one_index() {
    let mut shop = Shop::watched();
    let files = shop.index().files;
    for round in 0..5 {
        shop.reopen();
        for file in 0..20 {
            shop.write(&format!("many/f{file}.py"), &format!("def f{file}_{round}():\n    pass\n"));
        }
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| assert_eq!(shop.index().files, files + 20));
            }
            let watching = shop.engine().watch(&ann(), &shop.root(), Watching::On);
            assert_eq!(watching.unwrap(), Watching::On);
        });
        assert!(shop.symbols(&format!("f7_{round}")).contains("many/f7.py:1"));
        assert_eq!(found(&shop, &format!("f7_{round}")), ["many/f7.py"]);
    }
}

#[test]
fn an_empty_project_is_never_a_success() {
    let shop = Shop::new();
    let empty = shop.beside("empty");
    std::fs::create_dir(&empty).unwrap();
    let index = || shop.engine().index(&ann(), &empty, IndexOptions::default(), &Unheard);
    let error = index().unwrap_err();
    assert_eq!(error.kind, ErrorKind::UnusableProject);
    assert!(error.to_string().contains("is empty"), "{error}");
    std::fs::write(empty.join("x.py"), b"\0\0").unwrap();
    let error = index().unwrap_err();
    assert!(error.to_string().contains("1 binary"), "{error}");
    std::fs::write(empty.join("y.py"), "def y():\n    pass\n").unwrap();
    assert_eq!(index().unwrap().files, 1);
}
