use std::sync::atomic::{AtomicU64, Ordering};

use etag_core::{Clock, Environment, MemoryStore, StoreExt as _};

use super::*;

#[derive(Clone, Default)]
struct Hand(Arc<AtomicU64>);

impl Clock for Hand {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}

fn lagging(window: Window) -> (Lagging, Hand) {
    let hand = Hand::default();
    let store = MemoryStore::with_environment(Environment::system().with_clock(hand.clone()));
    (Lagging::new(Arc::new(store), window), hand)
}

/// A contact that was made and changed once: what it was, and what it is.
async fn changed(store: &Lagging) -> [Snapshot<Contact>; 2] {
    let made = store.create(&Contact::new(7.into())).await.unwrap();
    let mut contact = made.value().clone();
    contact.fields.insert("names".to_owned(), Vec::new());
    let changed = store.replace(&contact, made.etag()).await.unwrap();
    [made, changed]
}

async fn seen(store: &Lagging) -> etag_core::Revision {
    store.find::<Contact>(&7.into()).await.unwrap().unwrap().revision()
}

#[tokio::test]
async fn a_contact_reads_as_before_for_so_many_reads() {
    let (store, _) = lagging(Window { reads: 2, ..Window::default() });
    let [before, now] = changed(&store).await;
    let seen = [seen(&store).await, seen(&store).await, seen(&store).await];
    assert_eq!(seen, [before.revision(), before.revision(), now.revision()]);
}

#[tokio::test]
async fn a_contact_reads_as_before_for_so_long() {
    let (store, hand) = lagging(Window { time: Duration::from_millis(50), ..Window::default() });
    let [before, now] = changed(&store).await;
    hand.0.store(49, Ordering::Relaxed);
    assert_eq!(seen(&store).await, before.revision());
    hand.0.store(50, Ordering::Relaxed);
    assert_eq!(seen(&store).await, now.revision());
}

#[tokio::test]
async fn lists_lag_as_single_reads_do() {
    let (store, _) = lagging(Window { reads: 1, ..Window::default() });
    let [before, now] = changed(&store).await;
    let scan = Scan::new(Contact::MODEL.collection, 10);
    for state in [before, now] {
        assert_eq!(store.page::<Contact>(&scan).await.unwrap().items[0].revision(), state.revision());
    }
}

#[tokio::test]
async fn what_is_compared_never_lags() {
    let (store, _) = lagging(Window { time: Duration::from_secs(9), reads: 9 });
    let [before, now] = changed(&store).await;
    assert_eq!(store.get::<Contact>(&7.into()).await.unwrap().revision(), now.revision());
    assert!(store.replace(before.value(), before.etag()).await.unwrap_err().is_rejected());
}

#[tokio::test]
async fn a_write_that_is_refused_opens_no_window() {
    let (store, _) = lagging(Window { reads: 1, ..Window::default() });
    let [before, now] = changed(&store).await;
    seen(&store).await;
    store.replace(before.value(), before.etag()).await.unwrap_err();
    assert_eq!(seen(&store).await, now.revision());
}

#[tokio::test]
async fn what_was_made_or_deleted_reads_so_at_once() {
    let (store, _) = lagging(Window { reads: 9, ..Window::default() });
    let made = store.create(&Contact::new(7.into())).await.unwrap();
    assert_eq!(seen(&store).await, made.revision());

    store.delete::<Contact>(&7.into(), made.etag()).await.unwrap();
    assert!(store.find::<Contact>(&7.into()).await.unwrap().is_none());
}
