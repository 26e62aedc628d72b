//! `lock = own`: a child's write leaves the parent's editors alone, and nobody else (rule F5).

use std::collections::HashSet;

use etag_core::{Batch, Expectation, Key, LinkRule, Put, TagPlan};

use crate::{
    Backend,
    documents::{CONTENT, OWN_LOCK, Shape, check, create, delete, link, matching, put, update},
    trial::{Trial, touch_of},
};

async fn board_with_task(trial: &Trial, name: &str, tagged: Tagged) -> (Key, Key) {
    let (board, task) = (trial.key("boards", name), trial.key("tasks", name));
    trial.write(tagged(create(&board, "week"))).await;
    trial.write(child(&task, "a", &board, OWN_LOCK)).await;
    (board, task)
}

fn child(task: &Key, text: &str, board: &Key, rule: LinkRule) -> Put {
    put(task, text, Expectation::Unconditional).under([link("board", board, rule)])
}

type Tagged = fn(Put) -> Put;

const PLANS: [(&str, Tagged); 2] =
    [("revision", |put| put.tagged_by(TagPlan::Revision)), ("digest", Put::tagged_by_digest)];

pub(crate) async fn an_own_lock_lets_the_parents_editors_write(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for (name, tagged) in PLANS {
        let (board, task) = board_with_task(&trial, name, tagged).await;
        let held = trial.head(&board).await;
        trial.write(child(&task, "b", &board, OWN_LOCK)).await;
        trial.write(tagged(put(&board, "month", matching(&held.tag)))).await;

        let held = trial.head(&board).await;
        trial.write(child(&task, "c", &board, OWN_LOCK)).await;
        trial.write(tagged(put(&board, "year", Expectation::Unedited(held.edited)))).await;
    }
}

/// The whole tag covers the family: who deletes must have seen all of it, and a cache must not serve what was.
pub(crate) async fn an_own_lock_does_not_let_deletes_and_checks_pass(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for (name, tagged) in PLANS {
        let (board, task) = board_with_task(&trial, name, tagged).await;
        let held = trial.head(&board).await;
        trial.write(child(&task, "b", &board, OWN_LOCK)).await;
        assert_ne!(trial.tag(&board).await, held.tag);
        assert!(trial.refused(delete(&board, matching(&held.tag))).await.is_stale());
        assert!(trial.refused(check(&board, matching(&held.tag))).await.is_stale());
        assert!(trial.refused(put(&board, "month", Expectation::At(held.revision))).await.is_stale());
    }
}

pub(crate) async fn an_own_lock_keeps_editors_apart_from_each_other(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for (name, tagged) in PLANS {
        let (board, task) = board_with_task(&trial, name, tagged).await;
        let held = trial.head(&board).await;
        trial.write(tagged(put(&board, "month", matching(&held.tag)))).await;
        trial.write(child(&task, "b", &board, OWN_LOCK)).await;
        assert!(trial.refused(tagged(put(&board, "year", matching(&held.tag)))).await.is_stale());
        assert!(trial.refused(tagged(put(&board, "year", Expectation::Unedited(held.edited)))).await.is_stale());
    }
}

pub(crate) async fn every_touch_through_an_own_lock_gives_another_tag(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for (name, tagged) in PLANS {
        let (board, task) = board_with_task(&trial, name, tagged).await;
        let mut tags = HashSet::from([trial.tag(&board).await]);
        for turn in 0..6 {
            let rule = if turn % 3 == 2 { CONTENT } else { OWN_LOCK };
            let done = trial.done(child(&task, &turn.to_string(), &board, rule)).await;
            let now = trial.tag(&board).await;
            assert_eq!(touch_of(&done, &board).after.as_ref(), Some(&now));
            assert!(tags.insert(now));
        }
    }
}

/// What makes editors stale does so whichever link it comes through.
pub(crate) async fn the_strict_lock_wins_where_both_touch(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, "1", |put| put).await;
    let other = trial.key("tasks", "2");
    for reversed in [false, true] {
        let held = trial.tag(&board).await;
        let text = if reversed { "c" } else { "b" };
        let mut puts = vec![child(&task, text, &board, OWN_LOCK), child(&other, text, &board, CONTENT)];
        if reversed {
            puts.reverse();
        }
        trial.done(puts.into_iter().collect::<Batch>()).await;
        assert!(trial.refused(put(&board, "month", matching(&held))).await.is_stale());
    }
}

/// Each level has the lock of its own link, whatever the lock below is.
pub(crate) async fn each_level_has_the_lock_of_its_own_link(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for (name, below, above) in [("strict below", CONTENT, OWN_LOCK), ("strict above", OWN_LOCK, CONTENT)] {
        let [board, task, item] = ["boards", "tasks", "items"].map(|kind| trial.key(kind, name));
        trial.write(create(&board, "week")).await;
        trial.write(child(&task, "a", &board, above)).await;
        let (held_board, held_task) = (trial.tag(&board).await, trial.tag(&task).await);
        trial.write(create(&item, "a").under([link("task", &task, below)])).await;
        let task_write = put(&task, "b", matching(&held_task)).under([link("board", &board, above)]);
        assert_eq!(trial.commit(task_write).await.is_ok(), below == OWN_LOCK, "{name}");
        let board_write = put(&board, "month", matching(&held_board));
        assert_eq!(trial.commit(board_write).await.is_ok(), above == OWN_LOCK, "{name}");
    }
}

/// An edit of the parent is not undone by a touch, nor a touch by an edit.
pub(crate) async fn a_touch_and_an_edit_are_both_there(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, "1", |put| put).await;
    trial.write(update(&board, "month")).await;
    let edited = trial.head(&board).await;
    trial.write(child(&task, "b", &board, OWN_LOCK)).await;
    let touched = trial.head(&board).await;
    assert_eq!((touched.edited, touched.content), (edited.edited, edited.content));
    assert_ne!(touched.revision, edited.revision);
    assert!(trial.text(&board).await.contains("month"));
}
