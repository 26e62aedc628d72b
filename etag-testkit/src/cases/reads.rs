//! What was written is what is read.

use etag_core::{ETag, Effect, Expectation, Key, MAX_ID_BYTES, TagPlan};

use crate::{
    Backend,
    documents::{APART, CONTENT, Shape, create, delete, digest, link, put, update},
    together::together,
    trial::Trial,
};

pub(crate) async fn what_was_written_is_read_back(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let put = create(&trial.note("1"), "milk");
    let written = trial.did(put.clone()).await;
    assert_eq!(written.effect, Effect::Created);
    let row = trial.row(&put.key).await.expect("it was written");
    assert_eq!((Some(row.head), row.body), (written.head, put.body));
}

pub(crate) async fn what_is_absent_reads_as_nothing(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    assert_eq!(trial.row(&note).await, None);
    trial.write(create(&note, "milk")).await;
    trial.done(delete(&note, Expectation::Exists)).await;
    assert_eq!(trial.row(&note).await, None);
    assert_eq!(trial.find(&note).await, None);
}

pub(crate) async fn a_head_is_that_of_its_row(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    trial.write(create(&board, "week")).await;
    trial.write(create(&task, "milk").under([link("board", &board, APART)])).await;
    trial.write(update(&task, "eggs").under([link("board", &board, CONTENT)])).await;
    for key in [board, task] {
        assert_eq!(Some(trial.head(&key).await), trial.row(&key).await.map(|row| row.head));
    }
}

/// What a commit answers is what the next reader gets, so its tag is good for the next write (rule T6).
pub(crate) async fn the_state_that_a_commit_answers_is_the_one_that_is_read(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    for text in ["milk", "eggs", "eggs"] {
        let answered = trial.write(put(&note, text, Expectation::Unconditional)).await;
        assert_eq!(answered, trial.head(&note).await, "after {text}");
    }
}

pub(crate) async fn every_handle_reads_what_a_commit_has_answered(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let other = trial.over(trial.store.handle());
    for turn in 0..20 {
        let note = trial.note(&turn.to_string());
        let head = trial.write(create(&note, "milk")).await;
        assert_eq!(other.find(&note).await, Some(head));
        let gone = other.done(delete(&note, Expectation::Exists)).await;
        assert_eq!(gone.items[0].effect, Effect::Deleted);
        assert!(trial.is_absent(&note).await);
    }
}

/// No second spelling, collation, escape or padding makes one id of two.
pub(crate) async fn ids_that_differ_in_any_byte_are_kept_apart(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let long = "x".repeat(MAX_ID_BYTES);
    let ids = [
        "a", "A", "ä", "a\u{308}", "a ", " a", "a/b", "a%2Fb", "a_b", "a%b", "'a'", "\"a\"", "a\\b", "0", "00", "0.0",
        "null", "雪", &long,
    ];
    for id in ids {
        trial.write(create(&trial.note(id), &format!("of {id:?}"))).await;
    }
    for id in ids {
        let row = trial.row(&trial.note(id)).await.expect("each is there");
        assert_eq!(row.body, create(&trial.note(id), &format!("of {id:?}")).body);
        assert_eq!(row.head.key.id(), id);
    }
}

pub(crate) async fn one_id_in_two_collections_names_two_resources(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    trial.write(create(&board, "week")).await;
    assert!(trial.is_absent(&task).await);
    trial.write(create(&task, "milk")).await;
    trial.done(delete(&board, Expectation::Exists)).await;
    assert!(trial.text(&task).await.contains("milk"));
}

/// A JSON column that sorts members, drops doubles or prints numbers its own way would serve other bytes than were tagged.
pub(crate) async fn documents_are_kept_byte_for_byte(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let bodies = [
        r#"{ "z" : 1,  "a":2.50, "a":1e3, "e":"\u00e9é\n", "n":null,"big":12345678901234567890123 }"#.to_owned(),
        "{}".to_owned(),
        format!("{{\"text\":\"{}\"}}", "milk ".repeat(60_000)),
    ];
    for (index, body) in bodies.into_iter().enumerate() {
        let note = trial.note(&index.to_string());
        let mut put = create(&note, "x");
        put.body = body.clone().into();
        trial.write(put).await;
        assert!(trial.text(&note).await == body, "document {index} is not the one that was written");
    }
}

pub(crate) async fn tags_of_other_servers_are_kept_as_they_came(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let tags = [ETag::strong(b"\xE9,\xFF!'\\"), ETag::weak(b"a b".map(|byte| byte.max(b'!'))), ETag::strong("")];
    for (index, tag) in tags.into_iter().enumerate() {
        let tag = tag.expect("an entity tag");
        let note = trial.note(&index.to_string());
        trial.write(create(&note, "milk").tagged_by(TagPlan::Opaque(tag.clone()))).await;
        assert_eq!(trial.tag(&note).await.as_bytes(), tag.as_bytes());
    }
}

/// Sixteen readers and a writer of two bodies: each reader gets one or the other, with its own tag.
pub(crate) async fn a_read_is_of_one_state(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    trial.write(create(&note, "0")).await;
    let answers = together(16, |caller| {
        let (trial, note) = (trial.clone(), note.clone());
        async move { if caller == 0 { write_often(&trial, &note).await } else { read_often(&trial, &note).await } }
    });
    answers.await;
}

async fn write_often(trial: &Trial, note: &Key) {
    for turn in 1..40 {
        trial.write(update(note, &turn.to_string())).await;
    }
}

async fn read_often(trial: &Trial, note: &Key) {
    for _ in 0..40 {
        let row = trial.row(note).await.expect("it is there all the time");
        let text: String = String::from_utf8_lossy(&row.body).into_owned();
        let text = text.rsplit('"').nth(1).expect("a text in quotes");
        assert_eq!(row.head.content, digest(text), "the head is of another state than the body");
    }
}
