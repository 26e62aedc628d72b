//! Answers to writes that have the representation only where the client wants it back.

use axum::response::Response;
use http::StatusCode;

use super::{Exchange, Piece, Refused, State};

impl Exchange {
    /// The answer to a write of a client that wants the representation back (RFC 7240 §4.2): this status, with what `value`
    /// makes, and `Preference-Applied`. `None` for all others, whose answer is the service's: a [bare](Self::bare) 204 of
    /// most. For services whose writes answer with the representation to all, [`answer`](Self::answer) is enough.
    ///
    /// # Errors
    /// What `value` refuses, and as for [`answer`](Self::answer).
    ///
    /// ```
    /// use axum::{Router, extract::Path, response::Response, routing::put};
    /// use etag_axum::{Change, DialectJson, Dialogue, Exchange, Refused};
    /// use etag_core::{AllowUnconditional, Dialect, MemoryStore, Versioned, WriteKind};
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
    /// async fn write(
    ///     exchange: Exchange,
    ///     Path(id): Path<String>,
    ///     DialectJson(text): DialectJson<String>,
    /// ) -> Result<Response, Refused> {
    ///     let write = exchange.write::<Note>(WriteKind::Replace, &id);
    ///     let done = write.run(|_| Ok(Change::put(Note { id: id.clone(), text: text.clone() }))).await?;
    ///     let note = done.stored()?;
    ///     let preferred = exchange.preferred(StatusCode::OK, note, || Ok(note))?;
    ///     Ok(preferred.unwrap_or_else(|| exchange.bare(StatusCode::NO_CONTENT, note)))
    /// }
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # use tower::ServiceExt;
    /// let dialect = Dialect { missing: &AllowUnconditional, ..Dialect::RFC_9110 };
    /// let app = Dialogue::new(MemoryStore::new(), dialect).serve(Router::new().route("/notes/{id}", put(write)));
    /// let request = || http::Request::put("/notes/1");
    /// let body = || axum::body::Body::from("\"milk\"");
    /// assert_eq!(app.clone().oneshot(request().body(body())?).await?.status(), 204);
    /// let whole = app.oneshot(request().header("prefer", "return=representation").body(body())?).await?;
    /// assert_eq!(whole.status(), 200);
    /// assert_eq!(whole.headers()["preference-applied"], "return=representation");
    /// # assert_eq!(axum::body::to_bytes(whole.into_body(), 99).await?, r#"{"id":"1","text":"milk"}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    pub fn preferred<P: Piece>(
        &self,
        status: StatusCode,
        state: &impl State,
        value: impl FnOnce() -> Result<P, Refused>,
    ) -> Result<Option<Response>, Refused> {
        if !self.wants_representation() {
            return Ok(None);
        }
        let whole = self.answer(status, state, value()?)?;
        Ok(Some(self.applied(whole, "return=representation")))
    }
}
