//! The URL of a request as its client calls it, for links in answers.

use std::{convert::Infallible, fmt};

use axum::extract::FromRequestParts;
use http::{header::HOST, request::Parts, uri::Authority};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::location;

/// What a value in a query must not have as itself (RFC 3986 §3.4), and what has a meaning there.
const MEANS_MORE: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'+').add(b'<').add(b'=').add(b'>');

/// The URL of a request as its client calls it: the host that it named, and the path and the query that it sent, however
/// deep the router is nested. For services whose answers have absolute links.
///
/// The scheme is `http` unless the request names another, which most do not: where a proxy ends TLS, say so with
/// [`over`](Self::over). As an extractor it rejects nothing.
///
/// ```
/// use axum::{Router, routing::get};
/// use etag_axum::RequestUrl;
///
/// async fn list(url: RequestUrl) -> String {
///     url.over("https").with_query("skip", 40).to_string()
/// }
///
/// let app: Router = Router::new().nest("/v1", Router::new().route("/jars", get(list)));
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # use tower::ServiceExt;
/// let request = http::Request::get("/v1/jars?skip=20&top=20").header("host", "larder.example:8080");
/// let answer = app.oneshot(request.body(axum::body::Body::empty())?).await?;
/// let body = axum::body::to_bytes(answer.into_body(), 99).await?;
/// assert_eq!(body, "https://larder.example:8080/v1/jars?top=20&skip=40");
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestUrl {
    scheme: String,
    authority: String,
    path: String,
    query: String,
}

impl<S: Sync> FromRequestParts<S> for RequestUrl {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

impl RequestUrl {
    /// The URL of the request with these parts.
    pub fn of(parts: &Parts) -> Self {
        let uri = location::original(parts);
        // A host in the request line counts more than the header (RFC 9112 §3.2.2).
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let authority = uri.authority().map(Authority::as_str).or(host).unwrap_or("localhost");
        Self {
            scheme: uri.scheme_str().unwrap_or("http").to_owned(),
            authority: authority.to_owned(),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
        }
    }

    /// The same over this scheme.
    #[must_use]
    pub fn over(self, scheme: &str) -> Self {
        Self { scheme: scheme.to_owned(), ..self }
    }

    /// The path, and nothing of the query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The URL up to so many segments of the path, with a `/` at its end: where an API has its root.
    ///
    /// ```
    /// use etag_axum::RequestUrl;
    ///
    /// let (parts, ()) = http::Request::get("http://larder.example/v1/jars?top=9").body(())?.into_parts();
    /// assert_eq!(RequestUrl::of(&parts).root(1), "http://larder.example/v1/");
    /// # Ok::<(), http::Error>(())
    /// ```
    pub fn root(&self, segments: usize) -> String {
        let kept = self.path.split('/').skip(1).take(segments).flat_map(|segment| [segment, "/"]);
        format!("{}://{}/{}", self.scheme, self.authority, kept.collect::<String>())
    }

    /// The same with this parameter in the query, in place of what it has of that name: the next page of a list. The name
    /// stands there as it is given, the value with escapes where it needs them.
    #[must_use]
    pub fn with_query(mut self, name: &str, value: impl fmt::Display) -> Self {
        let value = value.to_string();
        let others = self.query.split('&').filter(|pair| !pair.is_empty() && !is_of(pair, name));
        let parameter = format!("{name}={}", utf8_percent_encode(&value, MEANS_MORE));
        self.query = others.chain([&*parameter]).collect::<Vec<_>>().join("&");
        self
    }
}

/// Whether a parameter has this name, however it is spelled.
fn is_of(pair: &str, name: &str) -> bool {
    let spelled = pair.split_once('=').map_or(pair, |(spelled, _)| spelled);
    spelled == name || percent_decode_str(spelled).decode_utf8().is_ok_and(|spelled| spelled == name)
}

impl fmt::Display for RequestUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.query.is_empty() { "" } else { "?" };
        write!(f, "{}://{}{}{mark}{}", self.scheme, self.authority, self.path, self.query)
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::OriginalUri;

    use super::*;

    fn url(uri: &str, host: Option<&str>) -> RequestUrl {
        let (mut parts, ()) = http::Request::get(uri).body(()).unwrap().into_parts();
        if let Some(host) = host {
            parts.headers.insert(HOST, host.parse().unwrap());
        }
        RequestUrl::of(&parts)
    }

    #[test]
    fn the_host_is_the_one_that_the_client_named() {
        assert_eq!(url("/a", Some("h:1")).to_string(), "http://h:1/a");
        assert_eq!(url("https://other/a?b", Some("h:1")).to_string(), "https://other/a?b");
        assert_eq!(url("/a", None).to_string(), "http://localhost/a");
    }

    #[test]
    fn a_nested_router_hides_nothing_of_the_path() {
        let (mut parts, ()) = http::Request::get("/jars").body(()).unwrap().into_parts();
        parts.extensions.insert(OriginalUri("/v1/jars?top=1".parse().unwrap()));
        assert_eq!(RequestUrl::of(&parts).to_string(), "http://localhost/v1/jars?top=1");
    }

    #[test]
    fn a_root_has_as_many_segments_as_there_are() {
        let url = url("/api/data/v9.2/jars", Some("h"));
        assert_eq!(
            [0, 3, 9].map(|segments| url.root(segments)),
            ["http://h/", "http://h/api/data/v9.2/", "http://h/api/data/v9.2/jars/"]
        );
    }

    #[test]
    fn a_parameter_takes_the_place_of_all_of_its_name() {
        let next = |query: &str| url(&format!("/a{query}"), Some("h")).with_query("$skip", "1&=é").to_string();
        let link = "http://h/a?$skip=1%26%3D%C3%A9";
        for query in ["", "?", "?$skip=7", "?%24skip=7&$skip", "?$skip=&&"] {
            assert_eq!(next(query), link, "{query}");
        }
        assert_eq!(next("?x$skip=1&$skip=2&y=%20"), "http://h/a?x$skip=1&y=%20&$skip=1%26%3D%C3%A9");
    }
}
