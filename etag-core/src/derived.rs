//! Fields of a parent that are made of its children's states, in the children's own commits (rule F5).

mod members;

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;

use self::members::with_derived_of;
use crate::{Document, Error, ErrorKind, Row, decode, document};

/// The document of `parent` as it is after a child went from the state `before` to the state `after`: `None` is a child
/// that this parent had not, or has no longer. Only the parent's derived fields are others than in its row.
///
/// # Errors
/// [`ErrorKind::Undecodable`] where a document is not one of its model, and [`ErrorKind::Engine`] where the author's
/// function panics.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[versioned(collection = "boards", validator = revision)]
/// struct Board {
///     #[versioned(id)]
///     id: u64,
///     #[serde(default)]
///     #[versioned(derived)]
///     task_count: u32,
/// }
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[versioned(collection = "tasks", validator = revision)]
/// struct Task {
///     #[versioned(id)]
///     id: u64,
///     #[versioned(parent(Board, touch = content, derive = Board::count))]
///     board_id: u64,
/// }
///
/// impl Board {
///     fn count(&mut self, before: Option<&Task>, after: Option<&Task>) {
///         self.task_count += u32::from(after.is_some());
///         self.task_count -= u32::from(before.is_some());
///     }
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let held = store.create(&Board { id: 1, task_count: 99 }).await?;
/// assert_eq!(held.task_count, 0); // what a caller says of it counts for nothing
/// store.create(&Task { id: 7, board_id: 1 }).await?;
///
/// let board = store.get::<Board>(&1).await?;
/// assert_eq!(board.task_count, 1);
/// assert_ne!(board.etag(), held.etag());
/// let derive: Derive = Task::MODEL.links[0].derive.unwrap();
/// # let (board, task) = (store.read(&board.key()).await?.unwrap(), store.read(&Task::key_of(&7)).await?.unwrap());
/// assert_eq!(derive(&board, Some(&task), None)?, r#"{"id":1,"task_count":0}"#);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
pub type Derive = fn(parent: &Row, before: Option<&Row>, after: Option<&Row>) -> Result<Bytes, Error>;

/// A document to be written with what the stored one says in the fields that are derived from children.
///
/// # Errors
/// [`ErrorKind::Undecodable`] where the stored document is not one of its model.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "boards", validator = revision)]
/// # struct Board { #[versioned(id)] id: u64, #[serde(default)] #[versioned(derived)] task_count: u32 }
/// let store = MemoryStore::new();
/// let put = put_document(&store, &Board { id: 1, task_count: 99 }, Expectation::Absent)?;
/// assert_eq!(put.body, r#"{"id":1,"task_count":0}"#);
/// assert!(put.keep_derived.is_some());
/// # Ok::<(), Error>(())
/// ```
pub type KeepDerived = fn(document: &Bytes, stored: &Row) -> Result<Bytes, Error>;

pub(crate) fn keep<T: Document>(document: &Bytes, stored: &Row) -> Result<Bytes, Error> {
    with_derived_of(T::MODEL, document, &document::current::<T>(stored)?)
}

/// Lets the parent follow one child. What the function does to other fields than the derived ones is not kept.
///
/// # Errors
/// As for [`Derive`].
pub fn derive<C: Document, P: Document>(
    follow: fn(&mut P, Option<&C>, Option<&C>),
    parent: &Row,
    before: Option<&Row>,
    after: Option<&Row>,
) -> Result<Bytes, Error> {
    let mut value: P = decode(parent)?;
    let (before, after) = (before.map(decode::<C>).transpose()?, after.map(decode::<C>).transpose()?);
    // A panic here would end the thread on which a store writes for all its callers.
    catch_unwind(AssertUnwindSafe(|| follow(&mut value, before.as_ref(), after.as_ref())))
        .map_err(|_| panicked::<C, P>(parent))?;
    with_derived_of(P::MODEL, &document::current::<P>(parent)?, &document::encode(&value)?)
}

fn panicked<C: Document, P: Document>(parent: &Row) -> Error {
    let (key, child, name) = (&parent.head.key, C::MODEL.name, P::MODEL.name);
    Error::new(ErrorKind::Engine, format!("the function by which {key}, a `{name}`, follows a `{child}` panicked"))
}
