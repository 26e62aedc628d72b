//! Lists, page by page.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{FromRequestParts, Path, Query},
    response::{IntoResponse as _, Response},
};
use etag_axum::{Dialogue, Refused, Representation, RequestUrl};
use etag_core::{Cursor, RefusalKind, Scan, StoreExt as _};
use http::request::Parts;
use serde::Serialize;

use crate::{
    entity::Entity,
    id::PlannerId,
    model::{Plan, Task},
    rules::MyTasks,
    scene::Scene,
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
    scene: Scene,
    top: usize,
    after: Option<Cursor>,
    url: RequestUrl,
}

pub(crate) async fn my_tasks(page: PageRequest) -> Result<Response, Refused> {
    let limits = &page.scene.rules.limits;
    let (whose, me) = (limits.my_tasks, limits.me.clone());
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
    page.scene.exchange.fetch::<P>(&id).await?;
    let link = C::MODEL.links.iter().find(|link| (link.parent)().collection == P::MODEL.collection);
    let link = link.ok_or(RefusalKind::Internal)?;
    page.answer(all::<C>().under(link.name, P::key_of(&id)), |_: &C| true).await
}

fn all<T: Entity>() -> Scan {
    Scan::new(T::MODEL.collection, 1)
}

impl PageRequest {
    /// As many of what the scan finds as are asked for, and a link to the rest.
    async fn answer<T: Entity>(
        self,
        mut scan: Scan,
        is_wanted: impl Fn(&T) -> bool + Send + Sync,
    ) -> Result<Response, Refused> {
        scan.limit = self.top;
        let exchange = &self.scene.exchange;
        let page = exchange.store().list_wanted::<T>(&scan.after(self.after), |state| is_wanted(state)).await?;
        let value =
            page.items.iter().map(|state| exchange.represent(state, state.value())).collect::<Result<_, _>>()?;
        let context = format!("{}$metadata#Collection(microsoft.graph.{})", self.url.root(1), T::NAME);
        let next_link = page.next.map(|place| self.url.with_query("$skiptoken", place.0).to_string());
        Ok(Json(Collection { context, next_link, value }).into_response())
    }
}

impl FromRequestParts<Dialogue> for PageRequest {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, dialogue: &Dialogue) -> Result<Self, Refused> {
        let scene = Scene::from_request_parts(parts, dialogue).await?;
        let options: HashMap<String, String> =
            Query::try_from_uri(&parts.uri).map(|Query(options)| options).unwrap_or_default();
        let top = number(&options, "$top")?.map_or(scene.rules.limits.page_size.get(), |top: usize| top.clamp(1, MOST));
        let after = number(&options, "$skiptoken")?.map(Cursor);
        Ok(Self { scene, top, after, url: RequestUrl::of(parts) })
    }
}

fn number<N: std::str::FromStr>(options: &HashMap<String, String>, name: &str) -> Result<Option<N>, Refused> {
    let Some(text) = options.get(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Refused::invalid(format!("{name} has {text:?}, which is no number")))
}
