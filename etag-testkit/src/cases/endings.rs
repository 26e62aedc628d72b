//! Closing, and opening again what was closed (rules S8, T5).

use std::{collections::HashSet, sync::Arc};

use etag_core::{Batch, Environment, ErrorKind, Expectation, Key, Replay, Scan, Store};

use super::counters::{count, counter, increment_under_tags};
use crate::{
    Ability, Backend,
    documents::{CONTENT, Shape, claim, create, delete, link, matching, put, update},
    together::together,
    trial::{Trial, has, touch_of},
};

/// The store opened again. `None` where the backend says that it can't, which must then be its answer, too.
async fn reopened(backend: &dyn Backend, trial: &Trial, ability: Ability) -> Option<Trial> {
    match backend.reopen(Environment::system()).await {
        Ok(store) => {
            assert!(has(backend, ability), "a backend that lacks {ability:?} has it");
            Some(trial.over(store))
        }
        Err(error) if !has(backend, ability) => {
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            None
        }
        Err(error) => panic!("the store can't be opened again, and nothing says that it lacks {ability:?}: {error}"),
    }
}

pub(crate) async fn a_closed_store_refuses_commits(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    trial.write(create(&trial.note("1"), "a")).await;
    trial.store.close().await;
    assert_eq!(trial.refused(create(&trial.note("2"), "a")).await.kind(), ErrorKind::Unavailable);
    assert_eq!(trial.over(trial.store.handle()).refused(Batch::new()).await.kind(), ErrorKind::Unavailable);
    trial.store.close().await;
}

/// Every commit that began before the end is answered: done and there, or refused.
pub(crate) async fn closing_answers_what_was_begun(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let answers = together(9, |caller| {
        let trial = trial.clone();
        async move { if caller == 8 { close_soon(&trial).await } else { create_until_refused(&trial, caller).await } }
    });
    let done: Vec<_> = answers.await.into_iter().flatten().collect();
    let Some(again) = reopened(backend, &trial, Ability::Reopening).await else { return };
    let there = again.page(&Scan::new(again.collection("notes"), 1000)).await.items;
    let there: HashSet<_> = there.into_iter().map(|row| row.head.key).collect();
    assert_eq!(there, done.into_iter().collect());
}

async fn close_soon(trial: &Trial) -> Vec<Key> {
    let note = trial.note("closer");
    trial.write(create(&note, "a")).await;
    trial.store.close().await;
    vec![note]
}

async fn create_until_refused(trial: &Trial, caller: usize) -> Vec<Key> {
    let mut done = Vec::new();
    for turn in 0..100 {
        let note = trial.note(&format!("{caller}-{turn}"));
        match trial.commit(create(&note, "a")).await {
            Ok(_) => done.push(note),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Unavailable);
                break;
            }
        }
    }
    done
}

pub(crate) async fn what_was_answered_is_there_when_the_store_is_opened_again(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (board, task, gone) = (trial.key("boards", "1"), trial.key("tasks", "1"), trial.note("1"));
    let key = trial.ledger_key("k");
    trial.write(create(&board, "week")).await;
    let made = || create(&task, "a").under([link("board", &board, CONTENT)]);
    let done = trial.done(Batch::new().put(made()).once(claim(&key, "r"))).await;
    trial.write(create(&gone, "a")).await;
    trial.done(delete(&gone, Expectation::Exists)).await;
    let rows = [trial.row(&board).await, trial.row(&task).await, None];
    trial.store.close().await;
    let Some(again) = reopened(backend, &trial, Ability::Reopening).await else { return };
    assert_eq!([again.row(&board).await, again.row(&task).await, again.row(&gone).await], rows);
    let repeated = again.done(Batch::new().put(made()).once(claim(&key, "r"))).await;
    assert_eq!((repeated.replay, &repeated.items, &repeated.touched), (Replay::Repeated, &done.items, &done.touched));
    let tasks = Scan::new(again.collection("tasks"), 10).under("board", board.clone());
    assert_eq!(again.page(&tasks).await.items.len(), 1);
    let touched = again.done(update(&task, "b").under([link("board", &board, CONTENT)])).await;
    assert_eq!(Some(&touch_of(&touched, &board).before), rows[0].as_ref().map(|row| &row.head.tag));
}

pub(crate) async fn no_tag_comes_again_after_the_store_is_opened_again(backend: &dyn Backend) {
    let mut trial = Trial::on(backend).await;
    let note = trial.note("1");
    let mut told = HashSet::new();
    for turn in 0..3 {
        let made = trial.write(create(&note, "a")).await;
        let changed = trial.write(put(&note, &turn.to_string(), matching(&made.tag))).await;
        let met = trial.refused(Batch::new().put(update(&note, "c")).put(create(&note, "d"))).await;
        let met = met.conflicts()[0].met.clone().expect("what the first item would have left");
        trial.done(delete(&note, Expectation::Exists)).await;
        assert!(told.insert(made.revision) && told.insert(changed.revision) && told.insert(met.revision));
        trial.store.close().await;
        let Some(again) = reopened(backend, &trial, Ability::Reopening).await else { return };
        trial = again;
    }
}

/// As by two processes: no queue and no memory is shared, and yet no increment is lost.
pub(crate) async fn two_stores_over_the_same_data_lose_no_increment(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let Some(other) = reopened(backend, &trial, Ability::Sharing).await else { return };
    let id = counter(&trial, "1").await;
    let stores = [&trial.store, &other.store].map(Arc::clone);
    let done = together(8, |caller| {
        let (store, id): (Arc<dyn Store>, _) = (Arc::clone(&stores[caller % 2]), id.clone());
        async move { increment_under_tags(&store, &id, 5, 40).await }
    });
    done.await;
    assert_eq!((count(&trial.store, &id).await, count(&other.store, &id).await), (40, 40));
}

/// What one process answered, the other reads, although it read the state before; and their revisions differ.
pub(crate) async fn two_stores_over_the_same_data_see_each_others_writes(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let Some(other) = reopened(backend, &trial, Ability::Sharing).await else { return };
    let (board, note) = (trial.key("boards", "1"), trial.note("1"));
    trial.write(create(&board, "week")).await;
    let (mut revisions, mut last) = (HashSet::new(), None);
    for turn in 0..10 {
        let (writer, reader) = if turn % 2 == 0 { (&trial, &other) } else { (&other, &trial) };
        assert_eq!(reader.find(&note).await, last);
        let write = put(&note, &turn.to_string(), Expectation::Unconditional).under([link("board", &board, CONTENT)]);
        let head = writer.write(write).await;
        assert_eq!(reader.find(&note).await.as_ref(), Some(&head));
        assert!(revisions.insert(head.revision) && revisions.insert(reader.head(&board).await.revision));
        last = Some(head);
    }
}
