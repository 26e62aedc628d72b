//! Tags of touched parents travel as before and after, so that nobody advances over what they never saw (rule F4).

use std::collections::HashMap;

use etag_core::{Expectation, Key, LinkRule, StoredTag, Touched};

use crate::{
    Backend,
    documents::{CASCADE, CONTENT, OWN_LOCK, Shape, create, delete, link, matching, put, update},
    together::{both, together},
    trial::{Trial, touch_of},
};

/// Follows the touches from `first`, each from the tag that the one before it left, through all of them.
fn follow(first: &StoredTag, touches: &[Touched]) -> StoredTag {
    let mut steps: HashMap<&StoredTag, &Touched> = touches.iter().map(|touch| (&touch.before, touch)).collect();
    assert_eq!(steps.len(), touches.len(), "two commits were told the same tag before");
    let mut tag = first;
    while let Some(step) = steps.remove(tag) {
        tag = step.after.as_ref().expect("the parent is there");
    }
    assert!(steps.is_empty(), "no way leads from {first:?} to {:?}", steps.keys());
    tag.clone()
}

pub(crate) async fn each_touch_begins_where_the_one_before_it_ended(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    let first = trial.write(create(&board, "week")).await.tag;
    let mut touches = Vec::new();
    for turn in 0..10 {
        let write = put(&task, &turn.to_string(), Expectation::Unconditional).under([link("board", &board, CONTENT)]);
        touches.push(touch_of(&trial.done(write).await, &board).clone());
    }
    assert_eq!(follow(&first, &touches), trial.tag(&board).await);
}

/// Callers whose commits share a transaction get successive steps, each its own.
pub(crate) async fn touches_by_32_writers_at_once_are_steps_of_one_way(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for rule in [CONTENT, OWN_LOCK] {
        let board = trial.key("boards", &format!("{rule:?}"));
        let first = trial.write(create(&board, "week")).await.tag;
        let answers = together(32, |writer| {
            let (trial, board) = (trial.clone(), board.clone());
            async move { write_a_child_often(&trial, &board, rule, writer).await }
        });
        let touches: Vec<_> = answers.await.into_iter().flatten().collect();
        assert_eq!(touches.len(), 32 * 4);
        assert_eq!(follow(&first, &touches), trial.tag(&board).await);
    }
}

async fn write_a_child_often(trial: &Trial, board: &Key, rule: LinkRule, writer: usize) -> Vec<Touched> {
    let task = trial.key("tasks", &format!("{}-{writer}", board.id()));
    let mut touches = Vec::new();
    for turn in 0..4 {
        let write = put(&task, &turn.to_string(), Expectation::Unconditional).under([link("board", board, rule)]);
        touches.push(touch_of(&trial.done(write).await, board).clone());
    }
    touches
}

/// Three levels at once: every ancestor has a way of its own.
pub(crate) async fn every_level_has_its_own_way(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let board = trial.key("boards", "1");
    let mut firsts = vec![(board.clone(), trial.write(create(&board, "week")).await.tag)];
    for id in 0..4 {
        let task = trial.key("tasks", &id.to_string());
        trial.write(create(&task, "a").under([link("board", &board, CONTENT)])).await;
        firsts.push((task.clone(), trial.tag(&task).await));
    }
    firsts[0].1 = trial.tag(&board).await;
    let answers = together(16, |writer| {
        let (trial, task) = (trial.clone(), firsts[1 + writer % 4].0.clone());
        let item = trial.key("items", &writer.to_string());
        async move { trial.done(create(&item, "a").under([link("task", &task, CONTENT)])).await.touched }
    });
    let touches: Vec<_> = answers.await.into_iter().flatten().collect();
    for (key, first) in firsts {
        let own: Vec<_> = touches.iter().filter(|touch| touch.key == key).cloned().collect();
        assert_eq!(follow(&first, &own), trial.tag(&key).await, "{key}");
    }
}

/// Whoever saw the parent after the edit goes on, and whoever saw it before does not.
pub(crate) async fn who_missed_an_edit_does_not_advance(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    let old = trial.write(create(&board, "week")).await.tag;
    let edited = trial.write(update(&board, "month")).await.tag;
    let done = trial.done(create(&task, "a").under([link("board", &board, CONTENT)])).await;
    let touch = touch_of(&done, &board);
    assert_eq!(touch.advance(&old), None);
    assert_eq!(touch.advance(&edited), Some(&trial.tag(&board).await));
}

/// A holder of the parent's tag writes a child, advances and deletes the parent; somebody edits the parent meanwhile. Where
/// both are told that they did it, the edit was deleted by someone who never saw it.
pub(crate) async fn a_holder_never_advances_over_an_edit_it_did_not_see(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for turn in 0..60 {
        let (board, task) = (trial.key("boards", &turn.to_string()), trial.key("tasks", &turn.to_string()));
        let held = trial.write(create(&board, "week")).await.tag;
        let (holder, editor) = (trial.clone(), trial.clone());
        let (edited, way) = (board.clone(), board.clone());
        let (deleted, edit) = both(
            async move {
                for _ in 0..turn % 4 {
                    tokio::task::yield_now().await;
                }
                write_a_child_advance_and_delete(&holder, &way, &task, &held).await
            },
            async move { editor.commit(update(&edited, "month")).await },
        )
        .await;
        assert!(!(deleted && edit.is_ok()), "an edit was deleted by someone who never saw it");
        assert_eq!(trial.is_absent(&board).await, deleted);
    }
}

async fn write_a_child_advance_and_delete(trial: &Trial, board: &Key, task: &Key, held: &StoredTag) -> bool {
    let made = trial.done(create(task, "a").under([link("board", board, CASCADE)])).await;
    let Some(after) = touch_of(&made, board).advance(held).cloned() else { return false };
    trial.commit(delete(board, matching(&after))).await.is_ok()
}
