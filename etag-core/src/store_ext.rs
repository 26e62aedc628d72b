//! The typed methods of every store.

use bytes::Bytes;

use crate::{
    Batch, Committed, Conflict, Cursor, Delete, Document, ETag, Effect, Error, ErrorKind, Expectation, Head, Page,
    Patch, Row, Scan, Snapshot, Store, TagPart, Versioned, Written, modify, pages, put_document,
};

/// The typed methods of every [`Store`]: what each demands of the stored state is in its name.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let created = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
/// let changed = store.replace(&Note { id: "1".into(), text: "eggs".into() }, created.etag()).await?;
/// assert_ne!(created.etag(), changed.etag());
/// let late = store.replace(&Note { id: "1".into(), text: "tea".into() }, created.etag()).await;
/// assert!(late.unwrap_err().is_stale());
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
pub trait StoreExt: Store {
    /// The resource.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is none.
    fn get<T: Document>(&self, id: &T::Id) -> impl Future<Output = Result<Snapshot<T>, Error>> + Send {
        async move { self.find(id).await?.ok_or_else(|| not_found::<T>(id)) }
    }

    /// The resource, where there is one.
    ///
    /// # Errors
    /// [`ErrorKind::Undecodable`] where its document can't be read, and faults of the engine.
    fn find<T: Document>(&self, id: &T::Id) -> impl Future<Output = Result<Option<Snapshot<T>>, Error>> + Send {
        let key = T::key_of(id);
        async move { self.read(&key).await?.map(Snapshot::from_row).transpose() }
    }

    /// A page of the collection, in the order in which its resources were created.
    ///
    /// # Errors
    /// As for [`find`](Self::find).
    fn list<T: Document>(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<Snapshot<T>>, Error>> + Send {
        let scan = Scan::new(T::MODEL.collection, limit).after(after);
        async move {
            let page = self.scan(&scan).await?;
            let items = page.items.into_iter().map(Snapshot::from_row).collect::<Result<_, _>>()?;
            Ok(Page { items, next: page.next })
        }
    }

    /// All that a scan finds, read so many at a time as the scan says: for collections that are known to be small, since all
    /// of it is in memory at once. What is created meanwhile may be found or not.
    ///
    /// # Errors
    /// As for [`find`](Self::find).
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: u64 }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// for id in 0..5 {
    ///     store.create(&Note { id }).await?;
    /// }
    /// assert_eq!(store.list_all::<Note>(&Scan::new("notes", 2)).await?.len(), 5);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    fn list_all<T: Document>(&self, scan: &Scan) -> impl Future<Output = Result<Vec<Snapshot<T>>, Error>> + Send {
        pages::all(self, scan)
    }

    /// How many resources a scan finds, counted on an index alone, so many at a time as the scan says.
    ///
    /// # Errors
    /// Faults of the engine.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: u64 }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// for id in 0..5 {
    ///     store.create(&Note { id }).await?;
    /// }
    /// assert_eq!(store.count(&Scan::new("notes", 2)).await?, 5);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    fn count(&self, scan: &Scan) -> impl Future<Output = Result<usize, Error>> + Send {
        pages::count(self, scan)
    }

    /// A full page of what is wanted among what a scan finds: whatever `pick` makes of a row, which it may be given twice. Where
    /// few are wanted, much of the collection is read; a link to a parent ([`Scan::under`]) narrows it in the store.
    ///
    /// # Errors
    /// Faults of the store, and what `pick` refuses.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: u64 }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// for id in 0..5 {
    ///     store.create(&Note { id }).await?;
    /// }
    /// let odd = |row| Snapshot::<Note>::from_row(row).map(|note| (note.id % 2 == 1).then_some(note.id));
    /// assert_eq!(store.list_wanted(&Scan::new("notes", 2), odd).await?.items, [1, 3]);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    fn list_wanted<X: Send, E: From<Error> + Send>(
        &self,
        scan: &Scan,
        pick: impl FnMut(Row) -> Result<Option<X>, E> + Send,
    ) -> impl Future<Output = Result<Page<X>, E>> + Send {
        pages::wanted(self, scan, pick)
    }

    /// Writes `value` under any expectation, and tells what happened.
    ///
    /// # Errors
    /// A conflict ([`Error::is_rejected`]) where the expectation is not met, [`ErrorKind::Invalid`] where the value
    /// breaks a rule of its model, and faults of the engine.
    fn put<T: Document>(
        &self,
        value: &T,
        expectation: Expectation,
    ) -> impl Future<Output = Result<(Effect, Head), Error>> + Send {
        let put = put_document(self, value, expectation);
        async move { only_item(self.commit(Batch::new().put(put?)).await?).map(|(effect, head, _)| (effect, head)) }
    }

    /// Writes a resource that must not exist yet.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] where it does, and as for [`put`](Self::put).
    fn create<T: Document>(&self, value: &T) -> impl Future<Output = Result<Snapshot<T>, Error>> + Send {
        written(self, value, Expectation::Absent)
    }

    /// Writes a resource whose tag must be `etag`.
    ///
    /// # Errors
    /// [`ErrorKind::Stale`] where it has another one, [`ErrorKind::NotFound`] where there is none, and as for
    /// [`put`](Self::put).
    fn replace<T: Document>(&self, value: &T, etag: &ETag) -> impl Future<Output = Result<Snapshot<T>, Error>> + Send {
        written(self, value, T::MODEL.expect(etag))
    }

    /// Applies a typed patch to a resource whose tag must be `etag`.
    ///
    /// # Errors
    /// As for [`replace`](Self::replace).
    fn patch<T: Document>(
        &self,
        id: &T::Id,
        etag: &ETag,
        patch: T::Patch,
    ) -> impl Future<Output = Result<Snapshot<T>, Error>> + Send {
        async move {
            let current = self.get::<T>(id).await?;
            let expectation = T::MODEL.expect(etag);
            if !expectation.is_met_by(Some(current.head()), TagPart::Own, |_| None) {
                let (key, met) = (T::key_of(id), Some(current.head().clone()));
                return Err(Error::rejected(vec![Conflict::new(0, key, expectation, met)]));
            }
            let edited = current.head().edited;
            let (mut value, _) = current.into_parts();
            patch.apply(&mut value);
            written(self, &value, Expectation::Unedited(edited)).await
        }
    }

    /// Deletes a resource whose tag must be `etag`.
    ///
    /// # Errors
    /// As for [`replace`](Self::replace).
    fn delete<T: Versioned>(&self, id: &T::Id, etag: &ETag) -> impl Future<Output = Result<(), Error>> + Send {
        self.coordinator().environment().learn(T::MODEL);
        let delete = Delete::new(T::key_of(id), T::MODEL.expect(etag));
        async move { self.commit(Batch::new().delete(delete)).await.map(drop) }
    }

    /// Reads the resource, applies `change` to what is there now, and writes it under the tag just read; again, with
    /// back-off and within bounds, where somebody else was faster (rule B4). Callers in one process that modify the
    /// same resource queue for it, and share reads and commits.
    ///
    /// `change` may run several times, each time on fresh state; its other effects must bear that. The answer is the
    /// state that this very call wrote.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such resource; whatever `change` returns; [`ErrorKind::Stale`] where
    /// others were faster each time; [`ErrorKind::Unknown`] where the runtime stops meanwhile; and as for
    /// [`put`](Self::put).
    ///
    /// # Panics
    /// Outside of a tokio runtime, in one whose timers are not enabled where it has to try again, and where `change` does.
    fn modify<T, F>(&self, id: &T::Id, change: F) -> impl Future<Output = Result<Snapshot<T>, Error>> + Send
    where
        T: Document,
        F: FnMut(&mut T) -> Result<(), Error> + Send + 'static,
    {
        modify::modify(self, id, change)
    }
}

impl<S: Store + ?Sized> StoreExt for S {}

pub(crate) async fn written<T: Document, S: Store + ?Sized>(
    store: &S,
    value: &T,
    expectation: Expectation,
) -> Result<Snapshot<T>, Error> {
    let put = put_document(store, value, expectation)?;
    let given = put.body.clone();
    let (_, head, completed) = only_item(store.commit(Batch::new().put(put)).await?)?;
    Snapshot::from_row(Row { head, body: completed.unwrap_or(given) })
}

fn only_item(committed: Committed) -> Result<(Effect, Head, Option<Bytes>), Error> {
    match committed.items.into_iter().next() {
        Some(Written { effect, head: Some(head), body }) => Ok((effect, head, body)),
        _ => Err(Error::new(ErrorKind::Engine, "the store answered a write without the state that it wrote")),
    }
}

fn not_found<T: Versioned>(id: &T::Id) -> Error {
    Error::new(ErrorKind::NotFound, format!("{} does not exist", T::key_of(id)))
}
