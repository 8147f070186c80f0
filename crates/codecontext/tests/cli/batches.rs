//! Batches: a row in, a row out, and a bad row stops no other.

use crate::world::{World, has_fields};

#[test]
fn locate_answers_each_row_from_one_warm_process() {
    let world = World::new();
    world.json(&["index"]);
    let file = world.write(
        "queries.jsonl",
        "{\"id\":\"a\",\"query\":\"saving an item\",\"more\":1}\n\n{\"id\":7,\"query\":\"sell\"}\n",
    );
    let file = file.to_str().expect("UTF-8");
    let ran = world.run(&["locate", "--batch", file, "--jsonl"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let rows = ran.json_lines();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["id"], &rows[1]["id"]), (&"a".into(), &7.into()));
    for row in &rows {
        has_fields(row, &["id", "files", "elapsed_ms"]);
    }
}

#[test]
fn a_row_that_cannot_be_read_has_an_error_and_the_end_is_3() {
    let world = World::new();
    world.json(&["index"]);
    let file = world.write("queries.jsonl", "not json\n{\"id\":1,\"query\":\"sell\"}\n");
    let ran = world.run(&["locate", "--batch", file.to_str().expect("UTF-8"), "--jsonl"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let rows = ran.json_lines();
    has_fields(&rows[0]["error"], &["kind", "message"]);
    has_fields(&rows[1], &["id", "files"]);
}

#[test]
fn a_batch_file_that_is_not_there_ends_with_3() {
    let ran = World::new().run(&["recall", "--batch", "/no/such/file", "--jsonl"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
}

#[test]
fn remember_and_recall_take_batches() {
    let world = World::new();
    let file = world.write(
        "memories.jsonl",
        "{\"text\":\"I adopted a cat\",\"kind\":\"conversation\",\"actor\":\"Ann\",\"session\":\"s1\",\"external_id\":\"D1:1\",\"at_text\":\"1:56 pm on 8 May, 2023\"}\n\
         {\"text\":\"x\",\"kind\":\"rumour\"}\n\
         {\"text\":\"Its name is Tabby\",\"kind\":\"conversation\",\"actor\":\"Ann\",\"session\":\"s1\",\"external_id\":\"D1:2\",\"at\":\"2023-05-08T13:57:00Z\"}\n",
    );
    let file = file.to_str().expect("UTF-8");
    let ran = world.run(&["remember", "--batch", file, "--json"]);
    assert_eq!(ran.code, Some(3), "one row is wrong: {ran:?}");
    let answer = ran.json();
    assert_eq!((&answer["remembered"], &answer["failed"]), (&2.into(), &1.into()));
    assert_eq!(answer["rows"][2]["external_id"], "D1:2");
    let queries = world.write("queries.jsonl", "{\"id\":\"q1\",\"query\":\"cat\"}\n");
    let queries = queries.to_str().expect("UTF-8");
    let ran = world.run(&["recall", "--batch", queries, "--jsonl"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let row = &ran.json_lines()[0];
    has_fields(row, &["id", "memories", "elapsed_ms"]);
    assert_eq!(row["memories"][0]["external_id"], "D1:1");
    assert_eq!(row["memories"][0]["provenance"]["actor"], "Ann");
}
