//! One request of a hand-written API, and what it is answered, in a dialect.

mod json;
mod list;
mod piece;
mod preferred;
mod read;
mod refused;
mod representation;
mod selection;
mod stored;
mod together;
mod write;

use std::{fmt, sync::Arc};

use axum::{
    extract::{FromRef, FromRequestParts},
    response::Response,
};
use etag_core::{Dialect, Environment, Preconditions, Store};
use http::{Uri, request::Parts};

pub use self::{
    json::DialectJson,
    list::Listed,
    piece::Piece,
    refused::Refused,
    representation::Representation,
    stored::{State, Stored},
    together::NoneDone,
    write::{Change, Done, Write},
};
pub(crate) use self::{json::of_problem, refused::Asker};
use crate::{
    dialogue::Dialogue,
    limits::Limits,
    location,
    prefer::{PREFERENCE_APPLIED, Preferences},
    request_batch::UnitStore,
};

/// One request of a hand-written API, and what it is answered, in the dialect of its [`Dialogue`].
///
/// It has the request's conditions and preferences, reads and writes the store, and gives the pieces of answers that a dialect
/// decides: tags, 304, and refusals. Paths, bodies and what is derived of them are the handler's.
///
/// As an extractor it needs a state that has a [`Dialogue`], and rejects nothing: what is wrong with conditions is told when
/// they are evaluated, after 404.
///
/// ```
/// use axum::{Router, extract::Path, response::Response, routing::patch};
/// use etag_axum::{Change, Dialogue, DialectJson, Exchange, Refused};
/// use etag_core::{Dialect, MemoryStore, StoreExt, Versioned, WriteKind};
/// use http::StatusCode;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize, Versioned)]
/// #[versioned(collection = "notes", validator = revision)]
/// struct Note {
///     #[versioned(id)]
///     id: String,
///     text: String,
/// }
///
/// async fn rename(
///     exchange: Exchange,
///     Path(id): Path<String>,
///     DialectJson(text): DialectJson<String>,
/// ) -> Result<Response, Refused> {
///     let write = exchange.write::<Note>(WriteKind::Update, &id);
///     let done = write.run(|_| Ok(Change::put(Note { id: id.clone(), text: text.clone() }))).await?;
///     let note = done.stored()?;
///     exchange.answer(StatusCode::OK, note, note)
/// }
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
/// let app = Dialogue::new(store, Dialect::RFC_9110).serve(Router::new().route("/notes/{id}", patch(rename)));
/// # use tower::ServiceExt;
/// let request = http::Request::patch("/notes/1").header("content-type", "application/json");
/// let request = request.header("if-match", note.etag()).body(axum::body::Body::from("\"tea\""))?;
/// assert_eq!(app.oneshot(request).await?.status(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Exchange {
    dialogue: Dialogue,
    unit: Option<UnitStore>,
    conditions: Preconditions,
    preferences: Preferences,
    selection: Option<String>,
    uri: Uri,
}

impl<S> FromRequestParts<S> for Exchange
where
    S: Sync,
    Dialogue: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let dialogue = Dialogue::from_ref(state);
        let conditions = dialogue.dialect().preconditions(&parts.headers, &dialogue.limits().tags);
        let preferences = Preferences::of(&parts.headers);
        let unit = parts.extensions.get::<UnitStore>().cloned();
        let uri = location::original(parts).clone();
        Ok(Self { dialogue, unit, conditions, preferences, selection: None, uri })
    }
}

impl Exchange {
    /// The store that this request reads and writes: that of the dialogue, or that of a batch of requests which it is part
    /// of and which happen together.
    pub fn store(&self) -> &Arc<dyn Store> {
        self.unit.as_ref().map_or(self.dialogue.store(), UnitStore::store)
    }

    /// The dialect.
    pub fn dialect(&self) -> &Dialect {
        self.dialogue.dialect()
    }

    /// The limits.
    pub fn limits(&self) -> &Limits {
        self.dialogue.limits()
    }

    /// Clock and randomness.
    pub fn environment(&self) -> &Environment {
        self.dialogue.store().coordinator().environment()
    }

    /// The URI as the client sent it.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The conditions in the headers; none in a dialect that has them in bodies.
    pub fn conditions(&self) -> &Preconditions {
        &self.conditions
    }

    /// The same request without conditions: for what the API gives no conditional form, so that conditional headers mean
    /// nothing there. Writes are judged as the dialect judges those without one.
    ///
    /// ```
    /// # use axum::{Router, routing::post};
    /// # use etag_axum::{Dialogue, Exchange};
    /// # use etag_core::{Dialect, MemoryStore};
    /// async fn create(exchange: Exchange) -> String {
    ///     exchange.without_conditions().conditions().is_empty().to_string()
    /// }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use tower::ServiceExt;
    /// # let app = Dialogue::new(MemoryStore::new(), Dialect::RFC_9110).serve(Router::new().route("/", post(create)));
    /// # let request = http::Request::post("/").header("if-match", "\"1\"").body(axum::body::Body::empty())?;
    /// # let body = axum::body::to_bytes(app.oneshot(request).await?.into_body(), 9).await?;
    /// # assert_eq!(body, "true");
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn without_conditions(self) -> Self {
        Self { conditions: Preconditions::none(), ..self }
    }

    /// The value of a preference (RFC 7240 §2), its name in any case; empty where it has none.
    ///
    /// ```
    /// # use axum::{Router, routing::get};
    /// # use etag_axum::{Dialogue, Exchange};
    /// # use etag_core::{Dialect, MemoryStore};
    /// async fn wait(exchange: Exchange) -> String {
    ///     exchange.preference("wait").unwrap_or("0").to_owned()
    /// }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use tower::ServiceExt;
    /// # let app = Dialogue::new(MemoryStore::new(), Dialect::RFC_9110).serve(Router::new().route("/", get(wait)));
    /// # let request = http::Request::get("/").header("prefer", "respond-async, Wait=10").body(axum::body::Body::empty())?;
    /// # let body = axum::body::to_bytes(app.oneshot(request).await?.into_body(), 9).await?;
    /// # assert_eq!(body, "10");
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    pub fn preference(&self, name: &str) -> Option<&str> {
        self.preferences.value(name)
    }

    /// Whether the client wants the representation back: `Prefer: return=representation` (RFC 7240 §4.2).
    pub fn wants_representation(&self) -> bool {
        self.preference("return").is_some_and(|value| value.eq_ignore_ascii_case("representation"))
    }

    /// Where the request is one of several that happen together: tells them what URI it creates, before it does.
    pub fn announce(&self, uri: impl Into<String>) {
        if let Some(unit) = &self.unit {
            unit.announce(uri);
        }
    }

    /// Adds a `Preference-Applied` line (RFC 7240 §3) for what was preferred and done. What no header can hold is left out.
    #[must_use]
    pub fn applied(&self, mut response: Response, preference: &str) -> Response {
        if let Ok(value) = http::HeaderValue::try_from(preference) {
            response.headers_mut().append(PREFERENCE_APPLIED, value);
        }
        response
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("uri", &self.uri).field("conditions", &self.conditions).finish_non_exhaustive()
    }
}
