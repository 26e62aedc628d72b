//! What every handler knows of its request.

use axum::{
    Extension,
    extract::{FromRequestParts, Query},
};
use etag_axum::{Dialogue, Exchange, Refused};
use etag_core::{EntityTags, Field, Refusal, RefusalKind};
use http::{header::HOST, request::Parts};
use uuid::Uuid;

use crate::{
    annotations::Annotations, errors::concurrency_not_enabled, options::Options, switches::Switches, tables::Table,
};

/// The versions of the service, which answer alike.
const VERSIONS: [&str; 3] = ["v9.0", "v9.1", "v9.2"];

/// A request: its exchange, its options, and where it was sent.
pub(crate) struct Call {
    pub(crate) exchange: Exchange,
    pub(crate) options: Options,
    pub(crate) annotations: Option<Annotations>,
    root: String,
    switches: Switches,
}

impl FromRequestParts<Dialogue> for Call {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, dialogue: &Dialogue) -> Result<Self, Refused> {
        let Ok(exchange) = Exchange::from_request_parts(parts, dialogue).await;
        let query = Query::<Vec<(String, String)>>::from_request_parts(parts, dialogue).await;
        let Query(pairs) = query.map_err(|error| Refusal::new(RefusalKind::Invalid).saying(error.body_text()))?;
        let switches = Extension::<Switches>::from_request_parts(parts, dialogue).await;
        let Extension(switches) = switches.map_err(|_| RefusalKind::Internal)?;
        let annotations = Annotations::preferred(&exchange);
        Ok(Self { options: Options::of(&pairs)?, annotations, root: root(parts, &exchange)?, exchange, switches })
    }
}

impl Call {
    /// An absolute URL, of what stands below the service's root.
    pub(crate) fn url(&self, path: impl std::fmt::Display) -> String {
        format!("{}{path}", self.root)
    }

    /// The absolute URL of a row.
    pub(crate) fn url_of<T: Table>(&self, id: Uuid) -> String {
        self.url(format_args!("{}({id})", T::MODEL.collection))
    }

    /// Whether rows of the table can be compared by their versions.
    pub(crate) fn is_concurrency_enabled<T: Table>(&self) -> bool {
        self.switches.is_concurrency_enabled(T::LOGICAL_NAME)
    }

    /// # Errors
    /// Where `If-Match` names a version, of a table whose rows have none to compare.
    pub(crate) fn demand_comparable<T: Table>(&self) -> Result<(), Refused> {
        let names_version = matches!(self.exchange.conditions().if_match, Field::Valid(EntityTags::List(_)));
        if names_version && !self.is_concurrency_enabled::<T>() {
            return Err(concurrency_not_enabled(T::LOGICAL_NAME).into());
        }
        Ok(())
    }
}

/// `http://HOST/api/data/v9.2/`, as the client spelled it.
fn root(parts: &Parts, exchange: &Exchange) -> Result<String, Refused> {
    let uri = exchange.uri();
    let version = uri.path().split('/').nth(3).unwrap_or_default();
    if !VERSIONS.contains(&version) {
        return Err(RefusalKind::NotFound.into());
    }
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = uri.authority().map(http::uri::Authority::as_str).or(host).unwrap_or("localhost");
    Ok(format!("{}://{authority}/api/data/{version}/", uri.scheme_str().unwrap_or("http")))
}
