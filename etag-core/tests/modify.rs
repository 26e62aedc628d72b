//! Read, change, write under the tag just read: many callers at once, no update lost.

use std::{
    collections::HashSet,
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};

use etag_core::{
    Batch, Error, ErrorKind, Expectation, Key, Layered, MemoryStore, Row, Store, StoreExt, StoreLayer, Versioned,
    put_document,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Barrier;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "counters", validator = revision)]
struct Counter {
    #[versioned(id)]
    id: String,
    count: u64,
}

const ID: &str = "1";

async fn counter(store: &impl Store) {
    store.create(&Counter { id: ID.into(), count: 0 }).await.unwrap();
}

#[allow(clippy::unnecessary_wraps, reason = "`modify` takes a change that may refuse")]
fn increment(counter: &mut Counter) -> Result<(), Error> {
    counter.count += 1;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_increment_of_16_callers_is_lost_and_each_sees_its_own() {
    let store = MemoryStore::new();
    counter(&store).await;
    let barrier = Arc::new(Barrier::new(16));
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let (store, barrier) = (store.clone(), barrier.clone());
            tokio::spawn(async move {
                barrier.wait().await;
                let mut seen = Vec::new();
                for _ in 0..100 {
                    let snapshot = store.modify(&ID.to_owned(), increment).await.unwrap();
                    seen.push((snapshot.count, snapshot.etag().clone()));
                }
                seen
            })
        })
        .collect();
    let mut seen = Vec::new();
    for caller in callers {
        seen.extend(caller.await.unwrap());
    }
    let counts: HashSet<_> = seen.iter().map(|(count, _)| *count).collect();
    let tags: HashSet<_> = seen.iter().map(|(_, tag)| tag.clone()).collect();
    assert_eq!((counts.len(), tags.len()), (1600, 1600), "each caller's step has a state and a tag of its own");
    assert_eq!(store.get::<Counter>(&ID.to_owned()).await.unwrap().count, 1600);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_increment_is_lost_beside_writers_that_do_not_queue() {
    let store = MemoryStore::new();
    counter(&store).await;
    let outsider = tokio::spawn({
        let store = store.clone();
        async move {
            let mut done = 0;
            while done < 200 {
                let (mut value, etag) = store.get::<Counter>(&ID.to_owned()).await.unwrap().into_parts();
                value.count += 1;
                done += u64::from(store.replace(&value, &etag).await.is_ok());
                tokio::task::yield_now().await;
            }
        }
    });
    let mut acknowledged = 0;
    for _ in 0..200 {
        acknowledged += u64::from(store.modify(&ID.to_owned(), increment).await.is_ok());
    }
    outsider.await.unwrap();
    assert_eq!(store.get::<Counter>(&ID.to_owned()).await.unwrap().count, acknowledged + 200);
}

#[tokio::test]
async fn a_refused_change_leaves_the_others_of_its_commit_alone() {
    let store = MemoryStore::new();
    counter(&store).await;
    let id = ID.to_owned();
    let refuse = |counter: &mut Counter| {
        counter.count += 1000;
        Err(Error::new(ErrorKind::Refused, "not today"))
    };
    let (first, refused, last) =
        tokio::join!(store.modify(&id, increment), store.modify(&id, refuse), store.modify(&id, increment));
    assert_eq!(refused.unwrap_err().to_string(), "not today");
    assert_eq!((first.unwrap().count, last.unwrap().count), (1, 2));
}

#[tokio::test]
async fn a_panic_reaches_its_caller_and_nobody_else() {
    let store = MemoryStore::new();
    counter(&store).await;
    let panicking = tokio::spawn({
        let store = store.clone();
        async move { store.modify(&ID.to_owned(), |_: &mut Counter| panic!("a caller's bug")).await }
    });
    assert!(panicking.await.unwrap_err().is_panic());
    assert_eq!(store.modify(&ID.to_owned(), increment).await.unwrap().count, 1);
}

#[tokio::test]
async fn what_is_absent_can_not_be_modified() {
    let error = MemoryStore::new().modify(&ID.to_owned(), increment).await.unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_change_may_not_change_the_id() {
    let store = MemoryStore::new();
    counter(&store).await;
    let change = |counter: &mut Counter| {
        counter.id = "2".into();
        Ok(())
    };
    assert_eq!(store.modify(&ID.to_owned(), change).await.unwrap_err().kind(), ErrorKind::Refused);
    assert_eq!(store.find::<Counter>(&"2".to_owned()).await.unwrap(), None);
}

/// A store in which somebody else writes between each read and each commit.
#[derive(Clone)]
struct Contended {
    inner: MemoryStore,
    reads: Arc<AtomicUsize>,
}

#[async_trait::async_trait]
impl StoreLayer for Contended {
    fn below(&self) -> &dyn Store {
        &self.inner
    }

    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        let row = self.inner.read(key).await?;
        let count = self.reads.fetch_add(1, Ordering::SeqCst) as u64;
        let other = Counter { id: ID.into(), count: count + 1_000_000 };
        let put = put_document(&self.inner, &other, Expectation::Exists)?;
        self.inner.commit(Batch::new().put(put)).await?;
        Ok(row)
    }
}

#[tokio::test(start_paused = true)]
async fn tries_are_bounded_and_each_reads_again() {
    let contended = Contended { inner: MemoryStore::new(), reads: Arc::default() };
    counter(&contended.inner).await;
    let store = Layered::new(contended.clone());
    let error = store.modify(&ID.to_owned(), increment).await.unwrap_err();
    assert!(error.is_stale());
    assert_eq!(contended.reads.load(Ordering::SeqCst), 12);
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_take_the_others_along() {
    let store = MemoryStore::new();
    counter(&store).await;
    let id = ID.to_owned();
    for _ in 0..100 {
        let mut leading = Box::pin(store.modify(&id, increment));
        let mut following = Box::pin(store.modify(&id, increment));
        poll_once(&mut leading).await;
        poll_once(&mut following).await;
        drop(leading);
        following.await.unwrap();
    }
    assert_eq!(store.get::<Counter>(&id).await.unwrap().count, 200);
}

/// Polls far enough that the call has joined the queue.
async fn poll_once<F: Future + Unpin>(future: &mut F) {
    poll_fn(|context| {
        assert!(Pin::new(&mut *future).poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
}

/// Its tag says nothing of `seen`, so two states may share it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "pages", validator = digest(weak))]
struct PageView {
    #[versioned(id)]
    id: String,
    title: String,
    #[versioned(exclude)]
    seen: u64,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_lost_that_the_tag_does_not_show() {
    let store = MemoryStore::new();
    store.create(&PageView { id: ID.into(), title: "Home".into(), seen: 0 }).await.unwrap();
    let outsider = tokio::spawn({
        let store = store.clone();
        async move {
            for _ in 0..200 {
                loop {
                    let row = store.get::<PageView>(&ID.to_owned()).await.unwrap();
                    let mut value = row.value().clone();
                    value.seen += 1;
                    if store.put(&value, Expectation::At(row.revision())).await.is_ok() {
                        break;
                    }
                }
            }
        }
    });
    let see = |page: &mut PageView| {
        page.seen += 1;
        Ok(())
    };
    let mut acknowledged = 0;
    for _ in 0..200 {
        acknowledged += u64::from(store.modify(&ID.to_owned(), see).await.is_ok());
    }
    outsider.await.unwrap();
    assert_eq!(store.get::<PageView>(&ID.to_owned()).await.unwrap().seen, acknowledged + 200);
}

#[test]
fn a_call_outside_of_a_runtime_does_not_keep_later_ones_waiting() {
    let store = MemoryStore::new();
    let id = ID.to_owned();
    let outside = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut call = Box::pin(store.modify(&id, increment));
        let _ = call.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
    }));
    assert!(outside.is_err(), "it can't be done there");
    in_time(async {
        counter(&store).await;
        assert_eq!(store.modify(&id, increment).await.unwrap().count, 1);
    });
}

#[test]
fn a_runtime_that_ends_does_not_keep_later_calls_waiting() {
    let store = MemoryStore::new();
    let id = ID.to_owned();
    let ended = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let handle = ended.handle().clone();
    drop(ended);
    let mut left = Box::pin(store.modify(&id, increment));
    let inside = handle.enter();
    let answer = left.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
    assert!(matches!(answer, Poll::Ready(Err(error)) if error.kind() == ErrorKind::Unknown));
    drop(inside);
    in_time(async {
        counter(&store).await;
        assert_eq!(store.modify(&id, increment).await.unwrap().count, 1);
    });
}

/// Fails where `work` waits for what never comes.
fn in_time<F: Future>(work: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let answer = async { tokio::time::timeout(std::time::Duration::from_secs(60), work).await };
    runtime.block_on(answer).expect("it waits for nobody")
}
