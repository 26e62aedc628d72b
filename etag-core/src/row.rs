//! What a store keeps of one resource.

use std::time::SystemTime;

use bytes::Bytes;

use crate::{ContentDigest, Key, Parents, Revision, StoredTag, Strength, time::unix_seconds};

/// What a store knows of a resource without its body: enough to decide 304 and 412 (rule T6).
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
/// let head = store.head(&note.key()).await?.expect("it was created");
/// assert_eq!(head.revision, head.created);
/// assert_eq!(head.tag.revision(), Some(head.revision));
/// assert_eq!(head.created_at, head.modified_at);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The resource.
    pub key: Key,
    /// The tag of its state.
    pub tag: StoredTag,
    /// The revision of its state: a write gives it a new one, and so does a touch by a child (rule F3).
    pub revision: Revision,
    /// The revision of the last change that made its editors stale. It is that of the state, unless all that came since
    /// were touches through links with [`Lock::Own`](crate::Lock::Own).
    pub edited: Revision,
    /// The revision at which this resource came to be; another one after a delete and a re-create. Also the resource's
    /// place in the lists of its collection.
    pub created: Revision,
    /// When it came to be.
    pub created_at: SystemTime,
    /// When its state was written; by a microsecond later than that of the state before at least, also where the clock was
    /// set back.
    pub modified_at: SystemTime,
    /// Whether no other state of this key has had the whole second of [`modified_at`](Self::modified_at) or a later one,
    /// which is what makes the date a strong validator (RFC 9110 §8.8.2.2).
    pub date_strength: Strength,
    /// The schema number of the body.
    pub schema: u32,
    /// The digest of what a client may write.
    pub content: ContentDigest,
    /// Its parents.
    pub parents: Parents,
}

impl Head {
    /// How strong the date of a state is that replaces `before` at `now`: strong where the second is a new one.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use etag_core::{Head, Strength};
    ///
    /// let at = |millis| UNIX_EPOCH + Duration::from_millis(millis);
    /// assert_eq!(Head::date_strength_after(at(1_900), at(2_000)), Strength::Strong);
    /// assert_eq!(Head::date_strength_after(at(2_000), at(2_900)), Strength::Weak);
    /// ```
    pub fn date_strength_after(before: SystemTime, now: SystemTime) -> Strength {
        if unix_seconds(before) < unix_seconds(now) { Strength::Strong } else { Strength::Weak }
    }
}

/// A resource as a store keeps it.
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
/// assert_eq!(row.head, *note.head());
/// assert_eq!(decode::<Note>(&row)?, *note.value());
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// All but the body.
    pub head: Head,
    /// The document: the JSON object that is the representation, without the fields that the store fills in.
    pub body: Bytes,
}
