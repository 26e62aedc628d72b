//! A write that changes nothing (rule P7).

use etag_core::{Batch, Effect, IfUnchanged, TagPlan};

use crate::{
    Backend,
    documents::{CASCADE, CONTENT, Shape, create, link, matching, put, update},
    trial::{Trial, touch_of},
};

pub(crate) async fn a_write_of_equal_content_keeps_tag_revision_and_time(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for plan in [TagPlan::Revision, create(&trial.note("x"), "a").tagged_by_digest().plan] {
        let note = trial.note(&format!("{plan:?}"));
        let before = trial.write(create(&note, "a").tagged_by(plan.clone())).await;
        let again = trial.did(update(&note, "a").tagged_by(plan)).await;
        assert_eq!(again.effect, Effect::Unchanged);
        assert_eq!(again.head.as_ref(), Some(&before));
        assert_eq!(trial.head(&note).await, before);
    }
}

pub(crate) async fn a_write_of_equal_content_touches_nobody(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    trial.write(create(&board, "week")).await;
    trial.write(create(&task, "a").under([link("board", &board, CONTENT)])).await;
    let before = trial.head(&board).await;
    let done = trial.done(update(&task, "a").under([link("board", &board, CONTENT)])).await;
    assert!(done.touched.is_empty());
    assert_eq!(trial.head(&board).await, before);
}

pub(crate) async fn a_write_of_equal_content_still_needs_the_current_tag(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let first = trial.write(create(&note, "a")).await;
    let second = trial.write(update(&note, "b")).await;
    assert!(trial.refused(put(&note, "b", matching(&first.tag))).await.is_stale());
    assert_eq!(trial.did(put(&note, "b", matching(&second.tag))).await.effect, Effect::Unchanged);
}

pub(crate) async fn a_rewrite_of_equal_content_can_be_asked_for(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let before = trial.write(create(&note, "a")).await;
    let mut rewrite = update(&note, "a");
    rewrite.if_unchanged = IfUnchanged::Rewrite;
    let done = trial.did(rewrite).await;
    assert_eq!(done.effect, Effect::Replaced);
    assert_ne!(trial.tag(&note).await, before.tag);
}

/// A stored form, a parent or a rule that differs must be stored, though the content is the same.
pub(crate) async fn equal_content_in_another_form_is_a_change(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [board, other] = ["1", "2"].map(|id| trial.key("boards", id));
    let task = trial.key("tasks", "1");
    trial.write(create(&board, "week")).await;
    trial.write(create(&other, "month")).await;
    trial.write(create(&task, "a").under([link("board", &board, CONTENT)])).await;
    let mut schema = update(&task, "a").under([link("board", &board, CONTENT)]);
    schema.schema = 2;
    let mut moved = update(&task, "a").under([link("board", &other, CONTENT)]);
    moved.schema = 2;
    let mut ruled = update(&task, "a").under([link("board", &other, CASCADE)]);
    ruled.schema = 2;
    for put in [schema, moved, ruled] {
        let parents = put.parents.clone();
        let written = trial.did(put).await;
        assert_eq!(written.effect, Effect::Replaced);
        let now = trial.head(&task).await;
        assert_eq!((now.schema, &now.parents), (2, &parents));
    }
}

pub(crate) async fn an_unchanged_item_shows_the_touch_of_its_batch(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    let before = trial.write(create(&board, "week")).await;
    let batch =
        Batch::new().put(update(&board, "week")).put(create(&task, "a").under([link("board", &board, CONTENT)]));
    let done = trial.done(batch).await;
    let now = trial.head(&board).await;
    assert_eq!(done.items[0].effect, Effect::Unchanged);
    assert_eq!(done.items[0].head.as_ref(), Some(&now));
    assert_eq!(touch_of(&done, &board).before, before.tag);
}
