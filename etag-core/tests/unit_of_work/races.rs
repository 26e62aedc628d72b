//! Units at the same time.

use std::sync::Arc;

use etag_core::{Expectation, Head, Member, MemoryStore, Store as _, UnitOfWork, UnitOutcome};
use tokio::sync::Barrier;

use super::{commit, text};
use crate::support::{commit_one, created, key, matching, put};

const ROUNDS: usize = 30;
const UNITS: usize = 8;

/// Counts one up, on the state that it reads.
async fn count(member: Member, id: &'static str) {
    let row = member.read(&key(id)).await.unwrap().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&row.body).unwrap();
    let next = document["text"].as_str().unwrap().parse::<u32>().unwrap() + 1;
    commit(member, put(id, &next.to_string(), Expectation::At(row.head.revision))).await.unwrap();
}

async fn count_both(store: &MemoryStore, order: [&'static str; 2]) {
    loop {
        let mut unit = UnitOfWork::new(Arc::new(store.clone()));
        for id in order {
            unit.begin(|member| count(member, id)).await;
        }
        match unit.commit().await.unwrap() {
            UnitOutcome::Done(_) => return,
            UnitOutcome::Moved(_) => tokio::task::yield_now().await,
            UnitOutcome::Refused { member, .. } => panic!("member {member} is not to blame"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn units_over_the_same_resources_never_interleave() {
    for round in 0..ROUNDS {
        let store = MemoryStore::new();
        for id in ["a", "b"] {
            commit_one(&store, put(id, "0", Expectation::Absent)).await.unwrap();
        }
        let barrier = Arc::new(Barrier::new(UNITS));
        let units: Vec<_> = (0..UNITS)
            .map(|index| {
                let (store, barrier) = (store.clone(), Arc::clone(&barrier));
                let order = if index % 2 == 0 { ["a", "b"] } else { ["b", "a"] };
                tokio::spawn(async move {
                    barrier.wait().await;
                    count_both(&store, order).await;
                })
            })
            .collect();
        for unit in units {
            unit.await.unwrap();
        }
        for id in ["a", "b"] {
            assert_eq!(text(&store, id).await, Some(UNITS.to_string()), "{id} in round {round}");
        }
    }
}

/// Writes both under the tags that were held before.
async fn replace_both(store: MemoryStore, held: [(&'static str, Head); 2], by: usize) -> bool {
    let mut unit = UnitOfWork::new(Arc::new(store));
    for (id, head) in held {
        let put = put(id, &format!("by {by}"), matching(&head.tag));
        unit.begin(|member| async move { commit(member, put).await.is_ok() }).await;
    }
    matches!(unit.commit().await.unwrap(), UnitOutcome::Done(done) if done == [true, true])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_units_with_the_same_tags_one_succeeds() {
    for round in 0..ROUNDS {
        let store = MemoryStore::new();
        let mut held = Vec::new();
        for id in ["a", "b"] {
            created(&store, id).await;
            held.push((id, store.head(&key(id)).await.unwrap().unwrap()));
        }
        let held: [_; 2] = held.try_into().unwrap();
        let barrier = Arc::new(Barrier::new(UNITS));
        let units: Vec<_> = (0..UNITS)
            .map(|by| {
                let (store, barrier, mut held) = (store.clone(), Arc::clone(&barrier), held.clone());
                if by % 2 == 1 {
                    held.reverse();
                }
                tokio::spawn(async move {
                    barrier.wait().await;
                    replace_both(store, held, by).await
                })
            })
            .collect();
        let mut successes = 0;
        for unit in units {
            successes += usize::from(unit.await.unwrap());
        }
        assert_eq!(successes, 1, "round {round}");
        assert_eq!(text(&store, "a").await, text(&store, "b").await);
    }
}
