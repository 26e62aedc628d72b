//! Lists, page by page.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    extract::{FromRequestParts, Path, Query},
    response::{IntoResponse as _, Response},
};
use etag_axum::{Dialogue, Exchange, Refused, Representation};
use etag_core::{Cursor, RefusalKind, Scan, Snapshot, Store as _};
use http::{HeaderMap, Uri, header::HOST, request::Parts, uri::Authority};
use serde::Serialize;

use crate::{
    body::invalid,
    entity::Entity,
    id::PlannerId,
    model::{Plan, Task},
    rules::{MyTasks, Rules},
};

/// The most items on a page.
const MOST: usize = 1000;

#[derive(Serialize)]
struct Collection {
    #[serde(rename = "@odata.context")]
    context: String,
    #[serde(rename = "@odata.nextLink", skip_serializing_if = "Option::is_none")]
    next_link: Option<String>,
    value: Vec<Representation>,
}

/// A request for a page.
#[derive(Debug)]
pub(crate) struct PageRequest {
    exchange: Exchange,
    top: usize,
    after: Option<Cursor>,
    server: String,
    rules: Arc<Rules>,
}

pub(crate) async fn my_tasks(page: PageRequest) -> Result<Response, Refused> {
    let (whose, me) = (page.rules.my_tasks, page.rules.me.clone());
    page.answer(all::<Task>(), |task: &Task| whose == MyTasks::All || task.assignments.contains_key(&me)).await
}

pub(crate) async fn tasks_of_user(Path(user): Path<String>, page: PageRequest) -> Result<Response, Refused> {
    page.answer(all::<Task>(), |task: &Task| task.assignments.contains_key(&user)).await
}

pub(crate) async fn plans_of_group(Path(group): Path<String>, page: PageRequest) -> Result<Response, Refused> {
    page.answer(all::<Plan>(), |plan: &Plan| plan.owner == group).await
}

/// What a plan or a bucket has of a kind.
pub(crate) async fn children<P: Entity, C: Entity>(
    Path(id): Path<PlannerId>,
    page: PageRequest,
) -> Result<Response, Refused> {
    page.exchange.get::<P>(&id).await?;
    let link = C::MODEL.links.iter().find(|link| (link.parent)().collection == P::MODEL.collection);
    let link = link.ok_or(RefusalKind::Internal)?;
    page.answer(all::<C>().under(link.name, P::key_of(&id)), |_: &C| true).await
}

fn all<T: Entity>() -> Scan {
    Scan::new(T::MODEL.collection, 1)
}

impl PageRequest {
    /// As many of what the scan finds as are asked for, and a link to the rest.
    async fn answer<T: Entity>(self, mut scan: Scan, is_wanted: impl Fn(&T) -> bool) -> Result<Response, Refused> {
        let mut value = Vec::new();
        let mut place = self.after;
        loop {
            scan.limit = self.top - value.len();
            let page = self.exchange.store().scan(&scan.clone().after(place)).await?;
            for row in page.items {
                let state = Snapshot::<T>::from_row(row)?;
                if is_wanted(state.value()) {
                    value.push(self.exchange.represent(&state, state.value())?);
                }
            }
            place = page.next;
            if place.is_none() || value.len() == self.top {
                break;
            }
        }
        let context = format!("{}$metadata#Collection(microsoft.graph.{})", self.root(), T::NAME);
        let next_link = place.map(|place| self.link_to(place));
        Ok(Json(Collection { context, next_link, value }).into_response())
    }

    /// Where this version of the API is.
    fn root(&self) -> String {
        let version = self.exchange.uri().path().split('/').nth(1).unwrap_or_default();
        format!("{}/{version}/", self.server)
    }

    fn link_to(&self, place: Cursor) -> String {
        let path = self.exchange.uri().path();
        format!("{}{path}?$top={}&$skiptoken={}", self.server, self.top, place.0)
    }
}

impl FromRequestParts<Dialogue> for PageRequest {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, dialogue: &Dialogue) -> Result<Self, Refused> {
        let Ok(exchange) = Exchange::from_request_parts(parts, dialogue).await;
        let rules = parts.extensions.get::<Arc<Rules>>().cloned().ok_or(RefusalKind::Internal)?;
        let options: HashMap<String, String> =
            Query::try_from_uri(&parts.uri).map(|Query(options)| options).unwrap_or_default();
        let top = number(&options, "$top")?.map_or(rules.page_size.get(), |top: usize| top.clamp(1, MOST));
        let after = number(&options, "$skiptoken")?.map(Cursor);
        Ok(Self { exchange, top, after, server: server(&parts.headers, &parts.uri), rules })
    }
}

fn number<N: std::str::FromStr>(options: &HashMap<String, String>, name: &str) -> Result<Option<N>, Refused> {
    let Some(text) = options.get(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| invalid(format!("{name} has {text:?}, which is no number")))
}

/// The server as the client calls it.
fn server(headers: &HeaderMap, uri: &Uri) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(Authority::as_str)).unwrap_or_default();
    format!("http://{host}")
}
