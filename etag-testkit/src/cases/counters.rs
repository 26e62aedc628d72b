//! Typed writes and `modify`: no increment is lost (rules S1, B4).

use std::{collections::HashSet, sync::Arc};

use etag_core::{Effect, Error, ErrorKind, Expectation, Store, StoreExt, Versioned};
use serde::{Deserialize, Serialize};

use crate::{Backend, together::together, trial::Trial};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "counters", validator = revision)]
pub(super) struct Counter {
    #[versioned(id)]
    pub(super) id: String,
    pub(super) count: u64,
}

/// A counter that stands at nought.
pub(super) async fn counter(trial: &Trial, id: &str) -> String {
    let counter = Counter { id: trial.id(id), count: 0 };
    trial.store.create(&counter).await.expect("its id is new");
    counter.id
}

pub(super) async fn count(store: &Arc<dyn Store>, id: &String) -> u64 {
    store.get::<Counter>(id).await.expect("it was created").count
}

#[expect(clippy::unnecessary_wraps, reason = "`modify` takes a change that may refuse")]
pub(super) fn increment(counter: &mut Counter) -> Result<(), Error> {
    counter.count += 1;
    Ok(())
}

pub(crate) async fn typed_writes_hold_what_their_names_say(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let id = trial.id("1");
    let value = |count| Counter { id: id.clone(), count };
    let first = trial.store.create(&value(1)).await.expect("it is new");
    assert!(trial.store.create(&value(2)).await.expect_err("it is there").is_already_exists());
    let second = trial.store.replace(&value(2), first.etag()).await.expect("the tag is current");
    assert!(trial.store.replace(&value(3), first.etag()).await.expect_err("the tag is old").is_stale());
    assert_eq!(trial.store.get::<Counter>(&id).await.expect("it is there"), second);
    assert!(trial.store.delete::<Counter>(&id, first.etag()).await.expect_err("the tag is old").is_stale());
    trial.store.delete::<Counter>(&id, second.etag()).await.expect("the tag is current");
    assert!(trial.store.find::<Counter>(&id).await.expect("the store reads").is_none());
    assert!(trial.store.replace(&value(3), second.etag()).await.expect_err("it is gone").is_not_found());
    let (effect, _) = trial.store.put(&value(4), Expectation::Unconditional).await.expect("nothing is demanded");
    assert_eq!((effect, count(&trial.store, &id).await), (Effect::Created, 4));
}

pub(crate) async fn modify_changes_what_is_there(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let id = counter(&trial, "1").await;
    let answered = trial.store.modify(&id, increment).await.expect("nobody is in the way");
    assert_eq!(answered.count, 1);
    assert_eq!(trial.store.get::<Counter>(&id).await.expect("it is there"), answered);
    let error = trial.store.modify(&trial.id("none"), increment).await.expect_err("there is no such counter");
    assert!(error.is_not_found());
    let refuse = |_: &mut Counter| Err(Error::new(ErrorKind::Refused, "not today"));
    assert_eq!(trial.store.modify(&id, refuse).await.expect_err("the change refuses").kind(), ErrorKind::Refused);
    assert_eq!(count(&trial.store, &id).await, 1);
}

pub(crate) async fn no_increment_of_16_callers_of_modify_is_lost(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let id = counter(&trial, "1").await;
    let answers = together(16, |_| {
        let (store, id) = (Arc::clone(&trial.store), id.clone());
        async move {
            let mut seen = Vec::new();
            for _ in 0..10 {
                seen.push(store.modify(&id, increment).await.expect("others only wait").count);
            }
            seen
        }
    });
    let seen: HashSet<u64> = answers.await.into_iter().flatten().collect();
    assert_eq!(seen.len(), 160, "two callers were told the same count");
    assert_eq!(count(&trial.store, &id).await, 160);
}

/// Each reads, adds one, writes under the tag just read, and does all of it again where that was stale.
pub(crate) async fn no_increment_of_16_writers_under_tags_is_lost(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let id = counter(&trial, "1").await;
    let done = together(16, |_| {
        let (store, id) = (Arc::clone(&trial.store), id.clone());
        async move { increment_under_tags(&store, &id, 5, 80).await }
    });
    done.await;
    assert_eq!(count(&trial.store, &id).await, 80);
}

/// A try fails only where another one has succeeded, so no more than all `increments` together are needed.
pub(super) async fn increment_under_tags(store: &Arc<dyn Store>, id: &String, times: usize, increments: usize) {
    let mut done = 0;
    for _ in 0..increments {
        let held = store.get::<Counter>(id).await.expect("it is there");
        let next = Counter { id: id.clone(), count: held.count + 1 };
        match store.replace(&next, held.etag()).await {
            Ok(_) => done += 1,
            Err(error) => assert!(error.is_stale(), "{error}"),
        }
        if done == times {
            return;
        }
    }
    panic!("a write under a tag was refused more often than others were done");
}

/// Two that both turn 0 into 1 are not both told that they did: equal content is no proof of one's own write (rule P6).
pub(crate) async fn two_that_write_the_same_under_one_tag_do_not_both_succeed(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    for turn in 0..20 {
        let id = counter(&trial, &turn.to_string()).await;
        let held = trial.store.get::<Counter>(&id).await.expect("it was created");
        let answers = together(4, |_| {
            let (store, etag) = (Arc::clone(&trial.store), held.etag().clone());
            let next = Counter { id: id.clone(), count: 1 };
            async move { store.replace(&next, &etag).await.is_ok() }
        });
        assert_eq!(answers.await.into_iter().filter(|&is_done| is_done).count(), 1);
    }
}
