//! What goes wrong at READ COMMITTED where each step is a statement of its own (rule S9). Two stores on one database are
//! two processes: nothing in memory keeps them apart.

use std::sync::Arc;

use etag_core::{Batch, Check, Error, Expectation, Store as _};
use etag_postgres::PostgresStore;
use tokio::sync::Barrier;

use crate::model::{CASCADE, RESTRICT, board, card, child, client, commit, database, delete, head, put, until_waiting};

async fn two_stores() -> [PostgresStore; 2] {
    let url = database();
    [PostgresStore::open(&url).await.unwrap(), PostgresStore::open(&url).await.unwrap()]
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_child_that_comes_while_its_parent_goes_is_no_orphan() {
    let [one, other] = two_stores().await;
    for round in 0..60 {
        commit(&one, put(board(round), Expectation::Absent, "b")).await.unwrap();
        let start = Arc::new(Barrier::new(2));
        let create = {
            let (store, start) = (one.clone(), Arc::clone(&start));
            tokio::spawn(async move {
                start.wait().await;
                commit(&store, child(put(card(round), Expectation::Absent, "c"), board(round), RESTRICT)).await
            })
        };
        start.wait().await;
        let deleted = commit(&other, delete(board(round), Expectation::Exists)).await;
        let created = create.await.unwrap();
        assert!(deleted.is_ok() != created.is_ok(), "{deleted:?} {created:?}");
        let [parent, item] = [one.head(&board(round)).await.unwrap(), one.head(&card(round)).await.unwrap()];
        assert_eq!(parent.is_some(), item.is_some(), "an orphan, or a parent that went for nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_write_that_races_a_move_touches_the_parent_that_the_child_then_has() {
    let [one, other] = two_stores().await;
    for id in [1, 2] {
        commit(&one, put(board(id), Expectation::Absent, "b")).await.unwrap();
    }
    commit(&one, put(card("mid"), Expectation::Absent, "m")).await.unwrap();
    for round in 0..60 {
        let home = board(1 + round % 2);
        commit(&one, child(put(card("mid"), Expectation::Exists, &format!("home {round}")), home, CASCADE))
            .await
            .unwrap();
        let leaf = child(put(card(round), Expectation::Absent, "leaf"), card("mid"), CASCADE);
        commit(&one, leaf.clone()).await.unwrap();
        let start = Arc::new(Barrier::new(2));
        let away = board(2 - round % 2);
        let moving = {
            let (store, start, away) = (other.clone(), Arc::clone(&start), away.clone());
            tokio::spawn(async move {
                start.wait().await;
                commit(&store, child(put(card("mid"), Expectation::Exists, &format!("away {round}")), away, CASCADE))
                    .await
            })
        };
        start.wait().await;
        let edited = child(put(card(round), Expectation::Exists, "edited"), card("mid"), CASCADE);
        let done = commit(&one, edited).await.unwrap();
        let moved = moving.await.unwrap().unwrap();
        // Whoever came later touched the root that the child has in the end; its own answer says which state it left.
        let root = head(&one, &away).await.tag;
        let said = |touched: &etag_core::Touched| touched.key == away && touched.after.as_ref() == Some(&root);
        assert!(done.touched.iter().chain(&moved.touched).any(said), "round {round}: {done:?} {moved:?}");
        let edit_first = done.touched.iter().all(|touched| touched.key != away);
        if edit_first {
            let before = moved.touched.iter().find(|touched| touched.key == board(1 + round % 2)).unwrap();
            assert!(done.touched.iter().any(|touched| touched.after.as_ref() == Some(&before.before)));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_conflict_never_tells_the_callers_own_stale_state_as_current() {
    let [one, other] = two_stores().await;
    commit(&one, put(card(1), Expectation::Absent, "0")).await.unwrap();
    for round in 0..60 {
        let held = head(&one, &card(1)).await;
        let start = Arc::new(Barrier::new(2));
        let [first, second] = [(one.clone(), "a"), (other.clone(), "b")].map(|(store, text)| {
            let (start, tag) = (Arc::clone(&start), held.tag.clone());
            let put = put(card(1), Expectation::matches(tag), &format!("{text}{round}"));
            tokio::spawn(async move {
                start.wait().await;
                commit(&store, put).await
            })
        });
        let outcomes = [first.await.unwrap(), second.await.unwrap()];
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let error = outcomes.into_iter().find_map(Result::err).unwrap();
        let met = error.conflicts()[0].met.as_ref().unwrap();
        assert_ne!(met.tag, held.tag);
        assert_eq!(met.tag, head(&one, &card(1)).await.tag);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn touches_by_two_processes_form_one_chain() {
    const STEPS: usize = 40;
    let stores = two_stores().await;
    commit(&stores[0], put(board(1), Expectation::Absent, "b")).await.unwrap();
    let start = head(&stores[0], &board(1)).await.tag;
    let gate = Arc::new(Barrier::new(16));
    let writers: Vec<_> = (0..16_usize)
        .map(|writer| {
            let (store, gate) = (stores[writer % 2].clone(), Arc::clone(&gate));
            tokio::spawn(async move {
                gate.wait().await;
                let mut steps = Vec::new();
                for text in 0..STEPS {
                    let put = put(card(writer), Expectation::Unconditional, &text.to_string());
                    let done = commit(&store, child(put, board(1), CASCADE)).await.unwrap();
                    let [touched] = &done.touched[..] else { panic!("one parent is touched: {done:?}") };
                    steps.push((touched.before.clone(), touched.after.clone().unwrap()));
                }
                steps
            })
        })
        .collect();
    let mut next = std::collections::HashMap::new();
    for writer in writers {
        for (before, after) in writer.await.unwrap() {
            assert!(next.insert(before, after).is_none(), "two writers were told the same step");
        }
    }
    let mut tag = start;
    for _ in 0..16 * STEPS {
        tag = next.remove(&tag).expect("each state is the one before of another");
    }
    assert_eq!(tag, head(&stores[0], &board(1)).await.tag);
}

/// One relies on an absence that the other fills, while the other relies on what the first one changes. A lock of another
/// program makes both wait in an order in which the first is told of what came last.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn an_absence_that_is_filled_while_locks_are_waited_for_is_seen() {
    let url = database();
    let [one, other] = [PostgresStore::open(&url).await.unwrap(), PostgresStore::open(&url).await.unwrap()];
    let mut client = client(&url).await;
    for round in 0..5 {
        let (door, key) = (board(round), card(round));
        commit(&one, put(door.clone(), Expectation::Absent, "open")).await.unwrap();
        let open = Expectation::matches(head(&one, &door).await.tag);
        let lock = client.transaction().await.unwrap();
        lock.execute("SELECT 1 FROM etag_documents WHERE collection = 'boards' FOR UPDATE", &[]).await.unwrap();
        let take = Batch::new().check(Check::new(door.clone(), open)).put(put(key.clone(), Expectation::Absent, "k"));
        let close =
            Batch::new().check(Check::new(key, Expectation::Absent)).put(put(door, Expectation::Exists, "closed"));
        let mut waiting = Vec::new();
        for (store, batch) in [(other.clone(), take), (one.clone(), close)] {
            waiting.push(tokio::spawn(async move { store.commit(batch).await }));
            until_waiting(&lock, waiting.len()).await;
        }
        lock.rollback().await.unwrap();
        let [close, take] = [waiting.pop().unwrap().await.unwrap(), waiting.pop().unwrap().await.unwrap()];
        // Nearly always the first that waits is the first that goes on, which the server does not promise.
        let take_was_first = take.is_ok() && close.as_ref().is_err_and(Error::is_already_exists);
        let close_was_first = close.is_ok() && take.as_ref().is_err_and(|error| !error.conflicts().is_empty());
        assert!(take_was_first || close_was_first, "{take:?} {close:?}");
    }
}

/// What a process remembers of a family may be of the past: what it read or wrote last, before another process wrote.
#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn what_a_process_remembers_is_never_written_over_what_another_wrote() {
    let [one, other] = two_stores().await;
    commit(&one, put(board(1), Expectation::Absent, "b")).await.unwrap();
    commit(&one, child(put(card(1), Expectation::Absent, "c"), board(1), CASCADE)).await.unwrap();
    for round in 0..10 {
        let edited = commit(&other, put(board(1), Expectation::Exists, &format!("edit {round}"))).await.unwrap();
        let edited = edited.items[0].head.clone().unwrap();
        let item = child(put(card(1), Expectation::Exists, &format!("text {round}")), board(1), CASCADE);
        let touched = commit(&one, item).await.unwrap().touched;
        assert_eq!(touched.iter().map(|touched| &touched.before).collect::<Vec<_>>(), [&edited.tag]);
        let now = one.read(&board(1)).await.unwrap().unwrap();
        assert_eq!(touched[0].after.as_ref(), Some(&now.head.tag));
        assert_eq!((now.head.content, now.head.created), (edited.content, edited.created));
    }
}
