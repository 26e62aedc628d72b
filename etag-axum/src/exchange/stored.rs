//! States as the store has them.

use std::{fmt, marker::PhantomData, sync::OnceLock};

use bytes::Bytes;
use etag_core::{Document, Error, ErrorKind, Head, Row, Snapshot, Versioned, representation};
use serde::Deserialize;

use super::Refused;

/// A state of a resource whose head is known: a [`Snapshot`], whose value is, too, or a [`Stored`].
///
/// Tags and conditions need no more than that (rule T6).
pub trait State: sealed::State {}

impl<T: Versioned> State for Snapshot<T> {}
impl<T: Versioned> State for Stored<T> {}

pub(super) mod sealed {
    use super::{Head, Versioned};

    pub trait State {
        type Model: Versioned;

        fn head(&self) -> &Head;
    }
}

impl<T: Versioned> sealed::State for Snapshot<T> {
    type Model = T;

    fn head(&self) -> &Head {
        self.head()
    }
}

impl<T: Versioned> sealed::State for Stored<T> {
    type Model = T;

    fn head(&self) -> &Head {
        self.head()
    }
}

/// A state as the store has it: its head is known, and its document is text that nobody has read yet.
///
/// It is what reads are best answered with: [`not_modified`](super::Exchange::not_modified) needs the head alone, a
/// representation that is the document is [copied](super::Piece), and one that has some of it is made of a
/// [`view`](Self::view).
///
/// ```
/// use axum::{Router, extract::Path, response::Response, routing::get};
/// use etag_axum::{Dialogue, Exchange, Refused, Representation};
/// use etag_core::{Dialect, MemoryStore, StoreExt, Versioned};
/// use serde::{Deserialize, Serialize};
/// use serde_json::value::RawValue;
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[versioned(collection = "notes", validator = revision)]
/// struct Note {
///     #[versioned(id)]
///     id: String,
///     lines: Vec<String>,
/// }
///
/// /// What is sent: the lines are not looked at.
/// #[derive(Serialize, Deserialize)]
/// struct Sent<'a> {
///     #[serde(borrow)]
///     lines: &'a RawValue,
/// }
///
/// async fn read(exchange: Exchange, Path(id): Path<String>) -> Result<Response, Refused> {
///     let note = exchange.fetch::<Note>(&id).await?;
///     if let Some(not_modified) = exchange.not_modified(&note)? {
///         return Ok(not_modified);
///     }
///     let sent = Representation::new().with("kind", "note")?.with_all(&note.view::<Sent<'_>>()?)?;
///     exchange.answer(http::StatusCode::OK, &note, sent)
/// }
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # use tower::ServiceExt;
/// let store = MemoryStore::new();
/// store.create(&Note { id: "1".into(), lines: vec!["milk".into()] }).await?;
/// let app = Dialogue::new(store, Dialect::RFC_9110).serve(Router::new().route("/notes/{id}", get(read)));
/// let note = app.oneshot(http::Request::get("/notes/1").body(axum::body::Body::empty())?).await?;
/// assert_eq!(axum::body::to_bytes(note.into_body(), 99).await?, r#"{"kind":"note","lines":["milk"]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
pub struct Stored<T> {
    row: Row,
    /// What the row's document is as a representation, once that was asked for.
    text: OnceLock<Bytes>,
    model: PhantomData<fn() -> T>,
}

impl<T> Stored<T> {
    /// What `row` holds.
    pub fn from_row(row: Row) -> Self {
        Self { row, text: OnceLock::new(), model: PhantomData }
    }

    /// What the store knows of the state.
    pub fn head(&self) -> &Head {
        &self.row.head
    }
}

impl<T: Document> Stored<T> {
    /// The representation, as [`representation`] makes it.
    pub(super) fn text(&self) -> Result<&Bytes, Refused> {
        if let Some(text) = self.text.get() {
            return Ok(text);
        }
        let text = representation::<T>(&self.row)?;
        Ok(self.text.get_or_init(|| text))
    }

    /// Some of the representation, read and borrowed from the text: whatever `V` has members for, so that a handler that
    /// needs little of a resource, or nothing but its shape, does not build all of it. It has the fields that the store fills
    /// in, as every representation.
    ///
    /// A member that is sent on as it is should be a [`&RawValue`](serde_json::value::RawValue), and a text that is looked at a
    /// [`Cow`](std::borrow::Cow) with `#[serde(borrow)]`: a `&str` can't hold one with escapes.
    ///
    /// # Errors
    /// [`RefusalKind::Internal`](etag_core::RefusalKind::Internal), with the reason in the log, where the document can't be
    /// upgraded, or has no such members.
    pub fn view<'s, V: Deserialize<'s>>(&'s self) -> Result<V, Refused> {
        serde_json::from_slice(self.text()?).map_err(|error| self.unreadable(error).into())
    }

    /// The value.
    ///
    /// # Errors
    /// [`RefusalKind::Internal`](etag_core::RefusalKind::Internal), with the reason in the log, where the document is not
    /// one of the model.
    pub fn decode(self) -> Result<Snapshot<T>, Refused> {
        Ok(Snapshot::from_row(self.row)?)
    }

    fn unreadable(&self, error: serde_json::Error) -> Error {
        let key = &self.row.head.key;
        Error::new(ErrorKind::Undecodable, format!("the stored document of {key} has another shape: {error}"))
            .with_source(error)
    }
}

impl<T> Clone for Stored<T> {
    fn clone(&self) -> Self {
        Self { row: self.row.clone(), text: self.text.clone(), model: PhantomData }
    }
}

impl<T> fmt::Debug for Stored<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stored").field(&self.row).finish()
    }
}
