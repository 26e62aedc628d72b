//! Why a commit was rejected.

use std::fmt;

use crate::{ErrorKind, Expectation, Head, Key, StoredTag};

/// An item whose expectation was not met, and the state it met, read in the same transaction.
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
/// let error = store.create(note.value()).await.unwrap_err();
/// let [conflict] = error.conflicts() else { unreachable!() };
/// assert_eq!(conflict.expectation, Expectation::Absent);
/// assert_eq!(conflict.met.as_ref(), Some(note.head()));
/// assert_eq!(conflict.to_string(), "notes/1 exists already");
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The item's index in the batch.
    pub item: usize,
    /// The resource.
    pub key: Key,
    /// What was demanded.
    pub expectation: Expectation,
    /// The state that was met; `None` where there is no such resource. After an earlier item of the batch about the same
    /// resource it is what that item would have left, and was never written.
    pub met: Option<Head>,
}

impl Conflict {
    /// The kind of error that this conflict is by itself.
    ///
    /// ```
    /// use etag_core::{Conflict, ErrorKind, Expectation, Key};
    ///
    /// let conflict = Conflict { item: 0, key: Key::new("notes", "1"), expectation: Expectation::Exists, met: None };
    /// assert_eq!(conflict.error_kind(), ErrorKind::NotFound);
    /// ```
    pub fn error_kind(&self) -> ErrorKind {
        match (&self.expectation, &self.met) {
            (_, None) => ErrorKind::NotFound,
            (Expectation::Absent, Some(_)) => ErrorKind::AlreadyExists,
            (_, Some(_)) => ErrorKind::Stale,
        }
    }

    /// Whether the tag that was demanded belongs to an earlier resource under this key, one that was deleted. Only
    /// revision tags can tell.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let former = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// store.delete::<Note>(&former.id, former.etag()).await?;
    /// let note = store.create(&Note { id: "1".into(), text: "eggs".into() }).await?;
    ///
    /// let error = store.replace(note.value(), former.etag()).await.unwrap_err();
    /// assert!(error.conflicts()[0].is_about_a_former_resource());
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub fn is_about_a_former_resource(&self) -> bool {
        let (Expectation::Matches(demanded), Some(met)) = (&self.expectation, &self.met) else { return false };
        demanded
            .tags
            .iter()
            .filter_map(StoredTag::revision)
            .any(|revision| revision.epoch() == met.created.epoch() && revision.sequence() < met.created.sequence())
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        match self.error_kind() {
            ErrorKind::NotFound => write!(f, "{key} does not exist"),
            ErrorKind::AlreadyExists => write!(f, "{key} exists already"),
            _ if self.is_about_a_former_resource() => {
                write!(f, "{key} was deleted and made again since the tag was given; read it again")
            }
            _ => write!(f, "{key} has changed since the tag was given; read it again and redo the change"),
        }
    }
}
