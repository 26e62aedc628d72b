//! A response that carries a tag and turns itself into 304 or 412 (rule H2).

use axum::response::{IntoResponse, Response};
use etag_core::{Current, ETag, FailedHeader, LastModified, MethodKind, Preconditions, Verdict};
use http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED};
use serde_json::Map;

use crate::extract::{PreconditionRejection, problem};
use crate::json_body::JsonBody;
use crate::not_modified::not_modified;
use crate::problem::ProblemKind;
use crate::respond;

/// A value and the validators of its state.
///
/// As a response it is the value's own with `ETag` and `Last-Modified` beside it. [`respond`](Self::respond) looks at
/// the request's conditions first: where they call for 304 or 412, the value is not made into a body at all.
///
/// ```
/// use axum::Json;
/// use etag_axum::Tagged;
/// use etag_core::{ETag, MethodKind, Preconditions};
///
/// let etag = ETag::strong("7")?;
/// let tagged = || Tagged::new(etag.clone(), Json("tea")).with_cache_control(http::HeaderValue::from_static("no-cache"));
///
/// let first = tagged().respond(&Preconditions::none(), MethodKind::Read);
/// assert_eq!(first.status(), 200);
/// assert_eq!(first.headers()["etag"], r#""7""#);
///
/// let second = tagged().respond(&Preconditions::none().with_if_none_match(etag.clone()), MethodKind::Read);
/// assert_eq!(second.status(), 304);
/// assert_eq!(second.headers()["cache-control"], "no-cache");
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
///
/// # Writes
/// Between the comparison here and a write after it another write can come. Only a store that compares and writes in
/// one step keeps updates from being lost: see [`etag_core::StoreExt`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Tagged<T> {
    etag: ETag,
    last_modified: Option<LastModified>,
    headers: HeaderMap,
    value: T,
}

impl<V> Tagged<JsonBody<V>> {
    /// `value` as JSON, of the state that has this tag.
    ///
    /// ```
    /// use etag_axum::Tagged;
    /// use etag_core::{ETag, MethodKind, Preconditions};
    ///
    /// let answer = Tagged::json(ETag::strong("7")?, ["tea", "milk"]).respond(&Preconditions::none(), MethodKind::Read);
    /// assert_eq!(answer.headers()["content-type"], "application/json");
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn json(etag: ETag, value: V) -> Self {
        Self::new(etag, JsonBody(value))
    }
}

impl<T> Tagged<T> {
    /// `value`, of the state that has this tag.
    pub fn new(etag: ETag, value: T) -> Self {
        Self { etag, last_modified: None, headers: HeaderMap::new(), value }
    }

    /// With the date of the state, in `Last-Modified` and for conditions on dates.
    ///
    /// ```
    /// # use etag_axum::Tagged;
    /// # use etag_core::{ETag, LastModified, MethodKind, Preconditions};
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// let modified = LastModified::strong(UNIX_EPOCH + Duration::from_secs(784_111_777));
    /// let tagged = Tagged::new(ETag::strong("7")?, "tea").with_last_modified(modified);
    /// let answer = tagged.respond(&Preconditions::none(), MethodKind::Read);
    /// assert_eq!(answer.headers()["last-modified"], "Sun, 06 Nov 1994 08:49:37 GMT");
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn with_last_modified(mut self, last_modified: LastModified) -> Self {
        self.last_modified = Some(last_modified);
        self
    }

    /// With `Cache-Control`.
    pub fn with_cache_control(self, value: HeaderValue) -> Self {
        self.with_header(CACHE_CONTROL, value)
    }

    /// With a header that a 304 repeats, such as `Vary`, `Expires` or `Content-Location` (RFC 9110 §15.4.5).
    ///
    /// A header that describes the body, such as `Content-Type`, is dropped from a 304.
    ///
    /// ```
    /// # use etag_axum::Tagged;
    /// # use etag_core::{ETag, EntityTags, MethodKind, Preconditions};
    /// use http::{HeaderValue, header};
    ///
    /// let tagged = Tagged::new(ETag::strong("7")?, "tea")
    ///     .with_header(header::VARY, HeaderValue::from_static("accept-language"))
    ///     .with_header(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    /// let seen = Preconditions::none().with_if_none_match(EntityTags::Any);
    /// let answer = tagged.respond(&seen, MethodKind::Read);
    /// assert_eq!(answer.headers()["vary"], "accept-language");
    /// assert!(!answer.headers().contains_key("content-type"));
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The tag.
    pub fn etag(&self) -> &ETag {
        &self.etag
    }

    /// The answer that the conditions call for instead of the value: 304, 412, 400 or 431. `None` where they let the
    /// value pass.
    ///
    /// For a body that takes an `await` to make: ask this first.
    ///
    /// ```
    /// use etag_axum::{IfHeaders, Tagged};
    /// # use etag_core::ETag;
    /// use etag_core::MethodKind;
    /// # async fn current_tag() -> ETag { ETag::strong("1").unwrap() }
    /// # async fn render() -> String { String::new() }
    ///
    /// async fn report(IfHeaders(conditions): IfHeaders) -> axum::response::Response {
    ///     let tagged = Tagged::new(current_tag().await, ());
    ///     match tagged.instead(&conditions, MethodKind::Read) {
    ///         Some(answer) => answer,
    ///         None => tagged.map(render().await).into_response(),
    ///     }
    /// }
    /// # use axum::response::IntoResponse;
    /// ```
    pub fn instead(&self, preconditions: &Preconditions, method: MethodKind) -> Option<Response> {
        let current = Current::Present { etag: Some(&self.etag), last_modified: self.last_modified };
        match preconditions.evaluate(&current, method) {
            Verdict::Proceed => None,
            Verdict::NotModified => Some(self.not_modified()),
            Verdict::Failed(header) => Some(self.failed(header)),
            Verdict::Malformed(malformed) => Some(PreconditionRejection::Malformed(malformed).into_response()),
        }
    }

    /// The same validators and headers around another value.
    pub fn map<U>(self, value: U) -> Tagged<U> {
        Tagged { etag: self.etag, last_modified: self.last_modified, headers: self.headers, value }
    }

    /// The value as a response, or what the conditions call for instead.
    pub fn respond(self, preconditions: &Preconditions, method: MethodKind) -> Response
    where
        T: IntoResponse,
    {
        self.instead(preconditions, method).unwrap_or_else(|| self.into_response())
    }

    /// What the closure makes as a response, or what the conditions call for instead; then the closure is not called.
    ///
    /// ```
    /// use axum::Json;
    /// use etag_axum::Tagged;
    /// use etag_core::{EntityTags, ETag, MethodKind, Preconditions};
    ///
    /// let seen = Preconditions::none().with_if_none_match(EntityTags::Any);
    /// let costly = || -> Json<u64> { unreachable!("the client has it") };
    /// let answer = Tagged::new(ETag::strong("7")?, costly).respond_with(&seen, MethodKind::Read);
    /// assert_eq!(answer.status(), 304);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn respond_with<R>(self, preconditions: &Preconditions, method: MethodKind) -> Response
    where
        T: FnOnce() -> R,
        R: IntoResponse,
    {
        self.instead(preconditions, method).unwrap_or_else(|| self.made().into_response())
    }

    fn made<R>(self) -> Tagged<R>
    where
        T: FnOnce() -> R,
    {
        let Self { etag, last_modified, headers, value } = self;
        Tagged { etag, last_modified, headers, value: value() }
    }

    fn not_modified(&self) -> Response {
        let (mut parts, ()) = http::Response::new(()).into_parts();
        parts.headers.clone_from(&self.headers);
        let mut response = not_modified(parts);
        // The tag comes last, so that where there are no other headers nothing is looked for among them.
        response.headers_mut().remove(LAST_MODIFIED);
        response.headers_mut().insert(ETAG, HeaderValue::from(&self.etag));
        response
    }

    /// The 412 with the tag that is current, which is what the client needs to go on (RFC 9110 §15.5.13).
    fn failed(&self, header: FailedHeader) -> Response {
        let detail = format!("the condition in {header} is not met; read the current state and decide again");
        let members = Map::from_iter([("header".into(), header.name().into())]);
        let mut response = problem(ProblemKind::ConditionFailed, detail, members);
        response.headers_mut().insert(ETAG, HeaderValue::from(&self.etag));
        response
    }
}

impl<T: IntoResponse> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = self.value.into_response();
        // The tag is the state's; an error that the value turned into is not that state.
        if response.status().is_success() {
            let headers = response.headers_mut();
            headers.extend(self.headers);
            headers.insert(ETAG, HeaderValue::from(&self.etag));
            if let Some(modified) = self.last_modified {
                respond::place_date(headers, modified.at);
            }
        }
        response
    }
}
