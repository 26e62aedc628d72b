//! The parameters of a request, whose faults are told in the dialect.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;

use crate::exchange::Refused;

/// The parameters in the query of a request: some of them repeated, most of them unknown.
///
/// axum's [`Query`] is enough where each parameter stands once, and what is unknown is passed over.
///
/// # Rejections
/// [`RefusalKind::Invalid`](etag_core::RefusalKind::Invalid) for a query that can't be decoded.
///
/// ```
/// use axum::{Router, routing::get};
/// use etag_axum::{Dialogue, Parameters, Refused};
/// use etag_core::{Dialect, MemoryStore};
///
/// async fn list(parameters: Parameters) -> Result<String, Refused> {
///     let top = parameters.number("$top")?.unwrap_or(20).min(100);
///     Ok(format!("{top} of {:?}", parameters.all("of").collect::<Vec<_>>()))
/// }
///
/// let app = Dialogue::new(MemoryStore::new(), Dialect::RFC_9110).serve(Router::new().route("/jars", get(list)));
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # use tower::ServiceExt;
/// # let ask = |uri| app.clone().oneshot(http::Request::get(uri).body(axum::body::Body::empty()).unwrap());
/// let jars = ask("/jars?%24top=500&of=plums&of=figs").await?;
/// assert_eq!(axum::body::to_bytes(jars.into_body(), 99).await?, r#"100 of ["plums", "figs"]"#);
/// assert_eq!(ask("/jars?$top=all").await?.status(), 400);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refused> {
        let query = Query::try_from_uri(&parts.uri);
        query.map(|Query(pairs)| Self(pairs)).map_err(|error| Refused::invalid(error.body_text()))
    }
}

impl Parameters {
    /// The first value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a parameter, in their order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All parameters and their values, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The number that a parameter has, where it stands in the query.
    ///
    /// # Errors
    /// [`RefusalKind::Invalid`](etag_core::RefusalKind::Invalid) for what is no such number.
    pub fn number<N: FromStr>(&self, name: &str) -> Result<Option<N>, Refused> {
        let Some(text) = self.get(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Refused::invalid(format!("{name} has {text:?}, which is no number")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn parameters(uri: &str) -> Result<Parameters, Refused> {
        let (mut parts, ()) = http::Request::get(uri).body(()).unwrap().into_parts();
        Parameters::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn names_and_values_are_decoded_and_may_repeat() {
        let parameters = parameters("/?%24top=7&a=x+y&a=%C3%A9&b").await.unwrap();
        assert_eq!(parameters.all("a").collect::<Vec<_>>(), ["x y", "é"]);
        assert_eq!((parameters.get("a"), parameters.get("b"), parameters.get("c")), (Some("x y"), Some(""), None));
        assert_eq!(parameters.number("$top").unwrap(), Some(7_u8));
        assert_eq!(parameters.iter().count(), 4);
    }

    #[tokio::test]
    async fn what_is_no_such_number_is_refused_by_name() {
        let parameters = parameters("/?top=-1").await.unwrap();
        assert_eq!(parameters.number::<u8>("top").unwrap_err().to_string(), "top has \"-1\", which is no number");
        assert_eq!(parameters.number::<u8>("skip").unwrap(), None);
    }

    #[tokio::test]
    async fn no_query_has_no_parameters() {
        assert_eq!(parameters("/").await.unwrap(), Parameters::default());
    }
}
