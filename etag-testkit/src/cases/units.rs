//! Units of work at the same time, over rows that they share (rules S2, B1).

use std::sync::Arc;

use etag_core::{
    Batch, Committed, Error, Expectation, Member, Put, Store, StoreExt, UnitOfWork, UnitOutcome, Versioned,
    put_document,
};

use super::counters::{Counter, count, counter, increment};
use crate::{Backend, together::together, trial::Trial};

const UNITS: usize = 16;

type Answer = Result<Committed, Error>;

/// What puts the next number on the state that the member reads.
async fn next(member: &Member, id: &String) -> Put {
    let counter = member.get::<Counter>(id).await.expect("it was created");
    let next = Counter { id: id.clone(), count: counter.count + 1 };
    put_document(member, &next, Expectation::At(counter.revision())).expect("the value can be written")
}

async fn count_up(member: Member, id: String) -> Answer {
    let put = next(&member, &id).await;
    member.commit(Batch::new().put(put)).await
}

/// Counts each up by a member of its own, until nobody else is faster.
async fn count_all(store: Arc<dyn Store>, ids: Vec<String>) {
    loop {
        let mut unit = UnitOfWork::new(Arc::clone(&store));
        for id in &ids {
            unit.begin(|member| count_up(member, id.clone())).await;
        }
        match unit.commit().await.expect("the store does not fail") {
            UnitOutcome::Done(done) => return assert!(done.iter().all(Result::is_ok), "{done:?}"),
            UnitOutcome::Moved(_) => {}
            UnitOutcome::Refused { member, output } => panic!("member {member} is not to blame: {output:?}"),
        }
    }
}

/// Each unit has two members on one row, and rows in another order than its neighbour; others write without units.
pub(crate) async fn units_in_opposite_orders_lose_nothing_and_make_no_deadlock(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let (one, other) = (counter(&trial, "1").await, counter(&trial, "2").await);
    let done = together(UNITS, |unit| {
        let (store, one, other) = (Arc::clone(&trial.store), one.clone(), other.clone());
        async move {
            match unit % 4 {
                0 => count_all(store, vec![one.clone(), other, one]).await,
                1 => count_all(store, vec![other, one.clone(), one]).await,
                2 => count_all(store, vec![one.clone(), one, other]).await,
                _ => drop(store.modify(&one, increment).await.expect("it is there")),
            }
        }
    });
    done.await;
    let expected = [2 * UNITS * 3 / 4 + UNITS / 4, UNITS * 3 / 4].map(|count| count as u64);
    assert_eq!([count(&trial.store, &one).await, count(&trial.store, &other).await], expected);
}

/// A unit that moves one from a counter to another, or nothing.
pub(crate) async fn of_units_under_the_same_tags_one_is_wholly_done(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let ids = [counter(&trial, "1").await, counter(&trial, "2").await];
    let mut held = Vec::new();
    for id in ids.clone() {
        held.push(trial.store.get::<Counter>(&id).await.expect("it was created").etag().clone());
    }
    let done = together(UNITS, |unit| {
        let (store, ids, held) = (Arc::clone(&trial.store), ids.clone(), held.clone());
        async move {
            let mut work = UnitOfWork::new(store);
            let order = if unit % 2 == 0 { [0, 1] } else { [1, 0] };
            for at in order {
                let value = Counter { id: ids[at].clone(), count: unit as u64 + 1 };
                let expectation = Counter::MODEL.expect(&held[at]);
                work.begin(|member: Member| async move { member.put(&value, expectation).await.map(drop) }).await;
            }
            match work.commit().await.expect("the store does not fail") {
                UnitOutcome::Done(_) => Some(unit as u64 + 1),
                UnitOutcome::Refused { output, .. } => {
                    assert!(output.expect_err("it was refused").is_stale());
                    None
                }
                UnitOutcome::Moved(key) => panic!("{key} is named by a tag of the caller's"),
            }
        }
    });
    let done: Vec<_> = done.await.into_iter().flatten().collect();
    let [winner] = done[..] else { panic!("{} units are done", done.len()) };
    for id in &ids {
        assert_eq!(count(&trial.store, id).await, winner);
    }
}

/// The first to be refused takes the others along, whatever they wrote.
pub(crate) async fn a_unit_of_which_one_is_refused_writes_nothing(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let there = counter(&trial, "there").await;
    let mut unit = UnitOfWork::new(Arc::clone(&trial.store));
    for id in ["new", "there", "later"].map(|id| trial.id(id)) {
        let value = Counter { id, count: 7 };
        unit.begin(|member: Member| async move { member.create(&value).await.map(drop) }).await;
    }
    let outcome = unit.commit().await.expect("the store does not fail");
    let UnitOutcome::Refused { member: 1, output: Err(error) } = outcome else { panic!("{outcome:?}") };
    assert!(error.is_already_exists());
    assert_eq!(count(&trial.store, &there).await, 0);
    for id in ["new", "later"] {
        assert!(trial.store.find::<Counter>(&trial.id(id)).await.expect("the store reads").is_none());
    }
}

/// A member makes a row, others change it, and the last one takes it away.
pub(crate) async fn members_build_on_rows_that_earlier_ones_make(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let id = trial.id("new");
    let mut unit = UnitOfWork::new(Arc::clone(&trial.store));
    let value = Counter { id: id.clone(), count: 1 };
    unit.begin(|member: Member| async move { member.create(&value).await.map(|made| made.etag().clone()) }).await;
    for _ in 0..2 {
        let id = id.clone();
        unit.begin(|member: Member| async move {
            let put = next(&member, &id).await;
            let done = member.commit(Batch::new().put(put)).await?;
            let head = done.items[0].head.as_ref().expect("a write leaves a state");
            Ok(Counter::MODEL.publish(&head.tag))
        })
        .await;
    }
    let outcome = unit.commit().await.expect("the store does not fail");
    let UnitOutcome::Done(tags) = outcome else { panic!("{outcome:?}") };
    let stored = trial.store.get::<Counter>(&id).await.expect("it was created");
    assert_eq!((stored.count, Some(stored.etag())), (3, tags[2].as_ref().ok()));
}
