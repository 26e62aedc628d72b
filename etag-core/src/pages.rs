//! More, or less, of a collection than one page.

use crate::{Document, Error, Page, Row, Scan, Snapshot, Store};

/// All that a scan finds, page by page.
pub(crate) async fn all<T: Document>(store: &(impl Store + ?Sized), scan: &Scan) -> Result<Vec<Snapshot<T>>, Error> {
    let mut found = Vec::new();
    let mut place = scan.after;
    loop {
        let page = store.scan(&scan.clone().after(place)).await?;
        for row in page.items {
            found.push(Snapshot::from_row(row)?);
        }
        place = page.next;
        if place.is_none() {
            return Ok(found);
        }
    }
}

/// How much a scan finds, page by page.
pub(crate) async fn count(store: &(impl Store + ?Sized), scan: &Scan) -> Result<usize, Error> {
    let (mut count, mut rest) = (0, scan.clone());
    loop {
        let page = store.scan_tags(&rest).await?;
        count += page.items.len();
        if page.next.is_none() {
            return Ok(count);
        }
        rest = rest.after(page.next);
    }
}

/// As much of what is wanted as the scan may have.
pub(crate) async fn wanted<X, E: From<Error>>(
    store: &(impl Store + ?Sized),
    scan: &Scan,
    mut pick: impl FnMut(Row) -> Result<Option<X>, E>,
) -> Result<Page<X>, E> {
    let mut items = Vec::new();
    let mut rest = scan.clone();
    loop {
        let page = store.scan(&rest).await?;
        match fitting(page.items, scan.limit - items.len(), &mut pick)? {
            Fitting::All(found) => items.extend(found),
            // Scanned again up to there, so that the place where the next page begins is that of a scan.
            Fitting::First(rows) => {
                rest.limit = rows;
                continue;
            }
        }
        if page.next.is_none() || items.len() == scan.limit {
            return Ok(Page { items, next: page.next });
        }
        rest = scan.clone().after(page.next);
    }
}

/// What is wanted of some rows, where there is room for it.
enum Fitting<X> {
    All(Vec<X>),
    /// There is room for what is wanted of so many.
    First(usize),
}

fn fitting<X, E>(
    rows: Vec<Row>,
    room: usize,
    pick: &mut impl FnMut(Row) -> Result<Option<X>, E>,
) -> Result<Fitting<X>, E> {
    let mut found = Vec::new();
    for (place, row) in rows.into_iter().enumerate() {
        let Some(picked) = pick(row)? else { continue };
        if found.len() == room {
            return Ok(Fitting::First(place));
        }
        found.push(picked);
    }
    Ok(Fitting::All(found))
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use async_trait::async_trait;
    use serde::{Deserialize, Serialize};

    use crate::{
        Cursor, Error, Layered, MemoryStore, Page, Row, Scan, Snapshot, Store, StoreExt as _, StoreLayer, Versioned,
    };

    #[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
    #[versioned(crate = crate, collection = "notes", validator = revision)]
    struct Note {
        #[versioned(id)]
        id: u64,
    }

    async fn notes(count: u64) -> MemoryStore {
        let store = MemoryStore::new();
        for id in 0..count {
            store.create(&Note { id }).await.unwrap();
        }
        store
    }

    /// The ids of the notes that are wanted.
    fn those(are_wanted: impl Fn(u64) -> bool) -> impl FnMut(Row) -> Result<Option<u64>, Error> {
        move |row| Snapshot::<Note>::from_row(row).map(|note| are_wanted(note.id).then_some(note.id))
    }

    /// Two of three, so that what is wanted does not come evenly.
    async fn most(store: &MemoryStore, limit: usize, after: Option<Cursor>) -> (Vec<u64>, Option<Cursor>) {
        let scan = Scan::new("notes", limit).after(after);
        let page = store.list_wanted(&scan, those(|id| id % 3 != 1)).await.unwrap();
        (page.items, page.next)
    }

    #[tokio::test]
    async fn all_of_a_collection_is_found_however_small_the_pages() {
        let store = notes(7).await;
        for limit in [1, 3, 7, 100] {
            let all = store.list_all::<Note>(&Scan::new("notes", limit)).await.unwrap();
            assert_eq!(all.iter().map(|note| note.id).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6], "{limit}");
            assert_eq!(store.count(&Scan::new("notes", limit)).await.unwrap(), 7, "{limit}");
        }
        assert!(MemoryStore::new().list_all::<Note>(&Scan::new("notes", 1)).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn pages_of_what_is_wanted_are_full_and_repeat_and_lose_nothing() {
        let store = notes(9).await;
        for limit in [1, 2, 3] {
            let (mut seen, mut place) = (Vec::new(), None);
            loop {
                let (page, next) = most(&store, limit, place).await;
                assert!(page.len() == limit || (next.is_none() && page.len() < limit), "{page:?} of {limit}");
                seen.extend(page);
                place = next;
                if place.is_none() {
                    break;
                }
            }
            assert_eq!(seen, [0, 2, 3, 5, 6, 8], "{limit}");
        }
    }

    /// Counts its scans.
    #[derive(Clone)]
    struct Counting(MemoryStore, Arc<AtomicUsize>);

    #[async_trait]
    impl StoreLayer for Counting {
        fn below(&self) -> &dyn Store {
            &self.0
        }

        async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0.scan(scan).await
        }
    }

    #[tokio::test]
    async fn a_page_that_lacks_little_is_not_filled_row_by_row() {
        let counting = Counting(notes(100).await, Arc::default());
        let store = Layered::new(counting.clone());
        let page = store.list_wanted(&Scan::new("notes", 10), those(|id| !(9..=97).contains(&id))).await.unwrap();
        assert_eq!((page.items.len(), page.items[9], page.next.is_some()), (10, 98, true));
        assert_eq!(counting.1.load(Ordering::Relaxed), 11, "ten, and the last one again");
        let rest = store.list_wanted(&Scan::new("notes", 10).after(page.next), those(|_| true)).await.unwrap();
        assert_eq!(rest.items, [99]);
    }

    #[tokio::test]
    async fn where_nothing_is_wanted_the_one_page_is_empty() {
        let store = notes(5).await;
        let page = store.list_wanted(&Scan::new("notes", 2), those(|_| false)).await.unwrap();
        assert!(page.items.is_empty() && page.next.is_none());
    }
}
