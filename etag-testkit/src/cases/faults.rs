//! What callers make of calls that fail, whose answers are lost, or that others overtake (rules S6, P6, B4).

use std::sync::Arc;

use etag_core::{Batch, ErrorKind, Expectation, Replay, StoreExt, put_document};

use super::counters::{Counter, count, counter, increment};
use crate::{
    Backend, Call, Fault, Faulty,
    documents::{claim, create, digest, matching, put, update},
    trial::Trial,
};

/// The trial on a store whose calls fail on demand, and that store.
async fn faulty(backend: &dyn Backend) -> (Trial, Faulty) {
    let trial = Trial::on(backend).await;
    let faulty = Faulty::new(Arc::clone(&trial.store));
    (trial.over(Arc::new(faulty.clone())), faulty)
}

pub(crate) async fn modify_goes_on_from_what_overtook_it(backend: &dyn Backend) {
    let (trial, store) = faulty(backend).await;
    let id = counter(&trial, "1").await;
    let mut held = store.hold(Call::Commit, 1);
    let modified = tokio::spawn({
        let (store, id) = (store.clone(), id.clone());
        async move { store.modify(&id, increment).await }
    });
    held.reached().await;
    let other = put_document(&store, &Counter { id: id.clone(), count: 10 }, Expectation::Exists);
    trial.write(other.expect("it can be written")).await;
    held.release();
    assert_eq!(modified.await.expect("it ends").expect("the second try").count, 11);
    assert_eq!(count(&trial.store, &id).await, 11);
}

pub(crate) async fn modify_tells_of_an_outcome_it_does_not_know_and_sends_nothing_again(backend: &dyn Backend) {
    let (trial, store) = faulty(backend).await;
    let id = counter(&trial, "1").await;
    store.fail(Call::Commit, 1, Fault::LoseAnswer);
    let error = trial.store.modify(&id, increment).await.expect_err("the answer is lost");
    assert_eq!(error.kind(), ErrorKind::Unknown);
    assert_eq!(count(&trial.store, &id).await, 1);
}

pub(crate) async fn modify_writes_nothing_where_the_store_is_not_available(backend: &dyn Backend) {
    let (trial, store) = faulty(backend).await;
    let id = counter(&trial, "1").await;
    for call in [Call::Read, Call::Commit] {
        store.fail(call, 1, Fault::Refuse(ErrorKind::Unavailable));
        let error = trial.store.modify(&id, increment).await.expect_err("the store refuses");
        assert!(error.is_transient());
        assert_eq!(count(&trial.store, &id).await, 0);
    }
    assert_eq!(trial.store.modify(&id, increment).await.expect("the store is back").count, 1);
}

/// The answer to the first is lost; the repeat gets it, and nothing is done twice.
pub(crate) async fn a_repeat_after_a_lost_answer_is_told_what_was_done(backend: &dyn Backend) {
    let (trial, store) = faulty(backend).await;
    let (key, note) = (trial.ledger_key("k"), trial.note("1"));
    let first = trial.write(create(&note, "a")).await;
    let batch = || Batch::new().put(put(&note, "b", matching(&first.tag))).once(claim(&key, "r"));
    store.fail(Call::Commit, 1, Fault::LoseAnswer);
    assert_eq!(trial.refused(batch()).await.kind(), ErrorKind::Unknown);
    let now = trial.head(&note).await;
    let repeated = trial.done(batch()).await;
    assert_eq!(repeated.replay, Replay::Repeated);
    assert_eq!(repeated.items[0].head.as_ref(), Some(&now));
    assert_eq!(trial.head(&note).await, now);
}

pub(crate) async fn a_repeat_after_a_refusal_is_done_for_the_first_time(backend: &dyn Backend) {
    let (trial, store) = faulty(backend).await;
    let (key, note) = (trial.ledger_key("k"), trial.note("1"));
    let batch = || Batch::new().put(create(&note, "a")).once(claim(&key, "r"));
    store.fail(Call::Commit, 1, Fault::Refuse(ErrorKind::Unavailable));
    assert!(trial.refused(batch()).await.is_transient());
    assert!(trial.is_absent(&note).await);
    assert_eq!(trial.done(batch()).await.replay, Replay::Original);
}

/// Without a key a repeat can't be told from another's write: it is stale, and the state tells by whom it is.
pub(crate) async fn a_repeat_without_a_key_is_stale_and_shows_ones_own_write(backend: &dyn Backend) {
    let (trial, store) = faulty(backend).await;
    let note = trial.note("1");
    let first = trial.write(create(&note, "a")).await;
    store.fail(Call::Commit, 1, Fault::LoseAnswer);
    let write = || put(&note, "b", matching(&first.tag));
    assert_eq!(trial.refused(write()).await.kind(), ErrorKind::Unknown);
    let error = trial.refused(write()).await;
    assert!(error.is_stale());
    assert_eq!(error.conflicts()[0].met.as_ref().map(|head| head.content), Some(digest("b")));
}

/// A decision that was right when it was taken: the commit is what decides (rule S5).
pub(crate) async fn a_commit_decides_on_the_state_at_its_own_time(backend: &dyn Backend) {
    let (trial, store) = faulty(backend).await;
    let note = trial.note("1");
    let first = trial.write(create(&note, "a")).await;
    let mut held = store.hold(Call::Commit, 1);
    let slow = tokio::spawn({
        let (trial, write) = (trial.clone(), put(&note, "slow", matching(&first.tag)));
        async move { trial.commit(write).await }
    });
    held.reached().await;
    let quick = trial.write(update(&note, "quick")).await;
    held.release();
    let error = slow.await.expect("it ends").expect_err("it was overtaken");
    assert!(error.is_stale());
    assert_eq!(error.conflicts()[0].met.as_ref(), Some(&quick));
    assert_eq!(trial.head(&note).await, quick);
}
