//! Where a child may stand: under a parent that is there, and never under itself (rules F1, F6).

use etag_core::{Batch, Cause, Effect, ErrorKind, Expectation, Key, Put};

use crate::{
    Backend,
    documents::{CASCADE, CONTENT, Shape, create, delete, link, matching, put, update},
    together::both,
    trial::{Trial, touched_keys},
};

fn folder(key: &Key, parent: &Key, expectation: Expectation) -> Put {
    put(key, "a", expectation).under([link("folder", parent, CONTENT)])
}

pub(crate) async fn a_child_of_a_missing_parent_is_refused(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    let error = trial.refused(create(&task, "a").under([link("board", &board, CONTENT)])).await;
    assert_eq!(error.kind(), ErrorKind::NoParent);
    assert_eq!(error.conflicts()[0].cause, Cause::NoParent { link: "board".into(), parent: board.clone() });
    assert!(trial.is_absent(&task).await);

    let before = trial.write(create(&task, "a")).await;
    let error = trial.refused(update(&task, "b").under([link("board", &board, CONTENT)])).await;
    assert_eq!(error.kind(), ErrorKind::NoParent);
    assert_eq!(trial.head(&task).await, before);
}

/// The expectation is looked at first, so that a stale write hears that it is stale.
pub(crate) async fn a_stale_write_under_a_missing_parent_is_stale(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    let old = trial.write(create(&task, "a")).await;
    trial.write(update(&task, "b")).await;
    let error = trial.refused(put(&task, "c", matching(&old.tag)).under([link("board", &board, CONTENT)])).await;
    assert!(error.is_stale());
}

pub(crate) async fn parent_and_child_come_in_one_batch_in_this_order(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    let child = || create(&task, "a").under([link("board", &board, CONTENT)]);
    let error = trial.refused(Batch::new().put(child()).put(create(&board, "week"))).await;
    assert_eq!(error.kind(), ErrorKind::NoParent);
    let done = trial.done(Batch::new().put(create(&board, "week")).put(child())).await;
    assert_eq!(done.items[0].head, trial.find(&board).await);
    assert_eq!(trial.head(&task).await.parents.of_link("board"), Some(&board));
}

pub(crate) async fn a_child_of_what_the_batch_deletes_is_refused(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    trial.write(create(&board, "week")).await;
    let batch = Batch::new()
        .delete(delete(&board, Expectation::Exists))
        .put(create(&task, "a").under([link("board", &board, CASCADE)]));
    assert_eq!(trial.refused(batch).await.kind(), ErrorKind::NoParent);
    assert!(!trial.is_absent(&board).await && trial.is_absent(&task).await);
}

pub(crate) async fn a_resource_is_never_its_own_ancestor(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [a, b, c] = ["a", "b", "c"].map(|id| trial.key("folders", id));
    trial.write(create(&a, "a")).await;
    trial.write(folder(&b, &a, Expectation::Absent)).await;
    trial.write(folder(&c, &b, Expectation::Absent)).await;
    for below in [&a, &b, &c] {
        let error = trial.refused(folder(&a, below, Expectation::Exists)).await;
        assert_eq!(error.kind(), ErrorKind::Misplaced, "{a} under {below}");
        assert_eq!(error.conflicts()[0].cause, Cause::Cycle { link: "folder".into(), parent: below.clone() });
    }
    assert!(trial.head(&a).await.parents.is_empty());
    trial.write(folder(&c, &a, Expectation::Exists)).await;
}

pub(crate) async fn a_batch_makes_no_cycle_either(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [a, b] = ["a", "b"].map(|id| trial.key("folders", id));
    trial.write(create(&a, "a")).await;
    trial.write(create(&b, "b")).await;
    let batch = Batch::new().put(folder(&a, &b, Expectation::Exists)).put(folder(&b, &a, Expectation::Exists));
    assert_eq!(trial.refused(batch).await.kind(), ErrorKind::Misplaced);
    assert!(trial.head(&a).await.parents.is_empty());
}

/// Each by itself would be right: one of two moves that would close a ring is refused, whenever they come.
pub(crate) async fn two_moves_at_once_make_no_cycle(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for turn in 0..40 {
        let [a, b] = ["a", "b"].map(|id| trial.key("folders", &format!("{id}{turn}")));
        trial.write(create(&a, "a")).await;
        trial.write(create(&b, "b")).await;
        let (one, other) = (trial.clone(), trial.clone());
        let (down, up) = (folder(&a, &b, Expectation::Exists), folder(&b, &a, Expectation::Exists));
        let (one, other) = both(async move { one.commit(down).await }, async move { other.commit(up).await }).await;
        assert!(one.is_ok() != other.is_ok(), "{one:?}, {other:?}");
    }
}

/// A resource may be 32 levels below its first ancestor.
pub(crate) async fn levels_below_each_other_are_bounded(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let folders: Vec<_> = (0..=33).map(|level| trial.key("folders", &level.to_string())).collect();
    trial.write(create(&folders[0], "root")).await;
    for pair in folders[..33].windows(2) {
        trial.write(folder(&pair[1], &pair[0], Expectation::Absent)).await;
    }
    let error = trial.refused(folder(&folders[33], &folders[32], Expectation::Absent)).await;
    assert_eq!(error.kind(), ErrorKind::Misplaced);
    assert!(matches!(error.conflicts()[0].cause, Cause::TooDeep { .. }));
    let deepest = put(&folders[32], "b", Expectation::Exists).under([link("folder", &folders[31], CONTENT)]);
    assert_eq!(touched_keys(&trial.done(deepest).await).len(), 32);
}

/// A details object has its task's id: a second one is a second resource of one key.
pub(crate) async fn a_parent_has_one_child_under_its_own_id(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (task, details) = (trial.key("tasks", "1"), trial.key("details", "1"));
    trial.write(create(&task, "a")).await;
    let write = |text, expectation| put(&details, text, expectation).under([link("task", &task, CASCADE)]);
    trial.write(write("a", Expectation::Absent)).await;
    assert!(trial.refused(write("b", Expectation::Absent)).await.is_already_exists());
    assert_eq!(trial.did(write("b", Expectation::Exists)).await.effect, Effect::Replaced);
    trial.done(delete(&task, Expectation::Exists)).await;
    assert!(trial.is_absent(&details).await);
}
