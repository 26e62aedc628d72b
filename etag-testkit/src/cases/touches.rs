//! A child's write changes its parents' tags, in its own commit (rules F2, F3, F4).

use std::collections::HashSet;

use etag_core::{Batch, Committed, ETag, ErrorKind, Expectation, Key, LinkRule, Put, Strength, TagPlan};

use crate::{
    Backend,
    clock::StandingClock,
    documents::{
        APART, CASCADE, CONTENT, IntoBatch, OWN_LOCK, STRUCTURE, Shape, create, delete, digest, link, matching, put,
        update,
    },
    trial::{Trial, touch_of, touched_keys},
};

/// A board with one task on it, linked in this way.
async fn board_with_task(trial: &Trial, rule: LinkRule) -> (Key, Key) {
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    trial.write(create(&board, "week")).await;
    trial.write(create(&task, "a").under([link("board", &board, rule)])).await;
    (board, task)
}

/// What a commit says of the parent's tags is what a reader finds before and after it.
async fn touches(trial: &Trial, parent: &Key, batch: impl IntoBatch) -> Committed {
    let before = trial.head(parent).await;
    let done = trial.done(batch).await;
    let after = trial.head(parent).await;
    assert_ne!(after.tag, before.tag, "{parent} was not touched");
    assert_ne!(after.revision, before.revision);
    let touch = touch_of(&done, parent);
    assert_eq!((&touch.before, touch.after.as_ref()), (&before.tag, Some(&after.tag)));
    done
}

async fn leaves_alone(trial: &Trial, parent: &Key, batch: impl IntoBatch) {
    let before = trial.head(parent).await;
    let done = trial.done(batch).await;
    assert_eq!(trial.head(parent).await, before, "{parent} was touched");
    assert!(done.touched.iter().all(|touched| touched.key != *parent));
}

pub(crate) async fn content_links_touch_on_create_update_and_delete(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CONTENT).await;
    let on_board = || [link("board", &board, CONTENT)];
    touches(&trial, &board, update(&task, "b").under(on_board())).await;
    touches(&trial, &board, create(&trial.key("tasks", "2"), "a").under(on_board())).await;
    touches(&trial, &board, delete(&task, Expectation::Exists)).await;
}

pub(crate) async fn structure_links_touch_on_create_and_delete_only(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, STRUCTURE).await;
    let on_board = || [link("board", &board, STRUCTURE)];
    leaves_alone(&trial, &board, update(&task, "b").under(on_board())).await;
    touches(&trial, &board, create(&trial.key("tasks", "2"), "a").under(on_board())).await;
    touches(&trial, &board, delete(&task, Expectation::Exists)).await;
}

pub(crate) async fn links_that_touch_nothing_leave_the_parent_alone(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, APART).await;
    let on_board = || [link("board", &board, APART)];
    leaves_alone(&trial, &board, update(&task, "b").under(on_board())).await;
    leaves_alone(&trial, &board, create(&trial.key("tasks", "2"), "a").under(on_board())).await;
    leaves_alone(&trial, &board, delete(&task, Expectation::Exists)).await;
}

/// A touch changes the tag and the times, and nothing that somebody wrote.
pub(crate) async fn a_touched_parent_keeps_its_document(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CONTENT).await;
    let before = trial.row(&board).await.expect("the board is there");
    touches(&trial, &board, update(&task, "b").under([link("board", &board, CONTENT)])).await;
    let after = trial.row(&board).await.expect("the board is there");
    assert_eq!((&before.body, &after.body), (&create(&board, "week").body, &before.body));
    assert_eq!((after.head.content, after.head.created), (digest("week"), before.head.created));
    assert!(after.head.modified_at > before.head.modified_at);
}

/// Who read the parent before a child changed has not seen the family as it is.
pub(crate) async fn a_touch_makes_the_parents_editors_stale(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CONTENT).await;
    let held = trial.head(&board).await;
    trial.write(update(&task, "b").under([link("board", &board, CONTENT)])).await;
    for expectation in [matching(&held.tag), Expectation::At(held.revision), Expectation::Unedited(held.edited)] {
        let error = trial.refused(put(&board, "month", expectation)).await;
        assert!(error.is_stale());
        assert_eq!(error.conflicts()[0].met, trial.find(&board).await);
    }
}

/// The item is of a task, the task of a board: what touches the task by content touches the board.
fn item_of(item: &Key, text: &str, task: &Key, expectation: Expectation) -> Put {
    put(item, text, expectation).under([link("task", task, CONTENT)])
}

pub(crate) async fn a_touch_climbs_every_content_link(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CONTENT).await;
    let item = trial.key("items", "1");
    let done = touches(&trial, &board, item_of(&item, "a", &task, Expectation::Absent)).await;
    assert_eq!(touched_keys(&done), [board.clone(), task.clone()]);
    let done = touches(&trial, &task, item_of(&item, "b", &task, Expectation::Exists)).await;
    assert_eq!(touched_keys(&done), [board.clone(), task.clone()]);
    let done = touches(&trial, &board, delete(&item, Expectation::Exists)).await;
    assert_eq!(touched_keys(&done), [board, task]);
}

pub(crate) async fn a_touch_does_not_climb_a_structure_link(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, STRUCTURE).await;
    let item = trial.key("items", "1");
    let before = trial.head(&board).await;
    let done = touches(&trial, &task, item_of(&item, "a", &task, Expectation::Absent)).await;
    assert_eq!(touched_keys(&done), [task]);
    assert_eq!(trial.head(&board).await, before);
}

pub(crate) async fn a_touch_climbs_twenty_levels(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let folders: Vec<_> = (0..20).map(|level| trial.key("folders", &level.to_string())).collect();
    trial.write(create(&folders[0], "root")).await;
    for pair in folders.windows(2) {
        trial.write(create(&pair[1], "a").under([link("folder", &pair[0], CONTENT)])).await;
    }
    let deepest = update(&folders[19], "b").under([link("folder", &folders[18], CONTENT)]);
    let done = touches(&trial, &folders[0], deepest).await;
    assert_eq!(done.touched.len(), 19);
    for folder in &folders[..19] {
        assert_eq!(touch_of(&done, folder).after, Some(trial.tag(folder).await));
    }
}

pub(crate) async fn every_parent_is_touched_by_its_own_link(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [board, label, user] = ["boards", "labels", "users"].map(|kind| trial.key(kind, "1"));
    for parent in [&board, &label, &user] {
        trial.write(create(parent, "x")).await;
    }
    let task = trial.key("tasks", "1");
    let links = || [link("board", &board, CONTENT), link("label", &label, STRUCTURE), link("user", &user, APART)];
    let made = trial.done(create(&task, "a").under(links())).await;
    assert_eq!(touched_keys(&made), [board.clone(), label.clone()]);
    let changed = trial.done(update(&task, "b").under(links())).await;
    assert_eq!(touched_keys(&changed), [board]);
}

/// Two ways up to one ancestor, and several children of one parent: one touch, one entry in the answer.
pub(crate) async fn several_touches_of_one_parent_in_a_batch_are_one(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CONTENT).await;
    let before = trial.head(&board).await;
    let items: Vec<_> = (0..5).map(|id| trial.key("items", &id.to_string())).collect();
    let mut batch: Batch = items.iter().map(|item| item_of(item, "a", &task, Expectation::Absent)).collect();
    batch = batch.put(update(&task, "b").under([link("board", &board, CONTENT)]));
    let done = trial.done(batch).await;
    let after = trial.head(&board).await;
    assert_eq!(touched_keys(&done), std::slice::from_ref(&board));
    assert_eq!((&touch_of(&done, &board).before, &touch_of(&done, &board).after), (&before.tag, &Some(after.tag)));
    assert_eq!(done.items[5].head, trial.find(&task).await, "the item's tag is the one after the touches");
}

/// The batch's own touches fail none of its items: the tags that were held before are good for all of it (rule B1).
pub(crate) async fn a_batch_under_tags_held_before_changes_child_and_parent(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CONTENT).await;
    let (held_board, held_task) = (trial.tag(&board).await, trial.tag(&task).await);
    let batch = Batch::new()
        .put(put(&task, "b", matching(&held_task)).under([link("board", &board, CONTENT)]))
        .put(put(&board, "month", matching(&held_board)));
    let done = trial.done(batch).await;
    assert_eq!(done.items[1].head, trial.find(&board).await);
    let (held_board, held_task) = (trial.tag(&board).await, trial.tag(&task).await);
    let batch = Batch::new().delete(delete(&task, matching(&held_task))).delete(delete(&board, matching(&held_board)));
    trial.done(batch).await;
    assert!(trial.is_absent(&board).await && trial.is_absent(&task).await);
}

/// Also where the parent's delete takes the changed child along: the answer tells that it is gone.
pub(crate) async fn a_batch_under_tags_held_before_changes_a_child_and_deletes_its_parent(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CASCADE).await;
    let (held_board, held_task) = (trial.tag(&board).await, trial.tag(&task).await);
    let batch = Batch::new()
        .put(put(&task, "b", matching(&held_task)).under([link("board", &board, CASCADE)]))
        .delete(delete(&board, matching(&held_board)));
    let done = trial.done(batch).await;
    assert!(trial.is_absent(&board).await && trial.is_absent(&task).await);
    assert_eq!((&touch_of(&done, &task).before, &touch_of(&done, &task).after), (&held_task, &None));
}

/// The parent's content is the same all the time, and its tag never is (rule T4).
pub(crate) async fn the_tag_of_a_digest_is_new_after_each_touch(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    let week = |text: &str, expectation| put(&board, text, expectation).tagged_by_digest();
    let mut tags = HashSet::from([trial.write(week("week", Expectation::Absent)).await.tag]);
    let on_board = || [link("board", &board, CONTENT)];
    for turn in 0..6 {
        let change = if turn == 0 { Expectation::Absent } else { Expectation::Exists };
        touches(&trial, &board, put(&task, &turn.to_string(), change).under(on_board())).await;
        assert!(tags.insert(trial.tag(&board).await), "touch {turn} gave a tag again");
        // Another content and back: nothing of the count is lost.
        let month = format!("month {turn}");
        assert!(tags.insert(trial.write(week(&month, Expectation::Exists)).await.tag));
        trial.write(week("week", Expectation::Exists)).await;
    }
}

/// The parent of equal content that is written with a touch in one batch must not have the tag of before.
pub(crate) async fn a_digest_that_is_written_and_touched_at_once_is_new(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    let mut tags = HashSet::from([trial.write(create(&board, "a").tagged_by_digest()).await.tag]);
    for text in ["b", "a", "b", "a"] {
        let child = put(&task, text, Expectation::Unconditional).under([link("board", &board, CONTENT)]);
        trial.done(Batch::new().put(update(&board, text).tagged_by_digest()).put(child)).await;
        assert!(tags.insert(trial.tag(&board).await), "{text} came again with its tag");
    }
}

/// A touched state is another state than the one before, also to those who compare dates.
pub(crate) async fn a_touch_within_one_instant_gives_another_tag_and_a_weak_date(backend: &dyn Backend) {
    let trial = Trial::within(backend, StandingClock::new().environment()).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    for rule in [CONTENT, OWN_LOCK] {
        trial
            .write(put(&board, &format!("{rule:?}"), Expectation::Unconditional).tagged_by(TagPlan::LastModified))
            .await;
        let child = put(&task, &format!("{rule:?}"), Expectation::Unconditional).under([link("board", &board, rule)]);
        touches(&trial, &board, child).await;
        assert_eq!(trial.head(&board).await.date_strength, Strength::Weak);
    }
}

/// There is no tag to give it: the other server's names a state of that server.
pub(crate) async fn a_parent_with_a_tag_of_another_server_can_not_be_touched(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    let tag = ETag::strong("theirs").expect("an entity tag");
    let before = trial.write(create(&board, "week").tagged_by(TagPlan::Opaque(tag))).await;
    let error = trial.refused(create(&task, "a").under([link("board", &board, CONTENT)])).await;
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(trial.is_absent(&task).await);
    assert_eq!(trial.head(&board).await, before);
    trial.write(create(&task, "a").under([link("board", &board, APART)])).await;
}
