//! Commits that are done once for their idempotency key (rule P6).

use std::time::Duration;

use etag_core::{Batch, Effect, ErrorKind, Expectation, LedgerClaim, Replay};

use crate::{
    Backend,
    clock::StandingClock,
    documents::{CONTENT, Shape, check, claim, create, delete, digest, link, matching, put, update},
    together::together,
    trial::Trial,
};

pub(crate) async fn a_repeat_is_answered_with_what_was_done(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (key, board, task) = (trial.ledger_key("k"), trial.key("boards", "1"), trial.key("tasks", "1"));
    trial.write(create(&board, "week")).await;
    let batch = || {
        let task = create(&task, "a").under([link("board", &board, CONTENT)]);
        Batch::new().put(task).once(claim(&key, "r"))
    };
    let first = trial.done(batch()).await;
    let state = trial.head(&board).await;
    let again = trial.done(batch()).await;
    assert_eq!((first.replay, again.replay), (Replay::Original, Replay::Repeated));
    assert_eq!(again.items, first.items);
    assert_eq!(again.touched, first.touched);
    assert_eq!(trial.head(&board).await, state);
}

/// The ledger is looked at before the expectations: whatever came since, a repeat is no conflict.
pub(crate) async fn a_repeat_is_no_conflict_whatever_has_come_since(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (key, note) = (trial.ledger_key("k"), trial.note("1"));
    let first = trial.write(create(&note, "a")).await;
    let batch = || Batch::new().put(put(&note, "b", matching(&first.tag))).once(claim(&key, "r"));
    let done = trial.done(batch()).await;
    trial.write(update(&note, "c")).await;
    assert_eq!(trial.done(batch()).await.items, done.items);
    trial.done(delete(&note, Expectation::Exists)).await;
    assert_eq!(trial.done(batch()).await.items, done.items);
    assert!(trial.is_absent(&note).await);
}

pub(crate) async fn another_request_under_a_used_key_is_refused(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (key, note) = (trial.ledger_key("k"), trial.note("1"));
    trial.done(Batch::new().put(create(&note, "a")).once(claim(&key, "one"))).await;
    let error = trial.refused(Batch::new().put(update(&note, "b")).once(claim(&key, "other"))).await;
    assert_eq!(error.kind(), ErrorKind::KeyReused);
    assert_eq!(trial.head(&note).await.content, digest("a"));
}

pub(crate) async fn each_principal_has_keys_of_its_own(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (mine, note) = (trial.ledger_key("k"), trial.note("1"));
    let mut theirs = mine.clone();
    theirs.principal.push_str("-other");
    trial.done(Batch::new().put(create(&note, "a")).once(claim(&mine, "one"))).await;
    let done = trial.done(Batch::new().put(update(&note, "b")).once(claim(&theirs, "other"))).await;
    assert_eq!((done.replay, done.items[0].effect), (Replay::Original, Effect::Replaced));
}

pub(crate) async fn a_refused_commit_leaves_its_key_unused(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (key, note) = (trial.ledger_key("k"), trial.note("1"));
    let batch = || Batch::new().put(update(&note, "b")).once(claim(&key, "r"));
    assert!(trial.refused(batch()).await.is_not_found());
    assert_eq!(trial.store.recall(&key).await.expect("the store reads"), None);
    trial.write(create(&note, "a")).await;
    assert_eq!(trial.done(batch()).await.replay, Replay::Original);
}

pub(crate) async fn the_ledger_recalls_what_a_commit_did(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let key = trial.ledger_key("k");
    assert_eq!(trial.store.recall(&key).await.expect("the store reads"), None);
    let batch = Batch::new()
        .put(create(&trial.note("1"), "a"))
        .check(check(&trial.note("2"), Expectation::Absent))
        .once(claim(&key, "r"));
    let done = trial.done(batch).await;
    let entry = trial.store.recall(&key).await.expect("the store reads").expect("it was recorded");
    assert_eq!(entry.fingerprint, digest("r"));
    assert_eq!((entry.items, entry.touched), (done.items, done.touched));
}

pub(crate) async fn the_ledger_forgets_when_the_time_is_over(backend: &dyn Backend) {
    let clock = StandingClock::new();
    let trial = Trial::within(backend, clock.environment()).await;
    let (key, note) = (trial.ledger_key("k"), trial.note("1"));
    trial.write(create(&note, "0")).await;
    let keep_for = Duration::from_secs(600);
    let batch = |text| {
        let claim = LedgerClaim { key: key.clone(), fingerprint: digest(text), keep_for };
        Batch::new().put(update(&note, text)).once(claim)
    };
    trial.done(batch("a")).await;
    clock.advance(keep_for.saturating_sub(Duration::from_millis(1)));
    assert_eq!(trial.done(batch("a")).await.replay, Replay::Repeated);
    clock.advance(Duration::from_millis(1));
    assert_eq!(trial.store.recall(&key).await.expect("the store reads"), None);
    assert_eq!(trial.done(batch("b")).await.replay, Replay::Original);
    assert_eq!(trial.done(batch("b")).await.replay, Replay::Repeated);
}

pub(crate) async fn of_16_repeats_at_once_one_is_done(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (key, note) = (trial.ledger_key("k"), trial.note("1"));
    let first = trial.write(create(&note, "0")).await;
    let answers = together(16, |_| {
        let trial = trial.clone();
        let batch = Batch::new().put(put(&note, "1", matching(&first.tag))).once(claim(&key, "r"));
        async move { trial.commit(batch).await }
    });
    let mut originals = 0;
    for answer in answers.await {
        match answer {
            Ok(done) if done.replay == Replay::Original => originals += 1,
            Ok(done) => assert_eq!(done.items[0].head, trial.find(&note).await),
            Err(error) => assert_eq!(error.kind(), ErrorKind::InFlight),
        }
    }
    assert_eq!(originals, 1);
}
