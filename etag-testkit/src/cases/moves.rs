//! Children that change their parents (rule F2).

use etag_core::{Batch, Committed, Expectation, Key, LinkRule};

use crate::{
    Backend,
    documents::{APART, CONTENT, STRUCTURE, Shape, create, delete, link, update},
    trial::{Trial, touch_of, touched_keys},
};

/// Two boards, and a task on the first.
async fn boards_and_task(trial: &Trial, rule: LinkRule) -> (Key, Key, Key) {
    let [from, to] = ["from", "to"].map(|id| trial.key("boards", id));
    let task = trial.key("tasks", "1");
    trial.write(create(&from, "week")).await;
    trial.write(create(&to, "month")).await;
    trial.write(create(&task, "a").under([link("board", &from, rule)])).await;
    (from, to, task)
}

async fn assert_touched(trial: &Trial, done: &Committed, keys: &[&Key]) {
    let expected: Vec<Key> = keys.iter().copied().cloned().collect();
    assert_eq!(touched_keys(done), expected);
    for key in keys {
        assert_eq!(touch_of(done, key).after, Some(trial.tag(key).await));
    }
}

pub(crate) async fn a_move_touches_both_parents(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for rule in [CONTENT, STRUCTURE] {
        let (from, to, task) = boards_and_task(&trial, rule).await;
        let done = trial.done(update(&task, "a").under([link("board", &to, rule)])).await;
        assert_touched(&trial, &done, &[&from, &to]).await;
        let batch =
            [delete(&task, Expectation::Exists), delete(&from, Expectation::Exists), delete(&to, Expectation::Exists)];
        trial.done(batch.into_iter().collect::<Batch>()).await;
    }
}

pub(crate) async fn a_move_through_links_that_touch_nothing_touches_nobody(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (_, to, task) = boards_and_task(&trial, APART).await;
    let done = trial.done(update(&task, "a").under([link("board", &to, APART)])).await;
    assert!(done.touched.is_empty());
}

pub(crate) async fn a_child_that_leaves_or_joins_touches_that_parent(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (from, to, task) = boards_and_task(&trial, STRUCTURE).await;
    let done = trial.done(update(&task, "a")).await;
    assert_touched(&trial, &done, &[&from]).await;
    let done = trial.done(update(&task, "a").under([link("board", &to, STRUCTURE)])).await;
    assert_touched(&trial, &done, &[&to]).await;
}

/// What moves takes its descendants along: their writes touch the new ancestors and the old ones no more.
pub(crate) async fn after_a_move_the_new_ancestors_are_touched(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (from, to, task) = boards_and_task(&trial, CONTENT).await;
    let item = trial.key("items", "1");
    trial.write(create(&item, "a").under([link("task", &task, CONTENT)])).await;
    trial.write(update(&task, "a").under([link("board", &to, CONTENT)])).await;
    let left = trial.head(&from).await;
    let done = trial.done(update(&item, "b").under([link("task", &task, CONTENT)])).await;
    assert_touched(&trial, &done, &[&to, &task]).await;
    assert_eq!(trial.head(&from).await, left);
}

/// A batch that moves a child and changes what is below it touches by where each stands in the end.
pub(crate) async fn a_batch_that_moves_and_writes_below_touches_old_and_new(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (from, to, task) = boards_and_task(&trial, CONTENT).await;
    let item = trial.key("items", "1");
    trial.write(create(&item, "a").under([link("task", &task, CONTENT)])).await;
    let batch = Batch::new()
        .put(update(&item, "b").under([link("task", &task, CONTENT)]))
        .put(update(&task, "b").under([link("board", &to, CONTENT)]));
    let done = trial.done(batch).await;
    assert_touched(&trial, &done, &[&from, &to]).await;
    assert_eq!(done.items[1].head, trial.find(&task).await);
}

pub(crate) async fn a_move_there_and_back_in_a_batch_is_no_move(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (from, to, task) = boards_and_task(&trial, STRUCTURE).await;
    let batch = Batch::new()
        .put(update(&task, "b").under([link("board", &to, STRUCTURE)]))
        .put(update(&task, "c").under([link("board", &from, STRUCTURE)]));
    assert!(trial.done(batch).await.touched.is_empty());
}

/// A move to where a task is already, and one by another link, leave the other link as it is.
pub(crate) async fn a_move_by_one_link_leaves_the_others(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (from, to, task) = boards_and_task(&trial, CONTENT).await;
    let user = trial.key("users", "1");
    trial.write(create(&user, "ada")).await;
    let links = |board| [link("board", board, CONTENT), link("user", &user, STRUCTURE)];
    trial.write(update(&task, "a").under(links(&from))).await;
    let done = trial.done(update(&task, "a").under(links(&to))).await;
    assert_touched(&trial, &done, &[&from, &to]).await;
    assert_eq!(trial.head(&task).await.parents.of_link("user"), Some(&user));
}
