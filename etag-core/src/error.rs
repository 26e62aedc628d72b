//! What a store, or anything above it, answers instead of success.

use std::{borrow::Cow, error::Error as StdError, fmt, time::Duration};

use crate::{Conflict, MergeConflict};

/// What went wrong, in words for a person and a kind for the code.
///
/// ```
/// use etag_core::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::Unavailable, "the database is restarting");
/// assert!(error.is_transient());
/// assert_eq!(error.to_string(), "the database is restarting");
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    detail: Detail,
    retry_after: Option<Duration>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

#[derive(Clone)]
enum Detail {
    None,
    Conflicts(Vec<Conflict>),
    Violations(Violations),
    Merge(MergeConflict),
}

/// The kinds of [`Error`].
///
/// ```
/// use etag_core::{Error, ErrorKind};
///
/// fn status(error: &Error) -> u16 {
///     match error.kind() {
///         ErrorKind::NotFound => 404,
///         ErrorKind::Stale | ErrorKind::AlreadyExists => 412,
///         _ => 500,
///     }
/// }
/// assert_eq!(status(&Error::new(ErrorKind::Stale, "it has changed")), 412);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no such resource.
    NotFound,
    /// There is one already, and the write demanded that there be none.
    AlreadyExists,
    /// The resource is not in the state that the write demanded. [`Error::conflicts`] tells the state it met.
    Stale,
    /// A parent that the value names does not exist.
    NoParent,
    /// The resource has children that keep it from being deleted. [`Error::conflicts`] names some.
    HasChildren,
    /// The resource would be its own ancestor, or too deep below its first one.
    Misplaced,
    /// The value breaks a rule of its model. [`Error::violations`] names the fields.
    Invalid,
    /// Two edits changed the same field. [`Error::merge_conflict`] names the fields.
    Merge,
    /// The caller's own function refused, in `modify`.
    Refused,
    /// A document can't be written, or a stored one can't be read.
    Undecodable,
    /// Past a limit of size or number.
    TooLarge,
    /// The idempotency key came before with another request.
    KeyReused,
    /// A request with the same idempotency key is under way.
    InFlight,
    /// The store can't do this. It is declared in its [`Capabilities`](crate::Capabilities).
    Unsupported,
    /// Not now; nothing was written. [`Error::retry_after`] tells when to try again.
    Unavailable,
    /// The commit's outcome is not known: it may have been written.
    Unknown,
    /// The store holds what it should not: its file is damaged, or a row can't be read.
    Corrupt,
    /// The store is set up wrongly: a missing key, a file of a newer version, no permission.
    Misconfigured,
    /// The engine failed in a way that is none of the above.
    Engine,
}

impl Error {
    /// An error of this kind.
    ///
    /// ```
    /// use etag_core::{Error, ErrorKind};
    ///
    /// let size = 70_000;
    /// let error = Error::new(ErrorKind::TooLarge, format!("the document has {size} bytes"));
    /// assert_eq!(error.kind(), ErrorKind::TooLarge);
    /// assert_eq!(error.to_string(), "the document has 70000 bytes");
    /// ```
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), detail: Detail::None, retry_after: None, source: None }))
    }

    /// The error of a commit that met these conflicts, at least one. Its kind is that of the first.
    ///
    /// # Panics
    /// If there is no conflict.
    ///
    /// ```
    /// use etag_core::{Conflict, Error, Expectation, Key};
    ///
    /// let conflict = Conflict::new(0, Key::new("notes", "1"), Expectation::Exists, None);
    /// let error = Error::rejected(vec![conflict]);
    /// assert!(error.is_not_found());
    /// assert_eq!(error.to_string(), "notes/1 does not exist");
    /// ```
    pub fn rejected(conflicts: Vec<Conflict>) -> Self {
        let first = conflicts.first().expect("a commit is rejected because of at least one conflict");
        let mut error = Self::new(first.error_kind(), first.to_string());
        error.0.detail = Detail::Conflicts(conflicts);
        error
    }

    /// The error of a value that breaks these rules.
    ///
    /// ```
    /// use etag_core::{Error, ErrorKind, Violations};
    ///
    /// let mut violations = Violations::new();
    /// violations.add("/title", "must not be empty");
    /// let error = Error::invalid(violations);
    /// assert_eq!(error.kind(), ErrorKind::Invalid);
    /// ```
    pub fn invalid(violations: Violations) -> Self {
        let mut error = Self::new(ErrorKind::Invalid, violations.to_string());
        error.0.detail = Detail::Violations(violations);
        error
    }

    /// The same with what caused it.
    ///
    /// ```
    /// use std::{error::Error as _, io};
    /// use etag_core::{Error, ErrorKind};
    ///
    /// let cause = io::Error::other("disk full");
    /// let error = Error::new(ErrorKind::Engine, "the write failed").with_source(cause);
    /// assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("disk full"));
    /// ```
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same with the time after which to try again.
    ///
    /// ```
    /// use std::time::Duration;
    /// use etag_core::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Unavailable, "busy").with_retry_after(Duration::from_secs(2));
    /// assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
    /// ```
    #[must_use]
    pub fn with_retry_after(mut self, after: Duration) -> Self {
        self.0.retry_after = Some(after);
        self
    }

    /// The same error for another caller of a shared commit, without its source.
    pub(crate) fn for_another_caller(&self) -> Self {
        let Inner { kind, message, detail, retry_after, source: _ } = &*self.0;
        let (kind, message, retry_after) = (*kind, message.clone(), *retry_after);
        Self(Box::new(Inner { kind, message, detail: detail.clone(), retry_after, source: None }))
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// All conflicts of a rejected commit, in the order of its items.
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
    /// let item = |id| Check::new(Key::new("notes", id), Expectation::Absent);
    /// let batch = Batch::new().check(item("1")).check(item("2")).check(item("1"));
    /// let error = store.commit(batch).await.unwrap_err();
    /// assert_eq!(error.conflicts().iter().map(|conflict| conflict.item).collect::<Vec<_>>(), [0, 2]);
    /// assert_eq!(error.conflicts()[0].met.as_ref(), Some(note.head()));
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub fn conflicts(&self) -> &[Conflict] {
        if let Detail::Conflicts(conflicts) = &self.0.detail { conflicts } else { &[] }
    }

    /// The rules that an invalid value breaks.
    ///
    /// ```
    /// use etag_core::{Error, Violations};
    ///
    /// let mut violations = Violations::new();
    /// violations.add("/title", "must not be empty");
    /// let error = Error::from(violations.clone());
    /// assert_eq!(error.violations(), Some(&violations));
    /// ```
    pub fn violations(&self) -> Option<&Violations> {
        if let Detail::Violations(violations) = &self.0.detail { Some(violations) } else { None }
    }

    /// The fields that two edits contest.
    ///
    /// ```
    /// use etag_core::{Error, MergeConflict};
    ///
    /// let error = Error::from(MergeConflict::new(vec!["title"]));
    /// assert_eq!(error.merge_conflict().map(MergeConflict::fields), Some(&["title"][..]));
    /// ```
    pub fn merge_conflict(&self) -> Option<&MergeConflict> {
        if let Detail::Merge(conflict) = &self.0.detail { Some(conflict) } else { None }
    }

    /// When to try again, for a transient error that can tell.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// There is no such resource.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// There is one already.
    pub fn is_already_exists(&self) -> bool {
        self.kind() == ErrorKind::AlreadyExists
    }

    /// The resource has moved on from the tag that the write named.
    pub fn is_stale(&self) -> bool {
        self.kind() == ErrorKind::Stale
    }

    /// The commit met a state other than the one it demanded, and wrote nothing.
    ///
    /// ```
    /// use etag_core::{Conflict, Error, ErrorKind, Expectation, Key};
    ///
    /// let conflict = Conflict::new(0, Key::new("notes", "1"), Expectation::Exists, None);
    /// let error = Error::rejected(vec![conflict]);
    /// assert!(error.is_rejected());
    /// assert!(!Error::new(ErrorKind::NotFound, "no such collection").is_rejected());
    /// ```
    pub fn is_rejected(&self) -> bool {
        !self.conflicts().is_empty()
    }

    /// Nothing was written, and the same call may succeed later.
    ///
    /// ```
    /// use etag_core::{Error, ErrorKind};
    ///
    /// assert!(Error::new(ErrorKind::InFlight, "wait for the answer").is_transient());
    /// // It may have been written, so the same call is not safe to repeat.
    /// assert!(!Error::new(ErrorKind::Unknown, "the connection broke").is_transient());
    /// ```
    pub fn is_transient(&self) -> bool {
        matches!(self.kind(), ErrorKind::Unavailable | ErrorKind::InFlight)
    }
}

impl From<MergeConflict> for Error {
    fn from(conflict: MergeConflict) -> Self {
        let mut error = Self::new(ErrorKind::Merge, conflict.to_string());
        error.0.detail = Detail::Merge(conflict);
        error
    }
}

impl From<Violations> for Error {
    fn from(violations: Violations) -> Self {
        Self::invalid(violations)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &self.0.kind).field("message", &self.0.message);
        if let Some(source) = &self.0.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// The rules that a value breaks, each with the field it is about.
///
/// ```
/// use etag_core::Violations;
///
/// let mut violations = Violations::new();
/// violations.add("/title", "must not be empty");
/// assert_eq!(violations.into_result().unwrap_err().to_string(), "/title: must not be empty");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

/// One broken rule.
///
/// ```
/// use etag_core::{Violation, Violations};
///
/// let mut violations = Violations::new();
/// violations.add("/tags/3", "must be shorter than 40 characters");
/// let found: Vec<&Violation> = violations.iter().collect();
/// assert_eq!(found[0].pointer, "/tags/3");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where: a JSON Pointer (RFC 6901) into the document, empty for all of it.
    pub pointer: Cow<'static, str>,
    /// What is wrong and what would be right.
    pub message: Cow<'static, str>,
}

impl Violations {
    /// No violation.
    ///
    /// ```
    /// use etag_core::Violations;
    ///
    /// assert!(Violations::new().is_empty());
    /// assert!(Violations::new().into_result().is_ok());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    ///
    /// ```
    /// use etag_core::Violations;
    ///
    /// let mut violations = Violations::new();
    /// violations.add("/title", "must not be empty");
    /// violations.add("", "must have a title or a text");
    /// assert_eq!(violations.to_string(), "/title: must not be empty; the document: must have a title or a text");
    /// ```
    pub fn add(&mut self, pointer: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) {
        self.0.push(Violation { pointer: pointer.into(), message: message.into() });
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter()
    }

    /// `Ok` where there is none.
    ///
    /// # Errors
    /// The violations themselves where there are any.
    ///
    /// ```
    /// use etag_core::{Error, Violations};
    ///
    /// fn validate(title: &str) -> Result<(), Error> {
    ///     let mut violations = Violations::new();
    ///     if title.is_empty() {
    ///         violations.add("/title", "must not be empty");
    ///     }
    ///     Ok(violations.into_result()?)
    /// }
    /// assert!(validate("milk").is_ok());
    /// assert!(validate("").is_err());
    /// ```
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            let pointer = if violation.pointer.is_empty() { "the document" } else { &violation.pointer };
            write!(f, "{separator}{pointer}: {}", violation.message)?;
        }
        Ok(())
    }
}

impl StdError for Violations {}
