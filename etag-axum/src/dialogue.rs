//! A hand-written API that speaks a dialect: what all of its handlers share.

mod tell_refusals;

use std::{fmt, sync::Arc};

use axum::{Router, extract::FromRef};
use etag_core::{Dialect, Refusal, RefusalKind, Store, Versioned};

use self::tell_refusals::TellRefusals;
use crate::{exchange::Refused, limits::Limits};

/// What all handlers of an API share that speaks a dialect: its store, its dialect and its limits.
///
/// [`Api`](crate::Api) makes routes of its own design. An API whose paths and bodies are given, such as one that must answer the
/// clients of another service, is written by hand: handlers that take an [`Exchange`](crate::Exchange), on a router that
/// [`serve`](Self::serve) finishes. What is hard about conditional requests is done by the exchange, in the dialect.
///
/// ```
/// use axum::{Router, extract::Path, response::Response, routing::get};
/// use etag_axum::{Dialogue, Exchange, Refused};
/// use etag_core::{Dialect, MemoryStore, Versioned};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Versioned)]
/// #[versioned(collection = "notes", validator = revision)]
/// struct Note {
///     #[versioned(id)]
///     id: String,
///     text: String,
/// }
///
/// async fn read(exchange: Exchange, Path(id): Path<String>) -> Result<Response, Refused> {
///     let note = exchange.fetch::<Note>(&id).await?;
///     exchange.read(&note, &note)
/// }
///
/// let dialogue = Dialogue::new(MemoryStore::new(), Dialect::RFC_9110);
/// let app = dialogue.serve(Router::new().route("/notes/{id}", get(read)));
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # use tower::ServiceExt;
/// let answer = app.oneshot(http::Request::get("/notes/1").body(axum::body::Body::empty())?).await?;
/// assert_eq!(answer.status(), 404);
/// assert_eq!(answer.headers()["content-type"], "application/problem+json");
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Dialogue {
    shared: Arc<Shared>,
}

struct Shared {
    store: Arc<dyn Store>,
    dialect: Dialect,
    limits: Limits,
}

impl Dialogue {
    /// A dialogue in `dialect` about what is in `store`.
    pub fn new(store: impl Store, dialect: Dialect) -> Self {
        Self { shared: Arc::new(Shared { store: Arc::new(store), dialect, limits: Limits::default() }) }
    }

    /// How much of a request is read before it is refused.
    ///
    /// ```
    /// use etag_axum::{Dialogue, Limits};
    /// use etag_core::{Dialect, MemoryStore};
    ///
    /// let limits = Limits { body_bytes: 64 * 1024, ..Limits::default() };
    /// let dialogue = Dialogue::new(MemoryStore::new(), Dialect::RFC_9110).with_limits(limits);
    /// assert_eq!(dialogue.limits().body_bytes, 64 * 1024);
    /// ```
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        let Shared { store, dialect, .. } = &*self.shared;
        Self { shared: Arc::new(Shared { store: Arc::clone(store), dialect: dialect.clone(), limits }) }
    }

    /// Tells the store of a model before any of its resources is written. A model that [follows](etag_core::Derive) its
    /// children, or is followed, must be known where a delete of another resource takes its resources along.
    ///
    /// ```
    /// use etag_axum::Dialogue;
    /// use etag_core::{Dialect, MemoryStore, Versioned};
    ///
    /// # #[derive(serde::Serialize, serde::Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String }
    /// let dialogue = Dialogue::new(MemoryStore::new(), Dialect::RFC_9110).knowing::<Note>();
    /// # let _ = dialogue;
    /// ```
    #[must_use]
    pub fn knowing<T: Versioned>(self) -> Self {
        self.shared.store.coordinator().environment().learn(T::MODEL);
        self
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.shared.store
    }

    /// The dialect.
    pub fn dialect(&self) -> &Dialect {
        &self.shared.dialect
    }

    /// The limits.
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// The finished routes of an API: they have this dialogue, and every refusal is told as the dialect does, also those
    /// of paths and methods that the router does not know.
    pub fn serve(&self, router: Router<Self>) -> Router {
        Self::serve_with(router, self.clone())
    }

    /// The same, of an API whose handlers have more in common: their state is a type of the user's, which has a dialogue.
    ///
    /// ```
    /// use axum::{Router, extract::{FromRef, State}, routing::get};
    /// use etag_axum::{Dialogue, Exchange};
    /// use etag_core::{Dialect, MemoryStore};
    ///
    /// #[derive(Clone)]
    /// struct Larder {
    ///     dialogue: Dialogue,
    ///     shelves: u32,
    /// }
    ///
    /// impl FromRef<Larder> for Dialogue {
    ///     fn from_ref(larder: &Larder) -> Self {
    ///         larder.dialogue.clone()
    ///     }
    /// }
    ///
    /// async fn shelves(exchange: Exchange, State(larder): State<Larder>) -> String {
    ///     format!("{}: {}", exchange.uri(), larder.shelves)
    /// }
    ///
    /// let larder = Larder { dialogue: Dialogue::new(MemoryStore::new(), Dialect::RFC_9110), shelves: 3 };
    /// let app = Dialogue::serve_with(Router::new().route("/shelves", get(shelves)), larder);
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use tower::ServiceExt;
    /// let answer = app.oneshot(http::Request::get("/shelves").body(axum::body::Body::empty())?).await?;
    /// assert_eq!(axum::body::to_bytes(answer.into_body(), 99).await?, "/shelves: 3");
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    pub fn serve_with<S>(router: Router<S>, state: S) -> Router
    where
        S: Clone + Send + Sync + 'static,
        Self: FromRef<S>,
    {
        router
            .fallback(async || Refused::from(Refusal::new(RefusalKind::NotFound)))
            .method_not_allowed_fallback(async || Refused::from(Refusal::new(RefusalKind::MethodNotAllowed)))
            .layer(TellRefusals(Self::from_ref(&state)))
            .with_state(state)
    }
}

impl fmt::Debug for Dialogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialogue").field("dialect", &self.shared.dialect.name).finish_non_exhaustive()
    }
}
