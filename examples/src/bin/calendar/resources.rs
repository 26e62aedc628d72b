//! Reading, replacing, patching and listing, which is the same for all resources.

use axum::{
    extract::{Path, State},
    response::Response,
};
use etag_axum::{Change, DialectJson, Exchange, Listed, Refused, Representation, Stored};
use etag_core::{Document, ETag, Head, RefusalKind, Scan, WriteKind};
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    dialect::ETAG,
    members::invalid,
    switches::{Count, Deleted, Switches},
    view::View,
};

/// A JSON object.
pub(crate) type Body = Map<String, Value>;

pub(crate) async fn read<V: View>(
    exchange: Exchange,
    State(switches): State<Switches>,
    Path(path): Path<V::Path>,
) -> Result<Response, Refused> {
    let state = exchange.fetch::<V::Row>(&V::key(path)?).await?;
    if V::HIDES_SOME || switches.deleted.deleted == Deleted::Gone {
        V::shown(state.clone().decode()?.value(), switches)?;
    }
    match exchange.not_modified(&state)? {
        Some(response) => Ok(response),
        None => answer::<V>(&exchange, &state),
    }
}

/// PUT, after which all of a resource is as the body says, or PATCH, after which what the body names is (RFC 7396).
pub(crate) async fn edit<V: View>(
    exchange: Exchange,
    State(switches): State<Switches>,
    Path(path): Path<V::Path>,
    method: Method,
    DialectJson(body): DialectJson<Body>,
) -> Result<Response, Refused> {
    let key = V::key(path)?;
    let mut write = exchange.write::<V::Row>(WriteKind::Update, &key);
    if let Some(etag) = tag_of(&exchange, switches, &body)? {
        write = write.naming(etag);
    }
    let done = write.run(|state| {
        let row = state.ok_or(RefusalKind::NotFound)?;
        let fields = V::shown(row, switches)?;
        let edited = if method == Method::PUT { V::MEMBERS.read(&body) } else { V::MEMBERS.merge(fields, &body) };
        Ok(Change::put(V::with(row, V::completed(edited?)?)))
    });
    answer::<V>(&exchange, done.await?.stored()?)
}

/// The tag in a body, where it is a condition.
fn tag_of(exchange: &Exchange, switches: Switches, body: &Body) -> Result<Option<ETag>, Refused> {
    let is_condition = switches.conditions.body_tag == Count::Compared && exchange.conditions().if_match.is_absent();
    let text = body.get(ETAG.name).and_then(Value::as_str).filter(|_| is_condition);
    text.map(|text| ETAG.read(text)).transpose().map_err(|_| invalid(ETAG.name))
}

/// The answer that shows a state.
pub(crate) fn answer<V: View>(exchange: &Exchange, state: &Stored<V::Row>) -> Result<Response, Refused> {
    exchange.answer(StatusCode::OK, state, V::represented(state)?)
}

/// Which page of a list is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PageQuery {
    max_results: Option<usize>,
    page_token: Option<String>,
    pub(crate) show_deleted: bool,
    pub(crate) show_hidden: bool,
}

/// The most and the usual number of items of a page.
const PAGE: (usize, usize) = (2500, 250);

impl PageQuery {
    pub(crate) fn scan<T: Document>(&self, exchange: &Exchange) -> Result<Scan, Refused> {
        exchange.scan::<T>(self.max_results.unwrap_or(PAGE.1).min(PAGE.0), self.page_token.as_deref())
    }
}

/// What a list says besides its items, and of which resources.
pub(crate) struct About<'a> {
    pub(crate) body: Body,
    pub(crate) beside: Vec<&'a Head>,
}

impl About<'_> {
    /// Nothing but what it is.
    pub(crate) fn kind(kind: &str) -> Self {
        Self { body: Body::from_iter([("kind".to_owned(), kind.into())]), beside: Vec::new() }
    }
}

/// A page of a list, of the rows that `shows` lets through.
pub(crate) async fn list<V: View>(
    exchange: Exchange,
    scan: &Scan,
    about: About<'_>,
    shows: impl Fn(&V::Row) -> bool,
) -> Result<Response, Refused> {
    let page = |page: Listed<V::Row>| {
        let mut items = Vec::with_capacity(page.items.len());
        for state in page.items {
            let row = state.clone().decode()?;
            if V::fields(&row).is_some() && shows(&row) {
                items.push(exchange.represent(&state, V::represented(&state)?)?);
            }
        }
        let body = Representation::new().with_all(&about.body)?.with_list("items", items)?;
        if let Some(next) = page.next { body.with("nextPageToken", &*next) } else { Ok(body) }
    };
    exchange.list(scan, &about.beside, page).await
}
