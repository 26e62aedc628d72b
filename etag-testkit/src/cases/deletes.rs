//! What the delete of a parent does to its children (rule F6).

use etag_core::{Batch, Cause, Error, ErrorKind, Expectation, Hold, Key, LinkRule, OnDelete, Scan};

use crate::{
    Backend,
    documents::{APART, CASCADE, CONTENT, DETACH, STRUCTURE, Shape, create, delete, link, matching, update},
    trial::{Trial, touch_of, touched_keys},
};

async fn board_with_task(trial: &Trial, rule: LinkRule) -> (Key, Key) {
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    trial.write(create(&board, "week")).await;
    trial.write(create(&task, "a").under([link("board", &board, rule)])).await;
    (board, task)
}

fn named_children(error: &Error) -> Vec<Key> {
    assert_eq!(error.kind(), ErrorKind::HasChildren);
    let Cause::HasChildren { children } = &error.conflicts()[0].cause else { panic!("{error}") };
    children.clone()
}

pub(crate) async fn restrict_keeps_a_parent_with_children_and_names_them(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CONTENT).await;
    let (held_board, held_task) = (trial.head(&board).await, trial.head(&task).await);
    let error = trial.refused(delete(&board, matching(&held_board.tag))).await;
    assert_eq!(named_children(&error), std::slice::from_ref(&task));
    assert_eq!(error.conflicts()[0].met.as_ref(), Some(&held_board));
    assert_eq!((trial.head(&board).await, trial.head(&task).await), (held_board, held_task));
    trial.done(delete(&task, Expectation::Exists)).await;
    trial.done(delete(&board, Expectation::Exists)).await;
}

/// Whatever its children do to its tag.
pub(crate) async fn restrict_holds_through_links_that_touch_nothing(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for (id, rule) in [("1", APART), ("2", STRUCTURE)] {
        let (board, task) = (trial.key("boards", id), trial.key("tasks", id));
        trial.write(create(&board, "week")).await;
        trial.write(create(&task, "a").under([link("board", &board, rule)])).await;
        assert_eq!(named_children(&trial.refused(delete(&board, Expectation::Exists)).await), [task]);
    }
}

pub(crate) async fn ten_children_are_named_at_most(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, _) = board_with_task(&trial, CONTENT).await;
    for id in 2..=20 {
        trial.write(create(&trial.key("tasks", &id.to_string()), "a").under([link("board", &board, CONTENT)])).await;
    }
    let named = named_children(&trial.refused(delete(&board, Expectation::Exists)).await);
    assert_eq!(named.len(), 10);
}

pub(crate) async fn a_moved_child_no_longer_keeps_its_former_parent(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CONTENT).await;
    let other = trial.key("boards", "2");
    trial.write(create(&other, "month")).await;
    trial.write(update(&task, "a").under([link("board", &other, CONTENT)])).await;
    trial.done(delete(&board, Expectation::Exists)).await;
    assert_eq!(named_children(&trial.refused(delete(&other, Expectation::Exists)).await), [task]);
}

pub(crate) async fn a_batch_deletes_children_before_their_parent(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CONTENT).await;
    let [board_first, task_first] = [[&board, &task], [&task, &board]]
        .map(|keys| keys.into_iter().map(|key| delete(key, Expectation::Exists)).collect::<Batch>());
    assert_eq!(named_children(&trial.refused(board_first).await), std::slice::from_ref(&task));
    trial.done(task_first).await;
    assert!(trial.is_absent(&board).await && trial.is_absent(&task).await);
}

/// A child that comes in the same batch, before its parent's delete, keeps the parent like any other.
pub(crate) async fn a_child_that_the_batch_made_keeps_its_parent(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = (trial.key("boards", "1"), trial.key("tasks", "1"));
    trial.write(create(&board, "week")).await;
    let batch = Batch::new()
        .put(create(&task, "a").under([link("board", &board, CONTENT)]))
        .delete(delete(&board, Expectation::Exists));
    assert_eq!(named_children(&trial.refused(batch).await), std::slice::from_ref(&task));
    assert!(trial.is_absent(&task).await);
}

pub(crate) async fn cascade_takes_all_below_along(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CASCADE).await;
    let items: Vec<_> = (0..3).map(|id| trial.key("items", &id.to_string())).collect();
    for item in &items {
        trial.write(create(item, "a").under([link("task", &task, CASCADE)])).await;
    }
    let befores = [trial.tag(&task).await, trial.tag(&items[0]).await];
    let done = trial.done(delete(&board, matching(&trial.tag(&board).await))).await;
    assert_eq!(done.touched.len(), 4);
    for (key, before) in [&task, &items[0]].into_iter().zip(befores) {
        assert_eq!((&touch_of(&done, key).before, &touch_of(&done, key).after), (&before, &None));
    }
    for key in items.iter().chain([&board, &task]) {
        assert!(trial.is_absent(key).await, "{key} is an orphan");
    }
    let scan = Scan::new(trial.collection("items"), 10);
    assert!(trial.page(&scan).await.items.is_empty());
}

/// One grandchild that must be kept keeps all of them.
pub(crate) async fn restrict_below_a_cascade_keeps_everything(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, CASCADE).await;
    let item = trial.key("items", "1");
    trial.write(create(&item, "a").under([link("task", &task, CONTENT)])).await;
    let heads = [trial.head(&board).await, trial.head(&task).await, trial.head(&item).await];
    assert_eq!(named_children(&trial.refused(delete(&board, Expectation::Exists)).await), std::slice::from_ref(&item));
    assert_eq!([trial.head(&board).await, trial.head(&task).await, trial.head(&item).await], heads);
}

/// What goes with one parent touches its other one.
pub(crate) async fn a_cascade_touches_the_other_parents_of_what_goes(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let [board, user] = ["boards", "users"].map(|kind| trial.key(kind, "1"));
    let task = trial.key("tasks", "1");
    trial.write(create(&board, "week")).await;
    trial.write(create(&user, "ada")).await;
    trial.write(create(&task, "a").under([link("board", &board, CASCADE), link("user", &user, STRUCTURE)])).await;
    let done = trial.done(delete(&board, Expectation::Exists)).await;
    assert_eq!(touched_keys(&done), [task, user.clone()]);
    assert_eq!(touch_of(&done, &user).after, Some(trial.tag(&user).await));
}

pub(crate) async fn detach_leaves_the_children_without_the_parent(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, DETACH).await;
    let user = trial.key("users", "1");
    trial.write(create(&user, "ada")).await;
    trial.write(update(&task, "b").under([link("board", &board, DETACH), link("user", &user, CONTENT)])).await;
    let before = trial.head(&task).await;
    let done = trial.done(delete(&board, Expectation::Exists)).await;
    let now = trial.head(&task).await;
    assert_eq!((now.parents.of_link("board"), now.parents.of_link("user")), (None, Some(&user)));
    assert_eq!(now.parents.links()[0].hold, Hold::Detached);
    assert_ne!(now.tag, before.tag);
    assert_eq!((now.content, now.created), (before.content, before.created));
    assert_eq!((&touch_of(&done, &task).before, &touch_of(&done, &task).after), (&before.tag, &Some(now.tag)));
    assert_eq!(touched_keys(&done), [task.clone(), user.clone()], "a change of the child touches its other parent");
    assert!(trial.page(&Scan::new(trial.collection("tasks"), 9).under("board", board)).await.items.is_empty());
}

/// What the batch itself wrote before is detached like the rest, and its item's tag is the one that stands in the end.
pub(crate) async fn a_child_that_the_batch_wrote_is_detached_and_answered_as_it_stands(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, DETACH).await;
    let before = trial.head(&task).await;
    let batch = Batch::new()
        .put(update(&task, "b").under([link("board", &board, DETACH)]))
        .delete(delete(&board, Expectation::Exists));
    let done = trial.done(batch).await;
    let now = trial.head(&task).await;
    assert_eq!(now.parents.of_link("board"), None);
    assert!(trial.text(&task).await.contains("\"b\""));
    assert_eq!(done.items[0].head.as_ref(), Some(&now));
    assert_eq!((&touch_of(&done, &task).before, &touch_of(&done, &task).after), (&before.tag, &Some(now.tag)));
}

/// A parent made again under the same key is another one: what was detached is not its child.
pub(crate) async fn a_parent_made_again_has_none_of_the_former_children(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task) = board_with_task(&trial, DETACH).await;
    trial.done(delete(&board, Expectation::Exists)).await;
    let made = trial.write(create(&board, "week")).await;
    let written = trial.done(update(&task, "b")).await;
    assert!(written.touched.is_empty());
    assert_eq!(trial.head(&board).await, made);
    trial.done(delete(&board, Expectation::Exists)).await;
    assert!(trial.text(&task).await.contains("\"b\""));
}

pub(crate) async fn the_strictest_of_two_links_to_one_parent_decides(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let user = trial.key("users", "1");
    trial.write(create(&user, "ada")).await;
    let task = trial.key("tasks", "1");
    let cascade = link("owner", &user, CASCADE);
    let restrict = link("author", &user, LinkRule { on_delete: OnDelete::Restrict, ..CONTENT });
    trial.write(create(&task, "a").under([cascade.clone(), restrict])).await;
    assert_eq!(named_children(&trial.refused(delete(&user, Expectation::Exists)).await), std::slice::from_ref(&task));
    trial.write(update(&task, "a").under([cascade, link("author", &user, DETACH)])).await;
    trial.done(delete(&user, Expectation::Exists)).await;
    assert!(trial.is_absent(&task).await);
}

pub(crate) async fn a_cascade_over_the_limit_is_too_large_and_deletes_nothing(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let board = trial.key("boards", "1");
    trial.write(create(&board, "week")).await;
    for part in 0..11 {
        let tasks = (0..100).map(|id| trial.key("tasks", &format!("{part}-{id}")));
        trial
            .done(tasks.map(|task| create(&task, "a").under([link("board", &board, CASCADE)])).collect::<Batch>())
            .await;
    }
    let before = trial.head(&board).await;
    assert_eq!(trial.refused(delete(&board, Expectation::Exists)).await.kind(), ErrorKind::TooLarge);
    assert_eq!(trial.head(&board).await, before);
    assert!(!trial.is_absent(&trial.key("tasks", "10-99")).await);
}
