//! Why a commit was rejected.

use std::{borrow::Cow, fmt};

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
    /// Why the item failed.
    pub cause: Cause,
    /// The paths of what changed since the tag that was demanded, where the store knows (rule B2): serialised names of
    /// fields, unless the model asks for more ([`ChangeRule`](crate::ChangeRule)). Told of puts, deletes and checks;
    /// empty where nothing but touches by children came since.
    pub changed: Option<Vec<String>>,
}

/// Why an item of a batch failed.
///
/// ```
/// use etag_core::{Cause, Conflict, ErrorKind, Expectation, Key};
///
/// let parent = Key::new("boards", "1");
/// let conflict = Conflict::new(0, Key::new("tasks", "7"), Expectation::Absent, None);
/// let orphan = conflict.because(Cause::NoParent { link: "board".into(), parent });
/// assert_eq!(orphan.error_kind(), ErrorKind::NoParent);
/// assert_eq!(orphan.to_string(), "tasks/7 names boards/1 as its board, which does not exist");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The state was not the one demanded.
    State,
    /// A parent that it names does not exist.
    NoParent {
        /// The link's name.
        link: Cow<'static, str>,
        /// The parent.
        parent: Key,
    },
    /// It can't be deleted while these children are there, of which ten are named at most.
    HasChildren {
        /// The children.
        children: Vec<Key>,
    },
    /// It would be its own ancestor.
    Cycle {
        /// The link's name.
        link: Cow<'static, str>,
        /// The parent that is below it.
        parent: Key,
    },
    /// It would be more than 32 levels below its first ancestor. What is below it is not counted: a tree that moves keeps its
    /// own levels.
    TooDeep {
        /// The link's name.
        link: Cow<'static, str>,
        /// The parent.
        parent: Key,
    },
}

impl Conflict {
    /// A conflict with the state that was met.
    ///
    /// ```
    /// use etag_core::{Conflict, ErrorKind, Expectation, Key};
    ///
    /// let conflict = Conflict::new(0, Key::new("notes", "1"), Expectation::Exists, None);
    /// assert_eq!(conflict.error_kind(), ErrorKind::NotFound);
    /// ```
    pub fn new(item: usize, key: Key, expectation: Expectation, met: Option<Head>) -> Self {
        Self { item, key, expectation, met, cause: Cause::State, changed: None }
    }

    /// The same with another cause.
    #[must_use]
    pub fn because(mut self, cause: Cause) -> Self {
        self.cause = cause;
        self
    }

    /// The kind of error that this conflict is by itself.
    ///
    /// ```
    /// use etag_core::{Conflict, ErrorKind, Expectation, Key};
    ///
    /// let conflict = Conflict::new(0, Key::new("notes", "1"), Expectation::Exists, None);
    /// assert_eq!(conflict.error_kind(), ErrorKind::NotFound);
    /// ```
    pub fn error_kind(&self) -> ErrorKind {
        match &self.cause {
            Cause::State => self.kind_of_state(),
            Cause::NoParent { .. } => ErrorKind::NoParent,
            Cause::HasChildren { .. } => ErrorKind::HasChildren,
            Cause::Cycle { .. } | Cause::TooDeep { .. } => ErrorKind::Misplaced,
        }
    }

    fn kind_of_state(&self) -> ErrorKind {
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
        match &self.cause {
            Cause::State => self.fmt_state(f),
            Cause::NoParent { link, parent } => write!(f, "{key} names {parent} as its {link}, which does not exist"),
            Cause::HasChildren { children } => {
                let names: Vec<_> = children.iter().map(Key::to_string).collect();
                write!(f, "{key} has children that must be deleted or moved first: {}", names.join(", "))
            }
            Cause::Cycle { link, parent } => {
                write!(f, "{key} can't have {parent} as its {link}, which is the same or below it")
            }
            Cause::TooDeep { link, parent } => write!(f, "{key} would be too deep below {parent}, its {link}"),
        }
    }
}

impl Conflict {
    fn fmt_state(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        match self.kind_of_state() {
            ErrorKind::NotFound => write!(f, "{key} does not exist"),
            ErrorKind::AlreadyExists => write!(f, "{key} exists already"),
            _ if self.is_about_a_former_resource() => {
                write!(f, "{key} was deleted and made again since the tag was given; read it again")
            }
            _ => write!(f, "{key} has changed since the tag was given; read it again and redo the change"),
        }
    }
}
