//! What the index promises: what is put in is found, what is removed is not,
//! and what was committed survives.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use ctx_search::{
    CommitDocument, FileDocument, FilePrior, FileRole, IndexError, OpenError, Place, Sealing,
    SearchIndex, TextField,
};
use expect_test::{Expect, expect};

const FILES: &[(&str, &str)] = &[
    (
        "src/worker.rs",
        "/// Parks a worker until there is work.\npub fn park_worker(worker: &Worker) {\n    worker.condvar.wait();\n}\n",
    ),
    (
        "src/queue.rs",
        "pub struct RunQueue;\n\nimpl RunQueue {\n    pub fn push_task(&self) {}\n}\n",
    ),
    ("tests/worker.rs", "#[test]\nfn park_worker_wakes_up() {\n    park_worker(&w);\n}\n"),
    ("README.md", "# Scheduler\n\nA worker is parked when its run queue is empty.\n"),
];

fn file(number: usize, text: &'static str) -> FileDocument<'static> {
    FileDocument {
        file: number as u32,
        path: FILES[number].0,
        text,
        comments: &[],
        definitions: &[],
    }
}

fn filled(place: &Place) -> SearchIndex {
    let index = SearchIndex::open(place).expect("an index");
    let mut session = index.begin().expect("a session");
    for (number, (_, text)) in FILES.iter().enumerate() {
        session.put_file(&file(number, text)).expect("put");
    }
    session.commit("one").expect("commit");
    drop(session);
    index
}

fn found(index: &SearchIndex, query: &str) -> Vec<&'static str> {
    let hits = index.search(query, &|_| true, 10).expect("hits");
    hits.iter().map(|hit| FILES[hit.file as usize].0).collect()
}

fn prior(file: u32) -> Option<FilePrior> {
    Some(FilePrior { centrality: 0.0, role: FileRole::of_path(FILES[file as usize].0) })
}

fn check_locate(index: &SearchIndex, query: &str, expected: Expect) {
    let hits = index.locate(query, &prior, 3).expect("hits");
    let shown: Vec<String> = hits
        .iter()
        .map(|hit| {
            let why: Vec<String> = hit
                .why
                .iter()
                .map(|found| {
                    let fields: Vec<&str> = found.fields.iter().map(|f| f.name()).collect();
                    format!("{}({})", found.word, fields.join(" "))
                })
                .collect();
            format!("{} {:?} {}", FILES[hit.file as usize].0, hit.best_chunk, why.join(" "))
        })
        .collect();
    expected.assert_eq(&shown.join("\n"));
}

#[test]
fn words_meet_identifiers_however_they_are_written() {
    let index = filled(&Place::Memory);
    for query in ["parkWorker", "park_worker", "parking of workers"] {
        assert_eq!(found(&index, query)[0], "src/worker.rs", "{query}");
    }
    assert_eq!(found(&index, "run queue")[0], "src/queue.rs");
    assert!(found(&index, "the of and").is_empty());
    assert!(found(&index, "").is_empty());
    assert!(index.search("worker", &|_| true, 0).expect("hits").is_empty());
    assert_eq!(index.search("worker", &|file| file == 3, 9).expect("hits").len(), 1);
}

#[test]
fn a_bug_report_leads_to_the_source_before_tests_and_docs() {
    let index = filled(&Place::Memory);
    check_locate(
        &index,
        "`park_worker` never wakes up when the run queue is empty",
        expect![[r#"
            src/worker.rs Some((1, 4)) park_worker(symbol signature body) park_worker(symbol signature body comment) park_worker(path symbol signature body comment)
            src/queue.rs Some((1, 5)) run(symbol signature body) queue(path symbol signature body) run queue(symbol signature body)
            tests/worker.rs Some((1, 4)) wakes(symbol signature body) up(symbol signature body) park_worker(body) park_worker(symbol signature body) park_worker(path symbol signature body)"#]],
    );
}

#[test]
fn past_commits_lead_to_the_files_they_touched() {
    let index = filled(&Place::Memory);
    let mut session = index.begin().expect("a session");
    let messages = [("a1", "Stop stampeding herds", &[1_u32][..]), ("b2", "Polish prose", &[3])];
    for (id, message, files) in messages {
        let commit = CommitDocument { id, message, at_seconds: 1_700_000_000, files };
        session.put_commit(&commit).expect("put");
    }
    session.commit("two").expect("commit");
    let first = |index: &SearchIndex| {
        index.locate("herds stampede again", &prior, 1).expect("hits").first().map(|hit| hit.file)
    };
    assert_eq!(first(&index), Some(1));
    session.remove_commit("a1").expect("remove");
    session.commit("three").expect("commit");
    assert_eq!((first(&index), index.commits()), (None, 1));
}

#[test]
fn a_saved_file_replaces_what_it_was() {
    let index = filled(&Place::Memory);
    let mut session = index.begin().expect("a session");
    session.put_file(&file(1, "pub struct Stack;\n")).expect("put");
    session.remove_file(3).expect("remove");
    assert_eq!(found(&index, "run queue").len(), 2, "nothing is visible before the commit");
    session.commit("two").expect("commit");
    assert_eq!(found(&index, "push task"), [""; 0]);
    assert_eq!(found(&index, "stack"), ["src/queue.rs"]);
    assert_eq!(index.chunks(), 3);
    session.clear().expect("clear");
    session.put_file(&file(0, "fn single() {}\n")).expect("put");
    session.commit("three").expect("commit");
    assert_eq!((index.chunks(), found(&index, "single")), (1, vec!["src/worker.rs"]));
}

#[test]
fn many_saves_leave_few_segments_and_every_file_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = filled(&Place::Folder(folder.path().to_owned()));
    for save in 0..40 {
        let mut session = index.begin().expect("a session");
        session.put_file(&file(save % 4, FILES[save % 4].1)).expect("put");
        session.commit(&save.to_string()).expect("commit");
    }
    let segments = fs::read_dir(folder.path())
        .expect("a folder")
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "idx"))
        .count();
    assert!(segments <= 12, "{segments} segments");
    assert_eq!(index.chunks(), 4);
    assert_eq!(index.generation().as_deref(), Some("39"));
}

#[test]
fn what_was_committed_survives_and_what_was_not_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::Folder(folder.path().to_owned());
    let index = filled(&place);
    let mut session = index.begin().expect("a session");
    session.put_file(&file(1, "struct Unseen;\n")).expect("put");
    assert!(matches!(index.begin().err(), Some(IndexError::Busy)));
    drop(session);
    drop(index);
    let index = SearchIndex::open(&place).expect("an index");
    assert_eq!(index.generation().as_deref(), Some("one"));
    assert_eq!((found(&index, "unseen").len(), index.chunks()), (0, 4));
}

/// Damages every file of an index in turn: each time it opens as it was or
/// asks to be rebuilt, and rebuilding works.
#[test]
fn a_damaged_index_asks_to_be_rebuilt() {
    let folder = tempfile::tempdir().expect("a folder");
    let pristine = folder.path().join("pristine");
    drop(filled(&Place::Folder(pristine.clone())));
    let mut rebuilt = 0;
    for entry in fs::read_dir(&pristine).expect("a folder").flatten() {
        for damage in [truncate as fn(&Path), flip, remove] {
            let copy = folder.path().join("copy");
            let _ = fs::remove_dir_all(&copy);
            fs::create_dir(&copy).expect("a folder");
            for file in fs::read_dir(&pristine).expect("a folder").flatten() {
                fs::copy(file.path(), copy.join(file.file_name())).expect("a copy");
            }
            damage(&copy.join(entry.file_name()));
            let place = Place::Folder(copy);
            match SearchIndex::open(&place) {
                Ok(index) => drop(index.search("worker", &|_| true, 5)),
                Err(OpenError::Rebuild { .. }) => {
                    rebuilt += 1;
                    let index = SearchIndex::create(&place).expect("an empty index");
                    assert_eq!((index.chunks(), index.generation()), (0, None));
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    assert!(rebuilt >= 10, "{rebuilt} rebuilt");
}

fn truncate(path: &Path) {
    let bytes = fs::read(path).expect("bytes");
    fs::write(path, &bytes[..bytes.len() / 2]).expect("written");
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).expect("bytes");
    if let Some(byte) = bytes.first_mut() {
        *byte ^= 0x55;
    }
    fs::write(path, bytes).expect("written");
}

fn remove(path: &Path) {
    fs::remove_file(path).expect("removed");
}

/// Not a cipher: enough to see that nothing is written as it is.
fn toy_sealing(key: u8) -> Sealing {
    let turn = move |name: &str, bytes: &[u8]| -> Vec<u8> {
        bytes.iter().map(|byte| byte ^ key ^ name.len() as u8).collect()
    };
    Sealing {
        seal: Arc::new(move |name, plain| {
            let mut sealed = turn(name, plain);
            sealed.push(key);
            Ok(sealed)
        }),
        open: Arc::new(move |name, sealed| match sealed.split_last() {
            Some((last, sealed)) if *last == key => Ok(turn(name, sealed)),
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "not what was sealed")),
        }),
    }
}

#[test]
fn a_sealed_index_has_no_plain_word_on_disk_and_opens_with_its_key_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let sealed = |key| Place::SealedFolder(folder.path().to_owned(), toy_sealing(key));
    drop(filled(&sealed(0x5a)));
    for entry in fs::read_dir(folder.path()).expect("a folder").flatten() {
        let bytes = fs::read(entry.path()).expect("bytes");
        for word in ["worker", "segment", "queue"] {
            let shows = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!shows, "{word} in {:?}", entry.file_name());
        }
    }
    let index = SearchIndex::open(&sealed(0x5a)).expect("an index");
    assert_eq!(found(&index, "park worker")[0], "src/worker.rs");
    assert!(matches!(SearchIndex::open(&sealed(0x21)), Err(OpenError::Rebuild { .. })));
}

#[test]
fn hostile_text_and_queries_are_only_text() {
    let index = SearchIndex::open(&Place::Memory).expect("an index");
    let mut session = index.begin().expect("a session");
    let long_line = "x".repeat(3_000_000);
    let nested = "{(".repeat(50_000);
    let odd = "\u{0}\u{feff}=park \u{202e} ＦＵＬＬ \r\r\n\u{1f980}_\u{1f980}\n";
    for (number, text) in [long_line.as_str(), &nested, odd, "", "\n\n\n"].into_iter().enumerate() {
        let document = FileDocument {
            file: number as u32,
            path: "a b/=\u{0}é.x",
            text,
            // Past the end, and inside a character.
            comments: &[1..3, 5..9, 100..4_000_000_000],
            definitions: &[],
        };
        session.put_file(&document).expect("put");
    }
    session.commit("odd").expect("commit");
    for query in [long_line.as_str(), &nested, odd, "`` . :: #", "= =", &"word ".repeat(100_000)] {
        index.search(query, &|_| true, 5).expect("hits");
        let anything = |_| Some(FilePrior::default());
        index.locate(query, &anything, 5).expect("hits");
    }
    let hits = index.search("ＦＵＬＬ", &|_| true, 5).expect("hits");
    assert_eq!(hits[0].why[0].fields, [TextField::Body]);
}
