use std::fs;

use etag_core::{ErrorKind, Expectation, Store, StoreExt};

use crate::{
    faults::poll_once,
    model::{Counter, key, tag_of, write},
    temporary::Directory,
};

#[tokio::test]
async fn close_answers_what_was_begun_and_refuses_what_comes_later() {
    let directory = Directory::new();
    let store = directory.store().await;
    let ids: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let mut begun = Vec::new();
    for id in &ids {
        let mut commit = Box::pin(write(&store, id, "text", Expectation::Absent));
        match poll_once(&mut commit).await {
            // The writer was as fast as that.
            Some(answer) => drop(answer.unwrap()),
            None => begun.push(commit),
        }
    }
    store.close().await;
    for commit in begun {
        commit.await.unwrap();
    }
    let late = write(&store, "late", "text", Expectation::Absent).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Unavailable);
    assert!(late.to_string().ends_with("store.db: the store is closed"), "{late}");
    assert_eq!(store.read(&key("1")).await.unwrap_err().kind(), ErrorKind::Unavailable);
    store.close().await;
    let store = directory.store().await;
    for id in &ids {
        assert!(tag_of(&store, id).await.is_some(), "{id}");
    }
}

#[tokio::test]
async fn after_close_the_one_file_is_all() {
    let directory = Directory::new();
    let store = directory.store().await;
    write(&store, "1", "text", Expectation::Absent).await.unwrap();
    store.close().await;
    let names: Vec<_> = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["store.db"]);
}

#[tokio::test]
async fn a_dropped_future_leaves_its_commit_done_or_not_done_as_a_whole() {
    let directory = Directory::new();
    let store = directory.store().await;
    for round in 0..50 {
        let ids = [format!("{round} a"), format!("{round} b")];
        let batch: etag_core::Batch = ids.iter().map(|id| crate::model::put(id, "text", Expectation::Absent)).collect();
        let mut commit = store.commit(batch);
        if round % 2 == 0 {
            let _ = poll_once(&mut commit).await;
        }
        drop(commit);
    }
    // Whatever was begun before this is over when it is answered.
    write(&store, "last", "text", Expectation::Absent).await.unwrap();
    for round in 0..50 {
        let a = tag_of(&store, &format!("{round} a")).await;
        let b = tag_of(&store, &format!("{round} b")).await;
        assert_eq!(a.is_some(), b.is_some(), "{round}");
        assert!(round % 2 == 0 || a.is_none(), "a future that was never polled has begun nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn aborted_callers_of_modify_do_not_take_the_others_with_them() {
    let directory = Directory::new();
    let store = directory.store().await;
    store.create(&Counter { id: "1".into(), count: 0 }).await.unwrap();
    let callers: Vec<_> = (0..40)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let increment = |counter: &mut Counter| {
                    counter.count += 1;
                    Ok(())
                };
                store.modify(&"1".to_owned(), increment).await.map(drop)
            })
        })
        .collect();
    let mut answered = 0;
    for (number, caller) in callers.into_iter().enumerate() {
        if number % 4 == 0 {
            caller.abort();
        }
        match caller.await {
            Ok(answer) => {
                answer.unwrap();
                answered += 1;
            }
            Err(error) => assert!(error.is_cancelled()),
        }
    }
    let count = store.get::<Counter>(&"1".to_owned()).await.unwrap().count;
    assert!((answered..=40).contains(&count), "{answered} were answered and {count} counted");
}

#[tokio::test]
async fn dropping_the_last_handle_closes_the_file() {
    let directory = Directory::new();
    let store = directory.store().await;
    write(&store, "1", "text", Expectation::Absent).await.unwrap();
    let other = store.clone();
    drop(store);
    write(&other, "1", "more", Expectation::Exists).await.unwrap();
    drop(other);
    // The log goes when the last connection is closed, which the threads do on their way out.
    while directory.path().join("store.db-wal").exists() {
        tokio::task::yield_now().await;
    }
}

#[test]
fn the_store_needs_no_runtime_of_its_own() {
    let directory = Directory::new();
    let one = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let store = one.block_on(directory.store());
    drop(one);
    let other = tokio::runtime::Builder::new_current_thread().build().unwrap();
    other.block_on(write(&store, "1", "text", Expectation::Absent)).unwrap();
}
