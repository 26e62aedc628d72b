//! A value together with the tag it was read under.

use std::{ops::Deref, time::SystemTime};

use crate::{
    Document, ETag, Error, Expectation, Head, Revision, Row, Store, StoreExt, Versioned, decode, store_ext::written,
};

/// A value, and the tag under which it was read. A write takes the tag bound to the value that was edited, so an old
/// edit can't be sent under a new tag.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
/// let saved = note.edit(|note| note.text.push_str(", eggs")).save(&store).await?;
/// assert_eq!(saved.text, "milk, eggs");
/// assert!(note.edit(|note| note.text.clear()).save(&store).await.unwrap_err().is_stale());
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot<T> {
    value: T,
    etag: ETag,
    head: Head,
}

impl<T: Versioned> Snapshot<T> {
    /// `value`, which is the state that `head` describes.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = Note { id: "1".into(), text: "milk".into() };
    /// let (_, head) = store.put(&note, Expectation::Absent).await?;
    /// let snapshot = Snapshot::new(note, head);
    /// assert_eq!(snapshot, store.get(&"1".to_owned()).await?);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub fn new(value: T, head: Head) -> Self {
        Self { value, etag: T::MODEL.publish(&head.tag), head }
    }

    /// The tag.
    pub fn etag(&self) -> &ETag {
        &self.etag
    }

    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// What the store knows of the state.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The revision of the state.
    pub fn revision(&self) -> Revision {
        self.head.revision
    }

    /// When the state was written.
    pub fn modified_at(&self) -> SystemTime {
        self.head.modified_at
    }

    /// The value and its tag.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// let (value, etag) = note.into_parts();
    /// let changed = store.replace(&Note { text: "eggs".into(), ..value }, &etag).await?;
    /// assert_ne!(*changed.etag(), etag);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub fn into_parts(self) -> (T, ETag) {
        (self.value, self.etag)
    }
}

impl<T: Document> Snapshot<T> {
    /// What `row` holds.
    ///
    /// # Errors
    /// As for [`decode`](crate::decode).
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// let row = store.read(&note.key()).await?.expect("it was created");
    /// assert_eq!(Snapshot::<Note>::from_row(row)?, note);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub fn from_row(row: Row) -> Result<Self, Error> {
        Ok(Self::new(decode(&row)?, row.head))
    }
}

impl<T: Versioned + Clone> Snapshot<T> {
    /// An edit of the value that remembers what it was made from.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// let edit = note.edit(|note| note.text = "eggs".into());
    /// assert_eq!(edit.value().text, "eggs");
    /// assert_eq!(note.text, "milk");
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub fn edit(&self, change: impl FnOnce(&mut T)) -> Edit<T> {
        let mut mine = self.value.clone();
        change(&mut mine);
        Edit { base: self.clone(), mine }
    }
}

impl<T> Deref for Snapshot<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A changed value, the value it was made from, and that one's tag.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
/// let edit = note.edit(|note| note.text.push_str(", eggs"));
/// assert_eq!(edit.value().text, "milk, eggs");
/// let saved = edit.save(&store).await?;
/// assert_ne!(saved.etag(), note.etag());
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Edit<T> {
    base: Snapshot<T>,
    mine: T,
}

impl<T: Document + Clone> Edit<T> {
    /// The changed value.
    pub fn value(&self) -> &T {
        &self.mine
    }

    /// Writes the changed value in place of the very state it was made from, also where that state's tag is weak.
    ///
    /// # Errors
    /// [`ErrorKind::Stale`](crate::ErrorKind::Stale) where the resource has changed since, and what
    /// [`StoreExt::replace`] answers.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// note.edit(|note| note.text = "eggs".into()).save(&store).await?;
    /// let late = note.edit(|note| note.text = "tea".into()).save(&store).await;
    /// assert!(late.unwrap_err().is_stale());
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub async fn save(self, store: &(impl Store + ?Sized)) -> Result<Snapshot<T>, Error> {
        written(store, &self.mine, Expectation::Unedited(self.base.head.edited)).await
    }

    /// The same, and where the resource has changed since: merges the two edits by the rules of the model and writes
    /// the result under the tag of the state that it was merged with, as often as it takes within the bounds of
    /// [`modify`](StoreExt::modify).
    ///
    /// # Errors
    /// [`ErrorKind::Merge`](crate::ErrorKind::Merge) that names the fields where both edits changed the same one, and
    /// what [`StoreExt::modify`] answers.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, title: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = store.create(&Note { id: "1".into(), title: "List".into(), text: "milk".into() }).await?;
    /// note.edit(|note| note.title = "Shopping".into()).save(&store).await?;
    ///
    /// let merged = note.edit(|note| note.text = "eggs".into()).save_merged(&store).await?;
    /// assert_eq!((&*merged.title, &*merged.text), ("Shopping", "eggs"));
    ///
    /// let late = note.edit(|note| note.text = "tea".into()).save_merged(&store).await;
    /// assert_eq!(late.unwrap_err().kind(), ErrorKind::Merge);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub async fn save_merged(self, store: &(impl Store + ?Sized)) -> Result<Snapshot<T>, Error> {
        let Self { base, mine } = self;
        let id = base.value.id().clone();
        let change = move |theirs: &mut T| {
            *theirs = T::merge(&base.value, mine.clone(), theirs)?;
            Ok(())
        };
        store.modify(&id, change).await
    }
}
