//! A conflict names the fields that changed since the caller's tag (rule B2), where the store has that ability.

use std::time::SystemTime;

use etag_core::{Batch, ChangeRule, Expectation, Key, Put, Revision, StoredTag, TagPlan};

use crate::{
    Ability, Backend,
    documents::{CONTENT, Shape, check, create, delete, link, matching, put},
    trial::{Trial, has},
};

/// A write of a model that remembers its last three changes.
fn logged(key: &Key, [title, text]: [&str; 2], expectation: Expectation) -> Put {
    let body = format!("{{\"title\":{title:?},\"text\":{text:?}}}");
    let mut put = put(key, &format!("{title} {text}"), expectation);
    put.body = body.into();
    put.changes = ChangeRule::last(3);
    put
}

/// A write of one that remembers more.
fn well_logged(key: &Key, content: [&str; 2], expectation: Expectation) -> Put {
    let mut put = logged(key, content, expectation);
    put.changes = ChangeRule::last(9);
    put
}

/// What a conflict over a write under `held` names.
async fn named(trial: &Trial, key: &Key, held: &StoredTag) -> Option<Vec<String>> {
    let error = trial.refused(logged(key, ["x", "x"], matching(held))).await;
    assert!(error.is_stale());
    error.conflicts()[0].changed.clone()
}

fn fields<const N: usize>(backend: &dyn Backend, names: [&str; N]) -> Option<Vec<String>> {
    has(backend, Ability::ChangeLog).then(|| names.map(str::to_owned).to_vec())
}

pub(crate) async fn a_conflict_names_the_fields_that_changed(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let first = trial.write(logged(&note, ["a", "a"], Expectation::Absent)).await.tag;
    let second = trial.write(logged(&note, ["a", "b"], Expectation::Exists)).await.tag;
    assert_eq!(named(&trial, &note, &first).await, fields(backend, ["text"]));
    trial.write(logged(&note, ["b", "b"], Expectation::Exists)).await;
    assert_eq!(named(&trial, &note, &first).await, fields(backend, ["text", "title"]));
    assert_eq!(named(&trial, &note, &second).await, fields(backend, ["title"]));
}

pub(crate) async fn changes_that_are_forgotten_are_not_made_up(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let first = trial.write(logged(&note, ["a", "a"], Expectation::Absent)).await.tag;
    let second = trial.write(logged(&note, ["b", "a"], Expectation::Exists)).await.tag;
    for text in ["b", "c", "d"] {
        trial.write(logged(&note, ["b", text], Expectation::Exists)).await;
    }
    assert_eq!(named(&trial, &note, &first).await, None);
    assert_eq!(named(&trial, &note, &second).await, fields(backend, ["text"]));
}

/// Nobody changed a field: the tag is another one since a child was written.
pub(crate) async fn touches_change_no_field(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    trial.write(logged(&board, ["a", "a"], Expectation::Absent)).await;
    let held = trial.write(logged(&board, ["a", "b"], Expectation::Exists)).await.tag;
    trial.write(create(&task, "a").under([link("board", &board, CONTENT)])).await;
    assert_eq!(named(&trial, &board, &held).await, fields(backend, []));
}

/// The tag of the version that would have come some revisions later.
fn later(tag: &StoredTag, by: u64) -> StoredTag {
    let revision = tag.revision().expect("it is one");
    TagPlan::Revision.tag(Revision::new(revision.epoch(), revision.sequence() + by), SystemTime::UNIX_EPOCH)
}

/// Revisions count the writes of all resources, so that those between two versions of one are of others.
pub(crate) async fn a_version_that_never_was_is_told_from_one_that_was(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    let first = trial.write(well_logged(&board, ["a", "a"], Expectation::Absent)).await.tag;
    trial.write(create(&trial.note("1"), "a")).await;
    let second = trial.write(well_logged(&board, ["b", "a"], Expectation::Exists)).await.tag;
    let other = trial.write(create(&trial.note("2"), "a")).await.tag;
    trial.write(create(&task, "a").under([link("board", &board, CONTENT)])).await;
    for text in ["b", "c"] {
        trial.write(put(&task, text, Expectation::Exists).under([link("board", &board, CONTENT)])).await;
    }
    let touched = trial.tag(&board).await;
    let last_other = trial.write(create(&trial.note("3"), "a")).await.tag;
    trial.write(well_logged(&board, ["b", "b"], Expectation::Exists)).await;
    for was in [&first, &second, &touched] {
        let expected = if *was == first { fields(backend, ["text", "title"]) } else { fields(backend, ["text"]) };
        assert_eq!(named(&trial, &board, was).await, expected, "{was:?}");
    }
    for never in [later(&first, 1), other, last_other, later(&touched, 1_000_000)] {
        assert_eq!(named(&trial, &board, &never).await, None, "{never:?}");
    }
}

pub(crate) async fn a_resource_made_again_has_a_log_of_its_own(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let former = trial.write(logged(&note, ["a", "a"], Expectation::Absent)).await.tag;
    trial.write(logged(&note, ["a", "b"], Expectation::Exists)).await;
    trial.done(delete(&note, Expectation::Exists)).await;
    let made = trial.write(logged(&note, ["a", "a"], Expectation::Absent)).await.tag;
    trial.write(create(&trial.key("tasks", "1"), "a").under([link("note", &note, CONTENT)])).await;
    assert_eq!(named(&trial, &note, &made).await, fields(backend, []));
    trial.write(logged(&note, ["b", "a"], Expectation::Exists)).await;
    assert_eq!(named(&trial, &note, &former).await, None);
    assert_eq!(named(&trial, &note, &made).await, fields(backend, ["title"]));
}

pub(crate) async fn a_check_that_fails_names_the_fields_that_changed(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let first = trial.write(logged(&note, ["a", "a"], Expectation::Absent)).await.tag;
    trial.write(logged(&note, ["a", "b"], Expectation::Exists)).await;
    let error = trial.refused(check(&note, matching(&first))).await;
    assert_eq!(error.conflicts()[0].changed, fields(backend, ["text"]));
    let batch = Batch::new().check(check(&note, matching(&first))).put(create(&trial.note("2"), "a"));
    let error = trial.refused(batch).await;
    assert_eq!(error.conflicts()[0].changed, fields(backend, ["text"]));
}

/// A write of a model that remembers what changed to a depth of two levels.
fn nested(key: &Key, body: &str, expectation: Expectation) -> Put {
    let mut put = put(key, body, expectation);
    put.body = body.to_owned().into();
    put.changes = ChangeRule { keep: 9, depth: 2 };
    put
}

pub(crate) async fn changes_are_told_to_the_depth_that_is_asked_for(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let write = async |body, expectation| trial.write(nested(&note, body, expectation)).await.tag;
    let first = write(r#"{"title":"a","items":{"a":{"n":1},"b":{"n":1}}}"#, Expectation::Absent).await;
    let second = write(r#"{"title":"a","items":{"a":{"n":1,"m":2},"b":{"n":1}}}"#, Expectation::Exists).await;
    write(r#"{"title":"b","items":{"a":{"n":1,"m":2},"c/d":1}}"#, Expectation::Exists).await;
    let told = ["items/a", "items/b", "items/c~1d", "title"];
    assert_eq!(named(&trial, &note, &first).await, fields(backend, told));
    assert_eq!(named(&trial, &note, &second).await, fields(backend, ["items/b", "items/c~1d", "title"]));
}
