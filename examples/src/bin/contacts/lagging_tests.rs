use std::sync::atomic::{AtomicU64, Ordering};

use etag_core::{Clock, Environment, Layered, MemoryStore, Snapshot, StoreExt as _};

use super::*;

#[derive(Clone, Default)]
struct Hand(Arc<AtomicU64>);

impl Clock for Hand {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}

fn pace() -> Pace {
    Pace { lagging_reads: vec![Reader::Get, Reader::BatchGet, Reader::List], ..Pace::default() }
}

fn lagging(pace: Pace) -> (Layered<Lagging>, Hand) {
    let hand = Hand::default();
    let store = MemoryStore::with_environment(Environment::system().with_clock(hand.clone()));
    (Layered::new(Lagging::new(Arc::new(store), pace)), hand)
}

/// A contact that was made and changed once: what it was, and what it is.
async fn changed(store: &Layered<Lagging>) -> [Snapshot<Contact>; 2] {
    let made = store.create(&Contact::new(7.into())).await.unwrap();
    let mut contact = made.value().clone();
    contact.fields.insert("names".to_owned(), Vec::new());
    let changed = store.replace(&contact, made.etag()).await.unwrap();
    [made, changed]
}

async fn seen(store: &Layered<Lagging>) -> etag_core::Revision {
    store.layer().find(Reader::Get, 7.into()).await.unwrap().unwrap().head().revision
}

#[tokio::test]
async fn a_contact_reads_as_before_for_so_many_reads() {
    let (store, _) = lagging(Pace { propagation_reads: 2, ..pace() });
    let [before, now] = changed(&store).await;
    let seen = [seen(&store).await, seen(&store).await, seen(&store).await];
    assert_eq!(seen, [before.revision(), before.revision(), now.revision()]);
}

#[tokio::test]
async fn a_contact_reads_as_before_for_so_long() {
    let (store, hand) = lagging(Pace { propagation_ms: 50, ..pace() });
    let [before, now] = changed(&store).await;
    hand.0.store(49, Ordering::Relaxed);
    assert_eq!(seen(&store).await, before.revision());
    hand.0.store(50, Ordering::Relaxed);
    assert_eq!(seen(&store).await, now.revision());
}

#[tokio::test]
async fn lists_lag_as_single_reads_do() {
    let (store, _) = lagging(Pace { propagation_reads: 1, ..pace() });
    let [before, now] = changed(&store).await;
    let scan = Scan::new(Contact::MODEL.collection, 10);
    for state in [before, now] {
        assert_eq!(store.layer().page(Reader::List, &scan).await.unwrap().items[0].head().revision, state.revision());
    }
}

#[tokio::test]
async fn what_is_compared_never_lags() {
    let (store, _) = lagging(Pace { propagation_ms: 9_000, propagation_reads: 9, ..pace() });
    let [before, now] = changed(&store).await;
    assert_eq!(store.get::<Contact>(&7.into()).await.unwrap().revision(), now.revision());
    assert!(store.replace(before.value(), before.etag()).await.unwrap_err().is_rejected());
}

#[tokio::test]
async fn a_write_that_is_refused_opens_no_window() {
    let (store, _) = lagging(Pace { propagation_reads: 1, ..pace() });
    let [before, now] = changed(&store).await;
    seen(&store).await;
    store.replace(before.value(), before.etag()).await.unwrap_err();
    assert_eq!(seen(&store).await, now.revision());
}

#[tokio::test]
async fn what_was_made_or_deleted_reads_so_at_once() {
    let (store, _) = lagging(Pace { propagation_reads: 9, ..pace() });
    let made = store.create(&Contact::new(7.into())).await.unwrap();
    assert_eq!(seen(&store).await, made.revision());

    store.delete::<Contact>(&7.into(), made.etag()).await.unwrap();
    assert!(store.layer().find(Reader::Get, 7.into()).await.unwrap().is_none());
}

async fn listed(store: &Layered<Lagging>, scan: &Scan) -> (Vec<u64>, Option<Cursor>) {
    let page = store.layer().page(Reader::List, scan).await.unwrap();
    (page.items.iter().map(|contact| contact.head().key.id().parse().unwrap()).collect(), page.next)
}

#[tokio::test]
async fn what_was_made_or_deleted_can_read_so_later() {
    let pace = Pace { propagation_ms: 50, lagging_writes: LaggingWrites::All, ..pace() };
    let (store, hand) = lagging(pace);
    let mut made = Vec::new();
    for number in [1, 2, 3] {
        made.push(store.create(&Contact::new(number.into())).await.unwrap());
    }
    let whole = Scan::new(Contact::MODEL.collection, 2);
    assert!(store.layer().find(Reader::Get, 1.into()).await.unwrap().is_none());
    assert_eq!(listed(&store, &whole).await, (vec![], Some(Cursor(made[1].head().created.sequence()))));

    hand.0.store(50, Ordering::Relaxed);
    store.delete::<Contact>(&1.into(), made[0].etag()).await.unwrap();
    assert_eq!(store.layer().find(Reader::Get, 1.into()).await.unwrap().unwrap().head().revision, made[0].revision());
    // It has its place still, and moves what no longer fits to the next page.
    let (first, next) = listed(&store, &whole).await;
    assert_eq!(first, [1, 2]);
    assert_eq!(listed(&store, &whole.clone().after(next)).await, (vec![3], None));

    hand.0.store(100, Ordering::Relaxed);
    assert!(store.layer().find(Reader::Get, 1.into()).await.unwrap().is_none());
    assert_eq!(listed(&store, &whole).await, (vec![2, 3], None));
}

#[tokio::test]
async fn readers_that_do_not_lag_see_all_at_once() {
    let pace = Pace { propagation_reads: 9, lagging_reads: vec![Reader::List], ..pace() };
    let (store, _) = lagging(pace);
    let [before, now] = changed(&store).await;
    assert_eq!(seen(&store).await, now.revision());
    let scan = Scan::new(Contact::MODEL.collection, 10);
    assert_eq!(store.layer().page(Reader::List, &scan).await.unwrap().items[0].head().revision, before.revision());
    assert_eq!(store.layer().page(Reader::Get, &scan).await.unwrap().items[0].head().revision, now.revision());
}
